//! Jobs that go well.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::json;
use tessera::{JobError, Registry};

use super::{Attempts, Desk, JOBS, SOON, probe, reporting};

#[tokio::test]
async fn a_job_runs_once_its_ticket_is_there_and_is_kept_as_completed() {
    let (desk, _) = Desk::new().await;
    let (registry, mut attempts) = probe();
    let worker = desk.worker("1", registry);
    let ticket = desk.client.new_ticket(json!({ "subject": "Moving" })).await;

    let attempt = attempts.next().await;
    assert_eq!((attempt.ticket(), attempt.job.attempt), (ticket, 1));
    assert_eq!(
        (&*attempt.job.subject.kind, &attempt.job.scope[..]),
        ("analyze_ticket", &["message".to_owned()][..])
    );
    attempt.completes();

    desk.until(JOBS, &format!("{ticket} completed 1")).await;
    assert_eq!(desk.texts("select state from job").await, [""; 0]);
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn another_process_hears_of_a_job_at_once() {
    let (desk, _) = Desk::new().await;
    let (registry, mut attempts) = probe();
    let worker = desk.worker("1", registry);
    let mut waits = Vec::new();
    for _ in 0..9 {
        let started = Instant::now();
        desk.client.new_ticket(json!({})).await;
        attempts.next().await.completes();
        waits.push(started.elapsed());
    }
    waits.sort();
    // Looking alone, once a second, would take half a second.
    assert!(waits[4] < Duration::from_millis(300), "{waits:?}");
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_request_while_the_job_runs_makes_the_next_one_and_joins_a_waiting_one() {
    let (desk, mut attempts) = Desk::new().await;
    let ticket = desk.client.new_ticket(json!({})).await;
    let again = async |mode: &str| {
        let change = json!([{ "id": ticket, "refreshMode": mode }]);
        assert_eq!(desk.client.patch("/api/mind/ticket", change).await.status, 200);
    };
    again("tags").await;

    let test = async {
        let first = attempts.next().await;
        assert_eq!(first.job.scope, ["message", "tags"]);
        again("customer").await;
        again("agents").await;
        assert_eq!(
            desk.texts(JOBS).await,
            [format!("{ticket} running 1"), format!("{ticket} available 0")],
            "one runs, one waits"
        );
        first.completes();
        let second = attempts.next().await;
        assert_eq!(second.job.scope, ["agents", "customer"]);
        second.completes();
    };
    let (ran, ()) = tokio::join!(desk.run(), test);
    assert_eq!(ran, 2);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn two_processes_side_by_side_run_every_job_once() {
    let (desk, _) = Desk::new().await;
    let (registry, mut reports) = reporting(Duration::ZERO);
    let workers = [desk.worker("2", registry.clone()), desk.worker("2", registry)];
    for first in [1, 1001, 2001] {
        desk.enqueue("background", first, 1000).await;
    }
    desk.until("select count(*)::text from job_history", "3000").await;
    let mut seen = HashSet::new();
    while let Ok(report) = reports.try_recv() {
        assert!(seen.insert(report), "{report:?} ran twice");
    }
    assert_eq!(seen.len(), 3000);
    for worker in workers {
        worker.running.stop().await;
    }
    assert_eq!(desk.texts("select distinct state || attempt from job_history").await, ["completed1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_snoozed_job_runs_when_its_time_has_come_and_has_lost_no_attempt() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let snooze = async { attempts.next().await.ends(Err(JobError::Snooze(Duration::from_hours(1)))) };
    assert_eq!(tokio::join!(desk.run(), snooze).0, 1);
    assert_eq!(desk.texts(JOBS).await, ["1 scheduled 0"]);
    desk.server.clock.advance(SignedDuration::from_mins(59));
    assert_eq!(desk.run().await, 0);
    desk.server.clock.advance(SignedDuration::from_mins(2));
    let (ran, ()) = tokio::join!(desk.run(), async { attempts.next().await.completes() });
    assert_eq!(ran, 1);
    assert_eq!(desk.texts(JOBS).await, ["1 completed 1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_kind_that_nobody_here_knows_is_left_alone() {
    let (desk, _) = Desk::new().await;
    let other = desk.worker("1", Registry::default().with("newer", async |_| unreachable!()));
    desk.enqueue("background", 1, 3).await;
    // The other process has looked when it has found a job of its own.
    desk.texts("update job set kind = 'newest' where ticket_id = 2 returning kind").await;
    assert_eq!(
        desk.server.running.run_jobs(Some("nobody")).await.unwrap_err().to_string(),
        "there is no such tenant"
    );
    let (registry, mut attempts) = probe();
    let worker = desk.worker("1", registry);
    for _ in 0..2 {
        attempts.next().await.completes();
    }
    desk.until("select count(*)::text from job_history", "2").await;
    assert_eq!(desk.texts("select ticket_id::text || state from job").await, ["2available"]);
    for server in [other, worker, desk.server] {
        server.running.stop().await;
    }
}

#[tokio::test]
async fn a_disabled_tenants_jobs_wait() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let (registry, mut others) = probe();
    let worker = desk.worker("1", registry);
    let first = others.next().await;
    desk.texts("update tenant set disabled_at = now() returning slug").await;
    desk.enqueue("background", 2, 2).await;
    first.completes();
    desk.until("select count(*)::text from job_history", "1").await;
    assert_eq!(desk.run().await, 0);
    assert!(others.none() && attempts.none());
    desk.texts("update tenant set disabled_at = null returning slug").await;
    for _ in 0..2 {
        others.next().await.completes();
    }
    desk.until("select count(*)::text from job_history", "3").await;
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn finished_jobs_are_forgotten_after_their_time() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 2).await;
    let answers = async |attempts: &mut Attempts| {
        for _ in 0..2 {
            attempts.next().await.completes();
        }
    };
    tokio::join!(desk.run(), answers(&mut attempts));
    // More than one batch of them, and some of another tenant.
    desk.texts(
        "insert into job_history select tenant_id, 1000000 + n, kind, ticket_id, scope, lane, state, attempt,
            max_attempts, scheduled_at, created_at, attempted_at, finalized_at - interval '2 hours', errors
         from job_history, generate_series(1, 2500) n where ticket_id = 1 returning 'x'",
    )
    .await;
    let count = "select count(*)::text from job_history";
    desk.server.clock.advance(SignedDuration::from_hours(23));
    assert!(desk.server.running.run_maintenance().await.unwrap());
    assert_eq!(desk.texts(count).await, ["2"]);
    desk.server.clock.advance(SignedDuration::from_hours(2));
    assert!(desk.server.running.run_maintenance().await.unwrap());
    assert_eq!(desk.texts(count).await, ["0"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_server_with_workers_is_ready_and_shows_how_the_queue_does() {
    let (desk, _) = Desk::new().await;
    let (registry, mut reports) = reporting(Duration::ZERO);
    let worker = desk.worker("2", registry);
    desk.enqueue("interactive", 1, 1).await;
    tokio::time::timeout(SOON, reports.recv()).await.unwrap().unwrap();
    desk.until("select count(*)::text from job_history", "1").await;
    let stranger = worker.stranger();
    let ready = stranger.get("/health/ready").await;
    assert_eq!((ready.status, &ready.body["parts"]["workers"]), (200, &json!("ok")));
    let metrics = stranger.get("/metrics").await.text;
    for metric in [
        "tessera_jobs_depth{lane=\"interactive\"}",
        "tessera_jobs_oldest_seconds{lane=\"background\"}",
        "tessera_jobs_run_seconds_count{kind=\"probe\"}",
        "tessera_jobs_attempts_total{kind=\"probe\"}",
    ] {
        assert!(metrics.contains(metric), "{metric}");
    }
    assert!(!metrics.lines().any(|line| line.starts_with("tessera_jobs") && line.contains("tenant")));
    worker.running.stop().await;
    desk.server.running.stop().await;
}

//! Who holds a job, and what becomes of it when they die or stop.

use std::time::Duration;

use jiff::SignedDuration;
use tessera::{Outcome, Registry};
use tokio::sync::mpsc;

use super::{Desk, JOBS, SOON, probe, texts};

/// More than a lease lasts.
const LAPSE: SignedDuration = SignedDuration::from_secs(60);

#[tokio::test]
async fn a_job_whose_worker_is_not_heard_of_runs_again_and_the_first_changes_nothing_any_more() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let (registry, mut dead) = probe();
    let worker = desk.worker("1", registry);
    let first = dead.next().await;
    assert_eq!(desk.run().await, 0, "it is held");

    desk.server.clock.advance(LAPSE);
    let test = async {
        let second = attempts.next().await;
        assert_eq!(second.job.attempt, 2);
        let lost = worker.running.complete(&first.job).await.unwrap_err().to_string();
        assert_eq!(lost, "somebody else has taken the job over");
        desk.server.running.complete(&second.job).await.unwrap();
        assert!(desk.server.running.complete(&second.job).await.is_err(), "once");
        second.ends(Ok(Outcome::Settled));
    };
    assert_eq!(tokio::join!(desk.run(), test).0, 1);
    first.completes();
    worker.running.stop().await;
    assert_eq!(desk.texts(JOBS).await, ["1 completed 2"]);
    let error = "select errors -> 0 ->> 'error' from job_history";
    assert_eq!(desk.texts(error).await, ["its worker was not heard of any more"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_job_whose_worker_dies_in_the_last_attempt_is_discarded() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let (registry, mut dead) = probe();
    let worker = desk.worker("1", registry);
    let first = dead.next().await;
    desk.texts("update job set max_attempts = 1 returning kind").await;
    desk.server.clock.advance(LAPSE);
    assert_eq!(desk.run().await, 0);
    assert!(attempts.none());
    assert_eq!(desk.texts(JOBS).await, ["1 discarded 1"]);
    first.completes();
    worker.running.stop().await;
    assert_eq!(desk.texts(JOBS).await, ["1 discarded 1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_worker_that_lives_keeps_its_job() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let (registry, mut others) = probe();
    let worker = desk.worker("1", registry);
    let held = others.next().await;
    let until = "select (leased_until - attempted_at > interval '15 seconds')::text from job";
    desk.until(until, "true").await;
    assert_eq!(desk.run().await, 0);
    assert!(attempts.none());
    held.completes();
    worker.running.stop().await;
    assert_eq!(desk.texts(JOBS).await, ["1 completed 1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_server_that_stops_lets_running_jobs_end_and_claims_no_more() {
    let (desk, _) = Desk::new().await;
    let (registry, mut attempts) = probe();
    let worker = desk.worker("2", registry);
    desk.enqueue("background", 1, 10).await;
    let running = [attempts.next().await, attempts.next().await];
    let stopping = tokio::spawn(worker.running.stop());
    // The first is answered only after the server has given back what it had not begun.
    desk.until("select count(*)::text from job where state = 'available' and attempt = 0", "8").await;
    for attempt in running {
        attempt.completes();
    }
    tokio::time::timeout(SOON, stopping).await.unwrap().unwrap();
    assert!(attempts.none());
    assert_eq!(desk.texts("select count(*)::text from job_history").await, ["2"]);
    assert_eq!(desk.texts("select distinct state from job").await, ["available"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_worker_with_a_long_job_does_not_keep_others_from_the_next_ones() {
    let (desk, _) = Desk::new().await;
    let (stuck, mut is_stuck) = mpsc::unbounded_channel();
    // Quick jobs first, so that it claims ahead.
    let registry = Registry::default().with("probe", move |job| {
        let stuck = stuck.clone();
        async move {
            if job.subject.ticket.0 == 1000 {
                stuck.send(()).unwrap();
                std::future::pending::<()>().await;
            }
            Ok(Outcome::Completed)
        }
    });
    let first = desk.worker("1", registry);
    desk.enqueue("background", 1, 1500).await;
    tokio::time::timeout(SOON, is_stuck.recv()).await.unwrap().unwrap();
    let second = desk.worker("1", Registry::default().with("probe", async |_| Ok(Outcome::Completed)));
    desk.until("select count(*)::text from job_history", "1499").await;
    assert_eq!(desk.texts("select ticket_id || state from job").await, ["1000running"]);
    second.running.stop().await;
    // It would wait half a minute for the one that never ends.
    let stopping = tokio::spawn(first.running.stop());
    assert!(tokio::time::timeout(Duration::from_millis(100), stopping).await.is_err());
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_process_says_that_it_is_alive_and_who_is_not_heard_of_is_forgotten() {
    let (desk, _) = Desk::new().await;
    let (registry, _attempts) = probe();
    let worker = desk.worker("1", registry);
    let alive = "select count(*)::text from worker where alive_until > now() - interval '15 seconds'";
    desk.until(alive, "2").await;
    desk.texts("insert into worker values ('dead', now() - interval '1 minute') returning name").await;
    desk.until("select count(*)::text from worker", "2").await;
    worker.running.stop().await;
    desk.until("select count(*)::text from worker", "1").await;
    let database = desk.database.clone();
    desk.server.running.stop().await;
    assert_eq!(texts(&database, "select count(*)::text from worker").await, ["0"]);
}

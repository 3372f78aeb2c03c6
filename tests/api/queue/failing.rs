//! Jobs that fail.

use std::time::Duration;

use jiff::SignedDuration;
use serde_json::json;
use tessera::{JobError, Outcome, Registry};

use super::{Answer, Attempts, Desk, JOBS, probe};

/// Runs what is due, once, with this end.
async fn run_once(desk: &Desk, attempts: &mut Attempts, answer: Answer) {
    let (ran, ()) = tokio::join!(desk.run(), async { attempts.next().await.ends(answer) });
    assert_eq!(ran, 1);
}

fn retry(error: &str) -> Answer {
    Err(JobError::Retry(error.into()))
}

#[tokio::test]
async fn a_failed_job_is_tried_again_later_and_discarded_after_its_last_attempt() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    run_once(&desk, &mut attempts, retry("the line is \0 busy")).await;
    assert_eq!(desk.texts(JOBS).await, ["1 retryable 1"]);
    let wait = desk
        .texts("select (extract(epoch from scheduled_at - attempted_at) * 1000)::int::text from job")
        .await;
    let wait: i64 = wait[0].parse().unwrap();
    assert!((750..2000).contains(&wait), "{wait}");
    assert_eq!(desk.run().await, 0, "not before its time");

    desk.server.clock.advance(SignedDuration::from_secs(3));
    run_once(&desk, &mut attempts, retry("still busy")).await;
    assert_eq!(desk.texts(JOBS).await, ["1 discarded 2"]);
    let errors = desk
        .texts("select e ->> 'attempt' || (e ->> 'error') from job_history, jsonb_array_elements(errors) e")
        .await;
    assert_eq!(errors, ["1the line is  busy", "2still busy"]);
    desk.server.clock.advance(SignedDuration::from_hours(2));
    assert_eq!(desk.run().await, 0);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_job_that_cannot_succeed_is_discarded_at_once() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    run_once(&desk, &mut attempts, Err(JobError::Discard("no such ticket".into()))).await;
    assert_eq!(desk.texts(JOBS).await, ["1 discarded 1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_panic_is_a_failed_attempt_and_the_worker_lives() {
    let (desk, _) = Desk::new().await;
    let registry = Registry::default().with("probe", async |job| {
        assert!(job.subject.ticket.0 != 1, "ticket {} is too much", job.subject.ticket);
        Ok(Outcome::Completed)
    });
    let worker = desk.worker("1", registry);
    desk.enqueue("background", 1, 5).await;
    desk.until("select count(*)::text from job_history", "4").await;
    let failed = "select ticket_id || ' ' || (errors -> 0 ->> 'error') from job";
    desk.until(failed, "1 it panicked: ticket 1 is too much").await;
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_waiting_job_takes_up_what_a_failed_one_for_the_same_was_to_do() {
    let (desk, mut attempts) = Desk::new().await;
    let ticket = desk.client.new_ticket(json!({})).await;
    let test = async {
        let first = attempts.next().await;
        let change = json!([{ "id": ticket, "refreshMode": "tags" }]);
        assert_eq!(desk.client.patch("/api/mind/ticket", change).await.status, 200);
        first.ends(retry("broken"));
        let second = attempts.next().await;
        assert_eq!(
            (&second.job.scope[..], second.job.attempt),
            (&["message".to_owned(), "tags".to_owned()][..], 1)
        );
        second.completes();
    };
    let (ran, ()) = tokio::join!(desk.run(), test);
    assert_eq!(ran, 2);
    assert_eq!(desk.texts(JOBS).await, [format!("{ticket} completed 1")]);
    assert_eq!(desk.texts("select errors -> 0 ->> 'error' from job_history").await, ["broken"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn jobs_for_the_same_that_fail_together_become_one() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let (registry, mut others) = probe();
    let worker = desk.worker("2", registry);
    let first = others.next().await;
    desk.enqueue("background", 1, 1).await;
    let second = others.next().await;
    first.ends(retry("one"));
    second.ends(retry("two"));
    desk.until("select string_agg(state || ' ' || jsonb_array_length(errors), ',') from job", "retryable 2")
        .await;
    worker.running.stop().await;
    desk.server.clock.advance(SignedDuration::from_secs(60));
    run_once(&desk, &mut attempts, Ok(Outcome::Completed)).await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_storm_of_requests_while_jobs_fail_loses_none() {
    let (desk, _) = Desk::new().await;
    let tickets = [desk.client.new_ticket(json!({})).await, desk.client.new_ticket(json!({})).await];
    let registry = Registry::default().with("analyze_ticket", async |job| {
        if job.attempt == 1 { Err(JobError::Snooze(Duration::ZERO)) } else { Ok(Outcome::Completed) }
    });
    let worker = desk.worker("4", registry);
    for _ in 0..50 {
        let change = json!(tickets.map(|id| json!({ "id": id, "refreshMode": "tags" })));
        assert_eq!(desk.client.patch("/api/mind/ticket", change).await.status, 200);
    }
    // Every attempt is snoozed and counts for nothing, so that they go on until somebody stops them.
    let counts = "select string_agg(ticket_id || ':' || waiting, ' ' order by ticket_id) from (
        select ticket_id, least(count(*), 1) as waiting from job group by ticket_id) j";
    desk.until(counts, &format!("{}:1 {}:1", tickets[0], tickets[1])).await;
    worker.running.stop().await;
    let (registry, mut attempts) = probe();
    let last = desk.worker("1", registry);
    for _ in tickets {
        let attempt = attempts.next().await;
        assert_eq!(attempt.job.scope, ["message", "tags"]);
        attempt.completes();
    }
    desk.until("select count(*)::text from job", "0").await;
    last.running.stop().await;
    desk.server.running.stop().await;
}

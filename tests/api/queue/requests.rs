//! Jobs that a request runs, or waits for.

use std::time::Duration;

use tessera::JobError;

use super::{Desk, JOBS, probe};

#[tokio::test]
async fn a_request_runs_the_job_that_waits_whenever_it_is_due() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    desk.texts("update job set scheduled_at = now() + interval '1 day', state = 'scheduled' returning kind")
        .await;
    let running = &desk.server.running;
    let slug = &*desk.client.tenant;
    let (completed, ()) =
        tokio::join!(running.run_job(slug, "probe", 1), async { attempts.next().await.completes() });
    assert_eq!(completed.unwrap(), Some(true));
    assert_eq!(desk.texts(JOBS).await, ["1 completed 1"]);
    assert_eq!(running.run_job(slug, "probe", 1).await.unwrap(), None, "there is none any more");
    assert!(attempts.none());
    desk.server.running.stop().await;
}

#[tokio::test]
async fn two_requests_at_once_run_the_job_once_and_see_the_same_end() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 2).await;
    let running = &desk.server.running;
    let slug = &*desk.client.tenant;
    let (one, two, ()) =
        tokio::join!(running.run_job(slug, "probe", 1), running.run_job(slug, "probe", 1), async {
            attempts.next().await.completes();
        });
    let mut ends = [one.unwrap(), two.unwrap()];
    ends.sort();
    assert!(matches!(ends, [None | Some(true), Some(true)]), "who comes late finds it done: {ends:?}");
    let (failed, ()) = tokio::join!(running.run_job(slug, "probe", 2), async {
        attempts.next().await.ends(Err(JobError::Retry("no".into())));
    });
    assert_eq!(failed.unwrap(), Some(false));
    assert!(attempts.none());
    assert_eq!(desk.texts(JOBS).await, ["1 completed 1", "2 retryable 1"]);
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_request_waits_for_the_job_that_another_process_runs() {
    let (desk, mut attempts) = Desk::new().await;
    let (registry, mut others) = probe();
    let worker = desk.worker("1", registry);
    desk.enqueue("background", 1, 1).await;
    let attempt = others.next().await;
    let slug = &*desk.client.tenant;
    let before = desk.server.queue_statements().len();
    let mut waiting = Box::pin(desk.server.running.run_job(slug, "probe", 1));
    let looks_again = async {
        // Is there a waiting job, is there a running one, is it over.
        while desk.server.queue_statements().len() < before + 3 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        _ = &mut waiting => panic!("it does not wait"),
        () = looks_again => {}
    }
    attempt.completes();
    assert_eq!(waiting.await.unwrap(), Some(true));
    assert!(attempts.none());
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn a_job_goes_on_where_the_request_does_not_wait_for_it() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 1).await;
    let slug = &*desk.client.tenant;
    let attempt = {
        let mut waiting = Box::pin(desk.server.running.run_job(slug, "probe", 1));
        tokio::select! {
            _ = &mut waiting => panic!("nobody has answered"),
            attempt = attempts.next() => attempt,
        }
    };
    attempt.completes();
    desk.until(JOBS, "1 completed 1").await;
    desk.server.running.stop().await;
}

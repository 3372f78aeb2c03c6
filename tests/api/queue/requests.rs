//! Jobs that a request runs, or waits for.

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
    assert!(completed.unwrap());
    assert_eq!(desk.texts(JOBS).await, ["1 completed 1"]);
    assert!(!running.run_job(slug, "probe", 1).await.unwrap(), "there is none any more");
    assert!(attempts.none());
    desk.server.running.stop().await;
}

#[tokio::test]
async fn two_requests_at_once_run_the_job_once_and_see_the_same_end() {
    let (desk, mut attempts) = Desk::new().await;
    desk.enqueue("background", 1, 2).await;
    let running = &desk.server.running;
    let slug = &*desk.client.tenant;
    for (ticket, completes) in [(1, true), (2, false)] {
        let (one, two, ()) = tokio::join!(
            running.run_job(slug, "probe", ticket),
            running.run_job(slug, "probe", ticket),
            async {
                let attempt = attempts.next().await;
                if completes { attempt.completes() } else { attempt.ends(Err(JobError::Retry("no".into()))) }
            }
        );
        assert_eq!((one.unwrap(), two.unwrap()), (completes, completes));
    }
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
    let mut waiting = Box::pin(desk.server.running.run_job(slug, "probe", 1));
    tokio::select! {
        biased;
        _ = &mut waiting => panic!("it does not wait"),
        () = desk.until("select state from job", "running") => {}
    }
    attempt.completes();
    assert!(waiting.await.unwrap());
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

//! Who comes first.

use std::time::{Duration, Instant};

use super::{Desk, SOON, enqueue, reporting, tenant};

#[tokio::test]
async fn a_tenant_with_a_hundred_thousand_jobs_does_not_keep_another_waiting() {
    let (desk, _) = Desk::new().await;
    let other = desk.server.new_tenant().await;
    let other = tenant(&desk.database, &other).await;
    desk.enqueue("background", 1, 100_000).await;
    let (registry, mut reports) = reporting(Duration::from_millis(5));
    let worker = desk.worker("2", registry);
    assert_eq!(reports.recv().await.unwrap().0, desk.tenant);
    let started = Instant::now();
    enqueue(&desk.database, other, "background", 1, 1).await;
    loop {
        let (tenant, _) = tokio::time::timeout(SOON, reports.recv()).await.unwrap().unwrap();
        if tenant == other {
            break;
        }
    }
    // Nobody told of it: it was found by looking.
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
    worker.running.stop().await;
    desk.server.running.stop().await;
}

#[tokio::test]
async fn urgent_lanes_come_first_and_no_lane_starves() {
    let (desk, _) = Desk::new().await;
    desk.enqueue("maintenance", 1, 20).await;
    desk.enqueue("background", 101, 20).await;
    desk.enqueue("interactive", 201, 200).await;
    // Slow enough to be claimed one by one.
    let (registry, mut reports) = reporting(Duration::from_millis(15));
    let worker = desk.worker("1", registry);
    let mut order = Vec::new();
    while order.len() < 240 {
        order.push(tokio::time::timeout(SOON, reports.recv()).await.unwrap().unwrap().1);
    }
    worker.running.stop().await;
    let lane = |ticket: &i64| ticket / 100;
    let early = &order[..80];
    let urgent = early.iter().filter(|ticket| lane(ticket) == 2).count();
    let slow = early.iter().filter(|ticket| lane(ticket) == 0).count();
    assert!(urgent >= 60, "{urgent} of the first 80 are interactive");
    assert!(slow >= 5, "{slow} of the first 80 are maintenance");
    desk.server.running.stop().await;
}

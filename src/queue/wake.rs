//! Learning that there is work: told by this process at once, by others through NOTIFY, and by looking.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Inner, lock};
use crate::db::queue::{self, Alarm, Listener};
use crate::domain::job::Lane;
use crate::domain::word::Word;
use crate::error::Error;

/// Other processes are told at most this often.
const TELL: Duration = Duration::from_millis(10);
/// Before connecting again after the listening connection failed.
const RECONNECT: Duration = Duration::from_secs(1);
/// How often the table is looked through, and the least often where that is expensive.
const LOOK: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(10));
/// How often waiting jobs are counted, and the least often where that is expensive.
const MEASURE: (Duration, Duration) = (Duration::from_secs(15), Duration::from_mins(5));
/// The share of the time that looking may take: one part in so many.
const SHARE: u32 = 20;

/// Tells of the jobs that this process commits, until the queue has ended.
pub async fn tell(inner: Arc<Inner>) {
    let mut untold = HashMap::new();
    let mut next = tokio::time::Instant::now();
    loop {
        tokio::select! {
            biased;
            alarms = inner.db.enqueued().take() => {
                inner.wake(&alarms);
                for alarm in alarms {
                    let from = untold.entry((alarm.tenant, alarm.lane)).or_insert(alarm.from);
                    *from = alarm.from.min(*from);
                }
            }
            () = tokio::time::sleep_until(next), if !untold.is_empty() => {
                let alarms = untold.drain().map(|((tenant, lane), from)| Alarm { tenant, lane, from });
                notify(&inner, alarms.collect()).await;
                next = tokio::time::Instant::now() + TELL;
            }
            () = inner.ended.cancelled() => break,
        }
    }
    let left = untold.drain().map(|((tenant, lane), from)| Alarm { tenant, lane, from });
    let left: Vec<Alarm> = left.chain(inner.db.enqueued().take_now()).collect();
    if !left.is_empty() {
        notify(&inner, left).await;
    }
}

async fn notify(inner: &Inner, alarms: Vec<Alarm>) {
    if let Err(error) = queue::notify(&inner.db, &inner.name, &alarms).await {
        tracing::debug!(%error, "other processes are not told of jobs and find them by looking");
    }
}

/// Hears other processes, until the queue is closed.
pub async fn listen(inner: Arc<Inner>) {
    let hear = async {
        loop {
            let Err(error) = hear(&inner).await;
            tracing::warn!(%error, "other processes are not heard: their jobs are found by looking");
            tokio::time::sleep(RECONNECT).await;
        }
    };
    tokio::select! {
        () = inner.closed.cancelled() => {}
        () = hear => {}
    }
}

async fn hear(inner: &Inner) -> Result<std::convert::Infallible, Error> {
    let mut listener = Listener::open(&inner.db).await?;
    loop {
        inner.wake(&listener.next(&inner.name).await?);
    }
}

/// Looks whose jobs are due, until the queue is closed: those that nobody told of, that are tried again, whose
/// time has come, that somebody gave back, or that were committed behind where claiming is.
pub async fn look(inner: Arc<Inner>) {
    loop {
        let started = Instant::now();
        let kinds = inner.registry().kinds();
        match queue::due(&inner.db, &kinds, inner.clock.now()).await {
            Ok(found) => {
                let mut active = lock(&inner.active);
                for due in &found {
                    active.found(due);
                }
                drop(active);
                inner.hurry.notify_one();
            }
            Err(error) => tracing::warn!(%error, "jobs cannot be looked for and are tried again"),
        }
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = tokio::time::sleep(pause(started.elapsed(), LOOK.0, LOOK.1)) => {}
        }
    }
}

/// Counts the jobs that are due, until the queue is closed.
pub async fn measure(inner: Arc<Inner>) {
    loop {
        let started = Instant::now();
        let now = inner.clock.now();
        match queue::depth(&inner.db, now).await {
            Ok(depths) => {
                for lane in Lane::ALL {
                    let depth = depths.iter().find(|(of, ..)| of == lane);
                    let count = depth.map_or(0, |(_, count, _)| u32::try_from(*count).unwrap_or(u32::MAX));
                    let oldest = depth.map_or(0.0, |(.., oldest)| oldest.duration_until(now).as_secs_f64());
                    metrics::gauge!("tessera_jobs_depth", "lane" => lane.as_str()).set(count);
                    metrics::gauge!("tessera_jobs_oldest_seconds", "lane" => lane.as_str()).set(oldest);
                }
            }
            Err(error) => tracing::debug!(%error, "jobs cannot be counted"),
        }
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = tokio::time::sleep(pause(started.elapsed(), MEASURE.0, MEASURE.1)) => {}
        }
    }
}

/// How long to rest after something that took so long, so that it does not take much of the time.
pub fn pause(took: Duration, least: Duration, most: Duration) -> Duration {
    (took * SHARE).clamp(least, most)
}

impl Inner {
    fn wake(&self, alarms: &[Alarm]) {
        let now = self.clock.now();
        let mut active = lock(&self.active);
        for alarm in alarms {
            active.wake(alarm, now);
        }
        drop(active);
        self.hurry.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_expensive_is_done_less_often() {
        let (least, most) = LOOK;
        assert_eq!(pause(Duration::from_millis(1), least, most), least);
        assert_eq!(pause(Duration::from_millis(300), least, most), Duration::from_secs(6));
        assert_eq!(pause(Duration::from_secs(9), least, most), most);
    }
}

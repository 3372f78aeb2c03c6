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
/// Looking for what nobody told of.
const LOOK: Rhythm = Rhythm { least: Duration::from_secs(1), most: Duration::from_secs(10), share: 20 };
/// Doing so from the beginning.
const WHOLE: Rhythm = Rhythm { least: Duration::from_secs(5), most: Duration::from_hours(1), share: 100 };
/// Counting the waiting jobs.
const MEASURE: Rhythm = Rhythm { least: Duration::from_secs(15), most: Duration::from_mins(5), share: 20 };

/// How often something is done that may be expensive.
#[derive(Debug, Clone, Copy)]
pub struct Rhythm {
    /// The shortest rest.
    pub least: Duration,
    /// The longest.
    pub most: Duration,
    /// Between the two, it takes one part of the time in so many.
    pub share: u32,
}

impl Rhythm {
    /// How long to rest after it took so long.
    pub fn rest(&self, took: Duration) -> Duration {
        (took * self.share).clamp(self.least, self.most)
    }
}

/// Tells of the jobs that this process commits, until the queue has ended.
pub async fn tell(inner: Arc<Inner>) {
    let mut untold = HashMap::new();
    let mut next = tokio::time::Instant::now();
    loop {
        tokio::select! {
            biased;
            // Where nobody works but others, who are told later anyway, a commit need not wake this, which costs
            // another thread's sleep as often as not.
            alarms = inner.db.enqueued().take(), if inner.workers > 0 || untold.is_empty() => {
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
/// time has come, that somebody gave back, or that were committed behind where claiming is. Mostly from where the
/// last look has shown that nothing waits before, since the index keeps what has ended for as long as anybody's
/// snapshot is older; now and then, and at first, from the beginning.
pub async fn look(inner: Arc<Inner>) {
    let mut whole = Instant::now();
    let mut measure = Instant::now();
    loop {
        let started = Instant::now();
        let is_whole = started >= whole;
        let kinds = inner.registry().kinds();
        let places = if is_whole { Vec::new() } else { lock(&inner.active).known() };
        let began = inner.clock.now();
        match queue::due(&inner.db, &kinds, &places, began).await {
            Ok(found) => {
                let mut active = lock(&inner.active);
                if is_whole && LOOK.rest(started.elapsed()) == LOOK.least {
                    active.forget_places();
                }
                active.looked(&places, &found, began);
                drop(active);
                inner.hurry.notify_one();
            }
            Err(error) => tracing::warn!(%error, "jobs cannot be looked for and are tried again"),
        }
        let mut rest = LOOK.rest(started.elapsed());
        if is_whole {
            whole = Instant::now() + WHOLE.rest(started.elapsed());
            rest = LOOK.least;
        }
        let looked = Instant::now();
        if looked >= measure {
            count(&inner).await;
            measure = Instant::now() + MEASURE.rest(looked.elapsed());
        }
        tokio::select! {
            () = inner.closed.cancelled() => return,
            () = tokio::time::sleep(rest) => {}
        }
    }
}

/// Counts the jobs that are due in the lanes in which a look has found any, or somebody told of some.
async fn count(inner: &Inner) {
    let now = inner.clock.now();
    let places = lock(&inner.active).known();
    match queue::depth(&inner.db, &places, now).await {
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
        assert_eq!(LOOK.rest(Duration::from_millis(1)), LOOK.least);
        assert_eq!(LOOK.rest(Duration::from_millis(300)), Duration::from_secs(6));
        assert_eq!(LOOK.rest(Duration::from_secs(9)), LOOK.most);
    }
}

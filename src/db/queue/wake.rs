//! Telling workers that there is work: those of this process at once, those of others by NOTIFY. Nothing here
//! has to arrive: who misses it finds the job by looking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;
use sqlx::postgres::PgListener;
use tokio::sync::Notify;

use crate::db::{Db, count_statement};
use crate::domain::id::TenantId;
use crate::domain::job::Lane;
use crate::domain::word::Word;
use crate::error::Error;

const CHANNEL: &str = "tessera_jobs";
/// A notification is shorter than 8000 bytes (PostgreSQL's limit).
const ALARMS_PER_NOTIFICATION: usize = 100;

/// Jobs came into a tenant's lane, the earliest of them due at `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    pub tenant: TenantId,
    pub lane: Lane,
    pub from: Timestamp,
}

/// What this process has enqueued and not yet told anybody. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Enqueued(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    alarms: Mutex<HashMap<(TenantId, Lane), Timestamp>>,
    arrived: Notify,
}

impl Enqueued {
    /// Notes that jobs were committed.
    pub fn post(&self, alarm: Alarm) {
        let mut alarms = self.0.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        let from = alarms.entry((alarm.tenant, alarm.lane)).or_insert(alarm.from);
        *from = alarm.from.min(*from);
        drop(alarms);
        self.0.arrived.notify_one();
    }

    /// Waits until there is something, and takes it all. For one reader.
    pub async fn take(&self) -> Vec<Alarm> {
        loop {
            let taken = self.take_now();
            if !taken.is_empty() {
                return taken;
            }
            self.0.arrived.notified().await;
        }
    }

    /// Takes what there is.
    pub fn take_now(&self) -> Vec<Alarm> {
        let mut alarms = self.0.alarms.lock().unwrap_or_else(PoisonError::into_inner);
        alarms.drain().map(|((tenant, lane), from)| Alarm { tenant, lane, from }).collect()
    }
}

/// Tells the other processes. `sender` names this one, so that it does not hear itself.
pub async fn notify(db: &Db, sender: &str, alarms: &[Alarm]) -> Result<(), Error> {
    let payloads: Vec<String> =
        alarms.chunks(ALARMS_PER_NOTIFICATION).map(|alarms| write(sender, alarms)).collect();
    let mut connection = db.queue().await?;
    count_statement();
    sqlx::query_scalar!(
        r#"
        select pg_notify($1, payload)::text as "done"
        from (select set_config('synchronous_commit', 'off', true)) as unhurried
        cross join unnest($2::text[]) as p (payload)
        "#,
        CHANNEL,
        &payloads,
    )
    .fetch_all(&mut *connection)
    .await?;
    Ok(())
}

/// Hears the other processes, on a connection of its own.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Connects.
    pub async fn open(db: &Db) -> Result<Self, Error> {
        let mut listener = PgListener::connect_with(&db.listen).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// Waits for the next notification of another process than `own`; connects again where the connection is
    /// lost. Errors where that fails.
    pub async fn next(&mut self, own: &str) -> Result<Vec<Alarm>, Error> {
        loop {
            let heard = self.0.recv().await?;
            if let Some(alarms) = read(heard.payload(), own) {
                return Ok(alarms);
            }
        }
    }
}

/// `SENDER TENANT/LANE/MICROSECONDS …`
fn write(sender: &str, alarms: &[Alarm]) -> String {
    alarms.iter().fold(sender.to_owned(), |text, alarm| {
        format!("{text} {}/{}/{}", alarm.tenant, alarm.lane.as_str(), alarm.from.as_microsecond())
    })
}

/// `None` where it is our own. What cannot be read, perhaps a newer version's, is left out.
fn read(payload: &str, own: &str) -> Option<Vec<Alarm>> {
    let mut words = payload.split(' ');
    if words.next() == Some(own) {
        return None;
    }
    let alarm = |word: &str| {
        let mut parts = word.split('/');
        let tenant = TenantId(parts.next()?.parse().ok()?);
        let lane = Lane::parse(parts.next()?)?;
        let from = Timestamp::from_microsecond(parts.next()?.parse().ok()?).ok()?;
        Some(Alarm { tenant, lane, from })
    };
    Some(words.filter_map(alarm).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notification_is_read_as_it_was_written_and_fits() {
        let alarm = Alarm { tenant: TenantId(i64::MAX), lane: Lane::Maintenance, from: Timestamp::MIN };
        let alarms = [alarm; ALARMS_PER_NOTIFICATION];
        let text = write("0123456789abcdef0123456789abcdef", &alarms);
        assert!(text.len() < 8000, "{}", text.len());
        assert_eq!(read(&text, "other").unwrap()[99], alarm);
        assert_eq!(read(&text, "0123456789abcdef0123456789abcdef"), None);
        assert_eq!(read("other 1/unheard/2 x 3/background/5", "own").unwrap().len(), 1);
    }

    #[test]
    fn what_is_posted_twice_is_taken_once_with_the_earlier_time() {
        let enqueued = Enqueued::default();
        let at = |second| Timestamp::from_second(second).unwrap();
        let alarm = |second| Alarm { tenant: TenantId(1), lane: Lane::Background, from: at(second) };
        for second in [5, 3, 4] {
            enqueued.post(alarm(second));
        }
        assert_eq!(enqueued.take_now(), [alarm(3)]);
        assert_eq!(enqueued.take_now(), []);
    }
}

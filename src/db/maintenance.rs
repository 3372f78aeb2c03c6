//! When maintenance last ran, for every process on this database.

use jiff::Timestamp;

use super::{Db, count_statement, time};
use crate::error::Error;

/// Claims a task's next run: true for the one process that may run it now, because nobody ran it since
/// `not_since`.
pub async fn claim(db: &Db, task: &str, not_since: Timestamp, now: Timestamp) -> Result<bool, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let claimed = sqlx::query_scalar!(
        r#"
        insert into maintenance (task, last_ran_at) values ($1, $3)
        on conflict (task) do update set last_ran_at = excluded.last_ran_at
        where maintenance.last_ran_at <= $2
        returning 1 as "one!"
        "#,
        task,
        time::bind(not_since),
        time::bind(now),
    )
    .fetch_optional(&mut *connection)
    .await?;
    Ok(claimed.is_some())
}

/// When the task last ran; `None` where it never did.
pub async fn last_ran(db: &Db, task: &str) -> Result<Option<Timestamp>, Error> {
    let mut connection = db.system().await?;
    count_statement();
    let at = sqlx::query_scalar!("select last_ran_at from maintenance where task = $1", task)
        .fetch_optional(&mut *connection)
        .await?;
    Ok(at.map(time::read))
}

//! One connection, and what is open in it.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::time::sleep;

/// How long a connection is used: what the server caches for it grows.
const MAX_AGE: Duration = Duration::from_mins(30);
/// How long one reader after another goes on in the same transaction: whoever wants to change a table waits for
/// its end.
const SHARED: Duration = Duration::from_millis(50);
/// The first pause before a server that is only just starting is asked again, doubled each time.
const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// A connection that knows what is open in it.
pub struct Session {
    connection: PgConnection,
    open: Open,
    made_at: Instant,
    rests_since: Instant,
}

/// What is open in a connection, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Open {
    Nothing,
    /// A transaction whose statements are all over.
    Transaction(Begun),
    /// A statement, perhaps; with the transaction that it is in, if it is in one.
    Statement(Option<Begun>),
}

/// What began a transaction, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Begun {
    batch: Arc<str>,
    at: Instant,
}

impl Session {
    /// Connects. A server that does not accept any connection yet is asked again until the caller's patience ends.
    pub async fn open(options: &PgConnectOptions, setup: &str) -> Result<Self, sqlx::Error> {
        let mut pause = FIRST_PAUSE;
        loop {
            match PgConnection::connect_with(options).await {
                Ok(mut connection) => {
                    connection.execute(AssertSqlSafe(setup)).await?;
                    let now = Instant::now();
                    return Ok(Self { connection, open: Open::Nothing, made_at: now, rests_since: now });
                }
                Err(error) if is_starting(&error) => sleep(pause).await,
                Err(error) => return Err(error),
            }
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }

    /// The connection, to look at.
    pub fn connection(&self) -> &PgConnection {
        &self.connection
    }

    /// The connection for a statement, which counts as open from now on.
    pub fn use_connection(&mut self) -> &mut PgConnection {
        self.open = match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => Open::Statement(None),
            Open::Transaction(begun) => Open::Statement(Some(begun)),
            statement @ Open::Statement(_) => statement,
        };
        &mut self.connection
    }

    /// Whether nothing is open.
    pub fn is_clean(&self) -> bool {
        self.open == Open::Nothing
    }

    /// Whether a statement may be open.
    pub fn is_unsettled(&self) -> bool {
        matches!(self.open, Open::Statement(_))
    }

    /// The transaction's statements are over, by the word of who made them.
    pub fn rest_in_transaction(&mut self) {
        if let Open::Statement(begun) = &mut self.open
            && let Some(begun) = begun.take()
        {
            self.open = Open::Transaction(begun);
        }
    }

    /// Rests from now on.
    pub fn rested(self) -> Self {
        Self { rests_since: Instant::now(), ..self }
    }

    /// Returns `None` where it is too old, or has rested for long and no longer answers.
    pub async fn tested(mut self, trusted: Duration) -> Option<Self> {
        if self.made_at.elapsed() > MAX_AGE {
            self.close().await;
            return None;
        }
        if self.is_clean() && self.rests_since.elapsed() >= trusted {
            self.connection.ping().await.ok()?;
        }
        Some(self)
    }

    /// Comes into a transaction that `batch` begins: the one that is open, where it is such a one, or a new one.
    pub async fn enter(&mut self, batch: &Arc<str>) -> Result<(), sqlx::Error> {
        let sql = match &self.open {
            Open::Transaction(begun) if begun.batch == *batch && begun.at.elapsed() < SHARED => return Ok(()),
            Open::Nothing => batch.to_string(),
            _ => format!("rollback; {batch}"),
        };
        self.begin(sql, batch.clone()).await
    }

    /// Commits and, where `next` is given, begins with it in the same round trip.
    pub async fn commit(&mut self, next: Option<Arc<str>>) -> Result<(), sqlx::Error> {
        if let Some(next) = next {
            return self.begin(format!("commit; {next}"), next).await;
        }
        self.use_connection().execute("commit").await?;
        self.open = Open::Nothing;
        Ok(())
    }

    /// Waits for what is under way, and rolls back.
    pub async fn leave(&mut self) -> Result<(), sqlx::Error> {
        match &self.open {
            Open::Nothing => return Ok(()),
            Open::Statement(None) => self.connection.ping().await?,
            Open::Transaction(_) | Open::Statement(Some(_)) => {
                self.use_connection().execute("rollback").await?;
            }
        }
        self.open = Open::Nothing;
        Ok(())
    }

    /// Says goodbye; the connection is gone whatever that comes to.
    pub async fn close(self) {
        drop(self.connection.close().await);
    }

    async fn begin(&mut self, sql: String, batch: Arc<str>) -> Result<(), sqlx::Error> {
        let begun = Begun { batch, at: Instant::now() };
        self.open = Open::Statement(Some(begun.clone()));
        self.connection.execute(AssertSqlSafe(sql)).await?;
        self.open = Open::Transaction(begun);
        Ok(())
    }
}

fn is_starting(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(error) => error.kind() == ErrorKind::ConnectionRefused,
        // too_many_connections, as when another process has not quite gone, and cannot_connect_now
        sqlx::Error::Database(error) => error.code().is_some_and(|code| ["53300", "57P03"].contains(&&*code)),
        _ => false,
    }
}

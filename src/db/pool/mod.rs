//! Connections of one role, each lent to one borrower at a time.
//!
//! A connection is given on without a round trip of its own wherever it is certain what is open in it: nothing
//! after a commit, or a transaction that was only read in. To a borrower who waits it comes in the transaction
//! that they want: a commit begins it in the same round trip, and readers of one tenant go on in each other's.
//! Whatever else may be open, such as a statement whose caller has gone, is ended by a task before the connection
//! is lent again.

mod session;

use std::collections::VecDeque;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use self::session::Session;

/// How connections are made and kept.
#[derive(Clone)]
pub struct PoolSettings {
    pub options: PgConnectOptions,
    /// What a new connection runs first.
    pub setup: String,
    /// The most connections at a time.
    pub size: u32,
    /// How long a borrower waits for a connection.
    pub acquire: Duration,
    /// How long a connection may rest before it is tested ahead of its next use.
    pub trusted: Duration,
    /// How long a statement that nobody waits for any more may go on before its connection is given up.
    pub drain: Duration,
}

/// A shared pool; clones are the same one.
#[derive(Clone)]
pub struct Pool(Arc<Inner>);

/// A borrowed connection. It goes back when it is dropped.
pub struct Lent {
    /// `None` only while it goes back.
    pool: Option<Arc<Inner>>,
    /// `None` is the right to open a connection.
    session: Option<Session>,
}

impl Pool {
    /// Prepares the pool; connects when first used.
    pub fn new(settings: PoolSettings) -> Self {
        Self(Arc::new(Inner { settings, state: Mutex::default(), returned: Notify::new() }))
    }

    /// A connection outside a transaction.
    pub async fn acquire(&self) -> Result<Lent, sqlx::Error> {
        let mut lent = self.lend(None).await?;
        if let Some(session) = &mut lent.session {
            session.leave().await?;
        }
        Ok(lent)
    }

    /// A connection in the transaction that `batch` begins. A connection on which it fails is not lent again.
    pub async fn begin(&self, batch: &Arc<str>) -> Result<Lent, sqlx::Error> {
        let mut lent = self.lend(Some(batch)).await?;
        if let Some(session) = &mut lent.session
            && let Err(error) = session.enter(batch).await
        {
            lent.session = None;
            return Err(error);
        }
        Ok(lent)
    }

    /// How many connections there are, those on their way included.
    pub fn size(&self) -> u32 {
        self.0.state().open
    }

    /// Lends no more, waits until every connection is given back, and closes them.
    pub async fn close(&self) {
        {
            let mut state = self.0.state();
            state.is_closed = true;
            state.waiting.clear();
        }
        loop {
            let sessions = std::mem::take(&mut self.0.state().idle);
            for session in sessions {
                session.close().await;
                self.0.state().open -= 1;
            }
            if self.size() == 0 {
                return;
            }
            self.0.returned.notified().await;
        }
    }

    async fn lend(&self, batch: Option<&Arc<str>>) -> Result<Lent, sqlx::Error> {
        let settings = &self.0.settings;
        let ready = async {
            let mut lent = self.0.turn(batch).await?;
            let fit = match lent.session.take() {
                Some(session) => session.tested(settings.trusted).await,
                None => None,
            };
            lent.session = Some(match fit {
                Some(session) => session,
                // Seldom, and in a box, so that not every request carries its space along.
                None => Box::pin(Session::open(&settings.options, &settings.setup)).await?,
            });
            Ok(lent)
        };
        timeout(settings.acquire, ready).await.unwrap_or_else(|_| {
            self.0.state().waiting.retain(|waiting| !waiting.turn.is_closed());
            Err(sqlx::Error::PoolTimedOut)
        })
    }
}

impl Lent {
    /// Commits the transaction and, in the same round trip, begins the one that whoever waits longest wants.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        let next = self.pool.as_ref().and_then(|pool| pool.wanted());
        match &mut self.session {
            Some(session) => session.commit(next).await,
            None => Ok(()),
        }
    }

    /// Gives the connection back at once: its transaction has changed nothing, and its last statement is over.
    pub fn done(mut self) {
        if let Some(session) = &mut self.session {
            session.rest_in_transaction();
        }
    }
}

impl Deref for Lent {
    type Target = PgConnection;

    #[expect(clippy::expect_used, reason = "a connection is lent only with its session, until it is dropped")]
    fn deref(&self) -> &PgConnection {
        self.session.as_ref().expect("a lent connection").connection()
    }
}

impl DerefMut for Lent {
    #[expect(clippy::expect_used, reason = "a connection is lent only with its session, until it is dropped")]
    fn deref_mut(&mut self) -> &mut PgConnection {
        self.session.as_mut().expect("a lent connection").use_connection()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let Some(pool) = self.pool.take() else { return };
        let session = self.session.take();
        let left = match session {
            Some(session) if session.is_unsettled() => Some(session),
            session => pool.pass_on(session),
        };
        let Some(mut session) = left else { return };
        let Ok(runtime) = Handle::try_current() else {
            pool.pass_on(None);
            return;
        };
        // Until it is fit again, its place is held by a borrower without it.
        let mut place = Self { pool: Some(pool.clone()), session: None };
        runtime.spawn(async move {
            place.session = match timeout(pool.settings.drain, session.leave()).await {
                Ok(Ok(())) => Some(session),
                Ok(Err(error)) => {
                    tracing::debug!(%error, "a connection was given up");
                    None
                }
                Err(_) => {
                    tracing::warn!("a connection was given up: its statement does not end");
                    None
                }
            };
            drop(place);
        });
    }
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("size", &self.size()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Lent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lent").finish_non_exhaustive()
    }
}

struct Inner {
    settings: PoolSettings,
    state: Mutex<State>,
    /// Rings for every connection that is given back after the pool was closed.
    returned: Notify,
}

#[derive(Default)]
struct State {
    /// The last one given back comes first, so that under little load the others rest.
    idle: Vec<Session>,
    /// Who has waited longest comes first.
    waiting: VecDeque<Waiting>,
    /// How many connections there are, those on their way included.
    open: u32,
    is_closed: bool,
}

struct Waiting {
    turn: oneshot::Sender<Lent>,
    /// What begins the transaction that is wanted; `None` where none is.
    batch: Option<Arc<str>>,
}

impl Inner {
    fn state(&self) -> MutexGuard<'_, State> {
        // No code that holds the lock can leave the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection that rests, or the right to open one, as soon as there is one.
    async fn turn(self: &Arc<Self>, batch: Option<&Arc<str>>) -> Result<Lent, sqlx::Error> {
        let turn = {
            let mut state = self.state();
            if state.is_closed {
                return Err(sqlx::Error::PoolClosed);
            }
            let session = state.idle.pop();
            if session.is_some() || state.open < self.settings.size {
                state.open += u32::from(session.is_none());
                return Ok(Lent { pool: Some(self.clone()), session });
            }
            let (sender, turn) = oneshot::channel();
            state.waiting.push_back(Waiting { turn: sender, batch: batch.cloned() });
            turn
        };
        turn.await.map_err(|_| sqlx::Error::PoolClosed)
    }

    /// What begins the transaction of who has waited longest.
    fn wanted(&self) -> Option<Arc<str>> {
        let state = self.state();
        state.waiting.iter().find(|waiting| !waiting.turn.is_closed())?.batch.clone()
    }

    /// Gives a connection, or with `None` the right to open one, to who has waited longest. Where nobody
    /// waits it is kept; one with something open in it is returned.
    fn pass_on(self: &Arc<Self>, session: Option<Session>) -> Option<Session> {
        let mut lent = Lent { pool: Some(self.clone()), session };
        loop {
            let waiting = {
                let mut state = self.state();
                let Some(waiting) = state.waiting.pop_front() else {
                    lent.pool = None;
                    match lent.session.take() {
                        Some(session) if !session.is_clean() => return Some(session),
                        Some(session) => state.idle.push(session.rested()),
                        None => state.open -= 1,
                    }
                    if state.is_closed {
                        self.returned.notify_one();
                    }
                    return None;
                };
                waiting
            };
            match waiting.turn.send(lent) {
                Ok(()) => return None,
                // Whoever waited has gone.
                Err(back) => lent = back,
            }
        }
    }
}

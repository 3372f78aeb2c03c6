//! A circuit breaker: an endpoint that keeps failing is left alone for a while.

use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How many failures in a row open it.
const FAILURES: u32 = 5;
/// How long it stays open before one attempt is let through.
const REST: Duration = Duration::from_secs(30);

/// Lets attempts through until too many in a row have failed.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    /// When the next attempt is let through; `None` while closed.
    opens_at: Option<Instant>,
}

impl Breaker {
    /// Whether an attempt may be made. The one that tries an open breaker holds the others off.
    pub fn lets_through(&self, now: Instant) -> bool {
        let mut state = self.state();
        match state.opens_at {
            Some(at) if now < at => false,
            Some(_) => {
                state.opens_at = Some(now + REST);
                true
            }
            None => true,
        }
    }

    /// The endpoint answered.
    pub fn succeeded(&self) {
        *self.state() = State::default();
    }

    /// The endpoint failed.
    pub fn failed(&self, now: Instant) {
        let mut state = self.state();
        state.failures += 1;
        if state.failures >= FAILURES {
            state.opens_at = Some(now + REST);
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing that holds the lock can panic.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_failures_in_a_row_open_it_and_one_success_closes_it() {
        let breaker = Breaker::default();
        let now = Instant::now();
        for _ in 0..FAILURES {
            assert!(breaker.lets_through(now));
            breaker.failed(now);
        }
        assert!(!breaker.lets_through(now));
        assert!(breaker.lets_through(now + REST), "one attempt is let through after a rest");
        assert!(!breaker.lets_through(now + REST), "and only one");
        breaker.succeeded();
        assert!(breaker.lets_through(now + REST));
    }

    #[test]
    fn failures_that_are_not_in_a_row_do_not_count() {
        let breaker = Breaker::default();
        let now = Instant::now();
        for _ in 0..3 * FAILURES {
            breaker.failed(now);
            breaker.succeeded();
        }
        assert!(breaker.lets_through(now));
    }
}

//! How long a failed job waits.

use std::time::Duration;

/// After the first failure.
const FIRST: Duration = Duration::from_secs(1);
/// Each wait beside the one before.
const FACTOR: u32 = 4;
/// The longest.
const LONGEST: Duration = Duration::from_hours(1);

/// The wait after this attempt (1 for the first): 1 s, 4 s, 16 s … up to an hour, a quarter more or less, as
/// `random`, from 0 to 1, has it, so that jobs that failed together do not come back together.
pub fn delay(attempt: i32, random: f64) -> Duration {
    let steps = u32::try_from(attempt.saturating_sub(1)).unwrap_or(0);
    let factor = FACTOR.saturating_pow(steps);
    FIRST.saturating_mul(factor).min(LONGEST).mul_f64(0.75 + random.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_grows_by_four_up_to_an_hour() {
        let middle: Vec<u64> = (1..=8).map(|attempt| delay(attempt, 0.5).as_secs()).collect();
        assert_eq!(middle, [1, 4, 16, 64, 256, 1024, 3600, 3600]);
    }

    proptest! {
        #[test]
        fn any_attempt_waits_within_a_quarter_of_its_time(attempt: i32, random: f64) {
            let wait = delay(attempt, random);
            prop_assert!(wait >= Duration::from_millis(750) && wait <= LONGEST.mul_f64(1.25));
            let middle = delay(attempt, 0.5);
            prop_assert!(wait >= middle.mul_f64(0.74) && wait <= middle.mul_f64(1.26));
        }
    }
}

//! Whose jobs are claimed next: fair among tenants, urgent lanes first, none starving.

use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::db::queue::{Alarm, Claimed, Cursor, Due, Known, Share};
use crate::domain::id::TenantId;
use crate::domain::job::Lane;
use crate::domain::word::Word;

/// Every so many claims start with the slowest lane.
const RESERVED: u64 = 8;
/// An alarm for later than this is left to the regular look. Clocks of other machines may be a little ahead.
const AHEAD: SignedDuration = SignedDuration::from_secs(1);

/// How long ago a job may have been due that is committed only now, or by a clock that is behind.
const LATE: SignedDuration = SignedDuration::from_secs(5);

/// The tenants that may have jobs due, by lane.
#[derive(Debug, Default)]
pub struct Active {
    lanes: HashMap<Lane, LaneSet>,
    claims: u64,
}

#[derive(Debug, Default)]
struct LaneSet {
    /// Whose turn it is comes first; without those whose claim is under way.
    turns: VecDeque<TenantId>,
    places: HashMap<TenantId, Place>,
    /// What lies before has ended or was claimed, as far as anybody has said or looked.
    seen: HashMap<TenantId, Timestamp>,
}

#[derive(Debug)]
struct Place {
    /// What lies before has been claimed.
    cursor: Cursor,
    /// Where jobs appeared since the claim under way began.
    since: Option<Cursor>,
}

/// A claim to be made.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    pub lane: Lane,
    pub shares: Vec<Share>,
}

impl Active {
    /// Somebody says that jobs came.
    pub fn wake(&mut self, alarm: &Alarm, now: Timestamp) {
        if alarm.from <= now + AHEAD {
            self.rewind(alarm.tenant, alarm.lane, Cursor::before(alarm.from));
        }
    }

    /// Where a look need not begin at the beginning.
    pub fn known(&self) -> Vec<Known> {
        let lanes = self.lanes.iter().flat_map(|(lane, set)| set.seen.iter().map(|seen| (*lane, seen)));
        lanes.map(|(lane, (tenant, at))| Known { tenant: *tenant, lane, from: from(*at) }).collect()
    }

    /// A look at the table that began at this instant, at these places (none: from the beginning), found these jobs.
    pub fn looked(&mut self, places: &[Known], found: &[Due], began: Timestamp) {
        for place in places {
            let seen = self.lanes.get_mut(&place.lane).and_then(|set| set.seen.get_mut(&place.tenant));
            // Unless somebody has told of earlier ones meanwhile.
            if let Some(seen) = seen.filter(|seen| from(**seen) == place.from) {
                *seen = began;
            }
        }
        for due in found {
            self.rewind(due.tenant, due.lane, due.before);
        }
    }

    /// Looks may begin at the beginning: they cost nothing.
    pub fn forget_places(&mut self) {
        for set in self.lanes.values_mut() {
            set.seen.clear();
        }
    }

    fn rewind(&mut self, tenant: TenantId, lane: Lane, to: Cursor) {
        let set = self.lanes.entry(lane).or_default();
        let seen = set.seen.entry(tenant).or_insert(to.at);
        *seen = to.at.min(*seen);
        let place = set.places.entry(tenant).or_insert_with(|| {
            set.turns.push_back(tenant);
            Place { cursor: to, since: None }
        });
        place.cursor = place.cursor.min(to);
        place.since = Some(place.since.map_or(to, |since| since.min(to)));
    }

    /// The next claim of at most `limit` jobs; `None` where nobody has any.
    pub fn plan(&mut self, limit: usize, now: Timestamp) -> Option<Plan> {
        let ready = |lane: &Lane| self.lanes.get(lane).is_some_and(|set| set.is_ready(now));
        let mut lanes: Vec<Lane> = Lane::ALL.iter().copied().filter(ready).collect();
        if (self.claims + 1).is_multiple_of(RESERVED) {
            lanes.sort_by_key(|lane| Reverse(*lane));
        }
        let lane = *lanes.first()?;
        let set = self.lanes.get_mut(&lane)?;
        let shares = set.shares(limit, now);
        if shares.is_empty() {
            return None;
        }
        self.claims += 1;
        Some(Plan { lane, shares })
    }

    /// What came of a claim: who had fewer jobs than their share is left out until the next alarm or look.
    pub fn claimed(&mut self, plan: &Plan, jobs: &[Claimed]) {
        let Some(set) = self.lanes.get_mut(&plan.lane) else { return };
        let mut last: HashMap<TenantId, (usize, Cursor)> = HashMap::new();
        for job in jobs {
            let cursor = Cursor { at: job.scheduled_at, id: job.lease.job.0 };
            let seen = last.entry(job.lease.tenant).or_insert((0, cursor));
            *seen = (seen.0 + 1, seen.1.max(cursor));
        }
        for share in &plan.shares {
            let Some(place) = set.places.get_mut(&share.tenant) else { continue };
            let full = last.get(&share.tenant).filter(|(count, _)| *count >= share.limit);
            match (full, place.since) {
                (Some((_, cursor)), Some(since)) => place.cursor = since.min(*cursor),
                (Some((_, cursor)), None) => place.cursor = *cursor,
                (None, Some(since)) => place.cursor = since,
                (None, None) => {
                    set.places.remove(&share.tenant);
                    continue;
                }
            }
            set.turns.push_back(share.tenant);
        }
    }

    /// The claim could not be made.
    pub fn failed(&mut self, plan: &Plan) {
        if let Some(set) = self.lanes.get_mut(&plan.lane) {
            set.turns.extend(plan.shares.iter().map(|share| share.tenant));
        }
    }

    /// How long until jobs that are announced for a moment from now are due; `None` where there are none such.
    pub fn next(&self, now: Timestamp) -> Option<Duration> {
        let places = self.lanes.values().flat_map(|set| set.places.values());
        let first = places.map(|place| place.cursor.at).filter(|at| *at > now).min()?;
        Some(now.duration_until(first).unsigned_abs())
    }
}

impl LaneSet {
    fn is_ready(&self, now: Timestamp) -> bool {
        self.places.values().any(|place| place.cursor.at <= now)
    }

    /// As many tenants as there are jobs to claim, each in turn, and to each an equal share.
    fn shares(&mut self, limit: usize, now: Timestamp) -> Vec<Share> {
        let mut chosen = Vec::new();
        for _ in 0..self.turns.len() {
            if chosen.len() == limit {
                break;
            }
            let Some(tenant) = self.turns.pop_front() else { break };
            match self.places.get_mut(&tenant) {
                Some(place) if place.cursor.at <= now => {
                    place.since = None;
                    chosen.push(Share { tenant, after: place.cursor, limit: 0 });
                }
                _ => self.turns.push_back(tenant),
            }
        }
        let count = chosen.len();
        for (at, share) in chosen.iter_mut().enumerate() {
            share.limit = limit / count + usize::from(at < limit % count);
        }
        chosen
    }
}

/// Where a look begins that need not see what was due before this instant.
fn from(seen: Timestamp) -> Timestamp {
    seen.checked_sub(LATE).unwrap_or(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::queue::{JobId, Lease, Subject};
    use crate::domain::id::TicketId;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn alarm(tenant: i64, lane: Lane, second: i64) -> Alarm {
        Alarm { tenant: TenantId(tenant), lane, from: at(second) }
    }

    fn due(tenant: i64, second: i64) -> Due {
        Due { tenant: TenantId(tenant), lane: Lane::Background, before: Cursor::before(at(second)) }
    }

    fn known(tenant: i64, second: i64) -> Known {
        Known { tenant: TenantId(tenant), lane: Lane::Background, from: at(second) }
    }

    /// As if every tenant had more jobs than anybody asks for, due at this second.
    fn full(plan: &Plan, second: i64) -> Vec<Claimed> {
        let jobs = plan.shares.iter().flat_map(|share| (1..=share.limit).map(|id| (share.tenant, id)));
        let claimed = |(tenant, id): (TenantId, usize)| Claimed {
            lease: Lease::of_test(tenant, JobId(i64::try_from(id).unwrap())),
            subject: Subject { tenant, kind: "k".into(), ticket: TicketId(1) },
            scope: Vec::new(),
            lane: plan.lane,
            attempt: 1,
            max_attempts: 1,
            scheduled_at: at(second),
            created_at: at(second),
        };
        jobs.map(claimed).collect()
    }

    fn tenants(plan: &Plan) -> Vec<(i64, usize)> {
        plan.shares.iter().map(|share| (share.tenant.0, share.limit)).collect()
    }

    #[test]
    fn every_tenant_gets_an_equal_share_and_its_turn() {
        let mut active = Active::default();
        for tenant in 1..=3 {
            active.wake(&alarm(tenant, Lane::Background, 0), at(1));
        }
        let mut seen = Vec::new();
        for _ in 0..3 {
            let plan = active.plan(2, at(1)).unwrap();
            seen.extend(tenants(&plan));
            active.claimed(&plan, &full(&plan, 1));
        }
        assert_eq!(seen, [(1, 1), (2, 1), (3, 1), (1, 1), (2, 1), (3, 1)]);
        assert_eq!(tenants(&active.plan(8, at(1)).unwrap()), [(1, 3), (2, 3), (3, 2)]);
    }

    #[test]
    fn who_has_nothing_is_left_out_until_somebody_says_otherwise() {
        let mut active = Active::default();
        active.wake(&alarm(1, Lane::Background, 0), at(1));
        let plan = active.plan(5, at(1)).unwrap();
        active.claimed(&plan, &[]);
        assert_eq!(active.plan(5, at(1)), None);
        active.looked(&[], &[due(1, 0)], at(1));
        assert!(active.plan(5, at(1)).is_some());
    }

    #[test]
    fn a_look_begins_where_the_last_one_found_the_first_job_or_began_itself() {
        let mut active = Active::default();
        assert_eq!(active.known(), []);
        active.wake(&alarm(1, Lane::Background, 100), at(100));
        assert_eq!(active.known(), [known(1, 95)]);
        active.looked(&[known(1, 95)], &[], at(200));
        assert_eq!(active.known(), [known(1, 195)]);
        active.looked(&[known(1, 195)], &[due(1, 250)], at(300));
        assert_eq!(active.known(), [known(1, 245)]);
        // What is said while a look is under way, or found by one from the beginning, is not forgotten.
        active.wake(&alarm(1, Lane::Background, 150), at(300));
        active.looked(&[known(1, 245)], &[], at(400));
        assert_eq!(active.known(), [known(1, 145)]);
        active.looked(&[], &[due(1, 50)], at(400));
        assert_eq!(active.known(), [known(1, 45)]);
        active.looked(&[], &[due(2, 500)], at(500));
        let mut all = active.known();
        all.sort_unstable_by_key(|known| known.tenant);
        assert_eq!(all, [known(1, 45), known(2, 495)]);
        active.forget_places();
        assert_eq!(active.known(), []);
    }

    #[test]
    fn a_claim_goes_on_where_the_last_one_ended_unless_jobs_came_before() {
        let mut active = Active::default();
        active.wake(&alarm(1, Lane::Background, 0), at(9));
        let plan = active.plan(2, at(9)).unwrap();
        active.claimed(&plan, &full(&plan, 5));
        let plan = active.plan(2, at(9)).unwrap();
        assert_eq!(plan.shares[0].after, Cursor { at: at(5), id: 2 });
        // While the claim is under way, and after it.
        active.wake(&alarm(1, Lane::Background, 4), at(9));
        active.claimed(&plan, &full(&plan, 6));
        let plan = active.plan(2, at(9)).unwrap();
        assert_eq!(plan.shares[0].after, Cursor::before(at(4)));
        active.claimed(&plan, &full(&plan, 6));
        active.wake(&alarm(1, Lane::Background, 3), at(9));
        let plan = active.plan(2, at(9)).unwrap();
        assert_eq!(plan.shares[0].after, Cursor::before(at(3)));
        // Nor is an alarm lost where the claim under way finds nothing, or fails.
        active.wake(&alarm(1, Lane::Background, 7), at(9));
        active.claimed(&plan, &[]);
        let plan = active.plan(2, at(9)).unwrap();
        assert_eq!(plan.shares[0].after, Cursor::before(at(7)));
        active.failed(&plan);
        assert_eq!(active.plan(2, at(9)), Some(plan));
    }

    #[test]
    fn urgent_lanes_come_first_and_the_slowest_gets_every_eighth_claim() {
        let mut active = Active::default();
        for lane in Lane::ALL {
            active.wake(&alarm(1, *lane, 0), at(1));
        }
        let mut lanes = Vec::new();
        for _ in 0..16 {
            let plan = active.plan(1, at(1)).unwrap();
            lanes.push(plan.lane);
            active.claimed(&plan, &full(&plan, 1));
        }
        let slow: Vec<usize> = (0..16).filter(|at| lanes[*at] == Lane::Maintenance).collect();
        assert_eq!(slow, [7, 15]);
        assert!(!lanes.contains(&Lane::Background));
    }

    #[test]
    fn a_clock_that_is_a_little_ahead_delays_a_job_and_does_not_lose_it() {
        let mut active = Active::default();
        active.wake(&alarm(1, Lane::Background, 2), at(1));
        active.wake(&alarm(2, Lane::Background, 9), at(1));
        assert_eq!(active.plan(5, at(1)), None);
        assert_eq!(active.next(at(1)), Some(Duration::from_secs(1)));
        assert_eq!(tenants(&active.plan(5, at(2)).unwrap()), [(1, 5)]);
    }
}

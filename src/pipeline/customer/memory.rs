//! A directory in memory, for evaluation and tests.

use std::collections::{BTreeSet, HashMap};

use super::clues::MAX_PER_KEY;
use super::keys::{contract_keys, customer_keys};
use crate::domain::directory::{Entry, Key};

/// Customers that are found by the very keys that the database stores.
#[derive(Debug, Default)]
pub struct MemoryDirectory {
    entries: Vec<Entry>,
    places: HashMap<Key, Vec<usize>>,
}

impl MemoryDirectory {
    pub fn new(entries: Vec<Entry>) -> Self {
        let mut places: HashMap<Key, Vec<usize>> = HashMap::new();
        for (place, entry) in entries.iter().enumerate() {
            let contracts = entry.contracts.iter().flat_map(contract_keys);
            for key in customer_keys(entry).into_iter().chain(contracts) {
                places.entry(key).or_default().push(place);
            }
        }
        Self { entries, places }
    }

    /// Every customer that any of these keys finds, once; at most [`MAX_PER_KEY`] for each.
    pub fn find(&self, keys: &[Key]) -> Vec<Entry> {
        let places: BTreeSet<usize> = keys
            .iter()
            .filter_map(|key| self.places.get(key))
            .flat_map(|places| places.iter().take(MAX_PER_KEY))
            .copied()
            .collect();
        places.into_iter().filter_map(|place| self.entries.get(place)).cloned().collect()
    }
}

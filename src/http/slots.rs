//! How many uploads are under way, so that slow ones leave room for others.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::id::TenantId;

/// The uploads under way.
#[derive(Debug, Clone)]
pub struct Slots {
    taken: Arc<Mutex<HashMap<TenantId, usize>>>,
    most: usize,
}

/// One upload's place; dropped when it ends.
#[derive(Debug)]
pub struct Slot {
    slots: Slots,
    tenant: TenantId,
}

impl Slots {
    /// So many at once.
    pub fn new(most: usize) -> Self {
        Self { taken: Arc::default(), most }
    }

    /// A place; `None` where all are taken, or half of them by this tenant.
    pub fn take(&self, tenant: TenantId) -> Option<Slot> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let (own, all) = (taken.get(&tenant).copied().unwrap_or_default(), taken.values().sum::<usize>());
        if all >= self.most || own >= self.most.div_ceil(2) {
            return None;
        }
        taken.insert(tenant, own + 1);
        Some(Slot { slots: self.clone(), tenant })
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut taken = self.slots.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.tenant) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                taken.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_at_most_half_of_the_places() {
        let slots = Slots::new(4);
        let first = [slots.take(TenantId(1)), slots.take(TenantId(1))];
        assert!(first.iter().all(Option::is_some) && slots.take(TenantId(1)).is_none());
        let second = [slots.take(TenantId(2)), slots.take(TenantId(2))];
        assert!(second.iter().all(Option::is_some) && slots.take(TenantId(3)).is_none());
        drop(first);
        assert!(slots.take(TenantId(3)).is_some() && slots.take(TenantId(1)).is_some());
    }
}

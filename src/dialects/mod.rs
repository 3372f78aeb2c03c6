//! Wire ⇄ domain. None knows another.

pub mod livedesk;
pub mod mind;
pub mod socialboards;

//! Wire ⇄ domain. None knows another.

pub mod mind;

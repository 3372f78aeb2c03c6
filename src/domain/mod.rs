//! What a ticket is and which rules hold. Pure: no async, SQL, HTTP, JSON or clock.

pub mod activity;
pub mod agent;
pub mod ai_agent;
pub mod analysis;
pub mod attachment;
pub mod business_hours;
pub mod change;
pub mod credential;
pub mod customer;
pub mod detection;
pub mod directory;
pub mod due;
pub mod fault;
pub mod id;
pub mod intent;
pub mod job;
pub mod mail;
pub mod patch;
pub mod settings;
pub mod subchannel;
pub mod tag;
pub mod ticket;
pub mod upload;
pub mod word;
pub mod zone;

//! The LiveDesk ticket API.

mod auth;

//! The SocialBoards ticket API.

mod auth;

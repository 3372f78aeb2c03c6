//! Subchannels on the Mind wire: `/settings/subchannel`.

pub mod create;
pub mod list;

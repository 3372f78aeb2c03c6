//! Teams on the Mind wire: `/team`.

pub mod create;
pub mod list;

//! A mailbox, line, chat or form through which tickets come.

use crate::domain::id::SubchannelId;
use crate::domain::word::words;

words! {
    /// The channels that have subchannels.
    SubchannelKind("channel") {
        Email = "email",
        Chat = "chat",
        Phone = "phone",
        Letter = "letter",
        Portal = "portal",
    }
}

/// A subchannel of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subchannel {
    pub id: SubchannelId,
    pub kind: SubchannelKind,
    pub name: String,
    pub is_default: bool,
    pub enabled: bool,
    /// Free text of the client that made it; `None` where it said nothing.
    pub status: Option<String>,
    /// Its configuration, a JSON object.
    pub data: String,
}

/// A subchannel that does not exist yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSubchannel {
    pub kind: SubchannelKind,
    pub name: String,
    pub status: Option<String>,
    pub is_default: bool,
}

//! Ids as types, so that a ticket's id cannot stand where a tag's belongs.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A tenant. Comes from a verified credential or a row, never from a request.
    TenantId;
    /// A ticket; one sequence for all tenants, below 2^53.
    TicketId;
    /// A person who works on tickets.
    AgentId;
    /// A tag.
    TagId;
    /// A mailbox, line or chat through which tickets come.
    SubchannelId;
    /// A person outside who writes.
    ContactId;
    /// A group of people who work on tickets.
    TeamId;
    /// A message, or a note, of a ticket.
    MessageId;
}

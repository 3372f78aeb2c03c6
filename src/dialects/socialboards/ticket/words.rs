//! The words of this dialect for what the core calls otherwise.

use crate::domain::patch::StatusWish;
use crate::domain::ticket::{Channel, Status};
use crate::domain::word::words;

words! {
    /// Where a ticket stands.
    WireStatus("status") {
        Open = "open",
        /// Ended by no clock.
        Pending = "pending",
        Completed = "completed",
    }
    /// How a ticket came.
    Source("source") {
        Email = "email",
        Web = "web",
        Phone = "phone",
        Letter = "letter",
        /// Made by a back end.
        System = "system",
        Chat = "chat",
        Visit = "visit",
    }
    /// The orders of a list.
    Order("order") {
        LastThreadActivity = "last_thread_activity_desc",
    }
}

impl WireStatus {
    /// The word for a status.
    pub fn of(status: Status) -> Self {
        match status {
            Status::Open => Self::Open,
            Status::Pending => Self::Pending,
            Status::Closed => Self::Completed,
        }
    }

    /// The status that it stands for.
    pub fn status(self) -> Status {
        self.wish().status()
    }

    /// What asking for it comes to.
    pub fn wish(self) -> StatusWish {
        match self {
            Self::Open => StatusWish::Open,
            Self::Pending => StatusWish::Waiting,
            Self::Completed => StatusWish::Closed,
        }
    }
}

impl Source {
    /// The word for a channel.
    pub fn of(channel: Channel) -> Self {
        match channel {
            Channel::Email => Self::Email,
            Channel::Portal => Self::Web,
            Channel::Phone => Self::Phone,
            Channel::Letter => Self::Letter,
            Channel::System => Self::System,
            Channel::Chat => Self::Chat,
            Channel::WalkIn => Self::Visit,
        }
    }

    /// The channel that it stands for.
    pub fn channel(self) -> Channel {
        match self {
            Self::Email => Channel::Email,
            Self::Web => Channel::Portal,
            Self::Phone => Channel::Phone,
            Self::Letter => Channel::Letter,
            Self::System => Channel::System,
            Self::Chat => Channel::Chat,
            Self::Visit => Channel::WalkIn,
        }
    }

    /// The same in more detail.
    pub fn detailed(self) -> &'static str {
        match self {
            Self::Email => "email_message",
            Self::Web => "web_website",
            Self::Phone => "phone_call",
            Self::Letter => "letter_scan",
            Self::System => "system_backend",
            Self::Chat => "chat_conversation",
            Self::Visit => "visit_in_person",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::word::Word;

    #[test]
    fn words_lead_there_and_back() {
        for channel in Channel::ALL {
            assert_eq!(Source::of(*channel).channel(), *channel);
        }
        for status in Status::ALL {
            assert_eq!(WireStatus::of(*status).status(), *status);
        }
    }
}

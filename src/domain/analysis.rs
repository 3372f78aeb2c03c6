//! When a ticket is analysed, and which part of the analysis is wanted again.

use crate::domain::word::words;

words! {
    /// When a new ticket is analysed.
    Process("process") {
        /// Inside the request.
        Realtime = "realtime",
        /// In the background, soon.
        Batch = "batch",
        /// Not in advance: when a person first opens it.
        OnView = "false",
    }
    /// Which part of the analysis runs again.
    RefreshMode("refresh mode") {
        Full = "full",
        SummaryAndText = "summaryAndText",
        Customer = "customer",
        Tags = "tags",
        /// As `Tags`, by rules alone: no model is asked.
        TagsRuleBased = "tagsRuleBased",
        Agents = "agents",
    }
}

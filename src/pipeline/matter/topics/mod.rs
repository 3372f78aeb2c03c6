//! What customers of a utility or a shop write about, in the words of eight languages. A tag or an AI agent
//! that is about such a topic is found by these words besides its own.
//!
//! A phrase stands for itself in all its forms. `..` leaves room for up to ten words of the same sentence.

mod billing;
mod contract;
mod feedback;
mod goods;
mod metering;
mod other;
mod payment;
mod person;
mod service;
mod tariff;

/// Something that customers write about.
#[derive(Debug, Clone, Copy)]
pub struct Topic {
    /// What the topic is called. A tag so named is about it, and a text that says so speaks for it.
    pub called: &'static [&'static str],
    /// What alone shows that the topic is meant.
    pub says: &'static [&'static str],
    /// What makes it likelier.
    pub hints: &'static [&'static str],
    /// Fits only where nothing else does.
    pub is_fallback: bool,
}

/// The topics.
pub const TOPICS: &[Topic] = &[
    metering::METER_READING,
    billing::INVOICE,
    billing::DEPOSIT,
    payment::BANK_DATA,
    contract::MOVE,
    contract::CANCELLATION,
    contract::WITHDRAWAL,
    feedback::COMPLAINT,
    payment::DUNNING,
    payment::INSTALMENTS,
    billing::REFUND,
    tariff::PRICE_CHANGE,
    tariff::TARIFF,
    contract::NEW_CONTRACT,
    service::OUTAGE,
    metering::METER_DEVICE,
    service::APPOINTMENT,
    service::PORTAL,
    person::CONTACT_DATA,
    person::DOCUMENTS,
    person::PRIVACY,
    person::MARKETING,
    other::APPLICATION,
    tariff::SOLAR,
    tariff::CHARGING,
    goods::DELIVERY,
    goods::RETURN,
    goods::WARRANTY,
    contract::DEATH,
    service::CALLBACK,
    feedback::PRAISE,
    metering::CONSUMPTION,
    other::GENERAL,
];

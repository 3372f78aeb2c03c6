//! The members of a contract that the reference knows. Back ends have others besides, which are kept.

/// What a member is. Null is always allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// At most 1000 characters.
    Text,
    /// A text or a number; clients read a text.
    Digits,
    /// A number, or a text where the back end has one.
    Code,
    Number,
    /// A date, shown in unix seconds.
    Date,
    /// True or false; false where it is not given.
    Flag,
    /// Objects; none where it is not given.
    Objects,
    Object,
}

/// Every member but `id` and `customerId`, in the order of the reference.
pub const MEMBERS: [(&str, Kind); 38] = [
    ("orderId", Kind::Code),
    ("tenant", Kind::Text),
    ("signupDate", Kind::Date),
    ("status", Kind::Text),
    ("statusCode", Kind::Code),
    ("statusCodeTitle", Kind::Text),
    ("energy", Kind::Text),
    ("energyTypeId", Kind::Code),
    ("energySubTypeId", Kind::Code),
    ("email", Kind::Text),
    ("firstname", Kind::Text),
    ("lastname", Kind::Text),
    ("deliveryAddress", Kind::Text),
    ("iban", Kind::Text),
    ("monthlyDeposit", Kind::Number),
    ("startDate", Kind::Date),
    ("endDate", Kind::Date),
    ("consumption", Kind::Number),
    ("counterNumber", Kind::Digits),
    ("productId", Kind::Code),
    ("productName", Kind::Text),
    ("productCode", Kind::Text),
    ("campaignId", Kind::Code),
    ("salesChannelId", Kind::Code),
    ("unpaidDebt", Kind::Number),
    ("vatRate", Kind::Number),
    ("basePrice", Kind::Number),
    ("workingPrice", Kind::Number),
    ("billingAddress", Kind::Text),
    ("business", Kind::Flag),
    ("phone", Kind::Digits),
    ("gridOperatorName", Kind::Text),
    ("gridOperatorCode", Kind::Code),
    ("registers", Kind::Objects),
    ("erpUrls", Kind::Objects),
    ("rawData", Kind::Object),
    ("agentPreview", Kind::Objects),
    ("tabPreview", Kind::Object),
];

//! What advertising, fraud, programs and customers write. The languages share the lists: hardly any of the
//! phrases means something else in another one.

mod advertising;
mod customer;
mod fraud;
mod program;

pub use advertising::{SPAM, STRONG_SPAM};
pub use customer::{CUSTOMER, SILENT, STRONG_CUSTOMER};
pub use fraud::PHISHING;
pub use program::{PROGRAM, PROGRAM_SUBJECTS, STRONG_PROGRAM};

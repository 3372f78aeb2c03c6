//! Everything that can go wrong in a request: its status and its one log line. The wording is the dialects'.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::fault::Fault;

/// One bad field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// RFC 6901 without `#`; a query parameter is `?name`, a path parameter `{name}`.
    pub pointer: String,
    /// A stable machine word.
    pub code: &'static str,
    /// A sentence without a full stop.
    pub message: String,
}

/// What kind of rule a request breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Read, but not valid: 422.
    Invalid,
    /// Names something that is not there: 404.
    Missing(&'static str),
    /// True once, but not any more: 409.
    StaleVersion,
    /// Somebody else has what must be unique: 409.
    Conflict,
}

/// Everything that can go wrong in a request.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No credential, or one that does not count; the text is for the log alone.
    #[error("credentials are missing or not valid: {0}")]
    Unauthenticated(&'static str),
    /// Known, but not allowed.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Another tenant's row looks the same: existence is never revealed.
    #[error("no such {0}")]
    NotFound(&'static str),
    #[error("no such route")]
    RouteNotFound,
    /// The body is not what its content type says.
    #[error("the request cannot be read: {0}")]
    Unreadable(String),
    /// A 400 that a dialect's reference names.
    #[error("the request is refused")]
    BadRequest(Vec<FieldError>),
    /// Every bad field at once, in the words of the dialect.
    #[error("the request is not valid")]
    Invalid(Vec<FieldError>),
    /// Every broken rule at once, in the words of the core.
    #[error("the request is refused")]
    Refused(Refusal, Vec<Fault>),
    /// Every broken rule at once, in the words of the dialect.
    #[error("the request is refused")]
    RefusedFields(Refusal, Vec<FieldError>),
    #[error("the request is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("the header block is larger than {limit} bytes")]
    HeadersTooLarge { limit: usize },
    /// The body is of another kind than the one that is named.
    #[error("the content type must be {0}")]
    UnsupportedMediaType(&'static str),
    #[error("the request took longer than {limit:?}")]
    TimedOut { limit: Duration },
    /// Something that the request needs does not answer, or has no room at the moment.
    #[error("{what} is not available at the moment")]
    Away {
        what: &'static str,
        /// For the log alone.
        cause: String,
    },
    /// A job was given to somebody else while it ran: what it did must be rolled back.
    #[error("somebody else has taken the job over")]
    LeaseLost,
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// Something of ours broke a rule of ours.
    #[error("internal fault: {0}")]
    Internal(String),
}

impl Error {
    /// A fault of ours, with its cause for the log.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }

    /// The refusal of a field's value because of what somebody else has or did: 409.
    pub fn conflict(pointer: &str, message: &str) -> Self {
        let field = FieldError { pointer: pointer.into(), code: "conflict", message: message.into() };
        Self::RefusedFields(Refusal::Conflict, vec![field])
    }

    /// The HTTP status that goes with it unless a dialect's reference says otherwise.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Unauthenticated(_) => StatusCode::UNAUTHORIZED,
            Self::Forbidden(_) => StatusCode::FORBIDDEN,
            Self::NotFound(_) | Self::RouteNotFound => StatusCode::NOT_FOUND,
            Self::Unreadable(_) | Self::BadRequest(_) => StatusCode::BAD_REQUEST,
            Self::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Refused(refusal, _) | Self::RefusedFields(refusal, _) => refusal.status(),
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadersTooLarge { .. } => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::UnsupportedMediaType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TimedOut { .. } | Self::Away { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::Database(cause) if is_unavailable(cause) => StatusCode::SERVICE_UNAVAILABLE,
            Self::LeaseLost | Self::Database(_) | Self::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Whether somebody else claimed the same, or took away what it refers to, at the same moment: another attempt
    /// sees what came of it.
    pub fn is_collision(&self) -> bool {
        let Self::Database(sqlx::Error::Database(cause)) = self else { return false };
        // foreign_key_violation, unique_violation and deadlock_detected
        cause.code().is_some_and(|code| ["23503", "23505", "40P01"].contains(&&*code))
    }

    fn log(&self) {
        match self {
            Self::Database(cause) if self.status() == StatusCode::SERVICE_UNAVAILABLE => {
                tracing::warn!(error = %cause, "the database is not available to a request");
            }
            Self::Database(cause) => tracing::error!(error = %cause, "a statement failed"),
            Self::Internal(cause) => tracing::error!(error = %cause, "a request met a fault of the server"),
            Self::Away { what, cause } => {
                tracing::warn!(what, cause, "a neighbour is not available to a request");
            }
            Self::TimedOut { limit } => tracing::warn!(?limit, "a request took too long"),
            Self::Unauthenticated(reason) => tracing::debug!(reason, "a credential was refused"),
            _ => {}
        }
    }
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Missing(_) => StatusCode::NOT_FOUND,
            Self::StaleVersion | Self::Conflict => StatusCode::CONFLICT,
        }
    }
}

impl IntoResponse for Error {
    /// Logs a fault of the server once and hands the error on, to be worded by the dialect.
    fn into_response(self) -> Response {
        self.log();
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

/// Whether trying again later may help: the database is away, busy or taking too long.
fn is_unavailable(cause: &sqlx::Error) -> bool {
    match cause {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            // Class 08 is a broken connection, 53 a lack of resources, 57 the operator's intervention
            // (a statement's time-out among them), 40 a serialization failure or a deadlock; 55P03 is
            // a lock not granted in time and 25006 a server that became read-only.
            ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
                || code == "55P03"
                || code == "25006"
        }
        _ => false,
    }
}

//! A form with a file (RFC 7578), read piece by piece.

use std::time::Duration;

use axum::body::{Body, BodyDataStream};
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{BoxStream, StreamExt, try_unfold};
use memchr::memmem::{self, Finder};

use super::caller::Caller;
use super::extract::DROPPED;
use super::part_header::{PartHeader, parameter};
use super::slots::Slot;
use crate::app::AppState;
use crate::error::{Error, FieldError};

/// What a form may have besides its file, in bytes.
const BESIDES: usize = 64 * 1024;
/// The most parts of a form.
const MAX_PARTS: usize = 100;
/// The longest block of headers of a part, and what may stand before the first part, in bytes.
const MAX_HEADERS: usize = 8 * 1024;

/// A form that is still to be read. 415 for another content type, 413 where it says itself that it is too large,
/// 503 where too many are under way.
#[derive(Debug)]
pub struct Form {
    reader: Reader,
    /// The largest file.
    limit: usize,
    parts: usize,
    _slot: Slot,
}

/// The file of a form.
pub struct FormFile {
    /// As the client wrote it; empty where it gave none.
    pub name: String,
    /// Its bytes. The last is there only if the form was complete and had no second such file; else comes an error.
    pub pieces: BoxStream<'static, Result<Bytes, Error>>,
}

/// Whether a request carries a form with files.
pub fn is_form(headers: &HeaderMap) -> bool {
    content_type(headers).is_some_and(|text| {
        text.split(';')
            .next()
            .is_some_and(|essence| essence.trim().eq_ignore_ascii_case("multipart/form-data"))
    })
}

impl FromRequest<AppState> for Form {
    type Rejection = Error;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Error> {
        let (parts, body) = request.into_parts();
        if !is_form(&parts.headers) {
            return Err(Error::UnsupportedMediaType("multipart/form-data"));
        }
        let caller = parts.extensions.get::<Caller>().ok_or(Error::Unauthenticated("nobody asked"))?;
        let boundary = content_type(&parts.headers).and_then(|text| parameter(text, "boundary"));
        let boundary = boundary.filter(|boundary| (1..=70).contains(&boundary.len()));
        let boundary =
            boundary.ok_or_else(|| Error::Unreadable("the content type names no boundary".into()))?;
        let limit = app.config.max_upload.0;
        let most = limit.saturating_add(BESIDES);
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let announced = header(CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
        let waits = header(EXPECT).is_some();
        if announced.is_some_and(|length| length > most && (waits || length > most.saturating_add(DROPPED))) {
            return Err(Error::TooLarge { limit });
        }
        let slot = app.uploads.take(caller.tenant).ok_or_else(|| Error::Away {
            what: "room for another upload",
            cause: "too many are under way".into(),
        })?;
        let reader = Reader::new(body, &boundary, most, app.config.request_timeout.0);
        Ok(Self { reader, limit, parts: 0, _slot: slot })
    }
}

impl Form {
    /// The form's one file of this name; all else is passed over. Errors with 422 where there is none.
    pub async fn file(mut self, field: &'static str) -> Result<FormFile, Error> {
        let found = self.find(field).await;
        match self.settled(found).await? {
            None => Err(refused(field, "required", "is missing: the form needs one file of this name")),
            Some(name) => {
                let unread = Unread { form: self, field, taken: 0 };
                let pieces = try_unfold(unread, |mut unread| async {
                    let piece = unread.next().await;
                    let piece = unread.form.settled(piece).await.map_err(|error| unread.worded(error))?;
                    Ok(piece.map(|piece| (piece, unread)))
                });
                Ok(FormFile { name, pieces: pieces.boxed() })
            }
        }
    }

    /// Reads up to the next part of this name. Returns the name of its file.
    async fn find(&mut self, field: &str) -> Result<Option<String>, Error> {
        while let Some(header) = self.reader.next_part().await? {
            self.parts += 1;
            if self.parts > MAX_PARTS {
                return Err(Error::Unreadable(format!("the form has more than {MAX_PARTS} parts")));
            }
            if header.name.as_deref() == Some(field) {
                return Ok(Some(header.file_name.unwrap_or_default()));
            }
            let mut seen = 0;
            while let Some(piece) = self.reader.data().await? {
                seen += piece.len();
                if seen > BESIDES {
                    return Err(Error::TooLarge { limit: BESIDES });
                }
            }
        }
        Ok(None)
    }

    /// Where a form is refused, the rest is read and dropped: a client that is still writing may not see an answer.
    async fn settled<T>(&mut self, result: Result<T, Error>) -> Result<T, Error> {
        // Nobody writes on who has been silent for so long.
        if result.as_ref().is_err_and(|error| !matches!(error, Error::TimedOut { .. })) {
            self.reader.drop_rest().await;
        }
        result
    }
}

/// A file that is not read to its end.
struct Unread {
    form: Form,
    field: &'static str,
    taken: usize,
}

impl Unread {
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(piece) = self.form.reader.data().await? {
            self.taken += piece.len();
            let limit = self.form.limit;
            return if self.taken > limit { Err(Error::TooLarge { limit }) } else { Ok(Some(piece)) };
        }
        match self.form.find(self.field).await? {
            Some(_) => {
                Err(refused(self.field, "invalid", "stands twice: the form needs one file of this name"))
            }
            None => Ok(None),
        }
    }

    /// The limit of a whole form is told as that of its file.
    fn worded(&self, error: Error) -> Error {
        match error {
            Error::TooLarge { .. } if self.taken > 0 => Error::TooLarge { limit: self.form.limit },
            error => error,
        }
    }
}

/// Takes a form apart. It keeps no more than a frame of the body and a block of headers.
#[derive(Debug)]
struct Reader {
    body: BodyDataStream,
    /// Read and not yet handed on.
    buffer: BytesMut,
    /// What ends a part: a line break and the boundary.
    delimiter: Finder<'static>,
    /// How much of the body was read, and how much may be.
    seen: usize,
    most: usize,
    /// How long the next bytes may take.
    patience: Duration,
    state: State,
}

/// Where the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first part.
    Preamble,
    /// In the data of a part.
    Data,
    /// Behind the delimiter that ended one.
    Delimited,
    /// Behind the last.
    End,
}

impl Reader {
    fn new(body: Body, boundary: &str, most: usize, patience: Duration) -> Self {
        let delimiter = Finder::new(&format!("\r\n--{boundary}")).into_owned();
        // The first delimiter needs no line break before it.
        let buffer = BytesMut::from(&b"\r\n"[..]);
        let body = body.into_data_stream();
        Self { body, buffer, delimiter, seen: 0, most, patience, state: State::Preamble }
    }

    /// Goes on to the next part and reads its headers. Returns `None` behind the last part.
    async fn next_part(&mut self) -> Result<Option<PartHeader>, Error> {
        match self.state {
            State::Preamble => self.preamble().await?,
            State::Data => while self.data().await?.is_some() {},
            State::Delimited => {}
            State::End => return Ok(None),
        }
        while self.buffer.len() < 2 {
            self.more().await?;
        }
        if self.buffer.starts_with(b"--") {
            self.state = State::End;
            self.buffer.clear();
            // What follows means nothing.
            while self.fill().await? {
                self.buffer.clear();
            }
            return Ok(None);
        }
        self.state = State::Data;
        PartHeader::read(&self.headers().await?).map(Some)
    }

    /// The next bytes of the part; `None` at its end.
    async fn data(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.state != State::Data {
                return Ok(None);
            }
            if let Some(at) = self.delimiter.find(&self.buffer) {
                let last = self.buffer.split_to(at).freeze();
                drop(self.buffer.split_to(self.delimiter.needle().len()));
                self.state = State::Delimited;
                return Ok(Some(last).filter(|last| !last.is_empty()));
            }
            // The end of what is there may be the beginning of the delimiter.
            let safe = self.buffer.len().saturating_sub(self.delimiter.needle().len() - 1);
            if safe > 0 {
                return Ok(Some(self.buffer.split_to(safe).freeze()));
            }
            self.more().await?;
        }
    }

    async fn preamble(&mut self) -> Result<(), Error> {
        let found = loop {
            if let Some(at) = self.delimiter.find(&self.buffer) {
                break at;
            }
            if self.buffer.len() > MAX_HEADERS {
                return Err(unreadable("does not begin with its boundary"));
            }
            self.more().await?;
        };
        drop(self.buffer.split_to(found + self.delimiter.needle().len()));
        Ok(())
    }

    /// The rest of the delimiter's line and the block of headers that follows.
    async fn headers(&mut self) -> Result<Bytes, Error> {
        loop {
            if let Some(at) = memmem::find(&self.buffer, b"\r\n\r\n") {
                let block = self.buffer.split_to(at).freeze();
                drop(self.buffer.split_to(4));
                return Ok(block);
            }
            if self.buffer.len() > MAX_HEADERS {
                return Err(unreadable("has a part with too many headers"));
            }
            self.more().await?;
        }
    }

    /// Reads on. Errors where the form should not end yet.
    async fn more(&mut self) -> Result<(), Error> {
        if self.fill().await? { Ok(()) } else { Err(unreadable("ends too early")) }
    }

    /// Reads on. Returns false at the end of the body.
    async fn fill(&mut self) -> Result<bool, Error> {
        let Some(frame) = self.frame().await? else { return Ok(false) };
        if self.seen > self.most {
            return Err(Error::TooLarge { limit: self.most });
        }
        self.buffer.extend_from_slice(&frame);
        Ok(true)
    }

    async fn frame(&mut self) -> Result<Option<Bytes>, Error> {
        let limit = self.patience;
        let frame = tokio::time::timeout(limit, self.body.next()).await;
        let frame = frame.map_err(|_| Error::TimedOut { limit })?;
        let frame = frame.transpose().map_err(|_| unreadable("broke off"))?;
        self.seen = self.seen.saturating_add(frame.as_ref().map_or(0, Bytes::len));
        Ok(frame)
    }

    async fn drop_rest(&mut self) {
        let most = self.most.saturating_add(DROPPED);
        while self.seen <= most && matches!(self.frame().await, Ok(Some(_))) {}
    }
}

fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
}

fn unreadable(what: &str) -> Error {
    Error::Unreadable(format!("the form {what}"))
}

fn refused(field: &str, code: &'static str, message: &str) -> Error {
    Error::Invalid(vec![FieldError {
        pointer: format!("/{field}"),
        code,
        message: format!("{field} {message}"),
    }])
}

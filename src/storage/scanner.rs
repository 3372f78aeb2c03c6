//! Asking clamd whether a file is infected, while it arrives (clamd(8), INSTREAM).

use std::fmt::Display;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

use crate::error::Error;

/// How long the scanner may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(5);
/// How long it may take to take the next bytes, or to come to a verdict.
const SILENCE: Duration = Duration::from_mins(1);
/// The longest verdict that is read, in bytes.
const MAX_VERDICT: usize = 4096;
/// The most that is sent as one chunk, in bytes.
const CHUNK: usize = 64 * 1024;

/// Where the scanner is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// Host and port.
    Tcp(String),
    /// The path of a socket.
    Unix(String),
}

/// The scan of one file.
pub struct Scan(Box<dyn Stream>);

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan").finish_non_exhaustive()
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for S {}

impl Scanner {
    /// The scanner at `tcp://host:port` or `unix:///path`. The error says what is wrong.
    pub fn new(url: &str) -> Result<Self, String> {
        let wrong = || format!("TESSERA_UPLOAD_SCANNER must be tcp://host:port or unix:///path, not {url:?}");
        match url.split_once("://") {
            Some(("tcp", address)) => {
                let (host, port) = address.rsplit_once(':').ok_or_else(wrong)?;
                let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
                (is_port && !host.is_empty()).then(|| Self::Tcp(address.to_owned())).ok_or_else(wrong)
            }
            Some(("unix", path)) if path.starts_with('/') => Ok(Self::Unix(path.to_owned())),
            _ => Err(wrong()),
        }
    }

    /// Begins to scan a file. Errors with 503 where the scanner cannot be reached.
    pub async fn begin(&self) -> Result<Scan, Error> {
        let connect = async {
            let stream: Box<dyn Stream> = match self {
                Self::Tcp(address) => Box::new(TcpStream::connect(address).await?),
                Self::Unix(path) => Box::new(UnixStream::connect(path).await?),
            };
            std::io::Result::Ok(stream)
        };
        let stream = timeout(CONNECT, connect).await.map_err(away)?.map_err(away)?;
        let mut scan = Scan(stream);
        scan.send(b"zINSTREAM\0").await?;
        Ok(scan)
    }
}

impl Scan {
    /// Sends the next bytes.
    pub async fn write(&mut self, piece: &[u8]) -> Result<(), Error> {
        for chunk in piece.chunks(CHUNK) {
            let length = u32::try_from(chunk.len()).map_err(Error::internal)?;
            self.send(&length.to_be_bytes()).await?;
            self.send(chunk).await?;
        }
        Ok(())
    }

    /// What was found; `None`: nothing. Errors with 503 where there is no verdict.
    pub async fn verdict(mut self) -> Result<Option<String>, Error> {
        self.send(&[0; 4]).await?;
        self.answer().await
    }

    async fn answer(&mut self) -> Result<Option<String>, Error> {
        let mut verdict = Vec::new();
        // Some end their answer and not the connection.
        while verdict.len() < MAX_VERDICT && !verdict.ends_with(b"\0") {
            let read = timeout(SILENCE, self.0.read_buf(&mut verdict)).await.map_err(away)?.map_err(away)?;
            if read == 0 {
                break;
            }
        }
        let text = String::from_utf8_lossy(&verdict);
        let text = text.trim_end_matches(['\0', '\n']);
        let said = text.strip_prefix("stream: ").unwrap_or(text);
        match (said, said.strip_suffix(" FOUND")) {
            ("OK", _) => Ok(None),
            (_, Some(finding)) => {
                Ok(Some(finding.chars().filter(char::is_ascii_graphic).take(200).collect()))
            }
            _ => Err(away(format_args!("it said {text:?}"))),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), Error> {
        match timeout(SILENCE, self.0.write_all(bytes)).await {
            Ok(Ok(())) => Ok(()),
            // It hangs up where the file is larger than it takes, and says so.
            Ok(Err(error)) => match self.answer().await {
                Err(said @ Error::Away { .. }) => Err(said),
                _ => Err(away(error)),
            },
            Err(error) => Err(away(error)),
        }
    }
}

fn away(cause: impl Display) -> Error {
    Error::Away { what: "the virus scanner", cause: cause.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scanner_is_a_host_with_a_port_or_a_socket() {
        assert_eq!(Scanner::new("tcp://clamd:3310"), Ok(Scanner::Tcp("clamd:3310".into())));
        assert_eq!(Scanner::new("tcp://[::1]:3310"), Ok(Scanner::Tcp("[::1]:3310".into())));
        assert_eq!(Scanner::new("unix:///run/clamd.ctl"), Ok(Scanner::Unix("/run/clamd.ctl".into())));
        for wrong in ["clamd:3310", "tcp://clamd", "tcp://:3310", "tcp://clamd:0", "unix://run", "http://x:1"]
        {
            assert!(Scanner::new(wrong).is_err(), "{wrong}");
        }
    }
}

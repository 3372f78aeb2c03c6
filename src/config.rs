//! Every setting with its variable, unit and default. Nothing else reads the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, ValueEnum};
use secrecy::{ExposeSecret, SecretString};

/// The settings of a process. A flag wins over its variable.
///
/// A duration is a number with `ms`, `s`, `m`, `h` or `d`; a bare number means seconds. A size is
/// bytes, or has `kB` or `MB`.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Settings")]
pub struct Config {
    /// PostgreSQL 14 or later. Unset: a private cluster under the data directory
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true, value_name = "URL")]
    pub database_url: Option<SecretString>,

    /// The private cluster, attachments and the generated signing key
    #[arg(long, env = "TESSERA_DATA_DIR", global = true, default_value = "./.tessera")]
    pub data_dir: PathBuf,

    /// Address and port; port 0 picks a free one
    #[arg(long, env = "TESSERA_LISTEN", global = true, default_value = "127.0.0.1:8005")]
    pub listen: SocketAddr,

    /// Signing key of own tokens, at least 32 bytes. Unset: generated once into the data directory
    #[arg(long, env = "TESSERA_JWT_SECRET", global = true, hide_env_values = true)]
    pub jwt_secret: Option<SecretString>,

    /// Key set of an identity provider whose tokens (RS256, ES256, Ed25519) are accepted too
    #[arg(long, env = "TESSERA_JWKS_URL", global = true, value_name = "URL")]
    pub jwks_url: Option<String>,

    /// The issuer that the identity provider's tokens must name
    #[arg(long, env = "TESSERA_JWT_ISSUER", global = true)]
    pub jwt_issuer: Option<String>,

    /// The audience that the identity provider's tokens must name
    #[arg(long, env = "TESSERA_JWT_AUDIENCE", global = true)]
    pub jwt_audience: Option<String>,

    /// Background tasks; 0: this process serves HTTP only
    #[arg(long, env = "TESSERA_WORKERS", global = true, default_value_t = 4)]
    pub workers: usize,

    /// How long a request waits for an analysis before it answers without it
    #[arg(
        long,
        env = "TESSERA_REALTIME_DEADLINE",
        global = true,
        default_value = "10s",
        value_name = "DURATION"
    )]
    pub realtime_deadline: Span,

    /// The endpoint of the `llm` engine, OpenAI-compatible, such as `http://localhost:8000/v1`
    #[arg(long, env = "TESSERA_LLM_URL", global = true, value_name = "URL")]
    pub llm_url: Option<String>,

    /// The model that it is asked for
    #[arg(long, env = "TESSERA_LLM_MODEL", global = true, value_name = "NAME")]
    pub llm_model: Option<String>,

    /// Its key
    #[arg(long, env = "TESSERA_LLM_API_KEY", global = true, hide_env_values = true)]
    pub llm_api_key: Option<SecretString>,

    /// How long it may take to answer one question; the local engine takes over then
    #[arg(long, env = "TESSERA_LLM_TIMEOUT", global = true, default_value = "8s", value_name = "DURATION")]
    pub llm_timeout: Span,

    /// How long finished jobs are kept
    #[arg(
        long,
        env = "TESSERA_JOB_RETENTION",
        global = true,
        default_value = "24h",
        value_name = "DURATION"
    )]
    pub job_retention: Span,

    /// What is logged: a level, or a filter such as `info,tessera=debug`
    #[arg(long, env = "TESSERA_LOG", global = true, default_value = "info")]
    pub log: String,

    /// How it is logged
    #[arg(long, env = "TESSERA_LOG_FORMAT", global = true, default_value = "pretty")]
    pub log_format: LogFormat,

    /// Where the SocialBoards dialect is mounted
    #[arg(
        long,
        env = "TESSERA_SOCIALBOARDS_PREFIX",
        global = true,
        default_value = "/socialboards",
        value_name = "PATH"
    )]
    pub socialboards_prefix: Prefix,

    /// The base of every URL the server gives out. Unset: from the request
    #[arg(long, env = "TESSERA_PUBLIC_URL", global = true, value_name = "URL")]
    pub public_url: Option<String>,

    /// Where the private cluster's PostgreSQL binaries are. Unset: found, else fetched once
    #[arg(long, env = "TESSERA_PG_BIN_DIR", global = true, value_name = "DIR")]
    pub pg_bin_dir: Option<PathBuf>,

    /// The user that runs the private cluster when the server is started by root
    #[arg(long, env = "TESSERA_PG_RUN_AS", global = true, value_name = "USER")]
    pub pg_run_as: Option<String>,

    /// An archive of PostgreSQL binaries to fetch where none are installed
    #[arg(long, env = "TESSERA_PG_URL", global = true, value_name = "URL")]
    pub pg_url: Option<String>,

    /// The SHA-256 of that archive
    #[arg(long, env = "TESSERA_PG_SHA256", global = true, value_name = "HEX")]
    pub pg_sha256: Option<String>,

    /// Largest JSON body
    #[arg(long, env = "TESSERA_MAX_BODY", global = true, default_value = "10MB", value_name = "SIZE")]
    pub max_body: Size,

    /// Largest header block
    #[arg(long, env = "TESSERA_MAX_HEADERS", global = true, default_value = "32kB", value_name = "SIZE")]
    pub max_headers: Size,

    /// Most elements of one bulk request
    #[arg(long, env = "TESSERA_MAX_BULK", global = true, default_value_t = 1000, value_name = "N")]
    pub max_bulk: usize,

    /// Where uploads are: `file:///…` or `s3://bucket/prefix`, with the credentials, region and endpoint of the usual
    /// `AWS_…` variables. Unset: the folder `uploads` of the data directory
    #[arg(long, env = "TESSERA_STORAGE_URL", global = true, value_name = "URL")]
    pub storage_url: Option<String>,

    /// Largest file of an upload
    #[arg(long, env = "TESSERA_MAX_UPLOAD", global = true, default_value = "100MB", value_name = "SIZE")]
    pub max_upload: Size,

    /// Most uploads at once; one tenant has at most half of them
    #[arg(long, env = "TESSERA_MAX_UPLOADS", global = true, default_value_t = 32, value_name = "N")]
    pub max_uploads: usize,

    /// Longest run of one upload
    #[arg(
        long,
        env = "TESSERA_UPLOAD_TIMEOUT",
        global = true,
        default_value = "15m",
        value_name = "DURATION"
    )]
    pub upload_timeout: Span,

    /// A clamd that scans uploads, `tcp://host:port` or `unix:///path`. Unset: none are scanned
    #[arg(long, env = "TESSERA_UPLOAD_SCANNER", global = true, value_name = "URL")]
    pub upload_scanner: Option<String>,

    /// Database connections for requests. Unset: twice the cores, at least 4
    #[arg(long, env = "TESSERA_POOL", global = true, value_name = "N")]
    pub pool: Option<u32>,

    /// Longest wait for a database connection
    #[arg(
        long,
        env = "TESSERA_ACQUIRE_TIMEOUT",
        global = true,
        default_value = "3s",
        value_name = "DURATION"
    )]
    pub acquire_timeout: Span,

    /// Longest wait for a lock
    #[arg(long, env = "TESSERA_LOCK_TIMEOUT", global = true, default_value = "3s", value_name = "DURATION")]
    pub lock_timeout: Span,

    /// Longest run of one statement
    #[arg(
        long,
        env = "TESSERA_STATEMENT_TIMEOUT",
        global = true,
        default_value = "10s",
        value_name = "DURATION"
    )]
    pub statement_timeout: Span,

    /// Longest run of one request
    #[arg(
        long,
        env = "TESSERA_REQUEST_TIMEOUT",
        global = true,
        default_value = "30s",
        value_name = "DURATION"
    )]
    pub request_timeout: Span,
}

impl Config {
    /// An empty variable, as compose files produce them, is an unset one.
    #[must_use]
    pub fn without_empty(mut self) -> Self {
        self.database_url = self.database_url.filter(|url| !url.expose_secret().is_empty());
        self.jwt_secret = self.jwt_secret.filter(|secret| !secret.expose_secret().is_empty());
        self.llm_api_key = self.llm_api_key.filter(|key| !key.expose_secret().is_empty());
        let texts = [
            &mut self.jwks_url,
            &mut self.jwt_issuer,
            &mut self.jwt_audience,
            &mut self.public_url,
            &mut self.pg_run_as,
            &mut self.pg_url,
            &mut self.pg_sha256,
            &mut self.llm_url,
            &mut self.llm_model,
            &mut self.storage_url,
            &mut self.upload_scanner,
        ];
        for text in texts {
            text.take_if(|text| text.is_empty());
        }
        self.pg_bin_dir = self.pg_bin_dir.filter(|dir| !dir.as_os_str().is_empty());
        self
    }

    /// Connections for requests.
    pub fn pool_size(&self) -> u32 {
        self.pool.unwrap_or_else(|| {
            let cores = std::thread::available_parallelism().map_or(1, usize::from);
            u32::try_from(cores * 2).unwrap_or(u32::MAX).max(4)
        })
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line.
    Json,
}

/// A duration as a setting writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = split_unit(text);
        let millis: u64 = match unit {
            "ms" => 1,
            "" | "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err("a duration is a number with ms, s, m, h or d".into()),
        };
        let number: u64 = number.parse().map_err(|_| "a duration starts with a whole number")?;
        let millis = number.checked_mul(millis).ok_or("the duration is too long")?;
        Ok(Self(Duration::from_millis(millis)))
    }
}

/// A number of bytes as a setting writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub usize);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = split_unit(text);
        let factor: usize = match unit {
            "" | "B" => 1,
            "kB" | "KB" | "k" => 1_000,
            "MB" | "M" => 1_000_000,
            _ => return Err("a size is a number of bytes, or has kB or MB".into()),
        };
        let number: usize = number.parse().map_err(|_| "a size starts with a whole number")?;
        Ok(Self(number.checked_mul(factor).ok_or("the size is too large")?))
    }
}

/// The path below which a dialect is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(pub String);

impl FromStr for Prefix {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.strip_prefix('/').ok_or("a prefix starts with /")?;
        let plain =
            |segment: &str| segment.bytes().all(|b| b.is_ascii_alphanumeric() || b"._~-".contains(&b));
        let fits = |segment: &str| !segment.is_empty() && ![".", ".."].contains(&segment) && plain(segment);
        if !path.split('/').all(fits) {
            return Err(
                "a prefix is made of letters, digits and . _ ~ - between slashes, none at its end".into()
            );
        }
        let first = path.split('/').next().unwrap_or_default().to_ascii_lowercase();
        if ["api", "docs", "files", "health", "metrics", "upload", "v2"].contains(&first.as_str()) {
            return Err(format!("/{first} is taken by other routes"));
        }
        Ok(Self(text.to_owned()))
    }
}

fn split_unit(text: &str) -> (&str, &str) {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    (number, unit.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_have_units() {
        assert_eq!("10s".parse(), Ok(Span(Duration::from_secs(10))));
        assert_eq!("10".parse(), Ok(Span(Duration::from_secs(10))));
        assert_eq!("250ms".parse(), Ok(Span(Duration::from_millis(250))));
        assert_eq!("1d".parse(), Ok(Span(Duration::from_hours(24))));
        assert!("1w".parse::<Span>().is_err() && "s".parse::<Span>().is_err());
        assert_eq!("10MB".parse(), Ok(Size(10_000_000)));
        assert_eq!("32 kB".parse(), Ok(Size(32_000)));
        assert_eq!("512".parse(), Ok(Size(512)));
        assert!("1GB".parse::<Size>().is_err());
    }

    #[test]
    fn a_prefix_is_a_path_of_its_own() {
        for fine in ["/socialboards", "/a/b-c", "/SocialBoards"] {
            assert_eq!(fine.parse(), Ok(Prefix(fine.to_owned())));
        }
        for bad in ["", "/", "a", "/a/", "/a//b", "/{a}", "/a b", "/..", "/api/mind", "/V2", "/docs"] {
            assert!(bad.parse::<Prefix>().is_err(), "{bad}");
        }
    }
}

//! Requests over keep-alive connections, one after the other on each.

use std::error::Error;
use std::fmt;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::server::Server;

/// What a client does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    Create,
    Upsert,
    View,
    RecordedView,
    /// Of so many tickets.
    Bulk(u64),
    /// The same ticket through each dialect, by a program; the requester is known.
    CreateIn(Dialect),
}

/// The dialects that make tickets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Mind,
    SocialBoards,
    LiveDesk,
}

impl Workload {
    pub const ALL: [Self; 9] = [
        Self::Create,
        Self::Upsert,
        Self::View,
        Self::RecordedView,
        Self::Bulk(100),
        Self::Bulk(1000),
        Self::CreateIn(Dialect::Mind),
        Self::CreateIn(Dialect::SocialBoards),
        Self::CreateIn(Dialect::LiveDesk),
    ];
}

impl fmt::Display for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Create => f.write_str("create"),
            Self::Upsert => f.write_str("upsert"),
            Self::View => f.write_str("full view"),
            Self::RecordedView => f.write_str("full view, noted"),
            Self::Bulk(size) => write!(f, "bulk PATCH of {size}"),
            Self::CreateIn(Dialect::Mind) => f.write_str("plain create: Mind"),
            Self::CreateIn(Dialect::SocialBoards) => f.write_str("plain create: SocialBoards"),
            Self::CreateIn(Dialect::LiveDesk) => f.write_str("plain create: LiveDesk"),
        }
    }
}

/// One measurement.
pub struct Load {
    pub workload: Workload,
    pub connections: usize,
    pub length: Duration,
    pub tickets: u64,
}

/// What it came to.
pub struct Measured {
    pub per_second: f64,
    /// Ascending.
    latencies: Vec<Duration>,
    /// SQL statements for each request.
    pub statements: f64,
    /// Server CPU for each request.
    pub cpu: Duration,
}

impl Measured {
    pub fn percentile(&self, percent: usize) -> Duration {
        self.latencies[(self.latencies.len() * percent / 100).min(self.latencies.len() - 1)]
    }
}

impl Load {
    pub fn run(&self, server: &Server) -> Result<Measured, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        // Warm caches and connections up first.
        runtime.block_on(self.drive(server, self.length / 5))?;
        let (cpu, statements) = (server.cpu()?, server.statements()?);
        let started = Instant::now();
        let mut latencies = runtime.block_on(self.drive(server, self.length))?;
        let elapsed = started.elapsed();
        let (cpu, statements) = (server.cpu()?.saturating_sub(cpu), server.statements()? - statements);
        latencies.sort_unstable();
        let count = f64::from(u32::try_from(latencies.len())?);
        Ok(Measured {
            per_second: count / elapsed.as_secs_f64(),
            statements: statements / count,
            cpu: cpu.div_f64(count),
            latencies,
        })
    }

    async fn drive(&self, server: &Server, length: Duration) -> Result<Vec<Duration>, Box<dyn Error>> {
        let clients = (0..self.connections).map(|client| self.client(server, client, length));
        let mut all = Vec::new();
        for latencies in futures_util::future::try_join_all(clients).await? {
            all.extend(latencies);
        }
        Ok(all)
    }

    async fn client(
        &self,
        server: &Server,
        client: usize,
        length: Duration,
    ) -> Result<Vec<Duration>, Box<dyn Error>> {
        let mut stream = TcpStream::connect(&server.address).await?;
        stream.set_nodelay(true)?;
        let mut latencies = Vec::new();
        let mut buffer = Vec::new();
        let end = Instant::now() + length;
        let mut round: u64 = rand::random_range(0..1 << 40);
        loop {
            let started = Instant::now();
            if started >= end {
                return Ok(latencies);
            }
            round += 1;
            let request = self.request(server, client as u64, round);
            stream.write_all(&request).await?;
            answer(&mut stream, &mut buffer).await?;
            latencies.push(started.elapsed());
        }
    }

    fn request(&self, server: &Server, client: u64, round: u64) -> Vec<u8> {
        let any = rand::random_range(1..=self.tickets);
        let write = |method: &str, path: &str, authorization: &str, body: &str| {
            let length = body.len();
            format!(
                "{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: {authorization}\r\n\
                 Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .into_bytes()
        };
        let head = |method: &str, path: &str, token: &str, body: &str| {
            write(method, &format!("/api/mind{path}"), &format!("Bearer {token}"), body)
        };
        match self.workload {
            Workload::Create => head("POST", "/ticket", &server.token, &ticket("")),
            Workload::Upsert => {
                // A hundred tickets for each connection, changed again and again.
                let external =
                    format!(r#","externalTicketId":"B-{client}-{}","fromName":"Tom {round}""#, round % 100);
                head("POST", "/ticket", &server.token, &ticket(&external))
            }
            Workload::View => head("GET", &format!("/ticket/{any}"), &server.program_token, ""),
            Workload::RecordedView => head("GET", &format!("/ticket/{any}"), &server.token, ""),
            Workload::Bulk(size) => {
                // Every connection has tickets of its own, as batches of different clients mostly do.
                let own = self.tickets / 16;
                let first = client * own + 1 + rand::random_range(0..own - size);
                let tags = if round.is_multiple_of(2) { "addTagIds" } else { "removeTagIds" };
                let elements: Vec<String> = (first..first + size)
                    .map(|id| format!(r#"{{"id":{id},"partnerId":{round},"{tags}":[1]}}"#))
                    .collect();
                head("PATCH", "/ticket", &server.token, &format!("[{}]", elements.join(",")))
            }
            Workload::CreateIn(dialect) => {
                let text = text();
                // Of a hundred people, who soon have all written before.
                let person = any % 100;
                match dialect {
                    Dialect::Mind => {
                        let body = format!(
                            r#"{{"channel":"email","from":"p{person}@example.com","subject":"Umzug","body":"{text}"}}"#
                        );
                        head("POST", "/ticket", &server.program_token, &body)
                    }
                    Dialect::SocialBoards => {
                        let body = format!(
                            r#"{{"title":"Umzug","message":"{text}","creator":{{"email":"p{person}@example.com"}}}}"#
                        );
                        write("POST", "/socialboards/tickets", &server.socialboards, &body)
                    }
                    Dialect::LiveDesk => {
                        let body = format!(
                            r#"{{"title":"Umzug","description":"{text}","requester":{{"euid":"p{person}"}}}}"#
                        );
                        write("POST", "/api/v2/accounts/tickets", &server.livedesk, &body)
                    }
                }
            }
        }
    }
}

fn text() -> String {
    "Sehr geehrter Kundenservice, k\u{f6}nnten Sie bitte den beiliegenden Z\u{e4}hlerstand eintragen? "
        .repeat(6)
}

fn ticket(more: &str) -> String {
    let body = text();
    format!(
        r#"{{"channel":"email","from":"tom@example.com","to":["service@example.com"],"subject":"Umzug und Zählerstand","body":"<p>{body}</p>","tags":[1,2]{more}}}"#
    )
}

/// Reads one answer and insists on a 200.
async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Result<(), Box<dyn Error>> {
    buffer.clear();
    loop {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the server closed the connection".into());
        }
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(head) = response.parse(buffer)? else { continue };
        let status = response.code.unwrap_or_default();
        let length =
            response.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length: usize =
            std::str::from_utf8(length.ok_or("an answer without a length")?.value)?.parse()?;
        while buffer.len() < head + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err("the server closed the connection".into());
            }
        }
        if status != 200 {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&buffer[head..])).into());
        }
        return Ok(());
    }
}

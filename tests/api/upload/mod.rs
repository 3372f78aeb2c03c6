//! Files: taken, stored once, opened by signed links, and named by tickets.

mod attachments;
mod refused;
mod scanner;
mod served;
mod taken;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use reqwest::Method;

use crate::support::{Client, Reply, Server};

/// The route that takes files.
const PATH: &str = "/api/v2/accounts/upload";
const BOUNDARY: &str = "----a-boundary";

/// A fresh tenant, as its administrator sees it in Mind, and as a program of LiveDesk does.
struct Tenant {
    mind: Client,
    desk: Client,
}

impl std::ops::Deref for Tenant {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.mind
    }
}

async fn uploader(server: &Server) -> Tenant {
    let mind = server.new_tenant().await;
    let key = server.new_api_key(&mind.tenant);
    let desk = mind.with_token(&BASE64_STANDARD.encode(key));
    Tenant { mind, desk }
}

/// A part of a form with a file.
fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    part(&format!("name=\"file\"; filename=\"{name}\""), bytes)
}

/// A part of a form.
fn part(disposition: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: image/png\r\n\r\n"
    );
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

/// A whole form.
fn form(parts: &[Vec<u8>]) -> Vec<u8> {
    [parts.concat(), format!("--{BOUNDARY}--\r\n").into_bytes()].concat()
}

async fn send(tenant: &Tenant, body: Vec<u8>) -> Reply {
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    tenant.desk.raw(Method::POST, PATH, &content_type, body).await
}

/// The link to a file that was just uploaded.
async fn upload(tenant: &Tenant, name: &str, bytes: &[u8]) -> String {
    let answer = send(tenant, form(&[file(name, bytes)])).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.body["data"]["file_url"].as_str().unwrap().to_owned()
}

/// The path and query of a link, for a client of the same server.
fn local(link: &str) -> &str {
    &link[link.find("/files/").unwrap()..]
}

/// How many files of a tenant are stored. Where nothing else arrives, none may be on its way.
fn stored_files(tenant: i64) -> usize {
    let root = crate::support::data_dir().join("uploads");
    let count = |folder: std::path::PathBuf| {
        let entries = |path: std::path::PathBuf| {
            std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path())
        };
        entries(folder).map(|path| if path.is_dir() { entries(path).count() } else { 1 }).sum()
    };
    count(root.join(tenant.to_string()))
}

/// The tenant's number, as its links say it.
fn tenant_of(link: &str) -> i64 {
    local(link).split('/').nth(2).unwrap().parse().unwrap()
}

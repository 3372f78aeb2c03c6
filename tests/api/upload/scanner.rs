//! The virus scanner: a socket that speaks clamd's INSTREAM.

use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

/// A scanner that finds `EICAR`, hangs up on `LARGE`, and says nothing clear to `ODD`; with all that it was sent.
async fn scanner() -> (String, Arc<Mutex<Vec<Vec<u8>>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("tcp://{}", listener.local_addr().unwrap());
    let seen = Arc::<Mutex<Vec<Vec<u8>>>>::default();
    let noted = seen.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let noted = noted.clone();
            tokio::spawn(async move {
                let file = scan(socket).await;
                noted.lock().unwrap().extend(file);
            });
        }
    });
    (url, seen)
}

async fn scan(mut socket: TcpStream) -> Option<Vec<u8>> {
    let mut command = [0; 10];
    socket.read_exact(&mut command).await.ok()?;
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = socket.read_u32().await.ok()?;
        if length == 0 {
            break;
        }
        let mut chunk = vec![0; length as usize];
        socket.read_exact(&mut chunk).await.ok()?;
        file.extend(chunk);
        if file.starts_with(b"LARGE") {
            drop(socket.write_all(b"INSTREAM size limit exceeded. ERROR\0").await);
            return Some(file);
        }
    }
    let verdict: &[u8] = match &file {
        file if file.starts_with(b"EICAR") => b"stream: Eicar-Test-Signature FOUND\0",
        file if file.starts_with(b"ODD") => b"what?\0",
        _ => b"stream: OK\0",
    };
    socket.write_all(verdict).await.ok()?;
    Some(file)
}

#[tokio::test]
async fn every_byte_is_scanned_and_an_infected_file_is_refused() {
    let (url, seen) = scanner().await;
    let server = Server::with(&["--upload-scanner", &url]).await;
    let acme = uploader(&server).await;
    let large: Vec<u8> = (0..1_000_000_u32).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let link = upload(&acme, "clean.bin", &large).await;
    assert_eq!(seen.lock().unwrap().last(), Some(&large));
    for size in [5, 1_000_000] {
        let mut infected = b"EICAR".to_vec();
        infected.resize(size, b'x');
        let refused = send(&acme, form(&[file("a.com", &infected)])).await;
        let message = "the request is not valid: /file the file is infected: Eicar-Test-Signature";
        assert_eq!((refused.status, &refused.body["message"]), (422, &json!(message)));
    }
    assert_eq!(stored_files(tenant_of(&link)), 1);
}

#[tokio::test]
async fn without_a_verdict_a_file_is_not_taken() {
    let (url, _) = scanner().await;
    let server = Server::with(&["--upload-scanner", &url]).await;
    let acme = uploader(&server).await;
    for bytes in [b"ODD".to_vec(), [b"LARGE".to_vec(), vec![0; 3_000_000]].concat()] {
        let refused = send(&acme, form(&[file("a.bin", &bytes)])).await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "1"), "{}", refused.text);
        assert_eq!(refused.body["message"], "the virus scanner is not available at the moment");
    }
    // Nobody listens at the port of a listener that is gone.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = Server::with(&["--upload-scanner", &format!("tcp://{gone}")]).await;
    let acme = uploader(&server).await;
    let refused = send(&acme, form(&[file("a.bin", &vec![0; 3_000_000])])).await;
    assert_eq!((refused.status, &refused.body["code"]), (503, &json!(503)));
}

#[tokio::test]
async fn a_scanner_may_be_a_socket_of_the_file_system() {
    let path = crate::support::data_dir().join("clamd.sock");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let scan = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut sent = vec![0; 10 + 4 + 1 + 4];
        socket.read_exact(&mut sent).await.unwrap();
        socket.write_all(b"stream: OK\0").await.unwrap();
        sent
    });
    let server = Server::with(&["--upload-scanner", &format!("unix://{}", path.display())]).await;
    upload(&uploader(&server).await, "a.txt", b"x").await;
    assert_eq!(scan.await.unwrap(), b"zINSTREAM\0\0\0\0\x01x\0\0\0\0");
}

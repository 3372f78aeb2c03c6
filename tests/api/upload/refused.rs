//! What is refused, and leaves nothing behind.

use super::*;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn a_form_needs_its_file_exactly_once() {
    let acme = uploader(Server::shared()).await;
    for (parts, what) in [
        (vec![], "is missing"),
        (vec![part("name=\"other\"; filename=\"a.txt\"", b"x")], "is missing"),
        (vec![file("a.txt", b"x"), file("b.txt", b"y")], "stands twice"),
    ] {
        let answer = send(&acme, form(&parts)).await;
        let message =
            format!("the request is not valid: /file file {what}: the form needs one file of this name");
        let wanted = json!({ "code": 422, "message": message, "data": null });
        assert_eq!((answer.status, answer.body), (422, wanted));
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_a_400() {
    let acme = uploader(Server::shared()).await;
    let whole = form(&[file("a.txt", b"some text")]);
    let mut bodies: Vec<Vec<u8>> =
        [0, 5, 30, 100, whole.len() - 20, whole.len() - 5].map(|length| whole[..length].to_vec()).to_vec();
    bodies.push(vec![b'x'; 100_000]);
    bodies.push([b"--", BOUNDARY.as_bytes(), b"\r\n", &vec![b'x'; 100_000]].concat());
    bodies.push([b"--", BOUNDARY.as_bytes(), b"more\r\n\r\nx"].concat());
    bodies.push(form(&vec![part("name=\"a\"", b"x"); 200]));
    for body in bodies {
        let length = body.len();
        let answer = send(&acme, body).await;
        assert_eq!((answer.status, &answer.body["code"]), (400, &json!(400)), "{length}");
    }
    let no_boundary = acme.desk.raw(Method::POST, PATH, "multipart/form-data", whole).await;
    assert_eq!(no_boundary.status, 400);
}

#[tokio::test]
async fn another_content_type_is_a_415() {
    let acme = uploader(Server::shared()).await;
    for content_type in ["application/json", "multipart/mixed; boundary=a", "text/plain"] {
        let answer = acme.desk.raw(Method::POST, PATH, content_type, "{}").await;
        assert_eq!(answer.status, 415, "{content_type}");
        assert_eq!(answer.body["message"], "the content type must be multipart/form-data");
    }
}

#[tokio::test]
async fn a_larger_file_is_a_413_and_leaves_nothing_behind() {
    let server = Server::with(&["--max-upload", "1MB"]).await;
    let acme = uploader(&server).await;
    let link = upload(&acme, "fits.bin", &vec![1; 1_000_000]).await;
    for (parts, limit) in [
        (vec![file("a.bin", &vec![2; 1_000_001])], 1_000_000),
        (vec![file("a.bin", &vec![2; 5_000_000])], 1_000_000),
        (vec![file("a.bin", &vec![2; 1_000]), part("name=\"b\"", &vec![3; 66_000])], 1_000_000),
        (vec![part("name=\"b\"", &vec![3; 66_000])], 65_536),
    ] {
        let answer = send(&acme, form(&parts)).await;
        assert_eq!((answer.status, &answer.body["code"]), (413, &json!(413)), "{}", answer.text);
        assert_eq!(answer.body["message"], format!("the request is larger than {limit} bytes"));
    }
    assert_eq!(stored_files(tenant_of(&link)), 1);
}

#[tokio::test]
async fn an_upload_without_credentials_is_a_401() {
    let acme = uploader(Server::shared()).await;
    let nobody = Tenant { desk: acme.without_token(), ..acme };
    assert_eq!(send(&nobody, form(&[file("a.txt", b"x")])).await.status, 401);
}

#[tokio::test]
async fn an_upload_that_stops_half_way_leaves_nothing_behind() {
    let server = Server::with(&["--request-timeout", "1s"]).await;
    let acme = uploader(&server).await;
    let link = upload(&acme, "a.txt", b"kept").await;
    let body = form(&[file("b.bin", &vec![9; 2_000_000])]);
    let head = format!(
        "POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {}\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n",
        acme.desk.authorization(),
        body.len()
    );
    let address = server.url.strip_prefix("http://").unwrap();
    // One client is silent, another leaves.
    let mut silent = tokio::net::TcpStream::connect(address).await.unwrap();
    silent.write_all(head.as_bytes()).await.unwrap();
    silent.write_all(&body[..1_500_000]).await.unwrap();
    let mut gone = tokio::net::TcpStream::connect(address).await.unwrap();
    gone.write_all(head.as_bytes()).await.unwrap();
    gone.write_all(&body[..1_500_000]).await.unwrap();
    drop(gone);
    let mut answer = vec![0; 12];
    silent.read_exact(&mut answer).await.unwrap();
    assert_eq!(answer, b"HTTP/1.1 503");
    assert_eq!(stored_files(tenant_of(&link)), 1);
}

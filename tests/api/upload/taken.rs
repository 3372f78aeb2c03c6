//! What is taken, and how it is kept.

use super::*;
use crate::support::Backdoor;

#[tokio::test]
async fn a_file_is_opened_by_its_link_without_credentials() {
    let server = Server::shared();
    let acme = uploader(server).await;
    let link = upload(&acme, "Zähler 1.txt", b"4711").await;
    assert!(link.starts_with(&server.url), "{link}");
    let seen = server.stranger().get(local(&link)).await;
    assert_eq!((seen.status, &*seen.text), (200, "4711"));
    assert_eq!(seen.header("content-type"), "text/plain; charset=utf-8");
    let name = "inline; filename=\"Z_hler 1.txt\"; filename*=UTF-8''Z%C3%A4hler%201.txt";
    assert_eq!(seen.header("content-disposition"), name);
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    assert_eq!(seen.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(seen.header("cache-control"), "private");
}

#[tokio::test]
async fn the_same_bytes_are_stored_once_and_uploaded_twice() {
    let server = Server::shared();
    let acme = uploader(server).await;
    let small = [upload(&acme, "a.txt", b"same").await, upload(&acme, "b.txt", b"same").await];
    assert_ne!(small[0], small[1]);
    let large = vec![7; 1_000_000];
    upload(&acme, "a.bin", &large).await;
    upload(&acme, "b.bin", &large).await;
    assert_eq!(stored_files(tenant_of(&small[0])), 2);
    let mut door = Backdoor::of_tenant(&acme.tenant).await;
    assert_eq!(door.number("select count(*) from upload").await, 4);
    for (link, name) in small.iter().zip(["a.txt", "b.txt"]) {
        let seen = server.stranger().get(local(link)).await;
        assert!(seen.header("content-disposition").contains(name), "{name}");
    }
}

#[tokio::test]
async fn a_path_as_a_name_loses_its_folders() {
    let server = Server::shared();
    let acme = uploader(server).await;
    for (given, safe) in [
        ("../../../etc/passwd", "passwd"),
        (r"..\..\windows\win.ini", "win.ini"),
        ("/", "file"),
        ("", "file"),
        ("nul", "_nul"),
    ] {
        let link = upload(&acme, given, b"x").await;
        let seen = server.stranger().get(local(&link)).await;
        let disposition = format!("inline; filename=\"{safe}\"; filename*=UTF-8''{safe}");
        assert_eq!((seen.status, seen.header("content-disposition")), (200, &*disposition), "{given}");
    }
}

#[tokio::test]
async fn what_a_client_says_of_the_content_is_not_believed() {
    let server = Server::shared();
    let acme = uploader(server).await;
    // Every part here says that it is image/png.
    for (name, bytes, content_type, shown) in [
        ("a.png", &b"<html><script>alert(1)</script>"[..], "text/html", "attachment"),
        ("a.png", b"<svg onload='alert(1)'/>", "text/plain; charset=utf-8", "inline"),
        ("a.svg", b"<svg onload='alert(1)'/>", "image/svg+xml", "attachment"),
        ("a.txt", b"%PDF-1.7\n", "application/pdf", "inline"),
        ("a.txt", b"\0\0\0\0", "application/octet-stream", "attachment"),
    ] {
        let link = upload(&acme, name, bytes).await;
        let seen = server.stranger().get(local(&link)).await;
        assert_eq!(seen.header("content-type"), content_type, "{name}");
        assert!(seen.header("content-disposition").starts_with(shown), "{name}");
    }
}

#[tokio::test]
async fn other_fields_are_passed_over_and_an_empty_file_is_one() {
    let server = Server::shared();
    let acme = uploader(server).await;
    let parts = [part("name=\"a\"", b"1"), file("e.txt", b""), part("name=\"b\"; filename=\"b.txt\"", b"2")];
    let answer = send(&acme, form(&parts)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let seen = server.stranger().get(local(answer.body["data"]["file_url"].as_str().unwrap())).await;
    assert_eq!((seen.status, &*seen.text, seen.header("content-length")), (200, "", "0"));
}

#[tokio::test]
async fn a_file_that_holds_almost_its_boundary_arrives_whole() {
    let server = Server::shared();
    let acme = uploader(server).await;
    let near = format!("\r\n--{}\r\n\r\r\n-\r\n--", &BOUNDARY[..BOUNDARY.len() - 1]).repeat(20_000);
    let link = upload(&acme, "near.txt", near.as_bytes()).await;
    assert_eq!(server.stranger().get(local(&link)).await.text, near);
}

#[tokio::test]
async fn the_older_paths_take_files_too() {
    let acme = uploader(Server::shared()).await;
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    for path in ["/upload", "/v2/accounts/upload", "/V2/accounts/upload"] {
        let answer = acme.desk.raw(Method::POST, path, &content_type, form(&[file("a.txt", b"x")])).await;
        assert_eq!((answer.status, &answer.body["code"]), (200, &0.into()), "{path}");
    }
}

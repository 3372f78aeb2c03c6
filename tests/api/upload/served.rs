//! How files are served.

use jiff::SignedDuration;

use super::*;

async fn asked(client: &Client, path: &str, headers: &[(&'static str, &str)]) -> Reply {
    client
        .send(Method::GET, path, |request| {
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        })
        .await
}

#[tokio::test]
async fn a_part_of_a_file_is_served() {
    let server = Server::shared();
    let link = upload(&uploader(server).await, "a.txt", b"0123456789").await;
    let stranger = server.stranger();
    let tag = stranger.get(local(&link)).await.header("etag").to_owned();
    for (range, status, text, content_range) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=8-", 206, "89", "bytes 8-9/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
    ] {
        let seen = asked(&stranger, local(&link), &[("range", range), ("if-range", &tag)]).await;
        let shown = (seen.status, &*seen.text, seen.header("content-range"));
        assert_eq!(shown, (status, text, content_range), "{range}");
    }
    let behind = asked(&stranger, local(&link), &[("range", "bytes=10-")]).await;
    assert_eq!((behind.status, behind.header("content-range")), (416, "bytes */10"));
    let other = asked(&stranger, local(&link), &[("range", "bytes=2-4"), ("if-range", "\"other\"")]).await;
    assert_eq!((other.status, &*other.text), (200, "0123456789"));
}

#[tokio::test]
async fn head_says_the_same_and_a_known_file_is_not_sent_again() {
    let server = Server::shared();
    let link = upload(&uploader(server).await, "a.txt", b"0123456789").await;
    let stranger = server.stranger();
    let (get, head) = (
        stranger.get(local(&link)).await,
        stranger.send(Method::HEAD, local(&link), |request| request).await,
    );
    assert_eq!((head.status, &*head.text), (200, ""));
    for name in ["content-type", "content-length", "content-disposition", "etag", "accept-ranges"] {
        assert_eq!(head.header(name), get.header(name), "{name}");
    }
    let known = asked(&stranger, local(&link), &[("if-none-match", get.header("etag"))]).await;
    assert_eq!((known.status, &*known.text, known.header("etag")), (304, "", get.header("etag")));
    let post = stranger.post(local(&link), serde_json::json!({})).await;
    assert_eq!((post.status, post.header("allow")), (405, "GET,HEAD"));
}

#[tokio::test]
async fn a_link_opens_for_a_day() {
    let server = Server::start().await;
    let link = upload(&uploader(&server).await, "a.txt", b"x").await;
    let stranger = server.stranger();
    server.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_mins(1));
    assert_eq!(stranger.get(local(&link)).await.status, 200);
    server.clock.advance(SignedDuration::from_mins(2));
    assert_eq!(stranger.get(local(&link)).await.status, 403);
}

#[tokio::test]
async fn a_link_that_is_wrong_says_nothing_of_the_file() {
    let server = Server::shared();
    let (acme, zeta) = (uploader(server).await, uploader(server).await);
    let (link, other) = (upload(&acme, "a.txt", b"x").await, upload(&zeta, "a.txt", b"x").await);
    let (path, query) = local(&link).split_once('?').unwrap();
    let (other_path, _) = local(&other).split_once('?').unwrap();
    let missing = path.replace(path.split('/').nth(3).unwrap(), &"0".repeat(32));
    let wrong = [
        path.to_owned(),
        format!("{path}?expires=9999999999&signature=AAAA"),
        format!("{path}?{}", query.replace("expires=", "expires=9")),
        format!("{path}?{query}A"),
        format!("{other_path}?{query}"),
        format!("{missing}?{query}"),
        format!("/files/x/y/z?{query}"),
        format!("/files/99999999999999999999/y/z?{query}"),
    ];
    let mut answers = Vec::new();
    for path in &wrong {
        let mut answer = server.stranger().get(path).await;
        assert_eq!(answer.status, 403, "{path}");
        answer.body["requestId"] = "redacted".into();
        answers.push(answer.body);
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    // The name is decoration.
    let renamed = format!("{}/%2e%2e%2fb?{query}", path.rsplit_once('/').unwrap().0);
    assert_eq!(server.stranger().get(&renamed).await.status, 200);
}

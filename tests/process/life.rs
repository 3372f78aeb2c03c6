//! Starting, stopping, being killed and coming back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Home, Pasted, SOON, TICKET, borrow, database};

#[tokio::test]
async fn a_first_start_needs_no_setting_and_no_stop_loses_a_ticket() {
    let home = Home::new();
    let first = home.serve(&[], &[]);
    let pasted = Pasted::from_log(&first.lines());
    assert_eq!(pasted.url, format!("{}{TICKET}", first.url));
    let (status, ticket) = pasted.send().await;
    assert_eq!(status, 200, "{ticket}");
    let (id, subject) = (ticket["id"].as_i64().unwrap(), ticket["subject"].clone());
    let token = pasted.token().to_owned();
    let key = home.path(".tessera/jwt.key");
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);

    // The demo tenant is there, and commands work beside the server.
    assert_eq!(home.run(&["tenant", "list"]).succeeded().out, "demo\n");
    assert_eq!(home.run(&["tenant", "create", "acme"]).succeeded().out, "acme\n");
    let acme = home.run(&["token", "--tenant", "acme"]).succeeded().out;
    let moved = first.create(acme.trim_end(), "Moved").await;
    first.stop("INT");
    home.assert_no_process_left();

    let second = home.serve(&[], &["serve"]);
    assert_eq!(second.subject(&token, id).await, subject, "a token outlives a restart, and so does a ticket");
    assert_eq!(Pasted::from_log(&second.lines()).send().await.0, 200);
    let last = second.create(&token, "Just before the end").await;
    second.kill();

    let third = home.serve(&[], &[]);
    assert_eq!(third.subject(&token, id).await, subject);
    assert_eq!(third.subject(&token, last).await, "Just before the end");
    assert_eq!(third.subject(acme.trim_end(), moved).await, "Moved");
    third.stop("TERM");
    home.assert_no_process_left();

    // And without the server.
    assert_eq!(home.run(&["tenant", "list"]).succeeded().out, "acme\ndemo\n");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_private_database_that_was_killed_comes_back_with_every_ticket() {
    let home = Home::new();
    let server = home.serve(&[], &[]);
    let token = Pasted::from_log(&server.lines()).token().to_owned();
    let id = server.create(&token, "Still there").await;
    let pid_file = fs::read_to_string(home.path(".tessera/postgres/data/postmaster.pid")).unwrap();
    let postgres = pid_file.lines().next().unwrap().to_owned();

    assert!(Command::new("kill").args(["-KILL", &postgres]).status().unwrap().success());

    let start = Instant::now();
    while server.status_for(&token).await != 200 || Path::new("/proc").join(&postgres).join("exe").exists() {
        assert!(start.elapsed() < SOON, "the database does not come back: {:?}", server.lines());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(server.subject(&token, id).await, "Still there");
    server.stop("TERM");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_second_process_is_a_guest_of_the_first_and_takes_over_when_it_ends() {
    let home = Home::new();
    let owner = home.serve(&[], &[]);
    let guest = home.serve(&[], &[]);
    let token = Pasted::from_log(&guest.lines()).token().to_owned();
    let id = owner.create(&token, "Seen by both").await;
    assert_eq!(guest.subject(&token, id).await, "Seen by both");

    owner.stop("TERM");
    let start = Instant::now();
    while guest.status_for(&token).await != 200 {
        assert!(start.elapsed() < SOON, "the guest does not recover: {:?}", guest.lines());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(guest.subject(&token, id).await, "Seen by both");
    guest.create(&token, "Alone").await;
    guest.stop("TERM");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_command_on_an_empty_data_dir_makes_the_database_and_stops_it_again() {
    let home = Home::new();
    let data = home.path("here");
    let dir = data.to_str().unwrap();
    assert_eq!(home.run(&["tenant", "create", "acme", "--data-dir", dir]).succeeded().out, "acme\n");
    home.assert_no_process_left();
    assert_eq!(home.run_with(&[("TESSERA_DATA_DIR", dir)], &["tenant", "list"]).succeeded().out, "acme\n");
    home.assert_no_process_left();
    assert!(!home.path(".tessera").exists());
}

#[tokio::test]
async fn with_a_database_url_there_is_no_cluster_of_our_own() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let serving = home.serve(&env, &[]);
    assert!(!home.path(".tessera/postgres").exists());
    assert_eq!(home.run_with(&env, &["tenant", "list"]).succeeded().out, "", "no tenant is made unasked");
    assert!(!serving.lines().iter().any(|line| line.contains("curl")), "{:?}", serving.lines());

    home.run_with(&env, &["tenant", "create", "acme"]).succeeded();
    let token = home.run_with(&env, &["token", "--tenant", "acme"]).succeeded().out;
    let id = serving.create(token.trim_end(), "Kept elsewhere").await;
    serving.stop("TERM");
    let again = home.serve(&env, &[]);
    assert_eq!(again.subject(token.trim_end(), id).await, "Kept elsewhere");
    again.stop("INT");
    home.assert_no_process_left();
}

#[tokio::test]
async fn a_request_under_way_is_answered_before_the_end_and_an_idle_connection_holds_nothing_up() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let serving = home.serve(&env, &[]);
    home.run_with(&env, &["tenant", "create", "acme"]).succeeded();
    let token = home.run_with(&env, &["token", "--tenant", "acme"]).succeeded().out;
    let address = serving.url.strip_prefix("http://").unwrap().to_owned();

    // One that never says anything, one that rests between two requests, and one in the middle of its body.
    let _silent = TcpStream::connect(&address).await.unwrap();
    let resting = reqwest::Client::new();
    assert_eq!(resting.get(format!("{}/health/live", serving.url)).send().await.unwrap().status(), 200);
    let body = r#"{"channel":"email","subject":"Late"}"#;
    let head = format!(
        "POST {TICKET} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        token.trim_end(),
        body.len()
    );
    let mut late = TcpStream::connect(&address).await.unwrap();
    late.write_all(head.as_bytes()).await.unwrap();
    let mut buffer = [0; 1024];
    // "100 Continue" says that the server waits for the body.
    let read = late.read(&mut buffer).await.unwrap();
    assert!(buffer[..read].starts_with(b"HTTP/1.1 100"), "{}", String::from_utf8_lossy(&buffer[..read]));

    let start = Instant::now();
    serving.signal("TERM");
    while TcpStream::connect(&address).await.is_ok() {
        assert!(start.elapsed() < SOON, "it still takes connections");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    late.write_all(body.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    late.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Late"), "{answer}");
    let mut serving = serving;
    assert_eq!(serving.ended(), Some(0));
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "an idle connection held it up: {:?}",
        start.elapsed()
    );
}

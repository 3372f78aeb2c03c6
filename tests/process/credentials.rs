//! `tessera api-key` and `tessera refresh-token`.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::Value;

use super::{Home, Serving, borrow, database, number};

/// The two commands, and what stands between id and secret.
const COMMANDS: [(&str, char, &str); 2] = [
    ("api-key", ':', "name\tkey\tcreated_at\tlast_used_at"),
    ("refresh-token", ' ', "name\tclient_id\tcreated_at\tlast_used_at"),
];

async fn livedesk(serving: &Serving, key: &str) -> u16 {
    let url = format!("{}/api/v2/accounts/tickets/tk_20200101_nothing", serving.url);
    let authorization = format!("Basic {}", BASE64_STANDARD.encode(key));
    let request = reqwest::Client::new().get(url).header("authorization", authorization);
    request.send().await.unwrap().status().as_u16()
}

async fn socialboards(serving: &Serving, client: &str, token: &str) -> (u16, String) {
    let form = [("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token)];
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = reqwest::Client::new()
        .post(format!("{}/socialboards/token", serving.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form);
    let reply = request.send().await.unwrap();
    let status = reply.status().as_u16();
    let body: Value = reply.json().await.unwrap();
    (status, body["access_token"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_credential_is_shown_once_listed_without_its_secret_and_revoked() {
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args);
    for slug in ["acme", "zeta"] {
        run(&["tenant", "create", slug]).succeeded();
    }
    for (command, between, header) in COMMANDS {
        let create = |tenant: &str, name: &str| run(&[command, "create", "--tenant", tenant, "--name", name]);
        let list = |tenant: &str| run(&[command, "list", "--tenant", tenant]).succeeded().out;
        let revoke = |tenant: &str, name: &str| run(&[command, "revoke", "--tenant", tenant, "--name", name]);
        assert_eq!(list("acme"), format!("{header}\n"));

        let made = create("acme", "Portal 2").succeeded();
        assert_eq!(made.err, "");
        let line = made.out.strip_suffix('\n').unwrap().to_owned();
        let (id, secret) = line.split_once(between).unwrap();
        assert!(!line.contains('\n') && id.is_ascii() && secret.len() == 43, "{line}");
        assert!(!secret.contains([' ', ':']) && !id.contains([' ', ':']), "{line}");
        create("acme", "Portal 2").failed_with(&["acme", "Portal 2"]);
        create("acme", "Another").succeeded();
        // The same name elsewhere is another's.
        create("zeta", "Portal 2").succeeded();

        let listed = list("acme");
        let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
        assert_eq!(lines.len(), 3, "{listed}");
        assert_eq!((lines[1][0], lines[2][0]), ("Another", "Portal 2"));
        assert_eq!((lines[2][1], lines[2][3]), (id, "never"));
        assert!(lines[2][2].parse::<jiff::Timestamp>().is_ok(), "{listed}");
        assert!(!listed.contains(secret));
        let stored = format!("select count(*) from credential c where to_jsonb(c)::text like '%{secret}%'");
        assert_eq!(number(&url, &stored).await, 0);

        assert_eq!(revoke("zeta", "Portal 2").succeeded().out, "");
        revoke("zeta", "Portal 2").failed_with(&["zeta", "Portal 2"]);
        revoke("acme", "nobody").failed_with(&["acme", "nobody"]);
        assert_eq!(list("zeta"), format!("{header}\n"));
        assert_eq!(list("acme"), listed, "another tenant's stays");
        // A revoked one's name is free.
        create("zeta", "Portal 2").succeeded();

        for name in ["", " ", "a\nb", "a\tb", " a", &"a".repeat(201)] {
            create("acme", name).failed_with(&["is no name"]);
        }
        create("nobody", "A").failed_with(&["nobody"]);
        revoke("nobody", "A").failed_with(&["nobody"]);
        run(&[command, "list", "--tenant", "nobody"]).failed_with(&["nobody"]);
    }
}

#[tokio::test]
async fn a_credential_works_while_the_server_runs_and_no_log_tells_its_secret() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args).succeeded().out;
    run(&["tenant", "create", "acme"]);
    let serving = home.serve(&[&env[..], &[("TESSERA_LOG", "trace")]].concat(), &[]);
    let named = ["--tenant", "acme", "--name", "Portal"];
    let key = run(&[&["api-key", "create"], &named[..]].concat()).trim_end().to_owned();
    let pair = run(&[&["refresh-token", "create"], &named[..]].concat()).trim_end().to_owned();
    let (client, token) = pair.split_once(' ').unwrap();

    assert_eq!(livedesk(&serving, &key).await, 404, "let in, and told that there is no such ticket");
    let (status, access) = socialboards(&serving, client, token).await;
    assert_eq!(status, 200);
    let tags = async || serving.send("GET", "/socialboards/tags", &access, None).await.0;
    assert_eq!(tags().await, 200);
    assert_eq!(livedesk(&serving, &format!("{key}x")).await, 401);
    for command in ["api-key", "refresh-token"] {
        let listed = run(&[command, "list", "--tenant", "acme"]);
        assert!(!listed.contains("never"), "its last use is shown: {listed}");
        run(&[&[command, "revoke"], &named[..]].concat());
    }
    let start = Instant::now();
    while (livedesk(&serving, &key).await, tags().await) != (401, 401) {
        assert!(start.elapsed() < Duration::from_secs(5), "what is revoked is still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(socialboards(&serving, client, token).await.0, 400);

    let lines = serving.lines();
    assert!(lines.iter().any(|line| line.contains("a request was answered")), "the log is detailed");
    let secret = key.split_once(':').unwrap().1;
    for hidden in [secret, token, &access, &BASE64_STANDARD.encode(&key)] {
        assert!(!lines.iter().any(|line| line.contains(hidden)), "{hidden}");
    }
    serving.stop("TERM");
}

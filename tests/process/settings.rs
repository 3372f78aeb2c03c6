//! Flags, variables and what is said of bad ones.

use std::fs;

use serde_json::{Value, json};

use super::{Done, Home, SECRET, Serving, TICKET, borrow, database, wait_until};

#[tokio::test]
async fn the_help_names_every_setting() {
    let help = Home::new().run(&["--help"]).succeeded().out;
    for name in [
        "DATABASE_URL",
        "TESSERA_DATA_DIR",
        "TESSERA_LISTEN",
        "TESSERA_JWT_SECRET",
        "TESSERA_JWKS_URL",
        "TESSERA_JWT_ISSUER",
        "TESSERA_JWT_AUDIENCE",
        "TESSERA_WORKERS",
        "TESSERA_JOB_RETENTION",
        "TESSERA_LOG",
        "TESSERA_LOG_FORMAT",
        "TESSERA_PUBLIC_URL",
        "TESSERA_PG_BIN_DIR",
        "TESSERA_PG_RUN_AS",
        "TESSERA_PG_URL",
        "TESSERA_PG_SHA256",
        "TESSERA_MAX_BODY",
        "TESSERA_MAX_HEADERS",
        "TESSERA_MAX_BULK",
        "TESSERA_POOL",
        "TESSERA_ACQUIRE_TIMEOUT",
        "TESSERA_LOCK_TIMEOUT",
        "TESSERA_STATEMENT_TIMEOUT",
        "TESSERA_REQUEST_TIMEOUT",
    ] {
        let flag = format!("--{}", name.trim_start_matches("TESSERA_").to_lowercase().replace('_', "-"));
        assert!(help.contains(&format!("[env: {name}")), "{name}");
        assert!(help.contains(&flag), "{flag}");
    }
    for command in ["serve", "migrate", "tenant", "token", "demo", "jobs", "openapi"] {
        assert!(help.contains(&format!("  {command} ")), "{command}");
    }
}

#[tokio::test]
async fn the_help_shows_no_secret() {
    let home = Home::new();
    let env = [("DATABASE_URL", "postgres://me:hidden-one@host/db"), ("TESSERA_JWT_SECRET", "hidden-two")];
    let help = home.run_with(&env, &["--help"]).succeeded();
    assert!(!help.out.contains("hidden-") && !help.err.contains("hidden-"));
}

#[tokio::test]
async fn a_server_that_cannot_start_says_why_in_one_sentence() {
    let home = Home::new();
    let (_, env) = database().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let with = |name: &str, value: &str| {
        let mut command = home.command(&[]);
        command.env("TESSERA_LISTEN", "127.0.0.1:0").envs(borrow(&env)).env(name, value);
        Done::of(&command.output().unwrap())
    };
    with("TESSERA_LISTEN", &address).failed_with(&["cannot listen on", &address]);
    with("TESSERA_JWT_SECRET", "thirty-one bytes are not enough").failed_with(&["TESSERA_JWT_SECRET", "32"]);
    with("TESSERA_LOG", "tessera=[").failed_with(&["TESSERA_LOG"]);
    with("TESSERA_LISTEN", "nonsense").failed_with(&["nonsense", "--listen"]);
    with("TESSERA_LOCK_TIMEOUT", "soon").failed_with(&["soon", "--lock-timeout"]);
}

#[tokio::test]
async fn an_empty_variable_is_an_unset_one() {
    let home = Home::new();
    let env = [("DATABASE_URL", ""), ("TESSERA_JWT_SECRET", ""), ("TESSERA_PUBLIC_URL", "")];
    assert_eq!(home.run_with(&env, &["tenant", "list"]).succeeded().out, "");
    assert!(home.path(".tessera/postgres").exists());
}

#[tokio::test]
async fn a_database_url_that_does_not_work_is_named_without_its_password() {
    let home = Home::new();
    for url in [
        "not a url",
        "postgres://",
        "mysql://me:hidden-one@127.0.0.1/db",
        "postgres://me:hidden-one@127.0.0.1:99999/db",
        "postgres://me:hidden-one@127.0.0.1:1/db",
        "postgres://me:hidden-one@%2Fnowhere/db",
    ] {
        for args in [&[][..], &["tenant", "list"]] {
            let env =
                [("DATABASE_URL", url), ("TESSERA_LISTEN", "127.0.0.1:0"), ("TESSERA_JWT_SECRET", SECRET)];
            let done = home.run_with(&env, args);
            done.failed_with(&[]);
            assert!(done.err.to_lowercase().contains("database"), "{done:?}");
            assert!(!done.err.contains("hidden-one"), "{done:?}");
        }
    }
}

#[tokio::test]
async fn without_postgresql_one_error_names_the_three_ways_out() {
    let home = Home::new();
    let empty = home.path("empty");
    fs::create_dir(&empty).unwrap();
    let env = [("TESSERA_PG_BIN_DIR", empty.to_str().unwrap()), ("TESSERA_LISTEN", "127.0.0.1:0")];
    for args in [&[][..], &["migrate"]] {
        let done = home.run_with(&env, args);
        done.failed_with(&["install", "DATABASE_URL", "docker compose up"]);
    }
    home.assert_no_process_left();
}

#[tokio::test]
async fn json_logs_are_one_object_a_line() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let env = [url, secret, ("TESSERA_LOG_FORMAT", "json"), ("TESSERA_LOG", "debug")];
    let serving = home.serve(&env, &[]);
    assert_eq!(serving.status_for("nonsense").await, 401);
    wait_until("the request is logged", || serving.lines().iter().any(|line| line.contains("/api/mind/tag")));
    let said = serving.said.clone();
    serving.stop("TERM");
    let mut events = 0;
    for line in said.lock().unwrap().iter().filter(|line| !line.starts_with("listening on ")) {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}"));
        assert!(event["message"].is_string() && event["level"].is_string(), "{line}");
        events += 1;
    }
    assert!(events > 0);
}

#[tokio::test]
async fn a_silent_log_still_says_where_it_listens() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let serving = home.serve(&[url, secret, ("TESSERA_LOG", "off")], &[]);
    let said = serving.said.clone();
    let wanted = format!("listening on {}", serving.url);
    serving.stop("TERM");
    assert_eq!(*said.lock().unwrap(), [wanted]);
}

#[tokio::test]
async fn a_flag_wins_over_its_variable() {
    let home = Home::new();
    let (_, env) = database().await;
    let [url, secret] = borrow(&env);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap().to_string();
    let env = [url, secret, ("TESSERA_MAX_BODY", "10MB"), ("TESSERA_LISTEN", &*taken)];
    let mut command = home.command(&["serve", "--max-body", "100", "--listen", "127.0.0.1:0"]);
    command.envs(env);
    let serving = Serving::start(command);
    home.run_with(&env[..2], &["tenant", "create", "acme"]).succeeded();
    let admin = home.run_with(&env[..2], &["token", "--tenant", "acme"]).succeeded().out;
    let body = json!({ "channel": "email", "subject": "x".repeat(100) });
    let (status, problem) = serving.send("POST", TICKET, admin.trim_end(), Some(body)).await;
    assert_eq!((status, &problem["code"]), (413, &json!("too_large")));
    assert!(problem["detail"].as_str().unwrap().contains("100"), "{problem}");
    serving.stop("TERM");
}

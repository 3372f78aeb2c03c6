//! The commands beside `serve`.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Home, TICKET, borrow, claims, database, number};

#[tokio::test]
async fn a_tenant_is_created_once_and_disabled_and_enabled() {
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args);

    let made = run(&["tenant", "create", "acme", "--name", "Acme Ltd"]).succeeded();
    assert_eq!((&*made.out, &*made.err), ("acme\n", ""));
    let again = run(&["tenant", "create", "acme", "--name", "Another"]).succeeded();
    assert_eq!(again.out, "acme\n");
    assert!(again.err.contains("acme") && again.err.contains("exists"), "{}", again.err);
    assert_eq!(number(&url, "select count(*) from tenant where name = 'Acme Ltd'").await, 1);
    let longest = "a".repeat(63);
    for slug in ["zeta-1", "0", &longest] {
        assert_eq!(run(&["tenant", "create", slug]).succeeded().out, format!("{slug}\n"));
    }
    assert_eq!(run(&["tenant", "list"]).succeeded().out, format!("0\n{longest}\nacme\nzeta-1\n"));

    // What a new tenant has: contract "Defaults of a new tenant".
    let of_acme = "where tenant_id = (select id from tenant where slug = 'acme')";
    for (what, wanted) in [("agent", 1), ("subchannel", 5), ("tag", 1)] {
        assert_eq!(number(&url, &format!("select count(*) from {what} {of_acme}")).await, wanted, "{what}");
    }

    let serving = home.serve(&env, &[]);
    let token = run(&["token", "--tenant", "acme"]).succeeded().out;
    let other = run(&["token", "--tenant", "zeta-1"]).succeeded().out;
    assert_eq!(serving.status_for(token.trim_end()).await, 200);
    let disabled = run(&["tenant", "disable", "acme"]).succeeded();
    assert_eq!((&*disabled.out, &*disabled.err), ("", ""));
    let start = Instant::now();
    while serving.status_for(token.trim_end()).await != 401 {
        assert!(start.elapsed() < Duration::from_secs(5), "a disabled tenant is still let in");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(serving.status_for(other.trim_end()).await, 200);
    run(&["tenant", "disable", "acme"]).succeeded();
    run(&["tenant", "enable", "acme"]).succeeded();
    assert_eq!(serving.status_for(token.trim_end()).await, 200);
    serving.stop("TERM");

    for verb in ["disable", "enable"] {
        run(&["tenant", verb, "nobody"]).failed_with(&["nobody"]);
    }
    let too_long = "a".repeat(64);
    for slug in ["", "Acme", "-acme", "a_b", "a b", "ä", "a/b", "a\n", &too_long] {
        run(&["tenant", "create", "--", slug]).failed_with(&["is no slug"]);
    }
}

#[tokio::test]
async fn a_token_speaks_for_whom_the_command_names() {
    let home = Home::new();
    let (_, env) = database().await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, args);
    run(&["tenant", "create", "acme"]).succeeded();
    let serving = home.serve(&env, &[]);
    let token = |args: &[&str]| {
        let done = run(&[&["token", "--tenant", "acme"], args].concat()).succeeded();
        assert_eq!((done.out.lines().count(), &*done.err), (1, ""), "the token alone");
        done.out.trim_end().to_owned()
    };

    let admin = token(&[]);
    let person = json!({ "email": "Eva@Example.com", "firstName": "Eva", "role": "agent" });
    let (status, made) = serving.send("POST", "/api/mind/profile", &admin, Some(person)).await;
    assert_eq!(status, 200, "{made}");
    let (first, eva) = (claims(&admin)["userId"].clone(), made["id"].clone());

    let says = |token: &str| {
        let claims = claims(token);
        let ttl = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert_eq!(claims["tenant"], "acme");
        (claims["sub"].clone(), claims["role"].clone(), claims["userId"].clone(), ttl)
    };
    let named = |id: &Value, role: &str, ttl| (json!(id.to_string()), json!(role), id.clone(), ttl);
    let eva_id = eva.to_string();
    let cases: [(&[&str], _); 7] = [
        (&[], named(&first, "admin", 3600)),
        (&["--role", "agent"], named(&first, "agent", 3600)),
        (&["--agent", &eva_id], named(&eva, "admin", 3600)),
        (&["--agent", "eva@example.COM", "--role", "agent"], named(&eva, "agent", 3600)),
        (&["--agent", &eva_id, "--role", "integration"], named(&eva, "integration", 3600)),
        (&["--role", "integration"], (json!("integration:cli"), json!("integration"), Value::Null, 3600)),
        (&["--ttl", "2m"], named(&first, "admin", 120)),
    ];
    for (args, wanted) in cases {
        let token = token(args);
        assert_eq!(says(&token), wanted, "{args:?}");
        assert_eq!(serving.status_for(&token).await, 200, "{args:?}");
    }
    // What is stored bounds what the token allows.
    let tag = json!({ "name": "Move", "type": "skill" });
    let (status, _) = serving.send("POST", "/api/mind/tag", &token(&["--agent", &eva_id]), Some(tag)).await;
    assert_eq!(status, 403);
    serving.stop("TERM");

    run(&["token", "--tenant", "nobody"]).failed_with(&["nobody"]);
    run(&["token", "--tenant", "nobody", "--role", "integration"]).failed_with(&["nobody"]);
    run(&["token", "--tenant", "acme", "--agent", "999999"]).failed_with(&["999999"]);
    run(&["token", "--tenant", "acme", "--agent", "nobody@example.com"]).failed_with(&["nobody@example.com"]);
}

#[tokio::test]
async fn the_demo_is_topped_up_and_again_changes_nothing() {
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let everything =
        "select (select count(*) from ticket) * 1000000000 + (select count(*) from customer) * 1000000
        + (select count(*) from tag) * 10000 + (select count(*) from agent) * 100
        + (select count(*) from subchannel)";
    let found_by = "select (select count(*) from directory_key) * 100 + (select count(*) from ai_agent)";
    home.run_with(&env, &["demo"]).succeeded();
    assert_eq!(number(&url, "select count(*) from ticket").await, 50);
    let (before, keys) = (number(&url, everything).await, number(&url, found_by).await);
    assert_eq!(number(&url, "select count(*) from ai_agent where tag_id is not null").await, 6);
    let keyless = "select count(*) from contract c where not exists (
        select from directory_key k where k.tenant_id = c.tenant_id and k.contract_id = c.id)";
    assert_eq!(number(&url, keyless).await, 0, "every contract can be found");
    let keyless = "select count(*) from customer c where not exists (
        select from directory_key k where k.tenant_id = c.tenant_id and k.customer_id = c.id and k.contract_id = '')";
    assert_eq!(number(&url, keyless).await, 0, "and every customer");
    let silent = "select count(*) from tag where json_array_length(detection_details -> 'keywords') > 0";
    assert_eq!(number(&url, silent).await, 7, "and every matter");
    home.run_with(&env, &["demo"]).succeeded();
    home.run_with(&env, &["demo", "--tickets", "20"]).succeeded();
    assert_eq!((number(&url, everything).await, number(&url, found_by).await), (before, keys));

    home.run_with(&env, &["demo", "--tickets", "1200"]).succeeded();
    assert_eq!(number(&url, "select count(*) from ticket").await, 1200);
    let newest = "select count(*) from (select * from ticket order by created_at desc limit 100) t
        join contract c on c.tenant_id = t.tenant_id and c.customer_id = t.customer_id and c.id = t.contract_id";
    assert!(number(&url, newest).await > 0, "the newest tickets name customers who have contracts");
    let newest = newest.replace("created_at desc", "id desc");
    assert!(number(&url, &newest).await > 0, "whatever newest means");
    assert_eq!(number(&url, "select count(*) from ticket where created_at > now()").await, 0);

    // As a client sees one of them.
    let id = number(&url, "select max(id) from ticket where customer_id is not null").await;
    let serving = home.serve(&env, &[]);
    let token = home.run_with(&env, &["token", "--tenant", "demo"]).succeeded().out;
    let (status, ticket) = serving.send("GET", &format!("{TICKET}/{id}"), token.trim_end(), None).await;
    assert_eq!(status, 200, "{ticket}");
    assert!(ticket["customer"]["contracts"].as_array().is_some_and(|all| !all.is_empty()), "{ticket:#}");
    assert!(ticket["tags"].as_array().is_some_and(|all| !all.is_empty()), "{ticket:#}");
    serving.stop("TERM");
}

#[tokio::test]
async fn migrate_brings_the_schema_up_to_date_and_says_nothing() {
    let home = Home::new();
    let (url, env) = database().await;
    for _ in 0..2 {
        let done = home.run_with(&borrow(&env), &["migrate"]).succeeded();
        assert_eq!((&*done.out, &*done.err), ("", ""));
        assert_eq!(number(&url, "select count(*) from ticket").await, 0);
    }
    assert!(!home.path(".tessera").exists());
}

#[tokio::test]
async fn the_document_is_printed_without_a_database() {
    let home = Home::new();
    let mind = include_str!("../../openapi/mind.json");
    for (args, committed) in [
        (&["openapi"][..], mind),
        (&["openapi", "mind"], mind),
        (&["openapi", "socialboards"], include_str!("../../openapi/socialboards.json")),
        (&["openapi", "livedesk"], include_str!("../../openapi/livedesk.json")),
    ] {
        let printed = home.run(args).succeeded();
        assert!(printed.out == committed, "{args:?} is not what is printed");
    }
    assert_eq!(fs::read_dir(&home.0).unwrap().count(), 0, "it writes nothing");
}

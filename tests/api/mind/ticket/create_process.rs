use reqwest::Method;
use serde_json::json;

use crate::mind::stored::{jobs, number};
use crate::support::Server;

const PATH: &str = "/api/mind/ticket";

#[tokio::test]
async fn process_decides_what_becomes_of_the_analysis_and_the_query_wins() {
    let cases = [
        ("", json!({}), "queued"),
        ("", json!({ "process": null }), "queued"),
        ("", json!({ "process": "batch" }), "queued"),
        ("", json!({ "process": "realtime" }), "done"),
        ("", json!({ "process": "false" }), "deferred"),
        ("", json!({ "process": false }), "deferred"),
        ("?process=batch", json!({}), "queued"),
        ("?process=realtime", json!({ "process": false }), "done"),
        ("?process=false", json!({ "process": "realtime" }), "deferred"),
        ("?process=", json!({ "process": "realtime" }), "done"),
        ("?fullData=false", json!({}), "queued"),
    ];
    for (query, members, processing) in cases {
        let acme = Server::shared().new_tenant().await;
        let mut body = json!({ "channel": "email" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());

        let made = acme.post(&format!("{PATH}{query}"), body).await;

        assert_eq!(made.status, 200, "{query} {members}: {}", made.text);
        assert_eq!(made.header("tessera-processing"), processing, "{query} {members}");
        assert_eq!(made.body["aiSupportLevel"], if processing == "done" { "human" } else { "unprocessed" });
        assert_eq!(made.warnings().len(), 0);
        let waits = json!({
            "kind": "analyze_ticket", "scope": ["message"], "lane": "background", "state": "available",
        });
        let expected = if processing == "queued" { vec![waits] } else { vec![] };
        assert_eq!(jobs(&acme).await, expected, "{query} {members}");
    }
}

#[tokio::test]
async fn an_unknown_process_is_refused_where_it_stands() {
    let acme = Server::shared().new_tenant().await;
    let query = acme.post(&format!("{PATH}?process=later"), json!({ "channel": "email" })).await;
    assert_eq!((query.status, query.pointers()), (422, vec!["?process"]));
    for process in [json!("later"), json!(true), json!(1)] {
        let body = acme.post(PATH, json!({ "channel": "email", "process": process })).await;
        assert_eq!((body.status, body.pointers()), (422, vec!["/process"]));
    }
    let body = br#"{"channel":"email","process":"x"}"#.to_vec();
    let both = acme.raw(Method::POST, &format!("{PATH}?process=x"), "application/json", body).await;
    assert_eq!(both.pointers(), ["?process", "/process"]);
    assert_eq!(number(&acme, "select count(*) from ticket").await, 0);
}

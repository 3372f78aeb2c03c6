use reqwest::Method;
use serde_json::{Value, json};

use crate::mind::stored::{jobs, number};
use crate::support::Server;

const PATH: &str = "/api/mind/ticket";

#[tokio::test]
async fn process_decides_which_job_is_written_and_the_query_wins() {
    let cases = [
        ("", json!({}), Some("background")),
        ("", json!({ "process": null }), Some("background")),
        ("", json!({ "process": "batch" }), Some("background")),
        ("", json!({ "process": "realtime" }), Some("interactive")),
        ("", json!({ "process": "false" }), None),
        ("", json!({ "process": false }), None),
        ("?process=batch", json!({}), Some("background")),
        ("?process=realtime", json!({ "process": false }), Some("interactive")),
        ("?process=false", json!({ "process": "realtime" }), None),
        ("?process=", json!({ "process": "realtime" }), Some("interactive")),
        ("?fullData=false", json!({}), Some("background")),
    ];
    for (query, members, lane) in cases {
        let acme = Server::shared().new_tenant().await;
        let mut body = json!({ "channel": "email" });
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());

        let made = acme.post(&format!("{PATH}{query}"), body).await;

        assert_eq!(made.status, 200, "{query} {members}: {}", made.text);
        assert_eq!(made.body["aiSupportLevel"], "unprocessed");
        assert_eq!(made.warnings().len(), 0);
        let expected: Vec<Value> = lane
            .iter()
            .map(|lane| {
                json!({ "kind": "analyze_ticket", "scope": ["full"], "lane": lane, "state": "available" })
            })
            .collect();
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

//! Messages that were written to be a nuisance.

use std::time::{Duration, Instant};

use serde_json::json;

use super::furnish;
use crate::support::Server;

/// Far more than any takes, in a build that is not optimised.
const SOON: Duration = Duration::from_secs(9);

#[tokio::test]
async fn hostile_bodies_are_analysed_within_the_deadline() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    furnish(&acme).await;
    let bodies = [
        ("nine megabytes of HTML", "<p>Mein Zählerstand ist 12.431 kWh.</p>".repeat(220_000)),
        ("one long word", "ä".repeat(2_500_000)),
        ("one long number", "7".repeat(5_000_000)),
        (
            "nested tables",
            format!("{}x{}", "<table><tr><td>".repeat(10_000), "</td></tr></table>".repeat(10_000)),
        ),
        ("tags without end", "<a href=\"".repeat(500_000)),
        ("control characters", "\u{1}\u{7}\u{1b}[31m\u{200b}\u{feff}\u{202e}".repeat(200_000)),
        ("a regex's nightmare", format!("{}!", "a".repeat(100_000)).repeat(20)),
        ("quotes in quotes", (0..5_000).map(|depth| ">".repeat(depth % 500) + " x\n").collect()),
        ("addresses", "a@b.de ".repeat(700_000)),
        ("headers", "Von: a\nGesendet: b\nAn: c\nBetreff: d\n".repeat(100_000)),
    ];
    for (what, body) in bodies {
        let began = Instant::now();
        let push = json!({ "channel": "email", "from": "tom@mustermann.de", "subject": body.chars().take(9_000).collect::<String>(), "body": body });
        let made = acme.post("/api/mind/ticket?process=realtime", push).await;
        let took = began.elapsed();
        assert_eq!((made.status, made.header("tessera-processing")), (200, "done"), "{what}");
        assert!(took < SOON, "{what} took {took:?}");
        assert!(made.body["summary"].as_str().unwrap().chars().count() <= 140, "{what}");
    }
}

#[tokio::test]
async fn headers_that_are_no_headers_are_passed_over() {
    let server = Server::alone().await;
    let acme = server.new_tenant().await;
    for headers in
        [json!(null), json!([]), json!("x"), json!({ "Auto-Submitted": 7, "X-Spam-Flag": [{}, null, 1] })]
    {
        let push =
            json!({ "channel": "email", "body": "Where is my parcel?", "rawData": { "headers": headers } });
        let made = acme.post("/api/mind/ticket?process=realtime", push).await;
        assert_eq!((made.status, &made.body["spamStatus"]), (200, &json!("auto_clean")), "{}", made.text);
    }
}

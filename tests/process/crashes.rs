//! Workers that die at any moment.

use std::time::Duration;

use super::{Home, TICKET, borrow, database, number, wait_until};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_leave_every_effect_there_once() {
    const TICKETS: usize = 200;
    let home = Home::new();
    let (url, env) = database().await;
    let env = borrow(&env);
    let front = home.serve(&env, &["--workers", "0"]);
    home.run_with(&env, &["tenant", "create", "acme"]).succeeded();
    let token = home.run_with(&env, &["token", "--tenant", "acme"]).succeeded().out;
    let token = token.trim_end();
    for number in 0..TICKETS {
        let body = json!({
            "channel": "email", "from": "tom@mustermann.de", "subject": format!("Question {number}"),
            "body": "<p>Dear team,</p><p>why is my last invoice so high? Please look into it.</p>",
        });
        let (status, ticket) = front.send("POST", TICKET, token, Some(body)).await;
        assert_eq!(status, 200, "{ticket}");
    }

    for _ in 0..20 {
        let worker = home.serve(&env, &["--workers", "4"]);
        // At any moment of its first second and a half.
        let moment = 6 * u64::from(uuid::Uuid::new_v4().as_bytes()[0]);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        worker.kill();
    }
    let last = home.serve(&env, &["--workers", "4"]);
    let (runtime, pending) = (tokio::runtime::Handle::current(), "select count(*) from job");
    tokio::task::block_in_place(|| {
        wait_until("every job is done", || runtime.block_on(number(&url, pending)) == 0);
    });

    let once = "select count(*) from (
        select ticket_id from activity where kind = 'analysed' group by ticket_id having count(*) = 1
    ) t";
    assert_eq!(number(&url, once).await, 200);
    assert_eq!(number(&url, "select count(*) from activity where kind = 'analysed'").await, 200);
    assert_eq!(number(&url, "select count(*) from ticket where ai_support_level = 'human'").await, 200);
    last.stop("TERM");
    front.stop("TERM");
}

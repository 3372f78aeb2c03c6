//! One ticket in three dialects: the table of `docs/dialects.md`, and tickets that are made in each and read in all.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{Client, DIALECTS, Server};

const TABLE: &str = include_str!("../../docs/dialects.md");

/// A row of the first table: what it is about, and the pointers of Mind, SocialBoards and LiveDesk.
type Line = (&'static str, [Vec<&'static str>; 3]);

fn table() -> Vec<Line> {
    let lines = TABLE.lines().skip_while(|line| !line.starts_with("| what |")).skip(2);
    let lines = lines.take_while(|line| line.starts_with('|'));
    let pointers = |cell: &'static str| cell.split('`').filter(|text| text.starts_with('/')).collect();
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            (cells[1], [pointers(cells[3]), pointers(cells[4]), pointers(cells[5])])
        })
        .collect()
}

fn members(dialect: usize, schema: &str) -> BTreeSet<String> {
    let schema = &DIALECTS[dialect].document["components"]["schemas"][schema]["properties"];
    let members =
        schema.as_object().unwrap_or_else(|| panic!("{} has no such schema", DIALECTS[dialect].name));
    members.keys().cloned().collect()
}

#[test]
fn every_member_of_every_ticket_document_is_in_the_table() {
    for (dialect, name) in ["mind", "socialboards", "livedesk"].into_iter().enumerate() {
        assert_eq!(DIALECTS[dialect].name, name);
        let in_table: BTreeSet<String> = table()
            .iter()
            .flat_map(|(_, pointers)| &pointers[dialect])
            .map(|pointer| pointer.split('/').nth(1).unwrap().to_owned())
            .collect();
        assert_eq!(in_table, members(dialect, "Ticket"), "{name}");
    }
}

#[test]
fn every_member_of_a_request_to_create_is_in_a_table() {
    for (dialect, schema) in [(1, "CreateTicket"), (2, "CreateTicket"), (2, "PutTicket")] {
        for member in members(dialect, schema) {
            assert!(TABLE.contains(&format!("`/{member}`")), "{} {schema}: {member}", DIALECTS[dialect].name);
        }
    }
}

/// A tenant with its people, words and fields, and a voice in every dialect.
struct Desk {
    mind: Client,
    boards: Client,
    live: Client,
    eva: i64,
    eva_guid: Value,
}

/// A ticket as each dialect shows it.
struct Seen {
    mind: Value,
    boards: Value,
    live: Value,
}

impl Desk {
    async fn new() -> Self {
        let mind = Server::shared().new_tenant().await;
        let settings = [
            ("categories", json!([{ "id": 15597, "name": "New cars" }])),
            ("customFields", json!([{ "id": 42623, "name": "City" }])),
            ("createUnknownTags", json!(true)),
        ];
        for (name, value) in settings {
            assert_eq!(mind.put(&format!("/api/mind/settings/{name}"), value).await.status, 200);
        }
        assert_eq!(mind.post("/api/mind/team", json!({ "name": "IT Support" })).await.status, 200);
        let eva = mind.new_agent("eva@example.com", "agent").await;
        let boards = mind.socialboards().await;
        let teammates = boards.get("/socialboards/Teammates").await.body["data"].clone();
        let mut mates = teammates.as_array().unwrap().iter();
        let eva_guid = mates.find(|mate| mate["email"] == "eva@example.com").unwrap()["id"].clone();
        let live = mind.livedesk();
        Self { mind, boards, live, eva, eva_guid }
    }

    async fn see(&self, number: i64) -> Seen {
        let mind = self.mind.get(&format!("/api/mind/ticket/{number}")).await;
        let boards = self.boards.get(&format!("/socialboards/tickets/{number}")).await;
        let mut rows = crate::support::Backdoor::of_tenant(&self.mind.tenant).await;
        let ids: BTreeMap<i64, String> = rows
            .texts("select id || ' ' || public_id from ticket")
            .await
            .iter()
            .map(|row| pair(row))
            .collect();
        let live = self.live.get(&format!("/api/v2/accounts/tickets/{}", ids[&number])).await;
        for reply in [&mind, &boards, &live] {
            assert_eq!(reply.status, 200, "{}", reply.text);
        }
        Seen { mind: mind.body, boards: boards.body["data"].clone(), live: live.body["data"].clone() }
    }

    async fn change(&self, seen: &Seen, members: Value) {
        let mut change = json!({ "id": seen.mind["id"] });
        change.as_object_mut().unwrap().extend(members.as_object().cloned().unwrap());
        let changed = self.mind.patch("/api/mind/ticket", change).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    async fn put(&self, seen: &Seen, members: Value) {
        let path = format!("/api/v2/accounts/tickets/{}", seen.live["ticket_id"].as_str().unwrap());
        let changed = self.live.put(&path, members).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
    }

    async fn board(&self, seen: &Seen, method: &str, what: &str, body: Value) {
        let path = format!("/socialboards/tickets/{}/{what}", seen.boards["id"]);
        let changed = match method {
            "patch" => self.boards.patch(&path, body).await,
            "put" => self.boards.put(&path, body).await,
            _ => self.boards.post(&path, body).await,
        };
        assert_eq!(changed.status, 200, "{}", changed.text);
    }
}

fn pair(row: &str) -> (i64, String) {
    let (id, public_id) = row.split_once(' ').unwrap();
    (id.parse().unwrap(), public_id.to_owned())
}

/// A value as all dialects would say it; null where there is none.
fn common(what: &str, dialect: usize, value: &Value) -> Value {
    let names = |list: &Value, member: &str| {
        let names = list.as_array().unwrap().iter();
        let mut names: Vec<String> =
            names.map(|one| one.get(member).unwrap_or(one).as_str().unwrap_or_default().to_owned()).collect();
        names.sort();
        json!(names)
    };
    match (what, dialect) {
        ("status", 1) if value == "completed" => json!("closed"),
        ("channel", 1) => match value.as_str().unwrap() {
            "web" => json!("portal"),
            source => json!(source),
        },
        ("type", 2) if value == "None" => Value::Null,
        ("tags", _) => names(value, "name"),
        ("attachments", 2) => names(value, "file_url"),
        ("attachments", _) => names(value, "url"),
        ("custom fields", 1) => {
            let fields = value.as_array().unwrap().iter();
            fields.map(|field| (field["name"].as_str().unwrap().to_owned(), field["value"].clone())).collect()
        }
        ("sentiment", 1) => match value.as_str() {
            Some("praise") => json!("positive"),
            Some("complaint") => json!("negative"),
            Some(_) => json!("neutral"),
            None => Value::Null,
        },
        // To the second, without a zone: the tenant's is UTC.
        ("created" | "changed", _) => match value.as_str() {
            Some(text) => json!(text.get(..19).unwrap().replace('T', " ")),
            None => Value::Null,
        },
        ("spam", 0) => json!(value.as_str().is_some_and(|word| word.ends_with("spam"))),
        ("held by a bot", 0) => json!(value == "bot"),
        ("owner", 0) => json!(value.is_number()),
        ("owner", 1) => json!(value.is_object()),
        ("conversation", 2) => {
            json!(value.as_array().unwrap().iter().filter(|message| message["is_internal"] == false).count())
        }
        _ => value.clone(),
    }
}

/// Every row of the table says the same in every dialect that has it.
fn assert_one(seen: &Seen, apart: &[&str]) {
    for (what, pointers) in table() {
        if apart.contains(&what) || ["always the same", "Mind alone"].contains(&what) {
            continue;
        }
        let documents = [&seen.mind, &seen.boards, &seen.live];
        let said: Vec<(usize, Value)> = pointers
            .iter()
            .enumerate()
            .filter_map(|(dialect, pointers)| {
                let value = documents[dialect].pointer(pointers.first()?).unwrap_or(&Value::Null);
                Some((dialect, common(what, dialect, value)))
            })
            .collect();
        for (dialect, value) in &said {
            assert_eq!(
                value, &said[0].1,
                "{what}: {} and {}",
                DIALECTS[said[0].0].name, DIALECTS[*dialect].name
            );
        }
    }
}

/// Not the same by design: the text has three forms, and what was never changed has no date in Mind.
const FORMS: [&str; 3] = ["text", "HTML", "changed"];

#[tokio::test]
async fn a_ticket_of_mind_reads_the_same_everywhere() {
    let desk = Desk::new().await;
    let tag = desk.mind.new_tag(json!({ "name": "Heating" })).await;
    let number = desk
        .mind
        .new_ticket(json!({
            "channel": "email", "from": "tom@example.com", "fromName": "Tom Mustermann", "subject": "No heating",
            "body": "It is cold.", "priority": "high", "tags": [tag], "agentId": desk.eva,
            "attachments": [{ "name": "cold.jpg", "url": "https://example.com/cold.jpg" }],
        }))
        .await;

    let seen = desk.see(number).await;

    assert_one(&seen, &FORMS);
    assert_eq!(seen.boards["message"], "It is cold.");
    assert_eq!(seen.live["description"], "It is cold.");
    assert_eq!(
        (&seen.boards["author"]["name"], &seen.boards["lockedBy"]["id"]),
        (&json!("Tom Mustermann"), &desk.eva_guid)
    );
    assert_eq!((&seen.live["priority"], &seen.live["tags"]), (&json!("high"), &json!(["Heating"])));

    // Changed through the two others.
    desk.board(&seen, "patch", "Status", json!({ "status": "completed" })).await;
    desk.board(&seen, "patch", "Category", json!({ "categoryId": 15597 })).await;
    desk.board(&seen, "patch", "CustomFields", json!({ "id": 42623, "value": "Oslo" })).await;
    let put = json!({
        "title": "Still cold", "description": "It is **very** cold.", "priority": "urgent",
        "ticket_type": "incident", "tags": ["Heating", "Winter"],
        "attachments": [{ "file_url": "https://example.com/colder.jpg" }],
    });
    desk.put(&seen, put).await;
    let seen = desk.see(number).await;
    assert_one(&seen, &["text", "HTML"]);
    assert_eq!((&seen.mind["status"], &seen.mind["priority"]), (&json!("closed"), &json!("urgent")));
    assert_eq!(
        (&seen.mind["category"]["name"], &seen.mind["ticketType"]),
        (&json!("New cars"), &json!("incident"))
    );
    assert_eq!(seen.mind["customFields"], json!({ "City": "Oslo" }));
    assert_eq!(seen.boards["message"], "It is very cold.");
    assert_eq!(seen.live["description"], "It is **very** cold.");

    // The Markdown counts until somebody else changes the body.
    desk.change(&seen, json!({ "body": "<p>Warm again</p>" })).await;
    let seen = desk.see(number).await;
    assert_eq!(
        (&seen.live["description"], &seen.boards["message"]),
        (&json!("Warm again"), &json!("Warm again"))
    );
}

#[tokio::test]
async fn a_ticket_of_socialboards_reads_the_same_everywhere() {
    let desk = Desk::new().await;
    let body = json!({
        "title": "New car price list.", "message": "<p>Hello I want to buy a <b>new</b> car</p>",
        "creator": { "name": "Bill Smith", "email": "bill_smith@example.com", "image": null, "phoneNumber": null },
        "assigneeId": desk.eva_guid, "categoryId": 15597, "cc": ["ann_smith@example.com"],
        "attachments": [{ "url": "https://example.com/filename.png", "name": "filename.png" }],
        "customFields": [{ "id": 42623, "value": "Oslo" }], "sentiment": "suggestion", "tags": ["Cars"],
        "sourceName": "Price page",
    });
    let made = desk.boards.post("/socialboards/tickets", body).await;
    assert_eq!(made.status, 200, "{}", made.text);

    let seen = desk.see(made.body["data"].as_i64().unwrap()).await;

    assert_one(&seen, &FORMS);
    assert_eq!(
        (&seen.mind["agentId"], &seen.mind["ccEmails"]),
        (&json!(desk.eva), &json!(["ann_smith@example.com"]))
    );
    assert_eq!(
        (&seen.mind["sentiment"], &seen.mind["category"]["name"]),
        (&json!("neutral"), &json!("New cars"))
    );
    assert_eq!(seen.live["description"], "Hello I want to buy a new car");
    assert_eq!(seen.live["custom_fields"], json!({ "City": "Oslo" }));
    assert_eq!(seen.live["requester"]["email"], "bill_smith@example.com");

    // A reply and a note, and changes through the two others.
    let author = json!({ "email": "eva@example.com" });
    desk.board(&seen, "post", "replies", json!({ "author": author, "message": "We call you." })).await;
    desk.board(&seen, "post", "notes", json!({ "author": author, "message": "Rich." })).await;
    desk.change(&seen, json!({ "status": "open", "agentId": null, "sentiment": "negative" })).await;
    let put =
        json!({ "title": "Car", "description": "Text", "custom_fields": { "City": "Bergen" }, "tags": [] });
    desk.put(&seen, put).await;
    let seen = desk.see(seen.mind["id"].as_i64().unwrap()).await;
    assert_one(&seen, &["text", "HTML"]);
    assert_eq!((&seen.boards["lockedBy"], &seen.boards["sentiment"]), (&Value::Null, &json!("complaint")));
    assert_eq!(seen.mind["customFields"], json!({ "City": "Bergen" }));
    let said: Vec<_> = seen.live["conversation_list"].as_array().unwrap().iter().collect();
    assert_eq!(said.len(), 2);
    assert_eq!(
        (&said[0]["sender"]["type"], &said[0]["is_internal"]),
        (&json!("internal_member"), &json!(false))
    );
    assert_eq!(said[1]["is_internal"], true);
}

#[tokio::test]
async fn a_ticket_of_livedesk_reads_the_same_everywhere() {
    let desk = Desk::new().await;
    let body = json!({
        "title": "Papierstau", "description": "Kein **Druck** möglich",
        "attachments": [{ "file_url": "https://example.com/files/error.jpg" }],
        "requester": { "euid": "contact_12345", "channel_contacts": {
            "channel_id": "inbox_100", "contact_id": "-1001234567890", "followers": [{ "id": "1", "name": "Zhang" }],
        } },
        "submitter": { "id": "u_12345" }, "assignment_team": "IT Support", "priority": "high",
        "ticket_type": "incident", "custom_fields": { "device_sn": "PRN-2024-001", "City": "Oslo" },
    });
    let made = desk.live.post("/api/v2/accounts/tickets", body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let numbers = desk.mind.get("/api/mind/ticket/1").await;
    assert_eq!(numbers.status, 404);
    let mut rows = crate::support::Backdoor::of_tenant(&desk.mind.tenant).await;
    let number = rows.number("select id from ticket").await;

    let seen = desk.see(number).await;

    // Whoever has no mail address is known to each dialect by what it has a place for.
    assert_one(&seen, &["text", "HTML", "changed", "requester's name", "requester's address"]);
    assert_eq!((&seen.mind["from"], &seen.mind["channel"]), (&json!("contact_12345"), &json!("portal")));
    assert_eq!(seen.mind["body"], "<p>Kein <strong>Druck</strong> möglich</p>\n");
    assert_eq!(
        (&seen.mind["team"]["name"], &seen.mind["ticketType"]),
        (&json!("IT Support"), &json!("incident"))
    );
    assert_eq!(seen.boards["message"], "Kein Druck möglich");
    assert_eq!(seen.boards["author"]["name"], "contact_12345");

    // Taken over by a person, and answered from outside.
    desk.change(&seen, json!({ "agentId": desk.eva, "priority": "low", "subject": "Papier" })).await;
    desk.board(&seen, "put", "tags", json!(["Printer"])).await;
    let author = json!({ "email": "customer@example.com", "name": "Kim" });
    desk.board(&seen, "post", "replies", json!({ "author": author, "message": "Thanks" })).await;
    let seen = desk.see(number).await;
    assert_one(&seen, &["text", "HTML", "requester's name", "requester's address"]);
    assert_eq!((&seen.live["title"], &seen.live["tags"]), (&json!("Papier"), &json!(["Printer"])));
    assert_eq!(seen.live["description"], "Kein **Druck** möglich");
    assert_eq!(seen.live["conversation_list"][0]["sender"]["type"], "contact");
    assert_eq!(seen.live["requester"]["channel_contacts"]["contact_id"], "-1001234567890");
}

//! Believable data for the demo tenant: a small energy supplier.

mod matters;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use self::matters::MATTERS;
use super::create_tenant::named_tag;
use super::put_directory::{keys_of_contract, keys_of_customer};
use super::save_ai_agent::create_ai_agent;
use crate::db::demo::{DemoCustomer, DemoTicket, count_tickets, insert_customers, insert_tickets};
use crate::db::directory::replace_keys;
use crate::db::tags::Filter;
use crate::db::{TenantDb, TenantTx, agents, subchannels, tags};
use crate::domain::activity::{Acting, Actor, Via};
use crate::domain::agent::{NewAgent, Role};
use crate::domain::ai_agent::AiAgent;
use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::subchannel::{NewSubchannel, SubchannelKind};
use crate::domain::tag::{Color, NewTag, Tag, TagPriority};
use crate::error::Error;
use crate::pipeline::{definition, demo_agents};

/// How many tickets one statement inserts.
const BATCH: usize = 1000;

const PEOPLE: [(&str, &str, Role); 5] = [
    ("Max", "Mustermann", Role::Admin),
    ("Eva", "Beispiel", Role::Agent),
    ("Jonas", "Lehmann", Role::Agent),
    ("Ayşe", "Yıldırım", Role::Agent),
    ("Sophie", "Kowalski", Role::Agent),
];
const MAILBOX: &str = "service@stadtwerke-demo.example";
const FIRST_NAMES: [&str; 10] =
    ["Tom", "Anna", "Lukas", "Marie", "Paul", "Emma", "Felix", "Lena", "Mehmet", "Giulia"];
const LAST_NAMES: [&str; 12] = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Wagner",
    "Becker",
    "Schäfer",
    "Groß",
    "Öztürk",
    "Nowak",
    "Rossi",
];
const STREETS: [(&str, &str); 6] = [
    ("Hugo-Junkers-Str.", "82031 Grünwald"),
    ("Rechnungsstraße", "10587 Berlin"),
    ("Am Markt", "20095 Hamburg"),
    ("Goethestraße", "60313 Frankfurt am Main"),
    ("Lindenallee", "50968 Köln"),
    ("Ulmenweg", "01097 Dresden"),
];
/// The tag of each AI agent's matter; what is not here has the tag for what no other fits.
const AGENT_TAGS: [(&str, &str); 5] = [
    ("process_meter_reading", "Zählerstand"),
    ("change_deposit", "Abschlag"),
    ("change_bank_data", "Bankdaten"),
    ("process_move", "Umzug"),
    ("process_cancellation", "Kündigung"),
];

/// Fills the tenant up to so many tickets, with the people, tags, subchannels and customers that they
/// name. What is there stays; run again, it makes nothing new. Returns how many tickets it made.
pub async fn fill_demo(db: &TenantDb, now: Timestamp, tickets: usize) -> Result<usize, Error> {
    // To the second, as everything is that the wire shows.
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let mut tx = db.begin().await?;
    let people = people(&mut tx, now).await?;
    let tags = demo_tags(&mut tx, now).await?;
    ai_agents(&mut tx, now).await?;
    let mailbox = mailbox(&mut tx).await?;
    let customers: Vec<DemoCustomer> = (0..60).map(customer).collect();
    insert_customers(&mut tx, &customers).await?;
    keys(&mut tx, &customers).await?;
    let there = count_tickets(&mut tx).await?;
    tx.commit().await?;
    let missing = tickets.saturating_sub(there);
    let mut made = 0;
    while made < missing {
        let size = BATCH.min(missing - made);
        let numbers = (made..made + size).map(|number| there + number);
        let batch: Vec<DemoTicket> = numbers
            .map(|number| {
                // The newest come last, minutes apart.
                let age = i64::try_from((tickets - number) * 7).unwrap_or(i64::MAX / 100);
                let created_at = now.checked_sub(SignedDuration::from_mins(age)).unwrap_or(now);
                ticket(number, created_at, &people, &tags, mailbox, &customers)
            })
            .collect();
        let mut tx = db.begin().await?;
        insert_tickets(&mut tx, &batch).await?;
        tx.commit().await?;
        made += size;
    }
    Ok(made)
}

async fn people(tx: &mut TenantTx, now: Timestamp) -> Result<Vec<AgentId>, Error> {
    let known = agents::list(tx, 1000, 0).await?;
    let mut ids = Vec::new();
    for (first_name, last_name, role) in PEOPLE {
        let email = format!("{}@stadtwerke-demo.example", fold(last_name));
        if let Some(person) = known.iter().find(|person| person.email.as_ref() == Some(&email)) {
            ids.push(person.id);
            continue;
        }
        let new = NewAgent {
            role,
            first_name: first_name.into(),
            last_name: last_name.into(),
            email: Some(email),
            phone: Some("+49 89 1234567".into()),
            lang: "de".into(),
            name_alias: None,
            external_id: Some(format!("EMP-{:03}", ids.len() + 1)),
        };
        ids.extend(agents::insert(tx, &new, now).await?);
    }
    Ok(ids)
}

async fn demo_tags(tx: &mut TenantTx, now: Timestamp) -> Result<Vec<TagId>, Error> {
    let filter = Filter { disabled: true, private: true, ..Filter::default() };
    let known = tags::list(tx, &filter).await?;
    let mut ids = Vec::new();
    for matter in MATTERS {
        if let Some(tag) = known.iter().find(|tag| tag.name == matter.tag) {
            ids.push(tag.id);
            continue;
        }
        let detection = json!({
            "type": "aiDetection", "customerNeeded": false, "prompt": matter.prompt, "keywords": matter.keywords,
        });
        let mut tag = NewTag { detection_details: detection.to_string(), ..named_tag(matter.tag) };
        if matter.tag == "Beschwerde" {
            tag = NewTag { color: Color::Red, priority: TagPriority::High, sla_hours: Some(4.0), ..tag };
        }
        ids.push(tags::insert(tx, &tag, matter.tag, &[], None, now).await?);
    }
    Ok(ids)
}

/// Makes the AI agents, each with the tag of its matter. Those whose code is taken stay as they are.
async fn ai_agents(tx: &mut TenantTx, now: Timestamp) -> Result<(), Error> {
    let tags = tags::list(tx, &Filter { private: true, ..Filter::default() }).await?;
    let acting = Acting { actor: Actor::System, via: Via::System, now };
    for document in demo_agents::documents() {
        let read = definition::ai_agent(0, &document);
        let agent =
            read.map_err(|flaws| Error::internal(format_args!("an AI agent of the demo: {flaws:?}")))?;
        let of_matter = AGENT_TAGS.iter().find(|(code, _)| *code == agent.code).map(|(_, tag)| *tag);
        let is_its = |tag: &&Tag| match of_matter {
            Some(name) => tag.name == name,
            None => tag.properties.iter().any(|property| property == "defaultSkill"),
        };
        let agent = AiAgent { tag_id: tags.iter().find(is_its).map(|tag| tag.id), ..agent };
        create_ai_agent(tx, &agent, &acting).await?;
    }
    Ok(())
}

/// Under which the customers are found; those that were there before keys were get them too.
async fn keys(tx: &mut TenantTx, customers: &[DemoCustomer]) -> Result<(), Error> {
    let mut keys = Vec::new();
    for customer in customers {
        keys.extend(keys_of_customer(&customer.new_customer()));
        keys.extend(keys_of_contract(&customer.contract()));
    }
    let ids: Vec<&str> = customers.iter().map(|customer| customer.id.as_str()).collect();
    let contract_ids: Vec<&str> = customers.iter().map(|customer| customer.contract_id.as_str()).collect();
    replace_keys(tx, &ids, &contract_ids, &keys).await
}

async fn mailbox(tx: &mut TenantTx) -> Result<SubchannelId, Error> {
    let known = subchannels::list(tx, Some(&[SubchannelKind::Email]), None).await?;
    if let Some(mailbox) = known.iter().find(|mailbox| mailbox.name == MAILBOX) {
        return Ok(mailbox.id);
    }
    let new =
        NewSubchannel { kind: SubchannelKind::Email, name: MAILBOX.into(), status: None, is_default: false };
    subchannels::insert(tx, &new).await
}

fn customer(number: usize) -> DemoCustomer {
    let firstname = FIRST_NAMES[number % FIRST_NAMES.len()];
    let lastname = LAST_NAMES[number * 7 % LAST_NAMES.len()];
    let (street, city) = STREETS[number % STREETS.len()];
    let address = format!("{street} {}, {city}", number % 90 + 1);
    let email = format!("{}.{}{number}@example.org", fold(firstname), fold(lastname));
    let contract_id = (746_000 + number).to_string();
    let contract = json!({
        "orderId": 100 + number,
        "signupDate": 1_661_126_400,
        "status": "active",
        "statusCode": 5000,
        "statusCodeTitle": "active",
        "energy": if number.is_multiple_of(3) { "gas" } else { "electricity" },
        "email": email,
        "firstname": firstname,
        "lastname": lastname,
        "deliveryAddress": address,
        "monthlyDeposit": 40 + number,
        "startDate": 1_661_990_400,
        "endDate": null,
        "consumption": 2000 + 37 * number,
        "counterNumber": meter(number),
        "productName": "Flex 24",
        "business": false,
    });
    DemoCustomer {
        id: (83_000 + number).to_string(),
        firstname,
        lastname,
        address,
        phone: format!("+4989{:07}", 1_000_000 + number * 7919),
        email,
        contract_id,
        contract,
    }
}

fn ticket(
    number: usize,
    created_at: Timestamp,
    people: &[AgentId],
    tags: &[TagId],
    mailbox: SubchannelId,
    customers: &[DemoCustomer],
) -> DemoTicket {
    let at = number % MATTERS.len();
    let matter = &MATTERS[at];
    let customer = &customers[number * 11 % customers.len()];
    let name = format!("{} {}", customer.firstname, customer.lastname);
    let body = matter
        .body
        .replace("{name}", &name)
        .replace("{contract}", &customer.contract_id)
        .replace("{meter}", &meter(number * 11 % customers.len()));
    // Every fourth sender has not been recognised.
    let known = !number.is_multiple_of(4);
    DemoTicket {
        from: customer.email.clone(),
        from_name: name,
        subject: matter.subject.into(),
        body,
        status: ["open", "open", "closed", "open", "closed"][number % 5],
        priority: ["low", "medium", "low", "high"][number % 4],
        channel: "email",
        created_at,
        due_at: created_at.checked_add(SignedDuration::from_hours(24)).unwrap_or(created_at),
        tag: tags[at],
        agent: (!number.is_multiple_of(3)).then(|| people[number % people.len()]),
        subchannel: Some(mailbox),
        customer_id: known.then(|| customer.id.clone()),
        contract_id: known.then(|| customer.contract_id.clone()),
    }
}

fn meter(number: usize) -> String {
    format!("1ESY{:010}", 1_160_600_000 + number * 4241)
}

/// A name as it stands in a mail address.
fn fold(name: &str) -> String {
    let mut folded = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'ş' => folded.push('s'),
            'ı' => folded.push('i'),
            letter if letter.is_ascii_alphanumeric() => folded.push(letter),
            _ => {}
        }
    }
    folded
}

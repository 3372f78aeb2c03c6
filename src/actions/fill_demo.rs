//! Believable data for the demo tenant: a small energy supplier.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::create_tenant::named_tag;
use crate::db::demo::{DemoCustomer, DemoTicket, count_tickets, insert_customers, insert_tickets};
use crate::db::tags::Filter;
use crate::db::{TenantDb, TenantTx, agents, subchannels, tags};
use crate::domain::agent::{NewAgent, Role};
use crate::domain::id::{AgentId, SubchannelId, TagId};
use crate::domain::subchannel::{NewSubchannel, SubchannelKind};
use crate::domain::tag::{Color, NewTag, TagPriority};
use crate::error::Error;

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
/// Tag, subject and body; `{name}`, `{contract}` and `{meter}` are filled in.
const MATTERS: [(&str, &str, &str); 7] = [
    (
        "Zählerstand",
        "Mein Zählerstand",
        "<p>Guten Tag,</p><p>der Stand meines Zählers {meter} ist heute 12.431 kWh. Vertragsnummer {contract}.</p><p>Viele Grüße<br>{name}</p>",
    ),
    (
        "Abschlag",
        "Abschlag senken",
        "<p>Hallo,</p><p>ich möchte meinen monatlichen Abschlag auf 53 Euro senken. Mein Vertrag ist {contract}.</p><p>Danke, {name}</p>",
    ),
    (
        "Bankdaten",
        "Neue Bankverbindung",
        "<p>Sehr geehrte Damen und Herren,</p><p>bitte buchen Sie künftig von DE89 3704 0044 0532 0130 00 ab (Vertrag {contract}).</p><p>Mit freundlichen Grüßen<br>{name}</p>",
    ),
    (
        "Umzug",
        "Ich ziehe um",
        "<p>Hallo liebes Team,</p><p>ich ziehe zum 1. des Monats um. Was muss ich tun? Vertrag {contract}.</p><p>LG {name}</p>",
    ),
    (
        "Kündigung",
        "Kündigung zum Jahresende",
        "<p>Hiermit kündige ich meinen Vertrag {contract} fristgerecht.</p><p>{name}</p>",
    ),
    (
        "Rechnung",
        "Question about my invoice",
        "<p>Dear team,</p><p>why is my last invoice so high? My contract is {contract}.</p><p>Best regards<br>{name}</p>",
    ),
    (
        "Beschwerde",
        "So geht das nicht!",
        "<p>Seit drei Wochen warte ich auf eine Antwort. Ich bin sehr enttäuscht. {name}, Vertrag {contract}</p>",
    ),
];

/// Fills the tenant up to so many tickets, with the people, tags, subchannels and customers that they
/// name. What is there stays; run again, it makes nothing new. Returns how many tickets it made.
pub async fn fill_demo(db: &TenantDb, now: Timestamp, tickets: usize) -> Result<usize, Error> {
    // To the second, as everything is that the wire shows.
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let mut tx = db.begin().await?;
    let people = people(&mut tx, now).await?;
    let tags = demo_tags(&mut tx, now).await?;
    let mailbox = mailbox(&mut tx).await?;
    let customers: Vec<DemoCustomer> = (0..60).map(customer).collect();
    insert_customers(&mut tx, &customers).await?;
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
    for (name, _, _) in MATTERS {
        if let Some(tag) = known.iter().find(|tag| tag.name == name) {
            ids.push(tag.id);
            continue;
        }
        let mut tag: NewTag = named_tag(name);
        if name == "Beschwerde" {
            tag = NewTag { color: Color::Red, priority: TagPriority::High, sla_hours: Some(4.0), ..tag };
        }
        ids.push(tags::insert(tx, &tag, name, &[], None, now).await?);
    }
    Ok(ids)
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
    let matter = number % MATTERS.len();
    let (_, subject, body) = MATTERS[matter];
    let customer = &customers[number * 11 % customers.len()];
    let name = format!("{} {}", customer.firstname, customer.lastname);
    let body = body
        .replace("{name}", &name)
        .replace("{contract}", &customer.contract_id)
        .replace("{meter}", &meter(number * 11 % customers.len()));
    // Every fourth sender has not been recognised.
    let known = !number.is_multiple_of(4);
    DemoTicket {
        from: customer.email.clone(),
        from_name: name,
        subject: subject.into(),
        body,
        status: ["open", "open", "closed", "open", "closed"][number % 5],
        priority: ["low", "medium", "low", "high"][number % 4],
        channel: "email",
        created_at,
        due_at: created_at.checked_add(SignedDuration::from_hours(24)).unwrap_or(created_at),
        tag: tags[matter],
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

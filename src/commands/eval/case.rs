//! Reading labelled cases (`docs/eval.md`).

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::dialects::mind;
use crate::domain::detection::Detection;
use crate::domain::directory::{Entry, EntryContract};
use crate::domain::id::TagId;
use crate::domain::ticket::Ticket;
use crate::pipeline::customer::MemoryDirectory;
use crate::pipeline::matter::prepared::Prepared;
use crate::pipeline::tags::TagRule;
use crate::pipeline::{definition, demo_agents};

/// A line that is not valid, and why.
pub type Wrong = String;

/// The tenant that a file's cases are run for.
#[derive(Debug)]
pub struct Tenant {
    pub directory: MemoryDirectory,
    pub catalogue: Prepared,
}

/// One labelled ticket.
#[derive(Debug)]
pub struct Case {
    pub id: String,
    pub ticket: Ticket,
    /// Only the members that are there count.
    pub expect: Map<String, Value>,
}

impl Tenant {
    /// Reads the member `directory` of a file's first line; without one, nobody is in the directory, there
    /// are no tags, and the AI agents are the demo tenant's.
    pub fn read(directory: Option<&Value>) -> Result<Self, Wrong> {
        let member = |name: &str| directory.and_then(|directory| directory.get(name));
        let list = |name: &str| match member(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items.clone()),
            Some(_) => Err(format!("directory.{name} is no array")),
        };
        let customers: Result<Vec<Entry>, Wrong> = list("customers")?.iter().map(customer).collect();
        let tags: Result<Vec<TagRule>, Wrong> = list("tags")?.iter().map(tag).collect();
        let documents = match member("aiAgents") {
            None | Some(Value::Null) => demo_agents::documents(),
            Some(_) => list("aiAgents")?,
        };
        let mut agents = Vec::new();
        for (at, document) in documents.iter().enumerate() {
            let id = document
                .get("id")
                .and_then(Value::as_i64)
                .unwrap_or_else(|| i64::try_from(at).unwrap_or(0) + 1);
            let agent = definition::ai_agent(id, document);
            agents.push(agent.map_err(|flaws| worded(&format!("directory.aiAgents[{at}]"), &flaws))?);
        }
        Ok(Self { directory: MemoryDirectory::new(customers?), catalogue: Prepared::new(tags?, agents) })
    }
}

impl Case {
    /// Reads one line.
    pub fn read(line: &Value, now: Timestamp) -> Result<Self, Wrong> {
        let line: Line = Line::deserialize(line).map_err(|error| error.to_string())?;
        let ticket = mind::draft(line.ticket, now).map_err(|errors| {
            errors
                .iter()
                .map(|error| format!("ticket{}: {}", error.pointer, error.message))
                .collect::<Vec<_>>()
                .join("; ")
        })?;
        Ok(Self { id: line.id, ticket, expect: line.expect })
    }
}

#[derive(Deserialize)]
struct Line {
    id: String,
    ticket: Value,
    expect: Map<String, Value>,
}

/// An id or a number that may be a JSON number or a text.
fn text(object: &Value, name: &str) -> Option<String> {
    match object.get(name)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn customer(object: &Value) -> Result<Entry, Wrong> {
    let id = text(object, "id").ok_or("a customer of the directory has no id")?;
    let contracts = object.get("contracts").and_then(Value::as_array).into_iter().flatten();
    let contracts: Result<Vec<EntryContract>, Wrong> = contracts.map(contract).collect();
    Ok(Entry {
        customer_id: id,
        business: object.get("business").and_then(Value::as_bool).unwrap_or(false),
        company: text(object, "company"),
        firstname: text(object, "firstname"),
        lastname: text(object, "lastname"),
        email: text(object, "email"),
        phone: text(object, "phone"),
        address: text(object, "address"),
        contracts: contracts?,
    })
}

fn contract(object: &Value) -> Result<EntryContract, Wrong> {
    Ok(EntryContract {
        id: text(object, "id").ok_or("a contract of the directory has no id")?,
        email: text(object, "email"),
        firstname: text(object, "firstname"),
        lastname: text(object, "lastname"),
        phone: text(object, "phone"),
        delivery_address: text(object, "deliveryAddress"),
        billing_address: text(object, "billingAddress"),
        counter_number: text(object, "counterNumber"),
    })
}

fn tag(object: &Value) -> Result<TagRule, Wrong> {
    let id = object.get("id").and_then(Value::as_i64).ok_or("a tag of the directory has no id")?;
    let name = text(object, "name").ok_or_else(|| format!("the tag {id} has no name"))?;
    let strings = |member: &str| -> Vec<String> {
        let items = object.get(member).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let ids = object.get("subchannels").and_then(Value::as_array).into_iter().flatten();
    let details = object.get("detectionDetails");
    let detection: Result<Detection, _> = match details {
        None | Some(Value::Null) => definition::detection(&serde_json::json!({ "type": "manualAssignment" })),
        Some(details) => definition::detection(details),
    };
    Ok(TagRule {
        id: TagId(id),
        full_name: text(object, "fullName").unwrap_or_else(|| name.clone()),
        name,
        is_default: strings("properties").iter().any(|property| property == "defaultSkill"),
        channels: strings("channels"),
        subchannel_ids: ids.filter_map(Value::as_i64).collect(),
        detection: detection.map_err(|flaws| worded(&format!("the tag {id}"), &flaws))?,
    })
}

fn worded(what: &str, flaws: &[definition::Flaw]) -> Wrong {
    let flaws: Vec<String> = flaws.iter().map(|flaw| format!("{} {}", flaw.pointer, flaw.message)).collect();
    format!("{what}: {}", flaws.join("; "))
}

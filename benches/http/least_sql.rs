//! The same work by `pgbench`, with the least SQL: no HTTP, no validation, as few round trips as it takes.
//! The statements are the server's own, as they are described for its build, so that both sides always do the same.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use crate::load::Workload;
use crate::pgbench;
use crate::server::Server;

/// One file for each of the server's statements.
const DESCRIBED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.sqlx");

/// Transactions per second; `None` where there is nothing to set beside the workload.
pub fn run(
    program: &Path,
    server: &Server,
    workload: Workload,
    clients: usize,
    length: Duration,
    tickets: u64,
) -> Result<Option<f64>, Box<dyn Error>> {
    // The server's role, bound to the tenant as its requests are.
    let options = "-c role=tessera_app -c app.tenant_id=1";
    let Some(script) = text(workload)? else { return Ok(None) };
    let script = script.replace("TICKETS", &tickets.to_string());
    pgbench::Run { socket: &server.socket, options, clients, length }.of(program, &script).map(Some)
}

/// Returns `None` where there is nothing to set beside it.
fn text(workload: Workload) -> Result<Option<String>, Box<dyn Error>> {
    let hour_ago = "(current_timestamp - interval '1 hour')";
    let look = ["false", "'{public,private}'::text[]", "true", "true", hour_ago];
    let view = |id: &str| statement("with look as (", &[&["1", id], &look[..]].concat());
    Ok(Some(match workload {
        // Beside one another: what the database does at least is said by the first.
        Workload::CreateIn(_) => return Ok(None),
        Workload::View => format!("\\set id random(1, TICKETS)\n{};\n", view(":id")?),
        Workload::RecordedView => {
            let record =
                ["1", ":id", "1", "current_timestamp", "'Admin'", "date_trunc('hour', current_timestamp)"];
            format!(
                "\\set id random(1, TICKETS)\nbegin;\nset local synchronous_commit = off;\n{};\n{};\ncommit;\n",
                statement("with found as (select id from ticket", &record)?,
                view(":id")?
            )
        }
        Workload::Create => format!("{};\n", insert(&look)?),
        Workload::Upsert => UPSERT.replace("VIEW", &view(":id")?),
        Workload::Bulk(size) => {
            BULK.replace("BEYOND", &(size + 1).to_string()).replace("LAST", &(size - 1).to_string())
        }
    }))
}

/// An upsert that finds its ticket by the foreign id: lock, change, record, ask for analysis, show.
const UPSERT: &str = "
\\set id random(1, TICKETS)
begin;
select id, version from ticket where tenant_id = 1 and id = :id for update;
update ticket set from_name = 'Tom ' || :id, version = version + 1, modified_at = current_timestamp
where tenant_id = 1 and id = :id returning version \\gset
insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, actor_id, actor_name, via, changes)
values (1, :id, :version, 'changed', current_timestamp, 'agent', 1, 'Admin', 'mind', '[{\"field\": \"from_name\", \"from\": \"Tom\", \"to\": \"Tom 2\"}]');
insert into job (tenant_id, kind, ticket_id, scope, lane, state, max_attempts, scheduled_at, created_at)
values (1, 'analyze_ticket', :id, '{full}', 'background', 'available', 5, current_timestamp, current_timestamp)
on conflict (tenant_id, kind, ticket_id) where state in ('available', 'retryable', 'scheduled')
do update set scope = array(select unnest(job.scope) union select unnest(excluded.scope) order by 1), scheduled_at = least(job.scheduled_at, excluded.scheduled_at);
VIEW;
commit;
";

/// One set statement for each table.
const BULK: &str = "
\\set own TICKETS / 16
\\set first :client_id * :own + 1 + random(0, :own - BEYOND)
\\set partner random(1, 1000000000)
begin;
select id, version from ticket where tenant_id = 1 and id = any(array(select generate_series(:first, :first + LAST))) order by id for update;
update ticket t set partner_id = :partner, version = version + 1, modified_at = current_timestamp
from unnest(array(select generate_series(:first, :first + LAST))) as u (id) where t.tenant_id = 1 and t.id = u.id;
insert into ticket_tag (tenant_id, ticket_id, tag_id, source)
select 1, u.id, 2 + :partner % 6, 'manual' from unnest(array(select generate_series(:first, :first + LAST))) as u (id) on conflict do nothing;
insert into activity (tenant_id, ticket_id, version, kind, at, actor_kind, actor_id, actor_name, via, changes)
select 1, t.id, t.version, 'changed', current_timestamp, 'agent', 1, 'Admin', 'mind', '[{\"field\": \"partner_id\", \"from\": 1, \"to\": 2}, {\"field\": \"tags\", \"from\": [1], \"to\": [1, 2]}]'
from ticket t where t.tenant_id = 1 and t.id = any(array(select generate_series(:first, :first + LAST)));
insert into worklog (tenant_id, ticket_id, agent_id, action, at)
select 1, u.id, 1, 'writeAction', current_timestamp from unnest(array(select generate_series(:first, :first + LAST))) as u (id);
commit;
";

/// Makes a ticket and shows it.
fn insert(look: &[&str]) -> Result<String, Box<dyn Error>> {
    let body = "'<p>Sehr geehrter Kundenservice, koennten Sie bitte den beiliegenden Zaehlerstand eintragen?'\
        || repeat(' Sehr geehrter Kundenservice, koennten Sie bitte den beiliegenden Zaehlerstand eintragen?', 5)";
    let now = "current_timestamp";
    let values = [
        "1",
        "null",
        "null",
        "'email'",
        "null",
        "'in'",
        "'tom@example.com'",
        "null",
        "'{service@example.com}'",
        "'{}'",
        "'{}'",
        "'open'",
        "'low'",
        "'Umzug'",
        body,
        "'unprocessed'",
        now,
        "null",
        now,
        "null",
        "null",
        "null",
        "null",
        "null",
        "null",
        "'{}'",
        "'{1,2}'",
        "'{}'",
        "'{}'",
        "'{}'",
        "'{}'",
        "'{}'",
        "'{}'",
        now,
        "'agent'",
        "1",
        "'Admin'",
        "'mind'",
        "'analyze_ticket'",
        "'{full}'",
        "'background'",
        "10",
        "false",
        "'tk_20261121_' || substr(md5(random()::text), 1, 20)",
        "null",
        "false",
        "null",
        "null",
        "null",
        "null",
        "null",
        "null",
        "null",
        "null",
        "null",
        "'{}'",
        "'{}'",
        "'{}'",
        "'{}'",
    ];
    // Of what it refers to, nothing is looked up again.
    let known = ["'{}'"; 5];
    let sql = statement("with it as (insert into ticket", &[&values[..], &known, look].concat())?;
    // A word that stands for itself has no type where the server binds one.
    Ok(sql.replace("select 1, 'analyze_ticket'", "select 1, 'analyze_ticket'::text"))
}

/// The one statement that begins like this, whitespace aside, with values for its parameters. Of two that do, the
/// longer one.
fn statement(beginning: &str, values: &[&str]) -> Result<String, Box<dyn Error>> {
    let mut found = String::new();
    for file in std::fs::read_dir(DESCRIBED)? {
        let described: serde_json::Value = serde_json::from_slice(&std::fs::read(file?.path())?)?;
        let sql = described["query"].as_str().unwrap_or_default();
        let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        if sql.replace("( ", "(").starts_with(beginning) && sql.len() > found.len() {
            found = sql;
        }
    }
    if found.is_empty() {
        return Err(format!("no statement begins with {beginning}").into());
    }
    for (at, value) in values.iter().enumerate().rev() {
        found = found.replace(&format!("${}", at + 1), value);
    }
    Ok(found)
}

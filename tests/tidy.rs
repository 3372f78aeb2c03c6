//! The rules of the house that are about text: who may name whom, and what no file may say.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// A source file without its unit tests and comments.
struct Source {
    /// Below `src`, with slashes.
    path: String,
    text: String,
}

impl Source {
    /// The folder or the file below `src` that it belongs to.
    fn room(&self) -> &str {
        self.path.split('/').next().unwrap().trim_end_matches(".rs")
    }

    /// The rooms that it names as `crate::room`.
    fn named(&self) -> BTreeSet<String> {
        paths_after(&self.text, "crate::")
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            if path.extension().is_none_or(|ending| ending != "rs") || name.ends_with("tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&path).unwrap();
            let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            sources.push(Source { path: name, text: lines.collect::<Vec<_>>().join("\n") });
        }
    }
    assert!(sources.len() > 50, "the sources are elsewhere");
    sources
}

/// The names that follow `prefix`, those of a group in braces too.
fn paths_after(text: &str, prefix: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices(prefix) {
        if text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_' || before == '$') {
            continue;
        }
        let rest = &text[at + prefix.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            names.extend(group_heads(group));
        } else {
            names.insert(identifier(rest));
        }
    }
    names.remove("");
    names
}

/// The first name of every entry of a group, up to its closing brace.
fn group_heads(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0;
    let mut is_head = true;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => is_head = true,
            sign if is_head && !sign.is_whitespace() => {
                heads.push(identifier(&group[at..]));
                is_head = false;
            }
            _ => {}
        }
    }
    heads
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect()
}

/// Fails with every offence and what to do about it.
fn none(offences: &[String], advice: &str) {
    assert!(offences.is_empty(), "{advice}:\n  {}", offences.join("\n  "));
}

/// Which rooms each room may name besides itself.
const ARROWS: [(&str, &[&str]); 11] = [
    ("domain", &[]),
    ("db", &["domain", "error"]),
    ("pipeline", &["domain"]),
    ("analysis", &["domain", "pipeline"]),
    ("storage", &["domain", "error"]),
    ("actions", &["analysis", "db", "domain", "error", "jobs", "pipeline", "storage"]),
    ("jobs", &["actions", "analysis", "app", "db", "domain", "error", "pipeline", "queue"]),
    ("queue", &["clock", "db", "domain", "error"]),
    ("http", &["app", "db", "domain", "error", "telemetry"]),
    ("dialects", &["actions", "app", "config", "db", "domain", "error", "http", "maintenance", "pipeline"]),
    // An error is worded by the dialects, so that it knows none of them.
    ("error", &["domain"]),
];

/// Where a room must name what its arrows forbid: the one place that mounts the dialects.
const EXCEPTIONS: [(&str, &str); 1] = [("http/mod.rs", "dialects")];

#[test]
fn arrows_point_down_only() {
    let arrows: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();
    let mut offences = Vec::new();
    for source in sources() {
        let Some(allowed) = arrows.get(source.room()) else { continue };
        for name in source.named() {
            let is_fine = name == source.room()
                || allowed.contains(&name.as_str())
                || EXCEPTIONS.contains(&(source.path.as_str(), name.as_str()));
            if !is_fine {
                offences.push(format!("src/{} names crate::{name}", source.path));
            }
        }
    }
    none(
        &offences,
        "dialects → actions → db → domain, with http and jobs beside them: move what is needed down to a \
         room that both may name",
    );
}

#[test]
fn every_room_is_known() {
    let known = ARROWS.iter().map(|(room, _)| *room);
    // These put the rooms together.
    let outer = ["app", "clock", "cluster", "commands", "config", "lib", "main", "maintenance", "telemetry"];
    let known: BTreeSet<&str> = known.chain(outer).collect();
    let rooms = sources().iter().map(|source| source.room().to_owned()).collect::<BTreeSet<_>>();
    let unknown: Vec<String> = rooms.into_iter().filter(|room| !known.contains(room.as_str())).collect();
    none(&unknown, "give the new room its arrows in ARROWS");
}

#[test]
fn the_domain_knows_nothing_but_itself_and_time() {
    let allowed = ["crate", "super", "self", "std", "jiff", "email_address", "uuid"];
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "domain") {
        for line in source.text.lines().map(str::trim) {
            let line = line.strip_prefix("pub ").unwrap_or(line);
            let Some(path) = line.strip_prefix("use ") else { continue };
            if !allowed.contains(&identifier(path).as_str()) {
                offences.push(format!("src/{}: {line}", source.path));
            }
        }
        let waits = ["serde", "sqlx", "axum", "tokio", "async fn", "async move", "tracing::", "reqwest"];
        // A random id is made by whoever asks for something new.
        for foreign in waits.into_iter().chain(["Uuid::new_v4", "Uuid::now"]) {
            if source.text.contains(foreign) {
                offences.push(format!("src/{} says {foreign}", source.path));
            }
        }
    }
    none(&offences, "the domain is pure: put reading, writing and waiting into the room that does it");
}

#[test]
fn only_db_sends_statements() {
    // The error keeps its cause; the other two say how to connect, before there is a pool.
    let allowed = |source: &Source| {
        ["db", "cluster"].contains(&source.room())
            || ["error.rs", "commands/database.rs"].contains(&source.path.as_str())
    };
    let mut offences = Vec::new();
    for source in sources() {
        let sends = [
            "sqlx::query",
            "query!(",
            "query_as!(",
            "query_scalar!(",
            ".fetch_one",
            ".fetch_all",
            ".fetch_optional",
            "AssertSqlSafe",
        ];
        let names = source.text.contains("sqlx::");
        if names && !allowed(&source) {
            offences.push(format!("src/{} names sqlx", source.path));
        }
        if !["db", "cluster"].contains(&source.room()) {
            let sent = sends.iter().filter(|word| source.text.contains(**word));
            offences.extend(sent.map(|word| format!("src/{} says {word}", source.path)));
        }
    }
    none(&offences, "put the statement into a function of src/db, named by its verb, and call that");
}

/// The dialects, by their folders.
fn dialects(sources: &[Source]) -> BTreeSet<String> {
    let inside = sources.iter().filter(|source| source.room() == "dialects");
    let dialects: BTreeSet<String> = inside
        .filter(|source| source.path.matches('/').count() > 1)
        .map(|source| module_of(&source.path)[1].clone())
        .collect();
    assert!(dialects.len() >= 3, "the dialects are elsewhere: {dialects:?}");
    dialects
}

/// The dialects that a file names, whatever the path.
fn named_dialects<'a>(source: &Source, dialects: &'a BTreeSet<String>) -> Vec<&'a String> {
    let module = module_of(&source.path);
    let named = paths(&source.text).into_iter().filter_map(|path| from_the_root(&module, &path));
    let named = named.filter(|path| path.first().is_some_and(|room| room == "dialects"));
    named.filter_map(|path| dialects.get(path.get(1)?)).collect()
}

#[test]
fn no_dialect_names_another() {
    let sources = sources();
    let dialects = dialects(&sources);
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| source.room() == "dialects") {
        let own = module_of(&source.path).get(1).cloned();
        let others = named_dialects(source, &dialects).into_iter().filter(|name| Some(*name) != own.as_ref());
        offences.extend(others.map(|name| format!("src/{} names {name}", source.path)));
    }
    none(&offences, "what two dialects need belongs to actions, http or the domain, under a neutral name");
}

#[test]
fn a_dialect_is_its_folder_and_its_line() {
    let sources = sources();
    let dialects = dialects(&sources);
    let mut offences = Vec::new();
    // The cases of `eval` are written in Mind's words.
    let others = sources.iter().filter(|source| source.path != "commands/eval/case.rs");
    for source in others.filter(|source| source.room() != "dialects") {
        let named = named_dialects(source, &dialects).into_iter();
        offences.extend(named.map(|name| format!("src/{} names {name}", source.path)));
    }
    none(&offences, "ask the list in dialects/mod.rs: nobody else knows which dialects there are");
    let list = sources.iter().find(|source| source.path == "dialects/mod.rs").unwrap();
    for name in dialects {
        let lines = list.text.lines().filter(|line| line.contains(&name)).count();
        assert_eq!(lines, 1, "{name} has one line in dialects/mod.rs");
    }
}

/// The module that a file holds.
fn module_of(path: &str) -> Vec<String> {
    let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// A path as it reads from the root of the crate; `None` where it leads out of it.
fn from_the_root(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let mut at = match path.first()?.as_str() {
        "crate" => Vec::new(),
        "self" | "super" => module.to_vec(),
        _ => return None,
    };
    for step in path {
        match step.as_str() {
            "crate" | "self" => {}
            "super" => drop(at.pop()),
            step => at.push(step.to_owned()),
        }
    }
    Some(at)
}

/// Every path of several steps that starts at the crate or beside the file, groups taken apart.
fn paths(text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for start in ["crate::", "self::", "super::"] {
        for (at, _) in text.match_indices(start) {
            let goes_on = |before: char| before.is_alphanumeric() || "_$:".contains(before);
            if !text[..at].ends_with(goes_on) {
                expand(&text[at..], &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

/// Adds the paths that a text begins with to those found. Returns what follows them.
fn expand<'a>(text: &'a str, before: &mut Vec<String>, found: &mut Vec<Vec<String>>) -> &'a str {
    let length = before.len();
    let mut rest = text.trim_start();
    loop {
        if let Some(group) = rest.strip_prefix('{') {
            rest = group;
            loop {
                rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == ',');
                if rest.is_empty() || rest.starts_with('}') {
                    break;
                }
                let left = expand(rest, before, found);
                // What is no name and no group is passed over.
                rest = if left.len() == rest.len() { left.get(1..).unwrap_or_default() } else { left };
            }
            rest = rest.strip_prefix('}').unwrap_or(rest);
            break;
        }
        let step = if rest.starts_with('*') { "*".to_owned() } else { identifier(rest) };
        if step.is_empty() {
            if before.len() > length {
                found.push(before.clone());
            }
            break;
        }
        rest = &rest[step.len()..];
        before.push(step);
        let Some(further) = rest.strip_prefix("::") else {
            found.push(before.clone());
            break;
        };
        rest = further.trim_start();
    }
    before.truncate(length);
    rest
}

#[test]
fn the_clock_alone_reads_the_time() {
    let readers = ["Timestamp::now", "Zoned::now", "SystemTime::now", "Utc::now", "Local::now"];
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| source.path != "clock.rs") {
        let said = readers.iter().filter(|reader| source.text.contains(**reader));
        offences.extend(said.map(|reader| format!("src/{} says {reader}", source.path)));
    }
    none(&offences, "take the Clock, which tests can move");
}

#[test]
fn statements_never_ask_the_database_for_the_time() {
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "db") {
        for reader in ["now()", "current_timestamp", "clock_timestamp", "localtimestamp", "current_date"] {
            if strings(&source.text).iter().any(|sql| sql.contains(reader)) {
                offences.push(format!("src/{} says {reader}", source.path));
            }
        }
    }
    none(&offences, "bind an instant of the Clock");
}

#[test]
fn only_the_settings_read_the_environment() {
    // Where the embedded database finds its programs and keeps its socket is the system's to say.
    let mut offences = Vec::new();
    for source in sources() {
        let reads = ["env::var", "env::vars", "option_env!", "std::env::{", "use std::env"];
        for word in reads.iter().filter(|word| source.text.contains(**word)) {
            let finds_programs =
                source.path == "cluster/binaries.rs" && source.text.contains("var_os(\"PATH\")");
            if !finds_programs {
                offences.push(format!("src/{} says {word}", source.path));
            }
        }
    }
    none(&offences, "make it a setting of src/config.rs, with its variable, unit and default");
}

/// The tables with a tenant, from the migrations.
fn tenant_tables() -> BTreeSet<String> {
    let mut tables = BTreeSet::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for table in text.split("create table ").skip(1) {
            let body = table.split("\n);").next().unwrap();
            if body.contains("tenant_id") {
                tables.insert(identifier(table));
            }
        }
    }
    assert!(tables.contains("ticket") && !tables.contains("tenant"), "{tables:?}");
    tables
}

/// The string literals of a source, raw ones too.
fn strings(text: &str) -> Vec<String> {
    let mut strings = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        let raw = rest[..at].ends_with("r#");
        let is_sign = rest[..at].ends_with('\'') && rest[at + 1..].starts_with('\'');
        rest = &rest[at + 1..];
        if is_sign {
            continue;
        }
        let end = if raw {
            rest.find("\"#").unwrap_or(rest.len())
        } else {
            let mut signs = rest.char_indices();
            loop {
                match signs.next() {
                    Some((_, '\\')) => drop(signs.next()),
                    Some((at, '"')) => break at,
                    Some(_) => {}
                    None => break rest.len(),
                }
            }
        };
        strings.push(rest[..end].to_owned());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    strings
}

/// The tables that a statement reads or writes.
fn tables_of<'a>(sql: &str, tables: &'a BTreeSet<String>) -> Vec<&'a String> {
    let words: Vec<&str> = sql
        .split(|sign: char| !sign.is_alphanumeric() && sign != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let leads = ["from", "join", "into", "update", "using"];
    let named: BTreeSet<&str> =
        words.windows(2).filter(|pair| leads.contains(&pair[0])).map(|pair| pair[1]).collect();
    tables.iter().filter(|table| named.contains(table.as_str())).collect()
}

#[test]
fn every_statement_on_a_tenants_table_names_the_tenant() {
    let tables = tenant_tables();
    let mut offences = Vec::new();
    let mut seen = BTreeSet::new();
    for source in sources().iter().filter(|source| source.room() == "db") {
        for sql in strings(&source.text) {
            let used = tables_of(&sql, &tables);
            seen.extend(used.iter().map(|table| (*table).clone()));
            // Each table asks for a condition or a column of its own.
            if sql.matches("tenant_id").count() < used.len() {
                let start: Vec<&str> = sql.split_whitespace().take(8).collect();
                offences.push(format!("src/{} ({used:?}): {} …", source.path, start.join(" ")));
            }
        }
    }
    none(&offences, "add `tenant_id = $1`: row-level security is the last lock, not the first");
    assert!(seen.len() > 10, "the statements are no longer found: {seen:?}");
}

#[test]
fn statements_across_tenants_stand_in_their_few_files() {
    let mut offences = Vec::new();
    for source in sources().iter().filter(|source| source.room() == "db") {
        let own = ["db/mod.rs", "db/credentials.rs", "db/tenants.rs", "db/maintenance.rs", "db/schema.rs"];
        let doors = [".system()", ".system.", ".queue()", ".queue.", ".listen"];
        let leaves = doors.iter().any(|door| source.text.contains(door));
        let is_own = own.contains(&source.path.as_str()) || source.path.starts_with("db/queue/");
        if leaves && !is_own {
            offences.push(format!("src/{}", source.path));
        }
    }
    none(&offences, "a statement across tenants belongs to credentials, tenants, maintenance or queue");
}

#[test]
fn the_reading_of_sources_sees_what_it_should() {
    let text = "use crate::{a::b, c::{d, e}, f};\nlet x = crate::g::h; $crate::i";
    let named: Vec<String> = paths_after(text, "crate::").into_iter().collect();
    assert_eq!(named, ["a", "c", "f", "g"]);
    let found = strings("let a = \"x\\\"y\"; let b = r#\"select \"q\" from t\"#; let c = '\"'; f(\"z\")");
    assert_eq!(found, ["x\\\"y", "select \"q\" from t", "z"]);
    let text = "use super::super::{a::{self, b}, c};\nuse crate::{d::{e, f::*}};\nlet x = super::g::<u8>(crate::h::i);";
    let module = module_of("dialects/mind/ticket/mod.rs");
    let named = paths(text).into_iter().map(|path| from_the_root(&module, &path).unwrap().join("::"));
    let mut named: Vec<String> = named.collect();
    named.sort_unstable();
    assert_eq!(
        named,
        ["d::e", "d::f::*", "dialects::a", "dialects::a::b", "dialects::c", "dialects::mind::g", "h::i"]
    );
    let tables = BTreeSet::from(["ticket".to_owned(), "tag".to_owned()]);
    assert_eq!(tables_of("update ticket set x = (select 1 from tag)", &tables).len(), 2);
}

//! What a tenant has in its tables.

use serde_json::Value;

use crate::support::{Backdoor, Client};

/// The rows of a query that selects `to_json(…)::text`.
pub async fn rows(tenant: &Client, sql: &'static str) -> Vec<Value> {
    let texts = Backdoor::of_tenant(&tenant.tenant).await.texts(sql).await;
    texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect()
}

/// A count.
pub async fn number(tenant: &Client, sql: &'static str) -> i64 {
    Backdoor::of_tenant(&tenant.tenant).await.number(sql).await
}

/// The tenant's activity in its order, views included.
pub async fn activity(tenant: &Client) -> Vec<Value> {
    let sql = "select to_json(a)::text from (
        select kind, version, actor_kind, actor_name, via, changes from activity order by id
    ) a";
    rows(tenant, sql).await
}

/// The tenant's jobs in their order.
pub async fn jobs(tenant: &Client) -> Vec<Value> {
    rows(tenant, "select to_json(j)::text from (select kind, scope, lane, state from job order by id) j")
        .await
}

/// The answer with these members replaced, null ones aside.
pub fn redacted(body: &Value, names: &[&str]) -> Value {
    let mut body = body.clone();
    for name in names {
        let member = &mut body[*name];
        if !member.is_null() {
            *member = "redacted".into();
        }
    }
    body
}

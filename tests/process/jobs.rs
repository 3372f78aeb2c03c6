//! `tessera jobs`.

use serde_json::{Value, json};

use super::{Home, borrow, database, number};

/// A database with a tenant `acme`, a tenant `zeta` and a job of each in every state.
async fn furnished(home: &Home) -> (String, [(String, String); 2]) {
    let (url, env) = database().await;
    for slug in ["acme", "zeta"] {
        home.run_with(&borrow(&env), &["tenant", "create", slug]).succeeded();
    }
    let jobs = "with states as (
            select t.id as tenant_id, s.state, s.at from tenant t, unnest(array['available', 'retryable', 'scheduled',
                'running', 'completed', 'cancelled', 'discarded']) with ordinality as s (state, at)
        ), unfinished as (
            insert into job (tenant_id, kind, ticket_id, scope, lane, state, attempt, max_attempts, scheduled_at,
                created_at, lease_token, leased_until, errors)
            select tenant_id, 'probe', at, '{a}', 'background', state, 1, 5, now() + interval '1 hour', now(),
                case when state = 'running' then gen_random_uuid() end, case when state = 'running' then now() end,
                '[{\"at\": \"2026-11-21T00:00:00Z\", \"attempt\": 1, \"error\": \"the line\\tis busy\"}]'
            from states where at < 5 order by tenant_id, at returning 1
        ), finished as (
            insert into job_history (tenant_id, id, kind, ticket_id, scope, lane, state, attempt, max_attempts,
                scheduled_at, created_at, finalized_at, errors)
            select tenant_id, 100 * tenant_id + at, 'probe', at, '{a}', 'background', state, 5, 5, now(), now(), now(), '[]'
            from states where at > 4 returning 1
        ) select count(*) from unfinished, finished";
    number(&url, jobs).await;
    (url, env)
}

async fn id(url: &str, slug: &str, state: &str) -> String {
    let sql = format!(
        "select id from (select id, state, tenant_id from job union all select id, state, tenant_id from job_history) j
         where state = '{state}' and tenant_id = (select id from tenant where slug = '{slug}')"
    );
    number(url, &sql).await.to_string()
}

#[tokio::test]
async fn jobs_are_listed_newest_first_by_tenant_and_state() {
    let home = Home::new();
    let (url, env) = furnished(&home).await;
    let env = borrow(&env);
    let list = |args: &[&str]| -> Vec<Value> {
        let out = home.run_with(&env, &[&["jobs", "list", "--json"], args].concat()).succeeded().out;
        serde_json::from_str::<Vec<Value>>(&out).unwrap()
    };
    let ids = |jobs: &[Value]| jobs.iter().map(|job| job["id"].as_i64().unwrap()).collect::<Vec<_>>();
    let all = list(&[]);
    assert_eq!(all.len(), 14);
    assert!(ids(&all).is_sorted_by(|a, b| a > b));
    assert_eq!(ids(&list(&["--limit", "5"])), ids(&all)[..5]);
    let acme = list(&["--tenant", "acme"]);
    assert!(acme.len() == 7 && acme.iter().all(|job| job["tenant"] == "acme"));
    for state in ["available", "retryable", "scheduled", "running", "completed", "cancelled", "discarded"] {
        let found = list(&["--tenant", "zeta", "--state", state]);
        assert_eq!(found.len(), 1, "{state}");
        assert_eq!(found[0]["id"].to_string(), id(&url, "zeta", state).await);
    }

    let plain = home.run_with(&env, &["jobs", "list", "--limit", "3"]).succeeded();
    assert_eq!(plain.out.lines().count(), 4, "a head and three jobs");
    assert!(plain.err.contains("more jobs than these 3"), "{}", plain.err);
    let busy = home.run_with(&env, &["jobs", "list", "--state", "retryable"]).succeeded();
    assert!(busy.out.ends_with("\tthe line is busy\n") && busy.err.is_empty(), "{busy:?}");
    home.run_with(&env, &["jobs", "list", "--tenant", "nobody"]).failed_with(&["nobody"]);
    home.run_with(&env, &["jobs", "list", "--state", "lost"]).failed_with(&["available", "lost"]);
}

#[tokio::test]
async fn a_job_is_shown_with_what_went_wrong() {
    let home = Home::new();
    let (url, env) = furnished(&home).await;
    let env = borrow(&env);
    let job = id(&url, "acme", "retryable").await;
    let plain = home.run_with(&env, &["jobs", "show", &job]).succeeded().out;
    for line in [
        "tenant: acme\n",
        "state: retryable\n",
        "attempt: 1\n",
        "finalized_at: null\n",
        "the line\tis busy\n",
    ] {
        assert!(plain.contains(line), "{plain}");
    }
    let document = home.run_with(&env, &["jobs", "show", &job, "--json", "--tenant", "acme"]).succeeded().out;
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["errors"][0]["error"], "the line\tis busy");
    assert_eq!(document["scope"], json!(["a"]));
    for args in [
        &["show", "987654"][..],
        &["retry", "987654"],
        &["cancel", "987654"],
        &["show", &job, "--tenant", "zeta"],
    ] {
        home.run_with(&env, &[&["jobs"], args].concat()).failed_with(&["there is no job", args[1]]);
    }
}

#[tokio::test]
async fn a_discarded_job_is_run_again_and_a_waiting_one_is_cancelled() {
    let home = Home::new();
    let (url, env) = furnished(&home).await;
    let env = borrow(&env);
    let run = |args: &[&str]| home.run_with(&env, &[&["jobs"], args].concat());
    let due = "select count(*) from job where state = 'available' and attempt = 0 and scheduled_at <= now() and id = ";

    let discarded = id(&url, "acme", "discarded").await;
    run(&["retry", &discarded, "--tenant", "zeta"]).failed_with(&["there is no job", &discarded]);
    let done = run(&["retry", &discarded]).succeeded();
    assert_eq!((&*done.out, &*done.err), ("", ""));
    assert_eq!(number(&url, &format!("{due}{discarded}")).await, 1);
    let retryable = id(&url, "acme", "retryable").await;
    run(&["retry", &retryable]).succeeded();
    assert_eq!(number(&url, &format!("{due}{retryable}")).await, 1);
    let running = id(&url, "acme", "running").await;
    run(&["retry", &running]).failed_with(&[&running, "is running"]);

    // A finished job for a ticket that another job waits for.
    let completed = id(&url, "acme", "completed").await;
    let scheduled = id(&url, "acme", "scheduled").await;
    number(
        &url,
        &format!(
            "update job_history set ticket_id = 3, scope = '{{b}}' where id = {completed} returning 1::bigint"
        ),
    )
    .await;
    let joined = run(&["retry", &completed]).succeeded();
    assert!(joined.err.contains(&scheduled), "{joined:?}");
    assert_eq!(
        number(&url, &format!("select count(*) from job where id = {scheduled} and scope = '{{a,b}}'")).await,
        1
    );

    for job in [&scheduled, &running] {
        let done = run(&["cancel", job]).succeeded();
        assert_eq!((&*done.out, &*done.err), ("", ""));
        let cancelled = format!("select count(*) from job_history where state = 'cancelled' and id = {job}");
        assert_eq!(number(&url, &cancelled).await, 1);
        run(&["cancel", job]).failed_with(&[job, "cancelled already"]);
    }
}

//! Own tokens: which count, and which are refused.

use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use crate::support::{Backdoor, SECRET, Server, sign};

use super::{
    READ, TICKET, assert_accepted, assert_refused, assert_refused_soon, claims, claims_with, read_with,
};

#[tokio::test]
async fn what_is_no_bearer_token_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let good = sign(&claims(&acme.tenant));
    assert_accepted(&read_with(&acme, &*good).await);
    let stranger = acme.without_token();
    let values = [
        "Bearer".to_owned(),
        "Bearer ".to_owned(),
        "Bearer nonsense".to_owned(),
        "Bearer a.b.c".to_owned(),
        format!("Basic {good}"),
        good.clone(),
        format!("Bearer {good} {good}"),
        format!("Bearer {}", good.rsplit_once('.').unwrap().0),
    ];
    for value in values {
        assert_refused(&stranger.with_header("authorization", &value).get(READ).await);
    }
    assert_accepted(&stranger.with_header("authorization", &format!("bearer {good}")).get(READ).await);
}

#[tokio::test]
async fn a_bad_signature_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let other = EncodingKey::from_secret(b"another secret, thirty-two bytes and more");
    let forged = jsonwebtoken::encode(&Header::default(), &claims(&acme.tenant), &other).unwrap();
    assert_refused(&read_with(&acme, forged).await);

    // Another tenant's claims under a signature that counts for ours.
    let (ours, theirs) = (sign(&claims(&acme.tenant)), sign(&claims("demo")));
    let (head, signature) = ours.rsplit_once('.').unwrap();
    let body = theirs.split('.').nth(1).unwrap();
    assert_refused(
        &read_with(&acme, format!("{}.{body}.{signature}", head.split('.').next().unwrap())).await,
    );

    for alg in [Algorithm::HS384, Algorithm::HS512] {
        let key = EncodingKey::from_secret(SECRET.as_bytes());
        let token = jsonwebtoken::encode(&Header::new(alg), &claims(&acme.tenant), &key).unwrap();
        assert_refused(&read_with(&acme, token).await);
    }
}

#[tokio::test]
async fn the_algorithm_none_is_refused() {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

    let acme = Server::shared().new_tenant().await;
    let good = sign(&claims(&acme.tenant));
    let signature = good.rsplit_once('.').unwrap().1;
    let body = BASE64.encode(claims(&acme.tenant).to_string());
    for alg in ["none", "None", "NONE", ""] {
        let header = BASE64.encode(json!({ "alg": alg, "typ": "JWT" }).to_string());
        assert_refused(&read_with(&acme, format!("{header}.{body}.")).await);
        assert_refused(&read_with(&acme, format!("{header}.{body}")).await);
        assert_refused(&read_with(&acme, format!("{header}.{body}.{signature}")).await);
    }
}

#[tokio::test]
async fn a_token_counts_until_sixty_seconds_after_it_has_run_out() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let exp = server.clock.now().as_second() + 100;
    let token = sign(&claims_with(&acme.tenant, json!({ "exp": exp })));
    assert_accepted(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(140));
    assert_accepted(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(30));
    assert_refused(&read_with(&acme, &*token).await);
}

#[tokio::test]
async fn a_token_counts_from_sixty_seconds_before_it_is_valid() {
    let server = Server::start().await;
    let acme = server.new_tenant().await;
    let nbf = server.clock.now().as_second() + 200;
    let token = sign(&claims_with(&acme.tenant, json!({ "nbf": nbf })));
    assert_refused(&read_with(&acme, &*token).await);

    server.clock.advance(SignedDuration::from_secs(150));
    assert_accepted(&read_with(&acme, &*token).await);
}

#[tokio::test]
async fn times_may_have_a_fraction_and_must_be_numbers() {
    let acme = Server::shared().new_tenant().await;
    let fraction = json!({ "exp": 4_000_000_000.5, "nbf": 0.25, "iat": 1.5 });
    assert_accepted(&read_with(&acme, sign(&claims_with(&acme.tenant, fraction))).await);
    for exp in [json!(null), json!("4000000000"), json!(-1), json!([])] {
        let token = sign(&claims_with(&acme.tenant, json!({ "exp": exp })));
        assert_refused(&read_with(&acme, token).await);
    }
}

#[tokio::test]
async fn a_token_that_lacks_a_claim_is_refused() {
    let acme = Server::shared().new_tenant().await;
    for name in ["tenant", "sub", "role", "exp"] {
        let mut lacking = claims(&acme.tenant);
        lacking.as_object_mut().unwrap().remove(name);
        assert_refused(&read_with(&acme, sign(&lacking)).await);
    }
}

#[tokio::test]
async fn a_token_that_speaks_for_nobody_is_refused() {
    let server = Server::shared();
    let (acme, zeta) = (server.new_tenant().await, server.new_tenant().await);
    let strangers = zeta.get("/api/mind/profiles").await.body[0]["id"].to_string();
    for sub in
        ["", "0", "-1", "9223372036854775807", "9223372036854775808", "eva", "integration:", &strangers]
    {
        assert_refused(&acme.acting_as(sub, "admin").get(READ).await);
    }
    assert_refused(&acme.acting_as("integration:erp", "owner").get(READ).await);
    assert_refused(&acme.acting_as("integration:erp", "").get(READ).await);
}

#[tokio::test]
async fn an_unknown_tenant_is_refused() {
    let acme = Server::shared().new_tenant().await;
    for slug in ["nobody", "", "TENANT", "a\0b", "' or true --"] {
        assert_refused(&read_with(&acme, sign(&claims(slug))).await);
    }
}

#[tokio::test]
async fn an_integration_whose_name_cannot_be_stored_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let token = sign(&claims_with(&acme.tenant, json!({ "sub": "integration:a\0b" })));
    let reply = acme.with_token(&token).post(TICKET, json!({ "channel": "email" })).await;
    assert_refused(&reply);
}

#[tokio::test]
async fn a_tenant_that_another_process_disables_is_refused_within_five_seconds() {
    let acme = Server::shared().new_tenant().await;
    assert_accepted(&acme.get(READ).await);
    let mut backdoor = Backdoor::across_tenants().await;
    let switch = "update tenant set disabled_at = case when $2 then now() end where slug = $1";

    let update = sqlx::query(switch).bind(&acme.tenant).bind(true);
    update.execute(&mut backdoor.connection).await.unwrap();
    assert_refused_soon(&acme).await;

    let update = sqlx::query(switch).bind(&acme.tenant).bind(false);
    update.execute(&mut backdoor.connection).await.unwrap();
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn an_agent_whom_another_process_deletes_is_refused_within_five_seconds() {
    let acme = Server::shared().new_tenant().await;
    let id = acme.new_agent("eva@example.com", "agent").await;
    let eva = acme.acting_as(&id.to_string(), "agent");
    assert_accepted(&eva.get(READ).await);

    let mut backdoor = Backdoor::of_tenant(&acme.tenant).await;
    let delete = sqlx::query("update agent set deleted_at = now() where id = $1").bind(id);
    delete.execute(&mut backdoor.connection).await.unwrap();
    backdoor.commit().await;
    assert_refused_soon(&eva).await;
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn a_token_of_more_than_eight_kibibytes_is_refused() {
    let acme = Server::shared().new_tenant().await;
    let padded = |bytes: usize| sign(&claims_with(&acme.tenant, json!({ "pad": "x".repeat(bytes) })));
    let empty = padded(0).len();
    let room = (8192 - empty) / 4 * 3;
    let (fits, too_long) = (padded(room - 3), padded(room + 3));
    assert!(fits.len() <= 8192 && too_long.len() > 8192, "{} {}", fits.len(), too_long.len());
    assert_accepted(&read_with(&acme, &*fits).await);
    assert_refused(&read_with(&acme, &*too_long).await);
    let cookie = acme.without_token().with_header("cookie", &format!("token={too_long}"));
    assert_refused(&cookie.get(READ).await);
}

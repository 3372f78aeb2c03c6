//! Tokens of an identity provider, whose keys are fetched.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

use crate::support::{Server, sign};

use super::{
    EC, ED, NOTICED, Provider, READ, ROTATED, RSA, RSA_PUBLIC, assert_accepted, assert_refused, claims,
    claims_with, issue, key_set, read_with,
};

#[tokio::test]
async fn a_providers_tokens_are_accepted_with_every_algorithm_and_its_keys_are_kept() {
    let provider = Provider::start(&["rs", "es", "ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    assert_eq!(provider.asked(), 0, "own tokens need no provider");

    for _ in 0..3 {
        for (alg, pem, kid) in
            [(Algorithm::RS256, RSA, "rs"), (Algorithm::ES256, EC, "es"), (Algorithm::EdDSA, ED, "ed")]
        {
            for kid in [Some(kid), None] {
                let reply = read_with(&acme, issue(alg, pem, kid, &claims(&acme.tenant))).await;
                assert_accepted(&reply);
            }
        }
    }
    assert_eq!(provider.asked(), 1);
}

#[tokio::test]
async fn an_unknown_key_has_the_set_fetched_again_at_most_once_a_minute() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let known = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    let rotated = issue(Algorithm::EdDSA, ROTATED, Some("rotated"), &claims(&acme.tenant));

    // Many at once cause one request.
    let many = (0..20).map(|_| {
        let (acme, rotated) = (acme.clone(), rotated.clone());
        tokio::spawn(async move { assert_refused(&read_with(&acme, rotated).await) })
    });
    for one in many.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(provider.asked(), 1);

    provider.now_knows(key_set(&["ed", "rotated"]));
    assert_refused(&read_with(&acme, &*rotated).await);
    assert_accepted(&read_with(&acme, &*known).await);
    assert_eq!(provider.asked(), 1);

    server.clock.advance(SignedDuration::from_secs(61));
    assert_accepted(&read_with(&acme, &*known).await);
    assert_eq!(provider.asked(), 1, "a known key needs no request");
    assert_accepted(&read_with(&acme, &*rotated).await);
    assert_accepted(&read_with(&acme, &*rotated).await);
    assert_eq!(provider.asked(), 2);
}

#[tokio::test]
async fn a_provider_that_does_not_answer_holds_up_no_token_of_a_known_key() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let known = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    assert_accepted(&read_with(&acme, &*known).await);

    let closed = provider.gate.lock().await;
    server.clock.advance(SignedDuration::from_secs(61));
    let unknown = issue(Algorithm::EdDSA, ROTATED, Some("rotated"), &claims(&acme.tenant));
    let waiting = tokio::spawn({
        let acme = acme.clone();
        async move { read_with(&acme, unknown).await }
    });
    let start = Instant::now();
    while provider.asked() < 2 {
        assert!(start.elapsed() < NOTICED, "the provider is not asked");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_accepted(&read_with(&acme, &*known).await);
    assert!(!waiting.is_finished(), "the other one waits");
    drop(closed);
    assert_refused(&waiting.await.unwrap());
}

#[tokio::test]
async fn a_public_key_of_the_set_is_no_secret() {
    let provider = Provider::start(&["rs", "es", "ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let set = key_set(&["rs", "es", "ed"]);
    let trimmed = String::from_utf8(RSA_PUBLIC.to_vec()).unwrap().trim().to_owned();
    let secrets = [
        RSA_PUBLIC.to_vec(),
        trimmed.into_bytes(),
        set["keys"][0]["n"].as_str().unwrap().into(),
        set["keys"][2]["x"].as_str().unwrap().into(),
        set["keys"][0].to_string().into_bytes(),
    ];
    for secret in secrets {
        for kid in [None, Some("rs"), Some("ed")] {
            let header = Header { kid: kid.map(Into::into), ..Header::new(Algorithm::HS256) };
            let key = EncodingKey::from_secret(&secret);
            let token = jsonwebtoken::encode(&header, &claims(&acme.tenant), &key).unwrap();
            assert_refused(&read_with(&acme, token).await);
        }
    }
}

#[tokio::test]
async fn a_key_serves_only_the_algorithm_it_is_for() {
    let provider = Provider::start(&["rs", "es", "ed", "rotated"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let ours = claims(&acme.tenant);
    // Another kind of key, another key of the kind, an algorithm that is not accepted, and two keys to choose from.
    assert_refused(&read_with(&acme, issue(Algorithm::RS256, RSA, Some("es"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("rotated"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::RS512, RSA, Some("rs"), &ours)).await);
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, None, &ours)).await);
    assert_accepted(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("ed"), &ours)).await);
}

#[tokio::test]
async fn keys_of_unknown_kinds_in_the_set_do_no_harm() {
    let provider = Provider::start(&[]).await;
    let mut keys = vec![
        json!({ "kty": "AKP", "kid": "pq", "alg": "ML-DSA-65", "pub": "AAAA" }),
        json!({ "kty": "OKP", "kid": "x", "crv": "X25519", "x": "AAAA", "use": "enc" }),
        json!({ "kty": "EC", "kid": "k", "crv": "secp256k1", "x": "AAAA", "y": "AAAA" }),
        json!({ "kty": "RSA", "kid": "enc", "alg": "RSA-OAEP-512", "use": "enc", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": "RSA", "kid": "bare" }),
        json!({ "kid": "nothing" }),
        json!("a string"),
    ];
    keys.extend(key_set(&["ed"])["keys"].as_array().unwrap().clone());
    provider.now_knows(json!({ "keys": keys }));
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let token = issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant));
    assert_accepted(&read_with(&acme, token).await);
}

#[tokio::test]
async fn a_key_for_encryption_signs_nothing() {
    let provider = Provider::start(&[]).await;
    let mut set = key_set(&["rs"]);
    set["keys"][0]["use"] = json!("enc");
    provider.now_knows(set);
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let token = issue(Algorithm::RS256, RSA, Some("rs"), &claims(&acme.tenant));
    assert_refused(&read_with(&acme, token).await);
}

#[tokio::test]
async fn a_providers_token_is_refused_while_the_provider_cannot_be_reached() {
    let server = Server::with(&["--jwks-url", "http://127.0.0.1:1/keys"]).await;
    let acme = server.new_tenant().await;
    assert_refused(&read_with(&acme, issue(Algorithm::EdDSA, ED, Some("ed"), &claims(&acme.tenant))).await);
    assert_accepted(&acme.get(READ).await);
}

#[tokio::test]
async fn without_a_provider_only_own_tokens_count() {
    let acme = Server::shared().new_tenant().await;
    for (alg, pem) in [(Algorithm::RS256, RSA), (Algorithm::ES256, EC), (Algorithm::EdDSA, ED)] {
        assert_refused(&read_with(&acme, issue(alg, pem, None, &claims(&acme.tenant))).await);
    }
}

#[tokio::test]
async fn a_providers_token_must_name_issuer_and_audience_and_an_own_one_need_not() {
    let provider = Provider::start(&["ed"]).await;
    let flags = ["--jwks-url", &provider.url, "--jwt-issuer", "https://id.example", "--jwt-audience", "desk"];
    let server = Server::with(&flags).await;
    let acme = server.new_tenant().await;
    assert_accepted(&acme.get(READ).await);
    assert_accepted(
        &read_with(&acme, sign(&claims_with(&acme.tenant, json!({ "iss": "us", "aud": "us" })))).await,
    );

    let issued = |members| issue(Algorithm::EdDSA, ED, Some("ed"), &claims_with(&acme.tenant, members));
    for members in [
        json!({ "iss": "https://id.example", "aud": "desk" }),
        json!({ "iss": "https://id.example", "aud": ["shop", "desk"] }),
    ] {
        assert_accepted(&read_with(&acme, issued(members)).await);
    }
    for members in [
        json!({}),
        json!({ "aud": "desk" }),
        json!({ "iss": "https://id.example" }),
        json!({ "iss": "https://other.example", "aud": "desk" }),
        json!({ "iss": "https://id.example", "aud": "shop" }),
        json!({ "iss": "https://id.example", "aud": [] }),
        json!({ "iss": "https://id.example", "aud": null }),
        json!({ "iss": null, "aud": "desk" }),
    ] {
        assert_refused(&read_with(&acme, issued(members)).await);
    }
}

#[tokio::test]
async fn a_providers_token_is_held_to_its_times() {
    let provider = Provider::start(&["ed"]).await;
    let server = Server::with(&["--jwks-url", &provider.url]).await;
    let acme = server.new_tenant().await;
    let now = server.clock.now().as_second();
    let issued = |members| issue(Algorithm::EdDSA, ED, Some("ed"), &claims_with(&acme.tenant, members));
    assert_accepted(&read_with(&acme, issued(json!({ "exp": now - 30, "nbf": now + 30 }))).await);
    assert_refused(&read_with(&acme, issued(json!({ "exp": now - 90 }))).await);
    assert_refused(&read_with(&acme, issued(json!({ "nbf": now + 90 }))).await);
}

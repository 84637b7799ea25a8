//! Throw-away accounts: the real sign-up, log-in and session code, and no way from them to anybody else.

use crate::support::{Answer, Client, Kind, PASSWORD, TestServer};
use app::experiments::test_account::{Recognised, Refused, Rows, Subject, Token};
use rstest::rstest;
use serde::de::DeserializeOwned;
use server::clock::Clock;
use std::time::Duration;

fn read<T: DeserializeOwned>(answer: &Answer) -> T {
    serde_json::from_str(&answer.body).expect(&answer.body)
}

async fn begin(client: &mut Client) -> Subject {
    read(&client.post("/lab/subject", &[]).await)
}

async fn log_in(client: &mut Client, subject: &Subject, presented: &str) -> Token {
    let fields = [("subject", subject.id.as_str()), ("password", &subject.password), ("token", presented)];
    read(&client.post("/lab/subject/log-in", &fields).await)
}

async fn who_am_i(client: &Client, subject: &Subject, token: &str, later: i64) -> Answer {
    let path = format!("/lab/subject/whoami?subject={}&later={later}", subject.id);
    client.clone().with("lab-token", token).get(&path).await
}

async fn rows(client: &mut Client, subject: &Subject) -> Rows {
    read(&client.get(&format!("/lab/subject/rows?subject={}", subject.id)).await)
}

#[rstest]
#[tokio::test]
async fn a_test_account_signs_up_logs_in_is_recognised_and_logs_out(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    assert!(subject.username.starts_with("lab-"));
    let before = rows(&mut client, &subject).await;
    assert!(before.user.password_hash.starts_with("$argon2id$") && before.sessions.is_empty());

    let Token { token, line } = log_in(&mut client, &subject, "").await;
    assert_eq!(line, format!("__Host-session={token}; HttpOnly; SameSite=Lax; Secure; Path=/"));
    assert_eq!(client.cookie, None, "no cookie is set");
    let after = rows(&mut client, &subject).await;
    assert_eq!(after.sessions.len(), 1);
    assert!(token.starts_with(&after.sessions[0].id) && !token.contains(&after.sessions[0].secret_hash));
    let known: Recognised = read(&who_am_i(&client, &subject, &token, 0).await);
    assert_eq!(known.username.as_deref(), Some(subject.username.as_str()));

    let fields = [("subject", subject.id.as_str()), ("token", &token)];
    assert_eq!(client.post("/lab/subject/log-out", &fields).await.status, 204);
    assert_eq!(who_am_i(&client, &subject, &token, 0).await.status, 401);
    assert!(rows(&mut client, &subject).await.sessions.is_empty());
}

#[rstest]
#[tokio::test]
async fn a_name_is_free_again_where_its_test_account_could_not_be_noted(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut client = server.visitor();
    server.sql("ALTER TABLE subjects RENAME TO elsewhere").await;
    let own = [("username", "Ada"), ("password", PASSWORD)];
    assert_eq!(client.post("/lab/subject", &own).await.status, 500);
    server.sql("ALTER TABLE elsewhere RENAME TO subjects").await;
    assert_eq!(client.post("/lab/subject", &own).await.status, 200);
}

#[tokio::test]
async fn a_look_into_the_future_finds_the_session_ended_when_it_was_idle() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    let token = log_in(&mut client, &subject, "").await.token;
    let minutes = |minutes: i64| who_am_i(&client, &subject, &token, minutes * 60);
    assert_eq!(minutes(31).await.status, 401);
    assert_eq!(minutes(29).await.status, 200);
    assert_eq!(minutes(31).await.status, 200, "the look at 29 minutes was use of it");
    assert_eq!(minutes(62).await.status, 401);
    assert_eq!(who_am_i(&client, &subject, &token, 86_401).await.status, 422);
    assert_eq!(who_am_i(&client, &subject, &token, -1).await.status, 422);
}

#[tokio::test]
async fn a_variable_lies_in_the_test_accounts_own_session_and_is_held_to_the_rules_of_all() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    let token = log_in(&mut client, &subject, "").await.token;
    let fields = |token, name| [("subject", subject.id.as_str()), ("token", token), ("name", name), ("value", "blue")];
    assert_eq!(client.post("/lab/subject/put", &fields(&token, "colour")).await.status, 204);
    let known: Recognised = read(&who_am_i(&client, &subject, &token, 0).await);
    assert_eq!(known.values.iter().map(|value| value.value.as_str()).collect::<Vec<_>>(), ["blue"]);
    assert_eq!(client.post("/lab/subject/put", &fields(&token, "")).await.status, 422);
    assert_eq!(client.post("/lab/subject/put", &fields("nothing", "colour")).await.status, 401);
}

#[tokio::test]
async fn a_planted_token_is_turned_into_another_by_the_log_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    let planted: Token = read(&client.post("/lab/subject/anonymous", &[("subject", &subject.id)]).await);
    let known: Recognised = read(&who_am_i(&client, &subject, &planted.token, 0).await);
    assert_eq!(known.username, None);
    assert_eq!(who_am_i(&client, &subject, &planted.token, 60).await.status, 422, "it may be any visitor's");
    let token = log_in(&mut client, &subject, &planted.token).await.token;
    assert_ne!(token, planted.token);
    assert_eq!(who_am_i(&client, &subject, &planted.token, 0).await.status, 401);
    assert_eq!(who_am_i(&client, &subject, &token, 0).await.status, 200);
}

#[tokio::test]
async fn confirming_and_ending_others_take_a_copied_token_away() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    let copied = log_in(&mut client, &subject, "").await.token;
    let fields = [("subject", subject.id.as_str()), ("token", &copied), ("password", &subject.password)];
    let turned: Token = read(&client.post("/lab/subject/confirm", &fields).await);
    assert_eq!(who_am_i(&client, &subject, &copied, 0).await.status, 401);

    let elsewhere = log_in(&mut client, &subject, "").await.token;
    let fields = [("subject", subject.id.as_str()), ("token", &turned.token)];
    assert_eq!(client.post("/lab/subject/end-others", &fields).await.status, 204);
    assert_eq!(who_am_i(&client, &subject, &elsewhere, 0).await.status, 401);
    assert_eq!(who_am_i(&client, &subject, &turned.token, 0).await.status, 200);
}

#[tokio::test]
async fn the_stored_hash_of_a_token_is_no_token() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    log_in(&mut client, &subject, "").await;
    let stolen = rows(&mut client, &subject).await.sessions.remove(0);
    for forged in [stolen.secret_hash.clone(), format!("{}.{}", stolen.id, stolen.secret_hash), stolen.id] {
        assert_eq!(who_am_i(&client, &subject, &forged, 0).await.status, 401, "{forged}");
    }
}

#[tokio::test]
async fn wrong_passwords_and_unknown_names_are_refused_alike_and_counted_against_nobody_else() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    for known in ["true", "false"] {
        for _ in 0..40 {
            let fields = [("subject", subject.id.as_str()), ("known", known)];
            let refused: Refused = read(&client.post("/lab/subject/try", &fields).await);
            assert_eq!(refused.status, 401);
        }
    }
    server.user("ada").await;
}

#[tokio::test]
async fn nobody_elses_session_or_name_is_reached_through_a_test_account() {
    let server = TestServer::on(Kind::Sqlite).await;
    let ada = server.user("ada").await;
    let token = ada.cookie.clone().unwrap().split_once('=').unwrap().1.to_owned();
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    assert_eq!(who_am_i(&client, &subject, &token, 0).await.status, 422);
    assert_eq!(who_am_i(&client, &subject, &token, 80_000).await.status, 422);
    for path in ["log-out", "end-others", "confirm", "log-in"] {
        let fields = [("subject", subject.id.as_str()), ("token", &token), ("password", PASSWORD)];
        assert_eq!(client.post(&format!("/lab/subject/{path}"), &fields).await.status, 422, "{path}");
    }
    assert_eq!(ada.clone().who_am_i().await.status, 200);
    assert_eq!(client.get("/lab/subject/rows?subject=AAAAAAAAAAAAAAAAAAAAAA").await.status, 404);
    let by_cookie = format!("/lab/subject/whoami?subject={}&cookie=__Host-session", subject.id);
    assert_eq!(ada.clone().get(&by_cookie).await.status, 422, "the login cookie is not looked at");
}

#[rstest]
#[tokio::test]
async fn a_test_account_is_gone_when_it_is_ended_and_after_an_hour_at_the_latest(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut client = server.visitor();
    let (one, other) = (begin(&mut client).await, begin(&mut client).await);
    let token = log_in(&mut client, &one, "").await.token;
    for _ in 0..2 {
        assert_eq!(client.post("/lab/subject/end", &[("subject", &one.id)]).await.status, 204);
    }
    assert_eq!(who_am_i(&client, &one, &token, 0).await.status, 404);
    assert_eq!(client.log_in(&one.username, &one.password).await.status, 401);

    server.clock.forward(Duration::from_secs(3_600));
    assert_eq!(client.get(&format!("/lab/subject/rows?subject={}", other.id)).await.status, 404);
    server.sweep().await;
    assert_eq!(client.log_in(&other.username, &other.password).await.status, 401);
}

#[rstest]
#[tokio::test]
async fn an_account_that_its_owner_keeps_is_no_test_account_any_more(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut client = server.visitor();
    let own = [("username", "ada"), ("password", PASSWORD)];
    let subject: Subject = read(&client.post("/lab/subject", &own).await);
    assert_eq!((subject.username.as_str(), subject.password.as_str()), ("ada", ""), "the password is not sent back");
    assert_eq!(client.post("/lab/subject", &own).await.status, 409, "the name is taken");
    assert_eq!(client.post("/lab/subject/keep", &[("subject", &subject.id)]).await.status, 204);
    assert_eq!(client.get(&format!("/lab/subject/rows?subject={}", subject.id)).await.status, 404);
    assert_eq!(client.post("/lab/subject/end", &[("subject", &subject.id)]).await.status, 204);
    assert_eq!(client.post("/api/login", &own).await.status, 200, "the account is still there");
}

#[tokio::test]
async fn a_visitors_own_account_is_held_to_the_rules_of_every_sign_up() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    for (name, password) in [("ada", "short"), ("ada", ""), ("", PASSWORD), ("a b", PASSWORD)] {
        let answer = client.post("/lab/subject", &[("username", name), ("password", password)]).await;
        assert_eq!(answer.status, 422, "{name} {password}");
    }
}

#[tokio::test]
async fn the_token_is_handed_out_and_taken_away_in_a_cookie_of_the_labs_own() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    let fields = |cookie| [("subject", subject.id.as_str()), ("password", &subject.password), ("cookie", cookie)];
    for elsewhere in ["__Host-session", "session", ""] {
        assert_eq!(client.post("/lab/subject/log-in", &fields(elsewhere)).await.status, 422, "{elsewhere}");
        assert_eq!(client.post("/lab/subject/log-out", &fields(elsewhere)).await.status, 422, "{elsewhere}");
    }
    let answer = client.post("/lab/subject/log-in", &fields("__Host-lab-token")).await;
    let Token { token, .. } = read(&answer);
    assert_eq!(
        answer.header("set-cookie"),
        format!("__Host-lab-token={token}; HttpOnly; SameSite=Lax; Secure; Path=/")
    );
    let mut client = client.with("cookie", &format!("__Host-lab-token={token}"));
    let answer = client.post("/lab/subject/log-out", &fields("__Host-lab-token")).await;
    assert_eq!(
        (answer.status, answer.header("set-cookie")),
        (204, "__Host-lab-token=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0")
    );
    assert_eq!(who_am_i(&client, &subject, &token, 0).await.status, 401);
}

#[tokio::test]
async fn masked_rows_hold_no_hash() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let subject = begin(&mut client).await;
    log_in(&mut client, &subject, "").await;
    let whole = rows(&mut client, &subject).await;
    let masked = client.get(&format!("/lab/subject/rows?subject={}&masked=true", subject.id)).await.body;
    let hash = whole.user.password_hash.rsplit('$').next().unwrap().to_owned();
    assert!(!masked.contains(&hash) && !masked.contains(&whole.sessions[0].secret_hash), "{masked}");
}

#[tokio::test]
async fn the_log_in_flow_shows_the_code_that_was_compiled() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let page = client.get("/login-flow").await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("pub async fn identify(") && page.body.contains("async fn sign_up("));
    let source = client.get("/login-flow/source/server/src/sessions/token.rs").await;
    assert_eq!(source.status, 200);
    assert!(source.body.contains("id=\"L1\"") && source.body.contains("pub fn matches"));
    for elsewhere in ["server/src/main.rs", "Cargo.toml", "server/src/accounts/", "etc/passwd"] {
        assert_eq!(client.get(&format!("/login-flow/source/{elsewhere}")).await.status, 404, "{elsewhere}");
    }
}

#[tokio::test]
async fn test_accounts_are_not_counted_as_sign_ups() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    for _ in 0..61 {
        begin(&mut client).await;
    }
    let own = [("username", "ada"), ("password", PASSWORD)];
    assert_eq!(client.post("/lab/subject", &own).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn what_a_look_does_to_a_session_is_done_when_it_is_answered(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut client = Client::new(server.unsettled.clone());
    let subject = begin(&mut client).await;
    let Token { token, .. } = log_in(&mut client, &subject, "").await;
    for minutes in [29, 58, 87] {
        let known: Recognised = read(&who_am_i(&client, &subject, &token, minutes * 60).await);
        assert_eq!(known.session.last_seen_at, server.clock.now() + minutes * 60);
    }
}

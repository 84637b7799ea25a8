//! What an owner sees and does on the account page.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use app::accounts::EventKind::{
    ConfirmFailed, Confirmed, Exported, LogInFailed, LoggedIn, LoggedOut, OthersEnded, PasswordChanged, SessionEnded,
    SignedUp,
};
use rstest::rstest;
use std::time::Duration;

const NEW_PASSWORD: &str = "a bell, a boat, a button";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// Ada, logged in here and in a second browser.
async fn ada_twice(server: &TestServer) -> (Client, Client) {
    (server.user("Ada").await, server.elsewhere("Ada").await)
}

#[rstest]
#[tokio::test]
async fn the_owner_sees_where_the_account_is_logged_in(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut here = server.visitor().with("user-agent", FIREFOX).with("x-forwarded-for", "192.0.2.7");
    here.sign_up("Ada", PASSWORD).await;
    here.post("/api/login", &[("username", "Ada"), ("password", PASSWORD), ("keep", "1")]).await;
    server.clock.forward(Duration::from_secs(120));
    let mut there = server.visitor().with("user-agent", "curl/8.5.0").with("x-forwarded-for", "2001:db8::1");
    there.log_in("Ada", PASSWORD).await;
    let sessions = there.profile().await.sessions;
    let seen: Vec<_> = sessions
        .iter()
        .map(|session| (session.device.as_str(), session.address.as_str(), session.kept, session.this_one))
        .collect();
    assert_eq!(seen, [("curl", "2001:db8::1", false, true), ("Firefox on Linux", "192.0.2.7", true, false)]);
    assert_eq!(sessions[0].first_seen - sessions[1].last_seen, 120);
    let page = there.get("/account").await;
    assert!(page.body.contains("Firefox on Linux") && page.body.contains("192.0.2.7"));
    assert!(here.profile().await.sessions[0].this_one);
}

#[rstest]
#[tokio::test]
async fn ending_a_session_needs_a_password_confirmed_a_short_while_ago(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let (mut here, mut there) = ada_twice(&server).await;
    server.clock.forward(Duration::from_secs(5 * 60));
    let id = there.profile().await.sessions[0].id.clone();
    let refused = here.end_session(&id).await;
    assert_eq!((refused.status, refused.body.as_str()), (403, r#"{"error":"confirm_first"}"#));
    assert_eq!(here.end_session("others").await.status, 403);
    assert_eq!(there.who_am_i().await.status, 200);
    assert_eq!(here.confirm("not the password at all").await.status, 422);
    assert_eq!(here.confirm(PASSWORD).await.status, 200);
    assert_eq!(here.end_session(&id).await.status, 200);
    assert_eq!(there.who_am_i().await.status, 401, "refused at its next request");
    assert_eq!(here.end_session(&id).await.status, 200, "one that is gone is ended");
    assert_eq!(here.events().await, [SessionEnded, Confirmed, ConfirmFailed, LoggedIn, LoggedIn, SignedUp]);
}

#[tokio::test]
async fn the_owner_ends_all_other_sessions_at_once() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut here, mut there) = ada_twice(&server).await;
    let mut third = server.elsewhere("Ada").await;
    let mut bob = server.user("Bob").await;
    assert_eq!(here.end_session("others").await.status, 200);
    assert_eq!((there.who_am_i().await.status, third.who_am_i().await.status), (401, 401));
    assert_eq!((here.who_am_i().await.status, bob.who_am_i().await.status), (200, 200));
    assert_eq!(here.events().await[0], OthersEnded);
}

#[rstest]
#[tokio::test]
async fn nobody_ends_somebody_elses_session(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let (mut ada, mut bob) = (server.user("Ada").await, server.user("Bob").await);
    let id = ada.profile().await.sessions[0].id.clone();
    assert_eq!(bob.end_session(&id).await.status, 200, "the answer does not tell whether it is there");
    assert_eq!(server.visitor().end_session(&id).await.status, 401);
    assert_eq!(bob.end_session("no-such-id").await.status, 422);
    assert_eq!(ada.who_am_i().await.status, 200);
}

#[rstest]
#[tokio::test]
async fn confirming_gives_a_new_token_and_the_old_one_is_dead(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    ada.put("lab-a", "1").await;
    let before = ada.profile().await.sessions[0].clone();
    let mut old = ada.clone();
    server.clock.forward(Duration::from_secs(100));
    assert_eq!(ada.confirm(PASSWORD).await.status, 200);
    assert_eq!(old.who_am_i().await.status, 401);
    let after = ada.profile().await.sessions[0].clone();
    assert_ne!(before.id, after.id);
    assert_eq!(before.first_seen, after.first_seen, "it is still the same session to its owner");
    assert_eq!(ada.observe().await.session.unwrap().values.len(), 1);
}

#[tokio::test]
async fn a_kept_session_stays_kept_when_its_token_changes() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.visitor();
    ada.sign_up("Ada", PASSWORD).await;
    ada.post("/api/login", &[("username", "Ada"), ("password", PASSWORD), ("keep", "1")]).await;
    let answer = ada.confirm(PASSWORD).await;
    assert!(answer.header("set-cookie").ends_with("; Max-Age=2592000"));
    assert!(ada.profile().await.sessions[0].kept);
}

#[rstest]
#[tokio::test]
async fn a_new_password_needs_the_current_one_and_replaces_it(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let (mut here, mut there) = ada_twice(&server).await;
    let mut old = here.clone();
    let wrong = here.change_password("not the password at all", NEW_PASSWORD, true).await;
    assert_eq!((wrong.status, wrong.body.as_str()), (422, r#"{"error":"wrong_password"}"#));
    assert_eq!(here.change_password(PASSWORD, "too short", true).await.status, 422);
    assert_eq!(here.change_password(PASSWORD, "Ada and Friends", true).await.status, 422);
    assert_eq!(there.who_am_i().await.status, 200);
    assert_eq!(here.change_password(PASSWORD, NEW_PASSWORD, true).await.status, 200);
    assert_eq!(here.who_am_i().await.status, 200);
    assert_eq!(old.who_am_i().await.status, 401, "the token is new");
    assert_eq!(there.who_am_i().await.status, 401, "the others are out");
    assert_eq!(server.visitor().log_in("Ada", PASSWORD).await.status, 401);
    assert_eq!(server.visitor().log_in("Ada", NEW_PASSWORD).await.status, 200);
    assert!(here.events().await.contains(&PasswordChanged));
}

#[tokio::test]
async fn the_others_stay_logged_in_when_a_new_password_leaves_them() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut here, mut there) = ada_twice(&server).await;
    assert_eq!(here.change_password(PASSWORD, NEW_PASSWORD, false).await.status, 200);
    assert_eq!(there.who_am_i().await.status, 200);
}

#[tokio::test]
async fn a_password_is_checked_exactly_as_it_was_typed() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.visitor();
    let long = format!("  {} É", "x y".repeat(40));
    ada.sign_up("Ada", &long).await;
    for other in [long.trim(), &long.to_uppercase(), &long[..long.len() - 2], &long[1..]] {
        assert_eq!(ada.log_in("Ada", other).await.status, 401, "{other}");
    }
    assert_eq!(ada.log_in("Ada", &long).await.status, 200);
}

#[tokio::test]
async fn what_happened_to_the_account_is_told_to_its_owner_and_nobody_else() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let mut bob = server.user("Bob").await;
    let mut thief = server.visitor().with("x-forwarded-for", "203.0.113.9").with("user-agent", "curl/8.5.0");
    thief.log_in("ada", "not the password at all").await;
    let mut two = server.elsewhere("Ada").await;
    two.log_out().await;
    // The failure is written beside the answer, not before it.
    let mut events = ada.profile().await.events;
    while events.len() < 5 {
        tokio::task::yield_now().await;
        events = ada.profile().await.events;
    }
    let mut kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    kinds.sort_by_key(|kind| kind.word());
    assert_eq!(kinds, [LogInFailed, LoggedIn, LoggedIn, LoggedOut, SignedUp]);
    let failed = events.iter().find(|event| event.kind == LogInFailed).unwrap();
    assert_eq!((failed.address.as_str(), failed.device.as_str()), ("203.0.113.9", "curl"));
    assert_eq!(bob.events().await, [LoggedIn, SignedUp]);
    assert_eq!(server.visitor().post("/api/profile", &[]).await.status, 401);
}

#[rstest]
#[tokio::test]
async fn the_export_holds_all_that_is_kept_and_no_secret(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    ada.put("lab-colour", "blue").await;
    let secret = ada.cookie.clone().unwrap().split_once('.').unwrap().1.to_owned();
    let answer = ada.post("/account/export", &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"storage-lab-account.json\"");
    assert_eq!(answer.header("cache-control"), "no-store");
    let export: app::accounts::Export = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((export.username.as_str(), export.sessions.len()), ("Ada", 1));
    assert_eq!(export.sessions[0].values[0].value, "blue");
    assert_eq!(export.events.iter().map(|event| event.kind).collect::<Vec<_>>(), [Exported, LoggedIn, SignedUp]);
    assert!(!answer.body.contains(&secret) && !answer.body.contains("argon2"));
    assert_eq!(server.visitor().post("/account/export", &[]).await.location(), "/login?next=/account/export");
    assert_eq!(ada.get("/account/export").await.location(), "/account", "a link exports nothing");
    assert_eq!(ada.events().await, [Exported, LoggedIn, SignedUp]);
}

#[rstest]
#[tokio::test]
async fn a_deleted_account_leaves_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let (mut here, mut there) = ada_twice(&server).await;
    here.put("lab-colour", "blue").await;
    let delete = async |client: &mut Client, password| {
        client.post("/api/account/delete", &[("current_password", password)]).await.status
    };
    assert_eq!(delete(&mut here, "not the password at all").await, 422);
    assert_eq!(delete(&mut server.visitor(), PASSWORD).await, 401);
    assert_eq!(delete(&mut here, PASSWORD).await, 200);
    assert!(here.cookie.is_none());
    assert_eq!(there.who_am_i().await.status, 401);
    assert_eq!(server.visitor().log_in("Ada", PASSWORD).await.status, 401);
    assert_eq!(here.sign_up("Ada", PASSWORD).await.status, 200, "the name is free again");
    here.log_in("Ada", PASSWORD).await;
    assert_eq!(here.events().await, [LoggedIn, SignedUp]);
}

#[tokio::test]
async fn an_open_page_that_only_looks_does_not_prolong_its_session() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    for _ in 0..29 {
        server.clock.forward(Duration::from_secs(60));
        assert!(ada.post("/api/current-user", &[]).await.body.contains("Ada"));
    }
    let end = async |ada: &mut Client| ada.profile().await.logged_in.idle_end;
    let mut idle = ada.clone();
    server.clock.forward(Duration::from_secs(61));
    assert_eq!(idle.post("/api/current-user", &[]).await.body, "null", "30 minutes without use");
    ada = server.elsewhere("Ada").await;
    let before = end(&mut ada).await;
    server.clock.forward(Duration::from_secs(60));
    assert_eq!(ada.post("/api/stay-logged-in", &[]).await.status, 200);
    assert_eq!(end(&mut ada).await, before + 60, "asked to stay, it does");
}

#[tokio::test]
async fn a_plain_form_is_sent_to_confirm_first_and_back() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut here, _there) = ada_twice(&server).await;
    server.clock.forward(Duration::from_secs(5 * 60));
    here = here.plain_form();
    let answer = here.end_session("others").await;
    assert_eq!((answer.status, answer.location()), (303, "/account/confirm?next=/account"));
    assert!(here.get(answer.location()).await.body.contains("Current password"));
    let fields = [("current_password", "not the password at all"), ("next", "/account")];
    let wrong = here.post("/api/account/confirm", &fields).await;
    assert_eq!(wrong.location(), "/account/confirm?error=wrong_password&next=%2Faccount");
    assert!(here.get(wrong.location()).await.body.contains("not your current password"));
    let right = here.post("/api/account/confirm", &[("current_password", PASSWORD), ("next", "//evil.example")]).await;
    assert_eq!((right.status, right.location()), (303, "/account"));
    let answer = here.end_session("others").await;
    assert_eq!((answer.status, answer.location()), (303, "/account"));
}

#[rstest]
#[tokio::test]
async fn the_export_asks_for_a_password_confirmed_a_short_while_ago(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    server.clock.forward(Duration::from_secs(5 * 60));
    let answer = ada.post("/account/export", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/account/confirm?next=/account"));
    assert_eq!(ada.events().await, [LoggedIn, SignedUp]);
    assert_eq!(ada.confirm(PASSWORD).await.status, 200);
    assert_eq!(ada.post("/account/export", &[]).await.status, 200);
}

#[rstest]
#[tokio::test]
async fn a_thief_does_not_drive_the_log_in_out_of_the_list(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    let mut thief = server.visitor().with("x-forwarded-for", "203.0.113.9");
    thief.log_in("Ada", PASSWORD).await;
    for number in 0..510 {
        // From ever another browser, so that no event is counted to the one before.
        thief = thief.with("user-agent", &format!("curl/{number}"));
        assert_eq!(thief.post("/account/export", &[]).await.status, 200);
    }
    let events = ada.post("/account/export", &[]).await;
    let export: app::accounts::Export = serde_json::from_str(&events.body).unwrap();
    let thefts = export.events.iter().filter(|event| event.kind == LoggedIn && event.address == "203.0.113.9");
    assert_eq!(thefts.count(), 1);
    assert!(export.events.iter().any(|event| event.kind == SignedUp));
    assert!(export.events.len() <= 110, "{}", export.events.len());
}

#[rstest]
#[tokio::test]
async fn what_happens_again_and_again_is_told_once_with_its_number(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    for _ in 0..3 {
        ada.post("/account/export", &[]).await;
        server.clock.forward(Duration::from_secs(60));
    }
    let events = ada.profile().await.events;
    assert_eq!(
        events.iter().map(|event| (event.kind, event.times)).collect::<Vec<_>>(),
        [(Exported, 3), (LoggedIn, 1), (SignedUp, 1)]
    );
    assert!(ada.get("/account").await.body.contains(", 3 times"));
}

#[tokio::test]
async fn the_password_of_now_is_no_new_password() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let answer = ada.change_password(PASSWORD, PASSWORD, true).await;
    assert_eq!((answer.status, answer.body.as_str()), (422, r#"{"error":"password_unchanged"}"#));
}

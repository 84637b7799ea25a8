//! Log-out.

use crate::support::{Kind, TestServer};
use axum::http::header;
use rstest::rstest;

#[rstest]
#[tokio::test]
async fn the_old_cookie_is_refused_after_log_out(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    let mut thief = ada.clone();
    let answer = ada.log_out().await;
    assert_eq!(answer.status, 200);
    let lines: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    let expected = [
        "__Host-session=; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/; Max-Age=0",
        "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
    ];
    assert_eq!(lines, expected);
    assert_eq!(thief.who_am_i().await.status, 401);
    let page = thief.get("/account").await;
    assert_eq!((page.status, page.location()), (303, "/login?next=/account"));
}

#[tokio::test]
async fn logging_out_twice_or_without_a_session_is_fine() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    ada.log_out().await;
    assert_eq!(ada.log_out().await.status, 200);
    let answer = server.visitor().plain_form().log_out().await;
    assert_eq!((answer.status, answer.location()), (303, "/"));
}

#[tokio::test]
async fn one_log_out_leaves_the_other_browser_logged_in() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut one = server.user("Ada").await;
    let mut two = server.visitor();
    two.log_in("Ada", crate::support::PASSWORD).await;
    one.log_out().await;
    assert_eq!(two.who_am_i().await.status, 200);
}

//! What open pages are told.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use axum::{
    body::{Body, BodyDataStream},
    http::{Request, header},
};
use futures::StreamExt;
use rstest::rstest;
use std::time::Duration;
use tower::ServiceExt;

/// A page that listens.
struct Page(BodyDataStream);

impl Page {
    async fn open(server: &TestServer, visitor: &Client) -> Self {
        let cookie = visitor.cookie.clone().unwrap();
        let request = Request::get("/lab/events").header(header::HOST, "localhost").header(header::COOKIE, cookie);
        let request = request.body(Body::empty()).unwrap();
        let answer = server.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream");
        assert_eq!(answer.headers()[header::CACHE_CONTROL], "no-store, no-transform");
        assert_eq!(answer.headers()["x-accel-buffering"], "no");
        let mut page = Self(answer.into_body().into_data_stream());
        // At once, by which a browser knows that the stream is open.
        assert_eq!(page.hears().await.as_deref(), Some(": listening\n\n"));
        page
    }

    /// The next thing that it is told; `None` when the stream has ended.
    async fn hears(&mut self) -> Option<String> {
        let frame = tokio::time::timeout(Duration::from_secs(20), self.0.next()).await.expect("nothing was told");
        frame.map(|frame| String::from_utf8(frame.unwrap().to_vec()).unwrap())
    }

    async fn hears_values(&mut self) {
        assert_eq!(self.hears().await.as_deref(), Some("event: values\ndata: values\n\n"));
    }

    async fn hears_the_end(&mut self) {
        assert_eq!(self.hears().await.as_deref(), Some("event: ended\ndata: ended\n\n"));
        assert_eq!(self.hears().await, None);
    }
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_tell() {
    let server = TestServer::on(Kind::Sqlite).await;
    let answer = server.visitor().get("/lab/events").await;
    assert_eq!((answer.status, answer.header("cache-control")), (204, "no-store"));
}

#[tokio::test]
async fn every_page_of_a_session_hears_that_its_values_changed_and_no_other_page_does() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut visitor, mut other) = (server.visitor(), server.visitor());
    visitor.put("lab-a", "1").await;
    other.put("lab-a", "1").await;
    let mut pages = [Page::open(&server, &visitor).await, Page::open(&server, &visitor).await];
    let mut others = Page::open(&server, &other).await;
    visitor.put("lab-a", "2").await;
    visitor.post("/api/values/delete", &[("name", "lab-a")]).await;
    visitor.post("/api/values/delete-several", &[("names[0]", "lab-b")]).await;
    visitor.post("/api/values/clear", &[]).await;
    for page in &mut pages {
        for _ in 0..4 {
            page.hears_values().await;
        }
    }
    visitor.put("lab-a", &"x".repeat(65_536)).await;
    other.log_out().await;
    others.hears_the_end().await;
    visitor.log_out().await;
    for page in &mut pages {
        page.hears_the_end().await;
    }
}

#[rstest]
#[tokio::test]
async fn a_page_hears_that_its_session_ended_or_goes_on_under_another_token(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "1").await;
    let mut anonymous = Page::open(&server, &visitor).await;
    visitor.sign_up("Ada", PASSWORD).await;
    visitor.log_in("Ada", PASSWORD).await;
    anonymous.hears_the_end().await;

    let mut elsewhere = server.elsewhere("Ada").await;
    let (mut here, mut there) = (Page::open(&server, &visitor).await, Page::open(&server, &elsewhere).await);
    visitor.confirm(PASSWORD).await;
    here.hears_the_end().await;
    visitor.end_session("others").await;
    there.hears_the_end().await;

    elsewhere.log_in("Ada", PASSWORD).await;
    let mut there = Page::open(&server, &elsewhere).await;
    let id = elsewhere.observe().await.session.unwrap().id;
    visitor.end_session(&id).await;
    there.hears_the_end().await;

    elsewhere.log_in("Ada", PASSWORD).await;
    let (mut here, mut there) = (Page::open(&server, &visitor).await, Page::open(&server, &elsewhere).await);
    visitor.change_password(PASSWORD, "another long password", true).await;
    here.hears_the_end().await;
    there.hears_the_end().await;

    let mut here = Page::open(&server, &visitor).await;
    visitor.post("/api/account/delete", &[("current_password", "another long password")]).await;
    here.hears_the_end().await;
}

#[tokio::test]
async fn what_ends_elsewhere_does_not_end_this_session() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let mut page = Page::open(&server, &ada).await;
    server.elsewhere("Ada").await.log_out().await;
    server.user("Bob").await.log_out().await;
    ada.put("lab-a", "1").await;
    page.hears_values().await;
}

#[tokio::test]
async fn a_session_has_32_listening_pages_at_most_and_closed_ones_do_not_count() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut visitor, mut other) = (server.visitor(), server.visitor());
    visitor.put("lab-a", "1").await;
    other.put("lab-a", "1").await;
    for _ in 0..3 {
        let mut pages = Vec::new();
        for _ in 0..32 {
            pages.push(Page::open(&server, &visitor).await);
        }
        let refused = visitor.get("/lab/events").await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "2"));
        let _other = Page::open(&server, &other).await;
        visitor.put("lab-a", "2").await;
        for page in &mut pages {
            page.hears_values().await;
        }
    }
}

#[tokio::test]
async fn a_page_that_is_far_behind_is_told_that_values_changed_and_misses_no_end() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    visitor.put("lab-a", "1").await;
    let mut page = Page::open(&server, &visitor).await;
    for number in 0..40 {
        visitor.put("lab-a", &number.to_string()).await;
    }
    page.hears_values().await;
    for number in 0..40 {
        visitor.put("lab-a", &number.to_string()).await;
    }
    visitor.log_out().await;
    page.hears_the_end().await;
}

#[tokio::test]
async fn a_page_that_only_listens_keeps_no_session_alive() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    server.clock.forward(Duration::from_secs(20 * 60));
    let _page = Page::open(&server, &ada).await;
    server.clock.forward(Duration::from_secs(11 * 60));
    assert_eq!(ada.who_am_i().await.status, 401);
}

#[tokio::test]
async fn every_page_is_let_go_when_the_server_stops() {
    let server = TestServer::on(Kind::Sqlite).await;
    let ada = server.user("Ada").await;
    let mut page = Page::open(&server, &ada).await;
    server.hub.stop();
    assert_eq!(page.hears().await, None);
    assert_eq!(Page::open(&server, &ada).await.hears().await, None, "nor does one begin to listen");
}

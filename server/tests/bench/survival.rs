//! The survival matrix over HTTP: trials, and the pages that its reader stands on.

use crate::support::{Answer, Client, Kind, TestServer};
use app::bench::{
    Browser, BrowserName, Cell, Column, Event, Laid, Marker, Run, Seen, Sight, TRIAL_LIMIT_BYTES, Travelled, Trial,
};
use axum::{body::Body, http::Method};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn marker() -> Marker {
    Marker::new([7; 8])
}

/// Every event, every column, and the longest words for what was seen.
fn whole() -> Trial {
    let sight = Sight { script: Some(Seen::Unsupported), server: Some(Seen::Unsupported) };
    let cell = |column| Cell { laid: Laid { column, marker: marker(), before: sight }, after: sight };
    let run = |event| Run {
        event,
        begun: 1_800_000_000,
        ended: 1_800_000_001,
        arrival: Some(app::bench::Arrival::BackForward),
        cells: Column::ALL.map(cell).into(),
    };
    let browser = Browser { name: BrowserName::Firefox, version: 1_000 };
    let pending = app::bench::Pending {
        event: Event::Restart,
        begun: 1_800_000_000,
        laid: Column::ALL.map(|column| cell(column).laid).into(),
    };
    Trial { browser, runs: Event::ALL.map(run).into(), pending: Some(pending) }
}

async fn save(client: &mut Client, id: Option<&str>, trial: &Value) -> Answer {
    let body = json!({ "id": id, "trial": trial }).to_string();
    let mut client = client.clone().with("content-type", "application/json");
    client.send(Method::POST, "/api/trial/save", Body::from(body)).await
}

async fn begin(client: &mut Client) -> String {
    let answer = save(client, None, &json!(whole())).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn load(client: &mut Client, id: &str) -> Answer {
    client.post("/api/trial/load", &[("id", id)]).await
}

#[rstest]
#[tokio::test]
async fn a_trial_of_every_event_goes_on_in_another_browser(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let id = begin(&mut server.visitor()).await;
    assert_eq!(id.len(), 22);
    let mut elsewhere = server.visitor();
    let trial: Trial = serde_json::from_str(&load(&mut elsewhere, &id).await.body).unwrap();
    assert_eq!(trial, whole());
    let changed = Trial { pending: None, ..trial };
    assert_eq!(save(&mut elsewhere, Some(&id), &json!(changed)).await.status, 200);
    assert_eq!(serde_json::from_str::<Trial>(&load(&mut elsewhere, &id).await.body).unwrap(), changed);
    assert_eq!(elsewhere.cookie, None, "a trial needs no session");
}

#[tokio::test]
async fn every_trial_has_an_id_of_its_own_and_nobody_chooses_one() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    assert_ne!(begin(&mut visitor).await, begin(&mut visitor).await);
    for id in ["AAAAAAAAAAAAAAAAAAAAAA", "short", "", "é".repeat(11).as_str()] {
        let refused = save(&mut visitor, Some(id), &json!(whole())).await;
        assert_eq!((refused.status, refused.body.as_str()), (404, r#"{"error":"no_such_trial"}"#), "{id}");
        assert_eq!(load(&mut visitor, id).await.status, 404, "{id}");
        assert_eq!(visitor.post("/api/trial/end", &[("id", id)]).await.status, 200, "{id}");
    }
}

#[rstest]
#[case(json!("anything"))]
#[case(json!({ "browser": { "name": "chrome", "version": 1 }, "runs": "words" }))]
#[case(json!({ "browser": { "name": "<b>mine</b>", "version": 1 }, "runs": [], "pending": null }))]
#[tokio::test]
async fn what_is_no_trial_is_not_kept(#[case] trial: Value) {
    let server = TestServer::on(Kind::Sqlite).await;
    assert_eq!(save(&mut server.visitor(), None, &trial).await.status, 422);
}

#[tokio::test]
async fn nothing_is_kept_but_what_a_trial_consists_of() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let mut trial = json!(whole());
    trial["note"] = json!("a word of the visitor's own");
    let answer = save(&mut visitor, None, &trial).await;
    let id: String = serde_json::from_str(&answer.body).unwrap();
    assert!(!load(&mut visitor, &id).await.body.contains("a word of"));
}

#[tokio::test]
async fn a_trial_has_a_size_that_every_event_fits_into() {
    let server = TestServer::on(Kind::Sqlite).await;
    assert!(serde_json::to_string(&whole()).unwrap().len() < TRIAL_LIMIT_BYTES);
    let mut trial = whole();
    trial.runs.extend(whole().runs);
    let refused = save(&mut server.visitor(), None, &json!(trial)).await;
    assert_eq!((refused.status, refused.body.as_str()), (413, r#"{"error":"too_large"}"#));
}

#[tokio::test]
async fn a_trial_ends_when_it_is_told_to_or_was_left_alone_for_30_days() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let (told, left, used) = (begin(&mut visitor).await, begin(&mut visitor).await, begin(&mut visitor).await);
    assert_eq!(visitor.post("/api/trial/end", &[("id", &told)]).await.status, 200);
    assert_eq!(load(&mut visitor, &told).await.status, 404);
    server.clock.forward(DAY * 29);
    save(&mut visitor, Some(&used), &json!(whole())).await;
    server.clock.forward(DAY * 2);
    server.sweep().await;
    assert_eq!((load(&mut visitor, &left).await.status, load(&mut visitor, &used).await.status), (404, 200));
}

#[tokio::test]
async fn one_address_does_not_fill_the_database_with_trials() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    for _ in 0..300 {
        begin(&mut visitor).await;
    }
    assert_eq!(save(&mut visitor, None, &json!(whole())).await.status, 200);
    let refused = save(&mut visitor, None, &json!(whole())).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "60"));
    let mut neighbour = server.visitor().with("x-forwarded-for", "192.0.2.7");
    begin(&mut neighbour).await;
}

#[tokio::test]
async fn the_server_says_which_markers_came_and_which_it_holds() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor();
    let seen = async |visitor: &mut Client| -> Travelled {
        serde_json::from_str(&visitor.get("/lab/markers").await.body).unwrap()
    };
    let other_site = Some("http://127.0.0.1:3000".to_owned());
    assert_eq!(seen(&mut visitor).await, Travelled { other_site, ..Travelled::default() });
    visitor.put(Column::ServerSession.marker_name(), &marker().to_string()).await;
    visitor.put("lab-colour", "blue").await;
    let session = visitor.cookie.clone().unwrap();
    visitor.cookie = Some(format!("{session}; lab-trial-session-cookie={}; lab-x=secret", marker()));
    let answer = visitor.get("/lab/markers").await;
    assert!(!answer.body.contains("secret") && !answer.body.contains("blue"), "{}", answer.body);
    let travelled = seen(&mut visitor).await;
    assert_eq!((travelled.carried, travelled.held), (vec![marker()], Some(marker().to_string())));
}

#[tokio::test]
async fn the_reader_may_stand_in_frames_of_the_two_sites_and_nowhere_else() {
    let server = TestServer::on(Kind::Sqlite).await;
    for (path, may) in [
        ("/lab/reader?report=a1", "script-src 'self'; connect-src 'self'"),
        ("/lab/embed?report=a1", "frame-src http://127.0.0.1:3000"),
    ] {
        let answer = server.visitor().get(path).await;
        let policy = format!(
            "default-src 'none'; {may}; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'self' http://127.0.0.1:3000"
        );
        assert_eq!((answer.status, answer.header("content-security-policy")), (200, policy.as_str()));
        assert!(!answer.headers.contains_key("x-frame-options"));
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
    let bench = server.visitor().get("/").await;
    assert!(bench.header("content-security-policy").contains("; frame-src 'self' http://127.0.0.1:3000;"));
    assert_eq!(bench.header("x-frame-options"), "DENY");
}

#[rstest]
#[case("/lab/embed?report=%22onload%3D", 422)]
#[case("/lab/embed?report=", 422)]
#[case("/lab/embed", 422)]
#[case("/lab/away?trial=https://evil.example", 422)]
#[case("/lab/away?trial=AAAAAAAAAAAAAAAAAAAAAA", 200)]
#[tokio::test]
async fn no_address_of_the_visitors_own_gets_into_these_pages(#[case] path: &str, #[case] status: u16) {
    let server = TestServer::on(Kind::Sqlite).await;
    assert_eq!(server.visitor().get(path).await.status, status);
}

#[tokio::test]
async fn without_another_site_nothing_is_framed_from_one() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut visitor = server.visitor().with("host", "lab.example");
    assert_eq!(visitor.get("/lab/embed?report=a1").await.status, 404);
    assert!(visitor.get("/lab/reader?report=a1").await.header("content-security-policy").ends_with("'self'"));
    assert!(visitor.get("/").await.header("content-security-policy").contains("; frame-src 'self'; form-action"));
}

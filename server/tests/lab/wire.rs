//! What is recorded of an open page's requests.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use app::bench::wire::{Exchange, HeaderField};
use axum::{body::Body, http::Method};

/// The id of 22 characters that `Server-Timing` tells a page's scripts.
pub fn page_id(told: &str) -> Option<String> {
    let id = told.strip_prefix("page;desc=\"")?.strip_suffix('"')?;
    (id.len() == 22).then(|| id.to_owned())
}

/// Opens a page; what is sent from then on says so.
async fn open(visitor: Client, path: &str) -> (Client, String) {
    let mut visitor = visitor;
    let answer = visitor.get(path).await;
    let id = page_id(answer.header("server-timing")).unwrap_or_default();
    assert!(!id.is_empty(), "a page's id: {answer:?}");
    (visitor.with("lab-page", &id), id)
}

async fn exchanges(visitor: &mut Client) -> Vec<Exchange> {
    let answer = visitor.get("/lab/wire").await;
    assert_eq!(answer.status, 200);
    serde_json::from_str(&answer.body).unwrap()
}

fn field<'a>(fields: &'a [HeaderField], name: &str) -> &'a HeaderField {
    fields.iter().find(|field| field.name == name).expect("the field")
}

#[tokio::test]
async fn a_page_reads_its_own_document_and_what_it_asked_for_since() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut visitor, id) = open(server.visitor(), "/?a=b").await;
    let put = visitor.put("lab-a", "1").await;
    let recorded = exchanges(&mut visitor).await;
    assert_eq!(exchanges(&mut visitor).await, recorded, "reading is not recorded");
    let [document, request] = &recorded[..] else { panic!("{recorded:?}") };
    assert_eq!((document.method.as_str(), document.path.as_str(), document.status), ("GET", "/?a=b", 200));
    assert_eq!((request.method.as_str(), request.path.as_str(), request.status), ("POST", "/api/values/put", 200));
    assert_eq!((request.version.as_str(), request.at), ("HTTP/1.1", 1_800_000_000_000));
    assert_eq!(request.id, put.header("x-request-id"));
    assert_eq!((request.request_body, request.response_body), (Some(18), Some(put.body.len() as u64)));
    assert_eq!(field(&request.request, "lab-page").value, id);
    assert_eq!(field(&request.response, "date").value, "Fri, 15 Jan 2027 08:00:00 GMT");
    assert_eq!(request.response.len(), put.headers.len());
    for sent in &request.response {
        assert!(put.headers.contains_key(&sent.name), "{}", sent.name);
    }
}

#[tokio::test]
async fn every_kind_of_page_has_a_record_of_its_own() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ids = Vec::new();
    for path in ["/", "/", "/login", "/signup", "/no-such-page"] {
        let (mut visitor, id) = open(server.visitor(), path).await;
        let recorded = exchanges(&mut visitor).await;
        assert_eq!((recorded.len(), recorded[0].path.as_str()), (1, path));
        ids.push(id);
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 5);
    assert_eq!(server.user("Ada").await.get("/account").await.status, 200);
}

#[tokio::test]
async fn the_latest_30_are_kept() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut visitor, _) = open(server.visitor(), "/").await;
    for number in 0..35 {
        visitor.get(&format!("/lab/echo/{number}")).await;
    }
    let paths: Vec<_> = exchanges(&mut visitor).await.into_iter().map(|exchange| exchange.path).collect();
    let expected: Vec<_> = (5..35).map(|number| format!("/lab/echo/{number}")).collect();
    assert_eq!(paths, expected);
}

#[tokio::test]
async fn an_id_that_the_server_did_not_make_records_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    for made_up in ["AAAAAAAAAAAAAAAAAAAAAA", "", "x", &"A".repeat(9_000)] {
        let mut stranger = server.visitor().with("lab-page", made_up);
        assert_eq!(stranger.get("/lab/echo").await.status, 200);
        assert_eq!(stranger.get("/lab/wire").await.status, 404);
    }
    assert_eq!(server.visitor().get("/lab/wire").await.status, 404);
}

#[tokio::test]
async fn refusals_are_recorded_with_the_status_that_was_sent() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut visitor, _) = open(server.visitor(), "/").await;
    visitor.get("/api/whoami").await;
    visitor.send(Method::DELETE, "/lab/echo", Body::empty()).await;
    visitor.clone().with("sec-fetch-site", "cross-site").log_out().await;
    visitor.get("/healthz/../x").await;
    for _ in 0..2 {
        visitor.clone().with("x-padding", &"a".repeat(33_000)).get("/lab/echo").await;
    }
    let recorded = exchanges(&mut visitor).await;
    let statuses: Vec<_> = recorded.iter().map(|exchange| exchange.status).collect();
    assert_eq!(statuses, [200, 401, 405, 403, 400, 431, 431]);
    let ids: std::collections::HashSet<_> = recorded.iter().map(|exchange| &exchange.id).collect();
    assert_eq!(ids.len(), recorded.len(), "each has an id of its own");
    assert_eq!(field(&recorded[2].response, "allow").value, "GET, HEAD, POST, OPTIONS");
}

#[tokio::test]
async fn no_secret_is_ever_recorded() {
    let server = TestServer::on(Kind::Sqlite).await;
    server.user("Ada").await;
    let (visitor, _) = open(server.visitor(), "/login").await;
    let mut visitor = visitor.with("authorization", "Basic c2VjcmV0");
    visitor.put("lab-a", "kept on the server").await;
    let anonymous = visitor.cookie.clone().unwrap();
    visitor.log_in("Ada", PASSWORD).await;
    let known = visitor.cookie.clone().unwrap();
    visitor.cookie = Some(format!("{known}; lab-x=not-for-scripts"));
    visitor.post("/lab/cookie", &[("line", "lab-a=for-all; Path=/")]).await;
    visitor.post("/lab/cookie", &[("line", "lab-a=not-for-scripts; HttpOnly")]).await;
    let answer = visitor.get("/lab/wire").await;
    for token in [anonymous, known] {
        let secret = token.split_once('.').unwrap().1;
        assert!(!answer.body.contains(secret));
    }
    for secret in [PASSWORD, "staple", "kept on the server", "not-for-scripts", "c2VjcmV0"] {
        assert!(!answer.body.contains(secret), "{secret}");
    }
    let recorded: Vec<Exchange> = serde_json::from_str(&answer.body).unwrap();
    let lines: Vec<_> =
        recorded.iter().flat_map(|exchange| &exchange.response).filter(|f| f.name == "set-cookie").collect();
    let values: Vec<_> = lines.iter().map(|field| field.value.as_str()).collect();
    let session = "__Host-session=••••••••; HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(values, [session, session, "lab-a=for-all; Path=/", "lab-a=••••••••; HttpOnly"]);
    assert_eq!(lines[3].bytes as usize, "set-cookie: lab-a=not-for-scripts; HttpOnly\r\n".len());
    let cookie = field(&recorded[4].request, "cookie");
    let names: Vec<_> = cookie.cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.bytes)).collect();
    assert_eq!((cookie.value.as_str(), &names[..]), ("", &[("__Host-session", 80), ("lab-x", 20)][..]));
}

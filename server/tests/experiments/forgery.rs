//! Forged requests: one address notes what comes from elsewhere, every other is guarded.

use crate::support::{Client, Kind, TestServer};
use app::experiments::subject::{Arrived, Forged};

async fn arrived(client: &mut Client) -> Vec<Arrived> {
    serde_json::from_str(&client.get("/lab/transfers?run=a1").await.body).unwrap()
}

#[tokio::test]
async fn one_address_takes_a_post_from_another_site_and_notes_the_labs_cookies_alone() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let mut elsewhere = client
        .clone()
        .with("sec-fetch-site", "cross-site")
        .with("origin", "http://127.0.0.1:3000")
        .with("cookie", "__Host-session=secret; lab-x=1");
    assert_eq!(elsewhere.post("/lab/transfer?run=a1&how=form", &[]).await.status, 200);
    let [one] = arrived(&mut client).await.try_into().unwrap();
    let expected = Arrived {
        how: Forged::Form,
        guarded: false,
        method: "POST".into(),
        origin: Some("http://127.0.0.1:3000".into()),
        fetch_site: Some("cross-site".into()),
        fetch_mode: None,
        cookies: vec!["lab-x".into()],
        status: 200,
    };
    assert_eq!(one, expected);
}

#[tokio::test]
async fn it_is_noted_what_the_guard_answered_and_it_lets_reading_pass() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let mut elsewhere = client.clone().with("sec-fetch-site", "cross-site").with("origin", "http://127.0.0.1:3000");
    let refused = elsewhere.post("/lab/transfer/guarded?run=a1&how=form", &[]).await;
    assert_eq!(refused.status, 403);
    assert!(refused.header("content-security-policy").starts_with("default-src 'none'; script-src 'self';"));
    assert!(refused.body.contains("/forge.js"), "the window closes itself");
    assert_eq!(elsewhere.get("/lab/transfer/guarded?run=a1&how=link").await.status, 200);
    assert_eq!(client.post("/lab/transfer/guarded?run=a1&how=script", &[]).await.status, 200);
    let noted = arrived(&mut client).await.into_iter().map(|arrived| (arrived.guarded, arrived.how, arrived.status));
    assert_eq!(
        noted.collect::<Vec<_>>(),
        [(true, Forged::Form, 403), (true, Forged::Link, 200), (true, Forged::Script, 200)]
    );
}

#[tokio::test]
async fn of_a_request_with_much_in_it_little_is_noted() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let mut cookies: Vec<_> = (0..100).map(|number| format!("lab-{number}=1")).collect();
    cookies.insert(0, format!("lab-{}=1", "x".repeat(1_000)));
    let much = client.clone().with("cookie", &cookies.join("; ")).with("origin", &"x".repeat(1_000));
    much.clone().get("/lab/transfer?run=a1&how=image").await;
    let [Arrived { origin, cookies, .. }] = arrived(&mut client).await.try_into().unwrap();
    assert_eq!((origin, cookies.len()), (None, 16));
    assert_eq!((cookies.first(), cookies.last()), (Some(&"lab-0".to_owned()), Some(&"lab-15".to_owned())));
}

#[tokio::test]
async fn every_other_address_refuses_a_post_from_another_site() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let mut elsewhere = client.clone().with("sec-fetch-site", "cross-site").with("origin", "http://127.0.0.1:3000");
    for path in ["/lab/transfer/?run=a1&how=form", "/lab/transfer/x", "/lab/subject", "/lab/cookie", "/lab/echo"] {
        assert_eq!(elsewhere.post(path, &[]).await.status, 403, "{path}");
    }
    assert_eq!(arrived(&mut client).await, []);
}

#[tokio::test]
async fn no_more_than_twenty_requests_of_a_run_are_noted_and_a_run_has_a_plain_name() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    for _ in 0..25 {
        client.post("/lab/transfer?run=a1&how=script", &[]).await;
    }
    assert_eq!(arrived(&mut client).await.len(), 20);
    for run in ["", "a-b", "%3Cscript%3E", &"a".repeat(33)] {
        for path in ["/lab/transfer?how=link&run=", "/lab/forge?run="] {
            assert_eq!(client.get(&format!("{path}{run}")).await.status, 422, "{path}{run}");
        }
    }
}

#[tokio::test]
async fn the_page_of_the_other_site_sends_requests_here_and_nowhere_else() {
    let server = TestServer::on(Kind::Sqlite).await;
    let page = server.visitor().with("host", "127.0.0.1:3000").get("/lab/forge?run=a1").await;
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action http://localhost:3000;") && policy.contains("script-src 'self';"), "{policy}");
    assert!(page.body.contains("action=\"http://localhost:3000/lab/transfer?run=a1&amp;how=form\""), "{}", page.body);
}

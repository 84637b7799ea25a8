//! Hashing and sealing on request, and the guestbook with its injected script.

use crate::support::{Kind, TestServer};
use app::experiments::test_account::{Hashed, Opened};

#[tokio::test]
async fn a_password_is_hashed_at_the_cost_that_was_asked_for() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let hash = [("password", "tea"), ("memory_kib", "256"), ("iterations", "3")];
    let hashed: Hashed = serde_json::from_str(&client.post("/lab/hash", &hash).await.body).unwrap();
    assert!(hashed.phc.starts_with("$argon2id$v=19$m=256,t=3,p=1$"), "{}", hashed.phc);
    let too_much = [("password", "tea"), ("memory_kib", "1000000"), ("iterations", "3")];
    assert_eq!(client.post("/lab/hash", &too_much).await.status, 422);
}

#[tokio::test]
async fn what_is_sealed_comes_back_through_the_cookie_and_only_with_its_key() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut client = server.visitor();
    let fields = [("name", "lab-x"), ("value", "role=guest"), ("key", "1")];
    let sealed = client.post("/lab/seal", &fields).await.body;
    let open = async |keys: &str, sealed: &str| -> Opened {
        let mut client = server.visitor().with("cookie", &format!("lab-x={sealed}"));
        serde_json::from_str(&client.get(&format!("/lab/unseal?name=lab-x&keys={keys}")).await.body).unwrap()
    };
    assert_eq!(open("2,1", &sealed).await, Opened { value: Some("role=guest".into()), key: Some(1) });
    assert_eq!(open("3,2", &sealed).await, Opened { value: None, key: None });
    assert_eq!(open("1", "role=admin").await, Opened { value: None, key: None });
    assert_eq!(client.get("/lab/unseal?name=__Host-session&keys=1").await.status, 422);
    assert_eq!(client.post("/lab/seal", &[("name", "sid"), ("value", "x"), ("key", "1")]).await.status, 422);
}

#[tokio::test]
async fn the_guestbook_runs_its_one_script_and_none_when_it_is_guarded() {
    let server = TestServer::on(Kind::Sqlite).await;
    let open = server.visitor().get("/lab/guestbook").await;
    assert!(open.header("content-security-policy").contains("script-src 'sha256-"));
    let guarded = server.visitor().get("/lab/guestbook?guarded=true").await;
    assert!(guarded.header("content-security-policy").contains("script-src 'none'"));
    let injected = server.visitor().get("/lab/guestbook?entry=%3Cscript%3Ealert(1)%3C/script%3E").await;
    assert_eq!(injected.body, open.body, "nothing of the request comes into the page");
}

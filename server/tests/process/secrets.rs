//! What must not be found by someone who gains the files.

use super::Process;
use crate::support::{Database, Kind, PASSWORD};
use std::fs;

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_database_nor_the_log_holds_a_password_or_a_token() {
    let database = Database::new(Kind::Sqlite).await;
    let mut server = Process::start(&database);
    let user = [("username", "Ada"), ("password", PASSWORD)];
    assert_eq!(server.call("POST", "/api/signup", &user).unwrap().0, 200);
    server.call("POST", "/api/login", &[("username", "Ada"), ("password", "a wrong password of Ada's")]).unwrap();
    let (status, cookie, _) = server.call("POST", "/api/login", &user).unwrap();
    assert_eq!(status, 200);
    let token = cookie.strip_prefix("__Host-session=").unwrap().split(';').next().unwrap();
    let secret = token.split_once('.').unwrap().1;
    let raw_secret = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, secret).unwrap();
    server.terminate();

    let mut files = 0;
    for file in fs::read_dir(database.folder.path()).unwrap() {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        files += 1;
        let needles = [PASSWORD.as_bytes(), b"a wrong password", b"staple", secret.as_bytes(), &raw_secret];
        for needle in needles {
            assert!(!bytes.windows(needle.len()).any(|window| window == needle), "a secret is in clear");
        }
    }
    assert!(files >= 2, "the database and the log were looked at");
    let bytes = fs::read(database.folder.path().join("test.db")).unwrap();
    let hash = b"$argon2id$v=19$";
    assert!(bytes.windows(hash.len()).any(|window| window == hash), "the hash is where it belongs");
}

#[tokio::test(flavor = "multi_thread")]
async fn log_ins_failures_and_refusals_are_in_the_log() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let user = [("username", "Ada"), ("password", PASSWORD)];
    let wrong = [("username", "Ada"), ("password", "not the password at all")];
    server.call("POST", "/api/signup", &user).unwrap();
    let (_, line, _) = server.call("POST", "/api/login", &user).unwrap();
    let cookie = line.split(';').next().unwrap();
    for _ in 0..7 {
        server.call("POST", "/api/login", &wrong).unwrap();
    }
    server.call("GET", "/api/whoami", &[]).unwrap();
    server.call_as(cookie, "POST", "/api/account/confirm", &[("current_password", PASSWORD)]).unwrap();
    server.call_as(cookie, "POST", "/api/logout", &[]).unwrap();
    let log = server.stopped_log();
    let told = |words: &[&str]| log.lines().any(|line| words.iter().all(|word| line.contains(word)));
    for event in ["signed_up", "logged_in", "log_in_failed", "throttled", "logged_out"] {
        assert!(told(&[&format!("event=\"{event}\""), "address=\"127.0.0.1\""]), "{event} is not in the log:\n{log}");
    }
    assert!(told(&["path=\"/api/whoami\"", "status=401"]) && told(&["path=\"/api/login\"", "status=429"]), "{log}");
    assert!(!log.contains("Ada") || !log.contains("not the password"), "no password by mistake");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_tells_nothing_of_what_somebody_tries_in_the_lab() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let page = server.open_page().unwrap();
    server.call("POST", "/lab/cookie", &[("line", "lab-a=tried-this; HttpOnly")]).unwrap();
    server.call_as("lab-a=tried-this", "GET", "/lab/echo?tried-that", &[]).unwrap();
    let agent = ureq::Agent::new_with_defaults();
    agent.get(format!("http://{}/lab/wire", server.address)).header("lab-page", &page).call().unwrap();
    let log = server.stopped_log();
    assert!(log.contains("path=\"/lab/cookie\"") && log.contains("path=\"/lab/echo\""), "{log}");
    for secret in [&*page, "tried-this", "tried-that"] {
        assert!(!log.contains(secret), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_reports_is_a_few_lines_of_the_log() {
    let database = Database::new(Kind::Sqlite).await;
    let server = Process::start(&database);
    let agent = ureq::Agent::new_with_defaults();
    let address = format!("http://{}/csp-report", server.address);
    for _ in 0..200 {
        let report = r#"{"csp-report":{"effective-directive":"script-src","blocked-uri":"https://evil.example"}}"#;
        assert_eq!(agent.post(&address).send(report).unwrap().status(), 204);
    }
    let lines = server.stopped_log().lines().filter(|line| line.contains("event=\"csp_violation\"")).count();
    // One more may be had every 6 s, and the machine may be slow.
    assert!((10..=20).contains(&lines), "{lines}");
}

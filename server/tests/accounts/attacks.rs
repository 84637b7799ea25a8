//! What an attacker does with a session cookie: plants it, replays it, changes it, multiplies it.

use crate::support::{Client, Kind, PASSWORD, TestServer};
use axum::{
    body::Body,
    http::{HeaderValue, Method, Request, header},
};
use rstest::rstest;
use tower::ServiceExt;

/// The bytes of a token: 22 of id, a dot, 43 of secret.
const TOKEN_LENGTH: usize = 66;

/// The value of a client's session cookie.
fn token(client: &Client) -> String {
    client.cookie.as_deref().and_then(|cookie| cookie.split_once('=')).map(|(_, value)| value.to_owned()).unwrap()
}

/// The answer's status and whether it sets a cookie, for these lines of `Cookie`.
async fn who_am_i(server: &TestServer, lines: &[&[u8]]) -> (u16, bool) {
    let mut request = Request::builder().method(Method::GET).uri("/api/whoami").header(header::HOST, "localhost:3000");
    for line in lines {
        request = request.header(header::COOKIE, HeaderValue::from_bytes(line).unwrap());
    }
    let answer = server.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    (answer.status().as_u16(), answer.headers().contains_key(header::SET_COOKIE))
}

/// The same for one cookie's value.
async fn with_token(server: &TestServer, value: &str) -> (u16, bool) {
    who_am_i(server, &[format!("__Host-session={value}").as_bytes()]).await
}

const REFUSED: (u16, bool) = (401, false);
const ACCEPTED: (u16, bool) = (200, false);

#[tokio::test]
async fn a_made_up_token_planted_before_log_in_is_never_a_session() {
    let server = TestServer::on(Kind::Sqlite).await;
    let planted = format!("{}.{}", "A".repeat(22), "A".repeat(43));
    let mut victim = server.visitor();
    victim.sign_up("Ada", PASSWORD).await;
    victim.cookie = Some(format!("__Host-session={planted}"));
    victim.log_in("Ada", PASSWORD).await;
    assert_ne!(token(&victim), planted);
    assert_eq!(victim.who_am_i().await.status, 200);
    assert_eq!(with_token(&server, &planted).await, REFUSED);
}

#[rstest]
#[tokio::test]
async fn a_real_anonymous_session_planted_before_log_in_does_not_become_the_victims(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let mut attacker = server.visitor();
    attacker.put("lab-a", "planted").await;
    let (id, _) = token(&attacker).split_once('.').map(|(id, secret)| (id.to_owned(), secret.to_owned())).unwrap();
    let mut victim = server.visitor();
    victim.sign_up("Ada", PASSWORD).await;
    victim.cookie.clone_from(&attacker.cookie);
    victim.log_in("Ada", PASSWORD).await;
    assert_eq!(victim.who_am_i().await.status, 200);
    assert!(!token(&victim).starts_with(&id), "log-in draws a new id, not only a new secret");
    assert_eq!(attacker.who_am_i().await.status, 401);
    assert!(attacker.observe().await.session.is_none(), "the token from before log-in opens nothing at all");
}

#[tokio::test]
async fn a_session_of_the_attackers_planted_before_log_in_ends_and_tells_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut attacker = server.user("Mallory").await;
    attacker.put("lab-bait", "x").await;
    let mut victim = server.visitor();
    victim.sign_up("Ada", PASSWORD).await;
    victim.cookie.clone_from(&attacker.cookie);
    victim.log_in("Ada", PASSWORD).await;
    let seen = victim.observe().await.session.unwrap();
    assert_eq!((seen.username.as_deref(), seen.values.len()), (Some("Ada"), 0));
    assert_eq!(attacker.who_am_i().await.status, 401);
}

#[tokio::test]
async fn each_log_in_draws_a_token_of_its_own_and_the_one_before_is_dead() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let mut seen = vec![token(&ada)];
    for _ in 0..5 {
        ada.log_in("Ada", PASSWORD).await;
        for old in &seen {
            assert_eq!(with_token(&server, old).await, REFUSED);
        }
        assert!(!seen.contains(&token(&ada)));
        seen.push(token(&ada));
    }
}

#[rstest]
#[tokio::test]
async fn a_token_replayed_after_log_out_opens_nothing(#[values(Kind::Sqlite, Kind::Postgres)] kind: Kind) {
    let server = TestServer::on(kind).await;
    let mut ada = server.user("Ada").await;
    ada.put("lab-a", "1").await;
    let mut thief = ada.clone();
    ada.log_out().await;
    assert_eq!(thief.who_am_i().await.status, 401);
    assert_eq!(thief.get("/account").await.status, 303);
    assert_eq!(thief.post("/api/profile", &[]).await.status, 401);
    assert_eq!(thief.put("lab-a", "2").await.status, 409);
    assert!(thief.observe().await.session.is_none());
    ada.log_in("Ada", PASSWORD).await;
    assert_eq!(thief.who_am_i().await.status, 401, "a later log-in does not revive it");
}

#[tokio::test]
async fn a_token_with_any_byte_changed_is_401() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    assert_eq!(token.len(), TOKEN_LENGTH);
    for at in 0..token.len() {
        // Another letter of the alphabet; then one of no alphabet; then other bytes altogether.
        for byte in [if token.as_bytes()[at] == b'A' { b'B' } else { b'A' }, b'~', b'=', 0xff] {
            let mut line = format!("__Host-session={token}").into_bytes();
            let place = line.len() - token.len() + at;
            line[place] = byte;
            assert_eq!(who_am_i(&server, &[&line]).await, REFUSED, "byte {at} as {byte:#x}");
        }
    }
    assert_eq!(with_token(&server, &token).await, ACCEPTED);
}

#[tokio::test]
async fn a_token_with_any_bit_flipped_is_401() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    for at in 0..token.len() {
        for bit in 0..8 {
            let mut line = format!("__Host-session={token}").into_bytes();
            let place = line.len() - token.len() + at;
            line[place] ^= 1 << bit;
            if HeaderValue::from_bytes(&line).is_ok() {
                assert_eq!(who_am_i(&server, &[&line]).await, REFUSED, "bit {bit} of byte {at}");
            }
        }
    }
}

#[tokio::test]
async fn a_token_cut_at_any_length_is_401() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    for length in 0..token.len() {
        assert_eq!(with_token(&server, &token[..length]).await, REFUSED, "the first {length}");
        assert_eq!(with_token(&server, &token[token.len() - length..]).await, REFUSED, "the last {length}");
    }
}

#[tokio::test]
async fn a_token_with_anything_before_or_after_it_is_401() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    let long = "A".repeat(8_192);
    for extra in ["A", ".", "=", "==", "%20", ".A", &token, &long] {
        assert_eq!(with_token(&server, &format!("{token}{extra}")).await, REFUSED, "after: {extra:.9}");
        assert_eq!(with_token(&server, &format!("{extra}{token}")).await, REFUSED, "before: {extra:.9}");
    }
}

#[tokio::test]
async fn a_session_is_found_among_many_cookies_and_not_in_an_oversized_one() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    let many: String = (0..500).map(|n| format!("lab-{n}=0123456789; ")).collect();
    assert_eq!(who_am_i(&server, &[format!("{many}__Host-session={token}").as_bytes()]).await, ACCEPTED);
    assert_eq!(who_am_i(&server, &[format!("__Host-session={}", "A".repeat(8_192)).as_bytes()]).await, REFUSED);
    assert_eq!(who_am_i(&server, &["; ".repeat(8_192).as_bytes()]).await, REFUSED);
}

/// A session cookie with a token that is well-formed and opens nothing.
fn dead(number: usize) -> String {
    format!("__Host-session={}.{}", "A".repeat(22), char::from(b'B' + number as u8).to_string().repeat(42) + "A")
}

/// The name of whoever is logged in, and the lines that the answer sets cookies by.
async fn seen(server: &TestServer, cookies: &str) -> (String, Vec<String>) {
    let mut client = server.visitor();
    client.cookie = Some(cookies.to_owned());
    let answer = client.who_am_i().await;
    let lines = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap().to_owned());
    let name = serde_json::from_str::<serde_json::Value>(&answer.body).unwrap()["username"].as_str().map(str::to_owned);
    (name.unwrap_or_default(), lines.collect())
}

const NOTHING: Vec<String> = Vec::new();
/// By which both cookies of the name go, the one that is kept apart by site and the other.
const GONE: [&str; 2] = [
    "__Host-session=; HttpOnly; SameSite=Lax; Partitioned; Secure; Path=/; Max-Age=0",
    "__Host-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0",
];

#[rstest]
#[tokio::test]
async fn of_two_session_cookies_the_first_that_opens_a_session_counts(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
) {
    let server = TestServer::on(kind).await;
    let ada = format!("__Host-session={}", token(&server.user("Ada").await));
    let bob = format!("__Host-session={}", token(&server.user("Bob").await));
    for planted in [dead(0), "__Host-session=garbage".to_owned(), "__Host-session=".to_owned(), ada.clone()] {
        for both in [format!("{ada}; {planted}"), format!("{planted}; {ada}")] {
            assert_eq!(seen(&server, &both).await, ("Ada".to_owned(), NOTHING), "{both}");
        }
        assert_eq!(who_am_i(&server, &[planted.as_bytes(), ada.as_bytes()]).await, ACCEPTED, "on two lines");
    }
    assert_eq!(seen(&server, &format!("{ada}; {bob}")).await.0, "Ada");
    assert_eq!(seen(&server, &format!("{bob}; {ada}")).await.0, "Bob");
}

#[tokio::test]
async fn two_session_cookies_that_open_nothing_are_as_one_and_are_removed() {
    let server = TestServer::on(Kind::Sqlite).await;
    let both = format!("{}; {}", dead(0), dead(1));
    assert_eq!(seen(&server, &both).await, (String::new(), GONE.map(str::to_owned).to_vec()));
    assert_eq!(seen(&server, &dead(0)).await, (String::new(), NOTHING), "one alone may be another tab's by now");
    for cookies in [dead(0), both] {
        let mut client = server.visitor();
        client.cookie = Some(cookies.clone());
        let put = client.put("lab-a", "1").await;
        assert_eq!((put.status, put.body.as_str()), (409, r#"{"error":"session_ended"}"#), "{cookies}");
        let mut owner = server.visitor();
        owner.sign_up("Ada", PASSWORD).await;
        owner.cookie = Some(cookies);
        assert_eq!(owner.log_in("Ada", PASSWORD).await.status, 200);
        assert_eq!(owner.who_am_i().await.status, 200, "nobody is locked out");
    }
}

#[tokio::test]
async fn at_most_four_tokens_of_a_request_are_looked_up() {
    let server = TestServer::on(Kind::Sqlite).await;
    let ada = format!("__Host-session={}", token(&server.user("Ada").await));
    let after = |count: usize| (0..count).map(dead).chain([ada.clone()]).collect::<Vec<_>>().join("; ");
    assert_eq!(seen(&server, &after(3)).await.0, "Ada");
    assert_eq!(seen(&server, &after(4)).await.0, "");
}

#[rstest]
#[tokio::test]
async fn a_second_cookie_planted_before_log_in_neither_becomes_nor_hides_the_victims_session(
    #[values(Kind::Sqlite, Kind::Postgres)] kind: Kind,
    #[values(true, false)] anonymous: bool,
) {
    let server = TestServer::on(kind).await;
    let mut attackers = Vec::new();
    for name in ["Mallory", "Mallet"] {
        let mut attacker = if anonymous { server.visitor() } else { server.user(name).await };
        attacker.put("lab-bait", "x").await;
        attackers.push(attacker);
    }
    let planted = attackers.iter().map(|attacker| attacker.cookie.clone().unwrap()).collect::<Vec<_>>();
    let mut victim = server.visitor();
    victim.sign_up("Ada", PASSWORD).await;
    victim.cookie = Some(planted.join("; "));
    let answer = victim.log_in("Ada", PASSWORD).await;
    let lines: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    // The partitioned one goes before the new token comes, which takes the place of the other.
    let [removal, new] = &lines[..] else { panic!("{lines:?}") };
    assert_eq!(*removal, GONE[0]);
    assert!(new.starts_with("__Host-session=") && !new.contains("Max-Age=0"), "{new}");
    let own = victim.cookie.clone().unwrap();
    assert_eq!(seen(&server, &own).await.0, "Ada");
    for attacker in &mut attackers {
        assert!(attacker.cookie.as_ref() != Some(&own));
        assert_ne!(attacker.observe().await.session.and_then(|session| session.username).as_deref(), Some("Ada"));
    }
    assert!(attackers[0].observe().await.session.is_none(), "what the request opened has ended");
}

#[tokio::test]
async fn logging_out_with_two_cookies_ends_the_session_and_removes_both() {
    let server = TestServer::on(Kind::Sqlite).await;
    let mut ada = server.user("Ada").await;
    let own = ada.cookie.clone().unwrap();
    ada.cookie = Some(format!("{}; {own}", dead(0)));
    let answer = ada.log_out().await;
    let lines: Vec<_> = answer.headers.get_all(header::SET_COOKIE).iter().map(|line| line.to_str().unwrap()).collect();
    assert_eq!(lines, GONE);
    assert_eq!(seen(&server, &own).await.0, "");
}

#[tokio::test]
async fn a_name_with_a_blank_that_is_none_to_a_browser_is_not_the_sessions() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    for blank in ["\u{2000}", "\u{a0}", "\u{85}", "\u{2028}", "\u{3000}", "\u{feff}"] {
        for line in [format!("{blank}__Host-session={token}"), format!("a=1; __Host-session{blank}={token}")] {
            assert_eq!(who_am_i(&server, &[line.as_bytes()]).await, REFUSED, "{line:?}");
        }
        let planted = format!("{blank}__Host-session={}; __Host-session={token}", "A".repeat(66));
        assert_eq!(who_am_i(&server, &[planted.as_bytes()]).await, ACCEPTED, "{blank:?} locks nobody out");
    }
    assert_eq!(who_am_i(&server, &[format!("a=1; \t __Host-session={token} \t").as_bytes()]).await, ACCEPTED);
}

#[tokio::test]
async fn a_cookie_whose_name_only_looks_like_the_sessions_opens_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    for name in
        ["session", "__host-session", "__HOST-SESSION", "__Host-session2", "__Secure-session", "%5f%5fHost-session"]
    {
        assert_eq!(who_am_i(&server, &[format!("{name}={token}").as_bytes()]).await, REFUSED, "{name}");
    }
}

#[tokio::test]
async fn garbage_bytes_are_401_and_set_no_cookie() {
    let server = TestServer::on(Kind::Sqlite).await;
    let every_byte: Vec<u8> = (0x20..=0xff).filter(|byte| *byte != 0x7f).collect();
    for garbage in [&b"\xff\xfe\xfd"[..], b"\t\t\t", b"=", b"=;=;=", b";;;;", "漢=字".as_bytes(), &every_byte] {
        assert_eq!(who_am_i(&server, &[garbage]).await, REFUSED, "{garbage:?}");
        assert_eq!(who_am_i(&server, &[&[b"__Host-session=", garbage].concat()]).await, REFUSED, "{garbage:?}");
    }
}

#[tokio::test]
async fn another_users_id_with_ones_own_secret_is_401_and_ends_nobodys_session() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (ada, mallory) = (token(&server.user("Ada").await), token(&server.user("Mallory").await));
    let (victim_id, victim_secret) = ada.split_once('.').unwrap();
    let (own_id, own_secret) = mallory.split_once('.').unwrap();
    for forged in [format!("{victim_id}.{own_secret}"), format!("{own_id}.{victim_secret}")] {
        assert_eq!(with_token(&server, &forged).await, REFUSED);
        let mut client = server.visitor();
        client.cookie = Some(format!("__Host-session={forged}"));
        assert_eq!(client.log_out().await.status, 200);
    }
    assert_eq!(with_token(&server, &ada).await, ACCEPTED, "an id alone, which the bench shows, ends no session");
    assert_eq!(with_token(&server, &mallory).await, ACCEPTED);
}

#[tokio::test]
async fn a_token_in_the_address_the_body_or_another_header_opens_nothing() {
    let server = TestServer::on(Kind::Sqlite).await;
    let token = token(&server.user("Ada").await);
    let mut thief = server.visitor().with("authorization", &format!("Bearer {token}")).with("x-session", &token);
    let path = format!("/api/whoami?session={token}&__Host-session={token}");
    assert_eq!(thief.get(&path).await.status, 401);
    assert_eq!(thief.post("/api/profile", &[("__Host-session", &token)]).await.status, 401);
}

#[tokio::test]
async fn a_new_server_has_no_account_to_log_in_to() {
    let server = TestServer::on(Kind::Sqlite).await;
    for name in ["admin", "administrator", "root", "user", "guest", "test", "storagelab", "storage-lab"] {
        for password in ["", "admin", "password", "changeme", name, PASSWORD] {
            // So many wrong passwords at once would have to wait.
            server.clock.forward(std::time::Duration::from_secs(3_600));
            assert_eq!(server.visitor().log_in(name, password).await.status, 401, "{name} {password}");
        }
    }
}

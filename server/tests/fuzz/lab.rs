//! Lines for `/lab/cookie`: whatever is asked for, what is set is the lab's and is set to the byte.

use super::hold;
use crate::support::{Kind, TestServer};
use axum::{
    body::Body,
    http::{Request, header},
};
use proptest::{collection::vec, prelude::*, sample::select};
use std::net::Ipv4Addr;
use tower::ServiceExt;

const FEW: u32 = 256;

/// What matters to whoever reads a line, and whatever else.
fn line() -> impl Strategy<Value = String> {
    let pieces = select(vec![
        "lab-",
        "lab-a",
        "LAB-",
        "a",
        "session",
        "__Host-",
        "__host-",
        "__Secure-",
        "__Http-",
        "__Host-Http-",
        "=",
        "=",
        ";",
        " ",
        "\t",
        "\r\n",
        "\0",
        "\u{3000}",
        "\u{feff}",
        "é",
        "漢",
        "\"",
        ",",
        "; Path=/",
        "; HttpOnly",
        "Set-Cookie: ",
        "__Host-session=x.y",
    ]);
    prop_oneof![
        6 => vec(pieces, 0..9).prop_map(|pieces| pieces.concat()),
        2 => "(__Host-|__HOST-SESSION)?lab-[a-z]{0,3}\\PC{0,40}",
        1 => any::<String>(),
        1 => (8_000..9_000_usize).prop_map(|length| format!("lab-a={}", "x".repeat(length))),
    ]
}

/// The name under which a browser keeps it (RFC 6265bis §5.6, steps 2 to 5); none makes a nameless cookie.
fn name_in_browser(line: &str) -> &str {
    let pair = &line[..line.find(';').unwrap_or(line.len())];
    pair.find('=').map_or("", |equals| pair[..equals].trim_matches([' ', '\t']))
}

/// Status and `Set-Cookie` lines of the answer. Each request has an address of its own, so that none has to wait.
async fn set(server: &TestServer, line: &str, number: u32) -> (u16, Vec<Vec<u8>>) {
    let form = form_urlencoded::Serializer::new(String::new()).append_pair("line", line).finish();
    let request = Request::post("/lab/cookie")
        .header("host", "localhost")
        .header("x-forwarded-for", Ipv4Addr::from_bits(number).to_string());
    let answer = server.router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
    let lines = answer.headers().get_all(header::SET_COOKIE).iter().map(|line| line.as_bytes().to_vec());
    (answer.status().as_u16(), lines.collect())
}

#[test]
fn every_cookie_that_is_set_is_the_labs_and_says_what_the_visitor_saw() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(TestServer::on(Kind::Sqlite));
    let numbers = std::cell::Cell::new(0x0b00_0000);
    hold(FEW, &line(), |line| {
        numbers.set(numbers.get() + 1);
        let (status, lines) = runtime.block_on(set(&server, &line, numbers.get()));
        let name = name_in_browser(&line).to_ascii_lowercase();
        // No legal header value has one (RFC 9110 §5.5).
        let is_refused = |c: char| c.is_ascii_control() && c != '\t';
        let prefixes = ["lab-", "__host-lab-", "__secure-lab-", "__http-lab-", "__host-http-lab-"];
        if status == 204 {
            prop_assert_eq!(lines, [line.as_bytes()]);
            prop_assert!(prefixes.iter().any(|prefix| name.starts_with(prefix)), "{}", name);
            prop_assert!(line.len() <= 8_192 && !line.chars().any(is_refused));
        } else {
            prop_assert!(lines.is_empty() && (400..500).contains(&status), "{}", status);
            let fine = prefixes.iter().any(|prefix| name.starts_with(prefix)) && line.len() <= 8_192;
            prop_assert!(!fine || line.chars().any(is_refused), "refused without need");
        }
        Ok(())
    });
}

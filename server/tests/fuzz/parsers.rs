//! The functions that read a stranger's text.

use super::hold;
use app::{
    AppError,
    accounts::Username,
    routing::{safe_next, with_query},
};
use axum::http::{HeaderMap, HeaderValue, header};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use proptest::{
    collection::vec,
    option,
    prelude::*,
    sample::{Index, select},
};
use secrecy::ExposeSecret;
use server::{http::tokens_from, sessions::Token};

const FEW: u32 = 256;

/// A well-formed token.
fn token() -> impl Strategy<Value = String> {
    (any::<[u8; 16]>(), any::<[u8; 32]>())
        .prop_map(|(id, secret)| format!("{}.{}", URL_SAFE_NO_PAD.encode(id), URL_SAFE_NO_PAD.encode(secret)))
}

/// A token, and the same with one byte changed, cut, or put in.
fn tampered() -> impl Strategy<Value = (String, Vec<u8>)> {
    (token(), any::<Index>(), any::<u8>(), 0..3).prop_map(|(token, at, byte, how)| {
        let mut bytes = token.clone().into_bytes();
        let at = at.index(bytes.len());
        match how {
            0 => bytes[at] = byte,
            1 => bytes.truncate(at),
            _ => bytes.insert(at, byte),
        }
        (token, bytes)
    })
}

/// What may stand in a header: any bytes but control characters.
fn header_bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    vec(prop_oneof![8 => 0x20..0x7f_u8, 1 => 0x80..=0xff_u8, 1 => Just(b'\t')], 0..most)
}

/// One cookie: the session's with garbage or a token, or another one.
fn pair() -> impl Strategy<Value = Vec<u8>> {
    let session = |value: Vec<u8>| [b"__Host-session=", value.as_slice()].concat();
    prop_oneof![
        4 => header_bytes(80),
        4 => header_bytes(90).prop_map(session),
        4 => tampered().prop_map(move |(_, bytes)| session(bytes)),
        4 => token().prop_map(move |token| session(token.into_bytes())),
        1 => header_bytes(8_192).prop_map(session),
    ]
}

fn cookie_lines() -> impl Strategy<Value = Vec<Vec<u8>>> {
    vec(vec(pair(), 0..4).prop_map(|pairs| pairs.join(&b"; "[..])), 0..4)
}

#[test]
fn a_token_comes_from_a_session_cookie_and_nothing_else() {
    hold(FEW, &cookie_lines(), |lines| {
        let values = lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok());
        let headers: HeaderMap = values.map(|value| (header::COOKIE, value)).collect();
        let tokens = tokens_from(&headers);
        prop_assert!(tokens.len() <= 4);
        for token in tokens {
            let line = format!("__Host-session={}", token.reveal().expose_secret());
            let mut sent = headers.values().flat_map(|value| value.as_bytes().split(|byte| *byte == b';'));
            prop_assert!(sent.any(|pair| pair.trim_ascii() == line.as_bytes()));
        }
        Ok(())
    });
}

#[test]
fn a_name_with_anything_but_blanks_around_it_is_not_the_sessions() {
    let around = ("[\\PC&&[^;= ]]{0,2}", "[\\PC&&[^;= ]]{0,2}", token());
    hold(FEW, &around, |(before, after, token)| {
        let line = format!("{before}__Host-session{after}={token}");
        let headers =
            HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_bytes(line.as_bytes()).expect("a line"))]);
        prop_assert_eq!(tokens_from(&headers).len(), usize::from(before.is_empty() && after.is_empty()));
        Ok(())
    });
}

#[test]
fn a_token_has_one_spelling() {
    let text = prop_oneof!["\\PC{0,80}", "[A-Za-z0-9_=-]{20,24}\\.[A-Za-z0-9_=-]{41,45}", token()];
    hold(FEW, &text, |text| {
        let Some(token) = Token::parse(&text) else { return Ok(()) };
        let revealed = token.reveal();
        prop_assert_eq!(revealed.expose_secret(), text);
        Ok(())
    });
}

#[test]
fn a_tampered_token_is_another_or_none() {
    hold(FEW, &tampered(), |(token, bytes)| {
        let Ok(text) = String::from_utf8(bytes) else { return Ok(()) };
        let (real, read) = (Token::parse(&token), Token::parse(&text));
        prop_assert!(real.is_some());
        if text != token {
            let opens = |read: Token| real.is_some_and(|real| real.id == read.id && real.matches(&read.secret_hash()));
            prop_assert!(!read.is_some_and(opens));
        }
        Ok(())
    });
}

#[test]
fn a_username_is_what_the_rule_says_and_reads_back_as_itself() {
    hold(FEW, &prop_oneof![any::<String>(), "\\s?[A-Za-z0-9._@+-]{0,70}\\s?", "\\PC{3,64}"], |typed| {
        let Ok(name) = Username::parse(&typed) else { return Ok(()) };
        prop_assert_eq!(name.as_str(), typed.trim());
        prop_assert!((3..=64).contains(&name.as_str().len()) && name.as_str().is_ascii());
        prop_assert!(
            !name.as_str().contains(|c: char| "<>\"'&;/\\%".contains(c) || c.is_whitespace() || c.is_control())
        );
        prop_assert_eq!(Username::parse(name.as_str()), Ok(name));
        Ok(())
    });
}

#[test]
fn the_way_on_after_log_in_stays_on_this_site_as_browsers_read_addresses() {
    let here = url::Url::parse("https://lab.example/login").expect("an address");
    let piece = "(/|/|\\\\|\\.|\\.\\.|%2e|%2E|%2f|%5c|a|evil\\.example|@|:|\\?|#|é|https:|javascript:|\\t|\\n)";
    let tricky = [format!("/{piece}{{0,8}}"), format!("{piece}{{0,5}}")];
    let [rooted, loose] = tricky.map(|pattern| proptest::string::string_regex(&pattern).expect("a pattern"));
    hold(4 * FEW, &prop_oneof![4 => rooted, 2 => loose, 1 => any::<String>(), 1 => "/\\PC{0,40}"], |next| {
        let path = safe_next(&next);
        let target = here.join(&path).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(target.origin(), here.origin());
        // As it stands in an address bar, so that the page's router leaves it as it is.
        prop_assert_eq!(&target[url::Position::BeforePath..], path.as_str());
        prop_assert!(path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\"));
        prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic()));
        Ok(())
    });
}

#[test]
fn a_query_reads_back_as_its_fields_and_breaks_no_header() {
    hold(FEW, &vec(("[a-z]{1,9}", any::<String>()), 0..5), |fields| {
        let address = with_query("/login", fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        prop_assert!(address.bytes().all(|byte| byte.is_ascii_graphic()));
        let query = address.strip_prefix("/login").map(|query| query.trim_start_matches('?')).unwrap_or_default();
        let read: Vec<_> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let sent: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        prop_assert_eq!(read, sent);
        Ok(())
    });
}

/// An error as it crosses the wire, and spellings that are close to it: with a wait that it may not have, or that no number is
/// spelled like.
fn almost_an_error() -> impl Strategy<Value = String> {
    let code =
        prop_oneof![8 => select(&AppError::ALL[..]).prop_map(|error| error.code().to_owned()), 1 => "[a-z_]{0,30}"];
    let number = prop_oneof![any::<u32>().prop_map(|seconds| seconds.to_string()), "[+-]?[0-9]{1,12}", "[0-9.e ]{0,6}"];
    (code, option::of(number), "[ }]?").prop_map(|(code, wait, end)| match wait {
        Some(wait) => format!("{{\"error\":\"{code}\",\"wait\":{wait}}}{end}"),
        None => format!("{{\"error\":\"{code}\"}}{end}"),
    })
}

#[test]
fn an_error_is_read_from_its_own_spelling_alone() {
    hold(4 * FEW, &prop_oneof![8 => almost_an_error(), 1 => any::<String>()], |text| {
        if let Some(error) = AppError::from_wire(&text) {
            prop_assert_eq!(error.to_wire(), text.clone());
        }
        if let Some(error) = AppError::from_code(&text) {
            prop_assert_eq!(error.code(), text);
        }
        Ok(())
    });
}

#[test]
fn every_error_reads_back_with_its_wait() {
    hold(FEW, &(select(&AppError::ALL[..]), any::<u32>()), |(error, seconds)| {
        let error = error.with_wait(seconds);
        prop_assert_eq!(AppError::from_wire(&error.to_wire()), Some(error));
        prop_assert_eq!(AppError::from_code(error.code()).map(|read| read.with_wait(seconds)), Some(error));
        Ok(())
    });
}

//! JSON Web Tokens in their compact forms: signed (RFC 7515 §7.1), without a signature (RFC 7519 §6) and encrypted (RFC 7516
//! §7.1), as people paste them.

use super::{
    coats::base64,
    json::{Json, Kind},
    report::{Fact, Report},
};
use crate::bench::moment::{moments, numeric_date};

/// The claims that are points in time (RFC 7519 §4.1, OpenID Connect Core §2 and §5.1).
const TIMES: [(&str, &str); 5] = [
    ("iat", "issued"),
    ("nbf", "not valid before"),
    ("exp", "expires"),
    ("auth_time", "logged in"),
    ("updated_at", "profile updated"),
];
/// Seconds from here on (the year 5138) were mostly meant as milliseconds.
const FAR: i64 = 100_000_000_000;

/// The parts of a token; `None` where it is none.
pub(super) fn read(text: &str) -> Option<(&'static str, Report)> {
    let whole: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let parts: Vec<_> = whole.split('.').collect();
    if !matches!(parts.len(), 2 | 3 | 5) {
        return None;
    }
    let header = json(parts[0]).filter(|header| header.kind() == Kind::Object && header.member("alg").is_some())?;
    if parts.len() == 5 && header.member("enc").is_none() {
        return None;
    }
    let mut report = Report::default();
    if whole != text {
        report.notes.push("Blanks and line breaks were left out: a token has none.".into());
    }
    if whole.contains(['+', '/', '=']) {
        report.notes.push(
            "It is not written as RFC 7515 §2 asks: base64 with - and _, without =. Some readers refuse it.".into(),
        );
    }
    report.notes.extend(twice("header", &header, "which RFC 7515 §4 forbids"));
    if parts.len() == 5 {
        return Some(("JWE header", encrypted(&parts, header, report)));
    }
    report.notes.push("Read, never verified: whoever has no key cannot tell whether the signature is right.".into());
    let unsigned = header.member("alg").and_then(|alg| alg.text()).is_some_and(|alg| alg.eq_ignore_ascii_case("none"));
    match parts.get(2) {
        None => report.notes.push("It is cut off: the third part, the signature, is not there.".into()),
        Some(&"") if unsigned => report.notes.push("Nobody signed it: its alg is none (RFC 7519 §6).".into()),
        Some(&"") => report.notes.push("Its signature is empty, although its header names an algorithm.".into()),
        Some(_) if unsigned => report.notes.push("Its alg is none, and yet it has a signature.".into()),
        Some(_) => {}
    }
    report.trees.push(("header", header));
    let payload = base64(parts[1])?;
    let title = match String::from_utf8(payload) {
        Ok(text) => match Json::read(&text) {
            Ok(payload) if payload.kind() == Kind::Object => {
                report.notes.extend(twice("payload", &payload, "of which the last counts (RFC 7519 §4)"));
                report.facts.extend(times(&payload));
                report.trees.push(("payload", payload));
                "JWT parts"
            }
            _ => {
                report.notes.push("Its payload is no JSON object, so it is a JWS and no JWT.".into());
                report.parts.push(("payload".into(), text));
                "JWS parts"
            }
        },
        Err(bytes) => {
            report.notes.push("Its payload is no text, so it is a JWS and no JWT.".into());
            report.facts.push(("payload", Fact::Bytes(bytes.into_bytes())));
            "JWS parts"
        }
    };
    if let Some(signature) = parts.get(2).filter(|signature| !signature.is_empty()) {
        report.facts.push(("signature", Fact::Bytes(base64(signature)?)));
    }
    Some((title, report))
}

fn json(part: &str) -> Option<Json> {
    Json::read(&String::from_utf8(base64(part)?).ok()?).ok()
}

/// What an encrypted token shows to everybody: its header.
fn encrypted(parts: &[&str], header: Json, mut report: Report) -> Report {
    report.notes.push("It is encrypted (JWE): without the key only its header can be read.".into());
    let titles = ["encrypted key", "initialization vector", "ciphertext", "authentication tag"];
    let lengths = titles.into_iter().zip(&parts[1..]).map(|(title, part)| {
        let words = match base64(part) {
            Some(bytes) => format!("{} bytes", bytes.len()),
            None => "not readable as base64".to_owned(),
        };
        (title, Fact::Words(words))
    });
    report.facts.extend(lengths);
    report.trees.push(("header", header));
    report
}

fn twice(part: &str, object: &Json, then: &str) -> Vec<String> {
    let (found, _) = object.twice();
    found.into_iter().map(|what| format!("In the {part} {what}, {then}.")).collect()
}

/// The times in a payload, with what they mean.
fn times(payload: &Json) -> Vec<(&'static str, Fact)> {
    let told = |(claim, words): (&str, &'static str)| {
        let all = payload.all(claim);
        let last = all.last()?;
        let mut note = match all.len() {
            1 => String::new(),
            several => format!("The last of {several} that stand there: it counts (RFC 7519 §4)."),
        };
        let fact = match (last.kind(), numeric_date(last.source())) {
            (Kind::Number, Some(moment)) => {
                if moment.second >= FAR
                    && let Some(meant) = moments(last.source()).first()
                {
                    note =
                        format!("{note} It counts seconds (RFC 7519 §2); as {} it would be another time.", meant.form);
                }
                Fact::Moment(moment, note.trim().to_owned())
            }
            (Kind::Number, None) => Fact::Words(format!("{}: beyond all calendars. {note}", last.source())),
            _ => Fact::Words(format!(
                "{} is no number, as RFC 7519 §2 asks of {}: readers may refuse it. {note}",
                last.shown(),
                claim
            )),
        };
        Some((words, fact))
    };
    TIMES.into_iter().filter_map(told).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};

    /// The example of RFC 7519 §3.1.
    const EXAMPLE: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
        eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
        dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn token(header: &str, payload: &str, signature: &str) -> String {
        format!("{}.{}.{signature}", BASE64_URL_SAFE_NO_PAD.encode(header), BASE64_URL_SAFE_NO_PAD.encode(payload))
    }

    fn report(token: &str) -> Report {
        read(token).unwrap().1
    }

    fn fact(report: &Report, title: &str) -> String {
        match report.facts.iter().find(|(name, _)| *name == title) {
            Some((_, Fact::Moment(moment, note))) => format!("{} {note}", moment.second),
            Some((_, Fact::Words(words))) => words.clone(),
            Some((_, Fact::Bytes(bytes))) => format!("{bytes:?}"),
            None => "none".into(),
        }
    }

    #[test]
    fn a_token_is_taken_into_its_parts() {
        let (title, report) = read(EXAMPLE).unwrap();
        assert_eq!(title, "JWT parts");
        assert_eq!(report.trees[0].1.member("alg").unwrap().source(), r#""HS256""#);
        assert_eq!(report.trees[1].1.member("iss").unwrap().source(), r#""joe""#);
        assert_eq!(fact(&report, "expires"), "1300819380 ");
        assert!(fact(&report, "signature").starts_with("[116, 24, 223, "));
        assert_eq!(report.notes.len(), 1, "{:?}", report.notes);
        for other in ["a.b.c", "green.tea", "1.2.3", &format!("{EXAMPLE}.x"), &EXAMPLE.replace('.', "..")] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn of_a_claim_that_stands_twice_the_last_counts_and_the_other_is_told() {
        let report = report(&token(r#"{"alg":"HS256"}"#, r#"{"exp":1000000000,"exp":4000000000}"#, "c2ln"));
        assert_eq!(fact(&report, "expires"), "4000000000 The last of 2 that stand there: it counts (RFC 7519 §4).");
        let told = "In the payload exp stands 2 times, of which the last counts (RFC 7519 §4).";
        assert!(report.notes.iter().any(|note| note == told), "{:?}", report.notes);
        let header = super::read(&token(r#"{"alg":"none","alg":"HS256"}"#, "{}", "c2ln")).unwrap().1;
        assert!(header.notes.iter().any(|note| note.contains("RFC 7515 §4 forbids")), "{:?}", header.notes);
    }

    #[test]
    fn times_are_told_as_they_are_written() {
        let payload =
            r#"{"iat":1.7e9,"nbf":-1,"exp":1700000000.5,"auth_time":"1700000000","updated_at":1700000000000}"#;
        let report = report(&token(r#"{"alg":"HS256"}"#, payload, "c2ln"));
        assert_eq!(fact(&report, "issued"), "1700000000 ");
        assert_eq!(fact(&report, "not valid before"), "-1 ");
        assert_eq!(fact(&report, "expires"), "1700000000 ");
        assert!(fact(&report, "logged in").starts_with(r#""1700000000" is no number"#));
        assert!(fact(&report, "profile updated").contains("as milliseconds since 1970"));
    }

    #[test]
    fn tokens_are_read_as_people_paste_them() {
        let broken = format!("  {}\r\n{} \n", &EXAMPLE[..50], &EXAMPLE[50..]);
        assert!(report(&broken).notes[0].starts_with("Blanks and line breaks"));
        let padded = format!(
            "{}.{}.c2ln",
            BASE64_STANDARD.encode(r#"{"alg":"HS256"}"#),
            BASE64_STANDARD.encode("{\"a\":\"??>\"}")
        );
        assert!(report(&padded).notes.iter().any(|note| note.contains("RFC 7515 §2")), "{padded}");
        let cut = EXAMPLE.rsplit_once('.').unwrap().0;
        assert!(report(cut).notes.iter().any(|note| note.starts_with("It is cut off")));
    }

    #[test]
    fn a_missing_signature_is_told_with_what_the_header_says_of_it() {
        let told = |alg: &str, signature: &str| {
            report(&token(&format!(r#"{{"alg":"{alg}"}}"#), "{}", signature)).notes.pop().unwrap()
        };
        assert!(told("none", "").starts_with("Nobody signed it"));
        assert!(told("HS256", "").starts_with("Its signature is empty"));
        assert!(told("None", "c2ln").contains("and yet it has a signature"));
    }

    #[test]
    fn what_is_signed_need_not_be_json() {
        let (title, report) = read(&token(r#"{"alg":"HS256"}"#, "plain", "c2ln")).unwrap();
        assert_eq!((title, &*report.parts[0].1), ("JWS parts", "plain"));
    }

    #[test]
    fn of_an_encrypted_token_only_the_header_is_read() {
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A256GCM"}"#);
        let (title, report) = read(&format!("{header}..AAAAAAAAAAAAAAAA.c2VjcmV0.AAAAAAAAAAAAAAAAAAAAAA")).unwrap();
        assert_eq!(title, "JWE header");
        assert_eq!(report.trees[0].1.member("enc").unwrap().source(), r#""A256GCM""#);
        assert_eq!(
            ["encrypted key", "initialization vector", "authentication tag"].map(|title| fact(&report, title)),
            ["0 bytes", "12 bytes", "16 bytes"]
        );
    }
}

//! Whether identifiers look random. Few of them can show that they are not, and never that they are.

use super::{Check, Finding, Severity};
use crate::session_check::course::{Seen, SessionCookie};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;

/// Fewer can be tried out one by one (OWASP Session Management Cheat Sheet; NIST SP 800-63B-4 §5.1).
const LEAST_BITS: f64 = 64.0;
/// As many as a key has (OWASP ASVS 5.0, 7.2.3).
const GOOD_BITS: f64 = 128.0;
/// Counters and clocks go on by less.
const NEAR: u128 = 1_000_000;

pub(super) fn judge(seen: &Seen) -> Vec<Finding> {
    seen.session.iter().filter_map(|cookie| Some(look(cookie)?.seen_in(cookie.set))).collect()
}

fn look(SessionCookie { name, identifiers, .. }: &SessionCookie) -> Option<Finding> {
    const REMEDY: &str = "Take 16 bytes or more from the system’s random numbers, in base64 or hex.";
    let first = identifiers.first()?;
    if let Some(kind) = self_contained(first) {
        let words = format!("{name} is {kind}: it holds the session itself, and a signature vouches for it.");
        return Some(Finding::new(Check::Identifier, Severity::Note, words));
    }
    let parts: Vec<_> = identifiers.iter().map(|value| identifier(value)).collect();
    let finding = |severity, words: String| Some(Finding::new(Check::Identifier, severity, words).remedy(REMEDY));
    if identifiers.len() < 2 {
        return finding(Severity::Note, format!("{name} was seen once, which is too few to compare."));
    }
    let mut sorted = parts.clone();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        return finding(Severity::Error, format!("{name} is the same after different log-ins."));
    }
    let numbers: Option<Vec<_>> = sorted.iter().map(|part| number(part)).collect();
    if let Some(mut numbers) = numbers {
        numbers.sort_unstable();
        if numbers.windows(2).all(|pair| pair[1] - pair[0] < NEAR) {
            return finding(
                Severity::Error,
                format!("{name} goes on like a counter or a clock: the next one can be told."),
            );
        }
    }
    let bits = bits(&parts);
    let count = parts.len();
    let words = format!("{count} of {name} differ in places for {bits:.0} bits at most");
    if bits < LEAST_BITS {
        finding(Severity::Error, format!("{words}: so few can be tried out."))
    } else if bits.round() < GOOD_BITS {
        finding(Severity::Note, format!("{words}, and {GOOD_BITS} are asked for."))
    } else {
        Some(Finding::ok(Check::Identifier, format!("{words}. So few cannot show that they are random.")))
    }
}

/// What a value is that needs no store on the server, if it is one.
pub(super) fn self_contained(value: &str) -> Option<&'static str> {
    const SIGNED: Option<&str> = Some("a signed value");
    let head = |part: &str| URL_SAFE_NO_PAD.decode(part).ok().filter(|bytes| bytes.starts_with(b"{"));
    let is_of_token = |part: &str| head(part).is_some_and(|head| head.windows(5).any(|part| part == b"\"alg\""));
    let dotted: Vec<_> = value.split('.').collect();
    match dotted[..] {
        [first, _, _] if is_of_token(first) => Some("a JSON Web Token"),
        [first, _, _, _, _] if is_of_token(first) => Some("an encrypted JSON Web Token"),
        ["v1" | "v2" | "v3" | "v4", "local" | "public", ..] => Some("a PASETO"),
        // Flask's: content, compressed after a dot, time, signature.
        [content, _, _] if head(content).is_some() => SIGNED,
        ["", content, _, _] if content.starts_with("eJ") => SIGNED,
        // Tornado's: fields with their lengths.
        _ if value.trim_start_matches('"').starts_with("2|1:") => SIGNED,
        // Django's: the same as Flask's, with colons.
        _ => value
            .split_once(':')
            .filter(|(content, _)| head(content).is_some() || content.starts_with(".eJ"))
            .and(SIGNED),
    }
}

/// The identifier within a value: without the signature that Express puts behind it.
fn identifier(value: &str) -> String {
    let value = percent_decode_str(value).decode_utf8_lossy();
    match value.strip_prefix("s:").and_then(|signed| signed.rsplit_once('.')) {
        Some((id, _)) => id.to_owned(),
        None => value.into_owned(),
    }
}

fn number(text: &str) -> Option<u128> {
    text.parse().ok().or_else(|| u128::from_str_radix(text, 16).ok().filter(|_| text.len() <= 16))
}

/// The most bits that the places could hold that are not the same in all of them. Some may be so by chance, and count: as many as
/// four standard deviations above what is to be expected, and one.
fn bits(identifiers: &[String]) -> f64 {
    let length = identifiers.iter().map(|text| text.len()).min().unwrap_or_default();
    let places = (0..length).map(|place| identifiers.iter().map(|text| text.as_bytes()[place]).collect::<Vec<_>>());
    let (same, varying): (Vec<_>, Vec<_>) = places.partition(|bytes| bytes.iter().all(|byte| *byte == bytes[0]));
    let only = |is: fn(&u8) -> bool| varying.iter().flatten().all(is);
    let alphabet: f64 = if only(u8::is_ascii_digit) {
        10.0
    } else if only(u8::is_ascii_hexdigit) {
        16.0
    } else if only(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase()) {
        36.0
    } else {
        64.0
    };
    let chance = alphabet.powf(1.0 - identifiers.len() as f64);
    let expected = length as f64 * chance;
    let most_by_chance = (expected + 4.0 * (expected * (1.0 - chance)).sqrt()).max(1.0);
    let by_chance = if same.len() as f64 <= most_by_chance { same.len() } else { 0 };
    (varying.len() + by_chance) as f64 * alphabet.log2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::counter(&["1001", "1002", "1003"], Severity::Error, "counter")]
    #[case::clock(&["1764540000123", "1764540000456", "1764540001002"], Severity::Error, "counter")]
    #[case::same(&["3f9a", "3f9a"], Severity::Error, "the same")]
    #[case::short(&["8f3kd9aq", "0bn4m2xz", "77qpl0ss"], Severity::Error, "bits at most")]
    #[case::prefix_and_few(&["app-session-0000000000000000000000-a81b", "app-session-0000000000000000000000-1c9f"], Severity::Error, "16 bits")]
    #[case::uuid(&["3b241101-e2bb-4255-8caf-4136c566a962", "f81d4fae-7dec-41d0-a765-00a0c91e6bf6", "0d4d0a8c-9f6b-4a3e-b1c2-7f5e6d4c3b2a"], Severity::Note, "asked for")]
    #[case::hex(&["0f1e2d3c4b5a69788796a5b4c3d2e1f0", "a0b1c2d3e4f5061728394a5b6c7d8e9f", "5c6b7a8998a7b6c5d4e3f2010f1e2d3c"], Severity::Ok, "128 bits")]
    #[case::by_chance(&["0f1e2d3c4b5a69788796a5b4c3d2e1f0", "00b1c2d3e4f5061728394a5b6c7d8e9f"], Severity::Ok, "128 bits")]
    #[case::express(&["s%3AabcDEFghiJKLmnoPQRstuVWXyz012345.c2lnbmF0dXJl", "s%3A012345abcDEFghiJKLmnoPQRstuVWXyz.b3RoZXI"], Severity::Ok, "192 bits")]
    #[case::token(&["eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "eyJhbGciOiJIUzI1NiJ9.e30.b3RoZXI"], Severity::Note, "JSON Web Token")]
    #[case::tornado(&["\"2|1:0|10:1764540000|4:user|8:e30=|abc\"", "\"2|1:0|10:1764540007|4:user|8:e30=|def\""], Severity::Note, "a signed value")]
    #[case::two_alike_in_places(&["0f1e2d3c4b5a69788796a5b4c3d2e1f0", "0fb1c2d3e4f5661728394a5b6c7d8e9f"], Severity::Ok, "128 bits")]
    #[case::flask(&["eyJpZCI6MX0.aSxyzA.abc", "eyJpZCI6MX0.aSxyzA.abc"], Severity::Note, "a signed value")]
    #[case::flask_compressed(&[".eJyrVg.aSxyzA.abc", ".eJyrVg.aSxyzB.def"], Severity::Note, "a signed value")]
    #[case::django_signed(&["eyJpZCI6MX0:1vPzXy:abc", "eyJpZCI6MX0:1vPzXz:def"], Severity::Note, "a signed value")]
    #[case::once(&["abc"], Severity::Note, "once")]
    fn identifiers_are_told_apart(#[case] values: &[&str], #[case] severity: Severity, #[case] expected: &str) {
        let identifiers = values.iter().map(|value| (*value).to_owned()).collect();
        let finding = look(&SessionCookie { name: "sid".into(), identifiers, set: None }).unwrap();
        assert!(finding.severity == severity && finding.words.contains(expected), "{finding:?}");
    }
}

//! Values that a server signed or encrypted, in the forms of widespread frameworks. A form is no proof: each is told as what
//! it looks like, and no key is known here.

use super::{
    coats::base64,
    json::{Json, Kind},
    report::{Fact, Report},
};
use crate::bench::moment::{Moment, moments};

type Found = Option<(&'static str, Report)>;

/// From 1970 to 2011, where itsdangerous counted from before its version 1.1.
const FROM_2011: i64 = 1_293_840_000;

/// The form that a text looks like.
pub(super) fn read(text: &str) -> Found {
    [express, paseto, rails, django, flask, fernet, iron, asp_net].into_iter().find_map(|form| form(text.trim()))
}

/// The same of what is JSON underneath.
pub(super) fn of_json(json: &Json) -> Found {
    laravel(json).or_else(|| rails_json(json))
}

fn is_base64(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte))
}

fn note(text: &str) -> Report {
    Report { notes: vec![text.to_owned()], ..Report::default() }
}

fn bytes(text: &str) -> Fact {
    base64(text).map_or_else(|| Fact::Words(text.to_owned()), Fact::Bytes)
}

/// `s:value.signature` of cookie-signature: HMAC-SHA256 in base64 without padding.
fn express(text: &str) -> Found {
    let (value, signature) = text.strip_prefix("s:")?.rsplit_once('.')?;
    let is_signature = signature.len() == 43 && is_base64(signature);
    is_signature.then(|| {
        let mut report = note("It looks like a signed cookie of Express (s:). The signature is not verified.");
        report.parts.push(("value".into(), value.into()));
        report.facts.push(("signature", bytes(signature)));
        ("signed value (Express)", report)
    })
}

/// `v4.public.…` and `v4.local.…` with an optional footer.
fn paseto(text: &str) -> Found {
    let parts: Vec<_> = text.split('.').collect();
    let (version, purpose, payload) = (*parts.first()?, *parts.get(1)?, *parts.get(2)?);
    // RSA, Ed25519, ECDSA over P-384, Ed25519.
    let signature = [("v1", 256), ("v2", 64), ("v3", 96), ("v4", 64)].iter().find(|(name, _)| *name == version)?.1;
    if parts.len() > 4 {
        return None;
    }
    let payload = base64(payload)?;
    let mut report = match purpose {
        "public" => {
            let (message, signature) = payload.split_at_checked(payload.len().checked_sub(signature)?)?;
            let message = String::from_utf8(message.to_vec()).ok()?;
            let mut report = note("PASETO, signed. Read, never verified: the key is not known here.");
            match Json::read(&message) {
                Ok(claims) if claims.kind() == Kind::Object => {
                    let (twice, _) = claims.twice();
                    report.notes.extend(twice.into_iter().map(|what| format!("In the payload {what}.")));
                    report.facts.extend(paseto_times(&claims));
                    report.trees.push(("payload", claims));
                }
                _ => report.parts.push(("payload".into(), message)),
            }
            report.facts.push(("signature", Fact::Bytes(signature.to_vec())));
            report
        }
        "local" => {
            let mut report = note("PASETO, encrypted: without the key nothing of it can be read but its footer.");
            report.facts.push(("ciphertext with nonce and tag", Fact::Words(format!("{} bytes", payload.len()))));
            report
        }
        _ => return None,
    };
    if let Some(footer) = parts.get(3).filter(|footer| !footer.is_empty()) {
        match String::from_utf8(base64(footer)?) {
            Ok(footer) => report.parts.push(("footer".into(), footer)),
            Err(footer) => report.facts.push(("footer", Fact::Bytes(footer.into_bytes()))),
        }
    }
    Some(("PASETO parts", report))
}

/// The registered claims are dates of ISO 8601 there.
fn paseto_times(claims: &Json) -> Vec<(&'static str, Fact)> {
    let names = [("iat", "issued"), ("nbf", "not valid before"), ("exp", "expires")];
    let told = |(claim, words): (&str, &'static str)| {
        let text = claims.member(claim)?.text()?;
        Some((words, Fact::Moment(moments(&text).into_iter().next()?, String::new())))
    };
    names.into_iter().filter_map(told).collect()
}

/// `message--signature`, and `ciphertext--iv--tag` (ActiveSupport's MessageVerifier and MessageEncryptor).
fn rails(text: &str) -> Found {
    let parts: Vec<_> = text.split("--").collect();
    match parts[..] {
        [message, signature] if is_base64(message) && message.len() >= 4 => {
            let is_digest =
                matches!(signature.len(), 40 | 64 | 128) && signature.bytes().all(|b| b.is_ascii_hexdigit());
            let decoded = base64(message).filter(|_| is_digest)?;
            let mut report = note("It looks like a signed cookie of Rails. The signature is not verified.");
            report
                .facts
                .push(("signature", Fact::Words(format!("{} bytes, in hexadecimal digits", signature.len() / 2))));
            if decoded.starts_with(&[4, 8]) {
                report
                    .notes
                    .push("What is signed is in Ruby's own format (Marshal), which is not taken apart here.".into());
            }
            match String::from_utf8(decoded) {
                Ok(message) => report.parts.push(("message".into(), message)),
                Err(message) => report.facts.push(("message", Fact::Bytes(message.into_bytes()))),
            }
            Some(("signed value (Rails)", report))
        }
        [data, iv, tag] if [data, iv, tag].iter().all(|part| is_base64(part)) => {
            let lengths = (base64(iv)?.len(), base64(tag)?.len());
            (lengths == (12, 16)).then(|| {
                let mut report =
                    note("It looks like an encrypted cookie of Rails (AES-GCM): without the key nothing can be read.");
                let length = base64(data).map_or(0, |data| data.len());
                report.facts.push(("ciphertext", Fact::Words(format!("{length} bytes"))));
                ("encrypted value (Rails)", report)
            })
        }
        _ => None,
    }
}

/// What newer versions of Rails put into a message.
fn rails_json(json: &Json) -> Found {
    let envelope = json.member("_rails")?;
    let mut report = note("The envelope of a message of Rails.");
    if let Some(message) = envelope.member("message").and_then(|message| message.text()) {
        let decoded = base64(&message).and_then(|bytes| String::from_utf8(bytes).ok());
        report.parts.push(("message".into(), decoded.unwrap_or(message)));
    }
    let expires = envelope.member("exp").and_then(|end| moments(&end.text()?).into_iter().next());
    report.facts.extend(expires.map(|end| ("expires", Fact::Moment(end, String::new()))));
    let purpose = envelope.member("pur").and_then(|purpose| purpose.text());
    report.facts.extend(purpose.map(|purpose| ("purpose", Fact::Words(purpose))));
    Some(("message (Rails)", report))
}

/// What Laravel's Encrypter writes.
fn laravel(json: &Json) -> Found {
    let text = |name: &str| json.member(name)?.text();
    let (iv, value, mac) = (text("iv")?, text("value")?, text("mac")?);
    let mut report = note("It looks like an encrypted cookie of Laravel: without the key nothing can be read.");
    let length = |text: &str| base64(text).map_or(0, |bytes| bytes.len());
    report.facts.push(("ciphertext", Fact::Words(format!("{} bytes", length(&value)))));
    report.facts.push(("initialization vector", Fact::Words(format!("{} bytes", length(&iv)))));
    report.facts.push(("MAC", Fact::Words(format!("{} bytes, in hexadecimal digits", mac.len() / 2))));
    Some(("encrypted value (Laravel)", report))
}

/// `value:timestamp:signature` of Django's TimestampSigner, the time in base 62.
fn django(text: &str) -> Found {
    let (rest, signature) = text.rsplit_once(':')?;
    let (value, time) = rest.rsplit_once(':')?;
    if !matches!(signature.len(), 27 | 43) || !is_base64(signature) || time.len() != 6 {
        return None;
    }
    let place = |byte: u8| match byte {
        b'0'..=b'9' => Some(i64::from(byte - b'0')),
        b'A'..=b'Z' => Some(i64::from(byte - b'A') + 10),
        b'a'..=b'z' => Some(i64::from(byte - b'a') + 36),
        _ => None,
    };
    let second = time.bytes().try_fold(0, |sum, byte| Some(sum * 62 + place(byte)?))?;
    let mut report = note("It looks like a value that Django signed. The signature is not verified.");
    signed_payload(&mut report, value);
    report.facts.push(("signed", Fact::Moment(signed_at(second), String::new())));
    report.facts.push(("signature", bytes(signature)));
    Some(("signed value (Django)", report))
}

/// `payload.timestamp.signature` of itsdangerous, which Flask's sessions have.
fn flask(text: &str) -> Found {
    let (rest, signature) = text.rsplit_once('.')?;
    let (payload, time) = rest.rsplit_once('.')?;
    let bytes_of_time = base64(time).filter(|bytes| (3..=6).contains(&bytes.len()))?;
    let is_signature = base64(signature).is_some_and(|bytes| matches!(bytes.len(), 20 | 32 | 48 | 64));
    if !is_signature || !is_base64(payload.trim_start_matches('.')) || payload.is_empty() {
        return None;
    }
    let second = bytes_of_time.iter().fold(0, |sum, byte| sum << 8 | i64::from(*byte));
    let second = if second < FROM_2011 { second + FROM_2011 } else { second };
    let mut report =
        note("It looks like a value that itsdangerous signed, as Flask does. The signature is not verified.");
    signed_payload(&mut report, payload);
    report.facts.push(("signed", Fact::Moment(signed_at(second), String::new())));
    report.facts.push(("signature", bytes(signature)));
    Some(("signed value (Flask)", report))
}

/// Both write JSON in base64, with a dot before it where it is compressed.
fn signed_payload(report: &mut Report, payload: &str) {
    if payload.starts_with('.') {
        report.notes.push("Its payload is compressed (zlib), which is not unpacked here.".into());
        report.parts.push(("payload".into(), payload.into()));
    } else {
        let text = base64(payload).and_then(|bytes| String::from_utf8(bytes).ok());
        report.parts.push(("payload".into(), text.unwrap_or_else(|| payload.into())));
    }
}

fn signed_at(second: i64) -> Moment {
    Moment { form: "seconds since 1970", second, fraction: String::new(), has_zone: true }
}

/// Version, time, IV, ciphertext and HMAC of a Fernet token.
fn fernet(text: &str) -> Found {
    let token = base64(text).filter(|token| token.len() >= 73 && token.len() % 16 == 9 && token[0] == 0x80)?;
    let second = token[1..9].iter().fold(0i64, |sum, byte| sum << 8 | i64::from(*byte));
    // Of this century, since the first byte alone proves little.
    (0..=1 << 32).contains(&second).then(|| {
        let mut report = note("It looks like a Fernet token: encrypted, but for the time at which it was made.");
        report.facts.push(("made", Fact::Moment(signed_at(second), String::new())));
        report.facts.push(("ciphertext", Fact::Words(format!("{} bytes", token.len() - 57))));
        ("Fernet token", report)
    })
}

/// What @hapi/iron and iron-session write; the time at which it ends stands in it.
fn iron(text: &str) -> Found {
    let parts: Vec<_> = text.split('*').collect();
    let ([version, .., end, _, _], true) = (&parts[..], parts.len() == 8) else { return None };
    version.starts_with("Fe26.").then(|| {
        let mut report =
            note("It looks like an Iron token (hapi, iron-session): encrypted, but for the time of its end.");
        let end = moments(end).into_iter().next();
        report.facts.extend(end.map(|end| ("expires", Fact::Moment(end, String::new()))));
        ("Iron token", report)
    })
}

/// ASP.NET Core's data protection begins with a magic number and the key's id.
fn asp_net(text: &str) -> Found {
    let data = base64(text).filter(|data| data.len() >= 20 && data.starts_with(&[0x09, 0xf0, 0xc9, 0xf0]))?;
    let key: Vec<_> = data[4..20].iter().map(|byte| format!("{byte:02x}")).collect();
    let mut report = note("It looks like a value that ASP.NET Core encrypted (data protection).");
    report.facts.push(("id of the key, byte by byte", Fact::Words(key.join(" "))));
    Some(("encrypted value (ASP.NET Core)", report))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD as URL, Engine};

    fn second(report: &Report, title: &str) -> Option<i64> {
        report.facts.iter().find_map(|(name, fact)| match fact {
            Fact::Moment(moment, _) if *name == title => Some(moment.second),
            _ => None,
        })
    }

    fn part<'a>(report: &'a Report, title: &str) -> &'a str {
        report.parts.iter().find(|(name, _)| name == title).map_or("none", |(_, text)| text)
    }

    #[test]
    fn a_signed_cookie_of_express_has_a_value_and_a_signature() {
        let (title, report) = read(&format!("s:j:{{\"a\":1}}.{}", "a".repeat(43))).unwrap();
        assert_eq!((title, part(&report, "value")), ("signed value (Express)", "j:{\"a\":1}"));
        assert_eq!(read("s:short.signature"), None);
    }

    #[test]
    fn a_session_of_flask_has_a_payload_and_a_time() {
        let at = 1_795_579_200_u32;
        let token = format!("{}.{}.{}", URL.encode(r#"{"user":7}"#), URL.encode(at.to_be_bytes()), URL.encode([7; 20]));
        let (title, report) = read(&token).unwrap();
        assert_eq!((title, part(&report, "payload")), ("signed value (Flask)", r#"{"user":7}"#));
        assert_eq!(second(&report, "signed"), Some(at.into()));
        let compressed = read(&format!(".{token}")).unwrap().1;
        assert!(compressed.notes[1].contains("zlib"), "{compressed:?}");
        let old =
            format!("{}.{}.{}", URL.encode("7"), URL.encode((at - 1_293_840_000).to_be_bytes()), URL.encode([7; 20]));
        assert_eq!(second(&read(&old).unwrap().1, "signed"), Some(at.into()));
        assert_eq!(read("www.lab.example"), None);
    }

    #[test]
    fn a_value_that_django_signed_has_a_payload_and_a_time() {
        // 1795579200 in base 62.
        let (title, report) = read(&format!("eyJhIjoxfQ:1xW5uC:{}", "a".repeat(43))).unwrap();
        assert_eq!((title, part(&report, "payload")), ("signed value (Django)", r#"{"a":1}"#));
        assert!((1_700_000_000..1_900_000_000).contains(&second(&report, "signed").unwrap()), "{report:?}");
        assert_eq!(part(&read(&format!("tea:1xW5uC:{}", "a".repeat(27))).unwrap().1, "payload"), "tea");
        assert_eq!(read("12:34:56"), None);
    }

    #[test]
    fn cookies_of_rails_are_signed_or_encrypted() {
        let message = r#"{"_rails":{"message":"eyJhIjoxfQ==","exp":"2026-11-25T04:00:00.000Z","pur":"cookie.tea"}}"#;
        let (title, report) = read(&format!("{}--{}", BASE64_STANDARD.encode(message), "ab".repeat(20))).unwrap();
        assert_eq!((title, part(&report, "message")), ("signed value (Rails)", message));
        let (_, envelope) = of_json(&Json::read(message).unwrap()).unwrap();
        assert_eq!((part(&envelope, "message"), second(&envelope, "expires")), (r#"{"a":1}"#, Some(1_795_579_200)));
        let encrypted = [&[1; 40][..], &[2; 12], &[3; 16]].map(|part| BASE64_STANDARD.encode(part)).join("--");
        assert_eq!(read(&encrypted).unwrap().0, "encrypted value (Rails)");
        assert_eq!(read("lab--tea"), None);
    }

    #[test]
    fn a_paseto_is_signed_or_encrypted() {
        let mut payload = br#"{"exp":"2026-11-25T04:00:00+00:00","exp":"2026-11-25T05:00:00+00:00"}"#.to_vec();
        payload.extend([9; 64]);
        let (title, report) = read(&format!("v4.public.{}.{}", URL.encode(&payload), URL.encode("key-1"))).unwrap();
        assert_eq!((title, part(&report, "footer")), ("PASETO parts", "key-1"));
        assert_eq!(second(&report, "expires"), Some(1_795_582_800));
        assert!(report.notes[1].contains("exp stands 2 times"), "{:?}", report.notes);
        let (_, local) = read(&format!("v4.local.{}", URL.encode([1; 80]))).unwrap();
        assert!(local.notes[0].contains("encrypted"));
        for other in ["v4.public", "v5.local.AAAA", "v4.secret.AAAA", "v4.public.AAAA"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_encrypted_tells_what_it_shows() {
        let json = Json::read(r#"{"iv":"MTIzNDU2Nzg5MDEyMzQ1Ng==","value":"AAAA","mac":"abcd","tag":""}"#).unwrap();
        assert_eq!(of_json(&json).unwrap().0, "encrypted value (Laravel)");
        assert_eq!(of_json(&Json::read(r#"{"iv":1}"#).unwrap()), None);

        let mut token = vec![0x80];
        token.extend(1_795_579_200_u64.to_be_bytes());
        token.extend([5; 64]);
        assert_eq!(second(&read(&URL.encode(&token)).unwrap().1, "made"), Some(1_795_579_200));

        let iron = format!(
            "Fe26.2**{}*{}*{}*1795579200000*{}*{}",
            "a".repeat(64),
            "b".repeat(22),
            "c".repeat(40),
            "d".repeat(64),
            "e".repeat(43)
        );
        assert_eq!(second(&read(&iron).unwrap().1, "expires"), Some(1_795_579_200));

        let mut data = vec![0x09, 0xf0, 0xc9, 0xf0];
        data.extend([0x11; 40]);
        assert_eq!(read(&URL.encode(&data)).unwrap().0, "encrypted value (ASP.NET Core)");
    }
}

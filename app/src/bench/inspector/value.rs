//! A value taken apart: percent-encoding, JSON, a JSON Web Token, a point in time. It reads what is there and judges
//! nothing: a token's signature is never verified.

use crate::{json, words::utc};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use percent_encoding::percent_decode_str;
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use std::{fmt, ops::Range, sync::Arc};

/// The seconds that can be told as a date, up to the end of the year 9999.
const TIMES: Range<i64> = 0..253_402_300_800;

/// JSON with its members in the order in which they are written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    /// Null, a truth value, a number or a string, as it is written.
    Leaf(String),
    List(Arc<[Json]>),
    Object(Arc<[(String, Json)]>),
}

impl Json {
    fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn seconds(&self) -> Option<i64> {
        match self {
            // NumericDate may have a fraction (RFC 7519 §2).
            Self::Leaf(text) => {
                text.parse::<f64>().ok().map(|seconds| seconds as i64).filter(|second| TIMES.contains(second))
            }
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Json;
            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Json, E> {
                Ok(Json::Leaf("null".into()))
            }
            fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
                Ok(Json::Leaf(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
                Ok(Json::Leaf(value.to_string()))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
                Ok(Json::Leaf(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
                Ok(Json::Leaf(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Json, E> {
                Ok(Json::Leaf(serde_json::Value::from(value).to_string()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(Json::List(items.into()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Json::Object(members.into()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

/// A JSON Web Token's parts (RFC 7519, in the compact form of RFC 7515 §7.1).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Jwt {
    pub header: Json,
    pub payload: Json,
    pub signature: Vec<u8>,
    /// The times in its payload, with what they mean.
    pub times: Vec<(&'static str, i64)>,
}

/// How a point in time is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clock {
    Seconds,
    Milliseconds,
    Iso8601,
    HttpDate,
}

impl Clock {
    pub fn title(self) -> &'static str {
        match self {
            Self::Seconds => "seconds since 1970",
            Self::Milliseconds => "milliseconds since 1970",
            Self::Iso8601 => "ISO 8601",
            Self::HttpDate => "an HTTP date",
        }
    }
}

/// A value in the forms that it can be read in, besides as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Forms {
    pub decoded: Option<String>,
    pub json: Option<Json>,
    pub jwt: Option<Jwt>,
    pub time: Option<(Clock, i64)>,
}

/// Reads a value in every form. JSON is found in percent-encoded values too, as cookies often carry it.
pub(super) fn forms(value: &str) -> Forms {
    let decoded = decoded(value);
    let json = json(value).or_else(|| json(decoded.as_deref()?));
    Forms { json, jwt: jwt(value), time: time(value), decoded }
}

/// The value without its percent-encoding; `None` where it has none, or where what comes out is no text.
fn decoded(value: &str) -> Option<String> {
    let decoded = percent_decode_str(value).decode_utf8().ok()?;
    (decoded != value).then(|| decoded.into_owned())
}

/// Lists and objects; a lone number or word is JSON as well, but a tree of it would say nothing more.
fn json(value: &str) -> Option<Json> {
    let json = json::read(value).ok()?;
    if matches!(json, Json::Leaf(_)) { None } else { Some(json) }
}

fn jwt(value: &str) -> Option<Jwt> {
    let mut parts = value.split('.').map(|part| BASE64_URL_SAFE_NO_PAD.decode(part));
    let mut object = || serde_json::from_slice::<Json>(&parts.next()?.ok()?).ok();
    let (header, payload) = (object()?, object()?);
    let signature = parts.next()?.ok()?;
    if parts.next().is_some() || header.member("alg").is_none() || !matches!(payload, Json::Object(_)) {
        return None;
    }
    let names = [("iat", "issued"), ("nbf", "not valid before"), ("exp", "expires")];
    let times = names.into_iter().filter_map(|(name, words)| Some((words, payload.member(name)?.seconds()?)));
    let times = times.collect();
    Some(Jwt { header, payload, signature, times })
}

/// A point in time of the years 2001 to 2286, in UTC seconds: shorter numbers are mostly something else.
fn time(value: &str) -> Option<(Clock, i64)> {
    let value = value.trim();
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    match value.len() {
        10 if digits && !value.starts_with('0') => Some((Clock::Seconds, value.parse().ok()?)),
        13 if digits && !value.starts_with('0') => Some((Clock::Milliseconds, value.parse::<i64>().ok()? / 1_000)),
        _ => match iso_8601(value) {
            Some(second) => Some((Clock::Iso8601, second)),
            None => Some((Clock::HttpDate, http_date(value)?)),
        },
    }
}

fn http_date(value: &str) -> Option<i64> {
    let time = httpdate::parse_http_date(value).ok()?;
    i64::try_from(time.duration_since(std::time::UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// `2026-11-25T04:00:00Z`, with a fraction, with an offset or without (then as UTC), or a date alone.
fn iso_8601(value: &str) -> Option<i64> {
    let (date, time) = value.split_once(['T', ' ']).unwrap_or((value, "00:00Z"));
    let number = |text: &str, digits: usize| {
        let whole = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        if whole { text.parse::<i64>().ok() } else { None }
    };
    let mut parts = date.split('-');
    let mut date_part = |digits| number(parts.next()?, digits);
    let (year, month, day) = (date_part(4)?, date_part(2)?, date_part(2)?);
    let of_month = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some() || year < 1970 || !(1..=12).contains(&month) || !(1..=of_month).contains(&day) {
        return None;
    }
    let (clock, offset) = match time.find(['Z', '+', '-']) {
        Some(at) if &time[at..] == "Z" => (&time[..at], 0),
        Some(at) => {
            let (hours, minutes) = time[at + 1..].split_once(':')?;
            let offset = number(hours, 2)? * 3_600 + number(minutes, 2)? * 60;
            (&time[..at], if time[at..].starts_with('-') { -offset } else { offset })
        }
        None => (time, 0),
    };
    let mut parts = clock.split(':');
    let (hour, minute) = (number(parts.next()?, 2)?, number(parts.next()?, 2)?);
    let second = match parts.next() {
        Some(second) => {
            let (whole, fraction) = second.split_once('.').unwrap_or((second, "0"));
            number(fraction, fraction.len())?;
            number(whole, 2)?
        }
        None => 0,
    };
    if parts.next().is_some() || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let at = days_since_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    TIMES.contains(&at).then_some(at)
}

/// Counted in years that begin in March, so that the day that is added in leap years is the last one.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// A time and how far it is from now: `Wed, 25 Nov 2026 04:00:00 GMT, in 3 h`.
pub(super) fn told(second: i64, now: i64) -> String {
    let span = crate::words::in_words((second - now).abs());
    if second < now { format!("{}, {span} ago", utc(second)) } else { format!("{}, in {span}", utc(second)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_taken_off_where_there_is_any() {
        assert_eq!(decoded("Z%C3%BCrich%20HB").as_deref(), Some("Zürich HB"));
        assert_eq!(decoded("a+b"), None);
        assert_eq!(decoded("100%"), None);
        assert_eq!(decoded("%FF"), None, "no UTF-8");
    }

    #[test]
    fn json_keeps_the_order_of_its_members() {
        let Some(Json::Object(members)) = json(r#"{"b":[1,null,-2.5],"a":"x\"y"}"#) else { panic!("no object") };
        assert_eq!(members[0].0, "b");
        assert_eq!(members[0].1, Json::List(["1", "null", "-2.5"].map(|leaf| Json::Leaf(leaf.into())).into()));
        assert_eq!(members[1], ("a".into(), Json::Leaf(r#""x\"y""#.into())));
        assert_eq!([json("12"), json("{"), json("text")], [None, None, None]);
        assert!(forms("%7B%22a%22%3A1%7D").json.is_some());
    }

    #[test]
    fn a_token_is_taken_into_its_parts() {
        // The example of RFC 7519 §3.1.
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
            dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let jwt = jwt(token).unwrap();
        assert_eq!(jwt.header.member("alg"), Some(&Json::Leaf(r#""HS256""#.into())));
        assert_eq!(jwt.payload.member("iss"), Some(&Json::Leaf(r#""joe""#.into())));
        assert_eq!((jwt.signature.len(), jwt.signature[..3].to_vec()), (32, vec![116, 24, 223]));
        assert_eq!(jwt.times, [("expires", 1_300_819_380)]);
        assert_eq!(super::jwt("a.b.c"), None);
        assert_eq!(super::jwt(&format!("{token}.x")), None);
    }

    #[test]
    fn a_point_in_time_is_read_in_four_ways() {
        let at = 1_795_579_200;
        assert_eq!(time("1795579200"), Some((Clock::Seconds, at)));
        assert_eq!(time("1795579200999"), Some((Clock::Milliseconds, at)));
        assert_eq!(time("Wed, 25 Nov 2026 04:00:00 GMT"), Some((Clock::HttpDate, at)));
        for iso in ["2026-11-25T04:00:00Z", "2026-11-25T04:00Z", "2026-11-25 04:00:00.123", "2026-11-25T05:30:00+01:30"]
        {
            assert_eq!(time(iso), Some((Clock::Iso8601, at)), "{iso}");
        }
        assert_eq!(time("2000-02-29"), Some((Clock::Iso8601, 951_782_400)));
        assert_eq!(time("1970-01-01"), Some((Clock::Iso8601, 0)));
        for other in ["12", "0123456789", "2026-13-01", "2026-02-29", "2026-11-25T24:00Z", "green", "", "é", "T"] {
            assert_eq!(time(other), None, "{other}");
        }
    }

    #[test]
    fn a_time_is_told_with_its_distance() {
        assert_eq!(told(3_600, 0), "Thu, 01 Jan 1970 01:00:00 GMT, in 1 h");
        assert_eq!(told(0, 60), "Thu, 01 Jan 1970 00:00:00 GMT, 1 min ago");
    }
}

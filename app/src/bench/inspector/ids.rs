//! Identifiers that tell something of themselves. Most have no mark by which they are known: these are told as possibilities.

use super::report::{Fact, Report};
use crate::bench::moment::Moment;

type Found = Option<(&'static str, Report)>;

/// 100 ns from 1582, where UUIDs begin to count, to 1970 (RFC 9562 §5.1).
const FROM_1582: u64 = 0x01b2_1dd2_1381_4000;
/// UTC seconds of the years 2005 to 2100: an identifier that would be of another time is mostly something else.
const LIKELY: std::ops::Range<i64> = 1_104_537_600..4_102_444_800;

/// The identifier that a text is or may be.
pub(super) fn read(text: &str) -> Found {
    let text = text.trim();
    uuid(text).or_else(|| ulid(text)).or_else(|| object_id(text)).or_else(|| snowflake(text))
}

fn made(milliseconds: u64) -> Option<Moment> {
    let second = i64::try_from(milliseconds / 1_000).ok()?;
    let fraction = format!("{:03}", milliseconds % 1_000).trim_end_matches('0').to_owned();
    Some(Moment { form: "milliseconds since 1970", second, fraction, has_zone: true })
}

fn report(note: String, moments: impl IntoIterator<Item = (&'static str, Option<Moment>)>) -> Report {
    let told = |(title, moment): (&'static str, Option<Moment>)| Some((title, Fact::Moment(moment?, String::new())));
    Report { notes: vec![note], facts: moments.into_iter().filter_map(told).collect(), ..Report::default() }
}

/// A UUID, also in braces, as a URN, or without hyphens (RFC 9562).
fn uuid(text: &str) -> Found {
    let bare = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let bare = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(bare);
    let groups: Vec<_> = bare.split('-').map(str::len).collect();
    let has_hyphens = groups == [8, 4, 4, 4, 12];
    let digits = bare.replace('-', "");
    if !has_hyphens && groups != [32] {
        return None;
    }
    let number = u128::from_str_radix(&digits, 16).ok().filter(|_| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let version = (number >> 76) as u64 & 0xf;
    let variant = (number >> 62) as u64 & 0b11;
    let likely = if has_hyphens { "A UUID" } else { "It may be a UUID without its hyphens" };
    if !has_hyphens && (variant != 0b10 || !(1..=8).contains(&version)) {
        return None;
    }
    let says = match (number, variant, version) {
        (0, ..) => "all zero (the nil UUID)",
        (u128::MAX, ..) => "all ones (the max UUID)",
        (_, 0b10, 1) => "version 1: a time and, mostly, a network card’s address",
        (_, 0b10, 2) => "version 2: DCE security",
        (_, 0b10, 3) => "version 3: the MD5 hash of a name",
        (_, 0b10, 4) => "version 4: random",
        (_, 0b10, 5) => "version 5: the SHA-1 hash of a name",
        (_, 0b10, 6) => "version 6: a time first, so that it sorts",
        (_, 0b10, 7) => "version 7: milliseconds since 1970 first, then random",
        (_, 0b10, 8) => "version 8: what its maker wants",
        _ => "of a variant or version that RFC 9562 does not define",
    };
    let (high, low) = ((number >> 64) as u64, number as u64);
    let ticks = match version {
        1 => Some((high & 0xfff) << 48 | (high >> 16 & 0xffff) << 32 | high >> 32),
        6 => Some((high >> 16) << 12 | high & 0xfff),
        _ => None,
    };
    let time = match version {
        7 => made(high >> 16),
        _ => ticks.and_then(|ticks| ticks.checked_sub(FROM_1582)).and_then(|ticks| made(ticks / 10_000)),
    };
    let mut report = report(format!("{likely}, {says}."), [("made", time.filter(|_| variant == 0b10))]);
    if version == 1 && variant == 0b10 {
        let node: Vec<_> = low.to_be_bytes()[2..].iter().map(|byte| format!("{byte:02x}")).collect();
        report.facts.push(("node", Fact::Words(node.join(":"))));
    }
    Some(("UUID", report))
}

/// A ULID: 48 bits of milliseconds and 80 random ones, in Crockford's base 32.
fn ulid(text: &str) -> Found {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let place = |byte: u8| ALPHABET.iter().position(|letter| *letter == byte.to_ascii_uppercase());
    let is_one = text.len() == 26 && text.as_bytes()[0] <= b'7' && text.bytes().all(|byte| place(byte).is_some());
    let time = text.bytes().take(10).try_fold(0, |sum: u64, byte| Some(sum * 32 + place(byte)? as u64));
    let moment = made(time.filter(|_| is_one)?).filter(|moment| LIKELY.contains(&moment.second))?;
    Some(("ULID", report("It may be a ULID; then it tells when it was made.".into(), [("made", Some(moment))])))
}

/// An ObjectId of MongoDB: 4 bytes of seconds, 5 random ones, a counter.
fn object_id(text: &str) -> Found {
    let is_one = text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let seconds = u64::from_str_radix(text.get(..8).filter(|_| is_one)?, 16).ok()?;
    let moment = made(seconds * 1_000).filter(|moment| LIKELY.contains(&moment.second))?;
    let note = "It may be an ObjectId of MongoDB; then it tells when it was made.";
    Some(("ObjectId", report(note.into(), [("made", Some(moment))])))
}

/// A snowflake: milliseconds since an epoch of its maker's, above 22 bits of place and count.
fn snowflake(text: &str) -> Found {
    let number: u64 = text.parse().ok().filter(|_| (17..=19).contains(&text.len()) && !text.starts_with(['0', '+']))?;
    let since = |epoch: u64| made((number >> 22) + epoch).filter(|moment| LIKELY.contains(&moment.second));
    let note = "It may be a snowflake; whose it is cannot be told, and the time depends on that.";
    let moments = [("made, if Twitter’s", since(1_288_834_974_657)), ("made, if Discord’s", since(1_420_070_400_000))];
    moments.iter().any(|(_, moment)| moment.is_some()).then(|| ("snowflake", report(note.into(), moments)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> Option<i64> {
        read(text)?.1.facts.into_iter().find_map(|(_, fact)| match fact {
            Fact::Moment(moment, _) => Some(moment.second),
            _ => None,
        })
    }

    fn says(text: &str) -> String {
        read(text).map_or_else(String::new, |(_, report)| report.notes[0].clone())
    }

    #[test]
    fn a_uuid_tells_its_version_and_some_when_they_were_made() {
        // The examples of RFC 9562, appendix A.
        assert_eq!(second("C232AB00-9414-11EC-B3C8-9F6BDECED846"), Some(1_645_557_742));
        assert_eq!(second("1EC9414C-232A-6B00-B3C8-9F6BDECED846"), Some(1_645_557_742));
        assert_eq!(second("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"), Some(1_645_557_742));
        assert_eq!(says("919108f7-52d1-4320-9bac-f847db4148a8"), "A UUID, version 4: random.");
        assert_eq!(second("919108f7-52d1-4320-9bac-f847db4148a8"), None);
        assert_eq!(
            says("{919108f7-52d1-4320-9bac-f847db4148a8}"),
            says("urn:uuid:919108f7-52d1-4320-9bac-f847db4148a8")
        );
        assert_eq!(says("00000000-0000-0000-0000-000000000000"), "A UUID, all zero (the nil UUID).");
        assert_eq!(
            says("919108f752d143209bacf847db4148a8"),
            "It may be a UUID without its hyphens, version 4: random."
        );
        assert!(says("919108f7-52d1-4320-1bac-f847db4148a8").contains("does not define"));
        assert_eq!(says("d41d8cd98f00b204e9800998ecf8427e"), says("d41d8cd98f00b204e9800998ecf8427e"));
        for other in
            ["919108f7-52d1-4320-9bac", "g19108f7-52d1-4320-9bac-f847db4148a8", "919108f7-52d14320-9bac-f847db4148a8"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_may_be_an_identifier_is_told_as_a_possibility() {
        assert_eq!(second("01ARZ3NDEKTSV4RRFFQ69G5FAV"), Some(1_469_922_850));
        assert_eq!(read("81ARZ3NDEKTSV4RRFFQ69G5FAV"), None, "more than 48 bits of time");
        assert_eq!(read("01ARZ3NDEKTSV4RRFFQ69G5FAU"), None, "U is no letter of the alphabet");
        assert_eq!(second("507f1f77bcf86cd799439011"), Some(1_350_508_407));
        assert_eq!(read("000000000000000000000001"), None);
        assert_eq!(second("175928847299117063"), Some(1_330_779_680), "by Twitter’s epoch");
        assert!(says("175928847299117063").starts_with("It may be a snowflake"));
        assert_eq!(read("12345"), None);
    }
}

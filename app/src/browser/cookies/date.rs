//! Cookie dates (RFC 6265bis §5.1.1): what browsers find in `Expires`. They are no HTTP dates: their parts stand in any order,
//! between any of many delimiters, and neither weekday nor zone counts.

const MONTHS: [&[u8]; 12] =
    [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
/// Days from the year 1 to 1970, in the calendar of today.
const EPOCH: i64 = 719_162;

/// The first year of a date; earlier ones are none.
const FIRST_YEAR: i64 = 1601;

/// UTC seconds, before 1970 below zero; `None` where the algorithm finds no date.
pub(super) fn parse(text: &str) -> Option<i64> {
    read(text).filter(|(year, _)| *year >= FIRST_YEAR).map(|(_, seconds)| seconds)
}

/// Whether it would be a date but for its year.
pub(super) fn is_too_early(text: &str) -> bool {
    read(text).is_some_and(|(year, _)| year < FIRST_YEAR)
}

/// The year, and UTC seconds.
fn read(text: &str) -> Option<(i64, i64)> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.as_bytes().split(|byte| is_delimiter(*byte)) {
        if let (None, Some(found)) = (time, time_of_day(token)) {
            time = Some(found);
        } else if let (None, Some(found)) = (day, number(token, 2).filter(|(_, digits)| *digits >= 1)) {
            day = Some(found.0);
        } else if let (None, Some(found)) = (month, month_of(token)) {
            month = Some(found);
        } else if let (None, Some(found)) = (year, number(token, 4).filter(|(_, digits)| *digits >= 2)) {
            year = Some(found.0);
        }
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year => year,
    };
    let (month, day, [hour, minute, second]) = (month?, day?, time?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some((year, days(year, month, day)? * 86_400 + hour * 3_600 + minute * 60 + second))
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// The number that a token begins with, and its digits; `None` where it has more of them. What follows does not count.
fn number(token: &[u8], most: usize) -> Option<(i64, usize)> {
    let digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let value = token[..digits.min(most)].iter().fold(0, |value, digit| value * 10 + i64::from(digit - b'0'));
    (digits <= most).then_some((value, digits))
}

/// `hh:mm:ss`, each of one or two digits.
fn time_of_day(token: &[u8]) -> Option<[i64; 3]> {
    let mut fields = token.splitn(3, |byte| *byte == b':');
    let mut time = [0; 3];
    for (place, value) in time.iter_mut().enumerate() {
        let field = fields.next()?;
        let (found, digits) = number(field, 2)?;
        if digits == 0 || place < 2 && digits < field.len() {
            return None;
        }
        *value = found;
    }
    Some(time)
}

/// The month that a token begins with, January as 0.
fn month_of(token: &[u8]) -> Option<usize> {
    let start = token.get(..3)?;
    MONTHS.iter().position(|month| start.eq_ignore_ascii_case(month))
}

/// Days since 1970; `None` where the month has no such day.
fn days(year: i64, month: usize, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [31, 28 + i64::from(is_leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let past = year - 1;
    let before = past * 365 + past / 4 - past / 100 + past / 400 + lengths[..month].iter().sum::<i64>();
    (1..=lengths[month]).contains(&day).then_some(before + day - 1 - EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each with its time in UTC seconds, and those that are none.
    fn holds(cases: &[(&str, Option<i64>)]) {
        for (text, expected) in cases {
            assert_eq!(parse(text), *expected, "{text:?}");
        }
    }

    #[test]
    fn dates_as_servers_send_them_are_read() {
        holds(&[
            ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("Thu, 01-Jan-1970 00:00:01 GMT", Some(1)),
            ("Thu, 1 Jan 1970 00:00:00 GMT", Some(0)),
            ("Mon, 01 Jan 1601 00:00:00 GMT", Some(-11_644_473_600)),
            ("Wed, 31 Dec 1969 23:59:59 GMT", Some(-1)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(784_111_777)),
            ("Sunday, 06-Nov-94 08:49:37 GMT", Some(784_111_777)),
            ("Sun Nov  6 08:49:37 1994", Some(784_111_777)),
            ("Tue, 29 Feb 2000 00:00:00 GMT", Some(951_782_400)),
            ("Fri, 31 Dec 9999 23:59:59 GMT", Some(253_402_300_799)),
            ("Sat, 15-Apr-17 21:01:22 GMT", Some(1_492_290_082)),
        ]);
    }

    #[test]
    fn parts_stand_in_any_order_and_between_any_delimiters() {
        let april = Some(1_176_584_482);
        holds(&[
            ("Sat, 14-Apr-2007 21:01:22 GMT", april),
            ("14 Apr 2007 21:01:22", april),
            ("21:01:22 2007 April 14", april),
            ("21:01:22 14 2007 APRIL", april),
            ("April 14 2007 21:01:22", april),
            ("14/aPr/2007-21:01:22", april),
            ("\"14 Apr 2007 21:01:22\"", april),
            ("14;Apr?2007[21:01:22]", april),
            ("\t14\tApr\t2007\t21:01:22\t", april),
            ("14th Apr 2007AD 21:01:22.999", april),
            ("é 14é Apr 2007 21:01:22\u{1}", april),
            ("Sat 14 aprilscherz 07 21:1:22Z", april),
        ]);
    }

    #[test]
    fn of_several_parts_of_a_kind_the_first_counts() {
        holds(&[
            ("1 Jan 1970 00:00:01 00:00:02", Some(1)),
            ("1 Jan Feb 1970 00:00:00", Some(0)),
            ("1 Jan 1970 1971 00:00:00", Some(0)),
            ("1 2 Jan 1970 00:00:00", Some(0)),
            ("1 02 Jan 00:00:00", Some(1_009_843_200)),
        ]);
    }

    #[test]
    fn a_zone_does_not_count() {
        for zone in ["GMT", "UTC", "CET", "+0100", "PDT", ""] {
            assert_eq!(parse(&format!("Thu, 01 Jan 1970 00:00:00 {zone}")), Some(0), "{zone}");
        }
    }

    #[test]
    fn years_of_two_digits_are_of_1970_to_2069() {
        let first_of = |year: &str| parse(&format!("1 Jan {year} 00:00:00"));
        for (short, year) in [("70", "1970"), ("99", "1999"), ("00", "2000"), ("69", "2069"), ("069", "2069")] {
            assert!(first_of(year).is_some());
            assert_eq!(first_of(short), first_of(year), "{short}");
        }
    }

    #[test]
    fn a_year_before_1601_is_told_from_what_is_no_date() {
        assert!(is_too_early("31 Dec 1600 00:00:00"));
        assert!(!is_too_early("1 Jan 1601 00:00:00") && !is_too_early("31 Dec 1600"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        holds(&[
            ("", None),
            ("0", None),
            ("tomorrow", None),
            ("-1", None),
            ("Thu, 01 Jan 1970", None),
            ("Thu, 01 Jan 00:00:00 GMT", None),
            ("1970-01-01T00:00:00Z", None),
            ("1 Jan 1600 00:00:00", None),
            ("0 Jan 1970 00:00:00", None),
            ("32 Jan 1970 00:00:00", None),
            ("30 Feb 2000 00:00:00", None),
            ("29 Feb 1900 00:00:00", None),
            ("31 Apr 2007 00:00:00", None),
            ("1 Jan 1970 24:00:00", None),
            ("1 Jan 1970 00:60:00", None),
            ("1 Jan 1970 00:00:60", None),
            ("1 Jan 1970 000:00:00", None),
            ("1 Jan 1970 00:00", None),
            ("001 Jan 1970 00:00:00", None),
            ("1 Jan 11970 00:00:00", None),
            ("1 Ja 1970 00:00:00", None),
        ]);
    }
}

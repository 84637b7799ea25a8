//! Points in time, in the forms in which programs write them.

use crate::words::{in_words, thousands};

/// A point in time as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    /// How it is written.
    pub form: &'static str,
    /// Seconds since 1970 began in UTC. Without a zone: those at which UTC's clocks show what is written.
    pub second: i64,
    /// The digits after the point, where there are any.
    pub fraction: String,
    /// Whether it says which clock it is by.
    pub has_zone: bool,
}

impl Moment {
    fn new(form: &'static str, second: i64) -> Self {
        Self { form, second, fraction: String::new(), has_zone: true }
    }

    /// With its distance from now, in UTC seconds: `Wed, 25 Nov 2026 04:00:00 GMT, in 3 h`.
    pub fn told(&self, now: i64) -> String {
        told(self.second, &self.fraction, now)
    }
}

/// The forms of numbers: how many digits stand before the point from 2001 on, and how many of them are the fraction of a second.
const COUNTED: [(usize, usize, &str); 5] = [
    (10, 0, "seconds since 1970"),
    (12, 3, "milliseconds since 1970"),
    (13, 3, "milliseconds since 1970"),
    (16, 6, "microseconds since 1970"),
    (19, 9, "nanoseconds since 1970"),
];
/// Seconds of a year of the Gregorian calendar, on average.
const YEAR: i64 = 31_556_952;
/// From 1601, where Windows and WebKit begin to count, to 1970.
const FROM_1601: i64 = 11_644_473_600;

/// What a value is as a point in time; a number may be several. One of fewer digits is mostly something else.
pub(super) fn moments(value: &str) -> Vec<Moment> {
    let value = value.trim();
    match number(value) {
        Some(number) => counted(&number),
        None => {
            iso_8601(value).or_else(|| iso_8601_basic(value)).or_else(|| in_date_words(value)).into_iter().collect()
        }
    }
}

/// A `NumericDate` (RFC 7519 §2): seconds, whatever their number; `None` where that is beyond all calendars.
pub(super) fn numeric_date(source: &str) -> Option<Moment> {
    let Number { negative, digits, fraction } = number(source)?;
    seconds(negative, &digits, fraction, "seconds since 1970")
}

/// A decimal number without its exponent.
struct Number {
    negative: bool,
    digits: String,
    fraction: String,
}

/// Reads `1700000000`, `-1.5`, `1.7e9`: digits are moved, never rounded.
fn number(text: &str) -> Option<Number> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let is_decimal = all_digits(whole) && all_digits(fraction) && !mantissa.ends_with('.');
    if !is_decimal || whole.is_empty() || whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    let exponent: i32 = exponent.parse().ok().filter(|exponent: &i32| exponent.abs() <= 30)?;
    let mut digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()? + exponent;
    let point = usize::try_from(point).unwrap_or(0);
    while digits.len() < point {
        digits.push('0');
    }
    let fraction = digits.split_off(point);
    Some(Number { negative, digits: digits.trim_start_matches('0').to_owned(), fraction })
}

fn counted(Number { negative, digits, fraction }: &Number) -> Vec<Moment> {
    let forms = COUNTED.iter().filter(|(long, ..)| *long == digits.len()).filter_map(|(long, after, form)| {
        let (whole, part) = digits.split_at(long - after);
        seconds(*negative, whole, format!("{part}{fraction}"), form)
    });
    let mut found: Vec<_> = forms.collect();
    // The years 1981 to 2108, since these are rarer than other numbers of as many digits.
    let since_1601 = match digits.len() {
        17 if digits.starts_with('1') => Some((6, "microseconds since 1601 (Chromium, WebKit)")),
        18 if digits.starts_with('1') => Some((7, "tenths of microseconds since 1601 (Windows)")),
        _ => None,
    };
    if let Some((after, form)) = since_1601.filter(|_| !negative) {
        let (whole, part) = digits.split_at(digits.len() - after);
        let moment = seconds(false, whole, format!("{part}{fraction}"), form);
        found.extend(moment.map(|moment| Moment { second: moment.second - FROM_1601, ..moment }));
    }
    found
}

/// A number of seconds. Before 1970 what is told is the second in which it lies.
fn seconds(negative: bool, whole: &str, fraction: String, form: &'static str) -> Option<Moment> {
    let second: i64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let fraction = fraction.trim_end_matches('0');
    Some(match (negative, fraction.is_empty()) {
        (false, _) => Moment { fraction: fraction.to_owned(), ..Moment::new(form, second) },
        (true, true) => Moment::new(form, -second),
        (true, false) => Moment::new(form, -second - 1),
    })
}

/// `2026-11-25T04:00:00Z`, with a fraction, with an offset or without, or a date alone (ISO 8601, RFC 3339, ECMA-262 §21.4.1.32).
fn iso_8601(value: &str) -> Option<Moment> {
    let at = value.find(['T', 't', ' ', '_']);
    let (date, time) = at.map_or((value, None), |at| (&value[..at], Some(&value[at + 1..])));
    let (sign, plain) = match date.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => date.strip_prefix('-').map_or((1, date), |rest| (-1, rest)),
    };
    let mut parts = plain.split('-');
    let year_digits = if plain.len() == date.len() { 4 } else { 6 };
    let year = sign * digits(parts.next()?, year_digits)?;
    let (month, day) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    if parts.next().is_some() {
        return None;
    }
    let days = days(year, month, day)?;
    let Some(time) = time else {
        return Some(Moment { has_zone: false, ..Moment::new("an ISO 8601 date", days * 86_400) });
    };
    let (clock, offset) = clock_and_offset(time.trim())?;
    let (second, fraction) = time_of_day(clock)?;
    let second = days * 86_400 + second - offset.unwrap_or(0);
    Some(Moment { fraction, has_zone: offset.is_some(), ..Moment::new("ISO 8601", second) })
}

/// `20261125T040000Z`, the basic format.
fn iso_8601_basic(value: &str) -> Option<Moment> {
    let (date, time) = value.split_once('T')?;
    let (date, clock) = (digits(date, 8)?, time.strip_suffix('Z').unwrap_or(time));
    let clock = digits(clock, 6)?;
    let day = days(date / 10_000, date / 100 % 100, date % 100)?;
    let (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100);
    let second = day * 86_400 + in_day(hour, minute, second)?;
    Some(Moment { has_zone: time.ends_with('Z'), ..Moment::new("ISO 8601, basic format", second) })
}

/// A time of the day, and the seconds that its clocks are ahead of UTC; `None` where it does not say.
fn clock_and_offset(time: &str) -> Option<(&str, Option<i64>)> {
    let Some(at) = time.find(['Z', 'z', '+', '-', '\u{2212}']) else { return Some((time, None)) };
    let (clock, zone) = time.split_at(at);
    let offset = if zone.eq_ignore_ascii_case("z") { 0 } else { offset(zone)? };
    Some((clock.trim_end(), Some(offset)))
}

/// `+01:00`, `+0100`, `-08`.
fn offset(zone: &str) -> Option<i64> {
    let (sign, rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, zone.strip_prefix('-').or_else(|| zone.strip_prefix('\u{2212}'))?),
    };
    let (hours, minutes) = match rest.len() {
        2 => (rest, "00"),
        4 if rest.is_ascii() => rest.split_at(2),
        _ => rest.split_once(':')?,
    };
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// `04:00`, `04:00:00`, `04:00:00.123`: its second of the day, and the fraction.
fn time_of_day(clock: &str) -> Option<(i64, String)> {
    let mut parts = clock.splitn(3, ':');
    let (hour, minute) = (digits(parts.next()?, 2)?, digits(parts.next()?, 2)?);
    let (second, fraction) = match parts.next() {
        None => (0, ""),
        Some(second) => match second.split_once(['.', ',']) {
            None => (digits(second, 2)?, ""),
            Some((second, fraction)) => {
                digits(fraction.get(..fraction.len().min(9))?, fraction.len().min(9))?;
                (digits(second, 2)?, fraction)
            }
        },
    };
    Some((in_day(hour, minute, second)?, fraction.trim_end_matches('0').to_owned()))
}

/// A leap second counts as the first of the next minute, as POSIX time has it.
fn in_day(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3_600 + minute * 60 + second)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A date with the month's name: HTTP (RFC 9110 §5.6.7), mails (RFC 5322 §3.3), cookies, `Date` of scripts, `date` of shells.
fn in_date_words(value: &str) -> Option<Moment> {
    let (mut day, mut month, mut year, mut clock, mut zone) = (None, None, None, None, None);
    let begins = |word: &str, names: &[&str]| {
        let start = word.get(..3)?;
        names.iter().position(|name| name.eq_ignore_ascii_case(start))
    };
    let without_note = value.split_once('(').map_or(value, |(before, _)| before);
    let words = without_note.split([' ', ',', '\t']).flat_map(|word| {
        let is_date = word.split('-').nth(2).is_some();
        word.split(move |c| is_date && c == '-')
    });
    for word in words.filter(|word| !word.is_empty()) {
        let of_zone = word.trim_start_matches("GMT").trim_start_matches("UTC");
        if let Some(at) = begins(word, &MONTHS).filter(|_| month.is_none()) {
            month = Some(i64::try_from(at).ok()? + 1);
        } else if begins(word, &WEEKDAYS).is_some() {
        } else if word.contains(':') && clock.is_none() {
            clock = Some(time_of_day(word)?);
        } else if of_zone.is_empty() || word == "Z" {
            zone = Some(0);
        } else if of_zone.starts_with(['+', '-']) {
            zone = Some(offset(of_zone)?);
        } else if (1..=2).contains(&word.len()) && day.is_none() {
            day = Some(digits(word, word.len())?);
        } else if word.len() == 2 && year.is_none() {
            let short = digits(word, 2)?;
            year = Some(if short < 70 { short + 2_000 } else { short + 1_900 });
        } else if year.is_none() {
            year = Some(digits(word, 4)?);
        } else {
            return None;
        }
    }
    let (second, fraction) = clock?;
    let second = days(year?, month?, day?)? * 86_400 + second - zone.unwrap_or(0);
    let form = match () {
        () if httpdate::parse_http_date(value).is_ok() => "an HTTP date",
        () if value.contains("GMT+") || value.contains("GMT-") => "a Date of a script, as text",
        () => "a date in words",
    };
    // The form of C's asctime, which HTTP still reads, is by UTC.
    let has_zone = zone.is_some() || form == "an HTTP date";
    Some(Moment { fraction, has_zone, ..Moment::new(form, second) })
}

fn digits(text: &str, count: usize) -> Option<i64> {
    let whole = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if whole { text.parse().ok() } else { None }
}

/// The days from 1970 to a date of the Gregorian calendar, counted in years that begin in March, so that the day that is added
/// in leap years is the last one. `None` where there is no such date.
fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let of_month = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let (from_march, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = from_march.div_euclid(4) - from_march.div_euclid(100) + from_march.div_euclid(400);
    (1..=of_month).contains(&day).then_some(from_march * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468)
}

/// The date of a day after 1970 began: year, month, day.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (after, month) = if month < 10 { (0, month + 3) } else { (1, month - 9) };
    (era * 400 + year + after, month, day)
}

/// A time in UTC as HTTP spells it, in any year, and how far it is from now.
pub(super) fn told(second: i64, fraction: &str, now: i64) -> String {
    let (days, of_day) = (second.div_euclid(86_400), second.rem_euclid(86_400));
    let (year, month, day) = date(days);
    let weekday = usize::try_from((days + 3).rem_euclid(7)).ok().and_then(|at| WEEKDAYS.get(at)).unwrap_or(&"");
    let month = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at)).unwrap_or(&"");
    let (hour, minute, rest) = (of_day / 3_600, of_day / 60 % 60, of_day % 60);
    let point = if fraction.is_empty() { "" } else { "." };
    let span = second.saturating_sub(now).saturating_abs();
    let span = match span / YEAR {
        ..2 => in_words(span),
        years => format!("{} years", thousands(years.unsigned_abs())),
    };
    let distance = if second < now { format!("{span} ago") } else { format!("in {span}") };
    format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{rest:02}{point}{fraction} GMT, {distance}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_795_579_200;

    fn read(value: &str) -> Vec<(&'static str, i64)> {
        moments(value).into_iter().map(|moment| (moment.form, moment.second)).collect()
    }

    #[test]
    fn numbers_are_told_by_their_unit() {
        assert_eq!(read("1795579200"), [("seconds since 1970", AT)]);
        assert_eq!(read(" 1795579200999\n"), [("milliseconds since 1970", AT)]);
        assert_eq!(read("1795579200999888"), [("microseconds since 1970", AT)]);
        assert_eq!(read("1795579200999888777"), [("nanoseconds since 1970", AT)]);
        assert_eq!(read("946684800000"), [("milliseconds since 1970", 946_684_800)]);
        assert_eq!(read("13440052800000000"), [("microseconds since 1601 (Chromium, WebKit)", AT)]);
        assert_eq!(read("134400528000000000"), [("tenths of microseconds since 1601 (Windows)", AT)]);
        assert_eq!(read("-1000000000"), [("seconds since 1970", -1_000_000_000)]);
        assert_eq!(moments("1795579200123")[0].fraction, "123");
    }

    #[test]
    fn numbers_with_a_point_or_an_exponent_are_read_without_rounding() {
        assert_eq!(read("1795579200.5"), [("seconds since 1970", AT)]);
        assert_eq!(moments("1795579200.5")[0].fraction, "5");
        assert_eq!(read("1.7955792e9"), [("seconds since 1970", AT)]);
        assert_eq!(read("1.7955792E+12"), [("milliseconds since 1970", AT)]);
        assert_eq!(moments("1795579200000.25")[0].fraction, "00025");
        assert_eq!(read("17955792000e-1"), [("seconds since 1970", AT)]);
        assert_eq!(read("-1000000000.5"), [("seconds since 1970", -1_000_000_001)]);
    }

    #[test]
    fn a_numeric_date_is_in_seconds_whatever_their_number() {
        let second = |source: &str| numeric_date(source).map(|moment| moment.second);
        assert_eq!([second("0"), second("0.0000000017e18"), second("-0")], [Some(0), Some(1_700_000_000), Some(0)]);
        assert_eq!(
            [second("-1"), second("1.7e9"), second("1.5"), second("99999999999999")],
            [Some(-1), Some(1_700_000_000), Some(1), Some(99_999_999_999_999)]
        );
        assert_eq!([second("\"1\""), second("1e30"), second("null"), second("1e999")], [None; 4]);
    }

    #[test]
    fn iso_8601_is_read_with_and_without_a_zone() {
        for zoned in [
            "2026-11-25T04:00:00Z",
            "2026-11-25T04:00Z",
            "2026-11-25t04:00:00z",
            "2026-11-25T05:30:00+01:30",
            "2026-11-25T05:30:00.000+0130",
            "2026-11-24T20:00:00-08",
            "2026-11-25 04:00:00 +00:00",
            "+002026-11-25T04:00:00.000Z",
        ] {
            assert_eq!(read(zoned), [("ISO 8601", AT)], "{zoned}");
            assert!(moments(zoned)[0].has_zone, "{zoned}");
        }
        for local in ["2026-11-25 04:00:00.123", "2026-11-25T04:00", "2026-11-25T04:00:00,5"] {
            assert_eq!(read(local), [("ISO 8601", AT)], "{local}");
            assert!(!moments(local)[0].has_zone, "{local}");
        }
        assert_eq!(read("20261125T040000Z"), [("ISO 8601, basic format", AT)]);
        assert_eq!(read("2000-02-29"), [("an ISO 8601 date", 951_782_400)]);
        assert!(!moments("2000-02-29")[0].has_zone);
        assert_eq!(read("1969-07-20T20:17:40Z"), [("ISO 8601", -14_182_940)]);
        assert_eq!(read("+275760-09-13T00:00:00.000Z"), [("ISO 8601", 8_640_000_000_000)], "the last of ECMAScript");
        assert_eq!(read("-271821-04-20T00:00:00.000Z"), [("ISO 8601", -8_640_000_000_000)], "the first");
        assert_eq!(read("2016-12-31T23:59:60Z"), [("ISO 8601", 1_483_228_800)], "a leap second");
    }

    #[test]
    fn dates_in_words_are_read() {
        for (value, form) in [
            ("Wed, 25 Nov 2026 04:00:00 GMT", "an HTTP date"),
            ("Wed Nov 25 04:00:00 2026", "an HTTP date"),
            ("Wed Nov 25 2026 05:00:00 GMT+0100 (Central European Standard Time)", "a Date of a script, as text"),
            ("Tue Nov 24 2026 20:00:00 GMT-0800 (PST)", "a Date of a script, as text"),
            ("Wed, 25 Nov 2026 05:00:00 +0100", "a date in words"),
            ("Wed, 25-Nov-2026 04:00:00 GMT", "a date in words"),
            ("Wed Nov 25 04:00:00 UTC 2026", "a date in words"),
            ("25 Nov 2026 04:00:00 Z", "a date in words"),
        ] {
            assert_eq!(read(value), [(form, AT)], "{value}");
            assert!(moments(value)[0].has_zone, "{value}");
        }
        assert!(!moments("25 Nov 2026 04:00:00")[0].has_zone);
        assert_eq!(read("Thu, 01-Jan-70 00:00:01 GMT"), [("a date in words", 1)]);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for other in [
            "12",
            "0123456789",
            "2026-13-01",
            "2026-02-29",
            "2026-11-25T24:00Z",
            "2026-11-25T04:00+25:00",
            "green",
            "",
            "é",
            "T",
            "1.",
            ".5",
            "1e",
            "--1",
            "Monday",
            "May",
            "Wed Nov 25",
            "1.2.3",
            "25:00:00",
            "2026-11-25T04:00:00.x",
            "1e999999999999",
        ] {
            assert_eq!(moments(other), [], "{other}");
        }
    }

    #[test]
    fn a_date_and_its_day_are_each_other_s() {
        for day in (-1_000_000..1_000_000).step_by(997).chain([-719_468, -1, 0, 59, 60, 11_016]) {
            let (year, month, of_month) = date(day);
            assert_eq!(days(year, month, of_month), Some(day));
        }
    }

    #[test]
    fn a_time_is_told_with_its_distance() {
        assert_eq!(told(3_600, "", 0), "Thu, 01 Jan 1970 01:00:00 GMT, in 1 h");
        assert_eq!(told(0, "25", 60), "Thu, 01 Jan 1970 00:00:00.25 GMT, 1 min ago");
        assert_eq!(told(4_000_000_000, "", 1_795_579_200), "Tue, 02 Oct 2096 07:06:40 GMT, in 69 years");
        assert_eq!(told(-1, "", 0), "Wed, 31 Dec 1969 23:59:59 GMT, 1 s ago");
        assert!(told(99_999_999_999, "", 0).starts_with("Wed, 16 Nov 5138 09:46:39 GMT"));
        assert!(told(i64::MAX, "", -5).contains(" 292277026596 "));
        assert!(told(i64::MIN / 2, "", 5).ends_with(" ago"));
    }
}

//! Numbers and times in words, the same on both sides so that a page reads the same before and after it wakes.

use std::time::{Duration, UNIX_EPOCH};

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A span of seconds in its two largest units: `29 min 5 s`, `13 d 4 h`.
pub(crate) fn in_words(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let parts = [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("min", seconds / 60 % 60), ("s", seconds % 60)];
    let first = parts.iter().position(|(_, count)| *count > 0).unwrap_or(3);
    let told = parts[first..].iter().take(2).filter(|(_, count)| *count > 0 || first == 3);
    spaced(&mut told.map(|(unit, count)| format!("{count} {unit}")))
}

/// Words with a space between them. The library's `join` is made anew for each kind of text, which a first visit pays for.
pub(crate) fn spaced(words: &mut dyn Iterator<Item = String>) -> String {
    let mut all = words.next().unwrap_or_default();
    for word in words {
        all.push(' ');
        all.push_str(&word);
    }
    all
}

/// UTC seconds as HTTP and `Set-Cookie` spell them: `Mon, 23 Nov 2026 14:05:00 GMT`.
pub(crate) fn utc(seconds: i64) -> String {
    let since_epoch = Duration::from_secs(seconds.max(0).unsigned_abs());
    httpdate::fmt_http_date(UNIX_EPOCH + since_epoch)
}

/// The day of it, as people say it: `23 Nov 2026`.
pub(crate) fn date(seconds: i64) -> String {
    utc(seconds).get(5..16).unwrap_or_default().trim_start_matches('0').to_owned()
}

/// A day as files spell it, `2026-11-23`, as people say it; anything else as it is.
pub(crate) fn date_of(day: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let parts: Vec<_> = day.split('-').collect();
    let [year, month, day_of_month] = parts[..] else { return day.to_owned() };
    match month.parse().ok().and_then(|month: usize| MONTHS.get(month.checked_sub(1)?)) {
        Some(month) => format!("{} {month} {year}", day_of_month.trim_start_matches('0')),
        None => day.to_owned(),
    }
}

/// A time of the past as people say it: `3 min ago`, after a day `23 Nov 2026, 14:05 UTC`.
pub(crate) fn ago(at: i64, now: i64) -> String {
    match now - at {
        ..60 => "just now".to_owned(),
        passed @ 60..3_600 => format!("{} min ago", passed / 60),
        passed @ 3_600..86_400 => format!("{} h ago", passed / 3_600),
        _ => {
            let spelled = utc(at);
            format!("{}, {} UTC", date(at), spelled.get(17..22).unwrap_or_default())
        }
    }
}

/// UTC seconds as `<time datetime>` reads them: `2026-11-23T14:05:00Z`.
pub(crate) fn machine_readable(seconds: i64) -> String {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let spelled = utc(seconds);
    let part = |range| spelled.get(range).unwrap_or_default();
    let month = MONTHS.find(part(8..11)).map_or(0, |place| place / 3 + 1);
    format!("{}-{month:02}-{}T{}Z", part(12..16), part(5..7), part(17..25))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!([0, 999, 1_000, 5_242_880].map(thousands), ["0", "999", "1,000", "5,242,880"]);
    }

    #[test]
    fn a_span_is_told_in_its_two_largest_units() {
        assert_eq!(
            [0, 59, 60, 1_805, 3_600, 90_061, -3].map(in_words),
            ["0 s", "59 s", "1 min", "30 min 5 s", "1 h", "1 d 1 h", "0 s"]
        );
    }

    #[test]
    fn a_time_of_the_past_is_told_as_people_say_it() {
        let now = 1_795_442_700;
        assert_eq!(
            [-5, 59, 60, 3_599, 3_600, 86_399, 86_400, 1_500_000].map(|passed| ago(now - passed, now)),
            [
                "just now",
                "just now",
                "1 min ago",
                "59 min ago",
                "1 h ago",
                "23 h ago",
                "22 Nov 2026, 14:05 UTC",
                "6 Nov 2026, 05:25 UTC"
            ]
        );
    }

    #[test]
    fn a_day_is_told_as_people_say_it() {
        assert_eq!(
            ["2026-11-03", "2026-01-30", "2026-13-01", "soon"].map(date_of),
            ["3 Nov 2026", "30 Jan 2026", "2026-13-01", "soon"]
        );
    }

    #[test]
    fn a_time_is_told_to_machines() {
        assert_eq!(machine_readable(0), "1970-01-01T00:00:00Z");
        assert_eq!(machine_readable(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(machine_readable(1_795_442_700), "2026-11-23T14:05:00Z");
    }

    #[test]
    fn a_time_is_told_as_http_spells_it() {
        assert_eq!(utc(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(utc(951_782_400), "Tue, 29 Feb 2000 00:00:00 GMT");
    }
}

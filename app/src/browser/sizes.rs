//! How large a text is, and how large it may be.

use crate::{
    text::units::{has_lone, to_units},
    words::thousands,
};

/// Most bytes of a cookie's name and value together; `=` is not counted (RFC 6265bis §5.6).
pub(crate) const COOKIE_LIMIT_BYTES: u32 = 4_096;
/// The textbook limit of each web storage area: 5 MiB, which Chromium counts in UTF-16 units (WHATWG Storage §4).
pub(crate) const WEB_STORAGE_LIMIT_UNITS: u32 = 5_242_880;
/// What every recipient of an address should take at least (RFC 9110 §4.1), in bytes. The lab keeps its own below that, so
/// that the page can be loaded again.
pub(crate) const ADDRESS_LIMIT_BYTES: u32 = 8_000;

/// Bytes in UTF-8: what travels. A lone surrogate counts as U+FFFD, which it becomes there.
pub(crate) fn bytes(text: &str) -> u32 {
    let all = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if !has_lone(text) {
        return all;
    }
    let units = to_units(text);
    // Units of one byte, of two and of three; each half of a real pair counts for two.
    let is_pair = |pair: &[u16]| pair[0] & 0xFC00 == 0xD800 && pair[1] & 0xFC00 == 0xDC00;
    let pairs = units.windows(2).filter(|pair| is_pair(pair)).count() as u32;
    units.iter().map(|unit| 1 + u32::from(*unit >= 0x80) + u32::from(*unit >= 0x800)).sum::<u32>() - 2 * pairs
}

/// UTF-16 units: what web storage counts.
pub(crate) fn units(text: &str) -> u32 {
    // Counted by bytes, which is quick for millions of them: each character begins with one that continues none, and those
    // of four bytes are two units.
    if text.is_ascii() {
        return bytes(text);
    }
    if has_lone(text) {
        return to_units(text).len() as u32;
    }
    text.bytes().map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(byte >= 0xF0)).sum()
}

/// `1 answer`, `2 answers`.
pub(crate) fn counted(count: u32, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(count.into())) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::units::from_units;

    #[test]
    fn a_lone_surrogate_is_one_unit_and_would_travel_as_three_bytes() {
        let size = |units: &[u16]| {
            let text = from_units(units);
            (bytes(&text), super::units(&text))
        };
        assert_eq!(size(&[0x61, 0xD83D, 0x62]), (5, 3));
        assert_eq!(size(&[0xD83D, 0xDE00]), (4, 2));
        assert_eq!(size(&[0xDBF6, 0xDC00]), (4, 2), "U+10D800");
        assert_eq!(size(&[0xDE00, 0xD83D]), (6, 2));
    }
}

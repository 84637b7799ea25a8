//! Escapes as they are typed.

use super::units::from_units;

/// The text that is spelled with escapes, as in a string of JavaScript (ECMAScript §12.9.4).
///
/// # Errors
/// What is no escape, in words.
pub(crate) fn unescaped(spelled: &str) -> Result<String, String> {
    let mut units = Vec::with_capacity(spelled.len());
    let mut rest = spelled;
    while let Some((before, escape)) = rest.split_once('\\') {
        units.extend(before.encode_utf16());
        rest = read(escape, &mut units).ok_or_else(|| {
            let begun: String = escape.chars().take(1).collect();
            format!("“\\{begun}” begins no escape. Write \\\\ for a backslash, \\n, \\r or \\t for these, \\u and four hexadecimal digits for a UTF-16 unit.")
        })?;
    }
    units.extend(rest.encode_utf16());
    Ok(from_units(&units))
}

/// Reads what follows a backslash; returns what comes after it.
fn read<'a>(escape: &'a str, units: &mut Vec<u16>) -> Option<&'a str> {
    let kind = escape.chars().next()?;
    let rest = &escape[kind.len_utf8()..];
    let (digits, rest) = match kind {
        'n' | 'r' | 't' | '\\' => {
            units.push(match kind {
                'n' => 0x0A,
                'r' => 0x0D,
                't' => 0x09,
                _ => 0x5C,
            });
            return Some(rest);
        }
        'u' => match rest.strip_prefix('{') {
            Some(braced) => braced.split_once('}')?,
            None => rest.split_at_checked(4)?,
        },
        _ => return None,
    };
    // A sign would be read as part of a number.
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let number = u32::from_str_radix(digits, 16).ok()?;
    match (u16::try_from(number), char::from_u32(number)) {
        (Ok(unit), _) => units.push(unit),
        (Err(_), Some(character)) => units.extend_from_slice(character.encode_utf16(&mut [0; 2])),
        (Err(_), None) => return None,
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::units::to_units;

    #[test]
    fn escapes_are_read_as_scripts_read_them() {
        let units = |text: &str| to_units(&unescaped(text).unwrap());
        assert_eq!(units(r"a\n\r\t\\n"), [0x61, 10, 13, 9, 0x5C, 0x6E]);
        assert_eq!(units(r"\ud83d\u{DE00}"), [0xD83D, 0xDE00]);
        assert_eq!(unescaped(r"\ud83d\ude00 \u{1f600}").as_deref(), Ok("😀 😀"));
        assert_eq!(units(r"\ud83dé"), [0xD83D, 0xE9]);
    }

    #[test]
    fn what_is_no_escape_is_refused_in_words() {
        for text in [r"\", r"\q", r"\u12", r"\u+123", r"\u{110000}", r"\u{}", r"\u{12", r"\é", r"\u00é"] {
            assert!(unescaped(text).unwrap_err().contains("begins no escape"), "{text}");
        }
    }
}

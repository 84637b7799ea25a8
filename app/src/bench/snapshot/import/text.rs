//! The text of a file, in whichever of Unicode's encodings it is.

/// Reads UTF-8, with or without a byte order mark, and UTF-16, as some editors on Windows save it.
///
/// # Errors
/// That it is no text, in words.
pub(in super::super) fn text_of(bytes: &[u8]) -> Result<String, String> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units: Vec<_> = pairs.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| rest.is_empty())
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        // Without a mark: all forms that are read begin with a character of ASCII.
        [1..=0xff, 0, ..] => wide(bytes, u16::from_le_bytes),
        [0, 1..=0xff, ..] => wide(bytes, u16::from_be_bytes),
        _ => String::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).to_vec()).ok(),
    };
    text.filter(|text| !text.contains('\0')).ok_or_else(|| {
        "The file is no text in UTF-8 or UTF-16: it may be compressed, encrypted or a database. Export it as text."
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_each_encoding_of_unicode() {
        let text = "lab-a=Zürich 😀";
        let wide = |unit: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(unit).collect::<Vec<_>>();
        let (little, big) = (wide(u16::to_le_bytes), wide(u16::to_be_bytes));
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xef\xbb\xbf", text.as_bytes()].concat(),
            [b"\xff\xfe".to_vec(), little.clone()].concat(),
            [b"\xfe\xff".to_vec(), big.clone()].concat(),
            little,
            big,
        ] {
            assert_eq!(text_of(&bytes).as_deref(), Ok(text), "{bytes:?}");
        }
        assert_eq!(text_of(b"").as_deref(), Ok(""));
        for bytes in [&b"\xff\xfea"[..], b"\x1f\x8b\x08\xff", b"SQLite format 3\0", b"a\xff"] {
            assert!(text_of(bytes).unwrap_err().starts_with("The file is no text"), "{bytes:?}");
        }
    }
}

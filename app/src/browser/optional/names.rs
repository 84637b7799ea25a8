//! Any name as part of an address and as a file's name: letters, digits, `-` and `_` stay as they are, the bytes of all else
//! in UTF-8 are percent-encoded. In a script:
//! `encodeURIComponent(name).replace(/[!'()*.~]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase())`.

use crate::text::units::{kept, usv};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// The name of the lab's database, cache and folder.
pub(super) const PLACE: &str = "lab-bench";
/// The dot is encoded too: `.` and `..` are no files, and some systems take no dot at the end.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

pub(super) fn encoded(name: &str) -> String {
    utf8_percent_encode(&usv(name), ENCODED).to_string()
}

/// The name, if this is how the lab encodes one.
pub(super) fn decoded(text: &str) -> Option<String> {
    let name = percent_decode_str(text).decode_utf8().ok()?;
    let name = kept(name.into_owned());
    (encoded(&name) == text).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_read_again_whatever_is_in_it() {
        for name in ["lab-tea", "a/b?c=ü", "..", "a.txt", "50 %", "%2F", "漢😀", "a\\b\n", "Ab-_", "", "__proto__"]
        {
            assert_eq!(decoded(&encoded(name)).as_deref(), Some(name));
        }
    }

    #[test]
    fn what_has_a_meaning_in_addresses_and_folders_is_encoded() {
        assert_eq!(encoded("lab-trial-opfs"), "lab-trial-opfs");
        assert_eq!(encoded("a/b?c=ü"), "a%2Fb%3Fc%3D%C3%BC");
        assert_eq!(encoded(".."), "%2E%2E");
    }

    #[test]
    fn what_the_lab_did_not_encode_is_no_name() {
        for text in ["a.txt", "a%2fb", "%", "%FF", "ü"] {
            assert_eq!(decoded(text), None, "{text}");
        }
    }
}

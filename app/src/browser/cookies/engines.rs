//! Where engines differ from the specification over a line, as the end-to-end tests measure it in each of them
//! (`forecast.spec.ts`): a forecast by the specification tells it along.

use super::{
    date,
    line::{Carrier, CookieLine, Prefix, attributes, is_heeded},
    rules::{Place, for_one_host, is_token},
};
use crate::browser::{entry::SameSite, sizes::COOKIE_LIMIT_BYTES};

/// A line as it stands and as it is read, by whom it is set and where.
struct Set<'a> {
    text: &'a str,
    line: &'a CookieLine,
    carrier: Carrier,
    place: &'a Place,
}

impl Set<'_> {
    /// Whether one of the attributes of a name has such a value.
    fn any(&self, name: &str, has: impl Fn(&str) -> bool) -> bool {
        attributes(self.text).any(|(other, value, _)| other == name && has(value))
    }

    /// Whether an attribute that is ignored comes after one of its name that is not.
    fn undoes(&self, name: &str) -> bool {
        let heeded =
            attributes(self.text).filter(|(other, ..)| other == name).map(|(_, value, _)| is_heeded(name, value));
        heeded.skip_while(|heeded| !heeded).any(|heeded| !heeded)
    }
}

struct Difference {
    /// Names the engines.
    says: &'static str,
    applies: fn(&Set) -> bool,
}

/// Most bytes of an attribute.
const LONG: usize = 1_024;

static DIFFERENCES: [Difference; 20] = [
    Difference {
        says: "Chromium refuses a tab inside a name or a value.",
        applies: |set| set.line.name.contains('\t') || set.line.kept_value().contains('\t'),
    },
    Difference {
        says: "WebKitGTK cuts a name or a value at the first tab, control character or letter beyond ASCII.",
        applies: |set| set.text.bytes().any(|byte| byte != b' ' && !byte.is_ascii_graphic()),
    },
    Difference {
        says: "WebKitGTK leaves the blanks before a value whose name is no token.",
        applies: |set| {
            !is_token(&set.line.name) && set.text.split_once('=').is_some_and(|(_, value)| value.starts_with(' '))
        },
    },
    Difference {
        says: "Firefox takes a text without “=” for a name, and refuses one that begins with it.",
        applies: |set| set.line.name.is_empty(),
    },
    Difference {
        says: "WebKitGTK knows no prefixes.",
        applies: |set| {
            [set.line.name.as_str(), set.line.kept_value()].into_iter().any(|text| Prefix::of(text) != Prefix::None)
        },
    },
    Difference {
        says: "Firefox wants no Path of a __Host- name that is set by a page at /.",
        applies: |set| {
            for_one_host(set.line) && set.line.read_path().is_none() && set.line.effective_path(set.carrier) == "/"
        },
    },
    Difference {
        says: "WebKitGTK has no limit of bytes.",
        applies: |set| {
            set.line.pair_bytes() > COOKIE_LIMIT_BYTES || attributes(set.text).any(|(.., part)| part.len() > LONG)
        },
    },
    Difference {
        says: "Firefox heeds Secure, HttpOnly and Partitioned also with a value of more than 1,024 bytes.",
        applies: |set| {
            ["secure", "httponly", "partitioned"].iter().any(|flag| set.any(flag, |value| value.len() > LONG))
        },
    },
    Difference {
        says: "WebKitGTK wants no Secure beside SameSite=None and Partitioned.",
        applies: |set| !set.line.secure && (set.line.same_site == SameSite::None || set.line.partitioned),
    },
    Difference {
        says: "WebKitGTK keeps no Secure cookie over plain HTTP, not even on this machine.",
        applies: |set| set.line.secure && !set.place.https,
    },
    Difference {
        says: "Chromium, Firefox and WebKitGTK refuse a Domain that is a dot alone.",
        applies: |set| set.any("domain", |value| value == "."),
    },
    Difference {
        says: "WebKitGTK refuses a Domain in capitals.",
        applies: |set| set.any("domain", |value| value.bytes().any(|byte| byte.is_ascii_uppercase())),
    },
    Difference {
        says: "WebKitGTK refuses over HTTP a Domain without a dot in it, such as localhost.",
        applies: |set| {
            set.carrier == Carrier::Http && set.any("domain", |value| !value.trim_matches('.').contains('.'))
        },
    },
    Difference {
        says: "Chromium and Firefox let a Max-Age that is ignored undo the one before it.",
        applies: |set| set.undoes("max-age"),
    },
    Difference {
        says: "Chromium, Firefox and WebKitGTK let an Expires that is ignored undo the one before it.",
        applies: |set| set.undoes("expires"),
    },
    Difference {
        says: "WebKitGTK takes an empty Max-Age for a time that has passed.",
        applies: |set| {
            // “Max-Age” without “=” is ignored there too.
            attributes(set.text).any(|(name, value, part)| name == "max-age" && value.is_empty() && part.contains('='))
        },
    },
    Difference {
        says: "Chromium reads a Max-Age that begins with +.",
        applies: |set| set.any("max-age", |value| value.starts_with('+')),
    },
    Difference {
        says: "Firefox takes a Max-Age that begins with - for a time that has passed, whatever follows.",
        applies: |set| set.any("max-age", |value| value.starts_with('-') && !is_heeded("max-age", value)),
    },
    Difference {
        says: "Chromium, Firefox and WebKitGTK take a year before 1601 for a time that has passed.",
        applies: |set| set.any("expires", date::is_too_early),
    },
    Difference {
        says: "Firefox finds dates also without a time, with an hour of 24 and with a day that the month does not have; WebKitGTK only \
               as HTTP spells them.",
        applies: |set| set.any("expires", |value| httpdate::parse_http_date(value).is_err()),
    },
];

/// What is known of engines that make something else of a line than the specification, each named.
pub(crate) fn differences(text: &str, line: &CookieLine, carrier: Carrier, place: &Place) -> Vec<&'static str> {
    let set = Set { text, line, carrier, place };
    DIFFERENCES.iter().filter(|difference| (difference.applies)(&set)).map(|difference| difference.says).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&'static str> {
        differences(text, &CookieLine::parse(text), Carrier::Script, &Place::default())
    }

    #[test]
    fn a_plain_line_is_the_same_to_all() {
        for line in [
            "lab-a=1",
            "lab-a=a b; Path=/lab; Max-Age=60; SameSite=Lax",
            "lab-a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ] {
            assert_eq!(of(line), [""; 0], "{line}");
        }
    }

    #[test]
    fn each_engine_is_named_where_it_differs() {
        let names = |line: &str, engine: &str| of(line).iter().any(|says| says.contains(engine));
        assert!(names("lab-a=a\tb", "Chromium") && !names("lab-a=a\tb", "Firefox"));
        assert!(names("lab-a\t=1", "WebKitGTK") && !names("lab-a\t=1", "Chromium"));
        assert!(names("lonely", "Firefox") && !names("lonely", "Chromium"));
        assert!(
            names("lab-a=1; Max-Age=600; Max-Age=x", "Chromium")
                && !names("lab-a=1; Max-Age=x; Max-Age=600", "Chromium")
        );
        assert!(names("lab-a=1; Max-Age=x; max-age=+5", "Chromium") && names("lab-a=1; Max-Age=--5", "Firefox"));
        for line in ["lab-a=1; Max-Age=", "lab-a=1; Max-Age = \t ", "lab-a=1; Max-Age=  ; Path=/"] {
            assert!(
                names(line, "WebKitGTK takes an empty") && !names(line, "Firefox") && !names(line, "Chromium"),
                "{line}"
            );
        }
        assert_eq!(of("lab-a=1; Max-Age"), [""; 0]);
        assert!(names("lab-a=1; Expires=1 Dec 1600 00:00:00", "Chromium"));
        assert!(names("__Host-a=1; Secure", "Firefox") && !names("__Host-a=1; Secure; Path=/", "Firefox"));
    }
}

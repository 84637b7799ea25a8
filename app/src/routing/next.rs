//! Where to go after log-in.

use percent_encoding::percent_decode_str;
use url::{Position, Url};

/// `next` as browsers read it (WHATWG URL §4.4), if it is a path of this site, else `/account` (OWASP: unvalidated redirects).
///
/// A parser decides, since what looks like a path may not be one: `//host` and `/\\host` are another site, and `/.//host`
/// becomes `//host`, which is one to whoever reads it next.
pub fn safe_next(next: &str) -> String {
    own_path(next).unwrap_or_else(|| "/account".to_owned())
}

fn own_path(next: &str) -> Option<String> {
    // Tabs and line ends, which the parser drops, have no business here.
    if !next.starts_with('/') || !next.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    // Any origin stands for this one; the name is reserved (RFC 2606 §2), so that nobody else's is meant by it.
    let here = Url::parse("https://this-site.invalid/").ok()?;
    let target = here.join(next).ok()?;
    let path = &target[Position::BeforePath..];
    let is_text = percent_decode_str(path).decode_utf8().is_ok();
    (target.origin() == here.origin() && !path.starts_with("//") && is_text).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn next_stays_on_this_site() {
        for path in ["/", "/account", "/account?tab=1#x", "/a//b", "/login?next=//evil.example"] {
            assert_eq!(safe_next(path), path);
        }
        assert_eq!(safe_next("/a/../experiments/./x"), "/experiments/x");
        for trick in [
            "",
            "account",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/\tx",
            "/é",
            "//@",
            "//evil.example:99999",
            "/%FF",
            "/?a=%E0%A4%A",
        ] {
            assert_eq!(safe_next(trick), "/account", "{trick:?}");
        }
    }

    #[test]
    fn a_path_that_becomes_another_sites_address_is_refused() {
        for trick in [
            "/.//evil.example/x",
            "/..//evil.example/x",
            "/%2e//evil.example/x",
            "/.%2E//evil.example",
            "/a/..//evil.example",
            "/a/../\\evil.example",
            "/.\\/evil.example",
            "/./\\evil.example",
            "/././/evil.example",
        ] {
            assert_eq!(safe_next(trick), "/account", "{trick:?}");
        }
    }
}

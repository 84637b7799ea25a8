//! Cookies as others can use them: a `curl` command, and statements for a browser's console.

use crate::bench::model::{Entry, Expires};
use crate::ui::utc;

/// A command that sends the cookies to an address (POSIX shell).
pub(super) fn curl(address: &str, cookies: &[Entry]) -> String {
    let pairs: Vec<_> = readable(cookies).map(|(cookie, value)| format!("{}={value}", cookie.name)).collect();
    match pairs.is_empty() {
        true => format!("curl {}", quoted(address)),
        false => format!("curl {} -H {}", quoted(address), quoted(&format!("Cookie: {}", pairs.join("; ")))),
    }
}

/// One statement a line, each of which sets a cookie again.
pub(super) fn statements(cookies: &[Entry]) -> String {
    readable(cookies)
        .map(|(cookie, value)| {
            let path = cookie.path.as_deref().unwrap_or("/");
            let expires = match cookie.expires {
                Expires::At(second) => format!("; Expires={}", utc(second)),
                _ => String::new(),
            };
            let secure = if cookie.name.starts_with("__") { "; Secure" } else { "" };
            let line = format!("{}={value}; Path={path}{expires}{secure}", cookie.name);
            // A JSON string is a JavaScript string too (ECMAScript 2019).
            format!("document.cookie = {};\n", serde_json::to_string(&line).unwrap_or_default())
        })
        .collect()
}

fn readable(cookies: &[Entry]) -> impl Iterator<Item = (&Entry, &str)> {
    cookies.iter().filter_map(|cookie| Some((cookie, cookie.value.as_deref()?)))
}

/// Nothing is special between single quotes but the quote itself (POSIX §2.2.2).
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_quoted_for_the_shell() {
        let cookies = [
            Entry::new("lab-a".into(), "it's $HOME `x` \\", Expires::BrowserSession),
            Entry { value: None, ..Entry::new("lab-hidden".into(), "", Expires::Unknown) },
            Entry::new("lab-b".into(), "2", Expires::BrowserSession),
        ];
        let expected = r"curl 'http://localhost/lab/echo' -H 'Cookie: lab-a=it'\''s $HOME `x` \; lab-b=2'";
        assert_eq!(curl("http://localhost/lab/echo", &cookies), expected);
        assert_eq!(curl("http://localhost/", &cookies[1..2]), "curl 'http://localhost/'");
    }

    #[test]
    fn a_statement_sets_the_cookie_with_what_is_known_of_it() {
        let cookies = [
            Entry::new("lab-a".into(), "say \"hi\" \\", Expires::BrowserSession),
            Entry { path: Some("/lab".into()), ..Entry::new("__Secure-lab-b".into(), "é", Expires::At(0)) },
        ];
        let expected = concat!(
            r#"document.cookie = "lab-a=say \"hi\" \\; Path=/";"#,
            "\n",
            r#"document.cookie = "__Secure-lab-b=é; Path=/lab; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure";"#,
            "\n"
        );
        assert_eq!(statements(&cookies), expected);
    }
}

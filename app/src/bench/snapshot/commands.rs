//! Cookies as others can use them: a `curl` command, and statements for a browser's console.

use crate::{
    bench::quoting::{for_script, for_shell},
    browser::{
        Draft, Entry,
        cookies::{CookieLine, pair},
    },
};

/// A command that sends the cookies to an address (POSIX shell).
pub(super) fn curl(address: &str, cookies: &[Entry]) -> String {
    let pairs: Vec<_> = readable(cookies).map(|(cookie, value)| pair(&cookie.name, value)).collect();
    match pairs.is_empty() {
        true => format!("curl {}", for_shell(address)),
        false => format!("curl {} -H {}", for_shell(address), for_shell(&format!("Cookie: {}", pairs.join("; ")))),
    }
}

/// One statement a line, each of which sets a cookie again.
pub(super) fn statements(cookies: &[Entry]) -> String {
    let lines = readable(cookies).filter_map(|(cookie, _)| Some(CookieLine::of(&Draft::of(cookie)?).text()));
    lines.map(|line| format!("document.cookie = {};\n", for_script(&line))).collect()
}

fn readable(cookies: &[Entry]) -> impl Iterator<Item = (&Entry, &str)> {
    cookies.iter().filter_map(|cookie| Some((cookie, cookie.value.as_deref()?)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

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
    fn a_cookie_without_a_name_is_written_as_browsers_send_it() {
        let cookies = [
            Entry::new(String::new(), "lonely-value", Expires::BrowserSession),
            Entry::new("lab-a".into(), "1", Expires::BrowserSession),
        ];
        assert_eq!(curl("http://localhost/", &cookies), "curl 'http://localhost/' -H 'Cookie: lonely-value; lab-a=1'");
        let expected = r#"document.cookie = "lonely-value; Path=/; SameSite=Lax";"#;
        assert_eq!(statements(&cookies[..1]), format!("{expected}\n"));
    }

    #[test]
    fn a_statement_sets_the_cookie_with_what_is_known_of_it() {
        let cookies = [
            Entry::new("lab-a".into(), "say \"hi\" \\", Expires::BrowserSession),
            Entry { path: Some("/lab".into()), ..Entry::new("__Secure-lab-b".into(), "é", Expires::At(0)) },
        ];
        let expected = concat!(
            r#"document.cookie = "lab-a=say \"hi\" \\; Path=/; SameSite=Lax";"#,
            "\n",
            r#"document.cookie = "__Secure-lab-b=é; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/lab; SameSite=Lax; Secure";"#,
            "\n"
        );
        assert_eq!(statements(&cookies), expected);
    }
}

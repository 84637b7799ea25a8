//! Cookies as statements for a browser's console.

use crate::{
    bench::quoting::for_script,
    browser::{Draft, Entry, cookies::CookieLine},
};

/// One statement a line, each of which sets a cookie again.
pub(super) fn statements(cookies: &[Entry]) -> String {
    let lines = cookies.iter().filter_map(|cookie| Some(CookieLine::of(&Draft::of(cookie)?).text()));
    lines.map(|line| format!("document.cookie = {};\n", for_script(&line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    #[test]
    fn a_cookie_without_a_name_is_written_as_browsers_send_it() {
        let cookies = [Entry::new(String::new(), "lonely-value", Expires::BrowserSession)];
        let expected = r#"document.cookie = "lonely-value; Path=/; SameSite=Lax";"#;
        assert_eq!(statements(&cookies), format!("{expected}\n"));
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

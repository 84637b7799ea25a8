//! A request with cookies as others send it: a command for a shell, or a few lines of a program.

use super::quoting::{for_cmd, for_posix_shell, for_powershell, for_script};
use crate::browser::{Entry, cookies::pair};

/// What a request can be written for. Each names the shell that reads it: their quotes differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sender {
    Curl,
    CurlInPowerShell,
    CurlInCmd,
    Httpie,
    NodeFetch,
    PythonRequests,
}

impl Sender {
    /// The one that comes first, and the others.
    pub const OTHERS: [Self; 5] =
        [Self::CurlInPowerShell, Self::CurlInCmd, Self::Httpie, Self::NodeFetch, Self::PythonRequests];

    /// Its name, with the shell where one reads it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Curl => "curl (POSIX shell)",
            Self::CurlInPowerShell => "curl (PowerShell)",
            Self::CurlInCmd => "curl (Windows cmd)",
            Self::Httpie => "HTTPie (POSIX shell)",
            Self::NodeFetch => "fetch (Node.js)",
            Self::PythonRequests => "Python requests",
        }
    }

    /// A GET of an address with the field `Cookie`, where there is one; `None` where the tool has no spelling for it.
    pub fn text(self, address: &str, cookies: Option<&str>) -> Option<String> {
        // As a field: `-b` reads what has no "=" as the name of a file.
        let field = cookies.map(|cookies| format!("Cookie: {cookies}"));
        let curl = |program: &str, quoted: fn(&str) -> String| match &field {
            Some(field) => format!("{program} -H {} {}", quoted(field), quoted(address)),
            None => format!("{program} {}", quoted(address)),
        };
        let address_in_script = for_script(address);
        let cookies_in_script = cookies.map(for_script);
        Some(match self {
            Self::Curl => curl("curl", for_posix_shell),
            // Later versions quote arguments themselves; the variable brings them back to what all versions do.
            Self::CurlInPowerShell => {
                format!("& {{ $PSNativeCommandArgumentPassing = 'Legacy'; {} }}", curl("curl.exe", for_powershell))
            }
            Self::CurlInCmd => curl("curl", for_cmd),
            Self::Httpie => match cookies {
                // It takes the backslash away before one of its separators.
                Some(cookies) if cookies.contains('\\') => return None,
                Some(cookies) => {
                    format!("http {} {}", for_posix_shell(address), for_posix_shell(&format!("Cookie: {cookies}")))
                }
                None => format!("http {}", for_posix_shell(address)),
            },
            // Fields of fetch are bytes, one for each unit of the text.
            Self::NodeFetch => {
                let headers = cookies_in_script.map(|cookies| {
                    format!(", {{ headers: {{ cookie: Buffer.from({cookies}).toString(\"latin1\") }} }}")
                });
                let headers = headers.unwrap_or_default();
                format!("fetch({address_in_script}{headers}).then((answer) => answer.text()).then(console.log);\n")
            }
            Self::PythonRequests => {
                let headers = cookies_in_script.map(|cookies| format!(", headers={{\"Cookie\": {cookies}.encode()}}"));
                let headers = headers.unwrap_or_default();
                format!("import requests\n\nprint(requests.get({address_in_script}{headers}).text)\n")
            }
        })
    }
}

/// Cookies as the field `Cookie` has them, those that scripts can read; `None` where there are none. One without a name is its
/// value alone (RFC 6265bis §5.8.3).
pub(super) fn cookie_field<'a>(cookies: impl IntoIterator<Item = &'a Entry>) -> Option<String> {
    let sent = |cookie: &Entry| {
        let value = cookie.value.as_deref()?;
        Some(pair(&cookie.name, value))
    };
    let pairs: Vec<_> = cookies.into_iter().filter_map(sent).collect();
    (!pairs.is_empty()).then(|| pairs.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    const ADDRESS: &str = "https://lab.example/";

    fn text(sender: Sender, cookies: &str) -> Option<String> {
        sender.text(ADDRESS, Some(cookies))
    }

    #[test]
    fn a_command_is_quoted_for_the_shell_that_it_names() {
        let odd = r#"lab-a="x y"; lab-b=it's 100%"#;
        assert_eq!(
            text(Sender::Curl, odd).as_deref(),
            Some(r#"curl -H 'Cookie: lab-a="x y"; lab-b=it'\''s 100%' 'https://lab.example/'"#)
        );
        assert_eq!(
            text(Sender::CurlInCmd, odd).as_deref(),
            Some(r#"curl -H ^"Cookie: lab-a=\^"x y\^"; lab-b=it's 100%^" ^"https://lab.example/^""#)
        );
        assert_eq!(
            text(Sender::CurlInPowerShell, odd).as_deref(),
            Some(
                r#"& { $PSNativeCommandArgumentPassing = 'Legacy'; curl.exe -H 'Cookie: lab-a=\"x y\"; lab-b=it''s 100%' 'https://lab.example/' }"#
            )
        );
    }

    #[test]
    fn a_program_has_the_cookies_as_a_text_of_its_language() {
        assert_eq!(
            text(Sender::NodeFetch, r#"lab-a="é""#).as_deref(),
            Some(
                "fetch(\"https://lab.example/\", { headers: { cookie: Buffer.from(\"lab-a=\\\"é\\\"\").toString(\"latin1\") } })\
                 .then((answer) => answer.text()).then(console.log);\n"
            )
        );
        assert_eq!(
            text(Sender::PythonRequests, "lab-a=1").as_deref(),
            Some(
                "import requests\n\nprint(requests.get(\"https://lab.example/\", headers={\"Cookie\": \"lab-a=1\".encode()}).text)\n"
            )
        );
        assert_eq!(text(Sender::Httpie, r"lab-a=\:"), None);
        assert_eq!(Sender::Curl.text(ADDRESS, None).as_deref(), Some("curl 'https://lab.example/'"));
    }

    #[test]
    fn cookies_are_written_as_browsers_send_them() {
        let cookies = [
            Entry::new("lab-a".into(), "1", Expires::BrowserSession),
            Entry { value: None, ..Entry::new("lab-hidden".into(), "", Expires::Unknown) },
            Entry::new(String::new(), "lonely", Expires::BrowserSession),
            Entry::new("lab-empty".into(), "", Expires::BrowserSession),
        ];
        assert_eq!(cookie_field(&cookies).as_deref(), Some("lab-a=1; lonely; lab-empty="));
        assert_eq!(cookie_field(&cookies[1..2]), None);
    }
}

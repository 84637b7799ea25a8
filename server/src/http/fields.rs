//! Header fields as the lab shows them: each with its true size, none with a secret.

use app::bench::{
    is_lab_name,
    wire::{HeaderField, received_cookies},
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// What stands for a secret.
const MASK: &str = "••••••••";

/// All fields of a request or an answer.
pub(super) fn fields(headers: &HeaderMap) -> Vec<HeaderField> {
    headers.iter().map(|(name, value)| field(name, value)).collect()
}

fn field(name: &HeaderName, value: &HeaderValue) -> HeaderField {
    let bytes = name.as_str().len() + ": ".len() + value.len() + "\r\n".len();
    let mut cookies = Vec::new();
    let shown = match *name {
        // The server cannot tell a cookie that scripts may read from one that they may not.
        header::COOKIE => {
            cookies = received_cookies(value.as_bytes()).collect();
            String::new()
        }
        header::SET_COOKIE => set_cookie(value),
        header::AUTHORIZATION | header::PROXY_AUTHORIZATION => MASK.to_owned(),
        _ => text(value),
    };
    HeaderField {
        name: name.as_str().to_owned(),
        value: shown,
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        cookies,
    }
}

/// The name that a `Set-Cookie` line gives a cookie, as browsers read it (RFC 6265bis §5.6); `None` without a `=`.
pub(super) fn cookie_name(line: &str) -> Option<&str> {
    let pair = line.split(';').next()?;
    Some(pair.split_once('=')?.0.trim_matches([' ', '\t']))
}

/// A `Set-Cookie` line: as it is where scripts may read the cookie and the lab has made it, else without the value.
fn set_cookie(line: &HeaderValue) -> String {
    let line = text(line);
    let (pair, attributes) = line.split_at(line.find(';').unwrap_or(line.len()));
    let is_http_only =
        |attribute: &str| attribute.split('=').next().is_some_and(|name| name.trim().eq_ignore_ascii_case("httponly"));
    if cookie_name(&line).is_some_and(is_lab_name) && !attributes.split(';').any(is_http_only) {
        return line;
    }
    let before_value = pair.find('=').map_or("", |equals| &pair[..=equals]);
    format!("{before_value}{MASK}{attributes}")
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn shown(name: HeaderName, value: &str) -> HeaderField {
        field(&name, &HeaderValue::from_bytes(value.as_bytes()).unwrap())
    }

    #[rstest]
    #[case::scripts_may_read_it("lab-a=1; Path=/", "lab-a=1; Path=/")]
    #[case::with_a_prefix(" __Host-LAB-a = 1;Secure", " __Host-LAB-a = 1;Secure")]
    #[case::scripts_may_not("lab-a=1; Path=/; HttpOnly", "lab-a=••••••••; Path=/; HttpOnly")]
    #[case::in_any_spelling("lab-a=1;httponly=no", "lab-a=••••••••;httponly=no")]
    #[case::not_the_labs("__Host-session=id.secret; Secure", "__Host-session=••••••••; Secure")]
    #[case::equals_in_the_value("a=lab-b=secret", "a=••••••••")]
    #[case::a_space_that_is_none_to_a_browser("\u{3000}lab-a=1", "\u{3000}lab-a=••••••••")]
    #[case::without_a_name("secret; Path=/", "••••••••; Path=/")]
    #[case::without_a_name_as_well("=secret", "=••••••••")]
    #[case::a_value_that_looks_like_an_attribute("lab-a=HttpOnly", "lab-a=HttpOnly")]
    fn a_set_cookie_line_is_shown_whole_only_where_scripts_may_read_it(#[case] line: &str, #[case] expected: &str) {
        let field = shown(header::SET_COOKIE, line);
        assert_eq!((field.value.as_str(), field.bytes as usize), (expected, "set-cookie: \r\n".len() + line.len()));
    }

    #[test]
    fn a_cookie_header_is_names_and_sizes() {
        let field = shown(header::COOKIE, "lab-a=123; __Host-session=id.secret");
        assert_eq!((field.value.as_str(), field.bytes), ("", 8 + 35 + 2));
        let cookies: Vec<_> = field.cookies.iter().map(|cookie| (cookie.name.as_str(), cookie.bytes)).collect();
        assert_eq!(cookies, [("lab-a", 8), ("__Host-session", 23)]);
    }

    #[test]
    fn credentials_are_masked_and_everything_else_is_shown() {
        assert_eq!(shown(header::AUTHORIZATION, "Basic c2VjcmV0").value, MASK);
        assert_eq!(shown(header::PROXY_AUTHORIZATION, "Basic c2VjcmV0").value, MASK);
        assert_eq!(shown(header::USER_AGENT, "curl/8 é").value, "curl/8 é");
    }
}

//! Cookies as lines of text: header fields, `document.cookie`, statements, a curl command.

use super::{Here, Import, cookie::ForeignCookie};
use crate::{
    browser::{Store, cookies::CookieLine},
    json,
};

const ATTRIBUTES: [&str; 9] =
    ["path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "partitioned", "priority"];

/// Reads lines; `None` where they are none of these.
pub(super) fn read(text: &str, here: &Here) -> Option<Import> {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let import = |form, cookies: Vec<ForeignCookie>| {
        let records = cookies.into_iter().map(|cookie| cookie.record(here)).collect();
        Import::foreign(form, here, [(Store::Cookies, records)])
    };
    let set = |line: &str| ForeignCookie::line(&CookieLine::parse(line), here.now);

    if begins(text, "curl ") || begins(text, "curl.exe ") {
        return Some(import("a curl command", pairs(&of_curl(text)?)));
    }
    let statements: Vec<_> = lines.iter().filter_map(|line| statement(line)).collect();
    if !statements.is_empty() {
        return Some(import("statements of document.cookie", statements.iter().map(|line| set(line)).collect()));
    }
    let fields = |name: &str| {
        lines.iter().filter(|line| begins(line, name)).map(|line| line[name.len()..].trim()).collect::<Vec<_>>()
    };
    let (answered, asked) = (fields("set-cookie:"), fields("cookie:"));
    if !answered.is_empty() || !asked.is_empty() {
        let cookies = asked.into_iter().flat_map(pairs).chain(answered.into_iter().map(set)).collect();
        return Some(import("header lines with cookies", cookies));
    }
    if !lines.iter().all(|line| is_pair(line)) {
        return None;
    }
    Some(match &lines[..] {
        [line] if !has_attributes(line) => import("cookies as document.cookie tells them", pairs(line)),
        lines => import("Set-Cookie lines", lines.iter().map(|line| set(line)).collect()),
    })
}

fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begun| begun.eq_ignore_ascii_case(start))
}

fn pairs(field: &str) -> Vec<ForeignCookie> {
    field.split(';').filter(|pair| !pair.trim().is_empty()).map(ForeignCookie::pair).collect()
}

/// Whether a line begins with a name and a value.
fn is_pair(line: &str) -> bool {
    let name = line.split(';').next().and_then(|pair| pair.split_once('=')).map(|(name, _)| name.trim());
    name.is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
}

fn has_attributes(line: &str) -> bool {
    line.split(';').skip(1).any(|part| {
        let name = part.split('=').next().unwrap_or_default().trim();
        ATTRIBUTES.iter().any(|attribute| name.eq_ignore_ascii_case(attribute))
    })
}

/// The line that a statement such as `document.cookie = "lab-a=1";` sets.
fn statement(line: &str) -> Option<String> {
    let assigned = line.strip_prefix("document.cookie")?.trim_start().strip_prefix('=')?.trim();
    let literal = assigned.trim_end_matches(';').trim_end();
    match literal.strip_prefix(['\'', '`']) {
        Some(rest) => rest.strip_suffix(['\'', '`']).map(str::to_owned),
        None => json::read(literal).ok(),
    }
}

/// What a command for a POSIX shell sends as cookies.
fn of_curl(command: &str) -> Option<String> {
    let words = words(command);
    let cookies = words.iter().zip(words.iter().skip(1)).filter_map(|(option, word)| match option.as_str() {
        "-b" | "--cookie" => Some(word.clone()),
        "-H" | "--header" if begins(word, "cookie:") => Some(word["cookie:".len()..].to_owned()),
        _ => None,
    });
    let cookies: Vec<_> = cookies.collect();
    (!cookies.is_empty()).then(|| cookies.join("; "))
}

/// The words of a command: quotes and backslashes as POSIX has them, `$'…'` as if it held no escapes.
fn words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut chars = command.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\'', Some('\'')) | ('"', Some('"')) => quote = None,
            ('\\', Some('"')) if chars.peek().is_some_and(|next| "\"\\$`".contains(*next)) => {
                word.get_or_insert_default().extend(chars.next())
            }
            (_, Some(_)) => word.get_or_insert_default().push(c),
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            ('$', None) if chars.peek() == Some(&'\'') => {}
            ('\\', None) => match chars.next() {
                Some('\n' | '\r') | None => {}
                Some(next) => word.get_or_insert_default().push(next),
            },
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, None) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::super::tests::told;

    #[test]
    fn cookies_are_read_from_header_lines() {
        assert_eq!(
            told("Cookie: lab-a=1; lab-b=x=y; lonely").1,
            ["Cookies lab-a=1", "Cookies lab-b=x=y", "Cookies =lonely"]
        );
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: lab-a=1; Path=/shop; HttpOnly; Domain=other.example\r\nset-cookie: lab-b=2\r\n\r\n";
        let (form, lines) = told(head);
        assert_eq!(form, "header lines with cookies");
        assert_eq!(
            lines,
            [
                "Cookies lab-a=1 (for this host, not for other.example; without HttpOnly, which no script can set)",
                "Cookies lab-b=2",
            ]
        );
    }

    #[test]
    fn a_line_is_one_of_document_cookie_or_of_set_cookie() {
        assert_eq!(
            told("lab-a=1; lab-b=2"),
            ("cookies as document.cookie tells them", vec!["Cookies lab-a=1".into(), "Cookies lab-b=2".into()])
        );
        assert_eq!(told("lab-a=1; Path=/; Secure"), ("Set-Cookie lines", vec!["Cookies lab-a=1".into()]));
        assert_eq!(told("lab-a=1\nlab-b=2; Max-Age=60").1, ["Cookies lab-a=1", "Cookies lab-b=2"]);
        assert_eq!(told("lab-a=").1, ["Cookies lab-a="]);
    }

    #[test]
    fn the_lab_s_own_statements_and_commands_are_read_back() {
        let statements =
            "document.cookie = \"lab-a=say \\\"hi\\\"; Path=/; SameSite=Lax\";\ndocument.cookie = 'lab-b=2';\n";
        assert_eq!(told(statements).1, ["Cookies lab-a=say \"hi\"", "Cookies lab-b=2"]);
        assert_eq!(
            told(r"curl -H 'Cookie: lab-a=it'\''s; lab-b=2' 'https://lab.example/'").1,
            ["Cookies lab-a=it's", "Cookies lab-b=2"]
        );
        let copied =
            "curl 'https://lab.example/' \\\n  -H 'accept: */*' \\\n  -b 'lab-a=1; lab-b=\"x y\"' \\\n  --compressed";
        assert_eq!(told(copied).1, ["Cookies lab-a=1", "Cookies lab-b=\"x y\""]);
    }
}

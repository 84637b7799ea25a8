//! `cookies.txt`, the cookie file of Netscape, which curl, wget and many extensions write.

use super::{Here, Import, cookie::ForeignCookie};
use crate::browser::Store;

/// Fields of a line: domain, for hosts below too, path, secure, expires, name, value.
const FIELDS: usize = 7;
const HTTP_ONLY: &str = "#HttpOnly_";
/// Lines that are named one by one.
const NAMED: usize = 5;

/// Reads a cookie file; `None` where it is none.
pub(super) fn read(text: &str, here: &Here) -> Option<Import> {
    let has_heading = text.lines().take(3).any(|line| line.starts_with('#') && line.contains("HTTP Cookie File"));
    let (mut cookies, mut strange) = (Vec::new(), Vec::new());
    for (at, line) in text.lines().enumerate() {
        let (http_only, line) = line.strip_prefix(HTTP_ONLY).map_or((false, line), |rest| (true, rest));
        if line.trim().is_empty() || !http_only && line.trim_start().starts_with('#') {
            continue;
        }
        match cookie(line) {
            Some(cookie) => cookies.push(ForeignCookie { http_only, ..cookie }.record(here)),
            None => strange.push((at + 1).to_string()),
        }
    }
    if cookies.is_empty() && !has_heading {
        return None;
    }
    let mut import = Import::foreign("cookies.txt (Netscape)", here, [(Store::Cookies, cookies)]);
    if !strange.is_empty() {
        let more = if strange.len() > NAMED { " and others" } else { "" };
        strange.truncate(NAMED);
        import.notes.push(format!("Left out, since they are no lines of a cookie file: {}{more}.", strange.join(", ")));
    }
    Some(import)
}

fn cookie(line: &str) -> Option<ForeignCookie> {
    let line = line.trim_end_matches('\r');
    let mut fields: Vec<_> = line.splitn(FIELDS, '\t').collect();
    // Some terminals and editors make blanks of tabs, and cut off an empty value.
    if fields.len() < FIELDS - 1 {
        fields = line.split_whitespace().collect();
    }
    let ([domain, below, path, secure, expires, name, rest @ ..], true) = (&fields[..], fields.len() <= FIELDS) else {
        return None;
    };
    let flag = |text: &str| match text.to_ascii_uppercase().as_str() {
        "TRUE" => Some(true),
        "FALSE" => Some(false),
        _ => None,
    };
    Some(ForeignCookie {
        name: (*name).to_owned(),
        value: rest.first().copied().unwrap_or_default().to_owned(),
        domain: Some((*domain).to_owned()),
        host_only: Some(!flag(below)?),
        path: Some((*path).to_owned()),
        expires: Some(expires.parse().ok()?),
        secure: Some(flag(secure)?),
        ..ForeignCookie::default()
    })
}

#[cfg(test)]
mod tests {
    use super::super::{
        read,
        tests::{here, told},
    };
    use crate::browser::Expires;

    const FILE: &str = "# Netscape HTTP Cookie File\r\n# by a tool\r\n\r\n\
        lab.example\tFALSE\t/\tTRUE\t1900000000\tlab-a\t1=2\r\n\
        #HttpOnly_.example\tTRUE\t/shop\tFALSE\t0\tlab-b\tx y\r\n\
        .other.example\tTRUE\t/\tFALSE\t1900000000.5\tlab-c\t\r\n\
        this is none\r\n";

    #[test]
    fn a_cookie_file_is_read_line_by_line() {
        let (form, lines) = told(FILE);
        assert_eq!(form, "cookies.txt (Netscape)");
        assert_eq!(
            lines,
            [
                "Cookies lab-a=1=2",
                "Cookies lab-b=x y (without HttpOnly, which no script can set)",
                "Cookies lab-c= (for this host, not for other.example)",
            ]
        );
        let import = read(FILE, &here()).unwrap();
        let cookies = &import.snapshot.stores[0].entries;
        assert_eq!(cookies[0].expires, Expires::At(1_900_000_000));
        assert_eq!((cookies[1].expires, cookies[1].path.as_deref()), (Expires::BrowserSession, Some("/shop")));
        assert_eq!(cookies[1].attributes.as_ref().unwrap().domain.as_deref(), Some("example"));
        assert_eq!(import.notes, ["Left out, since they are no lines of a cookie file: 7."]);
    }

    #[test]
    fn a_cookie_file_without_its_heading_or_with_blanks_for_tabs_is_one_too() {
        assert_eq!(told("lab.example\tFALSE\t/\tFALSE\t0\tlab-a\t1").1, ["Cookies lab-a=1"]);
        assert_eq!(told("lab.example  FALSE  /  FALSE  0  lab-a  1").1, ["Cookies lab-a=1"]);
        assert_eq!(told("\u{feff}lab.example\tFALSE\t/\tFALSE\t0\tlab-a\n").1, ["Cookies lab-a="]);
        assert!(told("# Netscape HTTP Cookie File\n").1.is_empty());
    }
}

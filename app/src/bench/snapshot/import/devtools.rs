//! Rows that were copied from Chromium's own tools (Application, Cookies): fields divided by tabs.

use super::{Here, Import, cookie::ForeignCookie};
use crate::{
    bench::moment::moments,
    browser::{SameSite, Store},
};

/// Reads rows; `None` where they are none.
pub(super) fn read(text: &str, here: &Here) -> Option<Import> {
    let rows: Option<Vec<_>> = text.lines().filter(|row| !row.trim().is_empty()).map(cookie).collect();
    let records = rows?.into_iter().map(|cookie| cookie.record(here)).collect();
    Some(Import::foreign("rows of the browser’s own tools", here, [(Store::Cookies, records)]))
}

/// Name, value, domain, path, end, size, HttpOnly, Secure, SameSite, and what else there is.
fn cookie(row: &str) -> Option<ForeignCookie> {
    let fields: Vec<_> = row.split('\t').collect();
    let [name, value, domain, path, end, _, http_only, secure, same_site, ..] = &fields[..] else { return None };
    let expires = match *end {
        "Session" => None,
        date => Some(moments(date).first()?.second as f64),
    };
    path.starts_with('/').then(|| ForeignCookie {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
        domain: Some((*domain).to_owned()),
        path: Some((*path).to_owned()),
        expires,
        secure: Some(*secure == "✓"),
        http_only: *http_only == "✓",
        same_site: Some(match *same_site {
            "Lax" => SameSite::Lax,
            "Strict" => SameSite::Strict,
            "None" => SameSite::None,
            _ => SameSite::Unspecified,
        }),
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

    #[test]
    fn rows_of_the_browser_s_own_tools_are_read() {
        let rows = "lab-a\t1=2\tlab.example\t/\t2030-03-17T17:46:40.000Z\t8\t\t✓\tLax\t\t\tMedium\n\
            lab-b\t\t.other.example\t/x\tSession\t5\t✓\t\t\t\t\tMedium";
        let (form, lines) = told(rows);
        assert_eq!(form, "rows of the browser’s own tools");
        assert_eq!(
            lines,
            [
                "Cookies lab-a=1=2",
                "Cookies lab-b= (for this host, not for other.example; without HttpOnly, which no script can set)",
            ]
        );
        let import = read(rows, &here()).unwrap();
        assert_eq!(import.snapshot.stores[0].entries[0].expires, Expires::At(1_900_000_000));
        assert!(read("a\tb\tc\td\te\tf\tg\th\ti", &here()).is_err());
    }
}

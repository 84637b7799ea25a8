//! A cookie of another browser or another site, as this page can keep it.

use super::{super::file::Record, Here};
use crate::browser::{CookieFlags, Expires, SameSite, cookies::CookieLine};

/// What others tell of a cookie.
#[derive(Clone, Debug, Default)]
pub(super) struct ForeignCookie {
    pub name: String,
    pub value: String,
    /// With a dot before it where it is for the hosts below too.
    pub domain: Option<String>,
    /// Whether it is for this host alone; where that is not told, the dot tells it.
    pub host_only: Option<bool>,
    pub path: Option<String>,
    /// UTC seconds; `None` where it ends with the browser's session.
    pub expires: Option<f64>,
    pub secure: Option<bool>,
    pub http_only: bool,
    pub same_site: Option<SameSite>,
    pub partitioned: bool,
}

impl ForeignCookie {
    /// The pair alone, as the field `Cookie` has it.
    pub fn pair(pair: &str) -> Self {
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        Self { name: name.trim().to_owned(), value: value.trim().to_owned(), ..Self::default() }
    }

    /// A `Set-Cookie` line.
    pub fn line(line: &CookieLine, now: i64) -> Self {
        Self {
            name: line.name.trim().to_owned(),
            value: line.kept_value().to_owned(),
            domain: line.read_domain().map(|domain| format!(".{}", domain.trim_start_matches('.'))),
            host_only: None,
            path: line.read_path().map(str::to_owned),
            expires: line.ends(now).map(|end| end as f64),
            secure: Some(line.secure),
            http_only: line.http_only,
            same_site: Some(line.same_site),
            partitioned: line.partitioned,
        }
    }

    /// The entry that this page can put, with what it changes.
    pub fn record(self, here: &Here) -> Record {
        let mut changed = Vec::new();
        let domain = self.domain.map(|domain| domain.to_ascii_lowercase()).filter(|domain| !domain.is_empty());
        let host = domain.as_deref().map(|domain| domain.trim_start_matches('.').to_owned());
        let for_one_host =
            self.host_only.unwrap_or_else(|| !domain.as_deref().is_some_and(|domain| domain.starts_with('.')));
        let is_here = |host: &String| {
            here.host == *host
                || !for_one_host && here.host.strip_suffix(host.as_str()).is_some_and(|rest| rest.ends_with('.'))
        };
        if let Some(other) = host.as_ref().filter(|host| !is_here(host)) {
            changed.push(format!("for this host, not for {other}"));
        }
        if self.http_only {
            changed.push("without HttpOnly, which no script can set".to_owned());
        }
        let flags = CookieFlags {
            domain: host.filter(|host| !for_one_host && is_here(host)),
            secure: self.secure,
            http_only: None,
            same_site: self.same_site,
            partitioned: self.partitioned.then_some(true),
        };
        Record {
            path: self.path.filter(|path| path.starts_with('/')),
            attributes: (flags != CookieFlags::default()).then_some(flags),
            expires: match self.expires {
                Some(end) if end > 0.0 => Expires::At(end as i64),
                _ => Expires::BrowserSession,
            },
            changed,
            ..Record::new(self.name, self.value)
        }
    }
}

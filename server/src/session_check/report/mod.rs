//! The report of a check: for people, for programs and for code scanners.

mod json;
mod markdown;
mod sarif;

use super::{
    exchange::Exchange,
    findings::{Finding, Severity},
    format::Format,
};
use axum::http::header;
use url::Url;

/// What a report tells.
#[derive(Clone)]
pub struct Report {
    /// The app's address.
    pub app: Url,
    /// What was found.
    pub findings: Vec<Finding>,
    /// All requests and answers, by whose indices findings tell where they were seen.
    pub exchanges: Vec<Exchange>,
    /// Whether the values of cookies are shown as they are.
    pub shows_secrets: bool,
}

impl Report {
    /// The report in this format.
    pub fn write(&self, format: Format) -> String {
        match format {
            Format::Markdown => markdown::write(self),
            Format::Json => json::write(self),
            Format::Sarif => sarif::write(self),
        }
    }

    /// The worst that was found.
    pub fn worst(&self) -> Severity {
        self.findings.iter().map(|finding| finding.severity).max().unwrap_or(Severity::Ok)
    }

    /// How many errors, warnings and notes there are, in words.
    pub(super) fn counts(&self) -> String {
        let count = |severity: Severity| {
            let count = self.findings.iter().filter(|finding| finding.severity == severity).count();
            format!("{count} {}{}", severity.name(), if count == 1 { "" } else { "s" })
        };
        format!("{}.", [Severity::Error, Severity::Warning, Severity::Note].map(count).join(", "))
    }

    /// The head of an exchange's request and what matters of its answer, line by line.
    pub(super) fn lines(&self, exchange: &Exchange) -> Vec<String> {
        let mut lines = vec![format!("{} {}", exchange.method, self.address(&exchange.url))];
        if !exchange.carried.is_empty() {
            let pairs = exchange.carried.iter().map(|(name, value)| format!("{name}={}", self.value(value)));
            lines.push(format!("Cookie: {}", pairs.collect::<Vec<_>>().join("; ")));
        }
        lines.push(exchange.status.to_string());
        if let Some(location) = exchange.location() {
            lines.push(format!("Location: {}", self.address(&location)));
        }
        for line in exchange.headers.get_all(header::SET_COOKIE) {
            let line = String::from_utf8_lossy(line.as_bytes());
            let (pair, attributes) = line.split_once(';').map_or((&*line, None), |(pair, rest)| (pair, Some(rest)));
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            let attributes = attributes.map(|rest| format!(";{rest}")).unwrap_or_default();
            lines.push(format!("Set-Cookie: {name}={}{attributes}", self.value(value)));
        }
        let control = exchange.field(&header::CACHE_CONTROL);
        if !control.is_empty() {
            lines.push(format!("Cache-Control: {control}"));
        }
        lines
    }

    /// A value that may be secret.
    fn value(&self, value: &str) -> String {
        let count = value.chars().count();
        if self.shows_secrets || count == 0 {
            return value.to_owned();
        }
        // The beginning of a short one would be all of it.
        let shown: String = value.chars().take(if count >= 16 { 4 } else { 0 }).collect();
        format!("{shown}…({count} characters)")
    }

    /// Path and query, with the values of parameters as [`Report::value`] shows them.
    fn address(&self, url: &Url) -> String {
        let path = url.path().split(';').enumerate().map(|(index, part)| match part.split_once('=') {
            Some((name, value)) if index > 0 => format!(";{name}={}", self.value(value)),
            _ if index > 0 => format!(";{part}"),
            _ => part.to_owned(),
        });
        let mut address: String = path.collect();
        for (index, (name, value)) in url.query_pairs().enumerate() {
            address.push_str(if index == 0 { "?" } else { "&" });
            address.push_str(&format!("{name}={}", self.value(&value)));
        }
        address
    }
}

//! The report of a check: for people, for programs and for code scanners.

mod json;
mod markdown;
mod sarif;

use super::{
    exchange::Exchange,
    findings::{Finding, Severity},
    format::Format,
};
use crate::app_proxy::Masking;
use axum::http::header;
use url::{Position, Url};

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
            let pairs = exchange.carried.iter().map(|(name, value)| format!("{name}={}", self.masking().value(value)));
            lines.push(format!("Cookie: {}", pairs.collect::<Vec<_>>().join("; ")));
        }
        lines.push(exchange.status.to_string());
        if let Some(location) = exchange.location() {
            lines.push(format!("Location: {}", self.address(&location)));
        }
        for line in exchange.headers.get_all(header::SET_COOKIE) {
            let line = String::from_utf8_lossy(line.as_bytes());
            lines.push(format!("Set-Cookie: {}", self.masking().line(&line)));
        }
        let control = exchange.field(&header::CACHE_CONTROL);
        if !control.is_empty() {
            lines.push(format!("Cache-Control: {control}"));
        }
        lines
    }

    fn masking(&self) -> Masking {
        Masking { shows_values: self.shows_secrets }
    }

    /// Path and query.
    fn address(&self, url: &Url) -> String {
        self.masking().address(&url[Position::BeforePath..Position::AfterQuery])
    }
}

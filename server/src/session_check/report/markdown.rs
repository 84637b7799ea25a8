//! The report for people.

use super::Report;
use crate::session_check::findings::Severity;
use std::fmt::Write;

pub(super) fn write(report: &Report) -> String {
    let mut text = format!("# The session of {}\n\n", report.app.origin().ascii_serialization());
    let count = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
    // What is written into a String cannot fail.
    let _ = writeln!(text, "{errors} errors, {warnings} warnings, {notes} notes.\n");
    let _ = writeln!(text, "| | what | how it is | seen in | rule |\n|---|---|---|---|---|");
    for finding in &report.findings {
        let seen_in = finding.evidence.map(|index| format!("[{0}](#exchange-{0})", index + 1)).unwrap_or_default();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {seen_in} | {} |",
            finding.severity.name(),
            finding.check.title(),
            cell(&finding.words),
            finding.check.rule()
        );
    }
    let _ = writeln!(text, "\n## What to do\n");
    let mut is_any = false;
    for finding in report.findings.iter().filter(|finding| !finding.remedy.is_empty()) {
        is_any = true;
        let _ = writeln!(text, "### {} ({})\n", finding.check.title(), finding.severity.name());
        match finding.remedy.contains('\n') {
            true => _ = writeln!(text, "```text\n{}\n```\n", finding.remedy),
            false => _ = writeln!(text, "{}\n", finding.remedy),
        }
    }
    if !is_any {
        let _ = writeln!(text, "Nothing.\n");
    }
    let _ = writeln!(text, "## What was exchanged");
    for (index, exchange) in report.exchanges.iter().enumerate() {
        let _ = writeln!(text, "\n### Exchange {}\n\nFor: {}\n\n```http", index + 1, exchange.stage.name());
        for line in report.lines(exchange) {
            let _ = writeln!(text, "{}", shown(&line));
        }
        let _ = writeln!(text, "```");
    }
    text
}

/// Text within a table: an app may say anything.
fn cell(text: &str) -> String {
    shown(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;").replace('`', "\\`")
}

/// Without what would change how the rest looks.
fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

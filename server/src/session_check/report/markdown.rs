//! The report for people.

use super::Report;
use std::fmt::Write;

pub(super) fn write(report: &Report) -> String {
    let mut text = format!("# The session of {}\n\n", report.app.origin().ascii_serialization());
    // What is written into a String cannot fail.
    let _ = writeln!(text, "{}\n", report.counts());
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
    let remedies = remedies(report);
    if remedies.is_empty() {
        let _ = writeln!(text, "Nothing.\n");
    }
    for (remedy, titles) in remedies {
        let _ = writeln!(text, "### {}\n", titles.join("; "));
        match remedy.contains('\n') {
            true => _ = writeln!(text, "```text\n{remedy}\n```\n"),
            false => _ = writeln!(text, "{remedy}\n"),
        }
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

/// What is to be done, each with what it mends.
fn remedies(report: &Report) -> Vec<(&str, Vec<&'static str>)> {
    let mut remedies: Vec<(&str, Vec<&'static str>)> = Vec::new();
    for finding in report.findings.iter().filter(|finding| !finding.remedy.is_empty()) {
        match remedies.iter_mut().find(|(remedy, _)| *remedy == finding.remedy) {
            Some((_, titles)) => titles.push(finding.check.title()),
            None => remedies.push((&finding.remedy, vec![finding.check.title()])),
        }
    }
    remedies
}

/// Text within a table: an app may say anything.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for character in shown(text).chars() {
        if "\\`*_[]<>!|&~#".contains(character) {
            cell.push('\\');
        }
        cell.push(character);
    }
    cell
}

/// Without what would change how the rest looks.
fn shown(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { '\u{fffd}' } else { character }).collect()
}

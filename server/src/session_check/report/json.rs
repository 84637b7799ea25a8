//! The report for programs.

use super::Report;
use serde_json::{Value, json};

pub(super) fn write(report: &Report) -> String {
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "check": finding.check.id(),
                "severity": finding.severity,
                "title": finding.check.title(),
                "words": finding.words,
                "remedy": finding.remedy,
                "rule": finding.check.rule(),
                "exchange": finding.evidence.map(|index| index + 1),
            })
        })
        .collect();
    let exchanges: Vec<Value> = report
        .exchanges
        .iter()
        .enumerate()
        .map(|(index, exchange)| {
            json!({
                "number": index + 1,
                "stage": exchange.stage.name(),
                "status": exchange.status.as_u16(),
                "lines": report.lines(exchange),
            })
        })
        .collect();
    let whole = json!({
        "app": report.app.origin().ascii_serialization(),
        "worst": report.worst(),
        "findings": findings,
        "exchanges": exchanges,
    });
    format!("{whole:#}\n")
}

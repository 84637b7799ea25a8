//! The report for code scanners: SARIF 2.1.0 (OASIS Standard, 27 March 2020).

use super::Report;
use crate::session_check::findings::{Check, Severity};
use serde_json::{Value, json};

pub(super) fn write(report: &Report) -> String {
    let rules: Vec<Value> = Check::ALL
        .iter()
        .map(|check| {
            json!({
                "id": check.id(),
                "shortDescription": { "text": check.title() },
                "fullDescription": { "text": format!("{}: {}", check.title(), check.rule()) },
            })
        })
        .collect();
    let results: Vec<Value> = report
        .findings
        .iter()
        .filter_map(|finding| {
            let level = match finding.severity {
                Severity::Ok => return None,
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            // The path alone: parameters may be secret.
            let path = finding.evidence.map_or("/", |index| report.exchanges[index].url.path());
            let path = path.split(';').next().unwrap_or_default();
            let uri = format!("{}{path}", report.app.origin().ascii_serialization());
            // Braces mark what is filled in (§3.11.5).
            let message = [finding.words.as_str(), finding.remedy.as_str()].join("\n");
            let message = message.replace('{', "{{").replace('}', "}}");
            Some(json!({
                "ruleId": finding.check.id(),
                "ruleIndex": finding.check as usize,
                "level": level,
                "message": { "text": message.trim_end() },
                "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri } } }],
            }))
        })
        .collect();
    let whole = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "storage-lab check-session",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "results": results,
        }],
    });
    format!("{whole:#}\n")
}

//! Reads an atlas from a file and refuses what the lab does not know, says at too great a length, or cannot show safely:
//! an operator may import a column that somebody else made.

use super::{
    Atlas, Cell, Column, Conclusion, SCHEMA,
    model::{FIGURES_LIMIT, WORDS_LIMIT},
};
use crate::experiments::{Kind, choices};

/// Most bytes of a file that is imported.
pub const FILE_LIMIT_BYTES: usize = 256 * 1024;

/// Most characters of the name under which a column is imported.
pub const NAME_LIMIT: usize = 60;

/// Most columns of a file that is imported.
const COLUMNS_LIMIT: usize = 8;

/// Most characters of a browser's name, a version, an engine or a system.
const WORD_LIMIT: usize = 60;

/// What is wrong with an atlas, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Fault(String);

fn fault<T>(words: impl Into<String>) -> Result<T, Fault> {
    Err(Fault(words.into()))
}

/// The atlas that comes with the lab, which `script/atlas` writes.
///
/// # Errors
/// What is wrong with it: a build whose tests pass has none.
pub fn shipped() -> Result<Vec<Column>, Fault> {
    parse(include_str!("../../atlas.json"))
}

/// Reads the columns of a file that somebody made.
///
/// # Errors
/// What is wrong with it, in words.
pub fn read(text: &str) -> Result<Vec<Column>, Fault> {
    if text.len() > FILE_LIMIT_BYTES {
        return fault(format!("it has more than {} KiB", FILE_LIMIT_BYTES / 1024));
    }
    let columns = parse(text)?;
    match columns.len() {
        0 => fault("it has no column"),
        1..=COLUMNS_LIMIT => Ok(columns),
        count => fault(format!("it has {count} columns, at most {COLUMNS_LIMIT} are taken")),
    }
}

/// Whether a column may be shown under this name.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check_name(name: &str) -> Result<(), Fault> {
    plain("the name", name, NAME_LIMIT)
}

fn parse(text: &str) -> Result<Vec<Column>, Fault> {
    let Atlas { schema, columns } = match serde_json::from_str(text) {
        Ok(atlas) => atlas,
        Err(error) => return fault(format!("it cannot be read as an atlas: {error}")),
    };
    if schema != SCHEMA {
        return fault(format!("its schema is {schema}, this lab reads {SCHEMA}"));
    }
    columns.iter().try_for_each(check)?;
    Ok(columns)
}

fn check(column: &Column) -> Result<(), Fault> {
    let Column { browser, version, engine, system, measured, lab, experiments, matrix, .. } = column;
    let words = [("browser", browser), ("version", version), ("engine", engine), ("system", system), ("lab", lab)];
    for (what, word) in words {
        plain(what, word, WORD_LIMIT)?;
    }
    if browser.is_empty() || engine.is_empty() {
        return fault("browser and engine must be said");
    }
    if !is_day(measured) {
        return fault("measured must be a day, such as 2026-11-28");
    }
    for (slug, conclusion) in experiments {
        check_conclusion(slug, conclusion)?;
    }
    for (event, cells) in matrix {
        for Cell { before, after, .. } in cells.values() {
            for words in [before, after] {
                plain(event.title(), words, WORDS_LIMIT)?;
            }
        }
    }
    Ok(())
}

fn check_conclusion(slug: &str, conclusion: &Conclusion) -> Result<(), Fault> {
    let Conclusion { outcome, answer, words, figures } = conclusion;
    let Some(choices) = choices(slug) else {
        plain("an experiment's name", slug, WORD_LIMIT)?;
        return fault(format!("there is no experiment {slug}"));
    };
    match answer {
        Some(answer) if choices.get(*answer as usize).is_none() && !choices.is_empty() => {
            return fault(format!("{slug}: there is no choice {answer}"));
        }
        Some(_) if *outcome == Kind::CannotBeTried => return fault(format!("{slug}: untried, it has no answer")),
        _ => {}
    }
    plain(slug, words, WORDS_LIMIT)?;
    if figures.len() > FIGURES_LIMIT || figures.iter().any(|figure| figure.bars.len() > FIGURES_LIMIT) {
        return fault(format!("{slug}: more than {FIGURES_LIMIT} figures"));
    }
    for figure in figures {
        plain(slug, &figure.title, WORDS_LIMIT)?;
        for bar in &figure.bars {
            plain(slug, &bar.name, WORDS_LIMIT)?;
            plain(slug, &bar.words, WORDS_LIMIT)?;
        }
    }
    Ok(())
}

/// No control characters, and none that turn the direction of what follows: they could make one text look like another.
fn plain(what: &str, text: &str, limit: usize) -> Result<(), Fault> {
    let turns =
        |character| matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    if text.chars().any(|character| character.is_control() || turns(character)) {
        return fault(format!("{what}: it has control characters"));
    }
    if text.chars().count() > limit {
        return fault(format!("{what}: it has more than {limit} characters"));
    }
    Ok(())
}

fn is_day(text: &str) -> bool {
    let parts: Vec<_> = text.split('-').collect();
    let number = |part: &str, digits, most| {
        part.len() == digits
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse().is_ok_and(|number: u32| (1..=most).contains(&number))
    };
    matches!(parts[..], [year, month, day] if number(year, 4, 9_999) && number(month, 2, 12) && number(day, 2, 31))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{atlas::MadeBy, bench::survival::Event, experiments::CATALOGUE};
    use serde_json::{Value, json};

    /// The events that the matrix runs without leaving the page and without asking.
    const AUTOMATIC: [Event; 8] = [
        Event::TabWithOpener,
        Event::TabWithoutOpener,
        Event::Window,
        Event::RequestWith,
        Event::RequestWithout,
        Event::FrameWithin,
        Event::FrameOther,
        Event::Expiry,
    ];

    #[test]
    fn the_atlas_that_comes_with_the_lab_is_known_in_every_word_and_whole() {
        let columns = shipped().unwrap();
        assert!(!columns.is_empty());
        for column in columns.iter().filter(|column| column.made_by == MadeBy::Script) {
            // An automated window of WebKit keeps nothing that a restart could bring back.
            let lacks = |slug: &str| column.engine == "WebKit" && slug == "close-the-browser";
            for experiment in CATALOGUE.iter().filter(|experiment| !lacks(experiment.slug)) {
                let slug = experiment.slug;
                let found = column.experiments.get(slug).unwrap_or_else(|| panic!("{column} lacks {slug}"));
                assert_eq!(found.answer.is_none(), found.outcome == Kind::CannotBeTried, "{column}: {slug}");
            }
            for event in AUTOMATIC {
                assert!(column.matrix.get(&event).is_some_and(|cells| !cells.is_empty()), "{column} lacks {event:?}");
            }
        }
    }

    fn file(change: impl FnOnce(&mut Value)) -> Result<Vec<Column>, String> {
        let mut file = json!({ "schema": 1, "columns": [{
            "browser": "Firefox", "version": "153.0", "engine": "Gecko", "system": "Linux", "scheme": "http",
            "measured": "2026-11-28", "made_by": "visitor", "lab": "0.1.0",
            "experiments": { "http-forgets": {
                "outcome": "holds", "answer": 1, "words": "It forgets.",
                "figures": [{ "title": "Bytes", "bars": [{ "name": "a", "amount": 1.5, "words": "1.5 bytes" }] }],
            } },
            "matrix": { "reload": { "local_storage": { "outcome": "kept", "before": "there", "after": "there" } } },
        }] });
        change(&mut file);
        read(&file.to_string()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn what_a_visitor_exports_can_be_read() {
        let columns = file(|_| {}).unwrap();
        assert_eq!(columns[0].to_string(), "Firefox 153.0, HTTP");
        let again = serde_json::to_string(&Atlas { schema: SCHEMA, columns: columns.clone() }).unwrap();
        assert_eq!(read(&again), Ok(columns));
    }

    #[test]
    fn what_the_lab_does_not_know_is_refused_with_the_reason() {
        let refused =
            |pointer: &str, value: Value| file(|file| *file.pointer_mut(pointer).unwrap() = value).unwrap_err();
        let conclusion = "/columns/0/experiments/http-forgets";
        for (pointer, value, reason) in [
            ("/schema", json!(2), "its schema is 2, this lab reads 1"),
            ("/columns", json!([]), "it has no column"),
            ("/columns/0/scheme", json!("ftp"), "unknown variant `ftp`"),
            ("/columns/0/measured", json!("yesterday"), "measured must be a day"),
            ("/columns/0/measured", json!("2026-13-01"), "measured must be a day"),
            ("/columns/0/browser", json!(""), "browser and engine must be said"),
            ("/columns/0/browser", json!("Fire\u{202e}fox"), "browser: it has control characters"),
            ("/columns/0/system", json!("x".repeat(61)), "system: it has more than 60 characters"),
            (
                "/columns/0/experiments",
                json!({ "unheard-of": conclusion_of("x") }),
                "there is no experiment unheard-of",
            ),
            ("/columns/0/matrix", json!({ "explode": {} }), "unknown variant `explode`"),
            (&format!("{conclusion}/answer"), json!(9), "http-forgets: there is no choice 9"),
            (&format!("{conclusion}/outcome"), json!("perhaps"), "unknown variant `perhaps`"),
            (&format!("{conclusion}/outcome"), json!("cannot_be_tried"), "untried, it has no answer"),
            (&format!("{conclusion}/words"), json!("a\nb"), "http-forgets: it has control characters"),
            (&format!("{conclusion}/words"), json!("x".repeat(2_001)), "more than 2000 characters"),
            (&format!("{conclusion}/figures/0/title"), json!("\u{1b}[31m"), "control characters"),
            ("/columns/0/matrix/reload/local_storage/outcome", json!("burnt"), "unknown variant `burnt`"),
            ("/columns/0/matrix/reload/local_storage/after", json!("\u{0}"), "reload: it has control characters"),
        ] {
            let told = refused(pointer, value);
            assert!(told.contains(reason), "{pointer}: {told}");
        }
    }

    fn conclusion_of(words: &str) -> Value {
        json!({ "outcome": "holds", "answer": 0, "words": words })
    }

    #[test]
    fn a_file_of_another_kind_or_size_is_refused() {
        let told = |text: &str| read(text).unwrap_err().to_string();
        assert!(told("").contains("cannot be read as an atlas"));
        assert!(told("[]").contains("cannot be read as an atlas"));
        assert!(told(&" ".repeat(FILE_LIMIT_BYTES + 1)).contains("more than 256 KiB"));
        let many = file(|file| {
            let column = file["columns"][0].clone();
            file["columns"] = json!(vec![column; 9]);
        });
        assert!(many.unwrap_err().contains("9 columns, at most 8"));
        assert!(check_name("the lab on the second floor").is_ok() && check_name("a\tb").is_err());
        assert!(check_name(&"x".repeat(61)).is_err());
    }
}

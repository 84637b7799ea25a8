//! The matrix to hand on: as a link, as Markdown and as an image. It says what came out in which browser and holds no
//! value at all, not even a marker.

use super::{Browser, BrowserName, Column, Event, Trial, model::Outcome};
use crate::json;
use std::fmt::Write;

/// What came out in one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matrix {
    pub browser: Browser,
    rows: Vec<(Event, [Outcome; Column::ALL.len()])>,
}

impl Matrix {
    /// Of a trial: the events that were tried.
    pub fn of(trial: &Trial) -> Self {
        let row = |event| (event, Column::ALL.map(|column| trial.outcome(event, column)));
        let tried = Event::ALL.into_iter().filter(|event| trial.run(*event).is_some());
        Self { browser: trial.browser, rows: tried.map(row).collect() }
    }

    /// What stands in a cell.
    pub fn outcome(&self, event: Event, column: Column) -> Outcome {
        let row = self.rows.iter().find(|(tried, _)| *tried == event);
        row.map_or(Outcome::Untried, |(_, outcomes)| outcomes[column as usize])
    }

    /// For a link: `chrome-156.akkkklk--.bkk…`, a letter for the event of each row and one for each of its outcomes.
    pub fn encode(&self) -> String {
        let mut text = format!("{}-{}", word(self.browser.name), self.browser.version);
        for (event, outcomes) in &self.rows {
            text.push('.');
            text.push(char::from(b'a' + *event as u8));
            text.extend(outcomes.iter().map(|outcome| letter(*outcome)));
        }
        text
    }

    /// Reads [`Matrix::encode`]; anything else is no matrix.
    pub fn decode(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let (name, version) = parts.next()?.split_once('-')?;
        let name = *NAMES.iter().find(|known| word(**known) == name)?;
        let rows = parts.map(|row| {
            let mut letters = row.chars();
            let event = letters.next()?;
            let event = *Event::ALL.iter().find(|known| char::from(b'a' + **known as u8) == event)?;
            let outcome = |letter_read| Outcome::ALL.into_iter().find(|known| letter(*known) == letter_read);
            let outcomes: Vec<_> = letters.map(outcome).collect::<Option<_>>()?;
            Some((event, outcomes.try_into().ok()?))
        });
        Some(Self { browser: Browser { name, version: version.parse().ok()? }, rows: rows.collect::<Option<_>>()? })
    }

    /// Reads what somebody pasted: a link, what stands in it, or a trial in JSON.
    pub fn read(pasted: &str) -> Option<Self> {
        let pasted = pasted.trim();
        if let Ok(trial) = json::read::<Trial>(pasted) {
            return Some(Self::of(&trial));
        }
        let query = pasted.split(['?', '&', '#']).find_map(|part| part.strip_prefix("matrix="));
        Self::decode(query.unwrap_or(pasted))
    }

    /// The columns in which anything was tried.
    pub fn columns(&self) -> Vec<Column> {
        let tried = |column: &Column| self.rows.iter().any(|(_, row)| row[*column as usize] != Outcome::Untried);
        Column::ALL.into_iter().filter(tried).collect()
    }

    /// As a table in Markdown.
    pub fn markdown(&self) -> String {
        let columns = self.columns();
        let titles: Vec<_> = columns.iter().map(|column| column.title()).collect();
        let mut text = format!("| {} | {} |\n", self.browser, titles.join(" | "));
        let _ = writeln!(text, "|{}", " --- |".repeat(columns.len() + 1));
        for (event, row) in &self.rows {
            let words: Vec<_> = columns.iter().map(|column| row[*column as usize].words()).collect();
            let _ = writeln!(text, "| {} | {} |", event.title(), words.join(" | "));
        }
        text
    }

    /// As an image, readable by itself in light and dark surroundings.
    pub fn svg(&self) -> String {
        const FIRST: usize = 270;
        const COLUMN: usize = 132;
        const ROW: usize = 30;
        let columns = self.columns();
        let (width, height) = (FIRST + COLUMN * columns.len() + 20, ROW * (self.rows.len() + 2) + 20);
        let mut text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
             height=\"{height}\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"#15212c\">\
             <title>Storage Lab: what survives in {browser}</title>\
             <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\
             <text x=\"20\" y=\"30\" font-size=\"17\" font-weight=\"600\">What survives in {browser}</text>",
            browser = self.browser
        );
        let left = |index: usize| FIRST + COLUMN * index;
        for (index, column) in columns.iter().enumerate() {
            let x = left(index);
            let _ =
                write!(text, "<text x=\"{x}\" y=\"60\" font-size=\"12\" font-weight=\"600\">{}</text>", column.title());
        }
        for (line, (event, row)) in self.rows.iter().enumerate() {
            let y = ROW * (line + 3);
            let _ = write!(text, "<path d=\"M20 {0}H{1}\" stroke=\"#dbdfd9\"/>", y - 20, width - 20);
            let _ = write!(text, "<text x=\"20\" y=\"{y}\">{}</text>", event.title());
            for (index, column) in columns.iter().enumerate() {
                let (x, outcome) = (left(index), row[*column as usize]);
                let (ink, symbol, words) = (ink(outcome), outcome.symbol(), outcome.words());
                let _ = write!(text, "<text x=\"{x}\" y=\"{y}\" fill=\"{ink}\">{symbol} {words}</text>");
            }
        }
        text.push_str("</svg>");
        text
    }
}

const NAMES: [BrowserName; 6] = [
    BrowserName::Chrome,
    BrowserName::Edge,
    BrowserName::Opera,
    BrowserName::Firefox,
    BrowserName::Safari,
    BrowserName::Other,
];

fn word(name: BrowserName) -> &'static str {
    match name {
        BrowserName::Chrome => "chrome",
        BrowserName::Edge => "edge",
        BrowserName::Opera => "opera",
        BrowserName::Firefox => "firefox",
        BrowserName::Safari => "safari",
        BrowserName::Other => "other",
    }
}

fn letter(outcome: Outcome) -> char {
    match outcome {
        Outcome::Untried => '-',
        Outcome::Kept => 'k',
        Outcome::Lost => 'l',
        Outcome::Changed => 'c',
        Outcome::Reached => 'r',
        Outcome::Missed => 'm',
        Outcome::NotLaid => 'n',
        Outcome::Unreadable => 'u',
    }
}

fn ink(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Kept | Outcome::Reached => "#00605a",
        Outcome::Lost | Outcome::Missed => "#b0221a",
        Outcome::Changed => "#8a2da8",
        Outcome::Untried | Outcome::NotLaid | Outcome::Unreadable => "#4b5963",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::survival::{Cell, Laid, Marker, Run, Seen, Sight};

    fn trial() -> Trial {
        let there = Sight { script: Some(Seen::Same), server: Some(Seen::Same) };
        let gone = Sight { script: Some(Seen::Absent), server: Some(Seen::Absent) };
        let cell = |column, after| Cell { laid: Laid { column, marker: Marker::new([9; 8]), before: there }, after };
        let run = |event, cells| Run { event, begun: 1, ended: 2, arrival: None, cells };
        let mut trial = Trial::new(Browser { name: BrowserName::Chrome, version: 156 });
        trial.record(run(Event::Restart, vec![cell(Column::SessionCookie, gone), cell(Column::LocalStorage, there)]));
        trial.record(run(Event::Reload, vec![cell(Column::SessionCookie, there)]));
        trial
    }

    #[test]
    fn a_link_says_what_came_out_and_nothing_else() {
        let matrix = Matrix::of(&trial());
        let text = matrix.encode();
        assert_eq!(text, "chrome-156.ak-------.ql--k----");
        assert_eq!(Matrix::decode(&text), Some(matrix));
    }

    #[test]
    fn every_outcome_reads_back_as_itself() {
        let rows = Event::ALL.map(|event| (event, Outcome::ALL)).to_vec();
        for name in NAMES {
            let matrix = Matrix { browser: Browser { name, version: 1 }, rows: rows.clone() };
            assert_eq!(Matrix::decode(&matrix.encode()), Some(matrix));
        }
    }

    #[test]
    fn a_link_its_part_or_a_trial_can_be_pasted() {
        let matrix = Some(Matrix::of(&trial()));
        let text = matrix.as_ref().unwrap().encode();
        assert_eq!(Matrix::read(&format!(" http://localhost:3000/?trial=x&matrix={text}#top\n")), matrix);
        assert_eq!(Matrix::read(&text), matrix);
        assert_eq!(Matrix::read(&serde_json::to_string(&trial()).unwrap()), matrix);
    }

    #[test]
    fn garbage_is_no_matrix() {
        for text in
            ["", "chrome", "chrome-", "chrome-1.", "chrome-1.zkkkkkkkk", "chrome-1.akk", "chrome-1.a<<<<<<<<", "{}"]
        {
            assert_eq!(Matrix::read(text), None, "{text}");
        }
    }

    #[test]
    fn markdown_lists_the_tried_events_and_columns() {
        assert_eq!(
            Matrix::of(&trial()).markdown(),
            "| Chrome 156 | Session cookie | localStorage |\n\
             | --- | --- | --- |\n\
             | reload | kept | not tried yet |\n\
             | restart the browser | lost | kept |\n"
        );
    }

    #[test]
    fn the_image_says_the_same_in_words() {
        let image = Matrix::of(&trial()).svg();
        assert!(image.starts_with("<svg xmlns=") && image.ends_with("</svg>"));
        for text in ["What survives in Chrome 156", ">restart the browser<", "✗ lost", "✓ kept"] {
            assert!(image.contains(text), "{text}");
        }
        assert!(!image.contains("trial-"));
    }
}

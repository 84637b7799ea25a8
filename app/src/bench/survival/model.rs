//! A trial: which events were tried, and where the lab's markers were before and after each. It holds no value of the
//! visitor: markers are drawn by the lab, and all the rest is taken from closed lists.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Most bytes of a trial as the server keeps it, in JSON.
pub const TRIAL_LIMIT_BYTES: usize = 32 * 1024;

/// What a marker begins with, so that it is known wherever it turns up.
const MARKER_START: &str = "trial-";
/// Hexadecimal digits of a marker.
const MARKER_DIGITS: usize = 16;

/// A value that the lab drew at random and nobody else has: `trial-0123456789abcdef`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Marker(u64);

impl Marker {
    /// The marker of these random bytes.
    pub fn new(random: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(random))
    }

    /// The markers that stand anywhere in some bytes, such as a header field.
    pub fn find(bytes: &[u8]) -> Vec<Self> {
        let windows = bytes.windows(MARKER_START.len() + MARKER_DIGITS);
        windows.filter_map(|window| Self::parse(std::str::from_utf8(window).ok()?)).collect()
    }

    fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix(MARKER_START)?;
        let plain = digits.len() == MARKER_DIGITS && digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        plain.then(|| u64::from_str_radix(digits, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{MARKER_START}{:016x}", self.0)
    }
}

impl From<Marker> for String {
    fn from(marker: Marker) -> Self {
        marker.to_string()
    }
}

impl TryFrom<String> for Marker {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("no marker")
    }
}

/// Where a marker is laid: a column of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// A cookie without `Max-Age` and `Expires`.
    SessionCookie,
    /// A cookie with `Max-Age`.
    TimedCookie,
    /// sessionStorage.
    SessionStorage,
    /// localStorage.
    LocalStorage,
    /// The session on the server.
    ServerSession,
    /// IndexedDB.
    IndexedDb,
    /// Cache Storage.
    CacheStorage,
    /// The origin private file system.
    Opfs,
}

impl Column {
    /// From left to right.
    pub const ALL: [Self; 8] = [
        Self::SessionCookie,
        Self::TimedCookie,
        Self::SessionStorage,
        Self::LocalStorage,
        Self::ServerSession,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::Opfs,
    ];

    /// Its name on the page, part of the product's contract.
    pub fn title(self) -> &'static str {
        match self {
            Self::SessionCookie => "Session cookie",
            Self::TimedCookie => "Cookie with Max-Age",
            Self::SessionStorage => "sessionStorage",
            Self::LocalStorage => "localStorage",
            Self::ServerSession => "Server session",
            Self::IndexedDb => "IndexedDB",
            Self::CacheStorage => "Cache Storage",
            Self::Opfs => "OPFS",
        }
    }

    /// The name under which its marker lies; `public/reader.js` looks for the same.
    pub fn marker_name(self) -> &'static str {
        match self {
            Self::SessionCookie => "lab-trial-session-cookie",
            Self::TimedCookie => "lab-trial-timed-cookie",
            Self::SessionStorage => "lab-trial-session-storage",
            Self::LocalStorage => "lab-trial-local-storage",
            Self::ServerSession => "lab-trial-server-session",
            Self::IndexedDb => "lab-trial-indexed-db",
            Self::CacheStorage => "lab-trial-cache-storage",
            Self::Opfs => "lab-trial-opfs",
        }
    }
}

/// Something that happens to the page, the tab or the browser: a row of the matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The page is loaded again.
    Reload,
    /// To another document and back.
    Navigate,
    /// `window.open`.
    TabWithOpener,
    /// `window.open` with `noopener`.
    TabWithoutOpener,
    /// `window.open` with a size of its own.
    Window,
    /// `fetch` with `credentials: include`.
    RequestWith,
    /// `fetch` with `credentials: omit`.
    RequestWithout,
    /// A frame of this site inside one of the other site.
    FrameWithin,
    /// A frame of the other site.
    FrameOther,
    /// The cookie's `Max-Age` passes.
    Expiry,
    /// `Clear-Site-Data: "cookies"`.
    ClearCookies,
    /// `Clear-Site-Data: "storage"`.
    ClearStorage,
    /// `Clear-Site-Data: "cache"`.
    ClearCache,
    /// `Clear-Site-Data: "*"`.
    ClearAll,
    /// The visitor logs out.
    LogOut,
    /// The tab is closed, and the page opened in another one.
    CloseTab,
    /// The browser is closed and started anew.
    Restart,
}

impl Event {
    /// From top to bottom.
    pub const ALL: [Self; 17] = [
        Self::Reload,
        Self::Navigate,
        Self::TabWithOpener,
        Self::TabWithoutOpener,
        Self::Window,
        Self::RequestWith,
        Self::RequestWithout,
        Self::FrameWithin,
        Self::FrameOther,
        Self::Expiry,
        Self::ClearCookies,
        Self::ClearStorage,
        Self::ClearCache,
        Self::ClearAll,
        Self::LogOut,
        Self::CloseTab,
        Self::Restart,
    ];

    /// Its name on the page, part of the product's contract.
    pub fn title(self) -> &'static str {
        match self {
            Self::Reload => "reload",
            Self::Navigate => "navigate away and come back",
            Self::TabWithOpener => "new tab with opener",
            Self::TabWithoutOpener => "new tab without opener",
            Self::Window => "new window",
            Self::RequestWith => "request with credentials",
            Self::RequestWithout => "request without credentials",
            Self::FrameWithin => "frame of this site inside the other site",
            Self::FrameOther => "frame of the other site",
            Self::Expiry => "wait for expiry",
            Self::ClearCookies => "Clear-Site-Data: cookies",
            Self::ClearStorage => "Clear-Site-Data: storage",
            Self::ClearCache => "Clear-Site-Data: cache",
            Self::ClearAll => "Clear-Site-Data: everything",
            Self::LogOut => "log out",
            Self::CloseTab => "close the tab and come back",
            Self::Restart => "restart the browser",
        }
    }

    /// Its name at the beginning of a line.
    pub(crate) fn heading(self) -> String {
        let mut letters = self.title().chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
    }

    /// Whether it asks if a marker gets somewhere else; otherwise, if it is still here.
    fn is_about_reach(self) -> bool {
        matches!(
            self,
            Self::TabWithOpener
                | Self::TabWithoutOpener
                | Self::Window
                | Self::RequestWith
                | Self::RequestWithout
                | Self::FrameWithin
                | Self::FrameOther
        )
    }

    /// Whose sight decides: a request is seen by the server alone.
    fn decides(self, column: Column, sight: Sight) -> Option<Seen> {
        match self {
            Self::RequestWith | Self::RequestWithout => sight.server,
            _ => sight.at_home(column),
        }
    }
}

/// What a reader made of one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// The very marker that was laid.
    Same,
    /// Something else under the marker's name.
    Other,
    /// Nothing.
    Absent,
    /// The browser denies the reader this store.
    Denied,
    /// The browser does not have this store.
    Unsupported,
    /// Reading failed in another way.
    Failed,
    /// The server did not answer the reader.
    NoAnswer,
}

/// What both parties see of one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sight {
    /// Scripts, where they can reach it at all.
    pub script: Option<Seen>,
    /// The server: what its session holds; for every other column, whether the marker came with the reader's request.
    pub server: Option<Seen>,
}

impl Sight {
    /// What the one party sees that can say whether the marker is there.
    fn at_home(self, column: Column) -> Option<Seen> {
        if column == Column::ServerSession { self.server } else { self.script }
    }
}

/// A marker as it lay before the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laid {
    /// Where.
    pub column: Column,
    /// Which.
    pub marker: Marker,
    /// What was read then.
    pub before: Sight,
}

/// What became of a marker: the evidence of one cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// As it lay before.
    pub laid: Laid,
    /// What was read after the event.
    pub after: Sight,
}

/// How a page came about that was left and opened again (Navigation Timing Level 2, `NavigationTimingType`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arrival {
    /// By a link or the address bar.
    Navigate,
    /// By a reload.
    Reload,
    /// Through the history, or with a tab that the browser restored.
    BackForward,
    /// The browser does not tell.
    Unknown,
}

/// An event that is under way: the page was left for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Which.
    pub event: Event,
    /// When the markers were read before it, UTC seconds.
    pub begun: i64,
    /// The markers.
    pub laid: Vec<Laid>,
}

/// An event that was tried: a row of the matrix. Times are UTC seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// Which.
    pub event: Event,
    /// When the markers were read before it.
    pub begun: i64,
    /// When they were read after it.
    pub ended: i64,
    /// How the page was opened again, where it was left.
    pub arrival: Option<Arrival>,
    /// One cell for each column that took part.
    pub cells: Vec<Cell>,
}

/// What stands in a cell. In files it is named by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The event was not tried.
    #[serde(rename = "not_tried_yet")]
    Untried,
    /// The marker is still here.
    Kept,
    /// It is gone.
    Lost,
    /// Something else is in its place.
    Changed,
    /// It got there.
    Reached,
    /// It did not get there.
    #[serde(rename = "did_not_reach")]
    Missed,
    /// It was not there before the event.
    #[serde(rename = "could_not_be_laid")]
    NotLaid,
    /// Nobody could say whether it is there.
    #[serde(rename = "could_not_be_read")]
    Unreadable,
}

impl Outcome {
    pub(crate) const ALL: [Self; 8] = [
        Self::Untried,
        Self::Kept,
        Self::Lost,
        Self::Changed,
        Self::Reached,
        Self::Missed,
        Self::NotLaid,
        Self::Unreadable,
    ];

    /// In words, part of the product's contract.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Untried => "not tried yet",
            Self::Kept => "kept",
            Self::Lost => "lost",
            Self::Changed => "changed",
            Self::Reached => "reached",
            Self::Missed => "did not reach",
            Self::NotLaid => "could not be laid",
            Self::Unreadable => "could not be read",
        }
    }

    /// Its sign, beside the words.
    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::Untried => "–",
            Self::Kept => "✓",
            Self::Lost => "✗",
            Self::Changed => "≠",
            Self::Reached => "→",
            Self::Missed => "⊘",
            Self::NotLaid => "!",
            Self::Unreadable => "?",
        }
    }

    /// Judged from what was there and what was found, and from nothing else.
    fn of(event: Event, cell: &Cell) -> Self {
        let column = cell.laid.column;
        match cell.laid.before.at_home(column) {
            Some(Seen::Same) => {}
            Some(Seen::Absent | Seen::Other) => return Self::NotLaid,
            _ => return Self::Unreadable,
        }
        match (event.decides(column, cell.after), event.is_about_reach()) {
            (Some(Seen::Same), false) => Self::Kept,
            (Some(Seen::Absent), false) => Self::Lost,
            (Some(Seen::Other), false) => Self::Changed,
            (Some(Seen::Same), true) => Self::Reached,
            (Some(Seen::Absent | Seen::Other), true) => Self::Missed,
            _ => Self::Unreadable,
        }
    }
}

/// Makers of browsers that the lab tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrowserName {
    /// Chrome, Chromium and what does not say that it is another.
    Chrome,
    /// Edge.
    Edge,
    /// Opera.
    Opera,
    /// Firefox.
    Firefox,
    /// Safari.
    Safari,
    /// Any other.
    Other,
}

/// The browser in which a trial runs, as it introduces itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Browser {
    /// Its name.
    pub name: BrowserName,
    /// Its version's first number.
    pub version: u16,
}

impl Browser {
    /// Read from a `User-Agent`.
    pub(crate) fn of(agent: &str) -> Self {
        const KNOWN: [(BrowserName, &str); 5] = [
            (BrowserName::Edge, "Edg/"),
            (BrowserName::Opera, "OPR/"),
            (BrowserName::Chrome, "Chrome/"),
            (BrowserName::Firefox, "Firefox/"),
            (BrowserName::Safari, "Version/"),
        ];
        let found = KNOWN.iter().find_map(|(name, word)| {
            let (_, rest) = agent.split_once(word)?;
            let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
            Some(Self { name: *name, version: digits.parse().ok()? })
        });
        found.unwrap_or(Self { name: BrowserName::Other, version: 0 })
    }
}

impl fmt::Display for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.name {
            BrowserName::Chrome => "Chrome",
            BrowserName::Edge => "Edge",
            BrowserName::Opera => "Opera",
            BrowserName::Firefox => "Firefox",
            BrowserName::Safari => "Safari",
            BrowserName::Other => return f.write_str("Another browser"),
        };
        write!(f, "{name} {}", self.version)
    }
}

/// A whole trial, as the server keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// In which browser.
    pub browser: Browser,
    /// What was tried; the latest run of each event.
    pub runs: Vec<Run>,
    /// What is under way.
    pub pending: Option<Pending>,
}

impl Trial {
    /// One in which nothing has happened yet.
    pub(crate) fn new(browser: Browser) -> Self {
        Self { browser, runs: Vec::new(), pending: None }
    }

    /// Takes in what was found after an event; an earlier run of it is replaced.
    pub(crate) fn record(&mut self, run: Run) {
        self.runs.retain(|earlier| earlier.event != run.event);
        self.runs.push(run);
    }

    /// The latest run of an event.
    pub(crate) fn run(&self, event: Event) -> Option<&Run> {
        self.runs.iter().find(|run| run.event == event)
    }

    /// The evidence of a cell.
    pub(crate) fn cell(&self, event: Event, column: Column) -> Option<&Cell> {
        self.run(event)?.cells.iter().find(|cell| cell.laid.column == column)
    }

    /// The columns that took part in anything.
    pub(crate) fn columns(&self) -> Vec<Column> {
        let pending = self.pending.iter().flat_map(|pending| &pending.laid);
        let laid = self.runs.iter().flat_map(|run| run.cells.iter().map(|cell| &cell.laid)).chain(pending);
        let used: Vec<_> = laid.map(|laid| laid.column).collect();
        Column::ALL.into_iter().filter(|column| used.contains(column)).collect()
    }

    /// What came of an event, in a line: `Reload: 5 kept, 1 lost.`
    pub(crate) fn summary(&self, event: Event) -> String {
        let outcomes = Column::ALL.map(|column| self.outcome(event, column));
        let count = |outcome: &Outcome| outcomes.iter().filter(|other| *other == outcome).count();
        let tried = Outcome::ALL.iter().filter(|outcome| **outcome != Outcome::Untried && count(outcome) > 0);
        let counted: Vec<_> = tried.map(|outcome| format!("{} {}", count(outcome), outcome.words())).collect();
        format!("{}: {}.", event.heading(), counted.join(", "))
    }

    /// What stands in a cell.
    pub(crate) fn outcome(&self, event: Event, column: Column) -> Outcome {
        self.cell(event, column).map_or(Outcome::Untried, |cell| Outcome::of(event, cell))
    }
}

/// What the server saw of a reader's request, as `GET /lab/markers` answers it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Travelled {
    /// The markers that stood anywhere in the request's head.
    pub carried: Vec<Marker>,
    /// What the request's session holds under the marker's name.
    pub held: Option<String>,
    /// The origin of the other site, where there is one.
    pub other_site: Option<String>,
    /// Another port of this host at which the lab listens, where there is one.
    pub other_port: Option<u16>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Sight = Sight { script: Some(Seen::Same), server: Some(Seen::Same) };

    fn outcome(event: Event, column: Column, before: Sight, after: Sight) -> Outcome {
        Outcome::of(event, &Cell { laid: Laid { column, marker: Marker::new([1; 8]), before }, after })
    }

    fn seen(script: Seen, server: Seen) -> Sight {
        Sight { script: Some(script), server: Some(server) }
    }

    #[test]
    fn an_outcome_is_judged_from_what_was_there_and_what_was_found() {
        let after = |seen_after| outcome(Event::Reload, Column::LocalStorage, HERE, seen(seen_after, Seen::Absent));
        assert_eq!(
            [Seen::Same, Seen::Absent, Seen::Other, Seen::Denied, Seen::Unsupported, Seen::Failed].map(after),
            [
                Outcome::Kept,
                Outcome::Lost,
                Outcome::Changed,
                Outcome::Unreadable,
                Outcome::Unreadable,
                Outcome::Unreadable
            ]
        );
    }

    #[test]
    fn nothing_is_lost_that_was_not_there() {
        let before = |before| outcome(Event::Reload, Column::LocalStorage, seen(before, Seen::Absent), HERE);
        assert_eq!(
            [Seen::Absent, Seen::Other, Seen::Denied].map(before),
            [Outcome::NotLaid, Outcome::NotLaid, Outcome::Unreadable]
        );
    }

    #[test]
    fn a_request_is_judged_by_what_the_server_saw() {
        let request = |column, server| outcome(Event::RequestWith, column, HERE, seen(Seen::Same, server));
        assert_eq!(request(Column::SessionCookie, Seen::Same), Outcome::Reached);
        assert_eq!(request(Column::LocalStorage, Seen::Absent), Outcome::Missed);
        assert_eq!(request(Column::ServerSession, Seen::NoAnswer), Outcome::Unreadable);
    }

    #[test]
    fn the_server_session_is_known_to_the_server_alone() {
        let after = Sight { script: None, server: Some(Seen::Absent) };
        assert_eq!(outcome(Event::LogOut, Column::ServerSession, HERE, after), Outcome::Lost);
    }

    #[test]
    fn a_marker_is_found_among_other_bytes_and_reads_back_as_itself() {
        let (one, two) = (Marker::new([0; 8]), Marker::new([255; 8]));
        let line = format!("a=1; lab-é={one}; x={two}; y=trial-0123; z=trial-XXXXXXXXXXXXXXXX; w=trial-");
        assert_eq!(Marker::find(line.as_bytes()), [one, two]);
        assert_eq!(Marker::try_from(String::from(two)), Ok(two));
    }

    #[test]
    fn a_later_run_of_an_event_takes_the_place_of_an_earlier_one() {
        let mut trial = Trial::new(Browser { name: BrowserName::Other, version: 0 });
        for begun in [1, 2] {
            trial.record(Run { event: Event::Reload, begun, ended: begun, arrival: None, cells: Vec::new() });
        }
        assert_eq!((trial.runs.len(), trial.run(Event::Reload).unwrap().begun), (1, 2));
        assert_eq!(trial.outcome(Event::Reload, Column::Opfs), Outcome::Untried);
    }

    #[test]
    fn what_came_of_an_event_is_told_in_a_line() {
        let mut trial = Trial::new(Browser { name: BrowserName::Other, version: 0 });
        let cell = |column, after| Cell { laid: Laid { column, marker: Marker::new([1; 8]), before: HERE }, after };
        let cells = vec![
            cell(Column::LocalStorage, HERE),
            cell(Column::SessionCookie, HERE),
            cell(Column::Opfs, seen(Seen::Absent, Seen::Absent)),
        ];
        trial.record(Run { event: Event::Reload, begun: 1, ended: 2, arrival: Some(Arrival::Reload), cells });
        assert_eq!(trial.summary(Event::Reload), "Reload: 2 kept, 1 lost.");
        assert_eq!(trial.columns(), [Column::SessionCookie, Column::LocalStorage, Column::Opfs]);
    }

    #[test]
    fn a_browser_is_known_by_how_it_introduces_itself() {
        let chrome =
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
        let edge = format!("{chrome} Edg/155.0.0.0");
        let safari = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.2 Safari/605.1.15";
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        assert_eq!(
            [chrome, &edge, safari, firefox, "curl/8"].map(|agent| Browser::of(agent).to_string()),
            ["Chrome 156", "Edge 155", "Safari 26", "Firefox 140", "Another browser"]
        );
    }
}

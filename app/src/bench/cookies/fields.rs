//! What is typed into the form, and the line that it makes.

use super::opener::CookieForm;
use crate::browser::{
    Draft, Entry, SameSite,
    cookies::{Carrier, CookieLine, Prefix},
    lab_name,
};
use crate::reactive::State;

/// The fields of the form. Texts throughout: what a select holds is its option's value.
#[derive(Clone, Copy)]
pub(super) struct Fields {
    pub carrier: State<String>,
    pub prefix: State<String>,
    pub name: State<String>,
    pub value: State<String>,
    pub max_age: State<String>,
    pub expires: State<String>,
    pub path: State<String>,
    pub domain: State<String>,
    pub same_site: State<String>,
    pub secure: State<bool>,
    pub http_only: State<bool>,
    pub partitioned: State<bool>,
    /// A line from elsewhere, and what the fields made of it: while they still make that, it is handed over as it stands.
    pasted: State<Option<(String, String)>>,
}

/// The values of the options of "SameSite".
const SAME_SITES: [(&str, SameSite); 4] =
    [("", SameSite::Unspecified), ("Lax", SameSite::Lax), ("Strict", SameSite::Strict), ("None", SameSite::None)];

impl Fields {
    pub fn new(form: &CookieForm) -> Self {
        let empty = || State::new(String::new());
        let off = || State::new(false);
        let fields = Self {
            carrier: State::new("script".to_owned()),
            prefix: empty(),
            name: empty(),
            value: empty(),
            max_age: empty(),
            expires: empty(),
            path: empty(),
            domain: empty(),
            same_site: empty(),
            secure: off(),
            http_only: off(),
            partitioned: off(),
            pasted: State::new(None),
        };
        match form {
            CookieForm::Empty => {
                fields.fill(&CookieLine { path: Some("/".into()), same_site: SameSite::Lax, ..CookieLine::default() })
            }
            CookieForm::Of(entry) => {
                fields.fill(&line_of(entry));
                if entry.flags.http_only == Some(true) {
                    fields.carrier.set("http".to_owned());
                }
            }
        }
        fields
    }

    /// Takes over a line from elsewhere. It stays as it stands, attributes twice and unknown ones among them, until a field is
    /// changed or where its name is not the lab's.
    pub fn paste(self, text: &str) {
        let line = CookieLine::parse(text);
        self.fill(&line);
        self.pasted.set(line.is_the_labs().then(|| (text.to_owned(), self.spelled())));
    }

    /// Puts a line into the fields.
    fn fill(self, line: &CookieLine) {
        let prefix = Prefix::of(&line.name).text();
        self.prefix.set(prefix.to_owned());
        self.name.set(line.name[prefix.len()..].to_owned());
        self.value.set(line.value.clone());
        for (field, text) in [
            (self.max_age, &line.max_age),
            (self.expires, &line.expires),
            (self.path, &line.path),
            (self.domain, &line.domain),
        ] {
            field.set(text.clone().unwrap_or_default());
        }
        let same_site = SAME_SITES.iter().find(|(_, kind)| *kind == line.same_site);
        self.same_site.set(same_site.map_or("", |(value, _)| value).to_owned());
        self.secure.set(line.secure);
        self.http_only.set(line.http_only);
        self.partitioned.set(line.partitioned);
    }

    pub fn carrier(self) -> Carrier {
        if *self.carrier.read() == "http" { Carrier::Http } else { Carrier::Script }
    }

    /// The text that is handed to the browser.
    pub fn text(self) -> String {
        let spelled = self.spelled();
        match &*self.pasted.read() {
            Some((line, made)) if *made == spelled => line.clone(),
            _ => spelled,
        }
    }

    /// The line that the fields make.
    fn spelled(self) -> String {
        let filled = |field: State<String>| Some(field.get()).filter(|text| !text.is_empty());
        let name = lab_name(&self.name.read());
        let prefix = if name.is_empty() { String::new() } else { self.prefix.get() };
        let same_site = SAME_SITES.iter().find(|(value, _)| *value == *self.same_site.read());
        CookieLine {
            name: format!("{prefix}{name}"),
            value: self.value.get(),
            max_age: filled(self.max_age),
            expires: filled(self.expires),
            path: filled(self.path),
            domain: filled(self.domain),
            secure: self.secure.get(),
            http_only: self.http_only.get(),
            same_site: same_site.map_or(SameSite::Unspecified, |(_, kind)| *kind),
            partitioned: self.partitioned.get(),
            unknown: Vec::new(),
        }
        .text()
    }

    /// Whether what was typed ends a part of the line before it should.
    pub fn is_cut(self) -> bool {
        let value = CookieLine::parse(&self.text()).value;
        self.name.read().contains([';', '=']) || value.trim() != self.value.read().trim()
    }
}

/// What is known of an entry; the value of a cookie that scripts do not see is left to be typed.
fn line_of(entry: &Entry) -> CookieLine {
    CookieLine::of(&Draft::named(entry))
}

//! An entry as text to be pasted elsewhere.

use crate::{
    bench::{
        quoting::for_script,
        requests::{Sender, cookie_field},
    },
    browser::{Draft, Entry, Store, cookies::CookieLine},
};
use serde_json::json;

/// What an entry can be copied as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Value,
    Script,
    Json,
    Request(Sender),
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Value, Self::Script, Self::Request(Sender::Curl), Self::Json];

    /// What the copy is, for its button.
    pub fn title(self, store: Store) -> &'static str {
        match (self, store) {
            (Self::Value, _) => "value",
            (Self::Script, Store::Cookies) => "document.cookie",
            (Self::Script, _) => "setItem",
            (Self::Json, _) => "JSON",
            (Self::Request(sender), _) => sender.title(),
        }
    }

    /// Whether there is such a copy; tells without making it, since a value may be long.
    pub fn is_offered(self, store: Store, entry: &Entry) -> bool {
        match self {
            Self::Json => true,
            Self::Value => entry.value.is_some(),
            Self::Script => {
                entry.value.is_some() && matches!(store, Store::Cookies | Store::SessionStorage | Store::LocalStorage)
            }
            Self::Request(_) => entry.value.is_some() && store == Store::Cookies,
        }
    }

    /// The text; `None` where there is no such thing, or the value is out of reach.
    pub fn text(self, store: Store, entry: &Entry, address: &str) -> Option<String> {
        let (name, value) = (&entry.name, entry.value.as_deref());
        match (self, store) {
            (Self::Value, _) => value.map(str::to_owned),
            (Self::Script, Store::Cookies) => {
                // No script can set `HttpOnly`.
                let line = CookieLine { http_only: false, ..CookieLine::of(&Draft::of(entry)?) };
                Some(format!("document.cookie = {};", for_script(&line.text())))
            }
            (Self::Script, Store::SessionStorage | Store::LocalStorage) => {
                Some(format!("{}.setItem({}, {});", store.title(), for_script(name), for_script(value?)))
            }
            (Self::Request(sender), Store::Cookies) => sender.text(address, Some(&cookie_field([entry])?)),
            (Self::Json, _) => {
                let json = json!({ "store": store.title(), "name": name, "value": value, "bytes": entry.bytes });
                serde_json::to_string_pretty(&json).ok()
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::browser::Expires;

    fn copy(kind: Kind, store: Store, value: &str) -> Option<String> {
        kind.text(store, &Entry::new("lab-a".into(), value, Expires::Never), "https://lab.example/")
    }

    #[test]
    fn a_shell_reads_the_value_as_it_is() {
        assert_eq!(
            copy(Kind::Request(Sender::Curl), Store::Cookies, "it's $HOME `x`").as_deref(),
            Some(r"curl -H 'Cookie: lab-a=it'\''s $HOME `x`' 'https://lab.example/'")
        );
        assert_eq!(copy(Kind::Request(Sender::CurlInCmd), Store::LocalStorage, "1"), None);
    }

    #[test]
    fn a_cookie_without_a_name_is_copied_as_browsers_send_it() {
        let lonely = Entry::new(String::new(), "lonely-value", Expires::BrowserSession);
        let copy = |kind: Kind| kind.text(Store::Cookies, &lonely, "https://lab.example/");
        assert_eq!(
            copy(Kind::Request(Sender::Curl)).as_deref(),
            Some("curl -H 'Cookie: lonely-value' 'https://lab.example/'")
        );
        assert_eq!(copy(Kind::Script).as_deref(), Some(r#"document.cookie = "lonely-value; Path=/; SameSite=Lax";"#));
    }

    #[test]
    fn a_script_reads_the_value_as_it_is() {
        assert_eq!(
            copy(Kind::Script, Store::Cookies, r#"say "hi""#).as_deref(),
            Some(r#"document.cookie = "lab-a=say \"hi\"; Path=/; SameSite=Lax";"#)
        );
        assert_eq!(
            copy(Kind::Script, Store::LocalStorage, "a\nb\\").as_deref(),
            Some(r#"localStorage.setItem("lab-a", "a\nb\\");"#)
        );
        assert_eq!(copy(Kind::Script, Store::ServerSession, "1"), None);
    }

    #[test]
    fn json_says_where_the_entry_is_from() {
        let json = copy(Kind::Json, Store::LocalStorage, "1").unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json).unwrap(),
            json!({ "store": "localStorage", "name": "lab-a", "value": "1", "bytes": 6 })
        );
    }
}

//! What restoring a snapshot would do, entry by entry, before anything is done.

use super::file::{NoValue, Record, Snapshot};
use crate::{
    bench::history::Edit,
    browser::{COOKIE_LIMIT_BYTES, CookieFlags, Draft, Expires, Refusal, Store, bytes, cookies::check_cookie, may_put},
};
use std::collections::HashSet;

/// What is to happen to one entry of a snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Planned {
    pub store: Store,
    pub name: String,
    pub fate: Fate,
    /// What cannot be kept of it here.
    pub changed: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is not there yet.
    Create(Edit),
    /// Something else is kept under its name.
    Overwrite(Edit),
    /// It is there just so.
    Same,
    /// It cannot be restored, or is none of the lab's business.
    Left(Left),
}

/// Why an entry is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    NotTheLabs,
    Login,
    HttpOnly,
    NoText,
    NoValue,
    Expired,
    Twice,
    /// No browser keeps such a cookie.
    NoCookie(Refusal),
}

impl Left {
    pub fn explain(&self) -> String {
        let words = match self {
            Self::NotTheLabs => "Left alone: its name does not begin with lab-.",
            Self::Login => "Left alone: that is the login cookie. Log in to get a new one.",
            Self::HttpOnly => {
                "Cannot be restored: it is HttpOnly, so no script could read its value into the snapshot."
            }
            Self::NoText => "Cannot be restored: it held octets that are no UTF-8, and no script reads those.",
            Self::NoValue => "Cannot be restored: the snapshot has no value for it.",
            Self::Expired => "Cannot be restored: it has expired since.",
            Self::Twice => "Left out: the snapshot has the same entry once more before it.",
            Self::NoCookie(refusal) => return format!("Cannot be restored. {}", refusal.explain()),
        };
        words.to_owned()
    }
}

impl Planned {
    /// The edit that is to be done, if one is.
    pub fn edit(&self) -> Option<&Edit> {
        match &self.fate {
            Fate::Create(edit) | Fate::Overwrite(edit) => Some(edit),
            Fate::Same | Fate::Left(_) => None,
        }
    }
}

/// Decides about every entry. `putting` finds what is kept under a draft's name now; `now` is in UTC seconds.
pub(super) fn plan(snapshot: &Snapshot, now: i64, putting: impl Fn(Store, Draft) -> Edit) -> Vec<Planned> {
    let mut met = HashSet::new();
    let mut plan = Vec::new();
    for shelf in &snapshot.stores {
        for record in &shelf.entries {
            let attributes = record.attributes.clone().unwrap_or_default();
            let path = record.path.as_deref().unwrap_or("/");
            let place = (shelf.store, path, record.name.as_str(), attributes.domain, attributes.partitioned);
            let fate = match draft(shelf.store, record, now) {
                Err(left) => Fate::Left(left),
                Ok(_) if !met.insert(place) => Fate::Left(Left::Twice),
                Ok(draft) => fate(putting(shelf.store, draft)),
            };
            plan.push(Planned { store: shelf.store, name: record.name.clone(), fate, changed: record.changed.clone() });
        }
    }
    plan
}

fn fate(edit: Edit) -> Fate {
    match (&edit.before, &edit.after) {
        (None, _) => Fate::Create(edit),
        (Some(before), Some(after)) if is_same(edit.store, before, after) => Fate::Same,
        _ => Fate::Overwrite(edit),
    }
}

/// Only a cookie has an end and attributes of its own: the other stores' follow from the store. What the snapshot does
/// not know of a cookie makes no difference.
fn is_same(store: Store, before: &Draft, after: &Draft) -> bool {
    let same_end = before.expires == after.expires || after.expires == Expires::Unknown;
    before.value == after.value && (store != Store::Cookies || same_end && agree(&before.flags, &after.flags))
}

fn agree(before: &CookieFlags, after: &CookieFlags) -> bool {
    fn same<T: PartialEq>(before: &Option<T>, after: &Option<T>) -> bool {
        after.is_none() || before == after
    }
    same(&before.secure, &after.secure)
        && same(&before.same_site, &after.same_site)
        && same(&before.partitioned, &after.partitioned)
        && same(&before.domain, &after.domain)
}

fn draft(store: Store, record: &Record, now: i64) -> Result<Draft, Left> {
    if record.no_value == Some(NoValue::Login) {
        return Err(Left::Login);
    }
    if !may_put(&record.name) {
        return Err(Left::NotTheLabs);
    }
    let Some(value) = &record.value else {
        return Err(match record.no_value {
            Some(NoValue::HttpOnly) => Left::HttpOnly,
            Some(NoValue::NoText) => Left::NoText,
            _ => Left::NoValue,
        });
    };
    // Of what the server keeps the end is that of the session, and a new one begins.
    if store == Store::Cookies {
        if matches!(record.expires, Expires::At(end) if end <= now) {
            return Err(Left::Expired);
        }
        check_cookie(&record.name, value).map_err(Left::NoCookie)?;
        let size = bytes(&record.name) + bytes(value);
        if size > COOKIE_LIMIT_BYTES {
            return Err(Left::NoCookie(Refusal::CookieTooLarge(size)));
        }
    }
    let mut draft = Draft::new(record.name.clone(), value.as_str());
    draft.expires = record.expires;
    draft.path = record.path.clone();
    draft.flags = record.attributes.clone().unwrap_or_default();
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(entries: &str, kept: Option<&Draft>) -> Vec<(String, Fate)> {
        let text =
            format!(r#"{{"schema":"storage-lab-snapshot/1","stores":[{{"store":"cookies","entries":[{entries}]}}]}}"#);
        let putting = |store, draft: Draft| Edit { store, before: kept.cloned(), after: Some(draft) };
        let plan = plan(&Snapshot::read(&text).unwrap(), 100, putting);
        plan.into_iter().map(|planned| (planned.name, planned.fate)).collect()
    }

    fn left(entry: &str) -> Fate {
        planned(entry, None).remove(0).1
    }

    #[test]
    fn an_entry_is_created_overwritten_or_there_already() {
        let entry = r#"{"name":"lab-a","value":"1"}"#;
        let mut kept = Draft::new("lab-a".into(), "1");
        assert!(matches!(planned(entry, None)[0].1, Fate::Create(_)));
        assert_eq!(planned(entry, Some(&kept))[0].1, Fate::Same);
        kept.value = "2".into();
        assert!(matches!(planned(entry, Some(&kept))[0].1, Fate::Overwrite(_)));
        let for_a_while = r#"{"name":"lab-a","value":"2","expires":{"at":200}}"#;
        assert!(matches!(planned(for_a_while, Some(&kept))[0].1, Fate::Overwrite(_)));
    }

    #[test]
    fn what_cannot_be_restored_is_left_with_its_reason() {
        assert_eq!(left(r#"{"name":"other","value":"1"}"#), Fate::Left(Left::NotTheLabs));
        assert!(matches!(left(r#"{"name":"","value":"1"}"#), Fate::Create(_)), "an entry without a name is nobody's");
        assert_eq!(left(r#"{"name":"__Host-session","no_value":"login"}"#), Fate::Left(Left::Login));
        assert_eq!(left(r#"{"name":"lab-a","no_value":"http_only"}"#), Fate::Left(Left::HttpOnly));
        assert_eq!(left(r#"{"name":"lab-a","no_value":"no_text"}"#), Fate::Left(Left::NoText));
        assert_eq!(left(r#"{"name":"lab-a"}"#), Fate::Left(Left::NoValue));
        assert_eq!(left(r#"{"name":"lab-a","value":"1","expires":{"at":100}}"#), Fate::Left(Left::Expired));
    }

    #[test]
    fn what_browsers_keep_is_restored_and_what_none_keeps_is_told_beforehand() {
        for name in ["lab-é", "lab-a b", "lab-\u{85}", "lab-(a)"] {
            let entry = serde_json::json!({ "name": name, "value": "a\u{85}b, \"c\" \\" }).to_string();
            assert!(matches!(left(&entry), Fate::Create(_)), "{name}");
        }
        let no_cookie = |name: &str, value: &str| {
            let entry = serde_json::json!({ "name": name, "value": value }).to_string();
            matches!(left(&entry), Fate::Left(Left::NoCookie(_)))
        };
        assert!(no_cookie("lab-a=b", "1") && no_cookie("lab-a", "1;2") && no_cookie("lab-a", "\n"));
        assert!(no_cookie("lab-a", &"x".repeat(4_092)) && !no_cookie("lab-a", &"x".repeat(4_091)));
    }

    #[test]
    fn an_entry_that_a_snapshot_has_twice_is_restored_once() {
        let twice =
            r#"{"name":"lab-a","value":"1"},{"name":"lab-a","value":"2"},{"name":"lab-a","value":"3","path":"/lab"}"#;
        let fates: Vec<_> = planned(twice, None).into_iter().map(|(_, fate)| fate).collect();
        assert!(matches!(fates[..], [Fate::Create(_), Fate::Left(Left::Twice), Fate::Create(_)]), "{fates:?}");
    }
}

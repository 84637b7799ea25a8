//! The page's own query parameters as a store: read and written in place, nothing is loaded anew. What is not changed
//! stays as it is spelled.

use super::{
    estimate::StorageEstimate,
    found::{Expected, Found},
    trouble::Trouble,
};
use crate::{
    browser::{
        entry::{Entry, Expires},
        lab,
        page_address::readdress,
        sizes::ADDRESS_LIMIT_BYTES,
    },
    client::http::Request,
    text::{
        escaped, isolated, told,
        units::{kept, usv},
    },
};
use std::sync::Arc;

/// Parameters that the page itself reads, beside those of its framework, which begin with `__`.
const RESERVED: [&str; 2] = ["trial", "matrix"];

/// The query of this page's address, without its `?`.
pub(crate) fn query() -> String {
    let search = web_sys::window().and_then(|window| window.location().search().ok()).unwrap_or_default();
    search.trim_start_matches('?').to_owned()
}

/// Every value of a name, in the order of the address.
pub(crate) fn values(name: &str) -> Vec<String> {
    let query = query();
    let of_name = parameters(&query).filter(|parameter| parameter.name == name);
    of_name.map(|parameter| parameter.value).collect()
}

pub(super) async fn list() -> Found {
    let query = query();
    let received = received().await;
    let (entries, others) = entries(&query, received.as_deref());
    let estimate = StorageEstimate { used: Some(query.len() as u64), quota: ADDRESS_LIMIT_BYTES.into() };
    Found { entries, others, estimate: Some(estimate) }
}

/// The query that the server receives with a request of this page, as far as the referrer policy lets it; `None` where the
/// server does not answer. It is asked, since a browser leaves the query out of a long referrer (Referrer Policy §8.3).
async fn received() -> Option<String> {
    let received = lab::received(Request::get("/lab/echo")).await.ok()?;
    let referrer = received.fields.into_iter().find(|field| field.name == "referer");
    let query = referrer.and_then(|field| Some(field.value.split_once('?')?.1.to_owned()));
    Some(query.unwrap_or_default())
}

/// Puts a value under a name or takes the first one away. A value that is expected to be new comes before others of its
/// name, so that none is written over.
pub(super) fn write(name: &str, expected: Expected, after: Option<&str>) -> Result<(), Trouble> {
    if is_reserved(name) {
        return Err(Trouble::Reserved);
    }
    let now = values(name).into_iter().next();
    if let Some(Some(before)) = &expected
        && now.as_deref() != Some(before)
    {
        return if now.as_deref() == after { Ok(()) } else { Err(Trouble::Changed(now.map(Arc::from))) };
    }
    let wanted = written(&query(), name, after, expected == Some(None));
    let location = web_sys::window().ok_or(Trouble::Denied)?.location();
    let path = location.pathname()?;
    let bytes = path.len() + "?".len() + wanted.len();
    if after.is_some() && bytes > ADDRESS_LIMIT_BYTES as usize {
        return Err(Trouble::AddressTooLong(bytes as u64));
    }
    let mark = if wanted.is_empty() { "" } else { "?" };
    readdress(&format!("{path}{mark}{wanted}{}", location.hash()?));
    // A browser lets a page change its address only so often.
    if query() == wanted { Ok(()) } else { Err(Trouble::NotKept) }
}

/// One parameter as it is spelled, and what that says.
struct Parameter<'a> {
    spelled: &'a str,
    name: String,
    value: String,
}

fn parameters(query: &str) -> impl Iterator<Item = Parameter<'_>> {
    query.split('&').filter(|spelled| !spelled.is_empty()).map(|spelled| {
        let (name, value) = form_urlencoded::parse(spelled.as_bytes()).next().unwrap_or_default();
        Parameter { spelled, name: kept(name.into_owned()), value: kept(value.into_owned()) }
    })
}

fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name) || name.starts_with("__")
}

/// The first parameter of each name, and what else there is in words. `received` is the query that the server receives.
fn entries(query: &str, received: Option<&str>) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut others) = (Vec::<Entry>::new(), Vec::new());
    for Parameter { name, value, .. } in parameters(query) {
        if is_reserved(&name) {
            others.push(format!("{}, which this page itself reads", told(&name)));
        } else if entries.iter().any(|entry| entry.name == name) {
            others.push(format!("{} once more: {}", told(&name), isolated(escaped(&value))));
        } else {
            let arrived = |received: &str| parameters(received).any(|other| other.name == name && other.value == value);
            entries.push(Entry {
                seen_by_server: received.map(arrived),
                ..Entry::new(name.clone(), &*value, Expires::Navigation)
            });
        }
    }
    (entries, others)
}

/// The query with the first parameter of a name changed, or taken away; a `new` one comes before it.
fn written(query: &str, name: &str, value: Option<&str>, new: bool) -> String {
    let at = parameters(query).position(|parameter| parameter.name == name);
    let mut spelled: Vec<_> = parameters(query).map(|parameter| parameter.spelled.to_owned()).collect();
    let value = value
        .map(|value| form_urlencoded::Serializer::new(String::new()).append_pair(&usv(name), &usv(value)).finish());
    match (at, value) {
        (Some(at), Some(value)) if !new => spelled[at] = value,
        (at, Some(value)) => spelled.insert(at.unwrap_or(spelled.len()), value),
        (Some(at), None) => drop(spelled.remove(at)),
        (None, None) => {}
    }
    spelled.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(query: &str, received: Option<&str>) -> Vec<(String, String, Option<bool>)> {
        let told = |entry: Entry| (entry.name, entry.value.unwrap().to_string(), entry.seen_by_server);
        entries(query, received).0.into_iter().map(told).collect()
    }

    #[test]
    fn the_first_parameter_of_a_name_is_the_entry_the_others_are_told() {
        let query = "lab-a=1+2&b&lab-a=%C3%A9&&trial=x";
        assert_eq!(listed(query, None), [("lab-a".into(), "1 2".into(), None), ("b".into(), String::new(), None)]);
        assert_eq!(entries(query, None).1, ["lab-a once more: é", "trial, which this page itself reads"]);
    }

    #[test]
    fn the_server_sees_what_it_received() {
        let seen = |received| listed("lab-a=1", received)[0].2;
        assert_eq!(
            [seen(Some("x=1&lab-a=1")), seen(Some("lab-a=2")), seen(Some("")), seen(None)],
            [Some(true), Some(false), Some(false), None]
        );
    }

    #[test]
    fn a_write_touches_one_parameter_and_leaves_the_others_as_they_are_spelled() {
        let query = "x=%20%7e&lab-a=1&lab-a=2&trial=t";
        let written = |name, value, new| written(query, name, value, new);
        assert_eq!(written("lab-a", Some("é&=+ "), false), "x=%20%7e&lab-a=%C3%A9%26%3D%2B+&lab-a=2&trial=t");
        assert_eq!(written("lab-b", Some(""), false), "x=%20%7e&lab-a=1&lab-a=2&trial=t&lab-b=");
        assert_eq!(written("lab-a", None, false), "x=%20%7e&lab-a=2&trial=t");
        assert_eq!(written("lab-c", None, false), query);
    }

    #[test]
    fn what_was_deleted_comes_back_before_the_others_of_its_name() {
        let deleted = written("x=1&lab-a=1&lab-a=2&y=2", "lab-a", None, false);
        assert_eq!(written(&deleted, "lab-a", Some("1"), true), "x=1&lab-a=1&lab-a=2&y=2");
        let all = written(&deleted, "lab-a", None, false);
        let back = written(&written(&all, "lab-a", Some("2"), true), "lab-a", Some("1"), true);
        assert_eq!(back, "x=1&y=2&lab-a=1&lab-a=2");
    }

    #[test]
    fn an_empty_query_holds_nothing() {
        assert_eq!(listed("", None), []);
        assert_eq!(written("", "lab-a", Some("1"), true), "lab-a=1");
        assert_eq!(written("lab-a=1", "lab-a", None, false), "");
    }

    #[test]
    fn what_the_page_itself_reads_is_reserved() {
        assert!(["trial", "matrix", "__path"].into_iter().all(is_reserved));
        assert!(!["lab-trial", "Trial", "_x", ""].into_iter().any(is_reserved));
    }
}

//! What others write as JSON.

use super::{
    super::file::{Record, Snapshot},
    FORMS, Here, Import,
    cookie::ForeignCookie,
};
use crate::{
    bench::moment::moments,
    browser::{SameSite, Store},
    json,
};
use serde_json::{Map, Value};

type Read = Result<Import, String>;

/// Reads a JSON text.
pub(super) fn read(text: &str, here: &Here) -> Read {
    let value: Value = json::read(text).map_err(|error| json::told(text, &error))?;
    match value {
        // A text in quotes, as consoles show one.
        Value::String(within) => super::read(&within, here),
        Value::Array(list) => of_list(&list, here),
        Value::Object(object) if object.contains_key("schema") => {
            Ok(Import { form: None, snapshot: Snapshot::read(text)?, notes: Vec::new() })
        }
        Value::Object(object) => of_object(&object, here),
        _ => Err("This is JSON, but a single value: there is no name to put it under.".to_owned()),
    }
}

fn of_list(list: &[Value], here: &Here) -> Read {
    if list.is_empty() {
        return Err("This is an empty list: there is nothing in it to put.".to_owned());
    }
    let records: Vec<_> =
        list.iter().filter_map(|item| cookie(item.as_object()?)).map(|cookie| cookie.record(here)).collect();
    if records.is_empty() {
        return Err("This is a list, but not of cookies: its items have no name and value.".to_owned());
    }
    let strange = list.len() - records.len();
    let mut import = Import::foreign("a list of cookies", here, [(Store::Cookies, records)]);
    if strange > 0 {
        import.notes.push(format!("Left out, since they have no name and value: {strange} of {}.", list.len()));
    }
    Ok(import)
}

fn of_object(object: &Map<String, Value>, here: &Here) -> Read {
    if object.is_empty() {
        return Err("This JSON object is empty, and no snapshot: it has no “schema”.".to_owned());
    }
    if let Some(entries) = object.get("log").and_then(|log| log.get("entries")) {
        return har(entries.as_array().map_or(&[], Vec::as_slice), here);
    }
    match (object.get("cookies"), object.get("origins")) {
        (Some(Value::Array(cookies)), Some(Value::Array(origins))) => return Ok(storage_state(cookies, origins, here)),
        (Some(Value::Array(cookies)), _) => return of_list(cookies, here),
        _ => {}
    }
    let dumps = [("localStorage", Store::LocalStorage), ("sessionStorage", Store::SessionStorage)];
    let dumps = dumps.map(|(name, store)| (store, object.get(name).and_then(Value::as_object)));
    if dumps.iter().any(|(_, dump)| dump.is_some()) {
        let shelves = dumps.into_iter().filter_map(|(store, dump)| Some((store, dump?.iter().map(member).collect())));
        return Ok(Import::foreign("web storage as JSON", here, shelves));
    }
    if object.contains_key("domain") && cookie(object).is_some() {
        return of_list(&[Value::Object(object.clone())], here);
    }
    if !object.values().any(Value::is_string) {
        return Err(format!("This is a JSON object, but of no form that is known here. {FORMS}"));
    }
    let entries = object.iter().map(member).collect();
    Ok(Import::foreign("localStorage as JSON", here, [(Store::LocalStorage, entries)]))
}

/// A member of a dump of web storage, which holds texts alone.
fn member((name, value): (&String, &Value)) -> Record {
    match value {
        Value::String(text) => Record::new(name.clone(), text.clone()),
        other => {
            let changed = vec!["its value was no text: it is put as JSON".to_owned()];
            Record { changed, ..Record::new(name.clone(), other.to_string()) }
        }
    }
}

/// A cookie as extensions, Puppeteer and Playwright write it.
fn cookie(object: &Map<String, Value>) -> Option<ForeignCookie> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let is = |name: &str| object.get(name).and_then(Value::as_bool);
    let number = |name: &str| {
        let value = object.get(name)?;
        value.as_f64().or_else(|| value.as_str()?.parse().ok())
    };
    let expires = ["expirationDate", "expires", "expiry", "expiration"]
        .into_iter()
        .find_map(|name| number(name).or_else(|| Some(moments(text(name)?).first()?.second as f64)));
    Some(ForeignCookie {
        name: text("name")?.to_owned(),
        value: text("value")?.to_owned(),
        domain: text("domain").or_else(|| text("host")).map(str::to_owned),
        host_only: is("hostOnly"),
        path: text("path").map(str::to_owned),
        expires: expires.filter(|_| is("session") != Some(true)),
        secure: is("secure").or_else(|| is("isSecure")),
        http_only: is("httpOnly").or_else(|| is("isHttpOnly")).unwrap_or(false),
        same_site: text("sameSite").map(|same_site| match same_site.to_ascii_lowercase().as_str() {
            "lax" => SameSite::Lax,
            "strict" => SameSite::Strict,
            "none" | "no_restriction" => SameSite::None,
            _ => SameSite::Unspecified,
        }),
        partitioned: is("partitioned") == Some(true) || object.get("partitionKey").is_some_and(|key| !key.is_null()),
    })
}

/// Playwright's storageState: cookies, and localStorage by origin.
fn storage_state(cookies: &[Value], origins: &[Value], here: &Here) -> Import {
    let cookies =
        cookies.iter().filter_map(|item| cookie(item.as_object()?)).map(|cookie| cookie.record(here)).collect();
    let entries = origins.iter().flat_map(|origin| {
        let of = origin.get("origin").and_then(Value::as_str).unwrap_or_default();
        let changed = if of == here.origin { Vec::new() } else { vec![format!("for this origin, not for {of}")] };
        let entries = origin.get("localStorage").and_then(Value::as_array).into_iter().flatten();
        entries.filter_map(move |entry| {
            let text = |name: &str| Some(entry.get(name)?.as_str()?.to_owned());
            Some(Record { changed: changed.clone(), ..Record::new(text("name")?, text("value")?) })
        })
    });
    let entries = entries.collect();
    Import::foreign("storageState (Playwright)", here, [(Store::Cookies, cookies), (Store::LocalStorage, entries)])
}

/// The cookies that the requests of an HTTP archive carried, and those that were set; of one name for one host the last.
fn har(entries: &[Value], here: &Here) -> Read {
    let mut found: Vec<ForeignCookie> = Vec::new();
    for entry in entries {
        let url = entry.pointer("/request/url").and_then(Value::as_str).unwrap_or_default();
        let host = url.split("://").nth(1).unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
        let host = host
            .rsplit_once(':')
            .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
            .map_or(host, |(host, _)| host);
        for list in ["/request/cookies", "/response/cookies"] {
            let cookies = entry.pointer(list).and_then(Value::as_array).into_iter().flatten();
            for mut cookie in cookies.filter_map(|item| cookie(item.as_object()?)) {
                cookie.domain.get_or_insert_with(|| host.to_owned());
                found.retain(|other| {
                    (&other.name, &other.domain, &other.path) != (&cookie.name, &cookie.domain, &cookie.path)
                });
                found.push(cookie);
            }
        }
    }
    if found.is_empty() {
        return Err(
            "This is a HAR file without cookies. Browsers leave them out unless it is exported with sensitive data."
                .to_owned(),
        );
    }
    let records = found.into_iter().map(|cookie| cookie.record(here)).collect();
    Ok(Import::foreign("a HAR file", here, [(Store::Cookies, records)]))
}

#[cfg(test)]
mod tests {
    use super::super::{
        read,
        tests::{here, told},
    };
    use crate::browser::{Expires, SameSite};

    #[test]
    fn a_list_of_an_extension_is_read() {
        let text = r#"[
            {"domain":"lab.example","expirationDate":1900000000.25,"hostOnly":true,"httpOnly":false,"name":"lab-a","path":"/",
             "sameSite":"no_restriction","secure":true,"session":false,"storeId":"0","value":"1","id":1},
            {"domain":".other.example","hostOnly":false,"httpOnly":true,"name":"lab-b","path":"/x","sameSite":"unspecified",
             "secure":false,"session":true,"storeId":null,"value":"2"},
            {"domain":".example","hostOnly":false,"name":"lab-c","path":"/","sameSite":"lax","secure":false,"session":true,"value":"é"},
            {"note":"none"}]"#;
        let (form, lines) = told(text);
        assert_eq!(form, "a list of cookies");
        assert_eq!(
            lines,
            [
                "Cookies lab-a=1",
                "Cookies lab-b=2 (for this host, not for other.example; without HttpOnly, which no script can set)",
                "Cookies lab-c=é",
            ]
        );
        let import = read(text, &here()).unwrap();
        let cookies = &import.snapshot.stores[0].entries;
        assert_eq!(cookies[0].expires, Expires::At(1_900_000_000));
        let flags = |at: usize| cookies[at].attributes.clone().unwrap();
        assert_eq!((flags(0).same_site, flags(0).secure, flags(0).domain), (Some(SameSite::None), Some(true), None));
        assert_eq!(
            (cookies[1].expires, flags(1).same_site, flags(1).http_only),
            (Expires::BrowserSession, Some(SameSite::Unspecified), None)
        );
        assert_eq!((flags(2).same_site, flags(2).domain.as_deref()), (Some(SameSite::Lax), Some("example")));
        assert_eq!(import.notes, ["Left out, since they have no name and value: 1 of 4."]);
    }

    #[test]
    fn a_storage_state_is_read_for_this_origin() {
        let text = r#"{"cookies":[{"name":"lab-a","value":"1","domain":"lab.example","path":"/","expires":-1,"httpOnly":false,"secure":false,"sameSite":"Lax"}],
            "origins":[{"origin":"https://lab.example","localStorage":[{"name":"lab-b","value":"2"}]},
                       {"origin":"https://other.example","localStorage":[{"name":"lab-c","value":"3"}]}]}"#;
        assert_eq!(
            told(text),
            (
                "storageState (Playwright)",
                vec![
                    "Cookies lab-a=1".into(),
                    "localStorage lab-b=2".into(),
                    "localStorage lab-c=3 (for this origin, not for https://other.example)".into(),
                ]
            )
        );
        assert_eq!(read(text, &here()).unwrap().snapshot.stores[0].entries[0].expires, Expires::BrowserSession);
    }

    #[test]
    fn an_archive_s_cookies_are_read_once_each() {
        let text = r#"{"log":{"version":"1.2","entries":[
            {"request":{"url":"https://lab.example:8443/x","cookies":[{"name":"lab-a","value":"1"}]},"response":{"cookies":[]}},
            {"request":{"url":"https://lab.example/y","cookies":[{"name":"lab-a","value":"2"}]},
             "response":{"cookies":[{"name":"lab-b","value":"3","path":"/","domain":"other.example","expires":"2030-03-17T17:46:40.000Z","httpOnly":true}]}}]}}"#;
        assert_eq!(
            told(text).1,
            [
                "Cookies lab-a=2",
                "Cookies lab-b=3 (for this host, not for other.example; without HttpOnly, which no script can set)",
            ]
        );
        assert_eq!(read(text, &here()).unwrap().snapshot.stores[0].entries[1].expires, Expires::At(1_900_000_000));
        assert!(
            read(r#"{"log":{"entries":[]}}"#, &here()).unwrap_err().starts_with("This is a HAR file without cookies")
        );
    }

    #[test]
    fn a_dump_of_local_storage_is_read() {
        let (form, lines) = told(r#"{"lab-a":"1","lab-b":{"x":1},"lab-c":"{\"y\":2}"}"#);
        assert_eq!(form, "localStorage as JSON");
        assert_eq!(
            lines,
            [
                "localStorage lab-a=1",
                r#"localStorage lab-b={"x":1} (its value was no text: it is put as JSON)"#,
                r#"localStorage lab-c={"y":2}"#,
            ]
        );
        assert_eq!(told(r#""{\"lab-a\":\"1\"}""#).1, ["localStorage lab-a=1"], "in quotes, as a console shows it");
        assert_eq!(
            told(r#"{"localStorage":{"lab-a":"1"},"sessionStorage":{"lab-b":"2"}}"#).1,
            ["localStorage lab-a=1", "sessionStorage lab-b=2"]
        );
    }
}

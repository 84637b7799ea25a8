//! The form for a cookie with every attribute: the exact text before it is handed over, the rules that it breaks beside
//! the fields, and afterwards what became of it. A broken rule never keeps anybody from trying.

use super::{
    fields::Fields,
    here::place_of,
    opener::{CookieForm, OpenForm, button_id},
    result::{result, source},
};
use crate::{
    bench::{
        history::{Edit, Step},
        state::Bench,
    },
    browser::{
        Draft, Expires, Refusal, SameSite, Store, Who,
        cookies::{
            Carrier, CookieLine, differences, forget, remember,
            rules::{About, Effect, Forecast, LONGEST_LIFE, RULES, Rule, RuleId, broken, forecast},
            trial::{self, Outcome, Report},
        },
    },
    reactive::{Derived, State},
    text::{Within, escaped, marked, told},
    ui::{aria, copy, error_text, flag, focus, handler, text},
    words::{thousands, utc},
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    prelude::*,
    task::spawn_local,
};
use std::sync::Arc;

const HEADING: &str = "cookie-form-heading";
/// The options of the selects: value and label.
type Options = [(&'static str, &'static str)];
const CARRIERS: [(&str, &str); 2] = [("script", "a script: document.cookie"), ("http", "HTTP: Set-Cookie")];
const PREFIXES: [(&str, &str); 5] = [
    ("", "none"),
    ("__Secure-", "__Secure-"),
    ("__Host-", "__Host-"),
    ("__Http-", "__Http-"),
    ("__Host-Http-", "__Host-Http-"),
];
const SAME_SITE_LABELS: [(&str, &str); 4] = [("", "left out"), ("Lax", "Lax"), ("Strict", "Strict"), ("None", "None")];

/// The form; it closes itself by emptying `open`.
pub(in crate::bench) fn form(bench: Bench, open: OpenForm) -> AnyView {
    let about = open.get_untracked().unwrap_or(CookieForm::Empty);
    let fields = Fields::new(&about);
    let opened_by = match &about {
        CookieForm::Empty => button_id(None),
        CookieForm::Of(entry) => button_id(Some(entry)),
    };
    let hidden_value = matches!(&about, CookieForm::Of(entry) if entry.value.is_none());
    let spelled = Derived::new(move || fields.text());
    let line = Derived::new(move || CookieLine::parse(&spelled.read()));
    let broken = Derived::new(move || Broken(broken_now(bench, fields, &line.read())));
    let error = State::new(String::new());
    let busy = State::new(false);
    let report = State::new(None::<Arc<Report>>);
    focus("cookie-carrier".to_owned());

    let close = move || {
        open.set(None);
        let there = document().get_element_by_id(&opened_by).is_some();
        focus(if there { opened_by.clone() } else { button_id(None) });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (spelled, line, carrier) = (spelled.get_untracked(), line.get_untracked(), untrack(|| fields.carrier()));
        if !line.is_the_labs() {
            focus("cookie-name".to_owned());
            return error.set(Refusal::NoName.explain());
        }
        error.set(String::new());
        busy.set(true);
        spawn_local(async move {
            match try_it(bench, spelled, line, carrier).await {
                Ok(found) => {
                    report.set(Some(Arc::new(found)));
                    focus("cookie-result".to_owned());
                }
                Err(refusal) => error.set(refusal.explain()),
            }
            busy.set(false);
        });
    };
    let by_key = {
        let close = close.clone();
        move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                close();
            }
        }
    };
    let notes = move |about: &'static [About]| notes(broken, about);
    let name_becomes = text(move || match line.read().name.as_str() {
        "" => "The lab puts lab- before it.".to_owned(),
        name => format!("It will be called {}.", told(name)),
    });
    let size =
        text(move || format!("{} of 4,096 bytes, the name included.", thousands(line.read().pair_bytes().into())));
    let value_hint = if hidden_value { "Its value is out of reach: type a new one." } else { "" };
    view! {
        <form class="attributes" aria-labelledby=HEADING on:submit=handler(submit) on:keydown=handler(by_key) novalidate>
            <div class="fields">
                {select_field("cookie-carrier", "Set it through", &CARRIERS, fields.carrier, None)}
                {select_field("cookie-prefix", "Prefix", &PREFIXES, fields.prefix, Some(notes(&[About::Prefix])))}
                {text_field(Field { id: "cookie-name", label: "Name", hint: name_becomes }, fields.name, notes(&[About::Name]))}
                {text_field(
                    Field { id: "cookie-value", label: "Value", hint: text(move || format!("{} {value_hint}", size.read())) },
                    fields.value,
                    notes(&[About::Value]),
                )}
                {text_field(
                    Field { id: "cookie-max-age", label: "Max-Age", hint: fixed("Seconds. Empty: left out.") },
                    fields.max_age,
                    notes(&[About::MaxAge]),
                )}
                {text_field(
                    Field { id: "cookie-expires", label: "Expires", hint: fixed("Thu, 31 Dec 2026 12:00:00 GMT, or empty.") },
                    fields.expires,
                    notes(&[About::Expires]),
                )}
                {text_field(
                    Field { id: "cookie-path", label: "Path", hint: fixed("Below /lab/echo the lab can see it travel.") },
                    fields.path,
                    notes(&[About::Path]),
                )}
                {text_field(
                    Field { id: "cookie-domain", label: "Domain", hint: fixed("Empty: this host alone.") },
                    fields.domain,
                    notes(&[About::Domain]),
                )}
                {select_field("cookie-same-site", "SameSite", &SAME_SITE_LABELS, fields.same_site, Some(notes(&[About::SameSite])))}
                <fieldset class="field flags">
                    <legend>"Flags"</legend>
                    {check("cookie-secure", "Secure", fields.secure)}
                    {check("cookie-http-only", "HttpOnly", fields.http_only)}
                    {check("cookie-partitioned", "Partitioned", fields.partitioned)}
                    {notes(&[About::Secure, About::HttpOnly, About::Partitioned])}
                </fieldset>
            </div>
            <div class="outcome">
                {preview(fields, spelled)}
                {expected(bench, fields, line)}
                {what_the_spec_says(broken)}
                {where_engines_differ(bench, fields, spelled)}
                <div class="buttons">
                    <button type="submit" class="primary" disabled=busy.flag() aria-busy=aria(move || busy.get())>
                        "Try it"
                    </button>
                    <button type="button" class="quiet" on:click=handler(move |_| close())>
                        "Close"
                    </button>
                </div>
                {error_text("cookie-form-error".into(), error.text())}
                {apart(fields)}
                {move || report.get().map(|report| result(&report))}
            </div>
        </form>
    }
    .into_any()
}

/// The rules that the line breaks, compared by their ids.
#[derive(Clone)]
struct Broken(Vec<&'static Rule>);

impl PartialEq for Broken {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().map(|rule| rule.id).eq(other.0.iter().map(|rule| rule.id))
    }
}

fn broken_now(bench: Bench, fields: Fields, line: &CookieLine) -> Vec<&'static Rule> {
    // An empty form breaks nothing yet.
    if line.pair_bytes() == 0 {
        return Vec::new();
    }
    let mut rules = broken(line, fields.carrier(), &place_of(bench));
    rules.retain(|rule| rule.id != RuleId::Semicolon);
    if fields.is_cut() {
        rules.extend(RULES.iter().find(|rule| rule.id == RuleId::Semicolon));
    }
    rules
}

/// Tries the line, and notes what it changed, so that it can be undone.
async fn try_it(bench: Bench, spelled: String, line: CookieLine, carrier: Carrier) -> Result<Report, Refusal> {
    let place = untrack(|| place_of(bench));
    let draft = line.draft(carrier, place.now);
    let edit = bench.putting(Store::Cookies, draft.clone());
    let _under_way = bench.history.begin();
    let name = line.name.clone();
    bench.trying.set_value(true);
    bench.announce(Store::Cookies, Some(&name), Who::ThisTab);
    let found = trial::run(&spelled, line, carrier, &place).await;
    bench.trying.set_value(false);
    let path = draft.path.clone().unwrap_or_default();
    if let Ok(report) = &found {
        let noted = match report.outcome {
            _ if name.is_empty() => None,
            Outcome::Kept | Outcome::OutOfSight => {
                remember(&name, &path);
                bench.made(draft);
                Some((format!("Set the cookie {}.", told(&name)), edit))
            }
            Outcome::Deleted => {
                forget(&name, &path);
                Some((format!("Deleted the cookie {}.", told(&name)), Edit { after: None, ..edit }))
            }
            Outcome::Refused => None,
        };
        if let Some((what, edit)) = noted.filter(|(_, edit)| edit.before.is_some() || edit.after.is_some()) {
            bench.history.note(Step { what, edits: vec![edit] });
        }
    }
    bench.look_again(Store::Cookies).await;
    if let Ok(report) = &found {
        bench.status.set(report.headline());
    }
    found
}

struct Field {
    id: &'static str,
    label: &'static str,
    hint: Memo<String>,
}

fn fixed(hint: &'static str) -> Memo<String> {
    text(move || hint.to_owned())
}

fn text_field(field: Field, value: State<String>, notes: AnyView) -> AnyView {
    let Field { id, label, hint } = field;
    let described_by = format!("{id}-hint {id}-notes");
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <input
                id=id
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                aria-describedby=described_by
                prop:value=value.text()
                on:input=value.typed()
            />
            <p class="hint" id=format!("{id}-hint")>
                {hint}
            </p>
            {notes}
        </div>
    }
    .into_any()
}

fn select_field(
    id: &'static str,
    label: &'static str,
    options: &'static Options,
    value: State<String>,
    notes: Option<AnyView>,
) -> AnyView {
    let described_by = notes.as_ref().map(|_| format!("{id}-notes"));
    // The select has no options yet when its value is first set.
    let first = value.get_untracked();
    view! {
        <div class="field">
            <label for=id>{label}</label>
            <select id=id aria-describedby=described_by prop:value=value.text() on:change=value.typed()>
                {options
                    .iter()
                    .map(|(value, label)| view! {
                        <option value=*value selected=first == *value>
                            {*label}
                        </option>
                    })
                    .collect_view()}
            </select>
            {notes}
        </div>
    }
    .into_any()
}

fn check(id: &'static str, label: &'static str, checked: State<bool>) -> AnyView {
    view! {
        <label class="check">
            <input
                type="checkbox"
                id=id
                aria-describedby="cookie-flags-notes"
                prop:checked=checked.flag()
                on:change=checked.ticked()
            />
            {label}
        </label>
    }
    .into_any()
}

/// What the rules say of one field, while it is typed.
fn notes(broken: Derived<Broken>, about: &'static [About]) -> AnyView {
    let id = match about[0] {
        About::Prefix => "cookie-prefix-notes",
        About::Name => "cookie-name-notes",
        About::Value => "cookie-value-notes",
        About::MaxAge => "cookie-max-age-notes",
        About::Expires => "cookie-expires-notes",
        About::Path => "cookie-path-notes",
        About::Domain => "cookie-domain-notes",
        About::SameSite => "cookie-same-site-notes",
        About::Secure | About::HttpOnly | About::Partitioned => "cookie-flags-notes",
    };
    let says = text(move || {
        let lines: Vec<_> = broken
            .with(|broken| broken.0.iter().filter(|rule| about.contains(&rule.about)).map(|rule| rule.says).collect());
        lines.join("\n")
    });
    view! {
        <p class="notes" id=id hidden=flag(move || says.read().is_empty())>
            {says}
        </p>
    }
    .into_any()
}

/// The exact text, before it is handed over.
fn preview(fields: Fields, spelled: Derived<String>) -> AnyView {
    let copied = State::new("");
    let exact = move || match fields.carrier() {
        Carrier::Script => format!("document.cookie = {}", script_string(&spelled.read())),
        Carrier::Http => format!("Set-Cookie: {}", spelled.read()),
    };
    let copy_it = move |_| {
        let exact = untrack(exact);
        spawn_local(async move {
            let done = copy(&exact).await;
            copied.set(if done { "Copied." } else { "The browser does not let the page copy; select the text." });
        });
    };
    view! {
        <div class="preview">
            <h3 id="cookie-preview-heading">"Exactly this will be handed to the browser"</h3>
            <pre tabindex="0" role="region" aria-labelledby="cookie-preview-heading">
                <code inner_html=text(move || marked(&exact(), Within::Line))></code>
            </pre>
            <div class="buttons">
                <button type="button" on:click=handler(copy_it)>
                    "Copy the line"
                </button>
                <span class="hint" aria-live="polite">
                    {text(move || copied.get().to_owned())}
                </span>
            </div>
        </div>
    }
    .into_any()
}

/// A text as a string of JavaScript (ECMA-262 §12.9.4).
fn script_string(of: &str) -> String {
    let mut string = String::with_capacity(of.len() + 2);
    string.push('"');
    for c in of.chars() {
        match c {
            '"' | '\\' => string.extend(['\\', c]),
            c => string.push_str(&escaped(c.encode_utf8(&mut [0; 4]))),
        }
    }
    string.push('"');
    string
}

/// What the specification lets expect; the browser has the last word.
fn expected(bench: Bench, fields: Fields, line: Derived<CookieLine>) -> AnyView {
    let facts = move || {
        let line = line.read();
        (line.pair_bytes() > 0).then(|| facts_of(&line, forecast(&line, fields.carrier(), &place_of(bench))))
    };
    view! {
        <section class="expected" aria-label="Forecast">
            {move || facts().map(|facts| view! {
                <dl class="facts">
                    {facts
                        .into_iter()
                        .map(|(term, what)| view! {
                            <dt>{term}</dt>
                            <dd inner_html=marked(&what, Within::Line)></dd>
                        })
                        .collect_view()}
                </dl>
            })}
        </section>
    }
    .into_any()
}

fn facts_of(line: &CookieLine, forecast: Forecast) -> Vec<(&'static str, String)> {
    let verdict = match &forecast {
        Forecast::Refused => "refused",
        Forecast::Deletes => "deletes the cookie of that name, path and domain",
        Forecast::Kept(_) => "kept",
    };
    let mut facts = vec![("Forecast by the spec", verdict.to_owned())];
    if let Forecast::Kept(Draft { name, value, expires, path, flags, .. }) = forecast {
        let ends = match (expires, line.read_max_age()) {
            (Expires::At(_), Some(seconds)) => format!("{} s after it is set", seconds.min(LONGEST_LIFE)),
            (Expires::At(end), None) => utc(end),
            _ => "with the browser session".to_owned(),
        };
        let said = [("Secure", line.secure), ("HttpOnly", line.http_only), ("Partitioned", line.partitioned)];
        let mut said: Vec<_> = said.into_iter().filter(|(_, is_said)| *is_said).map(|(flag, _)| flag).collect();
        said.extend(match line.same_site {
            SameSite::Unspecified => None,
            SameSite::Lax => Some("SameSite=Lax"),
            SameSite::Strict => Some("SameSite=Strict"),
            SameSite::None => Some("SameSite=None"),
        });
        let domain = flags.domain.map_or("this host alone".to_owned(), |domain| format!("{domain} and hosts under it"));
        facts.extend([
            ("Name", if name.is_empty() { "none".to_owned() } else { name }),
            ("Value", value.to_string()),
            ("Path", path.unwrap_or_default()),
            ("Sent to", domain),
            ("Ends", ends),
            ("Flags", if said.is_empty() { "none".to_owned() } else { said.join(", ") }),
        ]);
    }
    facts
}

/// What engines are known to make of the line otherwise.
fn where_engines_differ(bench: Bench, fields: Fields, spelled: Derived<String>) -> AnyView {
    let known = move || {
        let text = spelled.read();
        differences(&text, &CookieLine::parse(&text), fields.carrier(), &place_of(bench))
    };
    view! {
        <ul class="forecast" aria-label="Where engines differ" hidden=flag(move || known().is_empty())>
            {move || known().into_iter().map(|says| view! { <li>"Engines differ: " {says}</li> }).collect_view()}
        </ul>
    }
    .into_any()
}

/// The rules that matter for the line, each with its place.
fn what_the_spec_says(broken: Derived<Broken>) -> AnyView {
    let list = move || {
        broken.with(|broken| {
            let item = |rule: &&'static Rule| {
                let lead = match rule.effect {
                    Effect::Refuses => "By the spec the browser will refuse this: ",
                    Effect::Changes => "By the spec: ",
                    Effect::Warns => "Warning: ",
                };
                view! { <li>{lead} {rule.says} " " {source(rule)}</li> }
            };
            broken.0.iter().map(item).collect_view()
        })
    };
    view! {
        <ul class="forecast" aria-label="What the spec says" hidden=flag(move || broken.with(|broken| broken.0.is_empty()))>
            {list}
        </ul>
    }
    .into_any()
}

/// Takes a line apart that comes from elsewhere.
fn apart(fields: Fields) -> AnyView {
    let pasted = State::new(String::new());
    let take = move || {
        const FIELD: &str = "set-cookie:";
        let line = pasted.read_untracked();
        let is_field = line.get(..FIELD.len()).is_some_and(|start| start.eq_ignore_ascii_case(FIELD));
        let line = if is_field { line[FIELD.len()..].trim_start_matches([' ', '\t']) } else { line.as_str() };
        untrack(|| fields.paste(line));
        focus("cookie-name".to_owned());
    };
    let take_by_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" {
            event.prevent_default();
            take();
        }
    };
    view! {
        <details>
            <summary>"Take a line apart"</summary>
            <div class="field">
                <label for="cookie-pasted">"A Set-Cookie line"</label>
                <div class="input">
                    <input
                        id="cookie-pasted"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=pasted.text()
                        on:input=pasted.typed()
                        on:keydown=handler(take_by_key)
                    />
                    <button type="button" on:click=handler(move |_| take())>
                        "Fill in"
                    </button>
                </div>
            </div>
        </details>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_shown_as_a_string_of_a_script() {
        assert_eq!(script_string(r#"lab-a="b\c""#), r#""lab-a=\"b\\c\"""#);
        assert_eq!(script_string("lab-a=\u{1}é\u{202e}😀\u{e0001}"), "\"lab-a=\\u0001é\\u202e😀\\u{e0001}\"");
    }
}

//! The panel: take a snapshot, look at one, restore it.

use super::{
    export::{Form, Held, Written},
    file::Snapshot,
    import::{self, Here, Import},
    out_of_reach::out_of_reach,
    plan::{Fate, Planned, plan},
};
use crate::{
    bench::{requests::Sender, state::Bench},
    browser::{Store, source},
    reactive::State,
    text::{told as told_name, units::kept},
    ui::{aria, copy, download, error_text, flag, focus, handler},
};
use js_sys::Uint8Array;
use leptos::{ev::Event, prelude::*, task::spawn_local};
use std::sync::Arc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

/// Most lines of one kind that are listed; the rest is counted.
const LISTED: usize = 200;

/// The panel.
pub(in crate::bench) fn panel(bench: Bench) -> AnyView {
    view! {
        <div class="snapshot">
            {taking(bench)}
            {restoring(bench)}
        </div>
    }
    .into_any()
}

/// The stores that the bench shows.
fn take(bench: Bench) -> Snapshot {
    // What is shown of an app's other stores is not always all that it is made of: put back from a text it would be something else.
    let is_in = |store: &Store| source::app().is_none() || !Store::OPTIONAL.contains(store);
    let shown = bench.columns.get_untracked().into_iter().filter(is_in);
    Snapshot::take(shown.map(|store| (store, bench.entries(store).get_untracked())), now(), here().origin)
}

fn now() -> i64 {
    (js_sys::Date::now() / 1_000.0) as i64
}

fn taking(bench: Bench) -> AnyView {
    let save = move |_| {
        let snapshot = take(bench);
        let saved = download(&format!("storage-lab-{}.json", snapshot.taken), "application/json", &snapshot.write());
        bench.status.set(match saved {
            Ok(()) => "Saved the snapshot as a file.".to_owned(),
            Err(_) => "The browser did not save the file. Copy the snapshot instead.".to_owned(),
        });
    };
    let copy_snapshot = move |_| copied(bench, "the snapshot".to_owned(), take(bench).write());
    let copy_cookies = move |form: Form| handler(move |_| copied_as(bench, form));
    view! {
        <section aria-labelledby="snapshot-take">
            <h2 id="snapshot-take">"Take a snapshot"</h2>
            <p>
                "All that the bench sees, as one file. The values of HttpOnly cookies are not in it: no script can read
                them, and the file says so at each. Keep it as you would keep what is in it."
            </p>
            {out_of_reach(bench)}
            <div class="buttons">
                <button type="button" class="primary" on:click=handler(save)>
                    "Save snapshot"
                </button>
                <button type="button" on:click=handler(copy_snapshot)>
                    "Copy snapshot"
                </button>
                <button type="button" on:click=copy_cookies(Form::Request(Sender::Curl))>
                    "Copy cookies as curl (POSIX shell)"
                </button>
                <button type="button" on:click=copy_cookies(Form::Statements)>
                    "Copy cookies as document.cookie"
                </button>
            </div>
            {for_others(bench)}
        </section>
    }
    .into_any()
}

/// The same for other tools, each in its form.
fn for_others(bench: Bench) -> AnyView {
    let chosen = State::new(0_usize);
    let form = move || Form::LISTED.get(chosen.get_untracked()).copied().unwrap_or(Form::CookieEditor);
    let options = Form::LISTED.iter().enumerate().map(|(at, form)| {
        view! { <option value=at.to_string()>{form.title()}</option> }
    });
    let choose = move |event: Event| chosen.set(event_target_value(&event).parse().unwrap_or(0));
    let save = move |_| {
        let form = form();
        let Some(written) = written(bench, form) else { return };
        bench.status.set(match download(form.file(), "text/plain", &written.text) {
            Ok(()) => format!("Saved the {}.{}", form.title(), left_out(&written)),
            Err(_) => "The browser did not save the file. Copy it instead.".to_owned(),
        });
    };
    view! {
        <div class="field">
            <label for="snapshot-form">"For another tool"</label>
            <select id="snapshot-form" on:change=handler(choose)>
                {options.collect_view()}
            </select>
        </div>
        <div class="buttons">
            <button type="button" on:click=handler(save)>
                "Save in this form"
            </button>
            <button type="button" on:click=handler(move |_| copied_as(bench, form()))>
                "Copy in this form"
            </button>
        </div>
    }
    .into_any()
}

/// What the bench holds in a form of others; where that has no spelling for it, the status says so.
fn written(bench: Bench, form: Form) -> Option<Written> {
    let Here { host, origin, .. } = here();
    let cookies = bench.entries(Store::Cookies).get_untracked();
    let local_storage = bench.entries(Store::LocalStorage).get_untracked();
    let written = form.write(&Held { host: &host, origin: &origin, cookies: &cookies, local_storage: &local_storage });
    if written.is_none() {
        bench.status.set(format!("There is no way to write these {}. Take another form.", form.title()));
    }
    written
}

fn left_out(written: &Written) -> String {
    match written.left {
        0 => String::new(),
        left => format!(" Not in it: {}, out of the reach of scripts or of the form.", entries(left)),
    }
}

fn copied_as(bench: Bench, form: Form) {
    if let Some(written) = written(bench, form) {
        copied(bench, format!("the {}", form.title()), written.text);
    }
}

fn copied(bench: Bench, what: String, text: String) {
    spawn_local(async move {
        let done = copy(&text).await;
        let _ = bench.status.try_set(match done {
            true => format!("Copied {what}."),
            false => "The browser does not let this page copy. Save the file instead.".to_owned(),
        });
    });
}

fn here() -> Here {
    let location = window().location();
    let origin = source::app().map_or_else(|| location.origin().unwrap_or_default(), |app| (app.origin)());
    // A dock is at the host of its app's page.
    Here { host: location.hostname().unwrap_or_default(), origin, now: now() }
}

/// What was decided of a snapshot that somebody looks at.
type Plan = Arc<Vec<Planned>>;

fn restoring(bench: Bench) -> AnyView {
    let pasted = State::new(String::new());
    let error = State::new(String::new());
    let imported = State::new(None::<Arc<Import>>);
    let renaming = State::new(false);
    let planned = State::new(None::<Plan>);
    let outcome = State::new(None::<Vec<String>>);
    let busy = State::new(false);

    let decide = move || {
        let Some(import) = imported.get_untracked() else { return };
        let snapshot = match renaming.get_untracked() {
            true => import.under_lab_names(),
            false => import.snapshot.clone(),
        };
        planned.set(Some(Arc::new(plan(&snapshot, now(), |store, draft| bench.putting(store, draft)))));
    };
    let give_up = move || {
        imported.set(None);
        planned.set(None);
    };
    let look = move || {
        outcome.set(None);
        match import::read(&kept(pasted.get_untracked()), &here()) {
            Ok(import) => {
                error.set(String::new());
                imported.set(Some(Arc::new(import)));
                decide();
                focus("snapshot-preview".to_owned());
            }
            Err(wrong) => {
                give_up();
                error.set(wrong);
            }
        }
    };
    let choose = move |event: Event| {
        spawn_local(async move {
            match chosen_file(event).await {
                Ok(text) => {
                    if pasted.try_set(text).is_none() {
                        look();
                    }
                }
                Err(why) => drop(error.try_set(why)),
            }
        });
    };
    let restore = move || {
        let Some(plan) = planned.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            let left = restored(bench, &plan).await;
            let _ = imported.try_set(None);
            let _ = planned.try_set(None);
            let _ = outcome.try_set(Some(left));
            let _ = busy.try_set(false);
            focus("snapshot-outcome".to_owned());
        });
    };
    view! {
        <section aria-labelledby="snapshot-restore">
            <h2 id="snapshot-restore">"Restore a snapshot"</h2>
            <p>
                {source::app().is_none().then(|| view! {
                    "Only entries named " <code>"lab-…"</code>
                    " and those without a name are written; all others are listed as left alone. "
                })}
                "You see what would happen before it does, and it is one step that can be undone. What other tools export is
                read too: lists of cookies, cookies.txt, storageState, HAR, header lines, localStorage as JSON."
            </p>
            <div class="field">
                <label for="snapshot-file">"From a file"</label>
                <input id="snapshot-file" type="file" accept=".json,.txt,.har,application/json,text/plain" on:change=handler(choose) />
            </div>
            <div class="field">
                <label for="snapshot-text">"Or paste it here"</label>
                <textarea
                    id="snapshot-text"
                    rows="6"
                    spellcheck="false"
                    autocomplete="off"
                    aria-describedby="snapshot-error"
                    aria-invalid=aria(move || !error.read().is_empty())
                    prop:value=pasted.text()
                    on:input=pasted.typed()
                ></textarea>
                {error_text("snapshot-error".into(), error.text())}
            </div>
            <div class="buttons">
                <button type="button" on:click=handler(move |_| look())>
                    "Look at it"
                </button>
            </div>
            <p hidden=flag(move || source::app().is_some() || imported.with(|import| !import.as_ref().is_some_and(|import| import.has_other_names())))>
                <label>
                    <input
                        type="checkbox"
                        prop:checked=renaming.flag()
                        on:change=handler(move |event: Event| {
                            renaming.set(event_target_checked(&event));
                            decide();
                        })
                    />
                    " Put lab- before names that do not begin with it"
                </label>
            </p>
            {move || {
                let import = imported.get_untracked();
                planned.get().map(|plan| preview(import.as_deref(), &plan, busy, restore, give_up))
            }}
            {move || outcome.get().map(told)}
        </section>
    }
    .into_any()
}

/// The text of the file that was just chosen; the same file can be chosen again afterwards.
async fn chosen_file(event: Event) -> Result<String, String> {
    let read = async {
        let input: HtmlInputElement = event.target()?.dyn_into().ok()?;
        let file = input.files()?.get(0)?;
        let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
        input.set_value("");
        Some(Uint8Array::new(&bytes).to_vec())
    };
    match read.await {
        Some(bytes) => import::text_of(&bytes),
        None => Err("The file could not be read.".to_owned()),
    }
}

/// Restores what can be, as one step; returns a line for each entry that could not.
async fn restored(bench: Bench, plan: &[Planned]) -> Vec<String> {
    let mut edits: Vec<_> = plan.iter().filter_map(Planned::edit).cloned().collect();
    edits.sort_by_key(|edit| edit.store as usize);
    let wanted = edits.len();
    let refused = bench.act(format!("Restored {} from a snapshot.", entries(wanted)), edits).await;
    if !refused.is_empty() {
        let done = wanted - refused.len();
        bench.status.set(format!("Restored {done} of {}; the panel says why not the others.", entries(wanted)));
    }
    let refused =
        refused.iter().map(|(edit, refusal)| line(edit.store, edit.name(), &format!("Refused: {}", refusal.explain())));
    let left = plan.iter().filter_map(|planned| match &planned.fate {
        Fate::Left(left) => Some(line(planned.store, &planned.name, &left.explain())),
        _ => None,
    });
    refused.chain(left).collect()
}

fn entries(count: usize) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn line(store: Store, name: &str, what: &str) -> String {
    format!("{} in {}. {what}", told_name(name), store.title())
}

/// What restoring would do, and the button that does it.
fn preview(
    import: Option<&Import>,
    plan: &[Planned],
    busy: State<bool>,
    restore: impl Fn() + 'static,
    give_up: impl Fn() + 'static,
) -> AnyView {
    let group = |title: &str, of: fn(&Fate) -> Option<String>| {
        let told = |planned: &Planned| {
            let what = of(&planned.fate)?;
            let changed = if planned.changed.is_empty() || !what.is_empty() {
                String::new()
            } else {
                format!("What is changed: {}.", planned.changed.join("; "))
            };
            Some(line(planned.store, &planned.name, &format!("{what}{changed}")))
        };
        list(title, plan.iter().filter_map(told).collect())
    };
    let form = import.and_then(|import| import.form).map(|form| format!("Read as {form}."));
    let notes = import.map(|import| import.notes.clone()).unwrap_or_default();
    let said = form.into_iter().chain(notes).map(|note| view! { <p>{note}</p> }).collect_view();
    let groups = [
        group("Will be created", |fate| matches!(fate, Fate::Create(_)).then(String::new)),
        group("Will be overwritten", |fate| matches!(fate, Fate::Overwrite(_)).then(String::new)),
        group("There already, just so", |fate| matches!(fate, Fate::Same).then(String::new)),
        group("Will not be restored", |fate| match fate {
            Fate::Left(left) => Some(left.explain()),
            _ => None,
        }),
    ];
    let todo = plan.iter().filter(|planned| planned.edit().is_some()).count();
    view! {
        <div class="preview" id="snapshot-preview" role="group" aria-label="What would happen" tabindex="-1">
            {said}
            {plan.is_empty().then(|| view! { <p>"There is nothing in it."</p> })}
            {groups}
            <div class="buttons">
                <button
                    type="button"
                    class="primary"
                    disabled=flag(move || todo == 0 || busy.get())
                    aria-busy=aria(move || busy.get())
                    on:click=handler(move |_| restore())
                >
                    {format!("Restore {}", entries(todo))}
                </button>
                <button type="button" class="quiet" on:click=handler(move |_| give_up())>
                    "Cancel"
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What came of it.
fn told(left: Vec<String>) -> AnyView {
    view! {
        <div id="snapshot-outcome" role="group" aria-label="What came of it" tabindex="-1">
            {if left.is_empty() {
                view! { <p>"Everything in the snapshot is there now."</p> }.into_any()
            } else {
                list("Not restored", left)
            }}
        </div>
    }
    .into_any()
}

/// Lines under a title with their number; nothing where there are none.
fn list(title: &str, lines: Vec<String>) -> AnyView {
    let count = lines.len();
    if count == 0 {
        return ().into_any();
    }
    let more = count.checked_sub(LISTED).filter(|more| *more > 0);
    let more = more.map(|more| view! { <li>{format!("and {more} more")}</li> });
    view! {
        <h3>{format!("{title}: {count}")}</h3>
        <ul class="lines">
            {lines.into_iter().take(LISTED).map(|line| view! { <li>{line}</li> }).collect_view()}
            {more}
        </ul>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_the_entry_its_store_and_what_happens() {
        assert_eq!(line(Store::Opfs, "lab-a", "Left alone."), "lab-a in OPFS. Left alone.");
        assert_eq!(line(Store::Cookies, "", ""), "(empty name) in Cookies. ");
        assert_eq!([0, 1, 2].map(entries), ["0 entries", "1 entry", "2 entries"]);
    }
}

//! "Reset the lab": removes what the lab made, in every store, and nothing else.

use crate::{
    bench::{
        history::Edit,
        model::{Entry, Store, is_lab_name},
        state::Bench,
        wire::{echo, set_over_http},
    },
    ui::{aria, flag},
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};

/// Stores with what the lab made in them.
type Found = Vec<(Store, Vec<Entry>)>;

/// As of the last look.
fn found(bench: Bench) -> Found {
    let of = |store| (store, bench.lab_entries(store));
    Store::ALL.map(of).into_iter().filter(|(_, entries)| !entries.is_empty()).collect()
}

/// The dialog that asks first; it opens by itself.
pub(in crate::bench) fn dialog(bench: Bench) -> AnyView {
    let node = NodeRef::<Dialog>::new();
    let busy = RwSignal::new(false);
    // What there is, once everything is read.
    let there = RwSignal::new(None::<Found>);
    Effect::new(move || {
        if let Some(dialog) = node.get() {
            let _ = dialog.show_modal();
        }
    });
    // Columns that are switched off hold entries all the same.
    spawn_local(async move {
        for store in Store::FURTHER {
            bench.read_further(store).await;
        }
        let _ = there.try_set(Some(found(bench)));
    });
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let reset = move |_| {
        busy.set(true);
        spawn_local(async move {
            reset(bench).await;
            let _ = busy.try_set(false);
            close();
        });
    };
    view! {
        <dialog node_ref=node class="card reset" aria-labelledby="reset-heading">
            <h2 id="reset-heading">"Reset the lab"</h2>
            <p>
                "Removes every entry named " <code>"lab-…"</code>
                " from this browser, the lab’s own settings such as the theme among them, and your values on the server.
                Everything else stays, and who is logged in stays logged in."
            </p>
            {move || match there.get() {
                Some(there) => counted(there),
                None => view! { <p>"Counting…"</p> }.into_any(),
            }}
            <p class="hint">
                "What other tabs keep in their sessionStorage stays: no tab can reach another’s."
            </p>
            <div class="buttons">
                <button
                    type="button"
                    class="primary"
                    disabled=flag(move || busy.get() || there.read().as_ref().is_none_or(Vec::is_empty))
                    aria-busy=aria(move || busy.get())
                    on:click=reset
                >
                    "Reset"
                </button>
                <button type="button" on:click=move |_| close()>
                    "Cancel"
                </button>
            </div>
        </dialog>
    }
    .into_any()
}

/// How much there is in each store.
fn counted(found: Found) -> AnyView {
    if found.is_empty() {
        return view! { <p>"The lab has made nothing here that is still there."</p> }.into_any();
    }
    let rows = found.iter().map(|(store, entries)| {
        let hidden = entries.iter().filter(|entry| entry.value.is_none()).count();
        let note = match hidden {
            0 => "can be undone".to_owned(),
            all if all == entries.len() => "cannot be undone: HttpOnly".to_owned(),
            some => format!("can be undone but for {some}: HttpOnly"),
        };
        view! {
            <tr>
                <th scope="row">{store.title()}</th>
                <td class="number">{entries.len()}</td>
                <td>{note}</td>
            </tr>
        }
    });
    view! {
        <table>
            <caption class="visually-hidden">"What is removed"</caption>
            <thead>
                <tr>
                    <th scope="col">"Store"</th>
                    <th scope="col" class="number">
                        "Entries"
                    </th>
                    <th scope="col">"Afterwards"</th>
                </tr>
            </thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// Removes it all: what scripts reach as one step that can be undone, the rest through the server.
async fn reset(bench: Bench) {
    let found = found(bench);
    let hidden: Vec<_> = found.iter().flat_map(|(_, entries)| entries).filter(|entry| entry.value.is_none()).collect();
    let mut hidden: Vec<_> = hidden.into_iter().map(|entry| (entry.name.clone(), "/")).collect();
    hidden.extend(under_lab(bench).await);
    let edits: Vec<Edit> = found.iter().flat_map(|(store, entries)| bench.deleting(*store, entries)).collect();
    let mut removed = edits.len();
    let refused = bench.act("Reset the lab.".to_owned(), edits).await;
    removed -= refused.len();
    let mut stayed: Vec<_> =
        refused.iter().map(|(edit, refusal)| format!("{}: {}", edit.name(), refusal.explain())).collect();
    for (name, path) in &hidden {
        match set_over_http(&ending(name, path)).await {
            Ok(()) => removed += 1,
            Err(error) => stayed.push(format!("{name}: {error}")),
        }
    }
    if !hidden.is_empty() {
        bench.look_again(Store::Cookies).await;
    }
    let mut words = format!("Reset the lab: removed {removed} of {}.", removed + stayed.len());
    if !hidden.is_empty() {
        words.push_str(" HttpOnly cookies cannot be put back.");
    }
    for line in stayed {
        words.push_str(&format!(" {line}"));
    }
    bench.status.set(words);
}

/// Cookies for the path `/lab`, which no script of this page sees, but the server does.
async fn under_lab(bench: Bench) -> Vec<(String, &'static str)> {
    let Ok(received) = echo(true).await else { return Vec::new() };
    let here = bench.entries(Store::Cookies).get_untracked();
    let elsewhere = received
        .cookies
        .into_iter()
        .filter(|cookie| is_lab_name(&cookie.name) && !here.iter().any(|entry| entry.name == cookie.name));
    elsewhere.map(|cookie| (cookie.name, "/lab")).collect()
}

/// The line that ends a cookie. The prefixes demand their attributes of it too (RFC 6265bis §4.1.3).
fn ending(name: &str, path: &str) -> String {
    let secure = if name.starts_with("__") { "; Secure" } else { "" };
    format!("{name}=; Path={path}; Max-Age=0; HttpOnly{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_ended_by_a_line_that_its_prefix_allows() {
        assert_eq!(ending("lab-a", "/lab"), "lab-a=; Path=/lab; Max-Age=0; HttpOnly");
        assert_eq!(ending("__Host-Http-lab-a", "/"), "__Host-Http-lab-a=; Path=/; Max-Age=0; HttpOnly; Secure");
    }
}

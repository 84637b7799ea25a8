//! "Reset the lab": removes what the lab made, in every store, and nothing else.

use super::out_of_reach::out_of_reach;
use crate::{
    bench::{history::Edit, state::Bench},
    browser::{
        Draft, Refusal, Store, Who,
        cookies::{ANYWHERE, ECHO, delete_hidden, paths_to},
        is_lab_name,
        lab::echo,
    },
    reactive::State,
    text::told,
    ui::{aria, effect, flag, handler},
    wire::ReceivedCookie,
    words::thousands,
};
use leptos::{html::Dialog, prelude::*, task::spawn_local};

/// Stores with the edits that empty them of what the lab made.
type Found = Vec<(Store, Vec<Edit>)>;

/// As of the last look.
async fn found(bench: Bench) -> Found {
    let mut found = Vec::new();
    for store in Store::ALL {
        let edits = match store {
            Store::Cookies => cookies_of_the_lab(bench).await,
            _ => bench.deleting(store, &bench.lab_entries(store)),
        };
        if !edits.is_empty() {
            found.push((store, edits));
        }
    }
    found
}

/// The dialog that asks first; it opens by itself.
pub(in crate::bench) fn dialog(bench: Bench) -> AnyView {
    let node = NodeRef::<Dialog>::new();
    let busy = State::new(false);
    // What there is, once everything is read.
    let there = State::new(None::<Found>);
    effect(move || {
        if let Some(dialog) = node.get() {
            let _ = dialog.show_modal();
        }
    });
    // Columns that are switched off hold entries all the same, and no event tells of what scripts of this page write.
    spawn_local(async move {
        for store in Store::ALL {
            bench.look_again(store).await;
        }
        let _ = there.try_set(Some(found(bench).await));
    });
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let reset = move |_| {
        let Some(there) = there.get_untracked() else { return };
        busy.set(true);
        spawn_local(async move {
            reset(bench, there).await;
            let _ = busy.try_set(false);
            close();
        });
    };
    view! {
        <dialog node_ref=node class="reset" aria-labelledby="reset-heading">
            <h2 id="reset-heading">"Reset the lab"</h2>
            <p>
                "Removes every entry named " <code>"lab-…"</code>
                " from this browser, the lab’s own settings such as the theme among them, and your values on the server.
                Everything else stays, and who is logged in stays logged in."
            </p>
            {out_of_reach(bench)}
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
                    on:click=handler(reset)
                >
                    "Reset"
                </button>
                <button type="button" on:click=handler(move |_| close())>
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
    let rows = found.iter().map(|(store, edits)| {
        let note = match edits.iter().filter(|edit| is_lost(edit)).count() {
            0 => "can be undone".to_owned(),
            all if all == edits.len() => "cannot be undone: HttpOnly".to_owned(),
            some => format!("can be undone but for {some}: HttpOnly"),
        };
        view! {
            <tr>
                <th scope="row">{store.title()}</th>
                <td class="number">{thousands(edits.len() as u64)}</td>
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

/// Whether nobody here can put it back.
fn is_lost(edit: &Edit) -> bool {
    edit.before.as_ref().is_some_and(|before| before.unseen)
}

fn is_lost_cookie(edit: &Edit) -> bool {
    edit.store == Store::Cookies && is_lost(edit)
}

/// Removes it all, as one step, and looks whether it is gone. Cookies that nobody can put back are deleted by their names,
/// whatever there is of each.
async fn reset(bench: Bench, found: Found) {
    let edits = found.into_iter().flat_map(|(_, edits)| edits);
    let (known, edits): (Vec<_>, Vec<_>) = edits.partition(is_lost_cookie);
    let (count, mut lost) = (edits.len(), edits.iter().any(is_lost));
    let mut stays = bench.act("Reset the lab.".to_owned(), edits).await;
    stays.retain(|(edit, _)| edit.store != Store::Cookies);
    // One that scripts saw may have been taken for another of its name: that is found now.
    let mut left = cookies_of_the_lab(bench).await;
    let hidden: Vec<_> = left.iter().filter(|edit| is_lost(edit)).cloned().collect();
    let all = count + hidden.len().max(known.len());
    if !hidden.is_empty() {
        lost = true;
        delete_by_name(bench, &hidden).await;
        left = cookies_of_the_lab(bench).await;
    }
    stays.extend(left.into_iter().map(|edit| (edit, Refusal::CookieStays)));
    let all = all.max(stays.len());
    let gone = all - stays.len();
    let mut words = format!("Reset the lab: removed {} of {}.", thousands(gone as u64), thousands(all as u64));
    if lost {
        words.push_str(" HttpOnly cookies cannot be put back.");
    }
    for (edit, refusal) in stays {
        words.push_str(&format!(" {} in {}: {}", told(edit.name()), edit.store.title(), refusal.explain()));
    }
    bench.status.set(words);
}

/// Deletes all cookies of the names of these.
async fn delete_by_name(bench: Bench, hidden: &[Edit]) {
    let mut names: Vec<_> = hidden.iter().map(Edit::name).collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        let mut paths = ANYWHERE.to_vec();
        for draft in hidden.iter().filter(|edit| edit.name() == name).filter_map(|edit| edit.before.as_ref()) {
            match (&draft.path, &draft.only_at) {
                (Some(path), _) => paths.push(path),
                (None, Some(at)) => paths.extend(paths_to(at)),
                (None, None) => {}
            }
        }
        paths.sort_unstable();
        paths.dedup();
        bench.announce(Store::Cookies, Some(name), Who::ThisTab);
        // What stays is found by the next look.
        let _ = delete_hidden(name, &paths).await;
    }
    bench.look_again(Store::Cookies).await;
}

/// The edits that delete the lab's cookies, those for `/lab` among them of which this page was not told.
async fn cookies_of_the_lab(bench: Bench) -> Vec<Edit> {
    let mut edits = bench.deleting(Store::Cookies, &bench.lab_entries(Store::Cookies));
    if edits.is_empty() {
        let received = echo(true).await.map(|received| received.cookies).unwrap_or_default();
        let labs = received.into_iter().filter(|cookie| is_lab_name(&cookie.name));
        edits.extend(labs.map(|cookie| Edit { store: Store::Cookies, before: Some(elsewhere(cookie)), after: None }));
    }
    edits
}

fn elsewhere(cookie: ReceivedCookie) -> Draft {
    Draft { unseen: true, only_at: Some(ECHO.to_owned()), ..Draft::new(cookie.name, "") }
}

//! What is often told of the web's stores and is not so, and the experiments that settle it.

use super::catalogue::find;
use leptos::prelude::*;
use leptos_router::components::A;

/// A popular statement that is wrong.
struct Myth {
    /// As it is told.
    says: &'static str,
    /// What is true.
    truth: &'static str,
    /// Who tells it, where that is known.
    told_by: &'static str,
    /// The slugs of the experiments by which it can be settled.
    settled_by: &'static [&'static str],
}

const MYTHS: &[Myth] = &[
    Myth {
        says: "The server knows that I was here a moment ago.",
        truth: "Two requests have nothing to do with each other, until something is carried along with both.",
        told_by: "",
        settled_by: &["http-forgets"],
    },
    Myth {
        says: "With HTTPS a secret in the address is safe.",
        truth: "On the way it is. But the address is in the history, in logs, in every link that is passed on, and in the \
                Referer.",
        told_by: "",
        settled_by: &["url-parameters"],
    },
    Myth {
        says: "What is in localStorage is sent along, like a cookie.",
        truth: "Not a byte of it leaves the browser unless a script sends it.",
        told_by: "",
        settled_by: &["what-travels"],
    },
    Myth {
        says: "localStorage keeps numbers, dates and objects.",
        truth: "It keeps strings. A number comes back as text, null as the word “null”, and an object as “[object Object]”.",
        told_by: "",
        settled_by: &["everything-becomes-a-string"],
    },
    Myth {
        says: "When the cookie is deleted, I am logged out.",
        truth: "Your browser has forgotten the key. The session lives on at the server, for whoever has a copy, until the \
                server ends it.",
        told_by: "",
        settled_by: &["hijack", "it-ends"],
    },
    Myth {
        says: "An encrypted cookie is safe from every misuse.",
        truth: "Nobody can read or change it. But an old one can be sent again, and the server cannot tell.",
        told_by: "",
        settled_by: &["sealed-cookie"],
    },
    Myth {
        says: "With HttpOnly an injected script can do no harm.",
        truth: "It cannot carry the token away. It can still act on the page in your name, for as long as the page is open.",
        told_by: "",
        settled_by: &["script-injection"],
    },
    Myth {
        says: "Equal passwords have equal hashes.",
        truth: "Each hash has a salt of its own: the same password, hashed twice, gives two that have nothing in common.",
        told_by: "",
        settled_by: &["password-hash"],
    },
    Myth {
        says: "Whoever steals the database can use the sessions in it.",
        truth: "Not where it holds a hash of each token, as here: the hash opens nothing.",
        told_by: "",
        settled_by: &["stolen-database"],
    },
];

/// All of them, as cards.
pub(super) fn myths() -> AnyView {
    view! {
        <section aria-labelledby="myths-heading">
            <h2 id="myths-heading">"Often told, and not so"</h2>
            <ul class="cards" role="list">
                {MYTHS.iter().map(card).collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn card(Myth { says, truth, told_by, settled_by }: &'static Myth) -> AnyView {
    let links = settled_by.iter().filter_map(|slug| find(slug)).map(|experiment| {
        view! {
            <li>
                <A href=format!("/experiments/{}", experiment.slug)>{experiment.title}</A>
            </li>
        }
    });
    let told_by = (!told_by.is_empty()).then(|| view! { <p class="hint">{format!("Told by {told_by}.")}</p> });
    view! {
        <li class="card">
            <h3>{format!("“{says}”")}</h3>
            <p>{*truth}</p>
            {told_by}
            <ul aria-label="Try it">{links.collect_view()}</ul>
        </li>
    }
    .into_any()
}

//! The page of what is often told of the web's stores and is not so, with the experiments that settle it.

use super::catalogue::CATALOGUE;
use crate::ui::Title;
use leptos::prelude::*;

/// Its address: where an experiment's slug would stand, so that it needs no route of its own, which every first visit to
/// the lab would pay for.
pub(super) const ADDRESS: &str = "/experiments/myths";
/// Its name where an experiment's slug would stand.
pub(super) const SLUG: &str = "myths";

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
        says: "A cookie holds 4,096 characters.",
        truth: "They are bytes, of the name and the value together. An é takes two of them, an emoji four; and a cookie \
                that is too long is dropped without a word.",
        told_by: "",
        settled_by: &["how-much-fits-in-a-cookie"],
    },
    Myth {
        says: "A browser keeps some 20 cookies of a site.",
        truth: "The standard asks for 50 at least. Chromium was seen to keep 180; with the next one it throws the oldest \
                away until 150 are left.",
        told_by: "javascript.info",
        settled_by: &["how-many-cookies"],
    },
    Myth {
        says: "Another port is another site, so its cookies are its own.",
        truth: "Cookies do not know ports: what one server of a host sets is sent to all of them. Web storage does know \
                them.",
        told_by: "",
        settled_by: &["another-port"],
    },
    Myth {
        says: "localStorage holds 10 MB, sessionStorage 5 MB.",
        truth: "The limit is the same for both, and each has its own. In Chromium it is 5,242,880 UTF-16 units, names and \
                values together: whether that is 5 or 10 MB is a matter of counting.",
        told_by: "",
        settled_by: &["how-much-fits-in-web-storage", "one-quota-or-two"],
    },
    Myth {
        says: "The browser always reports 60 % of the disk as the quota.",
        truth: "It is an estimate and not told truly: the Chromium that was tried says 10 GiB on a disk of 252 GB, and \
                counts nothing for a localStorage that is full.",
        told_by: "web.dev",
        settled_by: &["one-quota-or-two"],
    },
    Myth {
        says: "localStorage keeps numbers, dates and objects.",
        truth: "It keeps strings. A number comes back as text, null as the word “null”, and an object as “[object Object]”.",
        told_by: "",
        settled_by: &["everything-becomes-a-string"],
    },
    Myth {
        says: "Web storage costs no time, it is only memory.",
        truth: "Scripts wait for it, and the page with them: a large write makes the page miss frames.",
        told_by: "",
        settled_by: &["storage-is-synchronous"],
    },
    Myth {
        says: "Setting localStorage.name directly fires no storage event.",
        truth: "It is the same as setItem, and so is delete as removeItem: other documents are told.",
        told_by: "javascript.info",
        settled_by: &["tabs-and-windows"],
    },
    Myth {
        says: "A session cookie is gone when the tab is closed.",
        truth: "It lives for as long as the browser thinks its session lasts: longer than the tab, and when the browser \
                is started again and restores its tabs, often longer than that.",
        told_by: "javascript.info",
        settled_by: &["how-long-it-lives", "close-the-browser"],
    },
    Myth {
        says: "A browser that restores its tabs brings session cookies back, but not sessionStorage.",
        truth: "Chromium was seen to bring both back.",
        told_by: "an issue of the Brave browser",
        settled_by: &["close-the-browser"],
    },
    Myth {
        says: "When the cookie is deleted, I am logged out.",
        truth: "Your browser has forgotten the key. The session lives on at the server, for whoever has a copy, until the \
                server ends it.",
        told_by: "",
        settled_by: &["it-ends", "hijack"],
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
        says: "A server hears from another site only if it has allowed it.",
        truth: "The browser sends the request, sometimes with your cookies; only the answer is kept from the other site.",
        told_by: "",
        settled_by: &["cross-site-request-forgery"],
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

/// How many there are.
pub(super) fn count() -> usize {
    MYTHS.len()
}

/// All of them, as cards.
#[component]
pub(super) fn MythsPage() -> impl IntoView {
    view! {
        <Title text="Often told, and not so" />
        <div class="wide experiments">
            <p class="trail">
                <a href="/experiments">"Experiments"</a>
            </p>
            <h1>"Often told, and not so"</h1>
            <p class="lead">
                {format!(
                    "{} popular mistakes about what the web keeps. Each is set right here, and can be tried: nobody has to be believed.",
                    MYTHS.len(),
                )}
            </p>
            <ul class="cards" role="list">
                {MYTHS.iter().map(card).collect_view()}
            </ul>
        </div>
    }
}

fn card(Myth { says, truth, told_by, settled_by }: &'static Myth) -> AnyView {
    let settles = |slug: &&str| CATALOGUE.iter().find(|experiment| experiment.slug == *slug);
    let links = settled_by.iter().filter_map(settles).map(|experiment| {
        view! {
            <li>
                <a href=format!("/experiments/{}", experiment.slug)>{experiment.title}</a>
            </li>
        }
    });
    let told_by = (!told_by.is_empty()).then(|| view! { <p class="hint">{format!("Told by {told_by}.")}</p> });
    view! {
        <li class="card">
            <h2>{format!("“{says}”")}</h2>
            <p>{*truth}</p>
            {told_by}
            <ul aria-label="Try it">{links.collect_view()}</ul>
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_the_mistakes_takes_no_experiments_place() {
        assert!(CATALOGUE.iter().all(|experiment| experiment.slug != SLUG));
        assert_eq!(ADDRESS, format!("/experiments/{SLUG}"));
    }

    #[test]
    fn every_mistake_is_settled_by_an_experiment_that_there_is() {
        for Myth { says, settled_by, .. } in MYTHS {
            assert!(!settled_by.is_empty(), "{says}");
            for slug in *settled_by {
                assert!(CATALOGUE.iter().any(|experiment| experiment.slug == *slug), "{says}: {slug}");
            }
        }
    }
}

//! Script injection: a token in localStorage against one in an HttpOnly cookie, and a policy that stops the script.

use crate::{browser::Area, experiments::prelude::*, json};
use gloo_timers::future::TimeoutFuture;
use leptos::{ev, prelude::*};
use serde::Deserialize;
use std::{cell::RefCell, rc::Rc};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "script-injection",
    title: "A script that does not belong there",
    group: Group::Attacks,
    claims: &[C10],
    about: &[
        "A page shows what others wrote, such as the entries of a guestbook. If it forgets to take the meaning out of \
         them, an entry can be a script, and that script runs as if it belonged to the page. This is called cross-site \
         scripting.",
        "Here a guestbook of this site holds such an entry. It is always the same one: it reads what it can of the two \
         tokens that you laid out, and tells this page alone.",
    ],
    question: "One token lies in localStorage, one in a cookie with HttpOnly. Which of them can the injected script read?",
    choices: &[
        "Both: it runs in the page, so it sees what the page sees.",
        "The one in localStorage, and not the one in the HttpOnly cookie.",
        "None: a script from elsewhere has no access to this site's data.",
    ],
    parameters: &[],
    steps: &[
        Step(
            "Two tokens",
            "One token goes into localStorage, one into a cookie that the server sets with HttpOnly, and one into a cookie \
             without it.",
        ),
        Step("The guestbook is opened", "In a frame, unseen. The entry in it runs and reports what it found."),
        Step(
            "The same page under a policy",
            "The server sends the page with a Content-Security-Policy that knows of no script. The entry is still in it.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage, Need::Frames],
    takes: 5,
    opens: &[],
    in_general: &[
        "HttpOnly keeps a token from being carried away. It does not keep the script from using it: a request that the \
         script sends carries the cookie all the same, for as long as the page is open.",
        "So the entry must not become a script in the first place; and where it did, a policy is the net below. This site \
         has such a policy on every page.",
    ],
    other_browsers: "All browsers do this alike.",
    sources: &[
        Source {
            says: "Cookies with HttpOnly are kept from scripts:",
            rule: "RFC 6265bis §5.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "Do not keep session tokens where scripts can read them:",
            rule: "OWASP HTML5 Security Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/HTML5_Security_Cheat_Sheet.html",
        },
        Source {
            says: "A policy says which scripts may run:",
            rule: "CSP Level 3",
            link: "https://www.w3.org/TR/CSP3/",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// What the injected script found.
#[derive(Clone, Default, Deserialize)]
struct Loot {
    cookies: Vec<String>,
    storage: Vec<(String, String)>,
}

/// How it tells.
#[derive(Deserialize)]
struct Report {
    injected: Loot,
}

/// How often and how long is listened for a report, in milliseconds.
const LISTENED_EVERY: u32 = 50;
const LISTENED_FOR: u32 = 2_000;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let [stored, hidden, open] = ["stored", "http-only", "plain"].map(|name| run.name(name));

    run.step(0).await?;
    Area::Local.set(&stored, "token-in-local-storage")?;
    run.saw(Lane::Browser, "What the page does", format!("localStorage.setItem('{stored}', 'token-in-local-storage')"));
    for line in [
        format!("{hidden}=token-behind-http-only; Path=/; SameSite=Lax; HttpOnly"),
        format!("{open}=token-in-plain-cookie; Path=/; SameSite=Lax"),
    ] {
        run.set_cookie_by_http(&line).await?;
        run.saw(Lane::Wire, "Sent with an answer", format!("Set-Cookie: {line}"));
    }
    let echo = run.echo(&Ask::get("/lab/echo/guestbook")).await?;
    let there = echo.carried(&hidden).is_some();
    run.saw(Lane::Server, "A request as it arrived", echo.head());

    if !there {
        return Err(Trouble::cannot_be_tried(
            "This browser did not keep the HttpOnly cookie, so no script can be said to miss it. Allow cookies for this site, \
             then run it again.",
        ));
    }

    run.step(1).await?;
    let loot = visit(&run, "/lab/guestbook").await?.ok_or_else(silent)?;
    let took = |name: &str| {
        loot.storage.iter().any(|(key, _)| key == name) || loot.cookies.iter().any(|pair| pair.starts_with(name))
    };
    let rows = [("localStorage", &stored), ("cookie with HttpOnly", &hidden), ("cookie without it", &open)];
    let rows =
        rows.map(|(place, name)| vec![place.to_owned(), if took(name) { "read" } else { "not read" }.to_owned()]);
    run.saw(Lane::Browser, "What the script could read", Sight::Table(&["Token in", "By the script"], rows.into()));

    run.step(2).await?;
    let guarded = visit(&run, "/lab/guestbook?guarded=true").await?;
    let said = if guarded.is_some() { "It ran all the same." } else { "The browser did not run it." };
    run.saw(Lane::Browser, "The script under the policy", said);

    Ok(match (took(&stored), took(&hidden)) {
        (true, false) if guarded.is_none() => Verdict::holds(
            1,
            "The script read the token in localStorage and the plain cookie, not the HttpOnly one, though that was sent to \
             the server. Under the policy it did not run.",
        ),
        (true, false) => {
            Verdict::holds_with_a_catch(1, "HttpOnly kept its token, but the policy did not stop the script.")
        }
        (true, true) => Verdict::does_not_hold(0, "The script read both tokens."),
        (false, _) => Verdict::does_not_hold(2, "The script did not even read the token in localStorage."),
    })
}

/// Opens a page in a frame that nobody sees, and listens for what a script in it reports; `None` when nothing is heard.
async fn visit(run: &Run, path: &str) -> Result<Option<Loot>, Trouble> {
    let frame = document().create_element("iframe").map_err(|_| silent())?;
    let attributes = [("src", path), ("hidden", ""), ("title", "Guestbook")];
    for (name, value) in attributes {
        frame.set_attribute(name, value).map_err(|_| silent())?;
    }
    let heard = Rc::new(RefCell::new(None));
    let ear = heard.clone();
    let listener = window_event_listener(ev::message, move |event| {
        let report = event.data().as_string().and_then(|text| json::read::<Report>(&text).ok());
        // Another site's word would be its own.
        let from_here = window().location().origin().is_ok_and(|origin| origin == event.origin());
        if let (Some(report), true) = (report, from_here) {
            ear.replace(Some(report.injected));
        }
    });
    let body = document().body().ok_or_else(silent)?;
    let added = body.append_child(&frame).is_ok();
    for _ in 0..LISTENED_FOR / LISTENED_EVERY {
        if heard.borrow().is_some() || !added {
            break;
        }
        TimeoutFuture::new(LISTENED_EVERY).await;
    }
    listener.remove();
    frame.remove();
    run.go_on()?;
    Ok(heard.take())
}

fn silent() -> Trouble {
    Trouble::cannot_be_tried("The guestbook reported nothing. Allow frames for this site, then run it again.")
}

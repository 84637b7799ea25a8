//! How long it lives: cookies and web storage, laid in a tab that is closed and a page that is loaded anew.

use crate::{
    browser::Area,
    experiments::{
        prelude::*,
        windows::{OwnFrame, area_of},
    },
};
use gloo_timers::future::TimeoutFuture;
use js_sys::Date;
use wasm_bindgen::JsCast;
use web_sys::HtmlDocument;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "how-long-it-lives",
    title: "How long it lives",
    group: Group::Ends,
    claims: &[C2, C5],
    about: &[
        "Whatever a browser keeps has an end. A cookie may say its end itself: “Max-Age=60” is a minute. One that says \
         nothing is a session cookie, and lives as long as the session. sessionStorage has the word in its name as well. \
         localStorage has no end.",
        "But what is a session? Here a new window is opened, all of this is laid in it, and it is closed. Then a page is \
         thrown away and loaded again, and at last you can watch a cookie go.",
    ],
    question: "In a new window a session cookie, an entry of sessionStorage and one of localStorage are made. The window is \
               closed. What of them does another page of the site still find?",
    choices: &[
        "The entry of localStorage alone: the session has ended.",
        "The cookie and the entry of localStorage: only sessionStorage was the window’s own.",
        "All three of them.",
        "None of them.",
    ],
    parameters: &[Parameter::number("seconds", "Seconds that the timed cookie may live", 1..=10, 3)],
    steps: &[
        Step(
            "Laid in a new window",
            "A window with a page of this site opens, and a script lays two cookies there and an entry in each of the \
             areas. Should the browser ask, allow this site to open windows.",
        ),
        Step("The window is closed", "This page, which has stayed open, looks for what was laid."),
        Step(
            "A page is loaded again",
            "A frame of this page gets an entry in its sessionStorage. Then its document is thrown away and loaded again, \
             as when you reload a page: what does the new one find?",
        ),
        Step(
            "The timed cookie goes",
            "The page looks for the cookie again and again until it is gone, and asks the server.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage, Need::Frames, Need::Windows],
    takes: 10,
    opens: &[Opens::Window],
    in_general: &[
        "A session cookie is removed when the session is over, and the browser says when that is: not when a tab is \
         closed, but when the browser is; and not even then if it restores its tabs at the next start. sessionStorage \
         belongs to one tab and survives a reload; it goes with the tab, and may come back with a tab that is restored. \
         localStorage stays until somebody deletes it, though a browser that is short of room may do so.",
        "What is left when the browser itself is closed and started again, another experiment tries: “Close the browser”.",
        "The session at the server is another thing: it does not notice that a tab or a browser is closed. What ends it is \
         logging out, or time.",
    ],
    other_browsers: "When the browser’s session is over is left to the browser: one that starts with the tabs of last time keeps \
                its session cookies. Safari also limits what scripts have stored to seven days without a visit.",
    sources: &[
        Source {
            says: "A cookie without Max-Age and Expires lives until the session is over, as the browser defines it:",
            rule: "RFC 6265bis §5.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "The session storage is one of a tab and its history, which the standard calls a traversable navigable:",
            rule: "WHATWG HTML §12.2.2",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#the-sessionstorage-attribute",
        },
        Source {
            says: "Scripts’ storage goes after seven days without a visit in Safari:",
            rule: "WebKit, Tracking Prevention",
            link: "https://webkit.org/tracking-prevention/",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: a_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// How often the timed cookie is looked for, and how long after its end at most, in milliseconds.
const LOOK_AFTER_MS: u32 = 100;
const PATIENCE_MS: f64 = 5_000.0;
/// What a closing window is given to be gone.
const CLOSING_MS: u32 = 300;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let seconds = run.number("seconds");
    let [timed, cookie, session, local] = ["timed", "cookie", "session", "local"].map(|what| run.name(what));

    run.step(0).await?;
    let opened = run.window().await?;
    opened.load("/lab/echo/window").await?;
    let there = opened.window().document().ok_or_else(|| {
        Trouble::because("The window was closed too early. Run it again, and leave it open until it goes by itself.")
    })?;
    let there = there.unchecked_into::<HtmlDocument>();
    let lines =
        [format!("{timed}=1; Path=/; SameSite=Lax; Max-Age={seconds}"), format!("{cookie}=1; Path=/; SameSite=Lax")];
    let began = Date::now();
    for line in &lines {
        let _ = there.set_cookie(line);
    }
    for (area, name) in [(Area::Session, &session), (Area::Local, &local)] {
        let laid = area_of(opened.window(), area)?.set_item(name, "1");
        laid.map_err(|_| {
            Trouble::cannot_be_tried(
                "The browser keeps nothing here. Allow this site to store data, then run it again.",
            )
        })?;
    }
    let script = format!(
        "document.cookie = '{}'\ndocument.cookie = '{}'\nsessionStorage.setItem('{session}', '1')\n\
         localStorage.setItem('{local}', '1')",
        lines[0], lines[1]
    );
    run.saw(Lane::Browser, "What is done in the new window", script);
    let kept = there.cookie().unwrap_or_default();
    let of_window = |name: &str| kept.split("; ").any(|pair| pair.split('=').next() == Some(name));
    let laid = area_of(opened.window(), Area::Session)?.get_item(&session).is_ok_and(|value| value.is_some());
    let rows = [
        ("timed cookie", of_window(&timed)),
        ("session cookie", of_window(&cookie)),
        ("sessionStorage", laid),
        ("localStorage", Area::Local.get(&local).is_some()),
    ];
    run.saw(Lane::Browser, "Found in the window", found(&rows));
    if !of_window(&cookie) {
        return Err(Trouble::cannot_be_tried(
            "This browser keeps no cookie for this site. Allow cookies, then run it again.",
        ));
    }

    run.step(1).await?;
    drop(opened);
    TimeoutFuture::new(CLOSING_MS).await;
    run.go_on()?;
    let left = [
        ("session cookie", run.cookie_for_scripts(&cookie).is_some()),
        ("sessionStorage", Area::Session.get(&session).is_some()),
        ("localStorage", Area::Local.get(&local).is_some()),
    ];
    run.saw(Lane::Browser, "Found in this page, with the window closed", found(&left));
    let echo = run.echo(&Ask::get("/lab/echo/closed")).await?;
    run.saw(Lane::Wire, "A request of this page, as it arrived", echo.head());
    let sent = echo.carried(&cookie).is_some();
    let said = if sent { "The session cookie came along." } else { "The session cookie did not come along." };
    run.saw(Lane::Server, "What arrived", said);

    run.step(2).await?;
    let frame = OwnFrame::load("/lab/reader?report=none").await?;
    let refused = |_| {
        Trouble::cannot_be_tried("The browser keeps nothing here. Allow this site to store data, then run it again.")
    };
    area_of(&frame.window()?, Area::Session)?.set_item(&session, "2").map_err(refused)?;
    frame.reload().await?;
    let reread = area_of(&frame.window()?, Area::Session)?.get_item(&session).map_err(refused)?;
    let survives = reread.as_deref() == Some("2");
    drop(frame);
    run.saw(Lane::Browser, "Found by the document that was loaded again", found(&[("sessionStorage", survives)]));
    run.go_on()?;

    run.step(3).await?;
    let until = began + f64::from(seconds) * 1_000.0 + PATIENCE_MS;
    let gone = loop {
        let now = Date::now();
        if run.cookie_for_scripts(&timed).is_none() {
            break Some((now - began) / 1_000.0);
        }
        if now > until {
            break None;
        }
        run.says(format!("The timed cookie is there, {:.0} s after it was set", (now - began) / 1_000.0));
        TimeoutFuture::new(LOOK_AFTER_MS).await;
        run.go_on()?;
    };
    let echo = run.echo(&Ask::get("/lab/echo/later")).await?;
    run.saw(Lane::Wire, "A request of this page, as it arrived", echo.head());
    let arrived =
        [("timed cookie", echo.carried(&timed).is_some()), ("session cookie", echo.carried(&cookie).is_some())];
    run.saw(Lane::Server, "What arrived", found(&arrived));
    let told = match gone {
        Some(after) => format!("Not found any more {after:.1} s after it was set with Max-Age={seconds}."),
        None => format!("It is still there, {} s later than it should be.", PATIENCE_MS / 1_000.0),
    };
    run.saw(Lane::Browser, "The timed cookie", told);

    let [(_, by_cookie), (_, by_session), (_, by_local)] = left;
    let right = match (by_cookie && sent, by_session, by_local) {
        (false, false, true) => 0,
        (true, false, true) => 1,
        (_, false, false) => 3,
        (_, true, _) => 2,
    };
    let Some(after) = gone.filter(|_| !arrived[0].1) else {
        return Ok(Verdict::does_not_hold(right, format!("The cookie with Max-Age={seconds} did not go in time.")));
    };
    let figures = format!(
        "The cookie with Max-Age={seconds} was found gone after {after:.1} s. When the window was closed, the session cookie \
         {}, the entry of localStorage {}, and the window’s sessionStorage {}. What lay in a page’s sessionStorage {} when it \
         was loaded again.",
        was(by_cookie, "was still there", "was gone"),
        was(by_local, "was still there", "was gone"),
        was(by_session, "was to be read here as well", "was not to be found"),
        was(survives, "was still there", "was gone")
    );
    Ok(match (right, survives) {
        (1, true) => Verdict::holds_with_a_catch(
            1,
            format!("{figures} So each has an end of its own, but a closed window is not yet the end of a session."),
        ),
        (0, true) => Verdict::holds(0, format!("{figures} The session ended with the window.")),
        _ => Verdict::does_not_hold(right, figures),
    })
}

/// What was found of several things.
fn found(things: &[(&str, bool)]) -> Sight {
    let row = |(name, there): &(&str, bool)| vec![(*name).to_owned(), was(*there, "there", "not there").to_owned()];
    Sight::Table(&["What", "Found"], things.iter().map(row).collect())
}

fn was(so: bool, yes: &'static str, no: &'static str) -> &'static str {
    if so { yes } else { no }
}

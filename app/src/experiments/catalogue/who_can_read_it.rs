//! Who can read it: cookies and web storage, read by this page, the server, another tab, another path and another site.

use crate::{
    AppError,
    bench::survival::readers::{Place, Silence, report},
    browser::Area,
    experiments::{other_site, prelude::*},
    json,
};
use serde::Deserialize;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "who-can-read-it",
    title: "Who can read it",
    group: Group::Kept,
    claims: &[C1, C2],
    about: &[
        "What a page stores lies on your machine. Who gets to see it depends on where it lies: each store has a circle of \
         readers of its own, and that is what the stores are chosen for.",
        "Here five entries are laid. Then everybody looks for them: the scripts of this page, the server, a second tab, a \
         page at another path, and a page of another site, which stands in a frame of this one.",
    ],
    question: "A page of this site stores something in your browser. Who can read it?",
    choices: &[
        "Every page in this browser: it all lies on one machine.",
        "It depends on the place, but a page of another site reads none of it.",
        "Scripts read all of it; the server only what a script sends.",
        "Only the tab that stored it.",
    ],
    parameters: &[],
    steps: &[
        Step(
            "Five entries, looked for here",
            "A cookie, one that is HttpOnly, one for the path /lab, an entry of sessionStorage and one of localStorage. The \
             scripts of this page look first, then the server says what a request to /lab brought along.",
        ),
        Step(
            "Another tab",
            "A second tab of this site opens, looks, and closes itself. The two tabs do not know of each other. A browser \
             may ask you whether it may open.",
        ),
        Step(
            "Another path",
            "A page at the address /lab/reader, in a frame which you do not see. The cookie with Path=/lab is meant for it.",
        ),
        Step(
            "Another site",
            "The same page again, in a frame as well, but under the name of another site. It looks for the same names, and \
             asks its own server.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage, Need::Frames, Need::OtherSite, Need::Windows],
    takes: 5,
    opens: &[Opens::Tab],
    in_general: &[
        "Cookies are read by the server, and by scripts unless they are HttpOnly. Their Path chooses which addresses they \
         are sent to; it is no wall: a page of the same site can frame another one and look into it.",
        "localStorage belongs to an origin, so every tab of the site shares it. sessionStorage belongs to a tab as well: \
         frames in it share it, another tab has its own. Neither is seen by the server.",
        "Of another site’s entries a page sees nothing. Its requests to that site may carry that site’s cookies, but it \
         does not learn of them.",
    ],
    other_browsers: "All browsers keep sites apart. Whether a frame of another site has cookies and storage of its own at \
                all differs with the browser and its settings.",
    sources: &[
        Source {
            says: "With HttpOnly a cookie is kept from scripts:",
            rule: "RFC 6265bis §5.6.6",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6.6",
        },
        Source {
            says: "Path does not keep a cookie from other pages of the same host:",
            rule: "RFC 6265bis §8.5",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-8.5",
        },
        Source {
            says: "sessionStorage is for one tab, localStorage for the origin:",
            rule: "WHATWG HTML §12.2",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#the-sessionstorage-attribute",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// What is laid: how its name ends, and what it is called.
const ENTRIES: [(&str, &str); 5] = [
    ("plain", "cookie"),
    ("hidden", "cookie, HttpOnly"),
    ("path", "cookie, Path=/lab"),
    ("session", "sessionStorage"),
    ("local", "localStorage"),
];

/// The names that a reader found; `None` where it could not look.
#[derive(Clone, Debug, Deserialize)]
struct Found {
    cookies: Option<Vec<String>>,
    session_storage: Option<Vec<String>>,
    local_storage: Option<Vec<String>>,
    carried: Option<Vec<String>>,
}

/// What the reader reports of a run's entries.
#[derive(Deserialize)]
struct Report {
    run: Found,
}

impl Found {
    /// Which of the entries its scripts saw, and which its server received.
    fn of(&self, run: &Run) -> [(bool, bool); 5] {
        let within =
            |names: &Option<Vec<String>>, name: &String| names.as_ref().is_some_and(|names| names.contains(name));
        ENTRIES.map(|(entry, _)| {
            let name = run.name(entry);
            let script = [&self.cookies, &self.session_storage, &self.local_storage];
            (script.into_iter().any(|names| within(names, &name)), within(&self.carried, &name))
        })
    }
}

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let [plain, hidden, path, session, local] = ENTRIES.map(|(entry, _)| run.name(entry));
    run.set_cookie_by_script(&format!("{plain}=1; Path=/; SameSite=Lax"))?;
    run.set_cookie_by_http(&format!("{hidden}=1; Path=/; SameSite=Lax; HttpOnly")).await?;
    run.set_cookie_by_script(&format!("{path}=1; Path=/lab; SameSite=Lax"))?;
    Area::Session.set(&session, "1")?;
    Area::Local.set(&local, "1")?;
    run.saw(
        Lane::Browser,
        "What a script lays",
        format!(
            "document.cookie = '{plain}=1; Path=/; SameSite=Lax'\ndocument.cookie = '{path}=1; Path=/lab; SameSite=Lax'\n\
             sessionStorage.setItem('{session}', '1')\nlocalStorage.setItem('{local}', '1')"
        ),
    );
    run.saw(Lane::Server, "What the server lays", format!("Set-Cookie: {hidden}=1; Path=/; SameSite=Lax; HttpOnly"));
    let echo = run.echo(&Ask::get("/lab/echo/reader")).await?;
    run.saw(Lane::Wire, "A request to /lab, as it arrived", echo.head());
    let here = Found {
        cookies: Some(
            [&plain, &hidden, &path]
                .into_iter()
                .filter(|name| run.cookie_for_scripts(name).is_some())
                .cloned()
                .collect(),
        ),
        session_storage: Some(Area::Session.get(&session).map(|_| session.clone()).into_iter().collect()),
        local_storage: Some(Area::Local.get(&local).map(|_| local.clone()).into_iter().collect()),
        carried: Some(ENTRIES.map(|(entry, _)| run.name(entry)).into_iter().filter(|name| came(&echo, name)).collect()),
    };
    let here = show(&run, "This page and its server", &here);

    run.step(1).await?;
    let tab = look(&run, Place::TabWithoutOpener, None, "A second tab and its server").await?;

    run.step(2).await?;
    let frame = look(&run, Place::Here, None, "A page below /lab and its server").await?;

    run.step(3).await?;
    let other_site = other_site::origin(&run).await?;
    run.saw(Lane::Browser, "The other site", other_site.clone());
    let elsewhere = look(&run, Place::OtherSite, Some(&other_site), "A page of the other site and its server").await?;
    Ok(judge(here, tab, frame, elsewhere))
}

type Seen = [(bool, bool); 5];

fn judge(here: Seen, tab: Seen, frame: Seen, elsewhere: Seen) -> Verdict {
    if elsewhere.iter().any(|(script, server)| *script || *server) {
        return Verdict::does_not_hold(0, "The other site found some of it: see the last step.");
    }
    let mut differs = Vec::new();
    let mut expect = |as_expected: bool, words: &'static str| {
        if !as_expected {
            differs.push(words);
        }
    };
    let [plain, hidden, path, session, local] = here;
    expect(plain == (true, true), "the cookie was not seen by both script and server");
    expect(hidden == (false, true), "the HttpOnly cookie was not seen by the server alone");
    expect(path == (false, true), "the cookie of /lab was not kept to that path");
    expect((session, local) == ((true, false), (true, false)), "web storage was not seen by this page’s scripts alone");
    let [.., session, local] = tab;
    expect(!session.0, "a second tab saw this tab’s sessionStorage");
    expect(local.0, "a second tab did not see localStorage");
    let [_, hidden, path, ..] = frame;
    expect(path.0, "a page below /lab did not see the cookie of that path");
    expect(!hidden.0, "a script below /lab read the HttpOnly cookie");
    if !differs.is_empty() {
        return Verdict::does_not_hold(1, format!("It depends on the place, but not as told: {}.", differs.join("; ")));
    }
    Verdict::holds(
        1,
        "Scripts of this page read the cookie, sessionStorage and localStorage, but neither the HttpOnly cookie nor the one of \
         /lab; the server received all three cookies and nothing of web storage. A second tab read localStorage, not \
         sessionStorage. A page below /lab read the cookie of that path. The other site found nothing, in its scripts or on \
         its server.",
    )
}

/// Whether an entry came along in any way.
fn came(echo: &Echo, name: &str) -> bool {
    echo.carried(name).is_some() || echo.says(name)
}

/// Sends the reader to a place. Who does not look from there cannot say what is seen from there.
async fn look(run: &Run, place: Place, other_site: Option<&str>, title: &str) -> Result<Seen, Trouble> {
    run.says("The reader is looking …");
    run.waits_for("the report of the reader");
    let report = report(place, other_site, &run.name(""), run.windows()).await;
    run.go_on()?;
    let report = report.map_err(|silence| {
        Trouble::cannot_be_tried(match silence {
            Silence::Blocked => {
                "The browser opened no second tab, and this needs one. Allow this site to open windows (pop-ups), then run it \
                 again."
            }
            _ => {
                "No word came from there: the browser, an extension or a setting may block the page. Allow frames and \
                 JavaScript for this lab under both its names, then run it again."
            }
        })
    })?;
    let found = json::read::<Report>(&report).map_err(|_| Trouble::from(AppError::Internal))?;
    Ok(show(run, title, &found.run))
}

/// Shows what a reader found, and by whom.
fn show(run: &Run, title: &str, found: &Found) -> Seen {
    let seen = found.of(run);
    let word = |seen| if seen { "sees it" } else { "–" }.to_owned();
    let rows = ENTRIES.iter().zip(seen);
    let rows = rows.map(|((_, what), (script, server))| vec![(*what).to_owned(), word(script), word(server)]).collect();
    run.saw(Lane::Browser, title, Sight::Table(&["What", "Its script", "Its server"], rows));
    seen
}

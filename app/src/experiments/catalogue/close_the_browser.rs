//! Close the browser: what is left of four marks when it was quit and started again. A run lays them and is quit with its
//! page; the next one, in the page that is opened afterwards, finds the note it left and looks.

use crate::{
    browser::{
        Area,
        locks::{Taken, hold},
    },
    experiments::prelude::*,
};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "close-the-browser",
    title: "Close the browser",
    group: Group::Ends,
    claims: &[C2, C5],
    about: &[
        "It is said that a session ends when the browser is closed: a cookie without an end of its own is called a session \
         cookie, and sessionStorage has it in its name. Here you try it, with your own browser and its own settings.",
        "The experiment lays a mark in each store. Then you quit the browser, start it again, open this page within ten \
         minutes and run it once more: this second run looks for the marks.",
    ],
    question: "Four marks are laid, the browser is quit and started again. What is left?",
    choices: &[
        "The cookie with Max-Age and the entry of localStorage.",
        "All four of them.",
        "The entry of localStorage alone.",
        "None of them.",
    ],
    parameters: &[],
    steps: &[
        Step(
            "The marks",
            "A session cookie, a cookie with Max-Age, an entry of sessionStorage and one of localStorage.",
        ),
        Step(
            "The browser is quit",
            "Quit it with all its windows, start it again, open this page, choose what you expect and run it. A private \
             window forgets everything, so use an ordinary one.",
        ),
        Step("What is left", "The page looks for each mark, and asks the server which cookies still come along."),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage],
    takes: 120,
    opens: &[Opens::Restart],
    in_general: &[
        "A browser that starts with an empty window drops its session cookies and every tab's sessionStorage. One that is \
         set to continue where you left off brings the tabs back, and with them both: then a session that was never \
         logged out goes on, on a shared computer as well.",
        "The server hears of none of this. Its session ends by logging out, or by its own timeouts.",
    ],
    other_browsers: "Each browser decides for itself what its session is, and most have a setting for it.",
    sources: &[
        Source {
            says: "Without Max-Age and Expires a cookie lives until the session is over, as the browser defines it:",
            rule: "RFC 6265bis §5.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "The end of a browsing session may be put off by restoring it:",
            rule: "WHATWG HTML §12.2.2",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#the-sessionstorage-attribute",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// What the note in localStorage is called that one run leaves for the next.
const NOTE: &str = "laid";
/// For so many seconds the timed cookie lives, and the run's names are safe from the sweep.
const TIMED: u32 = 600;
/// How often the page looks whether it was reset, while it waits to be quit.
const LOOK_AFTER_MS: u32 = 500;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    match left_by_another().await {
        Some(begins) => look(&run, &begins).await,
        None => lay(&run).await,
    }
}

/// How the names begin of a run that laid its marks and is gone with its page. One that is still there holds a lock.
async fn left_by_another() -> Option<String> {
    let area = Area::Local.open().ok()?;
    let names = (0..area.length().unwrap_or(0)).filter_map(|place| area.key(place).ok().flatten());
    let notes =
        names.filter(|name| name.starts_with("lab-x")).filter_map(|name| Some(name.strip_suffix(NOTE)?.to_owned()));
    let mut notes: Vec<_> = notes.collect();
    // The time stands first in a name.
    notes.sort_unstable();
    for begins in notes.into_iter().rev() {
        if hold(&begins, Taken::GiveUp).await.is_some() {
            return Some(begins);
        }
    }
    None
}

async fn lay(run: &Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let begins = run.name("");
    let _held = hold(&begins, Taken::GiveUp).await;
    for line in lines(&begins) {
        run.set_cookie_by_http(&line).await?;
    }
    for area in [Area::Session, Area::Local] {
        area.set(&format!("{begins}mark"), "1")?;
    }
    Area::Local.set(&format!("{begins}{NOTE}"), "1")?;
    run.saw(Lane::Browser, "Found now", table(&marks(run, &begins)));

    run.step(1).await?;
    run.saw(Lane::Browser, "Come back to", address());
    // The visitor takes the time that it takes.
    run.may_take(f64::INFINITY);
    loop {
        run.says("The marks are laid. Quit the browser now; then start it, open this page again and run it once more.");
        run.wait(LOOK_AFTER_MS).await?;
    }
}

async fn look(run: &Run, begins: &str) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    run.saw(Lane::Browser, "Laid by a run before", format!("Its names begin with {begins}"));

    run.step(1).await?;
    run.saw(Lane::Browser, "The page of that run", "It is not there any more: nobody holds its lock.");

    run.step(2).await?;
    let left = marks(run, begins);
    run.saw(Lane::Browser, "Found now", table(&left));
    let echo = run.echo(&Ask::get("/lab/echo/restarted")).await?;
    run.saw(Lane::Wire, "A request of this page, as it arrived", echo.head());
    let came = ["cookie", "timed"].map(|what| echo.carried(&format!("{begins}{what}")).is_some());
    let said = ["The session cookie", "The cookie with Max-Age"].into_iter().zip(came);
    let said = said.map(|(what, came)| format!("{what} {}.", if came { "came along" } else { "did not come along" }));
    run.saw(Lane::Server, "What arrived", said.collect::<Vec<_>>().join("\n"));
    // Removed with what this run has made.
    lines(begins).iter().for_each(|line| run.remembers(line));
    for (area, what) in [(Area::Session, "mark"), (Area::Local, "mark"), (Area::Local, NOTE)] {
        area.delete(&format!("{begins}{what}"))?;
    }
    let [cookie, timed, session, local] = left.map(|(_, there)| there);
    Ok(judge(cookie && came[0], timed && came[1], session, local))
}

fn judge(cookie: bool, timed: bool, session: bool, local: bool) -> Verdict {
    let there = |there: bool| if there { "was still there" } else { "was gone" };
    let words = format!(
        "On your word that the browser was quit and started again: the session cookie {}, the cookie with Max-Age {}, the \
         entry of sessionStorage {}, the one of localStorage {}.",
        there(cookie),
        there(timed),
        there(session),
        there(local)
    );
    match (cookie, timed, session, local) {
        (false, true, false, true) => Verdict::holds(0, words),
        (true, true, true, true) => Verdict::does_not_hold(
            1,
            format!("{words} The session has not ended: a browser that brings its tabs back brings this back as well."),
        ),
        (false, false, false, true) => Verdict::holds_with_a_catch(2, words),
        (false, false, false, false) => Verdict::holds_with_a_catch(3, words),
        _ => Verdict::does_not_hold(1, format!("{words} So the two that are called after a session part ways here.")),
    }
}

/// The two cookies of a run.
fn lines(begins: &str) -> [String; 2] {
    [
        format!("{begins}cookie=1; Path=/; SameSite=Lax"),
        format!("{begins}timed=1; Path=/; SameSite=Lax; Max-Age={TIMED}"),
    ]
}

/// Which of the marks this page finds.
fn marks(run: &Run, begins: &str) -> [(&'static str, bool); 4] {
    let cookie = |what| run.cookie_for_scripts(&format!("{begins}{what}")).is_some();
    let entry = |area: Area| area.get(&format!("{begins}mark")).is_some();
    [
        ("session cookie", cookie("cookie")),
        ("cookie with Max-Age", cookie("timed")),
        ("sessionStorage", entry(Area::Session)),
        ("localStorage", entry(Area::Local)),
    ]
}

fn table(marks: &[(&str, bool)]) -> Sight {
    let row =
        |(what, there): &(&str, bool)| vec![(*what).to_owned(), if *there { "there" } else { "not there" }.to_owned()];
    Sight::Table(&["What", "Found"], marks.iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_of_what_was_left() {
        let of = |cookie, timed, session, local| judge(cookie, timed, session, local);
        assert_eq!((of(false, true, false, true).kind, of(false, true, false, true).right), (Kind::Holds, 0));
        assert_eq!((of(true, true, true, true).kind, of(true, true, true, true).right), (Kind::DoesNotHold, 1));
        assert_eq!(of(false, false, false, false).right, 3);
    }
}

//! Another port: what a server beside this one, at another port of the same host, gets to see.

use crate::{
    AppError,
    browser::Area,
    experiments::{other_site::act, prelude::*, runs::Report},
};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "another-port",
    title: "Another port",
    group: Group::Kept,
    claims: &[C1, C2],
    about: &[
        "One machine can run several servers, each at a port of its own: localhost:3000 and localhost:8080, say. To a browser \
         these are two origins, but one host.",
        "On the machine where you try it, the lab listens at a second port. Two cookies and an entry of localStorage are laid \
         at this one, and a window of the other looks for them.",
    ],
    question: "A page lays a cookie and an entry of localStorage. A page of the same host at another port looks for them. What \
               does it find?",
    choices: &[
        "Both: it is the same host.",
        "The cookie alone.",
        "The entry alone.",
        "Neither: another port is another site.",
    ],
    parameters: &[],
    steps: &[
        Step("Lay them here", "A cookie, one that is HttpOnly, and an entry of localStorage."),
        Step(
            "Look from the other port",
            "A window of the other port opens, looks, asks its own server what arrived there, and closes itself. Should the \
             browser ask, allow this site to open windows.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::WebStorage, Need::OtherPort, Need::Windows],
    takes: 5,
    opens: &[Opens::OtherPort],
    in_general: &[
        "Cookies know hosts, and not ports or schemes: what one server of a host sets is sent to all of them, and any of \
         them can overwrite it. Web storage belongs to an origin, and that is scheme, host and port.",
        "So whoever runs several applications on one host shares the log-in cookie with all of them. A name of its own for \
         each keeps them apart.",
    ],
    other_browsers: "Both are rules of the standards, so browsers are to do this alike.",
    sources: &[
        Source {
            says: "Cookies are not kept apart by port:",
            rule: "RFC 6265bis §8.5",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-8.5",
        },
        Source {
            says: "An origin is scheme, host and port:",
            rule: "WHATWG HTML §7.1.1",
            link: "https://html.spec.whatwg.org/multipage/browsers.html#concept-origin",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: a_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let [plain, hidden, local] = ["plain", "hidden", "local"].map(|what| run.name(what));
    for line in [format!("{plain}=1; Path=/; SameSite=Lax"), format!("{hidden}=1; Path=/; SameSite=Lax; HttpOnly")] {
        run.saw(Lane::Wire, "A line of the server", format!("Set-Cookie: {line}"));
        run.set_cookie_by_http(&line).await?;
    }
    Area::Local.set(&local, "1")?;
    run.saw(Lane::Browser, "What a script lays", format!("localStorage.setItem('{local}', '1')"));

    run.step(1).await?;
    let Report::Found(found) = act(&run, &[("task", "look")]).await? else {
        return Err(AppError::Internal.into());
    };
    let has = |names: &[String], name: &String| names.contains(name);
    let word = |seen: bool| if seen { "sees it" } else { "–" }.to_owned();
    let rows = [
        ("cookie", has(&found.cookies, &plain), has(&found.carried, &plain)),
        ("cookie, HttpOnly", has(&found.cookies, &hidden), has(&found.carried, &hidden)),
        ("localStorage", has(&found.local, &local), has(&found.carried, &local)),
    ];
    let cells = rows.map(|(what, script, server)| vec![what.to_owned(), word(script), word(server)]);
    run.saw(
        Lane::Browser,
        "At the other port",
        Sight::Table(&["What", "Its script", "Its server"], cells.into_iter().collect()),
    );
    let [(_, by_script, by_server), (_, _, hidden_by_server), (_, local, _)] = rows;
    Ok(judge(by_script && by_server, hidden_by_server, local))
}

fn judge(cookie: bool, hidden: bool, local: bool) -> Verdict {
    let word = |seen: bool| if seen { "was found" } else { "was not found" };
    let words = format!(
        "At the other port the cookie {}, the entry of localStorage {}; the HttpOnly cookie {} its server.",
        word(cookie),
        word(local),
        if hidden { "reached" } else { "did not reach" }
    );
    match (cookie, local) {
        (true, false) => Verdict::holds(1, words),
        (true, true) => Verdict::does_not_hold(0, words),
        (false, true) => Verdict::does_not_hold(2, words),
        (false, false) => Verdict::does_not_hold(3, words),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_of_what_crossed_the_port() {
        let of = |cookie, local| judge(cookie, true, local).right;
        assert_eq!([of(true, true), of(true, false), of(false, true), of(false, false)], [0, 1, 2, 3]);
        assert_eq!(judge(true, true, false).kind, Kind::Holds);
    }
}

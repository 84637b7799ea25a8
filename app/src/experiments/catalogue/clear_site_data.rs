//! Clear-Site-Data: a header by which a server asks the browser to forget, tried on the other site.

use crate::{
    AppError,
    experiments::{
        other_site::act,
        prelude::*,
        runs::{Cleared, Report, There},
    },
};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "clear-site-data",
    title: "The server asks to forget",
    group: Group::Ends,
    claims: &[C1, C5],
    about: &[
        "What lies in a browser is out of the server’s reach, it is said. There is one exception: the answer’s field \
         Clear-Site-Data asks the browser to throw away what it keeps of the site. It is meant for a log-out on a shared \
         computer.",
        "As it takes everything of a site and not just what the experiment has laid, it is tried on the lab’s other site, \
         in a window, and only if nothing of yours lies there.",
    ],
    question: "An answer carries Clear-Site-Data: \"cookies\". A cookie, an entry of localStorage and one of sessionStorage \
               were there. What is left?",
    choices: &[
        "All three: no server reaches into a browser.",
        "The two entries: the cookie is gone, it is the kind that was named.",
        "Nothing: the site’s data is one thing.",
    ],
    parameters: &[Parameter::choice(
        "kind",
        "What is asked to be cleared",
        &[("cookies", "cookies"), ("storage", "storage"), ("cache", "cache"), ("*", "everything")],
    )],
    steps: &[
        Step(
            "Lay, ask, look",
            "A window of the other site lays a cookie, an entry in each area and one in Cache Storage, and asks its server for \
             an answer with the field. Should the browser ask, allow this site to open windows.",
        ),
        Step("What is left", "What the window found before and after."),
    ],
    alone: true,
    needs: &[Need::OtherSite, Need::Windows],
    takes: 5,
    opens: &[Opens::OtherSite],
    in_general: &[
        "“cookies” takes the cookies of the whole registrable domain, subdomains included. “storage” takes localStorage, \
         sessionStorage, IndexedDB, Cache Storage and service workers of the one origin. “cache” takes what the browser \
         keeps of answers, and not Cache Storage, which scripts fill. The field is heeded over HTTPS only, and on localhost.",
        "It does not replace ending the session at the server: a copy of the token that somebody else holds is not reached \
         by it.",
    ],
    other_browsers: "Which kinds a browser knows differs: here you see what yours does.",
    sources: &[Source {
        says: "What each kind takes:",
        rule: "W3C Clear Site Data §3.1",
        link: "https://www.w3.org/TR/clear-site-data/#header",
    }],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: a_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// What was there, in words.
fn all(There { cookie, local, session, cache }: There) -> [(&'static str, bool); 4] {
    [("cookie", cookie), ("localStorage", local), ("sessionStorage", session), ("Cache Storage", cache)]
}

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let kind = run.value("kind");
    run.saw(Lane::Wire, "The field that is asked for", format!("Clear-Site-Data: \"{kind}\""));
    let Report::Cleared(Cleared { before, after }) = act(&run, &[("task", "clear"), ("kind", &kind)]).await? else {
        return Err(AppError::Internal.into());
    };

    run.step(1).await?;
    let word = |there: bool| if there { "there" } else { "not there" }.to_owned();
    let rows = all(before).into_iter().zip(all(after));
    let rows = rows.map(|((what, before), (_, after))| vec![what.to_owned(), word(before), word(after)]).collect();
    run.saw(Lane::Browser, "Found", Sight::Table(&["What", "Before", "After"], rows));
    if all(before).iter().any(|(_, there)| !there) {
        return Err(Trouble::because(
            "The other site could not keep all four, so nothing can be told. Allow it to store data, then run it again.",
        ));
    }
    Ok(judge(&kind, after))
}

fn judge(kind: &str, after: There) -> Verdict {
    let gone: Vec<_> = all(after).into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect();
    let words = match gone.as_slice() {
        [] => format!("After “{kind}” all four were still there."),
        gone => format!("After “{kind}” these were gone: {}.", gone.join(", ")),
    };
    // As it would be for "cookies", which the question is about.
    let right = match (after.cookie, after.local || after.session) {
        (true, true) => 0,
        (false, true) => 1,
        _ => 2,
    };
    let expected = match kind {
        "cookies" => There { cookie: false, local: true, session: true, cache: true },
        "storage" => There { cookie: true, local: false, session: false, cache: false },
        "cache" => There { cookie: true, local: true, session: true, cache: true },
        _ => There { cookie: false, local: false, session: false, cache: false },
    };
    match after == expected {
        true if kind == "cache" => Verdict::holds_with_a_catch(
            right,
            format!("{words} This kind means the browser’s own cache of answers, where scripts cannot look."),
        ),
        true => Verdict::holds_with_a_catch(
            right,
            format!("{words} So the server has a say in what the browser keeps, if only by asking it to forget."),
        ),
        false => Verdict::does_not_hold(right, format!("{words} The standard says otherwise.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_what_was_left_against_what_the_standard_says() {
        let there = |cookie, local, session, cache| There { cookie, local, session, cache };
        let of = |kind, after| {
            let Verdict { kind, right, .. } = judge(kind, after);
            (kind, right)
        };
        assert_eq!(of("cookies", there(false, true, true, true)), (Kind::HoldsWithACatch, 1));
        assert_eq!(of("cookies", there(true, true, true, true)), (Kind::DoesNotHold, 0));
        assert_eq!(of("*", there(false, false, false, false)), (Kind::HoldsWithACatch, 2));
        assert_eq!(of("storage", there(true, false, true, false)).0, Kind::DoesNotHold);
    }
}

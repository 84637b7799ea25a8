//! How many cookies: a jar is filled until the browser throws some away, and which.

use crate::{
    AppError,
    experiments::{
        other_site::act,
        prelude::*,
        runs::{Filled, Report},
    },
};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "how-many-cookies",
    title: "How many cookies",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "A browser keeps only so many cookies of a site. It says nothing when there are too many: it throws some away, and \
         a site that relied on them finds out later.",
        "To try that here would cost you cookies of this lab, your log-in perhaps among them. So it is done on the lab’s \
         other site, in a window, and only if nothing of yours lies there.",
    ],
    question: "A site sets one cookie after another. What becomes of the one too many?",
    choices: &[
        "It is refused; those that are there stay.",
        "It is kept, and the oldest one goes.",
        "It is kept, and many of the oldest go at once.",
        "There is no such limit.",
    ],
    parameters: &[Parameter::number("most", "Cookies set at most", 20..=400, 250)],
    steps: &[
        Step(
            "Fill the jar",
            "A window of the other site sets cookies with one byte each, the first of them Secure, and counts after each \
             what it still sees. Should the browser ask, allow this site to open windows.",
        ),
        Step("Who went?", "What was kept at most, how many were thrown away, and which."),
    ],
    alone: true,
    needs: &[Need::OtherSite, Need::Windows],
    takes: 10,
    opens: &[Opens::OtherSite],
    in_general: &[
        "The standard asks browsers for 50 cookies of a site at least, and names the order in which they are to go: expired \
         ones first, then those without Secure. Within that it leaves the choice to the browser, which takes those that \
         were not used for longest.",
        "All subdomains and ports of a site share one jar. So a chatty subdomain can push out the log-in of its neighbour; \
         a token should be Secure for this reason, too.",
    ],
    other_browsers: "Chromium’s source says 180, and 30 fewer once there are more. Other browsers have figures of their \
                own.",
    sources: &[
        Source {
            says: "At least 50 cookies of a domain:",
            rule: "RFC 6265bis §6.1",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-6.1",
        },
        Source {
            says: "In which order cookies are to go:",
            rule: "RFC 6265bis §5.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "Chromium’s figures, kDomainMaxCookies and kDomainPurgeCookies:",
            rule: "cookie_monster.h",
            link: "https://source.chromium.org/chromium/chromium/src/+/main:net/cookies/cookie_monster.h",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: a_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let most = run.value("most");
    let Report::Filled(filled) = act(&run, &[("task", "fill"), ("most", &most)]).await? else {
        return Err(AppError::Internal.into());
    };
    run.saw(Lane::Server, "Cookies in the next request", filled.received.to_string());

    run.step(1).await?;
    let bars = [("set", filled.set), ("there at most", filled.held), ("left", filled.left)];
    let bars = bars.map(|(what, count)| (what.to_owned(), count as f64, format!("{count} cookies")));
    run.saw(Lane::Browser, "Counted", Sight::Bars(bars.to_vec()));
    run.saw(Lane::Browser, "Thrown away, by the order in which they were set", ranges(&filled.lost));
    let secure = match filled.secure {
        Some(true) => "It is still there.",
        Some(false) => "It went, too.",
        None => "This browser did not take it: over plain HTTP it takes none with Secure.",
    };
    run.saw(Lane::Browser, "The Secure one, which was set before all others", secure);
    if filled.held == 0 {
        return Err(Trouble::cannot_be_tried(
            "The other site could not keep a single cookie. Allow cookies for it, then run it again.",
        ));
    }
    Ok(judge(&filled))
}

fn judge(Filled { set, held, left, lost, secure, .. }: &Filled) -> Verdict {
    // The ordinary ones are numbered, the Secure one is not.
    let newest = set - usize::from(secure.is_some());
    let spared = if *secure == Some(true) { " The Secure one was spared, though it was the oldest." } else { "" };
    match lost.as_slice() {
        [] => Verdict::holds(3, format!("Of {set} cookies that were set {left} are there: no limit was met.")),
        lost if lost.contains(&newest) => {
            Verdict::holds(0, format!("{held} cookies were kept; the next one was refused.{spared}"))
        }
        [one] => Verdict::holds(1, format!("{held} cookies were kept; with the next one number {one} went.{spared}")),
        lost => Verdict::holds(
            2,
            format!("{held} cookies were kept; with the next one {} went, and {left} were left.{spared}", lost.len()),
        ),
    }
}

/// Numbers in their order, as from–to.
fn ranges(numbers: &[usize]) -> String {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, to)) if *to + 1 == *number => *to = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    let range = |(from, to): &(usize, usize)| if from == to { from.to_string() } else { format!("{from} to {to}") };
    match ranges.as_slice() {
        [] => "None.".to_owned(),
        some => some.iter().map(range).collect::<Vec<_>>().join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_says_who_had_to_go() {
        let of = |set, lost: &[usize]| {
            judge(&Filled { set, held: 180, left: 150, lost: lost.to_vec(), secure: Some(true), received: 0 }).right
        };
        assert_eq!([of(181, &[180]), of(181, &[1]), of(181, &[1, 2, 3]), of(50, &[])], [0, 1, 2, 3]);
    }

    #[test]
    fn what_went_is_told_in_ranges() {
        assert_eq!([ranges(&[]), ranges(&[1, 2, 3, 7])], ["None.", "1 to 3, 7"]);
    }
}

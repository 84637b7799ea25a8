//! Cross-site request forgery: a page of the other site makes the browser send requests here. Which cookies come along,
//! and what the server's guard makes of it.

use crate::experiments::{other_site::RegisteredRun, prelude::*};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "cross-site-request-forgery",
    title: "Requests from elsewhere",
    group: Group::Attacks,
    claims: &[C10],
    about: &[
        "Nobody has to steal your session to misuse it. A page of another site can make your browser send a request to a \
         site where you are logged in, and the browser may attach your cookie to it. That is cross-site request forgery: \
         the request is genuine, only the wish behind it is not yours.",
        "Two things stand against it. The cookie's attribute SameSite tells the browser when to leave the cookie at home. \
         And the browser says in the field Sec-Fetch-Site where a request comes from, so that the server can refuse.",
    ],
    question: "Four cookies are set here: SameSite=Strict, Lax, None, and one that says nothing. Another site makes your \
               browser POST to this one, by a script and by a form. Which of them come along?",
    choices: &[
        "All of them: a request takes along whatever the browser has for its address.",
        "Not those that say Strict or Lax; one of the others, or both.",
        "None of them: a request of another site carries no cookies.",
    ],
    parameters: &[],
    steps: &[
        Step("Four cookies", "The server sets them; they differ in SameSite alone."),
        Step(
            "The other site acts",
            "A window opens with a page of the other site. It asks for an image here, posts by a script, follows a link and \
             sends a form, each to two addresses; then it closes itself. Should the browser ask, allow this site to open \
             windows.",
        ),
        Step(
            "What arrived",
            "The first address has no guard. It changes nothing and notes what came to it: which cookies came with which \
             request?",
        ),
        Step(
            "The guard",
            "The same requests went to an address that is guarded, as all others of this server are. What were they answered \
             with? As a check this page posts to it as well.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies, Need::SecureCookies, Need::OtherSite, Need::Windows],
    takes: 5,
    opens: &[Opens::OtherSite],
    in_general: &[
        "Strict stays at home whenever another site is the origin of a request, even when you follow a link. Lax comes along \
         when a link is followed, so that you arrive logged in, but with no POST. None always comes along, unless the \
         browser blocks cookies of third parties. A cookie that says nothing counts as Lax in Chromium, but comes along \
         with a form's POST while it is younger than two minutes.",
        "So SameSite alone is not enough: subdomains are the same site, and a GET that changes something is open to any \
         link. The guard looks at Sec-Fetch-Site, or at Origin where that is missing, for every request that may change \
         something.",
    ],
    other_browsers: "By MDN’s tables Chromium alone takes a cookie that says nothing for Lax; Firefox has a setting for \
                it, Safari has not.",
    sources: &[
        Source {
            says: "What Strict, Lax and None mean, and how long a cookie without the attribute is excused:",
            rule: "RFC 6265bis §5.6.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6.7",
        },
        Source {
            says: "Sec-Fetch-Site says where a request comes from:",
            rule: "W3C Fetch Metadata §2.3",
            link: "https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header",
        },
        Source {
            says: "How a site defends itself:",
            rule: "OWASP Cross-Site Request Forgery Prevention Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: a_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// The cookies, by the last part of their names and their attributes.
const COOKIES: [(&str, &str); 4] = [
    ("strict", "Path=/; SameSite=Strict"),
    ("lax", "Path=/; SameSite=Lax"),
    ("none", "Path=/; SameSite=None; Secure"),
    ("silent", "Path=/"),
];

/// How often it is asked what came, and how many times at most.
const LOOK_AFTER_MS: u32 = 200;
const LOOKS: u32 = 50;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    run.step(0).await?;
    let mut lines = Vec::new();
    for (what, attributes) in COOKIES {
        let line = format!("{}=1; {attributes}", run.name(what));
        run.set_cookie_by_http(&line).await?;
        lines.push(format!("Set-Cookie: {line}"));
    }
    run.saw(Lane::Wire, "The lines of the answers", lines.join("\n"));
    let here = run.echo(&Ask::get("/lab/echo/forgery")).await?;
    let came: Vec<_> = COOKIES.iter().filter(|(what, _)| here.carried(&run.name(what)).is_some()).collect();
    run.saw(Lane::Server, "Came along with a request of this page", words(came.iter().map(|(what, _)| *what)));
    if came.len() < COOKIES.len() {
        return Err(Trouble::cannot_be_tried(
            "This browser did not keep all four cookies, so it cannot be told which of them it would hold back. Allow cookies \
             for this site, then run it again.",
        ));
    }

    run.step(1).await?;
    let registered = RegisteredRun::register(&run, &[("task", "forge")]).await?;
    let opened = registered.open(&run).await?;
    let arrived = all_of(&run, &registered).await?;
    drop(opened);

    run.step(2).await?;
    let (guarded, unguarded): (Vec<_>, Vec<_>) = arrived.iter().partition(|arrived| arrived.guarded);
    let came = |arrived: &Arrived, what| arrived.cookies.contains(&run.name(what));
    let row = |arrived: &&Arrived| {
        let cookies = COOKIES.iter().filter(|(what, _)| came(arrived, what));
        vec![made(arrived), words(cookies.map(|(what, _)| *what))]
    };
    run.saw(
        Lane::Server,
        "Without the guard",
        Sight::Table(&["Made by", "Cookies that came along"], unguarded.iter().map(row).collect()),
    );
    let heads: Vec<_> = unguarded.iter().map(|arrived| head(arrived)).collect();
    run.saw(Lane::Wire, "Where they said they came from", heads.join("\n\n"));

    run.step(3).await?;
    let own = run.ask(&Ask::post(format!("/lab/transfer/guarded?run={}&how=script", registered.name()), &[])).await?;
    let answered = |site: &str, arrived: &Arrived| {
        let became = if arrived.status == REFUSED { "refused" } else { "let through" };
        vec![format!("{}, {site}", made(arrived)), format!("{} ({became})", arrived.status)]
    };
    let mut rows: Vec<_> = guarded.iter().map(|arrived| answered("from the other site", arrived)).collect();
    let all = told(&run, &registered).await?;
    rows.extend(all.iter().skip(arrived.len()).map(|arrived| answered("from this page", arrived)));
    run.saw(Lane::Server, "With the guard", Sight::Table(&["Made by", "Answer"], rows));

    let mut posts = guarded.iter().filter(|arrived| arrived.method == "POST");
    let refuses = posts.clone().count() > 0 && posts.all(|arrived| arrived.status == REFUSED) && own.status == 200;
    let with = |how, what| unguarded.iter().any(|arrived| arrived.how == how && came(arrived, what));
    let by_post = COOKIES.map(|(what, _)| with(Forged::Script, what) || with(Forged::Form, what));
    Ok(judge(by_post, with(Forged::Form, "silent"), with(Forged::Script, "silent"), refuses))
}

/// The answer of the guard where it refuses.
const REFUSED: u16 = 403;

/// By what it was made, and how.
fn made(arrived: &Arrived) -> String {
    format!("{}, {}", title(arrived.how), arrived.method)
}

/// What it said of where it came from.
fn head(arrived: &Arrived) -> String {
    let fields =
        [("sec-fetch-site", &arrived.fetch_site), ("sec-fetch-mode", &arrived.fetch_mode), ("origin", &arrived.origin)];
    let said = fields.iter().filter_map(|(name, value)| Some(format!("\n{name}: {}", value.as_deref()?)));
    format!("{}{}", made(arrived), said.collect::<String>())
}

/// What came along by POST in the order of the cookies, whether the silent one came with the form and with a script's
/// request, and whether the guard told the other site from this one.
fn judge([strict, lax, none, silent]: [bool; 4], by_form: bool, by_script: bool, guarded: bool) -> Verdict {
    let came = [("Strict", strict), ("Lax", lax), ("None", none), ("the one that says nothing", silent)];
    let came: Vec<_> = came.iter().filter(|(_, came)| *came).map(|(what, _)| *what).collect();
    let came = if came.is_empty() { "none".to_owned() } else { came.join(" and ") };
    let words = format!(
        "With the posts of the other site came along: {came}. The guard {}.",
        if guarded {
            "refused the other site’s posts with 403 and took this page’s"
        } else {
            "did not tell the two sites apart"
        }
    );
    match (strict || lax, none || silent) {
        (true, _) => Verdict::does_not_hold(0, words),
        (false, _) if !guarded => Verdict::does_not_hold(1, words),
        (false, true) if by_form && by_script => Verdict::holds_with_a_catch(
            1,
            format!(
                "{words} A cookie that says nothing came along with every post: this browser does not take it for Lax. Say \
                 Lax, or Strict."
            ),
        ),
        (false, true) if by_form => Verdict::holds_with_a_catch(
            1,
            format!(
                "{words} The form took along a cookie that says nothing: this browser does not take it for Lax, or not yet, as \
                 it is but seconds old. Say Lax, or Strict."
            ),
        ),
        (false, true) => Verdict::holds(1, words),
        (false, false) => Verdict::holds_with_a_catch(
            2,
            format!(
                "{words} This browser kept back those that SameSite does not hold back: it treats cookies of another site \
                 with more caution than the rule asks."
            ),
        ),
    }
}

/// Waits until the form has come to the guarded address, which is sent last.
async fn all_of(run: &Run, registered: &RegisteredRun) -> Result<Vec<Arrived>, Trouble> {
    for _ in 0..LOOKS {
        run.wait(LOOK_AFTER_MS).await?;
        let arrived = told(run, registered).await?;
        if arrived.iter().any(|arrived| arrived.how == Forged::Form && arrived.guarded) {
            return Ok(arrived);
        }
        run.says(format!("{} of 8 requests have arrived.", arrived.len()));
    }
    Err(Trouble::cannot_be_tried(
        "Not all requests of the other site have arrived. If its window shows a warning about its certificate, accept that \
         there once; if it was closed, leave it open. Then run this again.",
    ))
}

async fn told(run: &Run, registered: &RegisteredRun) -> Result<Vec<Arrived>, Trouble> {
    registered.ask(run, "/lab/transfers").await?.json()
}

fn title(how: Forged) -> &'static str {
    match how {
        Forged::Image => "an image",
        Forged::Script => "a script",
        Forged::Link => "a link",
        Forged::Form => "a form",
    }
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    match names.collect::<Vec<_>>() {
        none if none.is_empty() => "none".to_owned(),
        some => some.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_verdict_is_of_what_came_along_and_of_the_guard() {
        let of = |came, by_form, guarded| {
            let Verdict { kind, right, .. } = judge(came, by_form, false, guarded);
            (kind, right)
        };
        assert_eq!(of([false, false, true, true], true, true), (Kind::HoldsWithACatch, 1));
        assert_eq!(of([false, false, true, false], false, true), (Kind::Holds, 1));
        assert_eq!(of([false, false, true, false], false, false), (Kind::DoesNotHold, 1));
        assert_eq!(of([true, true, true, true], true, true), (Kind::DoesNotHold, 0));
        assert_eq!(of([false; 4], false, true), (Kind::HoldsWithACatch, 2));
        assert!(judge([false, false, true, true], true, false, true).words.contains("or not yet"));
        assert!(judge([false, false, true, true], true, true, true).words.contains("does not take it for Lax"));
    }
}

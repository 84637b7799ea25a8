//! The rules of Set-Cookie: pairs of lines that differ in one thing, and which of them the browser keeps.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "rules-of-set-cookie",
    title: "The rules of Set-Cookie",
    group: Group::Kept,
    claims: &[C10],
    about: &[
        "A cookie is set by a line: name, value, and attributes that say where it is sent, for how long, and who may read \
         it. Some of these are there against theft: Secure keeps it from being sent without encryption, HttpOnly keeps it \
         from scripts, SameSite from other sites’ requests.",
        "A name can vouch for them: a cookie called __Host-… is kept only if its line is as strict as that name promises. \
         A session’s cookie should be called so. Here each rule is tried with two lines, one that keeps it and one that \
         breaks it, and everything else in them is the same.",
    ],
    question: "A line breaks one of the rules. What does the browser do with its cookie?",
    choices: &[
        "It keeps the cookie and passes over what is wrong.",
        "It drops the cookie, and neither the server nor a script is told.",
        "It drops the cookie and reports an error.",
    ],
    parameters: &[Parameter::number("over", "Bytes beyond the limit", 1..=2_000, 1)],
    steps: &[
        Step(
            "Lines that keep the rules",
            "The server or a script sets one cookie for each rule. Then a request shows which came back.",
        ),
        Step("The same lines, each with one thing wrong", "Again one for each rule, and again a request."),
        Step(
            "Rule by rule",
            "Where the sound line was kept and the other was not, nothing but the rule can be the reason.",
        ),
    ],
    alone: false,
    needs: &[Need::Cookies],
    takes: 5,
    opens: &[],
    in_general: &[
        "A browser that refuses a cookie says nothing: the server’s answer has long been sent, and document.cookie gives no \
         error. The developer tools mark it; a site finds out by looking whether the cookie comes back.",
        "The rules keep a promise, so that whoever reads the name knows the attributes: another host under the same domain, \
         or a page without encryption, cannot slip in a __Host- cookie.",
    ],
    other_browsers: "By MDN’s tables SameSite=None without Secure is refused since Chrome 80 and Firefox 131, and not by Safari; \
                __Http- is known since Chrome 140 and Firefox 143, and not by Safari; Partitioned since Chrome 114, \
                Firefox 141 and Safari 26.2. Safari takes no Secure cookie over plain HTTP, not even from this machine.",
    sources: &[
        Source {
            says: "What a browser does with a cookie before it keeps it, step by step:",
            rule: "RFC 6265bis §5.7",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.7",
        },
        Source {
            says: "What the prefixes of names promise:",
            rule: "RFC 6265bis §4.1.3",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-4.1.3",
        },
        Source {
            says: "The prefixes __Http- and __Host-Http-:",
            rule: "Layered Cookies §5.4.3",
            link: "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-layered-cookies#section-5.4.3",
        },
        Source {
            says: "Partitioned needs Secure:",
            rule: "Cookies Having Independent Partitioned State",
            link: "https://datatracker.ietf.org/doc/html/draft-cutler-httpbis-partitioned-cookies-01",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// Who hands a line to the browser.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Server,
    Script,
}

/// A rule, and two lines that differ in it alone.
struct Trial {
    says: &'static str,
    by: By,
    prefix: &'static str,
    /// Attributes that keep the rule, and that break it.
    sound: &'static str,
    broken: &'static str,
}

const fn trial(says: &'static str, prefix: &'static str, sound: &'static str, broken: &'static str) -> Trial {
    Trial { says, by: By::Server, prefix, sound, broken }
}

/// The last one is told apart by its size alone.
const TRIALS: [Trial; 9] = [
    trial("SameSite=None needs Secure", "", "Path=/; SameSite=None; Secure", "Path=/; SameSite=None"),
    trial("Partitioned needs Secure", "", "Path=/; Partitioned; Secure", "Path=/; Partitioned"),
    trial("Domain must be this host or above it", "", "Path=/", "Path=/; Domain=elsewhere.example"),
    trial("__Secure- needs Secure", "__Secure-", "Path=/; Secure", "Path=/"),
    trial("__Host- needs Secure", "__Host-", "Path=/; Secure", "Path=/"),
    trial("__Host- needs Path=/", "__Host-", "Path=/; Secure", "Path=/lab; Secure"),
    trial("__Http- needs HttpOnly", "__Http-", "Path=/; Secure; HttpOnly", "Path=/; Secure"),
    Trial { by: By::Script, ..trial("a script sets no HttpOnly", "", "Path=/", "Path=/; HttpOnly") },
    trial("name and value: 4,096 bytes at most", "", "Path=/", "Path=/"),
];

/// What the last rule says; whether the browser holds to it is what is tried.
const LIMIT: usize = 4_096;

/// A line that is tried.
struct Line {
    name: String,
    text: String,
    /// The same with a long value cut short, to be read.
    shown: String,
    by: By,
}

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let lines = |way: &str, over: usize, attributes: fn(&Trial) -> &'static str| -> Vec<Line> {
        let all = TRIALS.iter().enumerate();
        all.map(|(place, trial)| {
            let name = format!("{}{}", trial.prefix, run.name(&format!("{way}{place}")));
            let attributes = attributes(trial);
            let large = place + 1 == TRIALS.len();
            let value = if large { "x".repeat((LIMIT + over).saturating_sub(name.len())) } else { "1".to_owned() };
            let text = format!("{name}={value}; {attributes}");
            let bytes = thousands((name.len() + value.len()) as u64);
            let shown = if large { format!("{name}=xxx…; {attributes} ({bytes} bytes)") } else { text.clone() };
            Line { name, text, shown, by: trial.by }
        })
        .collect()
    };
    let sound = lines("sound", 0, |trial| trial.sound);
    let broken = lines("broken", run.number("over") as usize, |trial| trial.broken);

    run.step(0).await?;
    let sound_kept = kept(&run, &sound).await?;

    run.step(1).await?;
    let broken_kept = kept(&run, &broken).await?;

    run.step(2).await?;
    let (mut proven, mut others) = (0, Vec::new());
    let mut rows = Vec::new();
    for (trial, kept) in TRIALS.iter().zip(sound_kept.into_iter().zip(broken_kept)) {
        let word = |kept| if kept { "kept" } else { "refused" }.to_owned();
        let so = match kept {
            (true, false) => "holds here",
            (true, true) => "not applied here",
            (false, _) => "cannot be told here: even the cookie that keeps to it is refused",
        };
        match kept {
            (true, false) => proven += 1,
            _ => others.push(format!("“{}” {so}", trial.says)),
        }
        rows.push(vec![trial.says.to_owned(), word(kept.0), word(kept.1), so.to_owned()]);
    }
    run.saw(
        Lane::Browser,
        "What became of the pairs",
        Sight::Table(&["Rule", "Kept to", "Broken", "So the rule"], rows),
    );

    let all = TRIALS.len();
    let words = format!(
        "In {proven} of {all} pairs the cookie that kept the rule came back and the one that broke it did not. All lines \
         were handed over without an error."
    );
    Ok(match proven {
        0 => Verdict::does_not_hold(0, format!("{words} {}.", others.join("; "))),
        some if some == all => Verdict::holds(1, words),
        _ => Verdict::holds_with_a_catch(1, format!("{words} {}.", others.join("; "))),
    })
}

/// Hands the lines to the browser, and finds out by a request which cookies it kept.
async fn kept(run: &Run, lines: &[Line]) -> Result<Vec<bool>, Trouble> {
    for line in lines {
        match line.by {
            By::Server => run.set_cookie_by_http(&line.text).await?,
            By::Script => run.set_cookie_by_script(&line.text)?,
        }
    }
    for (by, lane, title, begins) in [
        (By::Server, Lane::Server, "Sent, each with an answer", "Set-Cookie: "),
        (By::Script, Lane::Browser, "Set by a script", "document.cookie = "),
    ] {
        let shown = lines.iter().filter(|line| line.by == by).map(|line| format!("{begins}{}", line.shown));
        run.saw(lane, title, shown.collect::<Vec<_>>().join("\n"));
    }
    let echo = run.echo(&Ask::get("/lab/echo/rules")).await?;
    let kept: Vec<_> = lines.iter().map(|line| echo.carried(&line.name).is_some()).collect();
    let came = lines.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(line, _)| line.name.as_str());
    let came = came.collect::<Vec<_>>().join("\n");
    run.saw(Lane::Wire, "Came back with a request", if came.is_empty() { "None of them.".to_owned() } else { came });
    Ok(kept)
}

//! The 401 that says nothing: an unknown user and a wrong password, answers and times side by side.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "the-401-that-says-nothing",
    title: "The 401 that says nothing",
    group: Group::Passwords,
    claims: &[L3, L4],
    about: &[
        "A stranger who tries names and passwords would like to know which names exist: then only the password is left to \
         guess. So the server answers alike, whether the name is unknown or the password wrong: 401, and the same words.",
        "But the clock may tell. Where there is no user, there is no hash to compare with, and a hasty server answers at \
         once. Here both are tried in turns, with an account that is made for the run, and the server's time is measured.",
    ],
    question: "Can a stranger tell by answer or time whether a username exists?",
    choices: &[
        "Yes: for an unknown name the server need not hash, so it answers sooner.",
        "No: the answers are the same, and so is the work behind them.",
        "Yes: the server says that there is no such user.",
    ],
    parameters: &[Parameter::number("tries", "Tries of each kind", 3..=20, 10)],
    steps: &[
        Step("Log in wrongly", "In turns: a name that exists with a wrong password, and a name that nobody has."),
        Step("Compare", "The answers, and the times that the server took."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "The server looks the name up. Where it finds nobody, it hashes all the same, against a hash that stands in, and \
         throws the result away.",
        "One time says little: it varies from one to the next. A stranger compares many; so do you here, by the middle \
         one of each kind.",
    ],
    other_browsers: "The time is measured on the server: the way through the network would only hide differences.",
    sources: &[
        Source {
            says: "Whether an account exists is told neither by words nor by time:",
            rule: "OWASP ASVS 5.0 V6.3.8",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x15-V6-Authentication.md",
        },
        Source {
            says: "401 says that the request lacks valid credentials:",
            rule: "RFC 9110 §15.5.2",
            link: "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// The middle times of the two kinds lie this close together where nothing can be told from them.
const ALIKE: f64 = 1.5;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    with_account(&run, async |account| {
        run.step(0).await?;
        let tries = run.number("tries");
        let mut tried: [Vec<Refused>; 2] = Default::default();
        for number in 1..=tries {
            for (kind, known) in ["true", "false"].into_iter().enumerate() {
                let refused = account.send("try", &[("known", known)]).await?.ok()?.json()?;
                tried[kind].push(refused);
            }
            run.says(format!("{number} of {tries}"));
        }
        for (what, tried) in ["A wrong password", "An unknown name"].into_iter().zip(&tried) {
            let times = tried.iter().map(|refused| milliseconds(refused.micros)).collect::<Vec<_>>().join(", ");
            run.saw(Lane::Server, format!("{what}: each time"), times);
        }

        run.step(1).await?;
        let statuses = tried.each_ref().map(|tried| tried.iter().map(|refused| refused.status).collect::<Vec<_>>());
        let [wrong, unknown] = tried.map(middle);
        let bar = |what: &str, micros| (what.to_owned(), micros as f64, milliseconds(micros));
        let bars = vec![bar("a wrong password", wrong), bar("an unknown name", unknown)];
        run.saw(Lane::Server, "The middle time", Sight::Bars(bars));
        let alike = statuses.iter().flatten().all(|status| *status == 401);
        run.saw(Lane::Wire, "The answers", if alike { "401 each time" } else { "not the same status each time" });
        let times = format!("{} and {}", milliseconds(wrong), milliseconds(unknown));
        let ratio = wrong.max(unknown) as f64 / wrong.min(unknown).max(1) as f64;
        Ok(match (alike, ratio < ALIKE) {
            (true, true) => Verdict::holds(1, format!("{} answers with 401, in {times} by the middle.", 2 * tries)),
            (true, false) => Verdict::holds_with_a_catch(
                0,
                format!(
                    "The answers were the same, but the middle times were {times}. Try more: a busy server wavers."
                ),
            ),
            (false, _) => Verdict::does_not_hold(2, "The answers were not the same."),
        })
    })
    .await
}

fn middle(mut tried: Vec<Refused>) -> u64 {
    tried.sort_by_key(|refused| refused.micros);
    tried.get(tried.len() / 2).map_or(0, |refused| refused.micros)
}

fn milliseconds(micros: u64) -> String {
    format!("{:.1} ms", micros as f64 / 1_000.0)
}

//! Session fixation: a token that an attacker planted beforehand is worth nothing after the log-in.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "session-fixation",
    title: "A planted session",
    group: Group::Attacks,
    claims: &[C10],
    about: &[
        "A thief who cannot steal your token may try it the other way round: to give you one. He starts a session, plants \
         its token in your browser, and waits. When you log in with it, he holds a token that is logged in as you.",
        "Both parts are played here with an account that is made for the run.",
    ],
    question: "The victim logs in while the browser holds the planted token. What does that token open afterwards?",
    choices: &[
        "The victim's account: it is the same session.",
        "Nothing: the log-in turned the session's token into another.",
        "A session in which nobody is logged in, as before.",
    ],
    parameters: &[],
    steps: &[
        Step("The attacker prepares a session", "A session that is nobody's yet. The attacker notes its token."),
        Step("The victim logs in with it", "The browser presents the planted token together with name and password."),
        Step("The attacker comes back", "First the planted token is shown to the server, then the victim's new one."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "The remedy is one line: whenever somebody logs in, the session gets a new token, and the old one is dead at \
         once. What was in the session may stay.",
        "A cookie named __Host-… helps as well: another host, such as a neighbour under the same domain, cannot plant it.",
    ],
    other_browsers: "",
    sources: &[
        Source {
            says: "A new token is made at each log-in:",
            rule: "OWASP ASVS 5.0 V7.2.4",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md",
        },
        Source {
            says: "Session fixation, described with cookies:",
            rule: "RFC 6265bis §8.4",
            link: "https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-8.4",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    with_account(&run, async |account| {
        run.step(0).await?;
        let planted = account.anonymous().await?.token;
        run.saw(Lane::Browser, "The attacker notes", planted.clone());
        let nobodys = account.show(&planted, 0).await?.is_some_and(|known| known.username.is_none());

        run.step(1).await?;
        let own = account.log_in(&planted).await?;
        run.saw(Lane::Wire, "The answer's line", format!("Set-Cookie: {}", own.line));
        for session in account.rows().await?.sessions {
            run.saw(Lane::Server, "The session's row", row(&session));
        }

        run.step(2).await?;
        let attacker = account.show(&planted, 0).await?;
        let victim = account.show(&own.token, 0).await?;
        let knows_victim = victim.is_some_and(|known| known.username.as_ref() == Some(&account.subject.username));
        Ok(match attacker {
            None if !nobodys => Verdict::holds_with_a_catch(1, "The planted token opened nothing from the beginning."),
            None if knows_victim => Verdict::holds(
                1,
                "The planted token was answered with 401, the victim's new one was recognised: the log-in had turned it.",
            ),
            None => Verdict::holds_with_a_catch(1, "The planted token opens nothing, but neither does the new one."),
            Some(known) if known.username.is_some() => {
                Verdict::does_not_hold(0, "The planted token opened the victim's account. This server is open to fixation.")
            }
            Some(_) => Verdict::holds_with_a_catch(2, "The planted token still opens a session, though not the victim's."),
        })
    })
    .await
}

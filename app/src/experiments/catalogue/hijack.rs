//! Hijack: a copied token works for the thief; what makes the copy worthless.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "hijack",
    title: "The copied token",
    group: Group::Attacks,
    claims: &[C10],
    about: &[
        "A session's token is like a key: whoever holds it comes in. Malware, a shared computer or a careless log may give \
         a thief a copy, and the server cannot see who holds it.",
        "So a copy must not be of use for long. Here you play owner and thief with an account that is made for the run, and \
         try one remedy after the other.",
    ],
    question: "A thief has copied the token of a session. What makes the copy worthless?",
    choices: &[
        "Nothing is needed: the server sees that another browser uses it.",
        "A new token for the owner, ending the other sessions, and logging out: each by itself.",
        "Closing the owner's browser.",
    ],
    parameters: &[],
    steps: &[
        Step("The copy works", "The thief sends a request with the copied token, and nothing else."),
        Step("The owner confirms the password", "The session goes on under a new token. The thief tries the old one."),
        Step(
            "The owner ends the other sessions",
            "A second session is copied. The owner looks at “where you are logged in” and ends what is elsewhere.",
        ),
        Step("The owner logs out", "The last token is copied too; then the owner logs out."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "Every remedy is the server's: it forgets the row that the token leads to, or gives it another token. What the \
         browser forgets does not touch the copy.",
        "And the timeouts end what nobody has ended. Better still is that nobody gets a copy: HttpOnly keeps scripts from \
         the cookie, HTTPS whoever listens on the line.",
    ],
    other_browsers: "",
    sources: &[
        Source {
            says: "Sessions are ended on the server, at log-out and on demand:",
            rule: "OWASP ASVS 5.0 V7.4",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md",
        },
        Source {
            says: "Whoever has the cookie has the session:",
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
        let first = account.log_in("").await?.token;
        run.saw(Lane::Browser, "The thief copies", first.clone());
        let worked = account.show(&first, 0).await?.is_some();

        run.step(1).await?;
        let own = account.confirm(&first).await?;
        run.saw(Lane::Wire, "The owner's answer", format!("Set-Cookie: {}", own.line));
        let turned = account.show(&first, 0).await?.is_none();

        run.step(2).await?;
        let elsewhere = account.log_in("").await?.token;
        run.saw(Lane::Browser, "The thief copies", elsewhere.clone());
        account.end("end-others", &own.token).await?;
        run.saw(Lane::Server, "Sessions left", account.rows().await?.sessions.len().to_string());
        let ended = account.show(&elsewhere, 0).await?.is_none();

        run.step(3).await?;
        let alive = account.show(&own.token, 0).await?.is_some();
        account.end("log-out", &own.token).await?;
        let logged_out = alive && account.show(&own.token, 0).await?.is_none();

        let remedies = [("the new token", turned), ("ending the others", ended), ("logging out", logged_out)];
        let failed: Vec<_> = remedies.iter().filter(|(_, did)| !did).map(|(what, _)| *what).collect();
        Ok(match (worked, failed.is_empty()) {
            (true, true) => Verdict::holds(
                1,
                "The copy let the thief in. It was answered with 401 after the new token, after ending the others and after \
                 the log-out: each remedy worked.",
            ),
            (true, false) => {
                Verdict::does_not_hold(1, format!("The copy still worked after this: {}.", failed.join(", ")))
            }
            (false, _) => Verdict::holds_with_a_catch(0, "The copy did not work even at first."),
        })
    })
    .await
}

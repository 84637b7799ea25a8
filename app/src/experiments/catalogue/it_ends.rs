//! It ends: the idle timeout of a session, with the server's clock moved forward for this session alone.

use crate::experiments::prelude::*;

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "it-ends",
    title: "It ends",
    group: Group::Ends,
    claims: &[C5, C10],
    about: &[
        "A session must not live for ever: somebody may find the computer that you left. So the server ends it when \
         nothing has been asked for some time. That is the idle timeout; 30 minutes are common.",
        "You need not wait. The session here belongs to an account that is made for the run, and the server looks at it \
         as if it were later.",
    ],
    question: "A session's idle timeout is 30 minutes. It is used after 29 minutes, and then left alone. Does it live 31 \
               minutes after that?",
    choices: &[
        "No: 31 minutes without a request are too many.",
        "No: it ended 30 minutes after the log-in, whatever was asked in between.",
        "Yes: a session ends when the browser is closed, not before.",
    ],
    parameters: &[Parameter::number("minutes", "Minutes left alone", 1..=600, 31)],
    steps: &[
        Step("Log in, twice", "Two sessions begin; their rows say when they will have ended."),
        Step(
            "29 and 31 minutes later",
            "One is used after 29 minutes, the other never: the server looks at it with its clock ahead. After 31 minutes \
             both are looked at.",
        ),
        Step("Left alone", "The clock goes on without a request, and then the token is shown once more."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "Each use of a session puts its end off: it is the time without use that counts. Besides there is an absolute \
         timeout, which nothing puts off.",
        "What the browser does when it is closed is another matter: it may forget the cookie, or keep it if it restores \
         its tabs. The server does not hear of either. Only what the server ends has ended.",
    ],
    other_browsers: "The timeout is the server's, so browsers make no difference. What they keep when they are closed does \
                differ: the survival matrix on the bench shows it.",
    sources: &[
        Source {
            says: "A session ends after a time without activity, and after a time in any case:",
            rule: "OWASP ASVS 5.0 V7.3",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x16-V7-Session-Management.md",
        },
        Source {
            says: "15 to 30 minutes are common where little is at stake:",
            rule: "OWASP Session Management Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// When the session is used, and when both are looked at, in minutes after the log-in.
const USED_AFTER: u32 = 29;
const COMPARED_AFTER: u32 = 31;

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    with_account(&run, async |account| {
        run.step(0).await?;
        let (used, unused) = (account.log_in("").await?.token, account.log_in("").await?.token);
        let rows = account.rows().await?;
        let begun = rows.sessions.first().ok_or_else(gone)?;
        run.saw(Lane::Server, "One session's row", row(begun));
        let timeout = (begun.expires_at - begun.last_seen_at) / 60;
        run.saw(Lane::Server, "Without a request it ends after", format!("{timeout} minutes"));

        run.step(1).await?;
        let lived = account.show(&used, USED_AFTER * 60).await?.is_some();
        let prolonged = account.show(&used, COMPARED_AFTER * 60).await?;
        if let Some(prolonged) = &prolonged {
            run.saw(Lane::Server, "Its row, after its use", row(&prolonged.session));
        }
        let control = account.show(&unused, COMPARED_AFTER * 60).await?.is_some();

        run.step(2).await?;
        let minutes = run.number("minutes");
        let lives = account.show(&used, (COMPARED_AFTER + minutes) * 60).await?.is_some();
        let words = format!(
            "{COMPARED_AFTER} minutes after the log-in the session that was used lived, and the other {}. Left alone for \
             {minutes} minutes it {}. The idle timeout is {timeout} minutes.",
            if control { "lived too" } else { "had ended" },
            if lives { "still lived" } else { "had ended" },
        );
        Ok(match (lived && prolonged.is_some(), control, lives) {
            (false, ..) => Verdict::does_not_hold(
                1,
                format!("It had ended although it was used: this server's idle timeout is {timeout} minutes."),
            ),
            (true, false, false) => Verdict::holds(0, format!("{words} Closing the browser was not tried here.")),
            (true, false, true) => Verdict::holds_with_a_catch(0, words),
            (true, true, _) => Verdict::does_not_hold(2, words),
        })
    })
    .await
}

fn gone() -> Trouble {
    Trouble::because("The session was gone before it was looked at. Run it again.")
}

//! The stolen database: what lies in it opens nothing.

use crate::experiments::prelude::*;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "stolen-database",
    title: "The stolen database",
    group: Group::Passwords,
    claims: &[L2, L5],
    about: &[
        "Databases are stolen: a backup is left lying about, a disk is sold. So what lies in them should be of no use to \
         the thief.",
        "Of a password the server keeps a slow hash, of a session's token a quick one. A hash is made from a text and \
         does not lead back to it. Here you are the thief, with the rows of an account that is made for the run.",
    ],
    question: "You hold the row of a session that is alive, and the row of its user. Can you use them to get in?",
    choices: &[
        "Yes: the session's row is the session.",
        "No: the row holds a hash of the token, and a hash is no token.",
        "Yes: the password's hash can be typed in as the password.",
    ],
    parameters: &[],
    steps: &[
        Step("Copy the rows", "Somebody is logged in. You read the user's row and the session's row."),
        Step(
            "Present the session's row",
            "Its id, its hash, and both together spelled as a token is, are shown to the server.",
        ),
        Step("Log in with the password's hash", "The stored hash is sent as if it were the password."),
    ],
    alone: false,
    needs: &[],
    takes: 3,
    opens: &[],
    in_general: &[
        "A token has 256 random bits, so a quick hash is enough for it: nobody can guess what it was made from. A \
         password is guessed more easily, so its hash is made slow and given a salt.",
        "A thief can still guess weak passwords at leisure, and reads all that is not hashed: names, times, and what the \
         sessions keep.",
    ],
    other_browsers: "",
    sources: &[
        Source {
            says: "Passwords are kept as hashes by a function made for them:",
            rule: "OWASP ASVS 5.0 V11.4.2",
            link: "https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x20-V11-Cryptography.md",
        },
        Source {
            says: "Argon2id, and how much it should cost:",
            rule: "RFC 9106 §4",
            link: "https://www.rfc-editor.org/rfc/rfc9106.html#section-4",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    with_account(&run, async |account| {
        run.step(0).await?;
        let own = account.log_in("").await?.token;
        let alive = account.show(&own, 0).await?.is_some();
        let rows = account.rows().await?;
        run.saw(Lane::Server, "The user's row", format!("password_hash {}", rows.user.password_hash));
        let stolen = rows.sessions.first().ok_or_else(|| Trouble::because("There is no session. Run it again."))?;
        run.saw(Lane::Server, "The session's row", row(stolen));

        run.step(1).await?;
        let SessionRow { id, secret_hash, .. } = stolen;
        let mut opened = 0;
        for forged in [id.clone(), secret_hash.clone(), format!("{id}.{}", spelled(secret_hash))] {
            opened += u32::from(account.show(&forged, 0).await?.is_some());
        }

        run.step(2).await?;
        let answer = account.send("log-in", &[("password", &rows.user.password_hash)]).await?;
        run.saw(Lane::Wire, "What the form sends", format!("password={}", rows.user.password_hash));
        run.saw(Lane::Server, "The answer", format!("{}: {}", answer.status, answer.body));
        Ok(match (alive, opened, answer.status) {
            (true, 0, 401) => Verdict::holds(
                1,
                "The session lived, yet its row opened it in none of three ways, and the password's hash was no password.",
            ),
            (true, 0, status) => {
                Verdict::holds_with_a_catch(1, format!("The row opened nothing; the log-in was answered with {status}."))
            }
            (true, ..) => Verdict::does_not_hold(0, format!("The row opened the session in {opened} of 3 ways.")),
            (false, ..) => Verdict::holds_with_a_catch(1, "The session had ended already, so nothing was shown."),
        })
    })
    .await
}

/// A hash from hexadecimal digits in the letters of a token's secret half.
fn spelled(hash: &str) -> String {
    let digits: Vec<_> = hash.chars().filter_map(|digit| digit.to_digit(16)).collect();
    let bytes: Vec<_> = digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    URL_SAFE_NO_PAD.encode(bytes)
}

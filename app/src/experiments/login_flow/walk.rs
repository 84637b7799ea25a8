//! The walk through the log-in flow: with an account of the visitor's own, or one that is thrown away, and in either case
//! by the code that the forms of sign-up and log-in run.

use crate::{
    browser::lab::exchanges,
    experiments::{
        prelude::*,
        test_account::{MASK, Rows, TestAccount, with_own_account},
    },
    wire::{Exchange, HeaderField},
};

pub(in crate::experiments) const FLOW: Experiment = Experiment {
    slug: "login-flow",
    title: "The log-in flow",
    group: Group::Passwords,
    claims: &[L1, L2, L3, L4, L5, L6],
    about: &[
        "A web server forgets everybody after each answer. That you stay logged in from page to page is built from a few \
         simple parts: a hashed password, a random token, a row in a database and a cookie. Here you walk through all of it.",
        "Walk with a name and a password of your own, or leave both empty and the lab draws an account that is thrown away \
         at the end. The requests go to addresses below /lab/subject, which call the very functions that the forms of the \
         sign-up and log-in pages call; the token goes into a cookie with a lab- name. So your own log-in in this browser is \
         left alone.",
    ],
    question: "",
    choices: &[],
    parameters: &[
        Parameter::own("username", "Username (may stay empty)"),
        Parameter::password("password", "Password (may stay empty)"),
        Parameter::choice(
            "afterwards",
            "Your own account, afterwards",
            &[("delete", "delete it"), ("keep", "keep it: I want to log in with it")],
        ),
    ],
    steps: &[
        Step("Sign up", "The browser posts the username and the password to the server, as a form does."),
        Step(
            "Hash the password",
            "The server does not keep the password. It hashes it with a random salt, slowly on purpose, and stores what came \
             out beside the name.",
        ),
        Step("Log in", "The same two are posted again. This time a slip is in the password."),
        Step(
            "Check it",
            "The server looks the name up, hashes what was sent with the stored salt, and compares. It is not the same, so the \
             answer is 401 and nothing is written to the sessions.",
        ),
        Step(
            "Hand out a token",
            "Now with the right password. The server draws a random token, stores a hash of it with the user's id, and \
             attaches the token to its answer as a cookie that no script can read.",
        ),
        Step(
            "Ask for a guarded page",
            "The browser sends the cookie by itself. The server finds the row by the token's first half, compares the hash of \
             the second, and knows who is asking.",
        ),
        Step("Log out", "The server deletes the row, and tells the browser to remove the cookie."),
        Step(
            "Try the old cookie",
            "Somebody may have kept a copy of the token. It is put back into the browser and sent once more.",
        ),
    ],
    alone: false,
    needs: &[],
    takes: 4,
    opens: &[],
    in_general: &[
        "The token is the key to the account for as long as its row lives. That is why it is random, goes only into a \
         cookie that scripts cannot read, and why the database keeps no more than its hash.",
        "“With an expiration date”: with “Keep me logged in” the cookie carries one. Without, it is a session cookie, which \
         the browser drops in its own time. In both cases it is the row that decides, and the server never trusts the \
         cookie's own date.",
    ],
    other_browsers: "All browsers do this alike.",
    sources: &[
        Source {
            says: "Passwords are stored only as salted hashes that are costly to compute:",
            rule: "OWASP Password Storage Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
        },
        Source {
            says: "A session's token is random, in a cookie that scripts cannot read, and ends at the server:",
            rule: "OWASP Session Management Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
        },
        Source {
            says: "What 401 means:",
            rule: "RFC 9110 §15.5.2",
            link: "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.2",
        },
    ],
};

pub(in crate::experiments) const WALK: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(walk(run)), clean: nothing_more };

/// What was seen on the way.
#[derive(Default)]
struct Walked {
    hashed: bool,
    denied: bool,
    granted: bool,
    known: bool,
    gone: bool,
    refused: bool,
    /// Whether the cookie has an expiration date of its own.
    dated: bool,
}

async fn walk(run: Run) -> Result<Verdict, Trouble> {
    let (username, password) = (run.value("username"), run.value("password"));
    let is_own = !(username.is_empty() && password.is_empty());
    let own = [("username", username.as_str()), ("password", password.as_str())];
    run.step(0).await?;
    with_own_account(&run, if is_own { &own } else { &[] }, async |account| {
        let username = account.subject.username.as_str();
        let body = match is_own {
            true => form(username),
            false => format!("(empty: the server draws the name {username} and a password)"),
        };
        exchange(&run, "/lab/subject", &body).await?;
        let walked = steps(&run, account).await?;
        let kept = is_own && run.value("afterwards") == "keep";
        if kept {
            account.send("keep", &[]).await?.ok()?;
        }
        let account = match (kept, is_own) {
            (true, _) => "The account is yours now: log in with it.",
            (false, true) => "The account is deleted again.",
            (false, false) => "The account that was drawn for this is deleted again.",
        };
        Ok(judge(&walked, account))
    })
    .await
}

async fn steps(run: &Run, account: &TestAccount) -> Result<Walked, Trouble> {
    let mut walked = Walked::default();
    let username = account.subject.username.as_str();

    run.step(1).await?;
    let signed_up = account.masked_rows().await?;
    run.saw(Lane::Server, "In the table users, before", "none of this name: the server takes no name twice");
    run.saw(Lane::Server, "In the table users, after", user_row(&signed_up));
    walked.hashed = signed_up.user.password_hash.starts_with("$argon2id$");

    run.step(2).await?;
    run.saw(Lane::Browser, "What the form sends", form(username));
    let slip = account.send("log-in", &[("password", &format!("{}x", account.subject.password))]).await?;
    request(run, &last(run, "/lab/subject/log-in").await?, &form(username));

    run.step(3).await?;
    answer(run, &last(run, "/lab/subject/log-in").await?);
    let denied = sessions_after(run, account, &signed_up).await?;
    walked.denied = slip.status == 401 && denied.sessions.is_empty();

    run.step(4).await?;
    // Under a name of the lab's own, so that nobody is logged out by it.
    let cookie = format!("__Host-{}", run.name("token"));
    let fields = [("password", account.subject.password.as_str()), ("cookie", &cookie)];
    let Token { token, line } = account.send("log-in", &fields).await?.ok()?.json()?;
    let line = line.replacen("__Host-session", &cookie, 1);
    run.remembers(&line);
    exchange(run, "/lab/subject/log-in", &form(username)).await?;
    let logged_in = sessions_after(run, account, &denied).await?;
    let is_its = |session: &SessionRow| session.user_id == Some(logged_in.user.id) && token.starts_with(&session.id);
    walked.granted = logged_in.sessions.len() == 1 && logged_in.sessions.iter().all(is_its);
    let has = |attribute: &str| line.to_ascii_lowercase().contains(attribute);
    walked.dated = has("; max-age=") || has("; expires=");

    run.step(5).await?;
    walked.known = account.show_cookie(&cookie).await?.is_some_and(|known| known.username.as_deref() == Some(username));
    exchange(run, "/lab/subject/whoami", "").await?;
    let asked = sessions_after(run, account, &logged_in).await?;

    run.step(6).await?;
    account.send("log-out", &[("cookie", &cookie)]).await?.ok()?;
    exchange(run, "/lab/subject/log-out", "").await?;
    let logged_out = sessions_after(run, account, &asked).await?;
    walked.gone = logged_out.sessions.is_empty();

    run.step(7).await?;
    run.set_cookie_by_http(&line).await?;
    run.saw(Lane::Browser, "The cookie is put back", format!("{cookie}={MASK}"));
    walked.refused = account.show_cookie(&cookie).await?.is_none();
    exchange(run, "/lab/subject/whoami", "").await?;
    sessions_after(run, account, &logged_out).await?;
    Ok(walked)
}

fn judge(walked: &Walked, account: &str) -> Verdict {
    let Walked { hashed, denied, granted, known, gone, refused, dated } = *walked;
    let seen = [
        (hashed, "the password was not stored as a hash"),
        (denied, "the slip was not denied with 401"),
        (granted, "no session of the user was stored"),
        (known, "the cookie did not tell who is asking"),
        (gone, "the row outlived the log-out"),
        (refused, "the old cookie still opened the account"),
    ];
    let broken: Vec<_> = seen.into_iter().filter(|(so, _)| !so).map(|(_, words)| words).collect();
    if !broken.is_empty() {
        return Verdict::does_not_hold(0, format!("On the way {}. {account}", broken.join(", and ")));
    }
    let words = "The password was stored as a hash, a slip was denied with 401, the right one got a token and a row, the \
                 cookie alone said who is asking; after the log-out the row was gone and the old cookie opened nothing.";
    match dated {
        true => Verdict::holds(0, format!("{words} {account}")),
        false => Verdict::holds_with_a_catch(
            0,
            format!("{words} The cookie had no expiration date of its own: the row has it. {account}"),
        ),
    }
}

/// Shows what the table `sessions` held before a step and holds after it, and returns the latter.
async fn sessions_after(run: &Run, account: &TestAccount, before: &Rows) -> Result<Rows, Trouble> {
    let after = account.masked_rows().await?;
    run.saw(Lane::Server, "In the table sessions, before", session_rows(before));
    run.saw(Lane::Server, "In the table sessions, after", session_rows(&after));
    Ok(after)
}

/// A form's two fields, as they are shown.
fn form(username: &str) -> String {
    format!("username={username}\npassword={MASK}")
}

/// The user's row as text.
fn user_row(Rows { user, .. }: &Rows) -> String {
    format!("id             {}\nusername       {}\npassword_hash  {}", user.id, user.username, user.password_hash)
}

/// The rows of the user's sessions as text.
fn session_rows(Rows { user, sessions }: &Rows) -> String {
    match sessions.is_empty() {
        true => format!("none with user_id {}", user.id),
        false => sessions.iter().map(row).collect::<Vec<_>>().join("\n\n"),
    }
}

/// The latest exchange of this page with a path, as the server recorded it.
async fn last(run: &Run, path: &str) -> Result<Exchange, Trouble> {
    let all = exchanges().await?.unwrap_or_default();
    run.go_on()?;
    let of_path = |exchange: &Exchange| exchange.path.split('?').next() == Some(path);
    all.into_iter().rev().find(of_path).ok_or_else(|| {
        Trouble::because("The server keeps no record of this page any more. Load the page again, then run it.")
    })
}

async fn exchange(run: &Run, path: &str, body: &str) -> Result<(), Trouble> {
    let exchange = last(run, path).await?;
    request(run, &exchange, body);
    answer(run, &exchange);
    Ok(())
}

/// Shows a request; its query names the account and is left out.
fn request(run: &Run, Exchange { method, path, version, request, .. }: &Exchange, body: &str) {
    const TELLING: [&str; 7] =
        ["host", "origin", "content-type", "content-length", "sec-fetch-site", "sec-fetch-mode", "cookie"];
    let path = path.split('?').next().unwrap_or_default();
    let head = format!("{method} {path} {version}\n{}", fields(request, &TELLING));
    run.saw(Lane::Wire, "The request", if body.is_empty() { head } else { format!("{head}\n\n{body}") });
}

fn answer(run: &Run, Exchange { version, status, response, .. }: &Exchange) {
    const TELLING: [&str; 4] = ["set-cookie", "cache-control", "content-type", "content-length"];
    run.saw(Lane::Wire, "The answer", format!("{version} {status}\n{}", fields(response, &TELLING)));
}

/// The fields that tell something here, and how many more there were.
fn fields(all: &[HeaderField], telling: &[&str]) -> String {
    let (shown, further): (Vec<_>, Vec<_>) = all.iter().partition(|field| telling.contains(&field.name.as_str()));
    let line = |field: &&HeaderField| match field.cookies.as_slice() {
        [] => format!("{}: {}", field.name, field.value),
        cookies => {
            let pairs: Vec<_> = cookies.iter().map(|cookie| format!("{}={MASK}", cookie.name)).collect();
            format!("{}: {}", field.name, pairs.join("; "))
        }
    };
    let lines = shown.iter().map(line).collect::<Vec<_>>().join("\n");
    format!("{lines}\n({} further fields)", further.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::model::Kind;

    const WALKED: Walked =
        Walked { hashed: true, denied: true, granted: true, known: true, gone: true, refused: true, dated: false };

    #[test]
    fn the_verdict_names_what_went_wrong_on_the_way() {
        assert_eq!(judge(&WALKED, "").kind, Kind::HoldsWithACatch);
        assert_eq!(judge(&Walked { dated: true, ..WALKED }, "").kind, Kind::Holds);
        let verdict = judge(&Walked { gone: false, refused: false, ..WALKED }, "");
        assert_eq!(verdict.kind, Kind::DoesNotHold);
        assert!(verdict.words.contains("the row outlived the log-out, and the old cookie still opened the account"));
    }
}

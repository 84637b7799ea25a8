//! The server session: the data lies on the server, the browser holds an id and a secret, and nothing else travels.

use crate::{experiments::prelude::*, sessions::SessionValue};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "server-session",
    title: "Only the id outside",
    group: Group::Server,
    claims: &[C4, C8, C11, L5, L6],
    about: &[
        "What is in a cookie, its owner can read and change. What must not be changed, such as who you are, has to lie \
         where only the server reaches.",
        "So the server keeps a row in its database, and gives the browser a token: a name for the row and a secret that \
         opens it. With every request the token comes back, and the server looks the row up. Here that is done with an \
         account that is made for the run and deleted after it.",
    ],
    question: "Somebody has logged in. What does the browser send with each request, so that the server knows who it is?",
    choices: &[
        "The user's name, so that the server can look it up.",
        "A token that says nothing by itself; who it belongs to lies on the server.",
        "The password, in an encrypted form.",
    ],
    parameters: &[
        Parameter::word("colour", "A variable for the session: its colour", 24, "blue"),
        Parameter::number("pages", "Pages asked for", 1..=5, 2),
    ],
    steps: &[
        Step(
            "Log in",
            "The server checks the password, stores a session and answers with a Set-Cookie line that holds a new token.",
        ),
        Step(
            "Register a variable",
            "The server keeps a value under the session's id. What it stores: the token's name, a hash of its secret, and the \
             user it belongs to.",
        ),
        Step(
            "Ask for pages",
            "The browser sends the cookie along with each request, and scripts do not even see it. The server says whom it \
             takes you for, and what the variable is.",
        ),
    ],
    alone: false,
    needs: &[Need::SecureCookies],
    takes: 3,
    opens: &[],
    in_general: &[
        "A session variable is data that the server keeps under the session's id. Every page of the site can use it \
         during that visit, and the visitor cannot change it: there is nothing of it in the browser.",
        "The user's id is such a variable. That is all that “logged in” means: the token leads to a row, and in the row \
         stands a user.",
    ],
    other_browsers: "All browsers do this alike: to them the token is a cookie like any other.",
    sources: &[
        Source {
            says: "A session identifier should say nothing to whoever reads it:",
            rule: "OWASP Session Management Cheat Sheet",
            link: "https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html",
        },
        Source {
            says: "Servers may keep the state themselves and send only an identifier to it:",
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
        let username = &account.subject.username;
        run.saw(Lane::Browser, "What the form sends", format!("username={username}\npassword=••••••••"));
        let Token { token, line } = account.log_in("").await?;
        run.saw(Lane::Wire, "The answer's line", format!("Set-Cookie: {line}"));
        // Under a name of the lab's own, so that nobody is logged out by it.
        let cookie = format!("__Host-{}", run.name("token"));
        run.set_cookie_by_http(&line.replacen("__Host-session", &cookie, 1)).await?;

        run.step(1).await?;
        let colour = run.value("colour");
        account.put(&token, "colour", &colour).await?;
        run.saw(Lane::Browser, "What is sent, once", format!("name=colour\nvalue={colour}"));
        let rows = account.rows().await?;
        run.saw(Lane::Server, "The user's row", format!("id            {}\nusername      {username}", rows.user.id));
        for session in &rows.sessions {
            run.saw(Lane::Server, "The session's row", row(session));
        }
        let points_to_user = rows.sessions.iter().any(|session| session.user_id == Some(rows.user.id));

        run.step(2).await?;
        let pages = run.number("pages");
        let mut known = 0;
        for _ in 0..pages {
            let recognised = account.show_cookie(&cookie).await?;
            let is_all_there = |known: Recognised| {
                let has = |value: &SessionValue| value.name == "colour" && value.value == colour;
                known.username.as_ref() == Some(username) && known.values.iter().any(has)
            };
            known += u32::from(recognised.is_some_and(is_all_there));
        }
        let tells = [username, &account.subject.password].iter().any(|secret| token.contains(secret.as_str()));
        Ok(match (known == pages && points_to_user, tells) {
            (true, false) => Verdict::holds(
                1,
                format!(
                    "{known} of {pages} requests carried {} characters of token, with no name and no password in them, \
                     and the server knew {username} and the colour {colour} each time: from its own rows.",
                    token.len()
                ),
            ),
            (true, true) => Verdict::holds_with_a_catch(0, "The server knew the user, but the token itself tells it."),
            (false, _) => {
                Verdict::does_not_hold(1, format!("The server knew user and variable for {known} of {pages} requests."))
            }
        })
    })
    .await
}

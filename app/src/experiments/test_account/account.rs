//! Requests about a throw-away account, for as long as a run has one.

use super::answers::{MASK, Recognised, Rows, SessionRow, Subject, Token};
use crate::experiments::{
    client::{Answer, Ask},
    model::{Lane, Trouble},
    run::Run,
};
use serde::de::DeserializeOwned;
use std::fmt::Write;

/// A throw-away account, for as long as a run lasts.
pub(crate) struct TestAccount {
    run: Run,
    pub subject: Subject,
}

/// Makes one, does something with it, and deletes it again however that ended.
pub(crate) async fn with_account<T>(
    run: &Run,
    work: impl AsyncFnOnce(&TestAccount) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    with_own_account(run, &[], work).await
}

/// The same with a name and a password of the visitor's own, in the fields `username` and `password`.
pub(crate) async fn with_own_account<T>(
    run: &Run,
    fields: &[(&str, &str)],
    work: impl AsyncFnOnce(&TestAccount) -> Result<T, Trouble>,
) -> Result<T, Trouble> {
    run.go_on()?;
    // Its id is kept whatever happens meanwhile, or it could not be deleted.
    let mut subject: Subject = Ask::post("/lab/subject", fields).recorded().send().await?.ok()?.json()?;
    if let Some((_, own)) = fields.iter().find(|(name, _)| *name == "password") {
        (*own).clone_into(&mut subject.password);
    }
    let account = TestAccount { run: run.clone(), subject };
    let outcome = match run.go_on() {
        Ok(()) => work(&account).await,
        Err(stopped) => Err(stopped),
    };
    // Where it does not answer, the server deletes it within the hour.
    let _ = Ask::post("/lab/subject/end", &[("subject", &account.subject.id)]).send().await;
    outcome
}

impl TestAccount {
    async fn ask<T: DeserializeOwned>(&self, action: &str, fields: &[(&str, &str)]) -> Result<T, Trouble> {
        self.send(action, fields).await?.ok()?.json()
    }

    /// Sends one of the requests below `/lab/subject`; whatever its status, an answer is an answer.
    pub async fn send(&self, action: &str, fields: &[(&str, &str)]) -> Result<Answer, Trouble> {
        let subject = [("subject", self.subject.id.as_str())];
        let fields: Vec<_> = subject.iter().chain(fields).copied().collect();
        self.run.ask(&Ask::post(format!("/lab/subject/{action}"), &fields).recorded()).await
    }

    /// Starts a session that is nobody's yet.
    pub async fn anonymous(&self) -> Result<Token, Trouble> {
        self.ask("anonymous", &[]).await
    }

    /// Logs in; `presented` is the token that the browser had before, if any.
    pub async fn log_in(&self, presented: &str) -> Result<Token, Trouble> {
        self.ask("log-in", &[("password", &self.subject.password), ("token", presented)]).await
    }

    /// Confirms the password in a session, which goes on under a new token.
    pub async fn confirm(&self, token: &str) -> Result<Token, Trouble> {
        self.ask("confirm", &[("password", &self.subject.password), ("token", token)]).await
    }

    /// Ends sessions: `log-out` that of the token, `end-others` all but that.
    pub async fn end(&self, action: &str, token: &str) -> Result<(), Trouble> {
        self.send(action, &[("token", token)]).await?.ok().map(drop)
    }

    /// Keeps a variable in the token's session.
    pub async fn put(&self, token: &str, name: &str, value: &str) -> Result<(), Trouble> {
        self.send("put", &[("token", token), ("name", name), ("value", value)]).await?.ok().map(drop)
    }

    /// Shows a token to the server, `later` seconds from now by its clock; `None` where it opens nothing.
    pub async fn show(&self, token: &str, later: u32) -> Result<Option<Recognised>, Trouble> {
        let ask = Ask::get(format!("/lab/subject/whoami?subject={}&later={later}", self.subject.id));
        self.run.saw(Lane::Wire, "A request with the token", format!("lab-token: {token}"));
        self.recognised(&ask.header("lab-token", token).bare()).await
    }

    /// Asks who this browser is, by the token in the cookie of this name; `None` where it opens nothing.
    pub async fn show_cookie(&self, name: &str) -> Result<Option<Recognised>, Trouble> {
        let ask = Ask::get(format!("/lab/subject/whoami?subject={}&cookie={name}", self.subject.id));
        // The account's id opens it, so it is not shown.
        let shown = ask.to_string().replace(&self.subject.id, MASK);
        self.run.saw(Lane::Browser, "What the page does", shown);
        self.recognised(&ask.recorded()).await
    }

    async fn recognised(&self, ask: &Ask) -> Result<Option<Recognised>, Trouble> {
        let run = &self.run;
        let answer = run.ask(ask).await?;
        let known = match answer.status {
            401 => None,
            _ => Some(answer.ok()?.json::<Recognised>()?),
        };
        let mut said = match &known {
            None => "401: this token opens nothing.".to_owned(),
            Some(Recognised { username: None, .. }) => "200: a session, but nobody is logged in.".to_owned(),
            Some(Recognised { username: Some(name), .. }) => format!("200: you are {name}."),
        };
        for value in known.iter().flat_map(|known| &known.values) {
            let _ = write!(said, "\n{} = {}", value.name, value.value);
        }
        run.saw(Lane::Server, "The answer", said);
        Ok(known)
    }

    /// The same without salts and hashes.
    pub async fn masked_rows(&self) -> Result<Rows, Trouble> {
        let ask = Ask::get(format!("/lab/subject/rows?subject={}&masked=true", self.subject.id));
        self.run.ask(&ask).await?.ok()?.json()
    }

    /// What the database keeps of the account.
    pub async fn rows(&self) -> Result<Rows, Trouble> {
        let ask = Ask::get(format!("/lab/subject/rows?subject={}", self.subject.id));
        self.run.ask(&ask).await?.ok()?.json()
    }
}

/// A row of the table `sessions`, as text.
pub(crate) fn row(session: &SessionRow) -> String {
    let SessionRow { id, secret_hash, user_id, created_at, last_seen_at, expires_at, ends_at } = session;
    let user = user_id.map_or("NULL".to_owned(), |id| id.to_string());
    format!(
        "id            {id}\nsecret_hash   {secret_hash}\nuser_id       {user}\ncreated_at    {created_at}\n\
         last_seen_at  {last_seen_at}\nexpires_at    {expires_at}\nends_at       {ends_at}"
    )
}

//! The page that only who is logged in sees, asked for with cookies of one's choice: whether they let in.

use super::{
    CheckError,
    exchange::{Cookies, Exchange, Stage},
    visitor::{App, Ask},
};
use axum::http::StatusCode;
use std::collections::BTreeSet;
use url::Url;

/// How a page answers.
#[derive(PartialEq, Eq)]
struct Answer {
    status: StatusCode,
    leads_to: Option<String>,
}

impl Answer {
    fn of(exchange: &Exchange) -> Self {
        let leads_to = exchange.location().map(|url| url.path().to_owned());
        Self { status: exchange.status, leads_to }
    }
}

/// A page that is asked for, and all that was exchanged.
pub(super) struct Probe<'a> {
    pub app: &'a App,
    pub page: Url,
    pub exchanges: Vec<Exchange>,
    /// What stands on the page for those who are logged in alone, where that is known.
    shows: Option<&'a str>,
    /// How it answers strangers, and those who are logged in, once that is known.
    answers: Option<[Answer; 2]>,
}

/// How the cookies of the session are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// The page lets nobody in without each of them.
    Needed,
    /// Each of them lets in by itself.
    EachEnough,
    /// The file names them.
    Named,
    /// Who goes along with the check says so.
    Chosen,
}

impl<'a> Probe<'a> {
    pub fn new(app: &'a App, page: Url, shows: Option<&'a str>) -> Self {
        Self { app, page, exchanges: Vec::new(), shows, answers: None }
    }

    /// Keeps an exchange; its index.
    pub fn note(&mut self, exchange: Exchange) -> usize {
        self.exchanges.push(exchange);
        self.exchanges.len() - 1
    }

    /// Asks for the page with just these cookies; whether they let in.
    pub async fn try_with(&mut self, cookies: Cookies, stage: Stage) -> Result<(usize, bool), CheckError> {
        let exchange = self.app.ask(Ask::page(&self.page, cookies), stage).await?;
        let is_in = self.lets_in(&exchange)?;
        Ok((self.note(exchange), is_in))
    }

    /// Learns from two exchanges how the page answers those who are logged in; whether that differs.
    pub fn tell_apart(&mut self, stranger: usize, member: usize) -> bool {
        let [for_stranger, for_member] = [stranger, member].map(|index| &self.exchanges[index]);
        let differ = match self.shows(for_member).zip(self.shows(for_stranger)) {
            Some(shown) => shown == (true, false),
            None => Answer::of(for_member) != Answer::of(for_stranger),
        };
        self.answers = differ.then(|| [for_stranger, for_member].map(Answer::of));
        differ
    }

    fn shows(&self, exchange: &Exchange) -> Option<bool> {
        self.shows.map(|words| exchange.text().contains(words))
    }

    /// Whether it is answered as to who is logged in.
    pub fn is_in(&self, exchange: &Exchange) -> bool {
        let member = self.answers.as_ref().map(|[_, member]| member);
        self.shows(exchange).unwrap_or_else(|| member == Some(&Answer::of(exchange)))
    }

    /// Whether the page lets in, in this exchange.
    ///
    /// # Errors
    /// [`CheckError::Unclear`]: an app that is overloaded or that broke says nothing of the session.
    pub fn lets_in(&self, exchange: &Exchange) -> Result<bool, CheckError> {
        let is_known = self.answers.as_ref().is_none_or(|known| known.contains(&Answer::of(exchange)));
        if !is_known && (exchange.status.is_server_error() || exchange.status == StatusCode::TOO_MANY_REQUESTS) {
            return Err(CheckError::Unclear { page: self.page.path().to_owned(), status: exchange.status.as_u16() });
        }
        Ok(self.is_in(exchange))
    }

    /// The cookies without which the page does not let in or, where two of them do so each, those that do it alone.
    ///
    /// # Errors
    /// [`CheckError::Changing`], and where the app does not answer.
    pub async fn find_session(&mut self, all: &Cookies) -> Result<(Vec<String>, Known), CheckError> {
        let (mut needed, mut enough) = (Vec::new(), Vec::new());
        let names: BTreeSet<_> = all.iter().map(|(name, _)| name).collect();
        for name in names {
            let others = all.iter().filter(|(other, _)| other != name).cloned().collect();
            if !self.try_with(others, Stage::Search).await?.1 {
                needed.push(name.clone());
            }
        }
        if needed.is_empty() {
            for cookie in all {
                if self.try_with(vec![cookie.clone()], Stage::Search).await?.1 {
                    enough.push(cookie.0.clone());
                }
            }
        }
        // All that was asked above says nothing of a session that each answer ends and begins anew.
        if !self.try_with(all.clone(), Stage::Search).await?.1 {
            return Err(CheckError::Changing);
        }
        Ok(if needed.is_empty() { (enough, Known::EachEnough) } else { (needed, Known::Needed) })
    }
}

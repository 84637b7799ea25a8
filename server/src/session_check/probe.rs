//! The page that only who is logged in sees, asked for with cookies of one's choice: whether they let in.

use super::{
    CheckError,
    exchange::{Exchange, Stage},
    visitor::{App, Ask},
};
use axum::http::StatusCode;
use url::Url;

/// Cookies by names and values.
pub(super) type Cookies = Vec<(String, String)>;

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
    /// How it answers them, once that is known.
    member: Option<Answer>,
}

impl<'a> Probe<'a> {
    pub fn new(app: &'a App, page: Url, shows: Option<&'a str>) -> Self {
        Self { app, page, exchanges: Vec::new(), shows, member: None }
    }

    /// Keeps an exchange; its index.
    pub fn note(&mut self, exchange: Exchange) -> usize {
        self.exchanges.push(exchange);
        self.exchanges.len() - 1
    }

    /// Asks for the page with just these cookies; whether they let in.
    pub async fn try_with(&mut self, cookies: Cookies, stage: Stage) -> Result<(usize, bool), CheckError> {
        let exchange = self.app.ask(Ask::page(&self.page, cookies), stage).await?;
        let is_in = self.is_in(&exchange);
        Ok((self.note(exchange), is_in))
    }

    /// Learns from two exchanges how the page answers those who are logged in; whether that differs.
    pub fn tell_apart(&mut self, stranger: usize, member: usize) -> bool {
        let [for_stranger, for_member] = [stranger, member].map(|index| &self.exchanges[index]);
        let differ = match self.shows(for_member).zip(self.shows(for_stranger)) {
            Some(shown) => shown == (true, false),
            None => Answer::of(for_member) != Answer::of(for_stranger),
        };
        self.member = differ.then(|| Answer::of(for_member));
        differ
    }

    fn shows(&self, exchange: &Exchange) -> Option<bool> {
        self.shows.map(|words| exchange.text().contains(words))
    }

    /// Whether the page lets in, in this exchange.
    pub fn is_in(&self, exchange: &Exchange) -> bool {
        self.shows(exchange).unwrap_or_else(|| self.member.as_ref() == Some(&Answer::of(exchange)))
    }

    /// The cookies without which the page does not let in or, where two of them do so each, those that do it alone.
    pub async fn find_session(&mut self, all: &Cookies) -> Result<Vec<String>, CheckError> {
        let (mut needed, mut enough) = (Vec::new(), Vec::new());
        for (name, _) in all {
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
        needed.append(&mut enough);
        needed.dedup();
        Ok(needed)
    }
}

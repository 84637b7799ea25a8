//! The other site: the same lab under another name, so that a page can look at what crosses from site to site. On this
//! machine `localhost` and `127.0.0.1` are two sites; elsewhere the operator names one.

use crate::http::{Channel, Client};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{Uri, header, request::Parts},
};
use std::{convert::Infallible, sync::Arc};

/// The origins that the operator named. One is the other site of every request that comes by another name; of two, each
/// is the other's.
#[derive(Clone, Debug, Default)]
pub struct OtherSites(pub Arc<[String]>);

/// A second port at which this server listens, where there is one.
#[derive(Clone, Copy, Debug, Default)]
pub struct OtherPort(pub Option<u16>);

impl OtherSites {
    fn of(&self, authority: &str, channel: Channel) -> Option<String> {
        if let Some(twin) = twin(authority) {
            let scheme = if channel == Channel::Plain { "http" } else { "https" };
            return Some(format!("{scheme}://{twin}"));
        }
        let named = |site: &&String| site.split_once("://").is_some_and(|(_, named)| named != authority);
        self.0.iter().find(named).cloned()
    }
}

/// The other name of this machine, with the same port.
fn twin(authority: &str) -> Option<String> {
    let (host, port) = authority.split_once(':').unwrap_or((authority, ""));
    let other = match host {
        "localhost" => "127.0.0.1",
        "127.0.0.1" => "localhost",
        _ => return None,
    };
    let with_port = match port {
        "" => other.to_owned(),
        port => format!("{other}:{}", port.parse::<u16>().ok()?),
    };
    Some(with_port)
}

/// The origin of the other site, as a request's handler is told it.
#[derive(Clone, Debug, Default)]
pub(crate) struct OtherSite(pub Option<String>);

impl OtherSite {
    /// Of a request with this head.
    pub fn find(sites: &OtherSites, head: &Parts) -> Self {
        let channel = head.extensions.get::<Client>().map_or(Channel::Plain, |client| client.channel);
        let named = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let authority = head.uri.authority().map(|authority| authority.as_str()).or(named);
        Self(authority.and_then(|authority| sites.of(authority, channel)))
    }

    /// With a space before it, as policies list it; empty where there is none.
    pub fn in_policy(&self) -> String {
        self.0.as_ref().map(|origin| format!(" {origin}")).unwrap_or_default()
    }
}

impl<S> FromRequestParts<S> for OtherSite
where
    S: Send + Sync,
    OtherSites: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, state: &S) -> Result<Self, Infallible> {
        Ok(Self::find(&OtherSites::from_ref(state), head))
    }
}

/// Reads an origin: `https://lab.example`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn origin(text: &str) -> Result<String, String> {
    let origin = text.trim().trim_end_matches('/');
    let uri = origin.parse::<Uri>().ok();
    let parts = uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.authority()?.as_str())));
    match parts {
        Some((scheme @ ("http" | "https"), authority))
            if format!("{scheme}://{authority}") == origin && !authority.contains('@') =>
        {
            Ok(origin.to_owned())
        }
        _ => Err("write it as an origin, https://lab.example".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(named: &[&str], authority: &str, channel: Channel) -> Option<String> {
        OtherSites(named.iter().map(|site| (*site).to_owned()).collect()).of(authority, channel)
    }

    #[test]
    fn on_this_machine_each_name_is_the_others_other_site() {
        let plain = |authority| of(&[], authority, Channel::Plain);
        assert_eq!(plain("localhost:3000").as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(plain("127.0.0.1:3000").as_deref(), Some("http://localhost:3000"));
        assert_eq!(of(&[], "localhost", Channel::SelfSigned).as_deref(), Some("https://127.0.0.1"));
    }

    #[test]
    fn elsewhere_there_is_none_unless_the_operator_names_it() {
        assert_eq!(of(&[], "lab.example", Channel::Tls), None);
        let named = ["https://lab-two.example"];
        assert_eq!(of(&named, "lab.example", Channel::Tls).as_deref(), Some("https://lab-two.example"));
        assert_eq!(of(&named, "lab-two.example", Channel::Tls), None);
        let both = ["https://lab.example", "https://lab-two.example"];
        assert_eq!(of(&both, "lab.example", Channel::Tls).as_deref(), Some("https://lab-two.example"));
        assert_eq!(of(&both, "lab-two.example", Channel::Tls).as_deref(), Some("https://lab.example"));
    }

    #[test]
    fn a_made_up_name_puts_nothing_into_a_policy() {
        for authority in ["localhost:3000; script-src *", "localhost:", "localhost:99999", "127.0.0.1:x", ""] {
            assert!(of(&[], authority, Channel::Plain).is_none_or(|site| site == "http://127.0.0.1"), "{authority}");
        }
    }

    #[test]
    fn an_origin_is_scheme_and_name_alone() {
        assert_eq!(origin("https://lab.example/").as_deref(), Ok("https://lab.example"));
        assert_eq!(origin("http://10.0.0.1:8080").as_deref(), Ok("http://10.0.0.1:8080"));
        for text in
            ["lab.example", "ftp://lab.example", "https://lab.example/x", "https://a@lab.example", "https://a b", "*"]
        {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}

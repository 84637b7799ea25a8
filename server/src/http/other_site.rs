//! The other site: the same lab under another name, so that a page can look at what crosses from site to site. On this
//! machine `localhost` and `127.0.0.1` are two sites; elsewhere the operator names one.

use super::{
    address::{Channel, Client},
    text::header_text,
};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{StatusCode, Uri, header, request::Parts},
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
    /// The origin of the other site, as seen from this one.
    pub(super) fn other_than(&self, origin: &str) -> Option<String> {
        let (scheme, authority) = origin.split_once("://")?;
        self.of(scheme, authority)
    }

    fn of(&self, scheme: &str, authority: &str) -> Option<String> {
        if let Some(twin) = twin(authority) {
            return Some(format!("{scheme}://{twin}"));
        }
        // Another port is another origin, not another site.
        let is_other = |site: &&String| site.split_once("://").is_some_and(|(_, named)| host(named) != host(authority));
        self.0.iter().find(is_other).cloned()
    }
}

impl OtherPort {
    /// The second port, as seen from this host and port; none from itself.
    pub(super) fn seen_from(self, authority: &str) -> Option<u16> {
        self.0.filter(|port| authority != format!("{}:{port}", host(authority)))
    }

    /// The origin at the second port of the same host.
    pub(super) fn beside(self, origin: &str) -> Option<String> {
        let (scheme, authority) = origin.split_once("://")?;
        Some(format!("{scheme}://{}:{}", host(authority), self.seen_from(authority)?))
    }
}

/// The host of host and port.
fn host(authority: &str) -> &str {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        _ => authority,
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

/// The host and port that a request was sent to (RFC 9110 §7.2); empty where it does not say.
#[derive(Clone, Debug)]
pub(super) struct Authority(pub String);

fn authority(head: &Parts) -> Option<&str> {
    head.uri
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| header_text(&head.headers, header::HOST.as_str()))
}

impl<S: Send + Sync> FromRequestParts<S> for Authority {
    type Rejection = Infallible;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self(authority(head).unwrap_or_default().to_owned()))
    }
}

/// The origin of a page that asks the server it came from, as browsers tell it with `POST`: `Origin` names the host that is
/// asked, and `Sec-Fetch-Site`, where it is sent, says the same. Anything else is refused with 403, no `Origin` too.
#[derive(Clone, Debug)]
pub(super) struct OwnOrigin(pub String);

impl<S: Send + Sync> FromRequestParts<S> for OwnOrigin {
    type Rejection = StatusCode;

    async fn from_request_parts(head: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        let own = header_text(&head.headers, header::ORIGIN.as_str()).filter(|own| {
            let (_, named) = own.split_once("://").unwrap_or_default();
            // It comes to stand in a page and in a policy.
            let plain = named.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
            let same_site = header_text(&head.headers, "sec-fetch-site").is_none_or(|site| site == "same-origin");
            plain && same_site && Some(named) == authority(head) && origin(own).is_ok()
        });
        own.map(|own| Self(own.to_owned())).ok_or(StatusCode::FORBIDDEN)
    }
}

/// The origin of the other site, as a request's handler is told it.
#[derive(Clone, Debug, Default)]
pub(crate) struct OtherSite(pub Option<String>);

impl OtherSite {
    /// Of a request with this head.
    pub fn find(sites: &OtherSites, head: &Parts) -> Self {
        let channel = head.extensions.get::<Client>().map_or(Channel::Plain, |client| client.channel);
        let scheme = if channel == Channel::Plain { "http" } else { "https" };
        Self(authority(head).and_then(|authority| sites.of(scheme, authority)))
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

    fn of(named: &[&str], scheme: &str, authority: &str) -> Option<String> {
        OtherSites(named.iter().map(|site| (*site).to_owned()).collect()).of(scheme, authority)
    }

    #[test]
    fn on_this_machine_each_name_is_the_others_other_site() {
        let plain = |authority| of(&[], "http", authority);
        assert_eq!(plain("localhost:3000").as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(plain("127.0.0.1:3000").as_deref(), Some("http://localhost:3000"));
        assert_eq!(of(&[], "https", "localhost").as_deref(), Some("https://127.0.0.1"));
    }

    #[test]
    fn elsewhere_there_is_none_unless_the_operator_names_it() {
        assert_eq!(of(&[], "https", "lab.example"), None);
        let named = ["https://lab-two.example"];
        assert_eq!(of(&named, "https", "lab.example").as_deref(), Some("https://lab-two.example"));
        assert_eq!(of(&named, "https", "lab-two.example"), None);
        let both = ["https://lab.example", "https://lab-two.example"];
        assert_eq!(of(&both, "https", "lab.example").as_deref(), Some("https://lab-two.example"));
        assert_eq!(of(&both, "https", "lab-two.example").as_deref(), Some("https://lab.example"));
    }

    #[test]
    fn another_port_of_the_same_host_is_not_another_site() {
        let named = ["https://lab.example:8443", "https://lab-two.example"];
        assert_eq!(of(&named, "https", "lab.example").as_deref(), Some("https://lab-two.example"));
        assert_eq!(of(&named[..1], "https", "lab.example"), None);
    }

    #[test]
    fn the_other_port_is_that_of_the_same_host_and_none_to_itself() {
        let beside = |origin| OtherPort(Some(4000)).beside(origin);
        assert_eq!(beside("http://localhost:3000").as_deref(), Some("http://localhost:4000"));
        assert_eq!(beside("https://[::1]:3000").as_deref(), Some("https://[::1]:4000"));
        assert_eq!(beside("http://localhost").as_deref(), Some("http://localhost:4000"));
        assert_eq!(beside("http://localhost:4000"), None);
        assert_eq!(OtherPort(None).beside("http://localhost:3000"), None);
    }

    #[test]
    fn a_made_up_name_puts_nothing_into_a_policy() {
        for authority in ["localhost:3000; script-src *", "localhost:", "localhost:99999", "127.0.0.1:x", ""] {
            assert!(of(&[], "http", authority).is_none_or(|site| site == "http://127.0.0.1"), "{authority}");
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

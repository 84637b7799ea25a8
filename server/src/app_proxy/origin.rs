//! Where an app is: scheme, host and port.

use axum::http::uri::{Authority, Scheme};
use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};
use url::{Position, Url};

/// The scheme, host and port of an address (RFC 6454 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub scheme: Scheme,
    pub authority: Authority,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.authority)
    }
}

impl Origin {
    /// Reads `http://localhost:8080`.
    pub fn read(text: &str) -> Option<Self> {
        let (scheme, authority) = text.split_once("://")?;
        Some(Self { scheme: scheme.parse().ok()?, authority: authority.parse().ok()? })
    }

    /// The host, without a port.
    pub fn host(&self) -> &str {
        self.authority.host()
    }

    /// Its port, the scheme's where none is named.
    pub fn port(&self) -> u16 {
        self.authority.port_u16().unwrap_or(if self.scheme == Scheme::HTTPS { 443 } else { 80 })
    }

    /// Whether requests to it arrive at this address of this machine.
    pub fn is_at(&self, address: SocketAddr) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        let is_this_machine = match host.parse::<IpAddr>() {
            Ok(named) => named.to_canonical() == address.ip().to_canonical() || named.to_canonical().is_loopback(),
            Err(_) => host == "localhost" || host.ends_with(".localhost"),
        };
        is_this_machine && self.port() == address.port()
    }

    /// The same place at another origin, for an address that is at this one; `None` for all others, also for those that name no
    /// origin.
    pub fn moved(&self, address: &str, to: &Self) -> Option<String> {
        // An address without a scheme of its own has this one's.
        let absolute =
            if address.starts_with("//") { format!("{}:{address}", self.scheme) } else { address.to_owned() };
        let url = Url::parse(&absolute).ok()?;
        let is_here = url.scheme() == self.scheme.as_str()
            && url.host_str().is_some_and(|host| host.eq_ignore_ascii_case(self.host()))
            && url.port_or_known_default() == Some(self.port());
        is_here.then(|| format!("{to}{}", &url[Position::BeforePath..]))
    }
}

/// Whether a host is this machine, by its name or address.
pub(super) fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => address.to_canonical().is_loopback(),
        Err(_) => bare.eq_ignore_ascii_case("localhost") || bare.to_ascii_lowercase().ends_with(".localhost"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(text: &str) -> Origin {
        Origin::read(text).unwrap()
    }

    #[test]
    fn an_address_of_the_app_becomes_one_of_the_port_that_forwards_to_it() {
        let (app, own) = (origin("http://localhost:8080"), origin("http://127.0.0.1:3100"));
        let moved = |address: &str| app.moved(address, &own);
        assert_eq!(moved("http://localhost:8080").as_deref(), Some("http://127.0.0.1:3100/"));
        assert_eq!(moved("HTTP://LOCALHOST:8080/a?b=%2F#c").as_deref(), Some("http://127.0.0.1:3100/a?b=%2F#c"));
        assert_eq!(moved("//localhost:8080/a").as_deref(), Some("http://127.0.0.1:3100/a"));
        for elsewhere in [
            "/a",
            "a",
            "?b",
            "http://localhost/a",
            "https://localhost:8080/",
            "http://localhost:8080.evil.example/",
            "",
        ] {
            assert_eq!(moved(elsewhere), None, "{elsewhere}");
        }
        assert_eq!(
            origin("http://app.test").moved("http://app.test:80/a", &own).as_deref(),
            Some("http://127.0.0.1:3100/a")
        );
    }

    #[test]
    fn a_server_knows_itself() {
        let lab = "127.0.0.1:3000".parse().unwrap();
        assert!(
            ["http://localhost:3000", "http://127.0.0.1:3000", "https://[::1]:3000"]
                .iter()
                .all(|text| origin(text).is_at(lab))
        );
        assert!(!["http://localhost:8080", "http://app.test:3000"].iter().any(|text| origin(text).is_at(lab)));
    }
}

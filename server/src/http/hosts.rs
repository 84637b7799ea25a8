//! The names under which the server answers. An attacker's name can be made to resolve to this machine, so that browsers take
//! the attacker's pages and this server for one site (DNS rebinding); such names are refused. IP addresses are always accepted.

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Version, header, uri::Authority},
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{net::IpAddr, sync::Arc};

/// The names that the operator gave, in small letters, without a port; this machine's own are known anyway (RFC 6761 §6.3).
#[derive(Clone, Debug, Default)]
pub struct Hosts(Arc<[String]>);

impl Hosts {
    /// These names, and those of these origins.
    pub fn new(names: &[String], origins: &[String]) -> Self {
        let of_origins = origins.iter().filter_map(|origin| host(origin.split_once("://")?.1).ok());
        Self(names.iter().cloned().chain(of_origins).collect())
    }

    fn know(&self, host: &str) -> bool {
        let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let is_loopback = host == "localhost" || host.ends_with(".localhost");
        is_loopback || bare.parse::<IpAddr>().is_ok() || self.0.iter().any(|known| known == host)
    }
}

/// Reads the name out of `lab.example` or `lab.example:443`: small letters, no port, no dot at the end.
///
/// # Errors
/// What is wrong with it, in words.
pub fn host(text: &str) -> Result<String, String> {
    let authority = text.trim().parse::<Authority>().ok().filter(|authority| !authority.as_str().contains('@'));
    // http::Authority takes any text for a port.
    let is_port =
        |port: &str| port.is_empty() || (port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok());
    let authority = authority.filter(|authority| match &authority.as_str()[authority.host().len()..] {
        "" => true,
        rest => rest.strip_prefix(':').is_some_and(is_port),
    });
    let host = authority.map(|authority| {
        let host = authority.host();
        host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
    });
    host.filter(|host| !host.is_empty() && !host.ends_with('.')).ok_or_else(|| "write it as a name, lab.example".into())
}

/// Answers 421 under a name that is not known (RFC 9110 §15.5.20), and 400 where the name cannot be told (RFC 9112 §3.2).
/// `/healthz` and `/readyz` answer under every name, since the machinery around the server asks them.
pub(crate) async fn known(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    let is_for_machinery = matches!(request.uri().path(), "/healthz" | "/readyz");
    pass(&hosts, is_for_machinery, request, next).await
}

/// The same for every path: what lies there is not this server's.
pub(crate) async fn known_for_every_path(State(hosts): State<Hosts>, request: Request, next: Next) -> Response {
    pass(&hosts, false, request, next).await
}

async fn pass(hosts: &Hosts, under_every_name: bool, mut request: Request, next: Next) -> Response {
    let Ok(host) = named(&request) else { return StatusCode::BAD_REQUEST.into_response() };
    if !under_every_name && host.is_some_and(|host| !hosts.know(&host)) {
        return StatusCode::MISDIRECTED_REQUEST.into_response();
    }
    // Whoever asks for the host further in finds the one that counts.
    if let Some(target) = request.uri().authority().and_then(|target| HeaderValue::try_from(target.as_str()).ok())
        && request.version() <= Version::HTTP_11
    {
        request.headers_mut().insert(header::HOST, target);
    }
    next.run(request).await
}

/// The host that a request names. `Host` stands once, and in HTTP/1.1 always (RFC 9112 §3.2). A target may name it as well: then
/// `Host` is ignored in HTTP/1.1 (RFC 9112 §3.2.2), and names the same in HTTP/2 (`:authority`, RFC 9113 §8.3.1).
fn named(request: &Request) -> Result<Option<String>, ()> {
    let read = |text: &str| host(text).map_err(drop);
    let mut lines = request.headers().get_all(header::HOST).iter();
    let (line, another) = (lines.next(), lines.next());
    if another.is_some() || (line.is_none() && request.version() == Version::HTTP_11) {
        return Err(());
    }
    let line = line.map(|line| line.to_str().map_err(drop).and_then(read)).transpose()?;
    let target = request.uri().authority().map(|target| read(target.as_str())).transpose()?;
    match (target, line) {
        (Some(target), Some(line)) if target != line && request.version() > Version::HTTP_11 => Err(()),
        (target, line) => Ok(target.or(line)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use rstest::rstest;

    fn hosts() -> Hosts {
        Hosts::new(&["lab.example".to_owned()], &["https://Lab-Two.example:8443".to_owned()])
    }

    #[rstest]
    #[case::named_by_the_operator("lab.example", true)]
    #[case::at_any_port("LAB.example.:8443", true)]
    #[case::of_the_other_site("lab-two.example", true)]
    #[case::loopback("localhost:3000", true)]
    #[case::below_localhost("lab.localhost", true)]
    #[case::an_address("192.0.2.1:80", true)]
    #[case::an_ipv6_address("[::1]:3000", true)]
    #[case::somebody_elses("evil.example", false)]
    #[case::below_a_known_name("evil.lab.example", false)]
    #[case::that_only_begins_so("localhost.evil.example", false)]
    #[case::that_only_ends_so("evillocalhost", false)]
    #[case::that_looks_like_an_address("127.0.0.1.evil.example", false)]
    #[case::a_number_that_browsers_write_as_an_address("2130706433", false)]
    fn a_name_is_known_or_not(#[case] line: &str, #[case] expected: bool) {
        assert_eq!(hosts().know(&host(line).unwrap()), expected);
    }

    #[test]
    fn what_is_no_name_is_refused() {
        let ports =
            ["localhost:x", "localhost:80:80", "localhost:65536", "localhost:-1", "localhost:+1", "[::1]x", "[::1]:x"];
        let names = ["", ":80", "a b", "a@b", "lab.example/x", "http://lab.example", "[::1", "é.example", ".", "a.."];
        for text in names.into_iter().chain(ports) {
            assert!(host(text).is_err(), "{text:?}");
        }
        assert_eq!(host(" Lab.example "), Ok("lab.example".to_owned()));
    }

    fn asked(version: Version, target: &str, lines: &[&str]) -> Result<Option<String>, ()> {
        let mut request = Request::get(target).version(version);
        for line in lines {
            request = request.header(header::HOST, *line);
        }
        named(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn one_host_is_named() {
        let lab = Ok(Some("lab.example".to_owned()));
        for version in [Version::HTTP_10, Version::HTTP_11, Version::HTTP_2] {
            assert_eq!(asked(version, "/", &["lab.example:80"]), lab);
            assert_eq!(asked(version, "https://lab.example/", &["LAB.example"]), lab);
            assert_eq!(asked(version, "https://lab.example/", &["a b"]), Err(()));
            assert_eq!(asked(version, "/", &["localhost", "localhost"]), Err(()));
            assert_eq!(asked(version, "/", &["a b"]), Err(()));
            assert_eq!(asked(version, "/", &[""]), Err(()));
        }
    }

    #[test]
    fn the_target_counts_more_than_the_field_and_only_http_1_1_needs_the_field() {
        let lab = Ok(Some("lab.example".to_owned()));
        assert_eq!(asked(Version::HTTP_11, "http://lab.example/", &["localhost"]), lab);
        assert_eq!(asked(Version::HTTP_2, "http://lab.example/", &["localhost"]), Err(()));
        assert_eq!(asked(Version::HTTP_2, "https://lab.example/", &[]), lab);
        assert_eq!(asked(Version::HTTP_10, "/", &[]), Ok(None));
        assert_eq!(asked(Version::HTTP_11, "/", &[]), Err(()));
        assert_eq!(asked(Version::HTTP_11, "http://lab.example/", &[]), Err(()));
    }
}

//! Cross-site requests: the whole truth table, from the rule as it is written here and not as it is programmed.
//!
//! The rule, in this order (Go 1.25's `CrossOriginProtection`, which `tower_http::csrf` follows):
//! 1. GET, HEAD and OPTIONS pass: they change nothing.
//! 2. `Sec-Fetch-Site` tells, when a browser sends it: `same-origin` and `none` (typed, bookmarked) pass, anything else
//!    is refused, whatever `Origin` says.
//! 3. Without it, an `Origin` must name the host that was asked, port and all; its scheme is not compared.
//! 4. With neither, it is no browser's request (curl, a script) and passes: nothing rides on somebody's cookie.

use crate::support::{Kind, TestServer};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use tower::ServiceExt;

const METHODS: [Method; 6] = [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
const SITES: [Option<&str>; 6] =
    [None, Some("none"), Some("same-origin"), Some("same-site"), Some("cross-site"), Some("garbage")];
const HOSTS: [&str; 2] = ["lab.example:8443", "other.example"];

/// What `Origin` is to `Host: lab.example:8443`.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Origin {
    Absent,
    Same,
    OtherScheme,
    OtherPort,
    OtherHost,
    Null,
}

impl Origin {
    const ALL: [Self; 6] = [Self::Absent, Self::Same, Self::OtherScheme, Self::OtherPort, Self::OtherHost, Self::Null];

    const fn value(self) -> Option<&'static str> {
        match self {
            Self::Absent => None,
            Self::Same => Some("https://lab.example:8443"),
            Self::OtherScheme => Some("http://lab.example:8443"),
            Self::OtherPort => Some("https://lab.example"),
            Self::OtherHost => Some("https://other.example"),
            Self::Null => Some("null"),
        }
    }
}

/// The specification.
fn passes(method: &Method, site: Option<&str>, origin: Origin, host: &str) -> bool {
    let changes_nothing = *method == Method::GET || *method == Method::HEAD;
    let names_the_host = match origin {
        // Surprising: `http:` passes for `https:`. The scheme is not in the request, and a proxy in front hides it;
        // HSTS keeps a browser that has been here from ever loading this host's pages without TLS.
        Origin::Same | Origin::OtherScheme => host == "lab.example:8443",
        Origin::OtherHost => host == "other.example",
        // `null`: a sandboxed frame, a data: address, a redirect from elsewhere.
        Origin::OtherPort | Origin::Null | Origin::Absent => false,
    };
    changes_nothing
        || match site {
            // Surprising: an Origin of another host passes with them. A page can forge neither field, and browsers
            // compute this one from the true origin; Origin may be `null` for privacy on a request that is our own.
            Some("none" | "same-origin") => true,
            // Surprising: refused even when Origin is the same. A browser never sends the two together.
            Some(_) => false,
            None => origin == Origin::Absent || names_the_host,
        }
}

#[tokio::test]
async fn a_request_passes_the_cross_site_check_exactly_as_the_rule_says() {
    let server = TestServer::on(Kind::Sqlite).await;
    let (mut passed, mut refused) = (0, 0);
    for method in METHODS {
        for site in SITES {
            for origin in Origin::ALL {
                for host in HOSTS {
                    let mut request = Request::builder().method(&method).uri("/api/logout").header(header::HOST, host);
                    for (name, value) in [("sec-fetch-site", site), ("origin", origin.value())] {
                        if let Some(value) = value {
                            request = request.header(name, value);
                        }
                    }
                    let request = request.body(Body::empty()).unwrap();
                    let status = server.router.clone().oneshot(request).await.unwrap().status().as_u16();
                    let expected = passes(&method, site, origin, host);
                    assert_eq!(status != 403, expected, "{method} {site:?} {origin:?} {host}: {status}");
                    *if expected { &mut passed } else { &mut refused } += 1;
                }
            }
        }
    }
    // 2 methods of 72 rows each pass; of 4 methods: 24 rows by Sec-Fetch-Site, 2 by neither, 3 by Origin.
    assert_eq!((passed, refused), (2 * 72 + 4 * (24 + 2 + 3), 4 * (36 + 7)));
}

#[tokio::test]
async fn a_refused_request_changes_nothing_and_the_session_lives_on() {
    let server = TestServer::on(Kind::Sqlite).await;
    let ada = server.user("Ada").await;
    let mut attacked = ada.clone().with("sec-fetch-site", "cross-site").with("origin", "https://evil.example");
    assert_eq!(attacked.log_out().await.status, 403);
    assert_eq!(attacked.put("lab-a", "planted").await.status, 403);
    let session = ada.clone().observe().await.session.unwrap();
    assert_eq!((session.username.as_deref(), session.values.len()), (Some("Ada"), 0));
}

#[tokio::test]
async fn nobody_is_logged_in_from_another_site() {
    let server = TestServer::on(Kind::Sqlite).await;
    server.user("Mallory").await;
    let mut victim = server.visitor().with("sec-fetch-site", "cross-site");
    let answer = victim.log_in("Mallory", crate::support::PASSWORD).await;
    assert_eq!((answer.status, victim.cookie), (403, None));
}

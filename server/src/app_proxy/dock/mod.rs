//! The dock: one line in the app's pages loads `/dock.js` of the lab, which puts a tab at the page's edge; pressed, it frames the page
//! `/dock`, which shows the app's stores. Here are the line, and who may load and frame the two.

mod body;
mod coding;
mod page;
mod panel;
mod place;
mod policy;
mod serve;
mod stays;
mod tag;

use super::origin::{Origin, is_this_machine};
use axum::http::uri::Scheme;
use std::net::{IpAddr, SocketAddr};

pub(in crate::app_proxy) use self::stays::Stays;
pub(crate) use self::{panel::Panel, serve::serve};

/// The script that pages load.
pub(crate) const SCRIPT: &str = "/dock.js";
/// The page that it frames.
const PAGE: &str = "/dock";

/// Where the lab, the port and the app are, seen from whichever host they are asked at.
#[derive(Clone, Debug)]
pub(crate) struct Dock {
    /// The app, as it was named.
    pub app: Origin,
    /// By which browsers come, to the lab and to the port.
    pub scheme: Scheme,
    /// The port that forwards to the app, at the address that the lab shows.
    pub port: SocketAddr,
    /// The lab's own port.
    pub lab: u16,
    /// Whether pages get the line (`--no-dock`).
    pub is_added: bool,
    /// What windows show that is left as it is.
    pub(in crate::app_proxy) stays: Stays,
}

impl Dock {
    /// The origin of the lab beside a page at this host. None at IPv6 addresses and at names with a `_`: a policy cannot name these
    /// (CSP Level 3 §2.3.1, `host-char`), neither the page's own nor the dock's, so that the dock could not be framed there.
    fn beside(&self, host: &str) -> Option<String> {
        is_host_of_policies(host).then(|| at(&self.scheme, host, self.lab))
    }

    /// The origins whose pages may frame the dock that is asked for at this host: those of the port and of the app, at this host and
    /// as they were named. They are written as browsers write them.
    pub fn allowed_origins(&self, host: &str) -> Vec<String> {
        let port = match self.port.ip() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        let (port, app) =
            (at(&self.scheme, &port, self.port.port()), at(&self.app.scheme, self.app.host(), self.app.port()));
        let mut origins = vec![at(&self.scheme, host, self.port.port()), port, app];
        // At this host there is another one's server where the app is on another machine.
        if is_this_machine(self.app.host()) {
            origins.push(at(&self.app.scheme, host, self.app.port()));
        }
        origins.sort();
        origins.dedup();
        origins
    }

    /// The line for pages that do not come through the port, at the app's own host.
    pub fn line_without_port(&self) -> String {
        let lab = self.beside(self.app.host()).unwrap_or_else(|| at(&self.scheme, "localhost", self.lab));
        line(&lab, None)
    }
}

/// The line that pages get. What stands in it needs no escape: [`is_host_of_policies`], and a nonce's characters are of base64.
fn line(lab: &str, nonce: Option<&str>) -> String {
    let nonce = nonce.map(|nonce| format!(" nonce=\"{nonce}\"")).unwrap_or_default();
    format!("<script async src=\"{lab}{SCRIPT}\"{nonce}></script>")
}

/// An origin as browsers write it (HTML, "ASCII serialization of an origin").
fn at(scheme: &Scheme, host: &str, port: u16) -> String {
    let host = host.to_ascii_lowercase();
    let usual = if *scheme == Scheme::HTTPS { 443 } else { 80 };
    if port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{port}") }
}

/// Whether a policy can name this host. Such a name can also stand in a policy and in a page as it is.
fn is_host_of_policies(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dock(app: &str, scheme: Scheme, lab: u16) -> Dock {
        let port = SocketAddr::from(([127, 0, 0, 1], 3100));
        Dock { app: Origin::read(app).unwrap(), scheme, port, lab, is_added: true, stays: Stays::default() }
    }

    #[test]
    fn the_lab_is_beside_the_page_at_the_pages_own_host() {
        let plain = dock("http://localhost:8080", Scheme::HTTP, 3000);
        assert_eq!(plain.beside("127.0.0.1").as_deref(), Some("http://127.0.0.1:3000"));
        assert_eq!(plain.beside("App.localhost").as_deref(), Some("http://app.localhost:3000"));
        let usual = dock("http://localhost:8080", Scheme::HTTPS, 443);
        assert_eq!(usual.beside("localhost").as_deref(), Some("https://localhost"));
        for host in ["[::1]", "a_b.localhost", "a;b.localhost", "a,b.localhost", "a'b.localhost", "a&b.localhost", ""] {
            assert_eq!(plain.beside(host), None, "{host}");
        }
    }

    #[test]
    fn the_port_and_the_app_may_frame_the_dock_at_the_host_that_is_asked_and_as_they_were_named() {
        let named = dock("https://App.test:443", Scheme::HTTP, 3000);
        assert_eq!(
            named.allowed_origins("localhost"),
            ["http://127.0.0.1:3100", "http://localhost:3100", "https://app.test"]
        );
        let same = dock("http://127.0.0.1:8080", Scheme::HTTP, 3000);
        assert_eq!(same.allowed_origins("127.0.0.1"), ["http://127.0.0.1:3100", "http://127.0.0.1:8080"]);
        let named = dock("http://localhost:8080", Scheme::HTTP, 3000).allowed_origins("127.0.0.1");
        assert!(named.contains(&"http://127.0.0.1:8080".to_owned()), "{named:?}");
    }

    #[test]
    fn a_page_that_does_not_come_through_the_port_loads_it_from_its_own_host() {
        let line = |app| dock(app, Scheme::HTTP, 3000).line_without_port();
        assert_eq!(line("http://localhost:8080"), "<script async src=\"http://localhost:3000/dock.js\"></script>");
        assert_eq!(line("http://[::1]:8080"), "<script async src=\"http://localhost:3000/dock.js\"></script>");
    }
}

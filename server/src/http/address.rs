//! The client's address and how its connection is protected: by the socket, or by the word of a trusted proxy.

use crate::network::Network;
use axum::{
    extract::{ConnectInfo, FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName},
    middleware::Next,
    response::Response,
};
use axum_server::tls::TlsInfo;
use ipnet::{IpNet, Ipv4Net};
use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The client behind a request. In the extensions of every request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// Its address, an IPv4 one never in its IPv6 form; `None` only without a socket, in a test.
    pub address: Option<IpAddr>,
    /// How its own connection is protected, to this server or to the trusted proxy.
    pub channel: Channel,
}

impl Client {
    /// The network that it is counted as.
    pub fn network(&self) -> Network {
        self.address.map_or(Network::UNKNOWN, Network::of)
    }
}

/// How the client's own connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Not at all.
    #[default]
    Plain,
    /// By TLS with a self-signed certificate: encrypted, but the browser warns.
    SelfSigned,
    /// By TLS with a certificate that the operator chose.
    Tls,
}

/// What the operator has said about the connections that come.
#[derive(Clone, Debug, Default)]
pub struct Peers {
    /// The networks of the proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// Whether the server's own certificate is self-signed.
    pub self_signed: bool,
}

impl Peers {
    /// Whether this is the address of a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }

    fn client(&self, peer: Option<IpAddr>, tls: bool, headers: &HeaderMap) -> Client {
        let channel = match (tls, self.self_signed) {
            (false, _) => Channel::Plain,
            (true, true) => Channel::SelfSigned,
            (true, false) => Channel::Tls,
        };
        let peer = peer.map(|address| address.to_canonical());
        match peer.filter(|peer| self.trusts(*peer)) {
            Some(proxy) => Client {
                address: Some(self.behind(proxy, headers)),
                channel: forwarded_channel(headers).unwrap_or(channel),
            },
            None => Client { address: peer, channel },
        }
    }

    /// Walks `X-Forwarded-For` from the nearest hop outwards for as long as each hop was vouched for by a trusted one:
    /// whatever stands further left may have been written by the client itself.
    fn behind(&self, proxy: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut lines: Vec<_> = headers.get_all(FORWARDED_FOR).iter().collect();
        lines.reverse();
        let hops = lines.iter().flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        let mut nearest = proxy;
        for hop in hops {
            let Some(address) = std::str::from_utf8(hop).ok().and_then(address) else { break };
            nearest = address;
            if !self.trusts(address) {
                break;
            }
        }
        nearest
    }
}

/// An address as proxies write it: bare, in brackets, or with a port.
fn address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip())).ok()?;
    Some(IpAddr::to_canonical(&address))
}

/// What the nearest proxy says: the last value of the last line.
fn forwarded_channel(headers: &HeaderMap) -> Option<Channel> {
    let line = headers.get_all(FORWARDED_PROTO).iter().next_back()?.to_str().ok()?;
    let scheme = line.rsplit(',').next()?.trim();
    Some(if scheme.eq_ignore_ascii_case("https") { Channel::Tls } else { Channel::Plain })
}

/// Puts the [`Client`] into the request.
pub(crate) async fn find_client(State(peers): State<Peers>, request: Request, next: Next) -> Response {
    let (mut head, body) = request.into_parts();
    let peer = ConnectInfo::<SocketAddr>::from_request_parts(&mut head, &()).await.ok().map(|peer| peer.0.ip());
    let tls = head.extensions.get::<Arc<TlsInfo>>().is_some();
    let client = peers.client(peer, tls, &head.headers);
    head.extensions.insert(client);
    next.run(Request::from_parts(head, body)).await
}

/// Reads a network, `10.0.0.0/8`, or a single address.
///
/// # Errors
/// What is wrong with it, in words.
pub fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse::<IpNet>()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map(|network| unmapped(network.trunc()))
        .map_err(|_| "write it as an address, 10.0.0.1, or a network, 10.0.0.0/8".into())
}

/// A network of IPv4 addresses in their IPv6 form as one of IPv4 addresses (RFC 4291 §2.5.5.2): peers are compared so.
fn unmapped(network: IpNet) -> IpNet {
    const MAPPED_BITS: u8 = 96;
    let IpNet::V6(mapped) = network else { return network };
    let bits = mapped.prefix_len().checked_sub(MAPPED_BITS);
    let unmapped =
        mapped.addr().to_ipv4_mapped().zip(bits).and_then(|(address, bits)| Ipv4Net::new(address, bits).ok());
    unmapped.map_or(network, IpNet::V4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{
        Extension, Router, body::Body, extract::connect_info::MockConnectInfo, http::HeaderValue, routing::get,
    };
    use rstest::rstest;
    use tower::ServiceExt;

    fn peers() -> Peers {
        let networks = ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32"].map(|text| network(text).unwrap());
        Peers { trusted_proxies: networks.into(), self_signed: false }
    }

    fn headers(name: &HeaderName, lines: &[&str]) -> HeaderMap {
        let value = |line: &str| HeaderValue::from_bytes(line.as_bytes()).unwrap();
        lines.iter().map(|line| (name.clone(), value(line))).collect()
    }

    #[rstest]
    #[case::nobody_is_believed_without_trust("203.0.113.9", &["198.51.100.7"], "203.0.113.9")]
    #[case::a_proxy_without_the_header("10.0.0.1", &[], "10.0.0.1")]
    #[case::a_proxy_names_its_client("10.0.0.1", &["198.51.100.7"], "198.51.100.7")]
    #[case::a_single_address_is_trusted("192.0.2.1", &["198.51.100.7"], "198.51.100.7")]
    #[case::its_neighbour_is_not("192.0.2.2", &["198.51.100.7"], "192.0.2.2")]
    #[case::what_the_client_wrote_itself_is_left_out("10.0.0.1", &["1.1.1.1, 198.51.100.7"], "198.51.100.7")]
    #[case::trusted_hops_are_passed("10.0.0.1", &["1.1.1.1, 198.51.100.7, 10.0.0.3,10.0.0.2"], "198.51.100.7")]
    #[case::lines_are_one_list("10.0.0.1", &["1.1.1.1", "198.51.100.7, 10.0.0.3", "10.0.0.2"], "198.51.100.7")]
    #[case::only_proxies("10.0.0.1", &["10.0.0.3, 10.0.0.2"], "10.0.0.3")]
    #[case::garbage_ends_the_walk("10.0.0.1", &["198.51.100.7, unknown, 10.0.0.2"], "10.0.0.2")]
    #[case::garbage_alone("10.0.0.1", &["<script>"], "10.0.0.1")]
    #[case::an_empty_hop_is_garbage("10.0.0.1", &["198.51.100.7, "], "10.0.0.1")]
    #[case::bytes_beyond_ascii("10.0.0.1", &["198.51.100.7, é"], "10.0.0.1")]
    #[case::a_port("10.0.0.1", &["198.51.100.7:1234"], "198.51.100.7")]
    #[case::brackets_and_a_port("10.0.0.1", &["[2001:aaaa::7]:1234"], "2001:aaaa::7")]
    #[case::brackets("2001:db8::1", &["[2001:aaaa::7]"], "2001:aaaa::7")]
    #[case::a_mapped_peer("::ffff:10.0.0.1", &["198.51.100.7"], "198.51.100.7")]
    #[case::a_mapped_hop("10.0.0.1", &["198.51.100.7, ::ffff:10.0.0.2"], "198.51.100.7")]
    #[case::a_mapped_client("10.0.0.1", &["::ffff:198.51.100.7"], "198.51.100.7")]
    #[case::a_mapped_client_with_a_port("10.0.0.1", &["[::ffff:198.51.100.7]:80"], "198.51.100.7")]
    #[case::a_mapped_client_in_hexadecimal("10.0.0.1", &["::ffff:c633:6407"], "198.51.100.7")]
    #[case::blanks_and_tabs("10.0.0.1", &[" \t198.51.100.7\t , 10.0.0.2 "], "198.51.100.7")]
    #[case::an_obfuscated_hop("10.0.0.1", &["198.51.100.7, _hidden"], "10.0.0.1")]
    #[case::a_port_alone("10.0.0.1", &["198.51.100.7:"], "10.0.0.1")]
    fn the_address_is_the_nearest_that_no_trusted_proxy_has(
        #[case] peer: &str,
        #[case] lines: &[&str],
        #[case] expected: &str,
    ) {
        let client = peers().client(Some(peer.parse().unwrap()), false, &headers(&FORWARDED_FOR, lines));
        assert_eq!(client.address, Some(expected.parse().unwrap()));
    }

    #[rstest]
    #[case::a_stranger_is_not_believed("203.0.113.9", false, &["https"], Channel::Plain)]
    #[case::nor_when_it_says_less("203.0.113.9", true, &["http"], Channel::Tls)]
    #[case::a_proxy_is("10.0.0.1", false, &["https"], Channel::Tls)]
    #[case::in_any_case("10.0.0.1", false, &["HTTPS"], Channel::Tls)]
    #[case::its_client_came_plainly("10.0.0.1", true, &["http"], Channel::Plain)]
    #[case::the_last_word_is_the_proxys("10.0.0.1", false, &["https, http"], Channel::Plain)]
    #[case::over_all_lines("10.0.0.1", false, &["http", "https"], Channel::Tls)]
    #[case::it_says_nothing("10.0.0.1", true, &[], Channel::Tls)]
    #[case::it_says_nothing_plainly("10.0.0.1", false, &[], Channel::Plain)]
    fn the_channel_is_the_clients_own(
        #[case] peer: &str,
        #[case] tls: bool,
        #[case] lines: &[&str],
        #[case] expected: Channel,
    ) {
        let client = peers().client(Some(peer.parse().unwrap()), tls, &headers(&FORWARDED_PROTO, lines));
        assert_eq!(client.channel, expected);
    }

    #[rstest]
    #[case::a_client_behind_a_trusted_proxy([10, 0, 0, 1], "198.51.100.7")]
    #[case::a_client_behind_no_trusted_proxy_cannot_choose_its_address([203, 0, 113, 9], "203.0.113.9")]
    #[tokio::test]
    async fn a_handler_learns_the_address(#[case] peer: [u8; 4], #[case] expected: &str) {
        let router = Router::new()
            .route("/", get(|Extension(client): Extension<Client>| async move { client.address.unwrap().to_string() }))
            .layer(axum::middleware::from_fn_with_state(peers(), find_client))
            .layer(MockConnectInfo(SocketAddr::from((peer, 1))));
        let request = Request::get("/").header(FORWARDED_FOR, "198.51.100.7").body(Body::empty()).unwrap();
        let answer = router.oneshot(request).await.unwrap();
        let body = axum::body::to_bytes(answer.into_body(), 99).await.unwrap();
        assert_eq!(body, expected);
    }

    #[test]
    fn a_certificate_of_our_own_making_is_told_apart() {
        let peers = Peers { self_signed: true, ..Peers::default() };
        assert_eq!(peers.client(None, true, &HeaderMap::new()).channel, Channel::SelfSigned);
        assert_eq!(peers.client(None, false, &HeaderMap::new()).channel, Channel::Plain);
    }

    #[rstest]
    #[case("::ffff:127.0.0.1", "127.0.0.1/32")]
    #[case("::ffff:7f00:1", "127.0.0.1/32")]
    #[case("::FFFF:10.1.2.3/104", "10.0.0.0/8")]
    #[case("::ffff:0:0/96", "0.0.0.0/0")]
    #[case("::/0", "::/0")]
    #[case("::127.0.0.1", "::7f00:1/128")]
    #[case("64:ff9b::10.0.0.1", "64:ff9b::a00:1/128")]
    fn a_mapped_network_is_an_ipv4_one(#[case] written: &str, #[case] expected: &str) {
        assert_eq!(network(written), Ok(expected.parse().unwrap()));
    }

    #[test]
    fn a_proxy_is_trusted_in_whichever_form_it_is_named_and_comes() {
        for written in ["127.0.0.1", "::ffff:127.0.0.1", "::ffff:127.0.0.0/104"] {
            let peers = Peers { trusted_proxies: [network(written).unwrap()].into(), self_signed: false };
            for peer in ["127.0.0.1", "::ffff:127.0.0.1"] {
                let client =
                    peers.client(Some(peer.parse().unwrap()), false, &headers(&FORWARDED_FOR, &["198.51.100.7"]));
                assert_eq!(client.address, Some([198, 51, 100, 7].into()), "{written}, {peer}");
            }
        }
    }

    #[test]
    fn a_network_is_read_or_refused_with_the_way_out() {
        assert_eq!(network("10.1.2.3/8"), Ok("10.0.0.0/8".parse().unwrap()));
        assert_eq!(network(" ::1"), Ok("::1/128".parse().unwrap()));
        for wrong in [
            "",
            "10.0.0.0/33",
            "::/129",
            "localhost",
            "proxy.example",
            "1.2.3",
            "10.0.0.1:80",
            "[::1]",
            "fe80::1%lo",
            "*",
        ] {
            assert!(network(wrong).unwrap_err().contains("10.0.0.0/8"), "{wrong}");
        }
    }
}

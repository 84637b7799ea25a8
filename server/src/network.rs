//! The network that a client is counted as. An address alone says little: a subscriber has one IPv4 address, but a whole IPv6
//! network, and can send each request from another address of that.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr},
};

/// The prefix of one link's network, in bits (RFC 4291 §2.5.4).
const LINK: u8 = 64;
/// The prefix that an end site gets at least, as a rule (RFC 6177 §2).
const END_SITE: u8 = 56;
/// The widest prefix that an end site gets without a special reason.
const LARGE_SITE: u8 = 48;

/// An IPv4 address, or an IPv6 network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network(IpNet);

impl Network {
    /// Stands where no address is known, as in a test without a socket.
    pub const UNKNOWN: Self = Self(IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::UNSPECIFIED, 32)));

    /// The narrowest network of an address: an IPv4 address itself, also where it comes in its IPv6 form; of an IPv6 address
    /// the network of 64 bits.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpNet::V4(address.into()),
            IpAddr::V6(address) => within(address.into(), LINK),
        })
    }

    /// The IPv6 networks of 56 and of 48 bits around it; nothing around an IPv4 address.
    pub fn wider(self) -> impl Iterator<Item = Self> {
        let Self(network) = self;
        let around = move |bits| match network {
            IpNet::V4(_) => None,
            IpNet::V6(network) => Some(Self(within(network, bits))),
        };
        [END_SITE, LARGE_SITE].into_iter().filter_map(around)
    }

    /// The network of one subscriber, as a rule: an IPv4 address, or an IPv6 network of 56 bits.
    #[must_use]
    pub fn end_site(self) -> Self {
        self.wider().next().unwrap_or(self)
    }

    /// The widest network of one site, as a rule: an IPv4 address, or an IPv6 network of 48 bits.
    #[must_use]
    pub fn large_site(self) -> Self {
        self.wider().last().unwrap_or(self)
    }
}

/// The network of `bits` bits around another one.
fn within(network: Ipv6Net, bits: u8) -> IpNet {
    IpNet::V6(Ipv6Net::new(network.addr(), bits).unwrap_or(network).trunc())
}

/// `192.0.2.1`, `2001:db8:1:2::/64`.
impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            IpNet::V4(network) => network.addr().fmt(f),
            IpNet::V6(network) => network.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Network {
        Network::of(text.parse().unwrap())
    }

    #[test]
    fn an_ipv6_network_of_64_bits_is_one_client() {
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("2001:db8:1:2:3:4:5:6").to_string(), "2001:db8:1:2::/64");
    }

    #[test]
    fn an_ipv4_address_is_one_client_in_either_form() {
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_eq!(of("192.0.2.1").to_string(), "192.0.2.1");
        assert_eq!(Network::UNKNOWN.to_string(), "0.0.0.0");
    }

    #[test]
    fn around_an_ipv6_network_are_wider_ones() {
        let wider = |text| of(text).wider().map(|network| network.to_string()).collect::<Vec<_>>();
        assert_eq!(wider("2001:db8:1:2ff:3::1"), ["2001:db8:1:200::/56", "2001:db8:1::/48"]);
        assert_eq!(wider("192.0.2.1"), <[&str; 0]>::default());
    }

    #[test]
    fn a_large_site_is_an_ipv4_address_or_an_ipv6_network_of_48_bits() {
        assert_eq!(of("2001:db8:1:2::3").large_site(), of("2001:db8:1:ffff::1").large_site());
        assert_ne!(of("2001:db8:1:2::3").large_site(), of("2001:db8:2::1").large_site());
        assert_eq!(of("192.0.2.1").large_site(), of("192.0.2.1"));
    }

    #[test]
    fn an_end_site_is_an_ipv4_address_or_an_ipv6_network_of_56_bits() {
        assert_eq!(of("2001:db8:1:2ff::1").end_site(), of("2001:db8:1:201::1").end_site());
        assert_ne!(of("2001:db8:1:2ff::1").end_site(), of("2001:db8:1:301::1").end_site());
        assert_eq!(of("192.0.2.1").end_site(), of("192.0.2.1"));
    }
}

//! A limited number of places, for each network and in all. Each connection and each event stream takes one.

use crate::network::Network;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A number of places; clones share them.
#[derive(Clone, Debug)]
pub struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    most: usize,
    most_of_network: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_network: HashMap<Network, usize>,
}

/// Why there is no place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Full {
    /// The network has taken all of its places.
    Network,
    /// All places are taken.
    All,
}

/// One place, free again when dropped.
#[derive(Debug)]
pub struct Place {
    places: Places,
    network: Option<Network>,
}

impl Places {
    /// `most` places in all, `most_of_network` for each network.
    pub fn new(most: usize, most_of_network: usize) -> Self {
        Self(Arc::new(Inner { most, most_of_network, taken: Mutex::default() }))
    }

    /// Takes a place for a client at this address. For `None` only the number of all places counts.
    ///
    /// # Errors
    /// [`Full`].
    pub fn take(&self, address: Option<IpAddr>) -> Result<Place, Full> {
        let network = address.map(|address| Network::of(address).end_site());
        let mut taken = self.taken();
        if taken.all >= self.0.most {
            return Err(Full::All);
        }
        if let Some(network) = network {
            let of_network = taken.by_network.entry(network).or_default();
            if *of_network >= self.0.most_of_network {
                return Err(Full::Network);
            }
            *of_network += 1;
        }
        taken.all += 1;
        Ok(Place { places: self.clone(), network })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        if let Some(network) = self.network
            && let Some(of_network) = taken.by_network.get_mut(&network)
        {
            *of_network -= 1;
            if *of_network == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_network_has_its_places_and_leaves_the_others_theirs() {
        let places = Places::new(4, 2);
        let one: Vec<_> = (0..2).map(|_| places.take(address("192.0.2.1")).unwrap()).collect();
        assert_eq!(places.take(address("192.0.2.1")).err(), Some(Full::Network));
        assert_eq!(places.take(address("::ffff:192.0.2.1")).err(), Some(Full::Network), "the same in IPv6 form");
        let _other = places.take(address("192.0.2.2")).unwrap();
        drop(one);
        let _again = places.take(address("192.0.2.1")).unwrap();
    }

    #[test]
    fn an_ipv6_network_of_56_bits_is_one() {
        let places = Places::new(4, 1);
        let _one = places.take(address("2001:db8:1:2:3::1")).unwrap();
        assert_eq!(places.take(address("2001:db8:1:3:4::1")).err(), Some(Full::Network));
        assert!(places.take(address("2001:db8:1:100::1")).is_ok());
    }

    #[test]
    fn who_is_bound_by_no_network_is_bound_by_all_places() {
        let places = Places::new(3, 1);
        let taken: Vec<_> = (0..3).map(|_| places.take(None).unwrap()).collect();
        assert_eq!(places.take(None).err(), Some(Full::All));
        assert_eq!(places.take(address("192.0.2.1")).err(), Some(Full::All));
        drop(taken);
        assert!(places.take(address("192.0.2.1")).is_ok());
    }

    #[test]
    fn networks_that_have_left_are_forgotten() {
        let places = Places::new(1_000, 1);
        for number in 0..10_000_u32 {
            drop(places.take(Some(std::net::Ipv4Addr::from_bits(number).into())));
        }
        assert!(places.taken().by_network.is_empty() && places.taken().all == 0);
    }
}

//! IP addresses as bytes, where the database has no type for them.

use crate::error::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const V4: u8 = 4;
const V6: u8 = 6;

/// The version of the address, then its bytes: their order is the order of the addresses, IPv4 first, as
/// PostgreSQL's `inet` has it.
pub fn ip_bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => [&[V4][..], &address.octets()].concat(),
        IpAddr::V6(address) => [&[V6][..], &address.octets()].concat(),
    }
}

/// The address that was stored as bytes.
///
/// # Errors
/// When the bytes have another form.
pub fn ip_of_bytes(bytes: &[u8]) -> Result<IpAddr> {
    let address = match bytes.split_first() {
        Some((&V4, octets)) => <[u8; 4]>::try_from(octets).ok().map(|octets| Ipv4Addr::from(octets).into()),
        Some((&V6, octets)) => <[u8; 16]>::try_from(octets).ok().map(|octets| Ipv6Addr::from(octets).into()),
        Some(_) | None => None,
    };
    address.ok_or_else(|| Error::decode("an IP address is a byte 4 or 6, and its 4 or 16 bytes"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_bytes_is_the_order_of_addresses() {
        let texts = ["0.0.0.0", "9.255.0.1", "10.0.0.0", "255.255.255.255", "::", "::1", "::ffff:1.2.3.4", "fe80::1"];
        let addresses = texts.map(|text| text.parse::<IpAddr>().unwrap());
        let bytes = addresses.map(ip_bytes);
        assert!(addresses.is_sorted() && bytes.is_sorted());
        for (address, bytes) in addresses.iter().zip(&bytes) {
            assert_eq!(ip_of_bytes(bytes).unwrap(), *address);
        }
        for wrong in [&[][..], &[4], &[10, 0, 0, 1], &[6, 10, 0, 0, 1], &[4, 1, 2, 3, 4, 5], &[0; 16]] {
            assert!(ip_of_bytes(wrong).is_err());
        }
    }
}

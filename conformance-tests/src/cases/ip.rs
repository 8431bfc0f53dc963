//! `IpAddr`: equal and ordered alike on every engine.

use crate::models::{Wide, batch, ordered, round_trips, wide_where, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;
use std::net::IpAddr;

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// IPv4 comes before IPv6, each in the order of its bytes; an IPv6 address that holds an IPv4 one is another.
const IN_ORDER: [&str; 10] = [
    "0.0.0.0",
    "1.2.3.4",
    "9.255.0.1",
    "10.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:1.2.3.4",
    "fe80::1",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
];

/// Addresses compare as Rust compares them, IPv4 first; NULL matches nothing.
pub async fn addresses_compare(db: &Db) -> Result<()> {
    ordered!(db, address, IN_ORDER.map(address));
    Ok(())
}

/// Addresses of both versions come back.
pub async fn addresses_are_kept(db: &Db) -> Result<()> {
    round_trips!(db, address, IN_ORDER.map(address))
}

/// Networks and bytes of another form are errors that name the column.
pub async fn what_is_no_address_is_an_error(db: &Db) -> Result<()> {
    match db.dialect().short_name() {
        "pg" => {
            wrong!(db, IpAddr, "inet", ["'10.0.0.0/8'", "'fe80::/64'"]);
            wrong!(db, IpAddr, "text", ["'10.0.0.1'"]);
        }
        "sqlite" => {
            wrong!(db, IpAddr, "ANY", ["x'0a000001'", "x''", "x'060a000001'", "'10.0.0.1'", "1"]);
            // The table of the model refuses them.
            Wide::create().address(address("::1")).save(db).await?;
            for bytes in ["0a000001", "", "060a000001", "0500000000", "04000000000000000000000000000000ff"] {
                let error = batch(db, &format!("UPDATE wide SET address = x'{bytes}'")).await.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::CheckViolation, "{bytes}: {error:?}");
            }
            batch(db, "UPDATE wide SET address = x'047f000001'").await?;
            assert_eq!(Wide::filter(Wide::address.eq(address("127.0.0.1"))).count(db).await?, 1);
        }
        _ => wrong!(db, IpAddr, "VARBINARY(20)", ["x'0a000001'", "x''", "x'060a000001'", "'10.0.0.1'"]),
    }
    Ok(())
}

/// An address is unique in a column that says so, and indexed.
pub async fn addresses_are_unique(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug)]
    #[covet(table = "hosts")]
    struct Host {
        id: i64,
        #[covet(unique)]
        address: IpAddr,
        #[covet(index)]
        gateway: Option<IpAddr>,
    }
    db.drop_tables(models![Host]).await?;
    db.create_tables(models![Host]).await?;
    let host = Host::create().address(address("10.0.0.1")).gateway(address("::1")).save(db).await?;
    assert_eq!((host.id > 0, host.gateway), (true, Some(address("::1"))));
    Host::create().address(address("::ffff:10.0.0.1")).save(db).await?;
    let error = Host::create().address(address("10.0.0.1")).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    assert_eq!(Host::filter(Host::address.eq(address("10.0.0.1"))).get(db).await?.id, host.id);
    let mut rows = Host::query().order_by(Host::address.asc()).all(db).await?;
    rows.iter_mut().for_each(|row| row.gateway = Some(row.address));
    assert_eq!(Host::bulk_update(&rows, Host::gateway).exec(db).await?, 2);
    assert_eq!(Host::filter(Host::gateway.eq(Host::address)).count(db).await?, 2);
    db.drop_tables(models![Host]).await
}

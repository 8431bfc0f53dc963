//! Unsigned integers, and `f32`.

use crate::models::{Wide, ordered, round_trips, wide_where, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;

/// `u8` comes back as it went, at its borders too.
pub async fn u8_is_kept(db: &Db) -> Result<()> {
    ordered!(db, tiny, [0, 1, 127, 128, 254, 255]);
    round_trips!(db, tiny, [0, 127, 128, 255])
}

/// `u16` comes back as it went, at its borders too.
pub async fn u16_is_kept(db: &Db) -> Result<()> {
    ordered!(db, small, [0, 1, 32_767, 32_768, 65_534, 65_535]);
    round_trips!(db, small, [0, 32_767, 32_768, u16::MAX])
}

/// `u32` comes back as it went, at its borders too.
pub async fn u32_is_kept(db: &Db) -> Result<()> {
    ordered!(db, medium, [0, 1, 2_147_483_647, 2_147_483_648, u32::MAX - 1, u32::MAX]);
    round_trips!(db, medium, [0, 2_147_483_647, 2_147_483_648, u32::MAX])
}

const I64_MAX: u64 = i64::MAX.unsigned_abs();

/// `u64` comes back as it went, as far as every engine holds it.
pub async fn u64_is_kept(db: &Db) -> Result<()> {
    ordered!(db, big, [0, 1, (1 << 53) + 1, I64_MAX - 1, I64_MAX]);
    round_trips!(db, big, [0, (1 << 53) + 1, I64_MAX])
}

/// A `u64` beyond `i64::MAX` is kept where the column is unsigned; elsewhere it is refused before it is sent,
/// with the way out, and never wraps.
pub async fn u64_beyond_i64_is_kept_or_refused(db: &Db) -> Result<()> {
    if matches!(db.dialect().short_name(), "mysql" | "mariadb") {
        ordered!(db, big, [I64_MAX, I64_MAX + 1, u64::MAX - 1, u64::MAX]);
        return round_trips!(db, big, [I64_MAX + 1, u64::MAX]);
    }
    let refused = |result: Result<()>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(error.to_string().contains("`u64`") && error.to_string().contains("decimal(20, 0)"), "{error}");
    };
    for value in [I64_MAX + 1, u64::MAX] {
        refused(Wide::create().big(value).save(db).await.map(drop));
        let rows = vec![Wide::create().big(1).build(), Wide::create().big(value).build()];
        refused(Wide::bulk_create(rows).exec(db).await.map(drop));
        refused(Wide::filter(Wide::big.eq(value)).count(db).await.map(drop));
        refused(Wide::filter(Wide::big.in_([1, value])).count(db).await.map(drop));
        refused(Wide::filter(Wide::big.in_(vec![value; 2_000])).count(db).await.map(drop));
        refused(Wide::query().update(Wide::big.set(value)).exec(db).await.map(drop));
    }
    assert_eq!(Wide::query().count(db).await?, 0);
    Ok(())
}

/// Unsigned columns take part in arithmetic; a difference may be negative, but is not stored.
pub async fn numbers_are_counted_on(db: &Db) -> Result<()> {
    let row = Wide::create().label("row").tiny(5).small(5).medium(5).big(5).save(db).await?;
    let more = (Wide::tiny.set(Wide::tiny + 1), Wide::small.set(Wide::small * 2), Wide::medium.set(Wide::medium - 5));
    assert_eq!(Wide::find(&row).update(more).exec(db).await?, 1);
    let read = Wide::find(&row).get(db).await?;
    assert_eq!((read.tiny, read.small, read.medium), (Some(6), Some(10), Some(0)));
    assert_eq!(wide_where(db, (Wide::big - 9).lt(1)).await?, "row");
    assert_eq!(wide_where(db, ((Wide::big - 9) * 2).lt(1)).await?, "row");
    assert_eq!(wide_where(db, (Wide::big - 9 + 2).lt(1)).await?, "row");
    assert_eq!(wide_where(db, (Wide::big - 9 - 2).lt(1)).await?, "row");
    assert_eq!(wide_where(db, ((Wide::big - 9) % 3).lt(1)).await?, "row");
    assert_eq!(wide_where(db, (Wide::big - 9).int_div(3).lt(1)).await?, "row");
    assert_eq!(wide_where(db, ((Wide::big - 9) / 8).eq(-0.5)).await?, "row");
    assert_eq!(wide_where(db, (Wide::tiny - 9 + 2).lt(1)).await?, "row");
    assert_eq!(wide_where(db, Wide::big.int_div(2).eq(2)).await?, "row");
    assert_eq!(wide_where(db, (Wide::big % 3).eq(2)).await?, "row");
    assert!(Wide::find(&row).update(Wide::medium.set(Wide::medium - 1)).exec(db).await.is_err());
    assert!(Wide::find(&row).update(Wide::tiny.set(Wide::tiny * 60)).exec(db).await.is_err());
    assert_eq!(Wide::find(&row).get(db).await?, read);
    Ok(())
}

/// A column can be taken from another one of its type, and counted on, though the difference is negative.
pub async fn differences_of_columns_may_be_negative(db: &Db) -> Result<()> {
    db.drop_tables(models![Numbered]).await?;
    db.create_tables(models![Numbered]).await?;
    Numbered::create().id(5).save(db).await?;
    let difference = || Numbered::id - Numbered::id * 2;
    for negative in [difference(), difference() + 1, difference() * 3, Numbered::id * difference()] {
        assert_eq!(Numbered::filter(negative.clone().lt(0)).count(db).await?, 1);
        assert_eq!(Numbered::filter(negative.gte(0)).count(db).await?, 0);
    }
    assert_eq!(Numbered::filter((difference() / 2).eq(-2.5)).count(db).await?, 1);
    assert_eq!(Numbered::filter((Numbered::id - difference()).eq(10)).count(db).await?, 1);
    db.drop_tables(models![Numbered]).await
}

/// `f32` comes back to the last bit, subnormal numbers too.
pub async fn f32_is_kept(db: &Db) -> Result<()> {
    let least = f32::from_bits(1);
    ordered!(db, float, [f32::MIN, -1.5, -least, 0.0, least, f32::MIN_POSITIVE, 0.1, 0.3, 16_777_216.0, f32::MAX]);
    round_trips!(db, float, [-0.0, 1.0 / 3.0, -least, f32::from_bits(0x007f_ffff), f32::MIN, f32::MAX, 1e-20, 3.4e38])
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "unsigned_keys")]
struct Numbered {
    id: u32,
    parent: Option<ForeignKey<Numbered>>,
}

/// The database makes unsigned keys, and foreign keys refer to them.
pub async fn unsigned_keys_are_made(db: &Db) -> Result<()> {
    db.drop_tables(models![Numbered]).await?;
    db.create_tables(models![Numbered]).await?;
    let first = Numbered::create().save(db).await?;
    let second = Numbered::create().parent(&first).save(db).await?;
    assert_eq!((first.id, second.id), (1, 2));
    assert_eq!(Numbered::filter(Numbered::parent_id.eq(1)).get(db).await?, second);
    assert_eq!(Numbered::find(2).get(db).await?.parent, Some(ForeignKey::from(&first)));
    db.drop_tables(models![Numbered]).await
}

/// A number that the field cannot hold names the column, and does not wrap.
pub async fn wrong_numbers_name_the_column(db: &Db) -> Result<()> {
    let double = if db.dialect().short_name() == "sqlite" { "REAL" } else { "DOUBLE PRECISION" };
    wrong!(db, u8, "BIGINT", ["-1", "256", "9223372036854775807"]);
    wrong!(db, u16, "BIGINT", ["-1", "65536"]);
    wrong!(db, u32, "BIGINT", ["-1", "4294967296"]);
    wrong!(db, u64, "BIGINT", ["-1", "-9223372036854775808"]);
    wrong!(db, i16, "BIGINT", ["-32769", "32768"]);
    wrong!(db, i32, "BIGINT", ["-2147483649", "2147483648"]);
    wrong!(db, f32, double, ["0.1", "1e300"]);
    wrong!(db, u8, double, ["1.5"]);
    wrong!(db, i64, "VARCHAR(10)", ["'1'", "''", "'one'"]);
    wrong!(db, bool, "BIGINT", ["2", "-1"]);
    Ok(())
}

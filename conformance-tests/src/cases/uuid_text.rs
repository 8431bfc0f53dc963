//! UUIDs that are stored as text, by `#[covet(uuid = "text")]`.

use crate::models::{Wide, ordered, round_trips, wide_where, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;
use std::net::{IpAddr, Ipv4Addr};
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "parcels")]
struct Parcel {
    #[covet(primary_key, uuid = "text")]
    code: Uuid,
    #[covet(uuid = "text")]
    inside: Option<ForeignKey<Parcel>>,
    #[covet(uuid = "text", unique)]
    tag: Option<Uuid>,
    #[covet(default)]
    plain: Uuid,
}

fn code(n: u128) -> Uuid {
    Uuid::from_u128(n << 64 | 0xABCD)
}

/// UUIDs stored as text come back, and are ordered by their bytes.
pub async fn text_uuids_are_kept(db: &Db) -> Result<()> {
    let codes = [0, 1, 0x0a, 0xa0, 0x1234_5678_90ab, u128::MAX].map(Uuid::from_u128);
    ordered!(db, code, codes);
    round_trips!(db, code, codes)
}

/// Keys, foreign keys and unique columns hold UUIDs as text; filters, joins, lists and upserts find them.
pub async fn text_uuids_filter_and_join(db: &Db) -> Result<()> {
    db.drop_tables(models![Parcel]).await?;
    db.create_tables(models![Parcel]).await?;
    let outer = Parcel::create().code(code(1)).tag(code(1)).plain(code(1)).save(db).await?;
    for n in [0x80, 2, 0xff00] {
        Parcel::create().code(code(n)).inside(&outer).save(db).await?;
    }
    let codes = |rows: Vec<Parcel>| rows.iter().map(|row| row.code).collect::<Vec<_>>();
    let inside = Parcel::filter(Parcel::inside.tag.eq(code(1))).order_by(Parcel::code.asc());
    assert_eq!(codes(inside.all(db).await?), [2, 0x80, 0xff00].map(code));
    assert_eq!(Parcel::filter(Parcel::code.gt(code(2)) & Parcel::inside_id.in_([code(1)])).count(db).await?, 2);
    assert_eq!(Parcel::find(code(0x80)).get(db).await?.inside, Some(ForeignKey::new(code(1))));
    let between = Parcel::filter(Parcel::code.between(code(2), code(0x80)));
    assert_eq!(codes(between.order_by(Parcel::code.desc()).all(db).await?), [0x80, 2].map(code));
    assert_eq!(Parcel::filter(Parcel::tag.eq(Parcel::code)).get(db).await?, outer);
    let error = Parcel::create().code(code(3)).inside(ForeignKey::new(code(9))).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation, "{error}");
    let error = Parcel::create().code(code(1)).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    let mut changed = outer.clone();
    changed.tag = Some(code(7));
    changed.save(db).await?;
    assert_eq!(Parcel::filter(Parcel::tag.eq(code(7))).get(db).await?.code, code(1));
    let mut rows = Parcel::query().order_by(Parcel::code.asc()).all(db).await?;
    rows.iter_mut().for_each(|row| row.tag = Some(row.code));
    assert_eq!(Parcel::bulk_update(&rows, (Parcel::tag, Parcel::inside_id)).exec(db).await?, 4);
    assert_eq!(Parcel::filter(Parcel::tag.eq(Parcel::code)).count(db).await?, 4);
    assert_eq!(Parcel::filter(Parcel::inside.tag.eq(code(1))).count(db).await?, 3);
    assert_eq!(Parcel::find(code(2)).delete(db).await?, 1);
    db.drop_tables(models![Parcel]).await
}

/// The text is lower case with hyphens, for every program that reads it; other texts are refused by the table,
/// and errors where another program's table has them.
pub async fn text_uuids_have_one_form(db: &Db) -> Result<()> {
    #[derive(Model, Debug)]
    #[covet(table = "wide")]
    struct Seen {
        id: i64,
        #[covet(default)]
        label: String,
        #[covet(blank)]
        code: Option<String>,
    }
    let text = "0a1b2c3d-0000-4000-8000-00000000ffff";
    let row = Wide::create().code(Uuid::parse_str(text).unwrap()).save(db).await?;
    let seen = Seen::find(row.id).get(db).await?;
    assert_eq!((seen.id, seen.label.as_str(), seen.code.as_deref()), (row.id, "", Some(text)));
    for other in ["0A1B2C3D-0000-4000-8000-00000000FFFF", "0a1b2c3d000040008000000000000ffff", ""] {
        let error = Seen::create().code(other).save(db).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::CheckViolation, "{other}: {error}");
    }
    wrong!(
        db,
        #[covet(uuid = "text")]
        Uuid,
        "CHAR(40)",
        ["'0A1B2C3D-0000-4000-8000-00000000FFFF'", "'0a1b2c3d00004000800000000000ffff'", "'no'"]
    );
    Ok(())
}

/// The database makes UUIDs as text, and addresses and UUIDs are defaults of columns.
pub async fn defaults_are_made_by_the_database(db: &Db) -> Result<()> {
    const NIL: Uuid = Uuid::nil();
    const HOME: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "labels")]
    struct Label {
        id: i64,
        #[covet(uuid = "text", db_default = uuid)]
        code: Uuid,
        #[covet(uuid = "text", db_default = NIL)]
        batch: Uuid,
        #[covet(db_default = HOME)]
        origin: IpAddr,
    }
    db.drop_tables(models![Label]).await?;
    db.create_tables(models![Label]).await?;
    let one = Label::create().save(db).await?;
    let other = Label::create().save(db).await?;
    assert_ne!(one.code, other.code);
    assert_eq!((one.code.get_version_num(), one.code.get_variant()), (4, uuid::Variant::RFC4122));
    assert_eq!((one.batch, one.origin), (NIL, HOME));
    assert_eq!(Label::filter(Label::code.eq(one.code) & Label::origin.eq(HOME)).get(db).await?, one);
    db.drop_tables(models![Label]).await
}

/// A UUID as text never meets one that is not: nothing would be equal.
pub async fn forms_of_uuids_are_not_mixed(db: &Db) -> Result<()> {
    #[derive(Model, Debug)]
    #[covet(table = "labels")]
    struct Label {
        id: i64,
        parcel: ForeignKey<Parcel>,
    }
    db.drop_tables(models![Label, Parcel]).await?;
    let error = db.create_tables(models![Label, Parcel]).await.unwrap_err();
    assert_eq!((error.kind(), error.column()), (ErrorKind::Configuration, Some("labels.parcel_id")), "{error}");
    db.create_tables(models![Parcel]).await?;
    for error in [
        Parcel::filter(Parcel::tag.eq(Parcel::plain)).count(db).await.unwrap_err(),
        Label::filter(Label::parcel.tag.eq(code(1))).count(db).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
    }
    db.drop_tables(models![Parcel]).await
}

/// MariaDB's own type for UUIDs, by `sql_type(mariadb = "uuid")` beside `uuid = "text"`: as key, foreign key and
/// unique column, in filters, lists, joins, upserts and bulk writes. Elsewhere the columns are texts. MariaDB orders
/// its own type in its own way, so no order is promised.
pub async fn mariadbs_own_type_is_read_and_written(db: &Db) -> Result<()> {
    #[derive(Model, Clone, Debug, PartialEq)]
    #[covet(table = "uuid_crates")]
    struct Crate {
        #[covet(primary_key, uuid = "text", sql_type(mariadb = "uuid"))]
        code: Uuid,
        #[covet(uuid = "text", sql_type(mariadb = "uuid"))]
        inside: Option<ForeignKey<Crate>>,
        #[covet(uuid = "text", unique, sql_type(mariadb = "uuid"))]
        tag: Option<Uuid>,
        #[covet(uuid = "text", sql_type(mariadb = "uuid"), db_default = Uuid::from_u128(7))]
        lot: Uuid,
    }
    db.drop_tables(models![Crate]).await?;
    db.create_tables(models![Crate]).await?;
    if db.dialect().short_name() == "mariadb" {
        let of = "SELECT data_type FROM information_schema.columns WHERE table_name = 'uuid_crates' AND table_schema = database()";
        let types: Vec<(String,)> = covet::query::sql(of).rows().all(db).await?;
        assert_eq!(types, vec![("uuid".to_owned(),); 4]);
    }
    let codes = [0, 1, 0xa0 << 64, u128::MAX, 0x1234_5678_90ab_4def_8123_4567_89ab_cdef].map(Uuid::from_u128);
    let outer = Crate::create().code(codes[0]).tag(codes[4]).save(db).await?;
    assert_eq!((outer.code, outer.tag, outer.lot), (codes[0], Some(codes[4]), Uuid::from_u128(7)));
    let inner = codes[1..].iter().map(|code| Crate::create().code(*code).inside(&outer).build());
    assert_eq!(Crate::bulk_create(inner).exec(db).await?, 4);
    for code in codes {
        assert_eq!(Crate::find(code).get(db).await?.code, code);
        assert_eq!(Crate::filter(Crate::code.in_([code])).count(db).await?, 1);
        assert_eq!(Crate::filter(Crate::code.in_(vec![code; 1_500])).count(db).await?, 1);
    }
    assert_eq!(Crate::filter(Crate::inside.tag.eq(codes[4]) & Crate::lot.eq(Uuid::from_u128(7))).count(db).await?, 4);
    assert_eq!(Crate::filter(Crate::tag.is_distinct_from(codes[4])).count(db).await?, 4);
    let (changed, _) =
        Crate::create().code(codes[1]).lot(codes[3]).on_conflict(Crate::code).update(Crate::lot).save(db).await?;
    assert_eq!((changed.lot, Crate::find(codes[1]).get(db).await?.lot), (codes[3], codes[3]));
    let mut rows = Crate::query().all(db).await?;
    rows.iter_mut().for_each(|row| row.tag = Some(row.code));
    assert_eq!(Crate::bulk_update(&rows, Crate::tag).exec(db).await?, 5);
    assert_eq!(Crate::filter(Crate::tag.eq(Crate::code)).count(db).await?, 5);
    let error = Crate::create().code(Uuid::from_u128(9)).tag(codes[2]).save(db).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UniqueViolation, "{error}");
    let error = Crate::create().code(Uuid::from_u128(9)).inside(ForeignKey::new(Uuid::from_u128(8))).save(db).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::ForeignKeyViolation);
    db.drop_tables(models![Crate]).await
}

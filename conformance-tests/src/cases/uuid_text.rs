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

//! Conditions that the database checks, from typed predicates: `check(name = predicate)`.

use chrono::{DateTime, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::{DbEnum, Model};
use rust_decimal::Decimal;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

#[derive(DbEnum, Clone, Copy, Debug, PartialEq)]
enum Size {
    Small,
    Large,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "checks_products",
    check(stock_left = Product::stock.gte(0)),
    check(
        reduced = Product::reduced.lt(Product::price) | Product::active.eq(false),
        dear = Product::price.lte(Decimal::new(99_999, 2)),
        code = Product::code.starts_with("a_%!'\\") & Product::code.ne("a_%!'\\-"),
        window = Product::seen_at.gte(at(1_000)) & Product::ratio.between(0.1, 1e300),
        sizes = Product::size.in_([Size::Small, Size::Large]) & Product::stock.in_([-1, 0, 1, 2, 3]),
        flag = Product::active.eq(true)
    )
)]
struct Product {
    id: i64,
    stock: i32,
    #[covet(decimal(10, 2))]
    price: Decimal,
    #[covet(decimal(10, 2))]
    reduced: Option<Decimal>,
    #[covet(max_length = 12)]
    code: String,
    seen_at: DateTime<Utc>,
    ratio: f64,
    size: Size,
    active: bool,
}

async fn table(db: &Db) -> Result<Product> {
    db.drop_tables(models![Product]).await?;
    db.create_tables(models![Product]).await?;
    let product = Product::create().stock(3).price(Decimal::new(1_000, 2)).reduced(None).code("a_%!'\\b");
    product.seen_at(at(1_000)).ratio(0.1).size(Size::Large).active(true).save(db).await
}

/// The error of an update.
async fn refused(db: &Db, change: impl covet::column::Assignments<Product>) -> covet::error::Error {
    Product::query().update(change).exec(db).await.unwrap_err()
}

/// A row that breaks the condition is refused; the error names the constraint and the columns that it reads.
pub async fn broken_condition_is_named(db: &Db) -> Result<()> {
    table(db).await?;
    let error = refused(db, Product::stock.set(Product::stock - 4)).await;
    assert!(error.is_check_violation(), "{error:?}");
    assert_eq!(error.constraint(), Some("checks_products_stock_left_check"), "{error:?}");
    assert_eq!((error.table(), error.columns()), (Some("checks_products"), &["stock".to_owned()][..]), "{error:?}");
    let error = refused(db, Product::reduced.set(Some(Decimal::new(1_001, 2)))).await;
    assert_eq!(error.constraint(), Some("checks_products_reduced_check"), "{error:?}");
    assert_eq!(error.columns(), ["reduced", "price", "active"], "{error:?}");
    assert_eq!(Product::query().get(db).await?.stock, 3);
    Ok(())
}

/// A condition that is unknown because of NULL is not broken, as SQL has it.
pub async fn unknown_condition_passes(db: &Db) -> Result<()> {
    let product = table(db).await?;
    assert_eq!(product.reduced, None);
    assert_eq!(Product::query().update(Product::reduced.set(Some(Decimal::new(999, 2)))).exec(db).await?, 1);
    assert_eq!(Product::query().update(Product::reduced.set(None)).exec(db).await?, 1);
    Ok(())
}

/// Values of every sort stand in the condition exactly as a query would send them.
pub async fn values_stand_in_it_exactly(db: &Db) -> Result<()> {
    table(db).await?;
    let broken = |name: &str, error: covet::error::Error| {
        let name = format!("checks_products_{name}_check");
        assert_eq!(error.constraint(), Some(name.as_str()), "{error:?}");
    };
    assert_eq!(Product::query().update(Product::price.set(Decimal::new(99_999, 2))).exec(db).await?, 1);
    broken("dear", refused(db, Product::price.set(Decimal::new(100_000, 2))).await);
    assert_eq!(Product::query().update(Product::code.set("a_%!'\\")).exec(db).await?, 1);
    broken("code", refused(db, Product::code.set("ab%!'\\")).await);
    broken("code", refused(db, Product::code.set("a_%!'\\-")).await);
    broken("code", refused(db, Product::code.set("A_%!'\\b")).await);
    broken("window", refused(db, Product::seen_at.set(at(999))).await);
    broken("window", refused(db, Product::ratio.set(0.1_f64.next_down())).await);
    broken("window", refused(db, Product::ratio.set(1e300_f64.next_up())).await);
    assert_eq!(Product::query().update(Product::ratio.set(1e300)).exec(db).await?, 1);
    broken("sizes", refused(db, Product::stock.set(4)).await);
    assert_eq!(Product::query().update(Product::size.set(Size::Small)).exec(db).await?, 1);
    broken("flag", refused(db, Product::active.set(false)).await);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "checks_amounts", check(amount = Amount::amount.gt(3), text = Amount::text.ne("no")))]
struct Amount {
    id: i64,
    amount: u8,
    #[covet(max_length = 3)]
    text: String,
}

/// What covet checks of a column by itself goes on beside a check of the column's name.
pub async fn name_of_a_column_is_no_conflict(db: &Db) -> Result<()> {
    db.drop_tables(models![Amount]).await?;
    db.create_tables(models![Amount]).await?;
    let amount = Amount::create().amount(4).text("yes").save(db).await?;
    let error = Amount::find(amount.id).update(Amount::amount.set(3)).exec(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("checks_amounts_amount_check"), "{error:?}");
    let error = Amount::find(amount.id).update(Amount::text.set("no")).exec(db).await.unwrap_err();
    assert_eq!(error.constraint(), Some("checks_amounts_text_check"), "{error:?}");
    assert_eq!(error.columns(), ["text"], "{error:?}");
    let error = covet::query::sql("UPDATE checks_amounts SET text = 'long'").exec(db).await.unwrap_err();
    assert!(error.is_check_violation(), "{error:?}");
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "checks_lines", check(own = Line::product.stock.gt(0)))]
struct Line {
    id: i64,
    product: ForeignKey<Product>,
}

/// A condition on a related row is refused before anything is sent.
pub async fn other_tables_are_out_of_reach(db: &Db) -> Result<()> {
    let error = db.create_tables(models![Line]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration, "{error:?}");
    assert!(error.to_string().contains("`stock` of a related model"), "{error}");
    Ok(())
}

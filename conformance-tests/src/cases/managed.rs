//! Tables that are somebody else's: `#[covet(managed = false)]`.

use crate::models::batch;
use covet::{backend::Db, error::Result, prelude::*, query::Outcome, registry::Registry};
use covet_macros::Model;

/// A table that was there before; its names are not those that covet gives.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "TblCustomer", managed = false)]
struct Customer {
    #[covet(column = "CustNo", primary_key, max_length = 10)]
    number: String,
    #[covet(column = "CustName", max_length = 40, unique)]
    name: String,
    #[covet(column = "Points", default = 0)]
    points: i32,
}

/// Covet's own, and refers to it.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "managed_orders")]
struct Order {
    id: i64,
    customer: Option<ForeignKey<Customer>>,
    total: i32,
}

async fn legacy(db: &Db) -> Result<()> {
    batch(db, "DROP VIEW IF EXISTS managed_totals").await?;
    db.drop_tables(models![Order, Customer]).await?;
    let quoted = |sql: &str| if db.dialect().quote() == '`' { sql.replace('"', "`") } else { sql.to_owned() };
    batch(db, &quoted("DROP TABLE IF EXISTS \"TblCustomer\"")).await?;
    let (text, options) = (db.dialect().column_type(&Customer::schema().columns[0]), db.dialect().table_options());
    let table = format!(
        "CREATE TABLE \"TblCustomer\" (\"CustNo\" {text} NOT NULL PRIMARY KEY, \"CustName\" {text} NOT NULL, \
         \"Points\" INTEGER NOT NULL, \"Legacy\" INTEGER, CONSTRAINT \"UqName\" UNIQUE (\"CustName\")){options}"
    );
    batch(db, &quoted(&table)).await?;
    db.create_tables(models![Customer, Order]).await
}

/// The table stays as it is when tables are created and dropped, with its rows.
pub async fn tables_of_others_are_left_alone(db: &Db) -> Result<()> {
    assert!(!Customer::schema().managed && Order::schema().managed);
    legacy(db).await?;
    Customer::create().number("A1").name("Ann").save(db).await?;
    db.drop_tables(models![Customer, Order]).await?;
    assert_eq!(Customer::query().get(db).await?.name, "Ann");
    db.create_tables(models![Order, Customer]).await?;
    assert_eq!(Customer::query().count(db).await?, 1);
    db.drop_tables(models![Customer, Order]).await?;
    // Nothing but models of others: nothing to do.
    db.drop_tables(models![Customer]).await?;
    db.create_tables(models![Customer]).await
}

/// Everything else is as for other models: writes, joins, foreign keys, rules, violations.
pub async fn rows_of_tables_of_others_are_written(db: &Db) -> Result<()> {
    legacy(db).await?;
    let ann = Customer::create().number("A1").name("Ann").save(db).await?;
    let rows = (0..5).map(|n| Customer::create().number(format!("B{n}")).name(format!("b{n}")).points(n).build());
    assert_eq!(Customer::bulk_create(rows).exec(db).await?, 5);
    assert_eq!(Customer::filter(Customer::points.gt(2)).update(Customer::points.set(9)).exec(db).await?, 2);
    let again = Customer::create().number("A1").name("Anna").points(4);
    let (row, outcome) = again.on_conflict(Customer::number).update((Customer::name,)).save(db).await?;
    assert_eq!((row.name.as_str(), row.points, outcome), ("Anna", 0, Outcome::Updated));
    assert!(
        Customer::create().number("C").name("n".repeat(41)).save(db).await.is_err_and(|error| error.is_validation())
    );
    let error = Customer::create().number("C").name("Anna").save(db).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error:?}");
    Order::create().customer(&ann).total(7).save(db).await?;
    assert_eq!(Order::filter(Order::customer.name.eq("Anna")).count(db).await?, 1);
    let error = Order::create().customer("Z").total(7).save(db).await.unwrap_err();
    assert!(error.is_foreign_key_violation(), "{error:?}");
    assert!(Customer::find("A1").delete(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    Order::query().delete(db).await?;
    assert_eq!(Customer::query().delete(db).await?, 6);
    db.drop_tables(models![Order]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "managed_totals", managed = false)]
struct Large {
    id: i64,
    total: i32,
    customer: Option<ForeignKey<Customer>>,
}

/// A view is a table of somebody else's.
pub async fn views_are_read(db: &Db) -> Result<()> {
    legacy(db).await?;
    let ann = Customer::create().number("A1").name("Ann").save(db).await?;
    for total in [5, 50, 500] {
        Order::create().customer(&ann).total(total).save(db).await?;
    }
    let view = "CREATE VIEW managed_totals AS SELECT id, total, customer_id FROM managed_orders WHERE total > 9";
    batch(db, view).await?;
    db.create_tables(models![Large]).await?;
    let found = Large::filter(Large::customer.name.eq("Ann")).order_by(Large::total.desc()).all(db).await?;
    assert_eq!(found.iter().map(|row| row.total).collect::<Vec<_>>(), [500, 50]);
    assert_eq!(Large::query().count(db).await?, 2);
    db.drop_tables(models![Large]).await?;
    assert_eq!(Large::find(found[0].id).get(db).await?, found[0]);
    batch(db, "DROP VIEW managed_totals").await?;
    db.drop_tables(models![Order]).await
}

/// The same table, with fewer columns.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "managed_orders", managed = false)]
struct Total {
    id: i64,
    total: i32,
}

/// Of several models with one table at most one is managed.
pub async fn two_models_share_a_table(db: &Db) -> Result<()> {
    legacy(db).await?;
    const BOTH: Registry = Registry::new(&models![Order, Total]);
    assert_eq!(BOTH.checked()?.tables().len(), 2);
    db.drop_tables(BOTH).await?;
    db.create_tables(BOTH).await?;
    let order = Order::create().total(3).save(db).await?;
    assert_eq!(Total::query().get(db).await?, Total { id: order.id, total: 3 });
    db.drop_tables(BOTH).await?;
    assert!(Total::query().count(db).await.is_err());
    Ok(())
}

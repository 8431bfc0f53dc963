//! `Decimal`: exact, or refused.

use crate::models::{Wide, ordered, round_trips, wide_where, wrong};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::Model;
use rust_decimal::Decimal;

fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).unwrap()
}

/// Decimals of up to 18 digits come back with the digits of their column.
pub async fn decimal_is_kept(db: &Db) -> Result<()> {
    for column in ["0", "1.5", "-0.01"] {
        let row = Wide::create().price(decimal(column)).save(db).await?;
        assert_eq!(row.price.map(|price| price.scale()), Some(2));
        assert_eq!(
            Wide::find(&row).get(db).await?.price.map(|price| price.to_string()),
            row.price.map(|p| p.to_string())
        );
    }
    Wide::query().delete(db).await?;
    round_trips!(db, whole, ["999999999999999999", "-999999999999999999", "0", "-1"].map(decimal))?;
    round_trips!(db, price, ["0.00", "0.01", "-0.01", "1.10", "99999999.99", "-99999999.99", "1234567.8"].map(decimal))
}

/// Decimals of 28 digits come back, 28 of them behind the point too.
pub async fn long_decimal_is_kept(db: &Db) -> Result<()> {
    let long = ["999999999999999999.9999999999", "-999999999999999999.9999999999", "0.0000000001", "12345678901.1"];
    round_trips!(db, long, long.map(decimal))?;
    let fractions = ["0.9999999999999999999999999999", "0.0000000000000000000000000001", "-0.1", "0"];
    round_trips!(db, fraction, fractions.map(decimal))
}

/// Decimals are ordered as numbers, not as texts.
pub async fn decimals_are_ordered_as_numbers(db: &Db) -> Result<()> {
    let most = "999999999999999999.9999999999";
    let numbers = ["-10.00", "-9.00", "-1", "-0.01", "0", "0.01", "1", "9.00", "10.00", "100"].map(decimal);
    ordered!(db, price, numbers);
    ordered!(db, long, [-decimal(most)].into_iter().chain(numbers).chain([decimal("1000000000"), decimal(most)]));
    Ok(())
}

/// Trailing zeros of a value do not matter.
pub async fn the_point_stands_where_the_column_says(db: &Db) -> Result<()> {
    Wide::create().label("a").price(decimal("1.5")).long(decimal("2.500000000000")).save(db).await?;
    for same in ["1.5", "1.50", "1.5000000000000000000"] {
        assert_eq!(wide_where(db, Wide::price.eq(decimal(same))).await?, "a");
        assert_eq!(wide_where(db, Wide::price.in_([decimal(same), decimal("7")])).await?, "a");
    }
    assert_eq!(wide_where(db, Wide::long.eq(decimal("2.5"))).await?, "a");
    Ok(())
}

/// More digits than the column holds are refused before they are sent, never rounded, in filters too.
pub async fn too_many_digits_are_refused(db: &Db) -> Result<()> {
    let refused = |result: Result<()>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        assert!(error.to_string().contains("`decimal(10, 2)`"), "{error}");
    };
    for text in ["0.005", "1.001", "100000000", "-100000000.00", "79228162514264337593543950335"] {
        let value = decimal(text);
        refused(Wide::create().price(value).save(db).await.map(drop));
        let rows = vec![Wide::create().price(Decimal::ONE).build(), Wide::create().price(value).build()];
        refused(Wide::bulk_create(rows).exec(db).await.map(drop));
        let rows = vec![Wide::create().price(value).build(); 2_000];
        refused(Wide::bulk_create(rows).exec(db).await.map(drop));
        refused(Wide::query().update(Wide::price.set(value)).exec(db).await.map(drop));
        refused(Wide::filter(Wide::price.eq(value)).count(db).await.map(drop));
        refused(Wide::filter(Wide::price.between(Decimal::ONE, value)).count(db).await.map(drop));
        refused(Wide::filter(Wide::price.in_([Decimal::ONE, value])).count(db).await.map(drop));
        refused(Wide::filter(Wide::price.in_(vec![value; 2_000])).count(db).await.map(drop));
    }
    assert_eq!(Wide::query().count(db).await?, 0);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "prices")]
struct Price {
    id: i64,
    label: String,
    #[covet(decimal(10, 2))]
    price: Decimal,
    #[covet(decimal(10, 2))]
    cost: Decimal,
    #[covet(decimal(28, 10))]
    long: Decimal,
}

async fn prices(db: &Db, rows: &[[&str; 4]; 2]) -> Result<()> {
    db.drop_tables(models![Price]).await?;
    db.create_tables(models![Price]).await?;
    for [label, price, cost, long] in *rows {
        let row = Price::create().label(label).price(decimal(price)).cost(decimal(cost)).long(decimal(long));
        row.save(db).await?;
    }
    Ok(())
}

/// Columns of the same digits compare with each other.
pub async fn columns_compare(db: &Db) -> Result<()> {
    prices(db, &[["gain", "10.00", "9.5", "0"], ["loss", "9", "10", "0"]]).await?;
    assert_eq!(Price::filter(Price::price.gt(Price::cost)).get(db).await?.label, "gain");
    let row = Price::filter(Price::label.eq("loss"));
    row.clone().update(Price::cost.set(Price::price)).exec(db).await?;
    assert_eq!(row.get(db).await?.cost, decimal("9"));
    db.drop_tables(models![Price]).await
}

/// Columns of other digits compare as numbers.
pub async fn columns_of_other_digits_compare(db: &Db) -> Result<()> {
    prices(db, &[["same", "10.00", "0", "10"], ["more", "2", "0", "10.0000000001"]]).await?;
    assert_eq!(Price::filter(Price::price.eq(Price::long)).get(db).await?.label, "same");
    assert_eq!(Price::filter(Price::long.gt(Price::price)).get(db).await?.label, "more");
    db.drop_tables(models![Price]).await
}

/// What is no decimal, or has more digits, names the column and is never read as zero.
pub async fn wrong_decimals_name_the_column(db: &Db) -> Result<()> {
    match db.dialect().short_name() {
        "sqlite" => {
            wrong!(
                db,
                #[covet(decimal(28, 10))]
                Decimal,
                "ANY",
                ["1.5", "'1.5'", "'x'", "x'00'", "''"]
            );
            wrong!(
                db,
                #[covet(decimal(4, 2))]
                Decimal,
                "INTEGER",
                ["10000", "-9223372036854775808"]
            );
        }
        "pg" => {
            let special = ["'NaN'", "'Infinity'", "'-Infinity'", "1e100", "1e-38", "79228162514264337593543950336"];
            let supported = &special[if db.version().starts_with("13") { 3 } else { 0 }..];
            wrong!(
                db,
                #[covet(decimal(28, 10))]
                Decimal,
                "numeric",
                *supported
            );
            wrong!(
                db,
                #[covet(decimal(10, 2))]
                Decimal,
                "text",
                ["'1.50'"]
            );
            wrong!(
                db,
                #[covet(decimal(10, 2))]
                Decimal,
                "double precision",
                ["1.5", "'NaN'"]
            );
        }
        _ => {
            wrong!(
                db,
                #[covet(decimal(28, 10))]
                Decimal,
                "DECIMAL(65, 30)",
                ["1e34", "1e-30", "7922816251426433759354395034"]
            );
            wrong!(
                db,
                #[covet(decimal(10, 2))]
                Decimal,
                "VARCHAR(9)",
                ["'1.50'"]
            );
            wrong!(
                db,
                #[covet(decimal(10, 2))]
                Decimal,
                "DOUBLE",
                ["1.5"]
            );
        }
    }
    Ok(())
}

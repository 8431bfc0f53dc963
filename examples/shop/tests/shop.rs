//! The shop on every engine.

#![allow(missing_docs, clippy::unwrap_used)]

use chrono::{TimeDelta, Utc};
use covet::{Db, Outcome, prelude::*};
use covet_example_shop::{
    Details, Line, Order, Product, ShopError, Status, Wish, complaint, offer, place_order, search, set_up, ship,
    statistics,
};
use rust_decimal::Decimal;
use std::env;

/// SQLite, and each server that a variable `COVET_TEST_*_URL` names.
async fn databases() -> Vec<Db> {
    let mut urls = vec!["sqlite::memory:".to_owned()];
    let is_server =
        |name: &str| ["PG", "MYSQL", "MARIADB"].iter().any(|kind| name.starts_with(&format!("COVET_TEST_{kind}")));
    if cfg!(all(feature = "pg", feature = "mysql")) {
        let servers: Vec<_> = env::vars().filter(|(name, _)| is_server(name) && name.ends_with("_URL")).collect();
        assert!(!servers.is_empty() || env::var_os("COVET_TEST_REQUIRE").is_none(), "no server: run `ci/test`");
        urls.extend(servers.into_iter().map(|(_, url)| url));
    }
    let mut databases = Vec::new();
    for url in urls {
        let db = covet::connect(&url).await.unwrap();
        set_up(&db).await.unwrap();
        databases.push(db);
    }
    databases
}

fn euros(cents: i64) -> Decimal {
    Decimal::new(cents, 2)
}

async fn tea(db: &Db, stock: i32) -> Product {
    let details = Details { brand: "Leaf".to_owned(), tags: vec!["green".to_owned()] };
    let (tea, _) = offer(db, "TE-1", "Green tea", euros(495), details).await.unwrap();
    Product::find(&tea).update(Product::stock.set(stock)).exec(db).await.unwrap();
    Product::find(&tea).get(db).await.unwrap()
}

// The tests share their tables, so they are one test.
#[tokio::test]
async fn the_shop_works_on_every_engine() {
    for db in databases().await {
        products_are_offered_and_found(&db).await;
        set_up(&db).await.unwrap();
        stock_never_goes_below_zero(&db).await;
        set_up(&db).await.unwrap();
        wrong_input_is_explained(&db).await;
        set_up(&db).await.unwrap();
        the_last_thirty_days_are_counted(&db).await;
    }
}

async fn products_are_offered_and_found(db: &Db) {
    let details = Details { brand: "Leaf".to_owned(), tags: vec!["green".to_owned()] };
    let (tea, outcome) = offer(db, "TE-1", "Green tea", euros(495), details.clone()).await.unwrap();
    assert_eq!((outcome, tea.price, tea.stock, &*tea.details), (Outcome::Created, euros(495), 0, &details));
    let (again, outcome) = offer(db, "TE-1", "Green tea", euros(505), details.clone()).await.unwrap();
    assert_eq!((outcome, again.id, again.price), (Outcome::Updated, tea.id, euros(505)));
    let (_, outcome) = offer(db, "TE-1", "Green tea", euros(505), details).await.unwrap();
    assert_eq!(outcome, Outcome::Unchanged);
    offer(db, "CO-1", "Coffee, green beans", euros(1250), Details::default()).await.unwrap();
    offer(db, "MU-1", "Mug, 100% clay", euros(900), Details::default()).await.unwrap();
    Product::filter(Product::sku.eq("MU-1")).update(Product::stock.set(3)).exec(db).await.unwrap();

    let names = async |wish: Wish| search(db, &wish).await.unwrap().into_iter().map(|p| p.name).collect::<Vec<_>>();
    assert_eq!(names(Wish::default()).await, ["Coffee, green beans", "Green tea", "Mug, 100% clay"]);
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let green = Wish { words: words(&["GREEN"]), ..Wish::default() };
    assert_eq!(names(green.clone()).await, ["Coffee, green beans", "Green tea"]);
    assert_eq!(names(Wish { most: Some(euros(505)), ..green }).await, ["Green tea"]);
    assert_eq!(names(Wish { words: words(&["100%", "mug"]), in_stock: true, most: None }).await, ["Mug, 100% clay"]);
}

async fn stock_never_goes_below_zero(db: &Db) {
    let tea = tea(db, 10).await;
    let order = place_order(db, "ann@example.org", &[(&tea, 4)]).await.unwrap();
    assert_eq!((order.status, order.total), (Status::Pending, euros(1980)));
    let too_many = place_order(db, "bob@example.org", &[(&tea, 7)]).await.unwrap_err();
    assert!(matches!(&too_many, ShopError::OutOfStock { product } if product == "Green tea"), "{too_many:?}");
    assert_eq!(too_many.to_string(), "we have not enough of `Green tea`");
    // Nothing of the refused order is left.
    assert_eq!((Order::query().count(db).await.unwrap(), Line::query().count(db).await.unwrap()), (1, 1));

    // Ten customers want two each of the six that are left.
    let customers = (0..10).map(|_| {
        let (db, tea) = (db.clone(), tea.clone());
        tokio::spawn(async move { place_order(&db, "crowd@example.org", &[(&tea, 2)]).await })
    });
    let mut served = 0;
    for customer in customers.collect::<Vec<_>>() {
        match customer.await.unwrap() {
            Ok(_) => served += 1,
            Err(error) => assert!(matches!(error, ShopError::OutOfStock { .. }), "{error:?}"),
        }
    }
    assert_eq!(served, 3);
    assert_eq!(Product::find(&tea).get(db).await.unwrap().stock, 0);

    assert!(matches!(ship(db, &order).await, Err(ShopError::WrongStatus)));
    Order::find(&order).update(Order::status.set(Status::Paid)).exec(db).await.unwrap();
    ship(db, &order).await.unwrap();
    assert!(matches!(ship(db, &order).await, Err(ShopError::WrongStatus)));
}

async fn wrong_input_is_explained(db: &Db) {
    let error = offer(db, "tea", &"long ".repeat(30), euros(-1), Details::default()).await.unwrap_err();
    let text = complaint(&error);
    for field in ["sku", "name", "price"] {
        assert!(text.lines().any(|line| line.starts_with(field)), "{text}");
    }
    assert!(!text.contains("tea") && !text.contains("-1"), "a complaint shows no values: {text}");
    let tea = tea(db, 10).await;
    let error = place_order(db, "nobody", &[(&tea, 0)]).await.unwrap_err();
    assert!(error.to_string().starts_with("email"), "{error}");
    let error = place_order(db, "ann@example.org", &[(&tea, 0)]).await.unwrap_err();
    assert!(error.to_string().starts_with("quantity"), "{error}");
    assert_eq!(Order::query().count(db).await.unwrap(), 0);
}

async fn the_last_thirty_days_are_counted(db: &Db) {
    let now = Utc::now();
    let order = |days: i64, status: Status, cents: i64| {
        let at = now - TimeDelta::days(days);
        Order::create().email("ann@example.org").status(status).total(euros(cents)).created_at(at).build()
    };
    let rows = [
        order(0, Status::Pending, 1000),
        order(1, Status::Shipped, 2550),
        order(29, Status::Shipped, 5),
        order(2, Status::Cancelled, 99_999),
        order(31, Status::Shipped, 77_700),
    ];
    assert_eq!(Order::bulk_create(rows).exec(db).await.unwrap(), 5);
    let found = statistics(db, now).await.unwrap();
    assert_eq!(
        found.orders.into_iter().collect::<Vec<_>>(),
        [(Status::Pending, 1), (Status::Shipped, 2), (Status::Cancelled, 1)]
    );
    assert_eq!((found.revenue, found.largest), (euros(3555), Some(euros(2550))));
}

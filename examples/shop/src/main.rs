//! Runs the shop once: on SQLite in memory, or on the database that `COVET_URL` names.

use covet::prelude::*;
use covet_example_shop::{Details, Product, Wish, offer, place_order, search, set_up, statistics};
use rust_decimal::Decimal;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("COVET_URL").unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let db = covet::connect(&url).await?;
    set_up(&db).await?;
    let (tea, outcome) = offer(&db, "TE-1", "Green tea", Decimal::new(495, 2), Details::default()).await?;
    println!("{}: {outcome:?}", tea.name);
    Product::find(&tea).update(Product::stock.set(10)).exec(&db).await?;

    let wish = Wish { words: vec!["TEA".to_owned()], ..Wish::default() };
    for product in search(&db, &wish).await? {
        println!("{} costs {}, {} in stock", product.name, product.price, product.stock);
    }
    let order = place_order(&db, "ann@example.org", &[(&tea, 4)]).await?;
    println!("order {} of {}", order.id, order.total);
    for (email, quantity) in [("ann@example.org", 7), ("nobody", 1)] {
        if let Err(error) = place_order(&db, email, &[(&tea, quantity)]).await {
            println!("refused: {error}");
        }
    }
    println!("{:?}", statistics(&db, chrono::Utc::now()).await?);
    Ok(())
}

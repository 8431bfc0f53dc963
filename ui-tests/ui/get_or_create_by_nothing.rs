use covet::prelude::*;
use covet_ui_tests::models::*;

async fn run(db: &Db) -> covet::Result<()> {
    let company = Company::create().name("Acme").build();
    Company::get_or_create(company).save(db).await?;
    Ok(())
}

fn main() {}

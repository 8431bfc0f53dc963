use covet::prelude::*;
use covet_ui_tests::models::*;

async fn run(db: &Db) -> covet::Result<()> {
    Company::create().name("Acme").on_conflict(Company::id).save(db).await?;
    Ok(())
}

fn main() {}

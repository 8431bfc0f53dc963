use covet::prelude::*;
use covet_ui_tests::models::*;

async fn run(db: &Db, company: &Company) -> covet::Result<()> {
    company.refresh(db).await
}

fn main() {}

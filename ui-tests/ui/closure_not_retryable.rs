use covet::prelude::*;
use covet_ui_tests::models::*;

async fn case(db: &Db) -> covet::Result<()> {
    let mut found = Vec::new();
    db.transaction(async |tx| {
        found = User::query().all(tx).await?;
        Ok(())
    })
    .await
}

fn main() {}

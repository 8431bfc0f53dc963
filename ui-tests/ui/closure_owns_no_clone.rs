use covet::prelude::*;
use covet_ui_tests::models::*;
use std::sync::Mutex;

async fn case(db: &Db, names: Mutex<Vec<String>>) -> covet::Result<()> {
    db.transaction(async move |tx| {
        let user = User::find(1).get(tx).await?;
        names.lock().unwrap().push(user.name);
        Ok(())
    })
    .await
}

fn main() {}

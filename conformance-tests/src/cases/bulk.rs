//! `bulk_create`.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};

/// Bulk inserts of any size store every row.
pub async fn any_number_of_rows_is_stored(db: &Db) -> Result<()> {
    let mut total = 0;
    for count in [0_i32, 1, 2, 51, 100, 5_000] {
        let rows = (0..count).map(|n| Sample::create().label(format!("{count}")).medium(n).build());
        assert_eq!(Sample::bulk_create(rows).exec(db).await?, u64::from(count.unsigned_abs()), "{count} rows");
        total += i64::from(count);
        assert_eq!(Sample::query().count(db).await?, total);
        let stored = Sample::filter(Sample::label.eq(count.to_string())).order_by(Sample::medium.asc()).all(db).await?;
        assert!((0..count).eq(stored.iter().filter_map(|row| row.medium)), "{count} rows");
    }
    Ok(())
}

/// Rows with a key and rows without can be mixed.
pub async fn explicit_and_automatic_keys_mix(db: &Db) -> Result<()> {
    let row = |name: &'static str| Company::create().name(name);
    let rows = [row("a").build(), row("b").id(9_000_001).build(), row("c").build(), row("d").id(9_000_002).build()];
    assert_eq!(Company::bulk_create(rows).exec(db).await?, 4);
    let all = Company::query().order_by(Company::name.asc()).all(db).await?;
    assert_eq!(all.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "d"]);
    assert_eq!((all[1].id, all[3].id), (9_000_001, 9_000_002));
    assert_ne!(all[0].id, all[2].id);
    Ok(())
}

/// Values and NULLs stay in their rows and columns.
pub async fn values_stay_in_their_columns(db: &Db) -> Result<()> {
    let rows = (0..60).map(|n: i32| {
        let row = Sample::create().label(format!("{n:02}")).big(i64::from(n) * 10);
        row.medium((n % 2 == 0).then_some(n)).text((n % 3 == 0).then(|| format!("t{n}"))).build()
    });
    assert_eq!(Sample::bulk_create(rows).exec(db).await?, 60);
    let stored = Sample::query().order_by(Sample::label.asc()).all(db).await?;
    assert_eq!(stored.len(), 60);
    for (n, row) in (0..60).zip(stored) {
        assert_eq!(row.big, Some(i64::from(n) * 10));
        assert_eq!(row.medium, (n % 2 == 0).then_some(n));
        assert_eq!(row.text, (n % 3 == 0).then(|| format!("t{n}")));
    }
    Ok(())
}

/// A violation in the last of many rows stores none of them.
pub async fn violation_stores_nothing(db: &Db) -> Result<()> {
    User::create().name("Ann").email("taken@x").age(1).save(db).await?;
    for count in [1, 2, 51, 1_200] {
        let emails = (1..count).map(|n| format!("{n}@x")).chain(["taken@x".to_owned()]);
        let rows = emails.map(|email| User::create().name("bulk").email(email).age(2).build());
        let error = User::bulk_create(rows).exec(db).await.unwrap_err();
        assert!(error.is_unique_violation(), "{error:?}");
        assert_eq!(User::query().count(db).await?, 1, "{count} rows");
    }
    Ok(())
}

/// A duplicate inside the bulk itself is a violation.
pub async fn duplicate_inside_the_bulk_is_a_violation(db: &Db) -> Result<()> {
    let rows = ["a@x", "b@x", "a@x"].map(|email| User::create().name("bulk").email(email).age(2).build());
    assert!(User::bulk_create(rows).exec(db).await.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(User::query().count(db).await?, 0);
    Ok(())
}

/// In a transaction a bulk insert is part of it.
pub async fn bulk_takes_part_in_a_transaction(db: &Db) -> Result<()> {
    let rows = || (0..200).map(|n| Sample::create().medium(n).build());
    let tx = db.begin().await?;
    assert_eq!(Sample::bulk_create(rows()).exec(&tx).await?, 200);
    assert_eq!(Sample::query().count(&tx).await?, 200);
    tx.rollback().await?;
    assert_eq!(Sample::query().count(db).await?, 0);
    let tx = db.begin().await?;
    assert_eq!(Sample::bulk_create(rows()).exec(&tx).await?, 200);
    tx.commit().await?;
    assert_eq!(Sample::query().count(db).await?, 200);
    Ok(())
}

/// A bulk insert that fails inside a transaction leaves what was there before, in a savepoint.
pub async fn failed_bulk_rolls_back_to_its_savepoint(db: &Db) -> Result<()> {
    let tx = db.begin().await?;
    User::create().name("Ann").email("taken@x").age(1).save(&tx).await?;
    let emails = (1..1_200).map(|n| format!("{n}@x")).chain(["taken@x".to_owned()]);
    let rows: Vec<_> = emails.map(|email| User::create().name("bulk").email(email).age(2).build()).collect();
    let failed: Result<u64> = tx.transaction(async |tx| User::bulk_create(rows.clone()).exec(tx).await).await;
    assert!(failed.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(User::query().count(&tx).await?, 1);
    tx.commit().await?;
    assert_eq!(User::query().count(db).await?, 1);
    Ok(())
}

/// Large texts go in chunks that the server takes.
pub async fn large_texts_are_stored(db: &Db) -> Result<()> {
    let text = "0123456789abcdef".repeat(1 << 16);
    let rows = (0..20).map(|n| Sample::create().medium(n).text(text.as_str()).build());
    assert_eq!(Sample::bulk_create(rows).exec(db).await?, 20);
    let stored = Sample::query().order_by(Sample::medium.asc()).all(db).await?;
    assert_eq!(stored.len(), 20);
    assert!((0..).zip(&stored).all(|(n, row)| row.medium == Some(n) && row.text.as_deref() == Some(&text)));
    Ok(())
}

/// Rows of nothing but their key can be inserted in bulk.
pub async fn rows_of_nothing_are_stored(db: &Db) -> Result<()> {
    let rows = (0..7).map(|_| Ticket::create().build());
    assert_eq!(Ticket::bulk_create(rows).exec(db).await?, 7);
    assert_eq!(Ticket::query().count(db).await?, 7);
    assert_eq!(Ticket::bulk_create([Ticket::create().build()]).exec(db).await?, 1);
    assert_eq!(Ticket::query().count(db).await?, 8);
    Ok(())
}

/// Rows that refer to others are checked as a bulk.
pub async fn foreign_keys_are_checked(db: &Db) -> Result<()> {
    let People { ann, .. } = people(db).await?;
    let rows = [ann.id, ann.id, -1].map(|author| Post::create().title("x").author(author).build());
    assert!(Post::bulk_create(rows).exec(db).await.is_err_and(|error| error.is_foreign_key_violation()));
    assert_eq!(Post::query().count(db).await?, 0);
    let rows = (0..120).map(|_| Post::create().title("x").author(&ann).build());
    assert_eq!(Post::bulk_create(rows).exec(db).await?, 120);
    assert_eq!(Post::filter(Post::author_id.eq(&ann)).count(db).await?, 120);
    Ok(())
}

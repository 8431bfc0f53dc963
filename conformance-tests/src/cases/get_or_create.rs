//! `get_or_create` and `update_or_create`.

use crate::models::*;
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
    query::{New, sql},
};

fn ann(name: &str, age: i32) -> New<User> {
    User::create().email("ann@x").name(name).age(age).build()
}

/// The row is made once; afterwards it is found, and the other values are not looked at.
pub async fn a_row_is_made_once(db: &Db) -> Result<()> {
    let (first, created) = User::get_or_create(ann("Ann", 30)).by(User::email).save(db).await?;
    assert!(created && first.name == "Ann");
    let (second, created) = User::get_or_create(ann("Other", 31)).by(User::email).save(db).await?;
    assert_eq!((created, &second), (false, &first));
    assert_eq!(User::query().all(db).await?, [first]);
    Ok(())
}

/// Of fifty tasks at once one makes the row, and all get it; with a row in between that is taken by its key too.
pub async fn tasks_at_once_make_one_row(db: &Db) -> Result<()> {
    for round in 0..3 {
        let email = format!("{round}@x");
        let tasks: Vec<_> = (0..50)
            .map(|n| {
                let (db, row) = (db.clone(), User::create().email(&email).name(format!("{n}")).age(n).build());
                tokio::spawn(async move { User::get_or_create(row).by(User::email).save(&db).await })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.unwrap()?);
        }
        let stored = User::filter(User::email.eq(&email)).get(db).await?;
        assert!(all.iter().all(|(row, _)| *row == stored));
        assert_eq!(all.iter().filter(|(_, created)| *created).count(), 1);
    }
    Ok(())
}

/// The same, each task in a transaction of its own.
pub async fn transactions_at_once_make_one_row(db: &Db) -> Result<()> {
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                db.transaction(async |tx| {
                    let got = User::get_or_create(ann("Ann", n)).by(User::email).save(tx).await?;
                    User::find(&got.0).update(User::views.set(User::views + 1)).exec(tx).await?;
                    Ok(got)
                })
                .await
            })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap()?.1);
    }
    assert_eq!(made, 1);
    assert_eq!(User::query().get(db).await?.views, 50);
    Ok(())
}

/// Of fifty tasks at once one makes the row, and each of the others changes it.
pub async fn updates_at_once_change_one_row(db: &Db) -> Result<()> {
    let tasks: Vec<_> = (0..50)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move {
                let row = User::update_or_create(ann("Ann", n)).by(User::email);
                row.update(User::views.set(User::views + 1)).save(&db).await
            })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap()?.1);
    }
    assert_eq!((made, User::query().get(db).await?.views), (1, 49));
    Ok(())
}

/// A row that exists takes all given values, or those that are named; the others are for a new row.
pub async fn update_or_create_changes_the_row(db: &Db) -> Result<()> {
    let (first, created) = User::update_or_create(ann("Ann", 30)).by(User::email).save(db).await?;
    assert!(created);
    let (second, created) = User::update_or_create(ann("Anna", 31)).by(User::email).save(db).await?;
    assert_eq!((created, second.id, second.name.as_str(), second.age), (false, first.id, "Anna", 31));
    let chosen = User::update_or_create(ann("Nobody", 32)).by(User::email);
    let (third, created) = chosen.update((User::age, User::views.set(User::views + 1))).save(db).await?;
    assert_eq!((created, third.name.as_str(), third.age, third.views), (false, "Anna", 32, 1));
    let (fourth, created) = User::update_or_create(ann("Anna", 32)).by(User::email).update(User::age).save(db).await?;
    assert_eq!((created, &fourth), (false, &third));
    assert_eq!(User::query().all(db).await?, [third]);
    let bob = User::create().email("bob@x").name("Bob").age(1).build();
    let (bob, created) = User::update_or_create(bob).by(User::email).update(User::views.set(7)).save(db).await?;
    assert_eq!((created, bob.views), (true, 0));
    Ok(())
}

/// Without unique columns two rows could be made, so that is refused before anything is sent.
pub async fn columns_that_are_not_unique_are_refused(db: &Db) -> Result<()> {
    let errors = [
        User::get_or_create(ann("Ann", 1)).by(User::name).save(db).await.unwrap_err(),
        User::get_or_create(ann("Ann", 1)).by((User::email, User::name)).save(db).await.unwrap_err(),
        User::update_or_create(ann("Ann", 1)).by(User::age).save(db).await.unwrap_err(),
        User::update_or_create(ann("Ann", 1)).by(User::id).update(User::age).save(db).await.unwrap_err(),
    ];
    for error in errors {
        assert!(error.kind() == ErrorKind::Configuration && error.statement().is_none(), "{error:?}");
    }
    assert_eq!(User::query().count(db).await?, 0);
    Ok(())
}

/// A row that another transaction has committed meanwhile is found, although this one has read the table before it
/// came; where transactions read what was there when they began, too, or the transaction is to run again.
pub async fn a_row_that_came_meanwhile_is_found(db: &Db) -> Result<()> {
    let is_mysql = ["mysql", "mariadb"].contains(&db.dialect().short_name());
    if db.dialect().short_name() == "sqlite" {
        // Nobody else writes during a transaction.
        let tx = db.begin().await?;
        User::get_or_create(ann("Ann", 1)).by(User::email).save(&tx).await?;
        assert!(!User::get_or_create(ann("Ann", 2)).by(User::email).save(&tx).await?.1);
        return tx.commit().await;
    }
    for repeatable in [false, true] {
        User::query().delete(db).await?;
        let conn = db.acquire().await?;
        if repeatable && is_mysql {
            sql("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").exec(&conn).await?;
        }
        let tx = conn.begin().await?;
        assert_eq!(User::query().count(&tx).await?, 0);
        let made = User::get_or_create(ann("Ann", 1)).by(User::email).save(db).await?.0;
        let got = User::get_or_create(ann("Other", 2)).by(User::email).save(&tx).await;
        tx.rollback().await?;
        if repeatable && is_mysql {
            sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED").exec(&conn).await?;
        }
        match got {
            Ok(got) => assert_eq!(got, (made, false)),
            // MariaDB does not let a transaction see what changed since its first read.
            Err(error) => assert!(repeatable && error.is_retryable(), "{error:?}"),
        }
    }
    Ok(())
}

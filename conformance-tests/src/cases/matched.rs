//! Counts are of rows that matched, whether or not their values changed: every verb, twice.

use covet::{
    backend::Db,
    error::Result,
    prelude::*,
    query::{Outcome, sql},
};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "matched_owners")]
struct Owner {
    id: i64,
    name: String,
}

/// Nothing that covet sets by itself, so that the second write changes nothing.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "matched_things", patch)]
struct Thing {
    id: i64,
    #[covet(unique, max_length = 20)]
    name: String,
    size: i32,
    note: Option<String>,
    owner: ForeignKey<Owner>,
}

async fn things(db: &Db) -> Result<(Owner, Vec<Thing>)> {
    db.drop_tables(models![Thing, Owner]).await?;
    db.create_tables(models![Thing, Owner]).await?;
    let owner = Owner::create().name("Ann").save(db).await?;
    let mut things = Vec::new();
    for name in ["a", "b", "c"] {
        things.push(Thing::create().name(name).size(1).owner(&owner).save(db).await?);
    }
    Ok((owner, things))
}

/// A row in hand is found though it is saved as it is, whole and in part.
pub async fn rows_in_hand_are_found(db: &Db) -> Result<()> {
    let (_, mut things) = things(db).await?;
    let thing = &mut things[0];
    for _ in 0..2 {
        thing.save(db).await?;
        thing.save_only((Thing::size, Thing::note), db).await?;
    }
    thing.size = 5;
    for _ in 0..2 {
        thing.save(db).await?;
        thing.save_only(Thing::size, db).await?;
    }
    let mut gone = thing.clone();
    assert_eq!(things[0].clone().delete(db).await?.of::<Thing>(), 1);
    assert!(gone.save(db).await.is_err_and(|error| error.is_not_found()));
    assert!(gone.save_only(Thing::size, db).await.is_err_and(|error| error.is_not_found()));
    assert!(gone.delete(db).await.is_err_and(|error| error.is_not_found()));
    Ok(())
}

/// Updates, patches and updates through a relation, of a slice, and in SQL of the user's own.
pub async fn updates_count_them(db: &Db) -> Result<()> {
    let (owner, things) = things(db).await?;
    for _ in 0..2 {
        assert_eq!(Thing::filter(Thing::name.ne("c")).update(Thing::size.set(7)).exec(db).await?, 2);
        let patch = ThingPatch { size: Some(7), note: Some(None), ..ThingPatch::default() };
        assert_eq!(Thing::find(&things[0]).patch(patch).exec(db).await?, 1);
        let owned = Thing::filter(Thing::owner.name.eq("Ann"));
        assert_eq!(owned.clone().update(Thing::note.set("x")).exec(db).await?, 3);
        assert_eq!(owned.order_by(Thing::id.asc()).limit(2).update(Thing::note.set("x")).exec(db).await?, 2);
        assert_eq!(Thing::query().update(Thing::owner_id.set(&owner)).returning(db).await?.len(), 3);
        assert_eq!(sql("UPDATE matched_things SET size = 7 WHERE name <> ?").bind("c").exec(db).await?, 2);
        assert_eq!(Thing::filter(Thing::name.eq("nobody")).update(Thing::size.set(7)).exec(db).await?, 0);
    }
    Ok(())
}

/// Upserts tell a row that is as it was from one that is new, one by one and in bulk.
pub async fn upserts_find_them(db: &Db) -> Result<()> {
    let (owner, things) = things(db).await?;
    let row = |size: i32| Thing::create().name("a").size(size).owner(&owner).build();
    for outcome in [Outcome::Updated, Outcome::Unchanged] {
        let saved = row(9).on_conflict(Thing::name).update(Thing::size).save(db).await?;
        assert_eq!(saved, (Thing { size: 9, ..things[0].clone() }, outcome));
    }
    for _ in 0..2 {
        let (saved, created) = Thing::update_or_create(row(4)).by(Thing::name).save(db).await?;
        assert_eq!((saved.id, saved.size, created), (things[0].id, 4, false));
        assert!(!Thing::get_or_create(row(8)).by(Thing::name).save(db).await?.1);
        let bulk = Thing::bulk_create([row(4), Thing::create().name("b").size(4).owner(&owner).build()]);
        assert_eq!(bulk.update_conflicts(Thing::name, Thing::size).exec(db).await?, 2);
        assert_eq!(Thing::bulk_create([row(4)]).ignore_conflicts().exec(db).await?, 0);
    }
    let all = Thing::query().all(db).await?;
    for _ in 0..2 {
        assert_eq!(Thing::bulk_update(&all, (Thing::size, Thing::note)).exec(db).await?, 3);
    }
    Ok(())
}

/// A delete counts what it removed, and nothing the second time.
pub async fn deletes_count_them(db: &Db) -> Result<()> {
    let (_, things) = things(db).await?;
    assert_eq!(Thing::filter(Thing::name.in_(["a", "b", "x"])).limit(1).delete(db).await?, 1);
    assert_eq!(Thing::filter(Thing::owner.name.eq("Ann") & Thing::name.ne("c")).delete(db).await?, 1);
    for count in [1, 0] {
        assert_eq!(Thing::find(&things[2]).delete(db).await?, count);
    }
    assert_eq!(sql("DELETE FROM matched_owners").exec(db).await?, 1);
    assert_eq!(Owner::query().delete_returning(db).await?.len(), 0);
    Ok(())
}

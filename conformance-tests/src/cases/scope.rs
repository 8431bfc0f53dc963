//! Scopes: soft deletion, tenants, a model's own condition; on every path that reads or changes rows.

use chrono::{DateTime, Utc};
use covet::{
    backend::Db,
    error::{ErrorKind, Result},
    prelude::*,
};
use covet_macros::{Embed, Model};

/// A part that many models may share.
#[derive(Embed, Clone, Debug, PartialEq)]
struct Bin {
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_authors")]
struct Author {
    id: i64,
    #[covet(unique, max_length = 50)]
    name: String,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_posts", order_by(title))]
struct Post {
    id: i64,
    title: String,
    author: ForeignKey<Author>,
    #[covet(flatten)]
    bin: Bin,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_comments", scope = approved)]
struct Comment {
    id: i64,
    text: String,
    #[covet(default = true)]
    approved: bool,
    post: ForeignKey<Post>,
}

fn approved() -> Predicate<Comment> {
    Comment::approved.eq(true) | Comment::text.eq("pinned")
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_reactions")]
struct Reaction {
    id: i64,
    comment: ForeignKey<Comment>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_accounts")]
struct Account {
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_projects", order_by(name))]
struct Project {
    id: i64,
    #[covet(tenant)]
    account: ForeignKey<Account>,
    name: String,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_tasks")]
struct Task {
    id: i64,
    name: String,
    project: ForeignKey<Project>,
}

async fn blog(db: &Db) -> Result<(Author, Author)> {
    db.drop_tables(models![Author, Post, Comment, Reaction]).await?;
    db.create_tables(models![Author, Post, Comment, Reaction]).await?;
    let ann = Author::create().name("Ann").save(db).await?;
    let bob = Author::create().name("Bob").save(db).await?;
    for (title, author) in [("a", &ann), ("b", &ann), ("c", &bob), ("d", &bob)] {
        Post::create().title(title).author(author).save(db).await?;
    }
    Ok((ann, bob))
}

fn titles(posts: &[Post]) -> Vec<&str> {
    posts.iter().map(|post| post.title.as_str()).collect()
}

/// A deleted row stays in its table, and no query sees it.
pub async fn deleted_rows_are_not_seen(db: &Db) -> Result<()> {
    let (ann, bob) = blog(db).await?;
    let before = Utc::now() - chrono::TimeDelta::seconds(5);
    assert_eq!(Author::find(&ann).delete(db).await?, 1);
    assert_eq!(Author::query().get(db).await?, bob);
    assert_eq!(Author::query().count(db).await?, 1);
    assert!(!Author::filter(Author::name.eq("Ann")).exists(db).await?);
    assert_eq!(Author::query().first(db).await?.map(|author| author.id), Some(bob.id));
    assert!(Author::find(&ann).get(db).await.is_err_and(|error| error.is_not_found()));
    assert_eq!(Author::query().limit(5).count(db).await?, 1);
    let mut stream = Author::query().stream(db);
    assert_eq!(stream.next().await.transpose()?.map(|author| author.id), Some(bob.id));
    assert!(stream.next().await.is_none());
    drop(stream);
    let all = Author::query().with_deleted().order_by(Author::id.asc()).all(db).await?;
    assert_eq!(all.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob"]);
    assert!(all[0].deleted_at.is_some_and(|at| at > before));
    assert_eq!(Author::unscoped().count(db).await?, 2);
    assert_eq!(Author::unscoped().filter(Author::deleted_at.is_not_null()).count(db).await?, 1);
    Ok(())
}

/// Updates and deletes see what queries see; a row deletes once.
pub async fn deleted_rows_are_not_changed(db: &Db) -> Result<()> {
    let (ann, _) = blog(db).await?;
    assert_eq!(Author::find(&ann).delete(db).await?, 1);
    assert_eq!(Author::find(&ann).delete(db).await?, 0);
    assert_eq!(Author::find(&ann).update(Author::name.set("x")).exec(db).await?, 0);
    assert_eq!(Author::query().update(Author::name.set("Robert")).exec(db).await?, 1);
    assert_eq!(Author::find(&ann).unscoped().get(db).await?.name, "Ann");
    let back = Author::find(&ann).with_deleted().update(Author::deleted_at.set(None));
    assert_eq!(back.exec(db).await?, 1);
    assert_eq!(Author::find(&ann).get(db).await?, ann);
    assert_eq!(Post::query().limit(3).delete(db).await?, 3);
    assert_eq!(titles(&Post::query().all(db).await?), ["d"]);
    assert_eq!(Post::unscoped().filter(Post::bin.deleted_at.is_null()).count(db).await?, 1);
    Ok(())
}

/// Rows are removed by `hard_delete` and by deletes without scopes.
pub async fn rows_are_removed_on_request(db: &Db) -> Result<()> {
    let (ann, _) = blog(db).await?;
    assert_eq!(Post::filter(Post::title.eq("a")).delete(db).await?, 1);
    assert_eq!(Post::filter(Post::title.eq("a")).hard_delete(db).await?, 0);
    assert_eq!(Post::filter(Post::title.eq("b")).hard_delete(db).await?, 1);
    assert_eq!(Post::unscoped().count(db).await?, 3);
    assert_eq!(Post::query().with_deleted().filter(Post::title.eq("a")).hard_delete(db).await?, 1);
    assert_eq!(Post::unscoped().filter(Post::title.eq("c")).delete(db).await?, 1);
    assert_eq!(Post::unscoped().count(db).await?, 1);
    assert_eq!(Author::find(&ann).unscoped().delete(db).await?, 1);
    assert_eq!(Author::unscoped().count(db).await?, 1);
    Ok(())
}

/// The values of unique columns stay taken while the row is in the table.
pub async fn deleted_rows_keep_their_unique_values(db: &Db) -> Result<()> {
    let (ann, _) = blog(db).await?;
    Author::find(&ann).delete(db).await?;
    let again = Author::create().name("Ann").save(db).await.unwrap_err();
    assert!(again.is_unique_violation(), "{again:?}");
    Post::unscoped().filter(Post::author_id.eq(&ann)).delete(db).await?;
    assert_eq!(Author::find(&ann).with_deleted().hard_delete(db).await?, 1);
    Author::create().name("Ann").save(db).await?;
    Ok(())
}

/// What a relation leads to is absent when its scope hides it: its columns are NULL, and the row that refers to
/// it stays.
pub async fn hidden_rows_are_absent_behind_relations(db: &Db) -> Result<()> {
    let (ann, _) = blog(db).await?;
    Author::find(&ann).delete(db).await?;
    assert_eq!(Post::query().count(db).await?, 4);
    assert_eq!(Post::filter(Post::author.name.eq("Ann")).count(db).await?, 0);
    assert_eq!(titles(&Post::exclude(Post::author.name.eq("Ann")).all(db).await?), ["a", "b", "c", "d"]);
    assert_eq!(titles(&Post::exclude(Post::author.name.eq("Bob")).all(db).await?), ["a", "b"]);
    assert_eq!(titles(&Post::filter(!Post::author.is(Author::name.eq("Bob"))).all(db).await?), ["a", "b"]);
    assert_eq!(titles(&Post::filter(Post::author.name.is_null()).all(db).await?), ["a", "b"]);
    assert_eq!(titles(&Post::filter(Post::author.id.is_null()).all(db).await?), ["a", "b"]);
    assert_eq!(titles(&Post::filter(Post::author_id.eq(&ann)).all(db).await?), ["a", "b"]);
    let by_author = Post::query().order_by((Post::author.name.desc(), Post::title.desc())).all(db).await?;
    assert_eq!(titles(&by_author), ["d", "c", "b", "a"]);
    let seen = |query: Query<Post>| query.filter(Post::author.name.eq("Ann"));
    assert_eq!(titles(&seen(Post::query().with_deleted()).all(db).await?), ["a", "b"]);
    assert_eq!(titles(&seen(Post::unscoped()).all(db).await?), ["a", "b"]);
    // Updates and deletes through the relation see the same rows.
    let bobs = Post::filter(Post::author.name.is_not_null());
    assert_eq!(bobs.update(Post::title.set("bob's")).exec(db).await?, 2);
    assert_eq!(Post::filter(Post::author.name.is_null()).delete(db).await?, 2);
    assert_eq!(titles(&Post::query().all(db).await?), ["bob's", "bob's"]);
    Ok(())
}

/// A model's own scope is a condition on all its queries and joins.
pub async fn own_scope_holds_everywhere(db: &Db) -> Result<()> {
    blog(db).await?;
    let post = Post::query().limit(1).get(db).await?;
    for (text, approved) in [("good", true), ("bad", false), ("pinned", false)] {
        let comment = Comment::create().text(text).approved(approved).post(&post).save(db).await?;
        Reaction::create().comment(&comment).save(db).await?;
    }
    let texts = |comments: Vec<Comment>| comments.into_iter().map(|comment| comment.text).collect::<Vec<_>>();
    let ordered = Comment::query().order_by(Comment::text.asc());
    assert_eq!(texts(ordered.clone().all(db).await?), ["good", "pinned"]);
    assert_eq!(texts(ordered.unscoped().all(db).await?), ["bad", "good", "pinned"]);
    assert_eq!(Comment::filter(Comment::text.eq("bad")).count(db).await?, 0);
    assert_eq!(Reaction::query().count(db).await?, 3);
    assert_eq!(Reaction::filter(Reaction::comment.text.is_null()).count(db).await?, 1);
    // The post is absent too, behind the comment that is.
    assert_eq!(Reaction::filter(Reaction::comment.post.title.eq("a")).count(db).await?, 2);
    assert_eq!(Reaction::exclude(Reaction::comment.post.title.eq("a")).count(db).await?, 1);
    assert_eq!(Post::find(&post).delete(db).await?, 1);
    assert_eq!(Reaction::filter(Reaction::comment.post.title.eq("a")).count(db).await?, 0);
    assert_eq!(Reaction::filter(Reaction::comment.text.eq("good")).count(db).await?, 1);
    assert_eq!(Comment::filter(Comment::text.ne("x")).update(Comment::text.set("pinned")).exec(db).await?, 2);
    assert_eq!(Comment::query().delete(db).await.map_err(|error| error.kind()), Err(ErrorKind::ForeignKeyViolation));
    Reaction::query().delete(db).await?;
    assert_eq!(Comment::query().delete(db).await?, 2);
    assert_eq!(Comment::unscoped().get(db).await?.text, "bad");
    Ok(())
}

struct Shop {
    one: Account,
    first: Db,
    second: Db,
}

async fn accounts(db: &Db) -> Result<Shop> {
    db.drop_tables(models![Account, Project, Task]).await?;
    db.create_tables(models![Account, Project, Task]).await?;
    let one = Account::create().name("one").save(db).await?;
    let two = Account::create().name("two").save(db).await?;
    let first = db.with_tenant(ForeignKey::from(&one));
    let second = db.with_tenant(ForeignKey::from(&two));
    for name in ["a", "b"] {
        Project::create().name(name).save(&first).await?;
    }
    Project::bulk_create([Project::create().name("c").build()]).exec(&second).await?;
    Ok(Shop { one, first, second })
}

fn names(projects: &[Project]) -> Vec<&str> {
    projects.iter().map(|project| project.name.as_str()).collect()
}

/// Each tenant sees and changes its own rows only, in transactions too.
pub async fn tenants_see_their_own_rows(db: &Db) -> Result<()> {
    let Shop { one, first, second } = accounts(db).await?;
    assert_eq!(names(&Project::query().all(&first).await?), ["a", "b"]);
    assert_eq!(names(&Project::query().all(&second).await?), ["c"]);
    assert!(Project::query().all(&first).await?.iter().all(|project| project.account == ForeignKey::from(&one)));
    let theirs = Project::query().get(&second).await?;
    assert!(Project::find(&theirs).get(&first).await.is_err_and(|error| error.is_not_found()));
    assert_eq!(Project::find(&theirs).update(Project::name.set("x")).exec(&first).await?, 0);
    assert_eq!(Project::query().count(&first).await?, 2);
    let seen = first.transaction(async |tx| Project::query().update(Project::name.set("mine")).exec(tx).await);
    assert_eq!(seen.await?, 2);
    let held = second.acquire().await?;
    assert_eq!(names(&Project::query().all(&held).await?), ["c"]);
    drop(held);
    assert_eq!(Project::query().delete(&first).await?, 2);
    assert_eq!(Project::query().count(&first).await?, 0);
    assert_eq!(Project::query().with_deleted().count(&first).await?, 2);
    assert_eq!(Project::unscoped().count(db).await?, 3);
    assert_eq!(Project::query().with_deleted().hard_delete(&first).await?, 2);
    assert_eq!(Project::unscoped().get(db).await?, theirs);
    Ok(())
}

/// Without a tenant nothing is read or written, and the error says so.
pub async fn missing_tenant_is_refused(db: &Db) -> Result<()> {
    let Shop { one, .. } = accounts(db).await?;
    let tenant = |error: covet::error::Error| error.kind();
    let missing = Project::query().all(db).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::Tenant);
    assert!(missing.to_string().contains("with_tenant"), "{missing}");
    assert_eq!(Project::query().count(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::find(1).get(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::query().delete(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::query().hard_delete(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    let update = Project::query().update(Project::name.set("x")).exec(db).await;
    assert_eq!(update.map_err(tenant), Err(ErrorKind::Tenant));
    let new = || Project::create().name("x").account(&one);
    assert_eq!(new().save(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::bulk_create([new().build()]).exec(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Task::filter(Task::project.name.eq("a")).count(db).await.map_err(tenant), Err(ErrorKind::Tenant));
    let wrong = db.with_tenant("one".to_owned());
    assert_eq!(Project::query().count(&wrong).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::unscoped().count(db).await?, 3);
    Ok(())
}

/// A row is not given to another tenant, neither a new one nor by an update.
pub async fn other_tenants_are_refused(db: &Db) -> Result<()> {
    let Shop { one, first, second } = accounts(db).await?;
    let tenant = |error: covet::error::Error| error.kind();
    let new = || Project::create().name("x").account(&one);
    assert_eq!(new().save(&second).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(Project::bulk_create([new().build()]).exec(&second).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(new().save(&first).await?.account, ForeignKey::from(&one));
    let give = |name: &'static str| Project::query().update((Project::name.set(name), Project::account_id.set(&one)));
    assert_eq!(give("y").exec(&second).await.map_err(tenant), Err(ErrorKind::Tenant));
    assert_eq!(give("y").exec(&first).await?, 3);
    let computed = Project::query().update(Project::account_id.set(Project::account_id));
    assert_eq!(computed.exec(&first).await.map_err(tenant), Err(ErrorKind::Tenant));
    let moved = Project::unscoped().filter(Project::name.eq("c")).update(Project::account_id.set(&one));
    assert_eq!(moved.exec(db).await?, 1);
    assert_eq!(Project::query().count(&second).await?, 0);
    Ok(())
}

/// Joins reach rows of the tenant only.
pub async fn tenants_hold_behind_relations(db: &Db) -> Result<()> {
    let Shop { first, second, .. } = accounts(db).await?;
    for project in Project::unscoped().all(db).await? {
        Task::create().name(project.name.clone()).project(&project).save(db).await?;
    }
    let named = |query: Query<Task>| query.filter(Task::project.name.ne("x")).order_by(Task::name.asc());
    assert_eq!(named(Task::query()).all(&first).await?.len(), 2);
    assert_eq!(named(Task::query()).get(&second).await?.name, "c");
    assert_eq!(named(Task::unscoped()).count(db).await?, 3);
    // Values stand before, inside and behind the join.
    let both = Task::filter(Task::name.in_(["a", "b", "c"]) & Task::project.name.ne("b")).limit(9);
    assert_eq!(both.clone().all(&first).await?.len(), 1);
    assert_eq!(both.update(Task::name.set("z")).exec(&first).await?, 1);
    assert_eq!(Task::filter(Task::name.eq("z")).count(db).await?, 1);
    // A project that was deleted is absent, and so is that of another tenant.
    assert_eq!(Task::filter(Task::project.name.is_null()).get(&first).await?.name, "c");
    Project::filter(Project::name.eq("b")).delete(&first).await?;
    assert_eq!(Task::filter(Task::project.name.is_null()).count(&first).await?, 2);
    Ok(())
}

/// An upsert changes the rows that queries see; one that a scope hides is a violation.
pub async fn upserts_reach_seen_rows_only(db: &Db) -> Result<()> {
    let (ann, _) = blog(db).await?;
    let new = |name: &str| Author::create().name(name).build();
    let (row, created) = Author::get_or_create(new("Ann")).by(Author::name).save(db).await?;
    assert_eq!((row, created), (ann.clone(), false));
    Author::find(&ann).delete(db).await?;
    let hidden = Author::get_or_create(new("Ann")).by(Author::name).save(db).await.unwrap_err();
    assert!(hidden.is_unique_violation() && hidden.to_string().contains("with_deleted"), "{hidden}");
    let hidden = new("Ann").on_conflict(Author::name).ignore().save(db).await.unwrap_err();
    assert_eq!(hidden.columns(), ["name"]);
    let hidden = new("Ann").on_conflict(Author::name).update(Author::deleted_at.set(None)).save(db).await;
    assert!(hidden.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(Author::find(&ann).with_deleted().filter(Author::deleted_at.is_null()).count(db).await?, 0);
    let (eve, created) = Author::update_or_create(new("Eve")).by(Author::name).save(db).await?;
    assert_eq!((eve.name.as_str(), created), ("Eve", true));
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_settings")]
struct Setting {
    id: i64,
    #[covet(tenant)]
    account: i64,
    #[covet(unique, max_length = 40)]
    name: String,
    value: i32,
}

/// Upserts give new rows the tenant, and leave the rows of others alone.
pub async fn upserts_stay_with_their_tenant(db: &Db) -> Result<()> {
    db.drop_tables(models![Setting]).await?;
    db.create_tables(models![Setting]).await?;
    let (first, second) = (db.with_tenant(1_i64), db.with_tenant(2_i64));
    let put = |value: i32| {
        Setting::create().name("size").value(value).build().on_conflict(Setting::name).update(Setting::value.set(value))
    };
    assert_eq!(put(1).save(&first).await?.0.account, 1);
    assert_eq!(put(2).save(&first).await?.0.value, 2);
    assert!(put(3).save(&second).await.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(put(3).save(db).await.map_err(|error| error.kind()).map(drop), Err(ErrorKind::Tenant));
    assert_eq!(Setting::unscoped().get(db).await?.value, 2);
    Ok(())
}

/// Rows in hand are deleted softly, and are not saved, read again or deleted once they are hidden.
pub async fn rows_in_hand_keep_to_the_scopes(db: &Db) -> Result<()> {
    let (mut ann, _) = blog(db).await?;
    assert_eq!(ann.clone().delete(db).await?.total(), 1);
    assert!(Author::find(&ann).with_deleted().get(db).await?.deleted_at.is_some());
    assert!(ann.save(db).await.is_err_and(|error| error.is_not_found()));
    assert!(ann.refresh(db).await.is_err_and(|error| error.is_not_found()));
    assert!(ann.delete(db).await.is_err_and(|error| error.is_not_found()));
    let Shop { first, second, .. } = accounts(db).await?;
    let mut project = Project::query().limit(1).get(&first).await?;
    project.name = "renamed".to_owned();
    project.save(&first).await?;
    assert_eq!(project.save(&second).await.map_err(|error| error.kind()), Err(ErrorKind::Tenant));
    assert_eq!(project.save(db).await.map_err(|error| error.kind()), Err(ErrorKind::Tenant));
    assert!(project.refresh(&second).await.is_err_and(|error| error.is_not_found()));
    assert!(project.clone().delete(&second).await.is_err_and(|error| error.is_not_found()));
    assert_eq!(Project::find(&project).get(&first).await?, project);
    Ok(())
}

/// Bulk upserts keep to the tenant and to the rows that queries see.
pub async fn bulk_upserts_keep_to_the_scopes(db: &Db) -> Result<()> {
    db.drop_tables(models![Setting]).await?;
    db.create_tables(models![Setting]).await?;
    let (first, second) = (db.with_tenant(1_i64), db.with_tenant(2_i64));
    let rows = |value: i32| ["a", "b"].map(|name| Setting::create().name(name).value(value).build());
    assert_eq!(Setting::bulk_create(rows(1)).returning(&first).await?[1].account, 1);
    let put = |value: i32| Setting::bulk_create(rows(value)).update_conflicts(Setting::name, Setting::value);
    assert_eq!(put(2).exec(&first).await?, 2);
    assert!(put(3).exec(&second).await.is_err_and(|error| error.is_unique_violation()));
    assert_eq!(put(3).exec(db).await.map_err(|error| error.kind()), Err(ErrorKind::Tenant));
    assert_eq!(Setting::bulk_create(rows(4)).ignore_conflicts().exec(&second).await?, 0);
    assert_eq!(Setting::filter(Setting::value.eq(2)).count(&first).await?, 2);
    Ok(())
}

/// Rows that a delete marks come back as they were; those that queries do not see are left alone.
pub async fn marked_rows_come_back(db: &Db) -> Result<()> {
    let (ann, bob) = blog(db).await?;
    assert_eq!(Author::find(&ann).delete_returning(db).await?, std::slice::from_ref(&ann));
    assert_eq!(Author::query().all(db).await?, std::slice::from_ref(&bob));
    assert!(Author::find(&ann).with_deleted().get(db).await?.deleted_at.is_some());
    assert!(Author::find(&ann).delete_returning(db).await?.is_empty());
    assert_eq!(Author::query().delete_returning(db).await?, [bob]);
    assert_eq!(Author::query().with_deleted().count(db).await?, 2);
    let Shop { first, second, .. } = accounts(db).await?;
    let gone = Project::filter(Project::name.ne("x")).delete_returning(&first).await?;
    assert_eq!(gone.iter().map(|project| project.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((Project::query().count(&first).await?, Project::query().count(&second).await?), (0, 1));
    assert_eq!(Project::unscoped().filter(Project::name.eq("c")).delete_returning(db).await?.len(), 1);
    assert_eq!(Project::unscoped().count(db).await?, 2);
    Ok(())
}

/// Many rows in hand keep to the scopes, in one statement: what a scope hides is not changed and not counted.
pub async fn bulk_updates_keep_to_the_scopes(db: &Db) -> Result<()> {
    let (ann, bob) = blog(db).await?;
    Author::find(&ann).delete(db).await?;
    let renamed: Vec<_> =
        [&ann, &bob].map(|author| Author { name: format!("{} 2", author.name), ..author.clone() }).into();
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let heard = std::sync::Arc::clone(&told);
    let update = Author::bulk_update(&renamed, Author::name);
    let update = update.progress(move |done, total| heard.lock().unwrap().push((done, total)));
    assert_eq!(update.exec(db).await?, 1);
    assert_eq!(*told.lock().unwrap(), [(2, 2)]);
    let names = Author::unscoped().order_by(Author::id.asc()).all(db).await?;
    assert_eq!(names.iter().map(|author| author.name.as_str()).collect::<Vec<_>>(), ["Ann", "Bob 2"]);
    // An own scope of several terms.
    let post = Post::query().limit(1).get(db).await?;
    let mut comments = Vec::new();
    for (text, approved) in [("seen", true), ("pinned", false), ("hidden", false)] {
        comments.push(Comment::create().text(text).approved(approved).post(&post).save(db).await?);
    }
    comments.iter_mut().for_each(|comment| comment.text = "pinned".to_owned());
    assert_eq!(Comment::bulk_update(&comments, Comment::text).exec(db).await?, 2);
    assert_eq!(Comment::unscoped().filter(Comment::text.eq("hidden")).count(db).await?, 1);
    // Rows of other tenants, and rows that are given to them.
    let Shop { one, first, second } = accounts(db).await?;
    let two = Account::filter(Account::name.eq("two")).get(db).await?;
    let mut all = Project::unscoped().all(db).await?;
    all.iter_mut().for_each(|project| project.name = format!("{}!", project.name));
    assert_eq!(Project::bulk_update(&all, Project::name).exec(&first).await?, 2);
    assert_eq!(Project::query().get(&second).await?.name, "c");
    let own = Project::query().all(&first).await?;
    assert_eq!(Project::bulk_update(&own, (Project::name, Project::account_id)).exec(&first).await?, 2);
    let given: Vec<_> = own.iter().map(|row| Project { account: ForeignKey::from(&two), ..row.clone() }).collect();
    let error = Project::bulk_update(&given, Project::account_id).exec(&first).await;
    assert_eq!(error.map_err(|error| error.kind()), Err(ErrorKind::Tenant));
    let error = Project::bulk_update(&own, Project::name).exec(db).await;
    assert_eq!(error.map_err(|error| error.kind()), Err(ErrorKind::Tenant));
    assert_eq!(Project::unscoped().filter(Project::account_id.eq(&one)).count(db).await?, 2);
    Ok(())
}

/// The scope of a model whose rows belong to tenants by a decimal, which a database may store in another form.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "scope_prices")]
struct Price {
    id: i64,
    #[covet(tenant, decimal(6, 2))]
    owner: rust_decimal::Decimal,
    #[covet(decimal(6, 2))]
    amount: rust_decimal::Decimal,
    size: i32,
}

/// Values in rows and those of the scope are stored each in its own form.
pub async fn bulk_updates_store_every_value(db: &Db) -> Result<()> {
    db.drop_tables(models![Price]).await?;
    db.create_tables(models![Price]).await?;
    let number = |units: i64| rust_decimal::Decimal::new(units, 2);
    let db = db.with_tenant(number(150));
    let rows: Vec<_> = (0..3).map(|size| Price::create().amount(number(25)).size(size).build()).collect();
    let mut rows = Price::bulk_create(rows).returning(&db).await?;
    for row in &mut rows {
        (row.amount, row.size) = (number(75 + i64::from(row.size)), row.size + 10);
    }
    assert_eq!(Price::bulk_update(&rows, (Price::amount, Price::size)).exec(&db).await?, 3);
    assert_eq!(Price::query().order_by(Price::id.asc()).all(&db).await?, rows);
    Ok(())
}

//! `on_delete`: what becomes of rows that refer to a deleted one.

use covet::{
    backend::{Db, Executor as _},
    error::{ErrorKind, Result},
    prelude::*,
    schema::TableDef,
};
use covet_macros::Model;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "del_users",
    has_many(posts: Post.author, reviews: Post.reviewer, tasks: Task.by, owned: Task.owner, notes: Note.by),
    many_to_many(tags: Tag, table = "del_user_tags"),
)]
struct User {
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_tags")]
struct Tag {
    id: i64,
    label: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_posts", has_many(comments: Comment.post))]
struct Post {
    id: i64,
    title: String,
    #[covet(on_delete = cascade)]
    author: ForeignKey<User>,
    #[covet(on_delete = set_null)]
    reviewer: Option<ForeignKey<User>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_comments")]
struct Comment {
    id: i64,
    #[covet(on_delete = cascade)]
    post: Option<ForeignKey<Post>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_tasks")]
struct Task {
    id: i64,
    #[covet(on_delete = set_default, default = 1)]
    by: ForeignKey<User>,
    #[covet(on_delete = set_default, db_default = 2)]
    owner: ForeignKey<User>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_notes")]
struct Note {
    id: i64,
    #[covet(on_delete = protect)]
    by: Option<ForeignKey<User>>,
}

/// A model that no other one declares.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_visits")]
struct Visit {
    id: i64,
    #[covet(on_delete = cascade)]
    by: ForeignKey<User>,
}

fn tables() -> [&'static TableDef; 7] {
    models![User, Tag, Post, Comment, Task, Note, Visit]
}

/// Ann, Bob and Eve with the keys 1, 2 and 3. Ann has two posts with two comments each, which Bob reviews, Bob has one,
/// and one comment belongs to no post.
async fn users(db: &Db) -> Result<[User; 3]> {
    db.drop_tables(tables()).await?;
    db.create_tables(tables()).await?;
    let ann = User::create().name("Ann").save(db).await?;
    let bob = User::create().name("Bob").save(db).await?;
    let eve = User::create().name("Eve").save(db).await?;
    for (title, author) in [("a", &ann), ("b", &ann), ("c", &bob)] {
        let post = Post::create().title(title).author(author).reviewer(&bob).save(db).await?;
        Comment::create().post(&post).save(db).await?;
        Comment::create().post(&post).save(db).await?;
    }
    Comment::create().save(db).await?;
    Ok([ann, bob, eve])
}

/// What a delete says, by model.
fn counts(deleted: &covet::query::Deleted) -> Vec<(&'static str, u64)> {
    deleted.counts().collect()
}

/// Rows that refer to a deleted row go with it, to any depth, and are counted by model.
pub async fn cascades_are_counted_by_model(db: &Db) -> Result<()> {
    let [ann, bob, _] = users(db).await?;
    let tag = Tag::create().label("x").save(db).await?;
    User::tags.of(&ann).add([&tag]).exec(db).await?;
    let deleted = ann.delete(db).await?;
    assert_eq!(counts(&deleted), [("User", 1), ("Post", 2), ("User.tags", 1), ("Comment", 4)]);
    assert_eq!((deleted.total(), deleted.of::<Post>(), deleted.of::<Tag>()), (8, 2, 0));
    assert_eq!(deleted.to_string(), "8");
    assert_eq!(format!("{deleted:?}"), r#"{"User": 1, "Post": 2, "User.tags": 1, "Comment": 4}"#);
    assert_eq!(deleted, 8);
    assert_eq!((Post::query().count(db).await?, Comment::query().count(db).await?), (1, 3));
    assert_eq!(User::find(99).delete(db).await?, 0);
    // Behind a path, where not every database can lock rows; and a slice.
    assert_eq!(Post::filter(Post::reviewer.name.eq("Bob")).delete(db).await?, 3);
    let [ann, ..] = users(db).await?;
    let slice = Post::filter(Post::author_id.eq(&ann)).order_by(Post::title.desc()).limit(1);
    assert_eq!(slice.delete(db).await?, 3);
    assert!(Post::filter(Post::title.eq("b")).first(db).await?.is_none());
    assert_eq!(User::posts.of(&bob).query().delete(db).await?.of::<Comment>(), 2);
    assert_eq!(Comment::query().count(db).await?, 3);
    Ok(())
}

/// Rows that come back are deleted as others are.
pub async fn returned_rows_cascade(db: &Db) -> Result<()> {
    let [ann, ..] = users(db).await?;
    let note = Note::create().by(&ann).save(db).await?;
    let refused = User::filter(User::name.eq("Ann")).delete_returning(db).await;
    assert!(refused.is_err_and(|error| error.is_protected()));
    note.delete(db).await?;
    assert_eq!(User::filter(User::name.eq("Ann")).delete_returning(db).await?, [ann]);
    assert_eq!(Comment::query().count(db).await?, 3);
    Ok(())
}

/// `set_null` and `set_default` leave rows where they are, on every engine.
pub async fn rows_refer_to_nothing_or_to_their_default(db: &Db) -> Result<()> {
    let [_, bob, eve] = users(db).await?;
    let post = Post::create().title("d").author(&bob).reviewer(&eve).save(db).await?;
    let task = Task::create().by(&eve).owner(&eve).save(db).await?;
    assert_eq!(counts(&User::find(&eve).delete(db).await?), [("User", 1)]);
    assert_eq!(Post::find(&post).get(db).await?.reviewer, None);
    let task = Task::find(&task).get(db).await?;
    assert_eq!((*task.by.key(), *task.owner.key()), (1, 2));
    // What the row refers to by default goes itself.
    let gone = User::find(1).delete(db).await.expect_err("the task has no other default");
    assert_eq!(gone.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!(User::query().count(db).await?, 2);
    Ok(())
}

/// `protect` refuses the delete and says which rows stand in the way; nothing has changed.
pub async fn protected_rows_are_named(db: &Db) -> Result<()> {
    let [ann, bob, eve] = users(db).await?;
    for _ in 0..7 {
        Note::create().by(&eve).save(db).await?;
    }
    Note::create().by(&ann).save(db).await?;
    Note::create().save(db).await?;
    let error = eve.clone().delete(db).await.expect_err("seven notes");
    assert!(error.is_protected() && error.kind() == ErrorKind::Protected);
    assert!(error.to_string().contains("7 `Note` refer to it by `by`"), "{error}");
    let blocking = error.blocking();
    assert_eq!((blocking.len(), blocking[0].model, blocking[0].rows), (1, "Note", 7));
    assert_eq!(blocking[0].keys, ["1", "2", "3", "4", "5"]);
    let both = User::query().delete(db).await.expect_err("all notes");
    assert_eq!(both.blocking()[0].rows, 8);
    assert_eq!((User::query().count(db).await?, Post::query().count(db).await?), (3, 3));
    // In a transaction that goes on.
    let tx = db.begin().await?;
    assert!(User::find(&eve).delete(&tx).await.is_err_and(|error| error.is_protected()));
    assert_eq!(bob.delete(&tx).await?, 4);
    tx.commit().await?;
    assert_eq!(User::query().count(db).await?, 2);
    Ok(())
}

/// What the database refuses half-way takes back what was done.
pub async fn a_refused_delete_changes_nothing(db: &Db) -> Result<()> {
    let [ann, ..] = users(db).await?;
    Task::create().by(&ann).owner(&ann).save(db).await?;
    // The task is given to Ann, who goes: nothing of what was done before holds.
    let error = User::query().delete(db).await.expect_err("the default goes too");
    assert_eq!(error.kind(), ErrorKind::ForeignKeyViolation);
    assert_eq!((User::query().count(db).await?, Comment::query().count(db).await?), (3, 7));
    assert_eq!(Post::filter(Post::reviewer_id.is_null()).count(db).await?, 0);
    Ok(())
}

/// What nobody declares is found among the models that the handle knows, and left to the database otherwise.
pub async fn unknown_models_are_left_to_the_database(db: &Db) -> Result<()> {
    let [_, bob, eve] = users(db).await?;
    for user in [&bob, &eve] {
        Visit::create().by(user).save(db).await?;
    }
    assert_eq!(counts(&eve.delete(&db.with_models(tables())).await?), [("User", 1), ("Visit", 1)]);
    assert_eq!(Visit::query().count(db).await?, 1);
    bob.delete(db).await?;
    assert_eq!(Visit::query().count(db).await?, 0);
    Ok(())
}

/// Any number of rows goes.
pub async fn many_rows_cascade(db: &Db) -> Result<()> {
    let [ann, _, eve] = users(db).await?;
    Post::bulk_create((0..2_500).map(|at| Post::create().title(format!("{at}")).author(&eve).reviewer(&ann).build()))
        .exec(db)
        .await?;
    let posts = Post::filter(Post::author_id.eq(&eve)).all(db).await?;
    Comment::bulk_create(posts.iter().map(|post| Comment::create().post(post).build())).exec(db).await?;
    assert_eq!(counts(&eve.delete(db).await?), [("User", 1), ("Post", 2_500), ("Comment", 2_500)]);
    assert_eq!((Post::query().count(db).await?, Comment::query().count(db).await?), (3, 7));
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_folders", has_many(files: File.folder))]
struct Folder {
    #[covet(primary_key, uuid = "text")]
    id: Uuid,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "del_files")]
struct File {
    id: i64,
    #[covet(uuid = "text", on_delete = set_null)]
    folder: Option<ForeignKey<Folder>>,
}

/// A column with a CHECK is set to NULL too; MySQL's own action would be refused there.
pub async fn checked_columns_are_set_to_null(db: &Db) -> Result<()> {
    let tables = models![Folder, File];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let folder = Folder::create().id(Uuid::new_v4()).save(db).await?;
    let other = Folder::create().id(Uuid::new_v4()).save(db).await?;
    let file = File::create().folder(&folder).save(db).await?;
    let kept = File::create().folder(&other).save(db).await?;
    assert_eq!(folder.delete(db).await?, 1);
    assert_eq!(File::find(&file).get(db).await?.folder, None);
    assert_eq!(File::find(&kept).get(db).await?, kept);
    Ok(())
}

//! Models, tables, typed queries and results in one file.
//!
//! `cargo run --example quickstart` runs on SQLite in memory. With `--features pg` (or `mysql`) and
//! `COVET_URL=postgres://..` it does the same there.

use comfy_table::{Table, presets};
use covet::{prelude::*, query::Sql};

/// A person who writes posts.
#[derive(Model, Clone, Debug)]
#[covet(table = "quickstart_users")]
struct User {
    id: i64,
    #[covet(max_length = 100)]
    name: String,
    #[covet(unique, max_length = 200)]
    email: String,
    age: i32,
    nickname: Option<String>,
    #[covet(default = 0)]
    views: i32,
}

/// Something that a user wrote.
#[derive(Model, Clone, Debug)]
#[covet(table = "quickstart_posts")]
struct Post {
    id: i64,
    #[covet(max_length = 200, index)]
    title: String,
    author: ForeignKey<User>,
    #[covet(default = true)]
    published: bool,
}

#[tokio::main]
async fn main() -> covet::Result<()> {
    let url = std::env::var("COVET_URL").unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let db = covet::connect(&url).await?;
    println!("covet on {}\n", db.dialect().name());

    heading("Tables from models");
    db.drop_tables(models![User, Post]).await?;
    db.create_tables(models![User, Post]).await?;
    println!("created `quickstart_users` and `quickstart_posts`\n");

    heading("Inserts: a missing required field does not compile");
    let ann = User::create().name("Ann").email("ann@example.org").age(34).nickname("annie").save(&db).await?;
    let bob = User::create().name("Bob").email("bob@example.org").age(17).save(&db).await?;
    let eve = User::create().name("Eve").email("eve@example.org").age(52).nickname("100%_eve").save(&db).await?;
    let posts = [("Borrowing, kindly", &ann), ("Lifetimes at lunch", &ann), ("My first crate", &bob), ("Drafts", &eve)];
    let rows = posts.map(|(title, author)| Post::create().title(title).author(author).build());
    let count = Post::bulk_create(rows).exec(&db).await?;
    println!("{count} posts in one statement\n");

    heading("AND, OR, NOT");
    let query = User::filter(
        User::age.gte(18) & (User::name.starts_with("A") | User::nickname.contains("%_")) & !User::name.eq("Bob"),
    )
    .order_by(User::name.asc());
    sql(query.to_sql(db.dialect())?);
    users(&query.all(&db).await?);

    heading("A filter through a foreign key");
    let query = Post::filter(Post::author.name.eq("Ann") & Post::published).order_by(Post::title.desc());
    sql(query.to_sql(db.dialect())?);
    titles(&query.all(&db).await?);

    heading("An update in the database");
    let update = User::filter(User::age.gt(18)).update((User::views.set(User::views + 10), User::nickname.set(None)));
    sql(update.to_sql(db.dialect())?);
    println!("{} rows matched", update.exec(&db).await?);
    users(&User::query().order_by(User::id.asc()).all(&db).await?);

    heading("A unique violation, handled");
    match User::create().name("Ann again").email("ann@example.org").age(1).save(&db).await {
        Err(error) if error.is_unique_violation() => println!("{error}\n"),
        other => println!("expected a unique violation, got {other:?}"),
    }

    heading("A transaction, rolled back");
    let result: covet::Result<()> = db
        .transaction(async |tx| {
            Post::filter(Post::author_id.eq(ann.id)).delete(tx).await?;
            println!("inside:  {} posts", Post::query().count(tx).await?);
            User::find(-1).get(tx).await?;
            Ok(())
        })
        .await;
    println!("error:   {}", result.map_or_else(|error| error.to_string(), |()| "none".to_owned()));
    println!("outside: {} posts\n", Post::query().count(&db).await?);

    db.drop_tables(models![User, Post]).await
}

fn heading(text: &str) {
    println!("── {text} {}", "─".repeat(70usize.saturating_sub(text.chars().count())));
}

fn sql(sql: Sql) {
    println!("{sql}");
}

fn users(users: &[User]) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY).set_header(["id", "name", "email", "age", "nickname", "views"]);
    for user in users {
        table.add_row([
            user.id.to_string(),
            user.name.clone(),
            user.email.clone(),
            user.age.to_string(),
            user.nickname.clone().unwrap_or_else(|| "NULL".to_owned()),
            user.views.to_string(),
        ]);
    }
    println!("{table}\n");
}

fn titles(posts: &[Post]) {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_BORDERS_ONLY).set_header(["id", "title", "author_id", "published"]);
    for post in posts {
        table.add_row([post.id.to_string(), post.title.clone(), post.author.to_string(), post.published.to_string()]);
    }
    println!("{table}\n");
}

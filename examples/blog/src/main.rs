//! Runs the blog once: on SQLite in memory, or on the database that `COVET_URL` names.

use chrono::Utc;
use covet_example_blog::{comment, month, publish_all_of, read, recent, set_up, sign_up, tag, write};

#[tokio::main]
async fn main() -> covet::Result<()> {
    let url = std::env::var("COVET_URL").unwrap_or_else(|_| "sqlite::memory:".to_owned());
    let db = covet::connect(&url).await?;
    set_up(&db).await?;
    let ann = sign_up(&db, "Ann", "ann@example.org").await?;
    let post = write(&db, &ann, "Borrowing, kindly", "borrowing-kindly", "Lend it, and it comes back.").await?;
    write(&db, &ann, "Lifetimes at lunch", "lifetimes-at-lunch", "They end when you get up.").await?;
    println!("published: {}", publish_all_of(&db, &ann, Utc::now()).await?);
    tag(&db, &post, &["rust", "memory"]).await?;
    comment(&db, &post, None, "Mine never came back.").await?;
    println!("views: {}", read(&db, Utc::now(), "borrowing-kindly").await?.views);
    for post in recent(&db, Utc::now(), 10).await? {
        let tags: Vec<_> = post.tags.iter().map(|tag| tag.label.as_str()).collect();
        println!("{} by {} {tags:?}, {} comments", post.title, post.author.name, post.comments);
    }
    if let Err(error) = sign_up(&db, "", "nobody").await {
        println!("refused:\n{error}");
    }
    println!("{:?}", month(&db, Utc::now()).await?);
    Ok(())
}

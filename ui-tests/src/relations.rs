//! Models with relations of every kind.

use covet::prelude::*;

#[derive(Model, Clone, Debug)]
#[covet(table = "writers", has_many(posts: Article.author), has_one(profile: Portrait.user))]
pub struct Writer {
    pub id: i64,
    pub name: String,
    pub age: i32,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "portraits")]
pub struct Portrait {
    pub id: i64,
    pub user: OneToOne<Writer>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "articles", has_many(comments: Remark.post), many_to_many(tags: Topic))]
pub struct Article {
    pub id: i64,
    pub title: String,
    pub views: i32,
    pub author: ForeignKey<Writer>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "remarks")]
pub struct Remark {
    pub id: i64,
    pub text: String,
    pub post: ForeignKey<Article>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "topics", many_to_many(posts: Article.tags))]
pub struct Topic {
    pub id: i64,
    pub label: String,
}

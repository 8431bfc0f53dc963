//! Models with relations of every kind.

use covet::prelude::*;

#[derive(Model, Clone, Debug)]
#[covet(table = "users", has_many(posts: Post.author), has_one(profile: Profile.user))]
pub struct User {
    pub id: i64,
    pub name: String,
    pub age: i32,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "profiles")]
pub struct Profile {
    pub id: i64,
    pub user: OneToOne<User>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "posts", has_many(comments: Comment.post), many_to_many(tags: Tag))]
pub struct Post {
    pub id: i64,
    pub title: String,
    pub views: i32,
    pub author: ForeignKey<User>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "comments")]
pub struct Comment {
    pub id: i64,
    pub text: String,
    pub post: ForeignKey<Post>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "tags", many_to_many(posts: Post.tags))]
pub struct Tag {
    pub id: i64,
    pub label: String,
}

//! The models of the cases.

#![allow(dead_code)]

use covet::prelude::*;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "companies")]
pub struct Company {
    pub id: i64,
    pub name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "users")]
pub struct User {
    pub id: i64,
    #[covet(max_length = 100)]
    pub name: String,
    pub email: String,
    pub age: i32,
    pub nickname: Option<String>,
    pub score: Option<f64>,
    pub weight: f64,
    #[covet(default = true)]
    pub active: bool,
    #[covet(default)]
    pub views: i32,
    pub company: Option<ForeignKey<Company>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "posts")]
pub struct Post {
    pub id: i64,
    pub title: String,
    pub author: ForeignKey<User>,
    #[covet(default = 0)]
    pub views: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "comments")]
pub struct Comment {
    pub id: i64,
    pub post: ForeignKey<Post>,
    pub body: String,
}

#[derive(Embed, Clone, Debug, PartialEq)]
pub struct Stamps {
    pub edits: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
pub struct Person {
    pub id: i64,
    #[covet(flatten)]
    pub stamps: Stamps,
}

//! What must go on compiling while messages are tuned: literals infer, references coerce.
#![deny(warnings)]
#![allow(dead_code)]

use covet::prelude::*;
use std::sync::Arc;

#[derive(Model, Clone, Debug)]
pub struct User {
    pub id: i64,
    pub name: String,
    pub nickname: Option<String>,
    pub small: i16,
    pub age: i32,
    pub weight: f64,
    pub active: bool,
    pub boss: Option<ForeignKey<User>>,
}

fn conditions(words: &[String], user: &User, some: Option<i32>) {
    let _ = User::filter(User::small.in_([1, 2]) & User::age.in_(vec![3]) & User::name.in_(["a", "b"]));
    let _ = User::filter(User::name.in_(words) | User::name.in_(words.iter().map(String::as_str)));
    let _ = User::filter(User::age.in_(1..5) & User::age.in_(some) & User::nickname.in_(Vec::<String>::new()));
    let _ = User::filter(User::boss_id.in_([user]) & User::boss_id.eq(user) & User::boss_id.eq(7));
    let _ = User::filter(User::age.in_(Vec::<i32>::new()));
    let _ = User::filter(User::small.gt(User::small + 1) & User::weight.lt(User::weight * 2.0 - 1.0));
    let _ = User::filter(User::age.between(1, 2) & (User::age % 2).eq(0) & User::age.int_div(2).eq(3));
    let _ = User::filter(User::name.contains("x") & User::nickname.icontains(String::from("y")));
    let _ = User::filter(User::name.starts_with(&words[0]) & User::boss.name.ends_with("z"));
    let _ = User::filter(User::active & !User::active & User::age.eq(1));
    let _ = User::find(1).update((User::age.set(User::age + 1), User::nickname.set(None), User::name.set("x")));
    let _ = User::find(user);
}

async fn executors(db: &Db, shared: Arc<Db>, words: &[String]) -> covet::Result<i64> {
    let users: Vec<User> = User::query().all(&shared).await?;
    let _ = User::query().order_by((User::name.asc(), User::age.desc())).first(db).await?;
    let mine = users.len();
    db.transaction(async |tx| {
        let count = User::filter(User::name.in_(words)).count(tx).await?;
        let _ = User::find(1).get(&tx).await?;
        Ok(count + i64::try_from(mine).unwrap_or_default())
    })
    .await
}

fn main() {}

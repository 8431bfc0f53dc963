use chrono::{DateTime, Utc};
use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(auto_now, auto_now_add)]
    changed: DateTime<Utc>,
}

fn main() {}

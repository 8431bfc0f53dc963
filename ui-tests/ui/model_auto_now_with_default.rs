use chrono::{DateTime, Utc};
use covet::prelude::*;

#[derive(Model)]
struct Post {
    id: i64,
    #[covet(auto_now, default = Utc::now())]
    changed: DateTime<Utc>,
}

fn main() {}

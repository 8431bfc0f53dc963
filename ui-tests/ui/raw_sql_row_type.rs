use covet::query::sql;

fn main() {
    let _ = sql("SELECT id FROM users").rows::<i64>();
}

use covet::query::sql;

fn main() {
    let name = String::from("x");
    let _ = sql(format!("DELETE FROM users WHERE name = '{name}'"));
}

//! The SQL of each query on every dialect, side by side in `spelling.txt`.
//!
//! `UPDATE_SPELLING=1 cargo test -p covet --test spelling` writes the file anew.

#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::{DateTime, Utc};
use covet::{prelude::*, query::Sql, render::Dialect};
use covet_dialect_mysql::MySqlDialect;
use covet_dialect_pg::PostgresDialect;
use covet_dialect_sqlite::SqliteDialect;
use std::fmt::Write;

#[derive(Model, Clone, Debug)]
#[covet(table = "companies")]
struct Company {
    id: i64,
    #[covet(unique, max_length = 100)]
    name: String,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "users")]
struct User {
    id: i64,
    #[covet(max_length = 100, index)]
    name: String,
    age: i32,
    nickname: Option<String>,
    score: Option<f64>,
    #[covet(default = true)]
    active: bool,
    born: Option<DateTime<Utc>>,
    company: Option<ForeignKey<Company>>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "posts")]
struct Post {
    id: i64,
    title: String,
    author: ForeignKey<User>,
    views: i32,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "visits", schema = "app")]
struct Visit {
    id: i64,
    user: ForeignKey<User>,
    guide: Option<ForeignKey<Visit>>,
}

struct Page(String);

impl Page {
    fn add(&mut self, what: &str, sql: impl Fn(&dyn Dialect) -> covet::Result<Sql>) {
        let dialects: [&dyn Dialect; 4] =
            [&SqliteDialect, &PostgresDialect::default(), &MySqlDialect::mysql(), &MySqlDialect::mariadb()];
        writeln!(self.0, "# {what}").unwrap();
        for dialect in dialects {
            let sql = sql(dialect).map_or_else(|error| format!("refused: {error}"), |sql| sql.to_string());
            // The list of columns is the same in every query.
            let sql = match sql.split_once(" FROM ").filter(|(head, _)| head.contains(", ")) {
                Some((_, tail)) if !what.contains("columns") => format!("SELECT .. FROM {tail}"),
                _ => sql,
            };
            // Long lists are cut.
            let sql = match sql.char_indices().nth(1_500) {
                Some((end, _)) => {
                    format!("{} ..", &sql[..end].rsplit_once(" -- [").map_or(&sql[..end], |(text, _)| text))
                }
                None => sql,
            };
            writeln!(self.0, "{:8}{sql}", dialect.short_name()).unwrap();
        }
        self.0.push('\n');
    }

    fn filter(&mut self, what: &str, predicate: impl Fn() -> Predicate<User>) {
        self.add(what, |dialect| User::filter(predicate()).to_sql(dialect));
    }

    fn tables(&mut self) {
        let dialects: [&dyn Dialect; 4] =
            [&SqliteDialect, &PostgresDialect::default(), &MySqlDialect::mysql(), &MySqlDialect::mariadb()];
        for dialect in dialects {
            writeln!(self.0, "# tables on {}", dialect.short_name()).unwrap();
            for statement in covet::query::create_statements(dialect, models![Post, User, Company]).unwrap() {
                writeln!(self.0, "{statement};").unwrap();
            }
            self.0.push('\n');
        }
    }
}

#[test]
fn sql_is_spelt_as_committed() {
    let mut page = Page(String::new());
    page.add("all columns", |d| Company::query().to_sql(d));
    page.filter("comparison", || User::age.gte(18) & User::name.ne("x") & User::age.between(1, 9));
    page.filter("or inside and, not", || User::active & (User::age.lt(5) | !User::name.eq("x")));
    page.filter("complement of a nullable condition", || !User::nickname.eq("x"));
    page.filter("xor", || User::age.eq(1) ^ User::active);
    page.filter("list of numbers", || User::age.in_([1, 2, 3]));
    page.filter("list of texts", || User::name.in_(["a", "b"]));
    page.filter("empty list", || User::name.in_(Vec::<String>::new()));
    page.filter("NULL", || User::nickname.is_null() | User::score.is_not_null());
    page.filter("contains", || User::name.contains("50%_!"));
    page.filter("starts with, without case", || User::name.istarts_with("a"));
    page.filter("ends with", || User::name.ends_with("z"));
    page.filter("equal without case", || User::name.ieq("É"));
    page.filter("contains a column", || User::name.contains(User::nickname));
    page.filter("starts with a related column, without case", || User::name.istarts_with(User::company.name));
    page.filter("ends with a column", || User::name.ends_with(User::nickname));
    page.filter("equal to a column without case", || User::name.ieq(User::nickname));
    page.filter("regular expression", || User::name.regex("^A(b|c)?[0-9]{2}$"));
    page.filter("regular expression without case", || User::nickname.iregex("(?m)^k[^x].$"));
    page.filter("what a regular expression cannot say", || User::name.regex(r"(?=a)"));
    page.filter("distinct", || User::nickname.is_distinct_from("x") & User::nickname.is_distinct_from(None));
    page.filter("not distinct", || !User::score.is_not_distinct_from(User::score) & User::age.is_not_distinct_from(1));
    page.filter("list of floating-point numbers", || User::score.in_([0.1, 2.0]));
    page.filter("long list of floating-point numbers", || User::score.in_((1..=1_025).map(f64::from)));
    page.filter("long list of texts", || User::name.in_((1..=1_025).map(|n| n.to_string())));
    page.filter("sum and product", || ((User::age + 1) * 2 - User::age).gt(3));
    page.filter("division", || (User::age / 2).gt(1.5));
    page.filter("integer division and remainder", || User::age.int_div(2).eq(1) & (User::age % 3).eq(0));
    page.filter("a nullable relation", || User::company.name.eq("Acme") & User::company.name.is_not_null());
    page.add("two hops", |d| Post::filter(Post::author.company.name.eq("Acme")).to_sql(d));
    page.add("a condition on the target", |d| Post::filter(Post::author.is(User::age.gt(17))).to_sql(d));
    page.add("the target's key needs no join", |d| Post::filter(Post::author.id.eq(1)).to_sql(d));
    page.add("order, limit, offset", |d| {
        User::query().order_by((User::nickname.asc(), User::score.desc(), User::id.asc())).limit(5).offset(10).to_sql(d)
    });
    page.add("NULL last, NULL first", |d| {
        let company = User::company.name.asc().nulls_last();
        User::query()
            .order_by((User::nickname.asc().nulls_last(), User::score.desc().nulls_first(), company))
            .order_by((User::nickname.asc().nulls_first(), User::age.desc().nulls_first()))
            .to_sql(d)
    });
    page.add("offset alone", |d| User::query().offset(10).to_sql(d));
    page.add("insert", |d| Company::create().name("Acme").build().to_sql(d));
    page.add("insert with a key", |d| Company::create().id(7).name("Acme").build().to_sql(d));
    page.add("insert of all columns from a query", |d| {
        let values =
            Post::filter(Post::views.gt(5)).order_by(Post::id.asc()).select((Post::author.name, Post::views + 1));
        User::insert_from((User::name, User::age), values).to_sql(d)
    });
    page.add("insert from a query, conflicts apart", |d| {
        let values = User::query().limit(3).select("Acme");
        Company::insert_from(Company::name, values).ignore_conflicts().to_sql(d)
    });
    page.add("update", |d| User::find(1).update((User::age.set(User::age + 1), User::nickname.set(None))).to_sql(d));
    page.add("update through a relation", |d| {
        Post::filter(Post::author.age.lt(18)).update(Post::views.set(0)).to_sql(d)
    });
    page.add("update of a slice", |d| User::query().limit(3).update(User::active.set(false)).to_sql(d));
    page.add("a table in a schema", |d| {
        Visit::filter(Visit::guide.user.name.eq("Ann")).order_by(Visit::id.asc()).to_sql(d)
    });
    page.add("insert into a schema", |d| Visit::create().user(1).build().to_sql(d));
    page.add("update in a schema", |d| Visit::filter(Visit::user.age.gt(17)).update(Visit::user_id.set(2)).to_sql(d));
    page.tables();

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spelling.txt");
    if std::env::var_os("UPDATE_SPELLING").is_some() {
        std::fs::write(file, &page.0).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    for (committed, now) in committed.lines().zip(page.0.lines()) {
        assert_eq!(now, committed, "run with UPDATE_SPELLING=1 if the new text is right");
    }
    assert_eq!(page.0.lines().count(), committed.lines().count());
}

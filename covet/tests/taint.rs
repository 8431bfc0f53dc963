//! No bound value ever stands in SQL text: 100,000 random calls of the builders, on every dialect.
//!
//! Each statement is built twice, by the same calls with other values. The texts must be equal, so
//! that nothing of a value can be in them; and no value of the first one may be found in its text.

#![allow(clippy::unwrap_used, clippy::panic)]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use covet::{prelude::*, query::Sql, render::Dialect};
use covet_core::column::{Assignment, Order};
use covet_dialect_mysql::MySqlDialect;
use covet_dialect_pg::PostgresDialect;
use covet_dialect_sqlite::SqliteDialect;
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Model, Clone, Debug)]
#[covet(table = "companies")]
#[expect(dead_code, reason = "only its SQL is looked at")]
struct Company {
    id: i64,
    #[covet(unique, max_length = 100)]
    name: String,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "users")]
#[expect(dead_code, reason = "only its SQL is looked at")]
struct User {
    id: i64,
    name: String,
    nickname: Option<String>,
    age: i32,
    views: i64,
    visits: u32,
    score: Option<f64>,
    ratio: Option<f32>,
    #[covet(decimal(20, 4))]
    balance: Option<Decimal>,
    #[covet(default = true)]
    active: bool,
    photo: Option<Vec<u8>>,
    token: Option<Uuid>,
    born: Option<NaiveDate>,
    seen: Option<DateTime<Utc>>,
    extra: Option<serde_json::Value>,
    company: Option<ForeignKey<Company>>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "posts")]
#[expect(dead_code, reason = "only its SQL is looked at")]
struct Post {
    id: i64,
    title: String,
    author: ForeignKey<User>,
    views: i32,
}

/// Marsaglia's xorshift.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most
    }
}

/// Chooses calls, and makes values that no SQL text contains by chance.
struct Calls {
    choice: Random,
    value: Random,
    /// How the values would look in a text.
    taints: Vec<String>,
    count: usize,
}

impl Calls {
    fn new(choice: u64, value: u64) -> Calls {
        Calls { choice: Random(choice), value: Random(value), taints: Vec::new(), count: 0 }
    }

    fn choose(&mut self, most: u64) -> u64 {
        self.count += 1;
        self.choice.below(most)
    }

    fn taint(&mut self, text: String) {
        self.taints.push(text);
    }

    fn i64(&mut self) -> i64 {
        let value = 7_000_000_000_000_000_000 + i64::try_from(self.value.below(1 << 50)).unwrap();
        self.taint(value.to_string());
        if self.choice.below(2) == 0 { value } else { -value }
    }

    fn i32(&mut self) -> i32 {
        let value = 1_700_000_000 + i32::try_from(self.value.below(1 << 28)).unwrap();
        self.taint(value.to_string());
        value
    }

    fn u32(&mut self) -> u32 {
        self.i32().unsigned_abs()
    }

    fn u64(&mut self) -> u64 {
        self.i64().unsigned_abs()
    }

    fn f64(&mut self) -> f64 {
        f64::from(self.i32()) + 0.5
    }

    fn decimal(&mut self) -> Decimal {
        Decimal::new(i64::from(self.i32()), 4)
    }

    /// A text that would end a literal or an identifier anywhere.
    fn text(&mut self) -> String {
        let secret = format!("taint{:012x}", self.value.below(1 << 48));
        self.taint(secret.clone());
        let quotes = ["'", "\"", "`", "\\'", "' OR 1=1 --", "$1", "?", "%", "_!", "]", ";", "/*", "\\", "${", "😀"];
        let quote = quotes[usize::try_from(self.value.below(15)).unwrap()];
        format!("{quote}{secret}{quote}")
    }

    fn bytes(&mut self) -> Vec<u8> {
        let secret = self.text().into_bytes();
        self.taint(secret.iter().map(|byte| format!("{byte:02x}")).collect());
        secret
    }

    fn uuid(&mut self) -> Uuid {
        let uuid = Uuid::from_u128(u128::from(self.value.below(1 << 50)) << 64 | 0xABCD_EF01);
        self.taint(uuid.to_string());
        self.taint(uuid.simple().to_string());
        uuid
    }

    fn day(&mut self) -> NaiveDate {
        let day = NaiveDate::from_yo_opt(1_000 + i32::try_from(self.value.below(8_000)).unwrap(), 40).unwrap();
        self.taint(day.to_string());
        day
    }

    fn moment(&mut self) -> DateTime<Utc> {
        let moment = DateTime::from_timestamp(1_700_000_000, 123_456_000).unwrap();
        let moment = moment + TimeDelta::seconds(i64::try_from(self.value.below(1 << 30)).unwrap());
        self.taint(moment.format("%Y-%m-%d %H:%M").to_string());
        moment
    }

    fn many<T>(&mut self, one: impl Fn(&mut Calls) -> T) -> Vec<T> {
        let length = if self.choose(200) == 0 { 1_100 } else { self.choice.below(6) };
        (0..length).map(|_| one(self)).collect()
    }

    fn user(&mut self, depth: u64) -> Predicate<User> {
        if depth > 0 && self.choose(2) == 0 {
            let one = self.user(depth - 1);
            return match self.choose(6) {
                0 => one & self.user(depth - 1),
                1 => one | self.user(depth - 1),
                2 => one ^ self.user(depth - 1),
                3 => all_of([one, self.user(depth - 1), self.user(depth - 1)]),
                4 => any_of([one, self.user(depth - 1)]),
                _ => !one,
            };
        }
        match self.choose(48) {
            0 => User::name.eq(self.text()),
            1 => User::nickname.ne(&*self.text()),
            2 => User::name.lt(self.text()),
            3 => User::name.contains(self.text()),
            4 => User::name.icontains(self.text()),
            5 => User::nickname.starts_with(self.text()),
            6 => User::nickname.istarts_with(self.text()),
            7 => User::name.ends_with(self.text()),
            8 => User::name.iends_with(self.text()),
            9 => User::nickname.ieq(self.text()),
            10 => User::name.regex(self.pattern()),
            11 => User::nickname.iregex(self.pattern()),
            12 => User::name.between(self.text(), self.text()),
            13 => User::name.in_(self.many(Calls::text)),
            14 => User::nickname.is_distinct_from(self.text()),
            15 => User::nickname.is_not_distinct_from(Some(self.text())),
            16 => User::company.name.contains(self.text()),
            17 => User::name.contains(User::nickname),
            18 => User::name.iends_with(User::company.name),
            19 => User::age.gt(self.i32()),
            20 => User::age.between(self.i32(), self.i32()),
            21 => User::age.in_(self.many(Calls::i32)),
            22 => (User::age + self.i32()).lte(self.i32()),
            23 => (User::views * self.i64() - self.i64()).gte(User::views),
            24 => (User::views / self.i64()).lt(self.f64()),
            25 => (User::age % self.i32()).ne(self.i32()),
            26 => User::views.int_div(self.i64()).eq(self.i64()),
            27 => User::views.in_(self.many(Calls::i64)),
            28 => User::visits.gte(self.u32()),
            29 => User::visits.in_(self.many(Calls::u32)),
            30 => User::score.lt(self.f64()),
            31 => User::score.in_(self.many(Calls::f64)),
            32 => User::ratio.gt(self.i32() as f32),
            33 => User::balance.gt(self.decimal()),
            34 => User::balance.in_(self.many(Calls::decimal)),
            35 => User::photo.eq(self.bytes()),
            36 => User::photo.in_(self.many(Calls::bytes)),
            37 => User::token.eq(self.uuid()),
            38 => User::token.in_(self.many(Calls::uuid)),
            39 => User::born.gt(self.day()),
            40 => User::born.in_(self.many(Calls::day)),
            41 => User::seen.lte(self.moment()),
            42 => User::seen.in_(self.many(Calls::moment)),
            43 => User::extra.eq(serde_json::json!({ self.text(): [self.text(), self.i64()] })),
            44 => User::company_id.eq(self.i64()),
            45 => User::company_id.in_(self.many(Calls::i64)),
            46 => User::company.is(Company::name.eq(self.text())),
            _ => User::active & User::id.ne(self.i64()),
        }
    }

    fn pattern(&mut self) -> String {
        let secret = format!("taint{:012x}", self.value.below(1 << 48));
        self.taint(secret.clone());
        format!(r"^{secret}\w*('|`|;--)+$")
    }

    fn order(&mut self) -> Order<User> {
        let order = match self.choose(5) {
            0 => User::name.asc(),
            1 => User::nickname.desc(),
            2 => User::company.name.asc(),
            3 => (User::age + self.i32()).desc(),
            _ => (User::views / self.i64()).asc(),
        };
        match self.choose(3) {
            0 => order.nulls_first(),
            1 => order.nulls_last(),
            _ => order,
        }
    }

    fn users(&mut self) -> covet::query::Query<User> {
        let mut query = User::query();
        for _ in 0..self.choose(4) {
            query = match self.choose(8) {
                0..=2 => query.filter(self.user(3)),
                3 => query.exclude(self.user(2)),
                4 => query.order_by(self.order()),
                5 => query.order_by((self.order(), self.order())),
                6 => query.limit(self.u64()),
                _ => query.offset(self.u64()),
            };
        }
        query
    }

    fn assignments(&mut self) -> Vec<Assignment<User>> {
        let one = |calls: &mut Calls| match calls.choose(12) {
            0 => User::name.set(calls.text()),
            1 => User::nickname.set(Some(calls.text())),
            2 => User::nickname.set(None),
            3 => User::age.set(User::age + calls.i32()),
            4 => User::views.set(calls.i64()),
            5 => User::score.set(User::views / calls.i64()),
            6 => User::balance.set(calls.decimal()),
            7 => User::photo.set(calls.bytes()),
            8 => User::token.set(calls.uuid()),
            9 => User::seen.set(calls.moment()),
            10 => User::extra.set(serde_json::json!([calls.text()])),
            _ => User::company_id.set(calls.i64()),
        };
        (0..=self.choose(3)).map(|_| one(self)).collect()
    }

    /// One statement, on one dialect.
    fn statement(&mut self, dialect: &dyn Dialect) -> covet::Result<Sql> {
        match self.choose(6) {
            0 | 1 => self.users().to_sql(dialect),
            2 => Post::filter(Post::author.is(self.user(2)) | Post::title.iregex(self.pattern()))
                .filter(Post::author.company.name.ne(self.text()))
                .to_sql(dialect),
            3 => User::find(self.i64()).update(self.assignments()).to_sql(dialect),
            4 => self.users().update(self.assignments()).to_sql(dialect),
            _ => {
                let new = User::create().name(self.text()).age(self.i32()).views(self.i64()).visits(self.u32());
                let new = new.nickname(self.text()).score(self.f64()).balance(self.decimal()).photo(self.bytes());
                let new =
                    new.token(self.uuid()).born(self.day()).seen(self.moment()).company(ForeignKey::new(self.i64()));
                self.count += 12;
                if self.choose(2) == 0 {
                    new.id(self.i64()).build().to_sql(dialect)
                } else {
                    new.build().to_sql(dialect)
                }
            }
        }
    }
}

#[test]
fn no_bound_value_stands_in_sql_text() {
    let dialects: [&dyn Dialect; 4] =
        [&SqliteDialect, &PostgresDialect::default(), &MySqlDialect::mysql(), &MySqlDialect::mariadb()];
    let (mut count, mut binds, mut seed) = (0, 0, 0);
    while count < 100_000 {
        seed += 1;
        for dialect in dialects {
            let (mut calls, mut others) =
                (Calls::new(seed * 0x9E37_79B9, 77 + seed), Calls::new(seed * 0x9E37_79B9, 99 * seed));
            let (one, other) = (calls.statement(dialect), others.statement(dialect));
            let text = match (&one, &other) {
                (Ok(one), Ok(other)) => {
                    assert_eq!(one.text, other.text, "the text depends on the values");
                    assert!(calls.taints.is_empty() || one.binds != other.binds, "the values are the same");
                    binds += one.binds.len();
                    one.text.clone()
                }
                (Err(one), Err(other)) => {
                    assert_eq!(format!("{one} {one:?}"), format!("{other} {other:?}"));
                    format!("{one} {one:?}")
                }
                (one, other) => panic!("{one:?}\n{other:?}"),
            };
            let text = text.to_lowercase();
            for taint in &calls.taints {
                assert!(!text.contains(&taint.to_lowercase()), "{taint} in {text}");
            }
            count += calls.count / dialects.len();
        }
    }
    assert!(binds > 100_000, "{binds} values are too few to find one");
}

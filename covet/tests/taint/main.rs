//! No bound value ever stands in SQL text: 100,000 random calls of the builders, on every dialect.
//!
//! Each statement runs twice, by the same calls with other values, on backends that keep what they are
//! sent. The texts must be equal, so that nothing of a value can be in them; and no value of the first
//! one may be found in its texts. What a program cannot take from its users is not drawn: names of
//! tables and columns, which are `&'static str` of the derive, and defaults of columns.

#![allow(clippy::unwrap_used, clippy::panic)]

mod recorder;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{Db, New, prelude::*, render::Dialect, sql, value::Json};
use covet_core::column::{Assignment, Order};
use covet_dialect_mysql::MySqlDialect;
use covet_dialect_pg::PostgresDialect;
use covet_dialect_sqlite::SqliteDialect;
use recorder::{Recorder, Sent};
use rust_decimal::Decimal;
use std::sync::Arc;
use uuid::Uuid;

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

#[derive(SqlType, Clone, Debug)]
struct Email(String);

#[derive(DbEnum, Clone, Copy, Debug)]
enum Mood {
    #[covet(value = "taint of a glad one")]
    Glad,
    #[covet(value = "taint of a sad one")]
    Sad,
}

#[derive(DbEnum, Clone, Copy, Debug)]
#[covet(repr = i32)]
enum Level {
    Low = 1_987_654_321,
    High = 1_987_654_322,
}

#[derive(DbEnum, Clone, Copy, Debug)]
#[covet(native)]
enum Colour {
    #[covet(value = "taint of red")]
    Red,
    #[covet(value = "taint of blue")]
    Blue,
}

/// What the enums' variants begin with.
const VARIANTS: [&str; 2] = ["taint of", "19876543"];

/// The types that `User` has not, and a key of text.
#[derive(Model, Clone, Debug)]
#[covet(table = "things")]
struct Thing {
    #[covet(primary_key)]
    code: String,
    tiny: u8,
    unsigned16: u16,
    unsigned64: u64,
    small: i16,
    flag: Option<bool>,
    local: Option<NaiveDateTime>,
    time: Option<NaiveTime>,
    span: Option<TimeDelta>,
    settings: Option<Json<Vec<String>>>,
    email: Option<Email>,
    mood: Option<Mood>,
    level: Option<Level>,
    colour: Option<Colour>,
    maker: Option<ForeignKey<Thing>>,
}

#[derive(Model, Clone, Debug)]
#[covet(table = "posts")]
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

    fn local(&mut self) -> NaiveDateTime {
        self.moment().naive_utc()
    }

    fn time(&mut self) -> NaiveTime {
        let seconds = u32::try_from(self.value.below(86_400)).unwrap();
        let time = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 123_456_000).unwrap();
        self.taint(time.format("%H:%M:%S").to_string());
        time
    }

    fn span(&mut self) -> TimeDelta {
        TimeDelta::microseconds(self.i64())
    }

    /// Too few digits to be found in a text; but the texts of the two statements are compared.
    fn small(&mut self) -> u8 {
        u8::try_from(self.value.below(256)).unwrap()
    }

    fn mood(&mut self) -> Mood {
        if self.value.below(2) == 0 { Mood::Glad } else { Mood::Sad }
    }

    fn level(&mut self) -> Level {
        if self.value.below(2) == 0 { Level::Low } else { Level::High }
    }

    fn colour(&mut self) -> Colour {
        if self.value.below(2) == 0 { Colour::Red } else { Colour::Blue }
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

    fn thing(&mut self) -> Predicate<Thing> {
        match self.choose(22) {
            0 => Thing::code.eq(self.text()),
            1 => Thing::code.in_(self.many(Calls::text)),
            2 => Thing::tiny.between(self.small(), self.small()),
            3 => Thing::tiny.in_(self.many(Calls::small)),
            4 => Thing::unsigned16.lt(u16::from(self.small())),
            5 => Thing::unsigned64.gte(self.u64()),
            6 => Thing::unsigned64.in_(self.many(Calls::u64)),
            7 => Thing::small.ne(i16::from(self.small())),
            8 => Thing::flag.is_distinct_from(Some(self.value.below(2) == 0)),
            9 => Thing::local.between(self.local(), self.local()),
            10 => Thing::local.in_(self.many(Calls::local)),
            11 => Thing::time.gt(self.time()),
            12 => Thing::time.in_(self.many(Calls::time)),
            13 => Thing::span.is_not_distinct_from(self.span()),
            14 => Thing::settings.eq(Json(vec![self.text()])),
            15 => Thing::email.eq(Email(self.text())) | Thing::email.icontains(self.text()),
            16 => Thing::mood.eq(self.mood()) | Thing::mood.in_(self.many(Calls::mood)),
            17 => Thing::level.lt(self.level()) | Thing::level.in_(self.many(Calls::level)),
            18 => Thing::colour.ne(self.colour()) | Thing::colour.in_(self.many(Calls::colour)),
            19 => Thing::maker_id.eq(self.text()),
            20 => Thing::maker_id.in_(self.many(Calls::text)),
            _ => Thing::maker.is(Thing::code.starts_with(self.text())),
        }
    }

    fn things(&mut self) -> covet::Query<Thing> {
        match self.choose(3) {
            0 => Thing::find(self.text()),
            1 => Thing::filter(self.thing()),
            _ => Thing::filter(self.thing()).exclude(self.thing()).order_by(Thing::code.asc()).limit(self.u64()),
        }
    }

    fn thing_assignments(&mut self) -> Vec<Assignment<Thing>> {
        let one = |calls: &mut Calls| match calls.choose(14) {
            0 => Thing::tiny.set(calls.small()),
            1 => Thing::unsigned16.set(u16::from(calls.small())),
            2 => Thing::unsigned64.set(calls.u64()),
            3 => Thing::small.set(i16::from(calls.small())),
            4 => Thing::flag.set(calls.value.below(2) == 0),
            5 => Thing::local.set(calls.local()),
            6 => Thing::time.set(calls.time()),
            7 => Thing::span.set(calls.span()),
            8 => Thing::settings.set(Json(vec![calls.text()])),
            9 => Thing::email.set(Email(calls.text())),
            10 => Thing::mood.set(calls.mood()),
            11 => Thing::level.set(calls.level()),
            12 => Thing::colour.set(calls.colour()),
            _ => Thing::maker_id.set(calls.text()),
        };
        (0..=self.choose(3)).map(|_| one(self)).collect()
    }

    fn new_user(&mut self) -> New<User> {
        self.count += 14;
        let new = User::create().name(self.text()).age(self.i32()).views(self.i64()).visits(self.u32());
        let new = new.nickname(self.text()).score(self.f64()).ratio(self.i32() as f32).balance(self.decimal());
        let new = new.photo(self.bytes()).token(self.uuid()).born(self.day()).seen(self.moment());
        let new = new.extra(serde_json::json!({ self.text(): self.i64() })).company(ForeignKey::new(self.i64()));
        if self.choose(2) == 0 { new.id(self.i64()).build() } else { new.build() }
    }

    fn new_thing(&mut self) -> New<Thing> {
        self.count += 13;
        let new = Thing::create().code(self.text()).tiny(self.small()).unsigned16(u16::from(self.small()));
        let new = new.unsigned64(self.u64()).small(i16::from(self.small())).flag(self.value.below(2) == 0);
        let new = new.local(self.local()).time(self.time()).span(self.span()).settings(Json(vec![self.text()]));
        let new = new.email(Email(self.text())).mood(self.mood()).level(self.level()).colour(self.colour());
        if self.choose(2) == 0 { new.maker(ForeignKey::new(self.text())).build() } else { new.build() }
    }

    /// Statements that the user writes, one of them with a bind too few.
    async fn raw(&mut self, db: &Db) -> covet::Result<()> {
        self.count += 3;
        match self.choose(6) {
            0 => {
                let update = sql("UPDATE users SET name = ?, nickname = '?' WHERE id = ? -- ??");
                update.bind(self.text()).bind(self.i64()).exec(db).await.map(drop)
            }
            1 => {
                let rows = sql("SELECT id, name FROM users WHERE photo = ? OR token = ? OR seen = ?");
                let rows = rows.bind(Some(self.bytes())).bind(self.uuid()).bind(self.moment());
                rows.rows::<(i64, String)>().all(db).await.map(drop)
            }
            2 => {
                let users = User::raw("SELECT * FROM users WHERE born > ? AND extra = ? AND balance < ?");
                let users = users.bind(self.day()).bind(serde_json::json!([self.text()])).bind(self.decimal());
                users.first(db).await.map(drop)
            }
            3 => {
                let mut things = Thing::raw("SELECT * FROM things WHERE mood = ? OR colour = ? OR email = ?")
                    .bind(self.mood())
                    .bind(self.colour())
                    .bind(Email(self.text()))
                    .stream(db);
                things.next().await.map_or(Ok(()), |thing| thing.map(drop))
            }
            4 => sql("DELETE FROM users WHERE score < ?").bind(self.f64()).exec(db).await.map(drop),
            _ => sql("SELECT ?, ?").bind(&*self.text()).exec(db).await.map(drop),
        }
    }

    /// One statement, or those of one call.
    async fn statement(&mut self, db: &Db) -> covet::Result<()> {
        match self.choose(20) {
            0..=2 => self.users().all(db).await.map(drop),
            3 => self.users().first(db).await.map(drop),
            4 => self.users().get(db).await.map(drop),
            5 => self.users().count(db).await.map(drop),
            6 => self.users().exists(db).await.map(drop),
            7 => self.users().stream(db).next().await.map_or(Ok(()), |user| user.map(drop)),
            8 => {
                let posts = Post::filter(Post::author.is(self.user(2)) | Post::title.iregex(self.pattern()));
                posts.filter(Post::author.company.name.ne(self.text())).all(db).await.map(drop)
            }
            9 => User::find(self.i64()).update(self.assignments()).exec(db).await.map(drop),
            10 => self.users().update(self.assignments()).exec(db).await.map(drop),
            11 => self.users().delete(db).await.map(drop),
            12 => match self.choose(3) {
                0 => User::find(self.i64()).delete(db).await.map(drop),
                1 => User::find(self.i64()).first(db).await.map(drop),
                _ => User::find(self.i64()).filter(self.user(1)).exists(db).await.map(drop),
            },
            13 => self.new_user().save(db).await.map(drop),
            14 => self.new_thing().save(db).await.map(drop),
            15 if self.choose(8) == 0 => User::bulk_create(self.many(Calls::new_user)).exec(db).await.map(drop),
            15 => Thing::bulk_create([self.new_thing(), self.new_thing(), self.new_thing()]).exec(db).await.map(drop),
            16 => self.things().all(db).await.map(drop),
            17 => self.things().update(self.thing_assignments()).exec(db).await.map(drop),
            18 => self.things().delete(db).await.map(drop),
            _ => self.raw(db).await,
        }
    }
}

/// A database that only keeps what it is sent.
async fn recorded(dialect: &Arc<dyn Dialect>) -> (Db, Recorder) {
    let recorder = Recorder::new(Arc::clone(dialect));
    (Db::open(recorder.clone(), "recorder:").await.unwrap(), recorder)
}

#[tokio::test]
async fn no_bound_value_stands_in_sql_text() {
    let dialects: [Arc<dyn Dialect>; 4] = [
        Arc::new(SqliteDialect),
        Arc::new(PostgresDialect::default()),
        Arc::new(MySqlDialect::mysql()),
        Arc::new(MySqlDialect::mariadb()),
    ];
    let mut databases = Vec::new();
    for dialect in &dialects {
        databases.push((recorded(dialect).await, recorded(dialect).await));
    }
    let (mut count, mut binds, mut seed) = (0, 0, 0);
    let (mut same, mut all) = (0, 0);
    while count < 100_000 {
        seed += 1;
        for ((db, sent), (other_db, other_sent)) in &databases {
            let (mut calls, mut others) =
                (Calls::new(seed * 0x9E37_79B9, 77 + seed), Calls::new(seed * 0x9E37_79B9, 99 * seed));
            let (result, other) = (calls.statement(db).await, others.statement(other_db).await);
            let errors = [result, other].map(|result| result.err().map(|error| format!("{error} {error:?}")));
            assert_eq!(errors[0], errors[1], "the error depends on the values");
            let (sent, other) = (sent.take(), other_sent.take());
            let texts = |sent: &[Sent]| sent.iter().map(|sent| sent.text.as_str()).collect::<Vec<_>>().join("\n");
            let text = texts(&sent);
            assert_eq!(text, texts(&other), "the text depends on the values");
            let values = sent.iter().map(|sent| sent.values.len()).sum::<usize>();
            // A limit is not sent where one row is asked for, and an enum has few values.
            same += usize::from(values > 0 && sent == other);
            all += 1;
            binds += values;
            let text = format!("{text}\n{}", errors[0].as_deref().unwrap_or_default()).to_lowercase();
            for taint in calls.taints.iter().map(String::as_str).chain(VARIANTS) {
                assert!(!text.contains(&taint.to_lowercase()), "{taint} in {text}");
            }
            count += calls.count / databases.len();
        }
    }
    assert!(same * 20 < all, "{same} of {all} statements have the same values twice");
    assert!(binds > 100_000, "{binds} values are too few to find one");
}

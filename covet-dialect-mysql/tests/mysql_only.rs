//! What only MySQL and MariaDB can get wrong, on the servers that `COVET_TEST_MYSQL*_URL` and
//! `COVET_TEST_MARIADB*_URL` name.

#![allow(clippy::unwrap_used, clippy::panic, clippy::wildcard_enum_match_arm, missing_docs)]

use chrono::{DateTime, NaiveDate, TimeZone, Timelike, Utc};
use covet_core::{
    ast::{
        ArithmeticOp, ColumnRef, CompareOp, CreateIndex, CreateTable, Direction, Expr, Nulls, Order, Select, Selection,
        Statement, TextMatch, Update,
    },
    backend::{Backend, Connection, Done, Intent, Opened, Options},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    render::{Dialect, Prepared, Writer, ansi, bound},
    schema::{ColumnDef, TableDef},
    value::{Kind, Row, RowSink, Value, Values},
};
use covet_dialect_mysql::{Flavour, MySql, MySqlDialect};
use std::{
    any::Any,
    sync::Arc,
    time::{Duration, Instant},
};
use uuid::Uuid;

fn urls() -> Vec<String> {
    let named = |name: &str| {
        ["COVET_TEST_MYSQL", "COVET_TEST_MARIADB"].iter().any(|start| name.starts_with(start)) && name.ends_with("_URL")
    };
    let urls: Vec<String> = std::env::vars().filter(|(name, _)| named(name)).map(|(_, url)| url).collect();
    let required = std::env::var("COVET_TEST_REQUIRE").is_ok_and(|value| value == "1");
    assert!(!urls.is_empty() || !required, "no COVET_TEST_MYSQL*_URL and no COVET_TEST_MARIADB*_URL is set");
    urls
}

type Conn = Box<dyn Connection>;

async fn connect(url: &str) -> Conn {
    MySql.connect(url, &Options::default()).await.unwrap()
}

async fn refusal(url: &str) -> Error {
    MySql.connect(url, &Options::default()).await.err().unwrap()
}

fn statement(sql: &str) -> Arc<Prepared> {
    Arc::new(Prepared::plain(sql.into(), false, true))
}

struct Kinds {
    kinds: Vec<Kind>,
    rows: Vec<Vec<Value>>,
}

fn read(row: &dyn Row, at: usize, kind: Kind) -> Result<Value> {
    Ok(match kind {
        Kind::Bool => row.bool(at)?.map(Value::Bool),
        Kind::I16 | Kind::I32 | Kind::I64 | Kind::U8 | Kind::U16 | Kind::U32 => row.i64(at)?.map(Value::I64),
        Kind::U64 => row.u64(at)?.map(Value::U64),
        Kind::F32 | Kind::F64 => row.f64(at)?.map(Value::F64),
        Kind::Decimal(digits) => row.decimal(at, digits)?.map(Value::Decimal),
        Kind::NaiveDateTime => row.naive_date_time(at)?.map(Value::NaiveDateTime),
        Kind::Time => row.time(at)?.map(Value::Time),
        Kind::Json => row.json(at)?.map(|text| Value::Json(text.into())),
        Kind::Text => row.text(at)?.map(|text| Value::Text(text.into())),
        Kind::Bytes => row.bytes(at)?.map(|bytes| Value::Bytes(bytes.into())),
        Kind::Uuid => row.uuid(at)?.map(Value::Uuid),
        Kind::UuidText => row.uuid_text(at)?.map(Value::Uuid),
        Kind::Ip => row.ip(at)?.map(Value::Ip),
        Kind::DateTime => row.date_time(at)?.map(Value::DateTime),
        Kind::Date => row.date(at)?.map(Value::Date),
        Kind::Array(_) => None,
    }
    .unwrap_or(Value::Null))
}

impl RowSink for Kinds {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let values = self.kinds.iter().enumerate().map(|(at, kind)| read(row, at, *kind));
        self.rows.push(values.collect::<Result<_>>()?);
        Ok(())
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

async fn rows(
    conn: &dyn Connection,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
    kinds: &[Kind],
) -> Result<Vec<Vec<Value>>> {
    let sink = Box::new(Kinds { kinds: kinds.to_vec(), rows: Vec::new() });
    let sink = conn.query(&statement(sql), values.into_iter().collect(), sink).await?;
    Ok(sink.into_any().downcast::<Kinds>().unwrap().rows)
}

async fn number(conn: &dyn Connection, sql: &str) -> Result<i64> {
    match rows(conn, sql, [], &[Kind::I64]).await?.as_slice() {
        [row] => Ok(row[0].as_i64().unwrap()),
        other => panic!("{other:?}"),
    }
}

async fn word(conn: &dyn Connection, sql: &str) -> String {
    match &rows(conn, sql, [], &[Kind::Text]).await.unwrap()[0][0] {
        Value::Text(text) => text.to_string(),
        other => panic!("{other:?}"),
    }
}

async fn execute(conn: &dyn Connection, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<Done> {
    conn.execute(&statement(sql), values.into_iter().collect()).await
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

async fn fresh(conn: &dyn Connection, table: &str, columns: &str) {
    conn.batch(&format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} ({columns})")).await.unwrap();
}

async fn open(url: &str, options: &Options) -> Opened {
    Arc::new(MySql).open_boxed(url, options).await.unwrap()
}

#[tokio::test]
async fn wrong_urls_say_what_is_wrong_without_the_password() {
    for url in urls() {
        let parsed = url::Url::parse(&url).unwrap();
        let with = |change: &dyn Fn(&mut url::Url)| {
            let mut url = parsed.clone();
            change(&mut url);
            url.to_string()
        };
        let wrong = refusal(&with(&|url| url.set_password(Some("s3cret")).unwrap())).await;
        assert_eq!((wrong.kind(), wrong.code()), (ErrorKind::Connection, Some("1045")), "{wrong}");
        assert!(wrong.to_string().contains("refused the password of user"), "{wrong}");
        assert!(!format!("{wrong:?}").contains("s3cret"), "{wrong:?}");
        let unknown = refusal(&with(&|url| url.set_path("/no_such_database"))).await;
        assert_eq!((unknown.kind(), unknown.code()), (ErrorKind::Connection, Some("1049")), "{unknown}");
        assert!(unknown.to_string().contains("`no_such_database`"), "{unknown}");
        let port = {
            let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            free.local_addr().unwrap().port()
        };
        let refused = refusal(&with(&|url| url.set_port(Some(port)).unwrap())).await;
        assert_eq!(refused.kind(), ErrorKind::Connection);
        assert!(refused.to_string().contains(&port.to_string()), "{refused}");
    }
}

#[tokio::test]
async fn a_password_goes_through_whatever_the_scheme() {
    for url in urls() {
        let root = connect(&url).await;
        root.batch(
            "DROP USER IF EXISTS covet_auth; CREATE USER covet_auth IDENTIFIED BY 'p:w@/%'; GRANT SELECT ON *.* TO covet_auth",
        )
        .await
        .unwrap();
        for scheme in ["mysql", "mariadb"] {
            let mut own = url::Url::parse(&url).unwrap();
            own.set_username("covet_auth").unwrap();
            own.set_password(Some("p:w@/%25")).unwrap();
            let (_, rest) = own.as_str().split_once(':').unwrap();
            let conn = connect(&format!("{scheme}:{rest}")).await;
            let flavour = conn.dialect().short_name();
            assert_eq!(flavour == "mariadb", conn.version().contains("MariaDB"), "{}", conn.version());
        }
        root.batch("DROP USER covet_auth").await.unwrap();
    }
}

#[tokio::test]
async fn the_settings_that_the_laws_need_are_in_force() {
    for url in urls() {
        let conn = connect(&url).await;
        let maria = conn.dialect().short_name() == "mariadb";
        let modes = word(&*conn, "SELECT @@sql_mode").await;
        let wanted = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ZERO_DATE,NO_ZERO_IN_DATE,ONLY_FULL_GROUP_BY,\
                      NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO";
        for mode in wanted.split(',') {
            assert!(modes.split(',').any(|is| is == mode), "{mode} is missing in {modes}");
        }
        assert_eq!(modes.contains("SIMULTANEOUS_ASSIGNMENT"), maria);
        assert!(!modes.contains("NO_BACKSLASH_ESCAPES"));
        assert_eq!(word(&*conn, "SELECT @@time_zone").await, "+00:00");
        let collation = if maria { "utf8mb4_nopad_bin" } else { "utf8mb4_0900_bin" };
        assert_eq!(word(&*conn, "SELECT @@collation_connection").await, collation);
        assert_eq!(word(&*conn, "SELECT @@character_set_client").await, "utf8mb4");
        let isolation = if maria { "SELECT @@tx_isolation" } else { "SELECT @@transaction_isolation" };
        assert_eq!(word(&*conn, isolation).await, "READ-COMMITTED");
        assert_eq!(number(&*conn, "SELECT CAST(@@group_concat_max_len AS SIGNED)").await.unwrap(), 1 << 30);
        assert!(conn.dialect().limits().bytes > 1 << 20);
    }
}

async fn one(opened: &Opened) -> Box<dyn covet_core::backend::Held> {
    opened.pool.acquire(Intent::Write).await.unwrap()
}

/// The pool is the same for all servers; these count how often a session was asked whether it lives.
#[tokio::test]
async fn a_connection_that_rested_is_asked_once_whether_it_lives() {
    for url in urls() {
        let opened = open(&url, &Options { max_connections: 1, ..Options::default() }).await;
        number(one(&opened).await.connection(), "SELECT 1").await.unwrap();
        tokio::time::sleep(Duration::from_millis(600)).await;
        for _ in 0..20 {
            number(one(&opened).await.connection(), "SELECT 1").await.unwrap();
        }
        let sql = "SHOW SESSION STATUS LIKE 'Com_admin_commands'";
        let counted = rows(one(&opened).await.connection(), sql, [], &[Kind::Text, Kind::Text]).await.unwrap();
        let Value::Text(count) = &counted[0][1] else { panic!("{counted:?}") };
        // Once; a busy machine may let it rest a second time.
        assert!((1..=3).contains(&count.parse().unwrap()), "asked {count} times");
    }
}

#[tokio::test]
async fn after_a_dropped_statement_the_next_borrower_gets_its_own_rows() {
    for url in urls() {
        let options = Options { max_connections: 1, ..Options::default() };
        let opened = open(&url, &options).await;
        let (id, began);
        {
            let held = one(&opened).await;
            id = number(held.connection(), "SELECT CONNECTION_ID()").await.unwrap();
            began = Instant::now();
            let slow = rows(held.connection(), "SELECT 111 + SLEEP(30)", [], &[Kind::I64]);
            assert!(tokio::time::timeout(Duration::from_millis(200), slow).await.is_err());
            held.connection().cancel();
            let error = number(held.connection(), "SELECT 222").await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
            assert!(held.connection().is_closed());
        }
        let held = one(&opened).await;
        assert_eq!(number(held.connection(), "SELECT 333").await.unwrap(), 333);
        let gone = format!("SELECT COUNT(*) FROM information_schema.processlist WHERE id = {id}");
        while number(held.connection(), &gone).await.unwrap() > 0 {
            assert!(began.elapsed() < Duration::from_secs(5), "the statement runs on");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test]
async fn wherever_a_statement_is_dropped_the_next_borrower_gets_its_own_rows() {
    for url in urls() {
        let options = Options { max_connections: 1, ..Options::default() };
        let opened = open(&url, &options).await;
        for turn in 0..150_i64 {
            {
                let held = one(&opened).await;
                let (sql, values) = ("SELECT ? UNION ALL SELECT 2 UNION ALL SELECT 3", [Value::I64(-turn)]);
                let statement = rows(held.connection(), sql, values, &[Kind::I64]);
                let most = Duration::from_micros(u64::try_from(turn).unwrap() * 10);
                let _ = tokio::time::timeout(most, statement).await;
            }
            let held = one(&opened).await;
            let got = rows(held.connection(), "SELECT ?", [Value::I64(turn)], &[Kind::I64]).await.unwrap();
            assert_eq!(got, [[Value::I64(turn)]]);
        }
    }
}

#[tokio::test]
async fn a_dropped_begin_lends_its_transaction_to_nobody() {
    for url in urls() {
        let options = Options { max_connections: 1, ..Options::default() };
        let opened = open(&url, &options).await;
        let witness = connect(&url).await;
        fresh(&*witness, "only_begin", "n INT").await;
        for _ in 0..20 {
            {
                let held = one(&opened).await;
                let mut begin = held.connection().begin();
                // One poll sends the statement, then the future is dropped.
                let polled = std::future::poll_fn(|cx| std::task::Poll::Ready(begin.as_mut().poll(cx))).await;
                assert!(polled.is_pending());
            }
            let held = one(&opened).await;
            execute(held.connection(), "INSERT INTO only_begin VALUES (1)", []).await.unwrap();
        }
        assert_eq!(number(&*witness, "SELECT COUNT(*) FROM only_begin").await.unwrap(), 20);
    }
}

#[tokio::test]
async fn a_cancelled_statement_is_a_timeout_and_the_connection_lives() {
    for url in urls() {
        let conn = connect(&url).await;
        let (slow, ()) = tokio::join!(number(&*conn, "SELECT 1 FROM (SELECT SLEEP(20)) AS s WHERE 1 = 1"), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            conn.cancel();
        });
        // SLEEP itself answers 1 when it is interrupted, on some versions without an error.
        if let Err(error) = slow {
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        }
        assert_eq!(number(&*conn, "SELECT 5").await.unwrap(), 5);
        assert!(!conn.is_closed());
    }
}

#[tokio::test]
async fn a_deadlock_asks_for_another_attempt() {
    for url in urls() {
        let (one, two) = (connect(&url).await, connect(&url).await);
        fresh(&*one, "only_deadlock", "id INT PRIMARY KEY, n INT").await;
        execute(&*one, "INSERT INTO only_deadlock VALUES (1, 0), (2, 0)", []).await.unwrap();
        let change = |id: i32| format!("UPDATE only_deadlock SET n = n + 1 WHERE id = {id}");
        one.begin().await.unwrap();
        two.begin().await.unwrap();
        execute(&*one, &change(1), []).await.unwrap();
        execute(&*two, &change(2), []).await.unwrap();
        let (sql_one, sql_two) = (change(2), change(1));
        let (first, second) = tokio::join!(execute(&*one, &sql_one, []), execute(&*two, &sql_two, []));
        let error = first.err().or(second.err()).unwrap();
        assert!(error.is_retryable(), "{error}");
        one.rollback().await.unwrap();
        two.rollback().await.unwrap();

        one.begin().await.unwrap();
        execute(&*one, &change(1), []).await.unwrap();
        two.batch("SET SESSION innodb_lock_wait_timeout = 1").await.unwrap();
        let error = execute(&*two, &change(1), []).await.unwrap_err();
        assert!(error.is_retryable() && error.to_string().contains("too long for a lock"), "{error}");
        one.rollback().await.unwrap();
    }
}

const fn column(name: &'static str, kind: Kind) -> ColumnDef {
    ColumnDef { name, field: name, kind, nullable: true, ..ColumnDef::BARE }
}

const KEY: ColumnDef = ColumnDef { nullable: false, primary_key: true, auto: true, ..column("id", Kind::I64) };

const KINDS: [Kind; 10] = [
    Kind::Bool,
    Kind::I16,
    Kind::I32,
    Kind::I64,
    Kind::F64,
    Kind::Text,
    Kind::Bytes,
    Kind::Uuid,
    Kind::DateTime,
    Kind::Date,
];

static ALL: TableDef = TableDef {
    name: "only_values",
    model: "All",
    columns: &[
        KEY,
        column("a", Kind::Bool),
        column("b", Kind::I16),
        column("c", Kind::I32),
        column("d", Kind::I64),
        column("e", Kind::F64),
        column("f", Kind::Text),
        column("g", Kind::Bytes),
        column("h", Kind::Uuid),
        column("i", Kind::DateTime),
        column("j", Kind::Date),
    ],
    primary_key: &[0],
    ..TableDef::BARE
};

async fn create(conn: &dyn Connection, table: &'static TableDef) {
    let dialect = conn.dialect();
    let mut w = Writer::new(&*dialect);
    dialect.create_table(&mut w, &CreateTable { table, foreign_keys: Vec::new() }).unwrap();
    for column in table.columns.iter().filter(|column| column.index) {
        w.sql("; ");
        dialect.create_index(&mut w, &CreateIndex::of_column(table, column)).unwrap();
    }
    let (sql, _) = w.finish();
    conn.batch(&format!("DROP TABLE IF EXISTS `{}`; {sql}", table.name)).await.unwrap();
}

fn time(year: i32, nanos: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(year, 12, 31, 23, 59, 59).unwrap().with_nanosecond(nanos).unwrap()
}

fn day(year: i32) -> Value {
    Value::Date(NaiveDate::from_ymd_opt(year, 2, 28).unwrap())
}

#[tokio::test]
async fn every_value_comes_back_as_it_was_sent() {
    let samples: [Vec<Value>; 10] = [
        vec![Value::Bool(true), Value::Bool(false)],
        vec![Value::I64(i16::MIN.into()), Value::I64(i16::MAX.into())],
        vec![Value::I64(i32::MIN.into()), Value::I64(i32::MAX.into())],
        vec![Value::I64(i64::MIN), Value::I64(i64::MAX), Value::I64(0)],
        [0.0, -0.0, 0.1, f64::MIN_POSITIVE, f64::MAX, f64::MIN, 5e-324].map(Value::F64).into(),
        ["", " ", "a ", "\\", "'", "é🍣\u{1F468}\u{200D}\u{1F469}", "%_!", &"x".repeat(70_000)].map(text).into(),
        vec![Value::Bytes((0..=255).collect()), Value::Bytes([].into()), Value::Bytes(vec![0xFF; 70_000].into())],
        vec![Value::Uuid(Uuid::nil()), Value::Uuid(Uuid::max()), Value::Uuid(Uuid::new_v4())],
        vec![
            Value::DateTime(time(1, 0)),
            Value::DateTime(time(2024, 123_456_000)),
            Value::DateTime(time(9999, 999_999_000)),
            Value::DateTime(Utc.with_ymd_and_hms(2024, 1, 1, 0, 0, 0).unwrap()),
        ],
        vec![day(1), day(2024), day(9999)],
    ];
    let most = samples.iter().map(Vec::len).max().unwrap();
    for url in urls() {
        let conn = connect(&url).await;
        create(&*conn, &ALL).await;
        for turn in 0..=most {
            let values: Vec<Value> =
                samples.iter().map(|some| some.get(turn).cloned().unwrap_or(Value::Null)).collect();
            let insert = "INSERT INTO only_values (a, b, c, d, e, f, g, h, i, j) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            let done = execute(&*conn, insert, values.clone()).await.unwrap();
            assert_eq!(done.rows, 1);
            let key = Value::I64(done.last_key.unwrap());
            let select = "SELECT a, b, c, d, e, f, g, h, i, j FROM only_values WHERE id = ?";
            let got = rows(&*conn, select, [key], &KINDS).await.unwrap();
            // MariaDB 10.11 forgets the sign of zero.
            let exact = |value: &Value| match value {
                Value::F64(0.0) => Value::I64(0),
                Value::F64(number) => Value::I64(i64::from_ne_bytes(number.to_ne_bytes())),
                value => value.clone(),
            };
            let (got, wanted): (Vec<_>, Vec<_>) =
                (got[0].iter().map(exact).collect(), values.iter().map(exact).collect());
            for (at, (got, wanted)) in got.iter().zip(&wanted).enumerate() {
                assert!(got == wanted, "turn {turn}, {:?}: {got:.50?} is not {wanted:.50?}", KINDS[at]);
            }
            // Each value is found by itself.
            for (name, value) in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"].iter().zip(values) {
                let found = format!("SELECT COUNT(*) FROM only_values WHERE {name} = ?");
                let found = rows(&*conn, &found, [value.clone()], &[Kind::I64]).await.unwrap();
                assert_eq!(found[0][0].as_i64() > Some(0), !value.is_null(), "turn {turn}, column {name}");
            }
        }
        let error =
            execute(&*conn, "INSERT INTO only_values (e) VALUES (?)", [Value::F64(f64::NAN)]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported);
        let big = execute(&*conn, "INSERT INTO only_values (b) VALUES (?)", [Value::I64(40_000)]).await.unwrap_err();
        assert_eq!(big.kind(), ErrorKind::Encode, "{big}");
        assert_eq!(number(&*conn, "SELECT 7").await.unwrap(), 7);
    }
}

#[tokio::test]
async fn a_value_larger_than_a_packet_is_refused_and_the_connection_lives() {
    for url in urls() {
        let conn = connect(&url).await;
        let packet = number(&*conn, "SELECT CAST(@@max_allowed_packet AS SIGNED)").await.unwrap();
        let bytes = |less: i64| Value::Bytes(vec![1; usize::try_from(packet - less).unwrap()].into());
        let error = rows(&*conn, "SELECT LENGTH(?)", [bytes(0)], &[Kind::I64]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode, "{error}");
        let length = rows(&*conn, "SELECT LENGTH(?)", [bytes(4_096)], &[Kind::I64]).await.unwrap();
        assert_eq!(length, [[Value::I64(packet - 4_096)]]);
    }
}

#[tokio::test]
async fn what_does_not_fit_the_rust_type_is_an_error() {
    for url in urls() {
        let conn = connect(&url).await;
        for (sql, kind) in [
            ("SELECT 2", Kind::Bool),
            ("SELECT CAST(18446744073709551615 AS UNSIGNED)", Kind::I64),
            ("SELECT 'x'", Kind::I64),
            ("SELECT x'FF'", Kind::Text),
            ("SELECT x'FF'", Kind::Uuid),
            ("SELECT 1.5", Kind::I64),
            ("SELECT CAST('2024-01-01 10:00:00' AS DATETIME)", Kind::Date),
            ("SELECT CAST('2024-01-01' AS DATE)", Kind::DateTime),
        ] {
            let error = rows(&*conn, sql, [], &[kind]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{sql}");
        }
        assert_eq!(number(&*conn, "SELECT CAST(42 AS DECIMAL(20))").await.unwrap(), 42);
        conn.batch("SET SESSION sql_mode = ''").await.unwrap();
        fresh(&*conn, "only_zero", "d DATE").await;
        conn.batch("INSERT INTO only_zero VALUES ('0000-00-00')").await.unwrap();
        let error = rows(&*conn, "SELECT d FROM only_zero", [], &[Kind::Date]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let error = execute(&*conn, "SELECT ?", []).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{error}");
        assert_eq!(number(&*conn, "SELECT 7").await.unwrap(), 7);
    }
}

#[tokio::test]
async fn an_update_counts_the_rows_that_it_matched() {
    for url in urls() {
        let conn = connect(&url).await;
        fresh(&*conn, "only_matched", "id INT PRIMARY KEY, n INT").await;
        execute(&*conn, "INSERT INTO only_matched VALUES (1, 5), (2, 5)", []).await.unwrap();
        let same = execute(&*conn, "UPDATE only_matched SET n = 5", []).await.unwrap();
        assert_eq!(same, Done { rows: 2, last_key: None });
    }
}

#[tokio::test]
async fn several_statements_are_one_batch_and_the_first_error_counts() {
    for url in urls() {
        let conn = connect(&url).await;
        fresh(&*conn, "only_batch", "n INT").await;
        conn.begin().await.unwrap();
        conn.batch("SAVEPOINT a").await.unwrap();
        execute(&*conn, "INSERT INTO only_batch VALUES (1)", []).await.unwrap();
        conn.batch("ROLLBACK TO SAVEPOINT a; RELEASE SAVEPOINT a").await.unwrap();
        conn.commit().await.unwrap();
        assert_eq!(number(&*conn, "SELECT COUNT(*) FROM only_batch").await.unwrap(), 0);
        let error = conn.batch("SELECT 1; SELECT 2 FROM no_such_table; SELECT 3").await.unwrap_err();
        assert!(error.to_string().contains("no_such_table"), "{error}");
        assert_eq!(number(&*conn, "SELECT 4").await.unwrap(), 4);
    }
}

#[tokio::test]
async fn statements_beyond_the_limit_are_closed() {
    for url in urls() {
        let conn = MySql.connect(&url, &Options { statements_per_connection: 3, ..Options::default() }).await.unwrap();
        for turn in 0..50 {
            assert_eq!(number(&*conn, &format!("SELECT {turn}")).await.unwrap(), turn);
            let once = Arc::new(Prepared::plain("DO 1".into(), false, false));
            conn.execute(&once, Values::new()).await.unwrap();
        }
        let kept: i64 = rows(&*conn, "SHOW SESSION STATUS LIKE 'Com_stmt_%'", [], &[Kind::Text, Kind::Text])
            .await
            .unwrap()
            .iter()
            .map(|row| match (&row[0], &row[1]) {
                (Value::Text(name), Value::Text(count)) if &**name == "Com_stmt_prepare" => count.parse().unwrap(),
                (Value::Text(name), Value::Text(count)) if &**name == "Com_stmt_close" => {
                    -count.parse::<i64>().unwrap()
                }
                _ => 0,
            })
            .sum();
        assert!(kept <= 3, "{kept} statements are open");
    }
}

#[tokio::test]
async fn violations_name_the_constraint() {
    for url in urls() {
        let conn = connect(&url).await;
        conn.batch("DROP TABLE IF EXISTS only_child, only_parent").await.unwrap();
        fresh(
            &*conn,
            "only_parent",
            "id INT PRIMARY KEY, email VARCHAR(50) NOT NULL, age INT, \
             CONSTRAINT only_parent_email_key UNIQUE (email), CONSTRAINT only_parent_age_check CHECK (age > 0)",
        )
        .await;
        fresh(
            &*conn,
            "only_child",
            "id INT, parent INT, CONSTRAINT only_child_parent_fkey FOREIGN KEY (parent) REFERENCES only_parent (id)",
        )
        .await;
        execute(&*conn, "INSERT INTO only_parent VALUES (1, 'a', 1)", []).await.unwrap();
        execute(&*conn, "INSERT INTO only_child VALUES (1, 1)", []).await.unwrap();
        let fails = async |sql: &str| {
            let error = execute(&*conn, sql, []).await.unwrap_err();
            assert!(!format!("{error:?}").contains("hidden"), "{error:?}");
            error
        };
        let error = fails("INSERT INTO only_parent VALUES (2, 'a', 1)").await;
        assert_eq!((error.kind(), error.constraint()), (ErrorKind::UniqueViolation, Some("only_parent_email_key")));
        let error = fails("INSERT INTO only_parent VALUES (1, 'hidden', 1)").await;
        assert_eq!((error.kind(), error.constraint()), (ErrorKind::UniqueViolation, Some("PRIMARY")));
        let error = fails("INSERT INTO only_parent VALUES (3, 'hidden', -1)").await;
        assert_eq!((error.kind(), error.constraint()), (ErrorKind::CheckViolation, Some("only_parent_age_check")));
        let error = fails("INSERT INTO only_parent VALUES (3, NULL, 1)").await;
        assert_eq!((error.kind(), error.columns()), (ErrorKind::NotNullViolation, &["email".to_owned()][..]));
        for sql in ["INSERT INTO only_child VALUES (2, 7)", "DELETE FROM only_parent"] {
            let error = fails(sql).await;
            assert_eq!((error.kind(), error.table()), (ErrorKind::ForeignKeyViolation, Some("only_child")), "{sql}");
            assert_eq!(error.constraint(), Some("only_child_parent_fkey"));
            assert_eq!(error.columns(), ["parent"]);
        }
        conn.batch("DROP TABLE only_child, only_parent").await.unwrap();
    }
}

static WORDS: TableDef = TableDef {
    name: "only_words",
    model: "Word",
    columns: &[
        KEY,
        ColumnDef { unique: true, ..column("word", Kind::Text) },
        ColumnDef { index: true, ..column("blob", Kind::Bytes) },
        column("a", Kind::I64),
        column("b", Kind::I64),
    ],
    primary_key: &[0],
    ..TableDef::BARE
};

fn of(at: usize) -> Expr {
    Expr::Column(ColumnRef { path: Vec::new(), column: &WORDS.columns[at] })
}

fn value(index: usize, kind: Kind) -> Expr {
    Expr::Bind { index, kind }
}

fn prepared(dialect: &dyn Dialect, tree: &Statement, values: Vec<Value>) -> Result<(String, Values)> {
    let mut w = Writer::new(dialect);
    ansi::statement(&mut w, tree)?;
    let (sql, binds) = w.finish();
    Ok((sql, bound(&binds, &values.into_iter().collect())?))
}

fn select(selection: Selection, filter: Option<Expr>) -> Select {
    Select {
        selection,
        table: &WORDS,
        columns: Vec::new(),
        items: Vec::new(),
        on: Vec::new(),
        filter,
        order: Vec::new(),
        limit: None,
        offset: None,
        part: None,
        lock: None,
    }
}

/// The words that a filter finds, in the order of their keys.
async fn found(conn: &dyn Connection, filter: Expr, values: Vec<Value>) -> Vec<String> {
    let mut rows_of = select(Selection::Rows, Some(filter));
    rows_of.order = vec![Order { expr: of(0), direction: Direction::Ascending, nullable: false, nulls: Nulls::First }];
    let (sql, values) = prepared(&*conn.dialect(), &Statement::Select(rows_of), values).unwrap();
    let got = rows(conn, &sql, values, &[Kind::I64, Kind::Text]).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    got.into_iter()
        .map(|mut row| if let Value::Text(text) = row.remove(1) { text.into() } else { "NULL".into() })
        .collect()
}

const SOME_WORDS: [&str; 14] =
    ["a", "A", "a ", "e", "é", "É", "🍣", "🍺", "100%", "100x", "a_b", "axb", "back\\slash", "bang! 'quote'"];

async fn with_words(url: &str) -> Conn {
    let conn = connect(url).await;
    create(&*conn, &WORDS).await;
    for word in SOME_WORDS {
        execute(&*conn, "INSERT INTO only_words (word, a, b) VALUES (?, 7, -2)", [text(word)]).await.unwrap();
    }
    conn
}

/// One test owns the table, so that tests can run side by side.
#[tokio::test]
async fn text_is_compared_by_code_point_and_lists_have_any_length() {
    for url in urls() {
        let conn = with_words(&url).await;
        let conn = &*conn;
        for word in SOME_WORDS {
            let equal = Expr::Compare { op: CompareOp::Eq, left: of(1).into(), right: value(0, Kind::Text).into() };
            assert_eq!(found(conn, equal, vec![text(word)]).await, [word]);
            let flipped = Expr::Compare { op: CompareOp::Eq, left: value(0, Kind::Text).into(), right: of(1).into() };
            assert_eq!(found(conn, flipped, vec![text(word)]).await, [word]);
        }
        for (left, right) in [("a", "A"), ("a", "a "), ("e", "é"), ("🍣", "🍺")] {
            let both =
                rows(conn, "SELECT ? = ?, LOWER(?) = LOWER(?)", [left, right, left, right].map(text), &[Kind::Bool; 2]);
            let folds = left.to_lowercase() == right.to_lowercase();
            assert_eq!(both.await.unwrap(), [[Value::Bool(false), Value::Bool(folds)]], "{left} {right}");
        }
        let lookup = |how, ignore_case| Expr::Text {
            how,
            ignore_case,
            value: of(1).into(),
            pattern: value(0, Kind::Text).into(),
        };
        for (how, ignore_case, needle, wanted) in [
            (TextMatch::Contains, false, "%", &["100%"][..]),
            (TextMatch::Contains, false, "_", &["a_b"]),
            (TextMatch::Contains, false, "\\", &["back\\slash"]),
            (TextMatch::Contains, false, "!", &["bang! 'quote'"]),
            (TextMatch::StartsWith, false, "a", &["a", "a ", "a_b", "axb"]),
            (TextMatch::EndsWith, false, "a", &["a"]),
            (TextMatch::EndsWith, false, " ", &["a "]),
            (TextMatch::EndsWith, false, "a ", &["a "]),
            (TextMatch::Contains, false, "🍺", &["🍺"]),
            (TextMatch::Whole, true, "a", &["a", "A"]),
            (TextMatch::Whole, true, "É", &["é", "É"]),
            (TextMatch::StartsWith, true, "A", &["a", "A", "a ", "a_b", "axb"]),
            (TextMatch::EndsWith, true, "É", &["é", "É"]),
            (TextMatch::Contains, true, "É", &["é", "É"]),
            (TextMatch::Contains, true, "BANG!", &["bang! 'quote'"]),
        ] {
            assert_eq!(found(conn, lookup(how, ignore_case), vec![text(needle)]).await, wanted, "{how:?} {needle}");
        }
        assert_eq!(found(conn, lookup(TextMatch::Contains, false), vec![text("")]).await.len(), SOME_WORDS.len());

        // Lists: placeholders, then JSON_TABLE.
        for log in [0, 2, 11] {
            let list = |column, kind| Expr::In { value: of(column).into(), index: 0, kind, log };
            let words = ["A", "🍣", "back\\slash", "bang! 'quote'"].map(text);
            let words: Arc<[Value]> = if log == 0 { [text("A")].into() } else { words.into() };
            let wanted = if log == 0 { &["A"][..] } else { &["A", "🍣", "back\\slash", "bang! 'quote'"] };
            assert_eq!(found(conn, list(1, Kind::Text), vec![Value::List(words)]).await, wanted, "{log}");
            let none: Arc<[Value]> = [Value::I64(-1)].into();
            assert_eq!(found(conn, list(3, Kind::I64), vec![Value::List(none)]).await.len(), 0);
        }
        let json_table = !conn.version().starts_with("10.5.");
        let many: Arc<[Value]> = (0..if json_table { 100_000 } else { 30_000 }).map(Value::I64).collect();
        let list = Expr::In { value: of(3).into(), index: 0, kind: Kind::I64, log: if json_table { 17 } else { 15 } };
        assert_eq!(found(conn, list, vec![Value::List(many)]).await.len(), SOME_WORDS.len());
        execute(conn, "UPDATE only_words SET `blob` = x'00FF' WHERE word = 'A'", []).await.unwrap();
        let list = Expr::In { value: of(2).into(), index: 0, kind: Kind::Bytes, log: 11 };
        let bytes: Arc<[Value]> = [Value::Bytes([0, 255].into())].into();
        assert_eq!(found(conn, list, vec![Value::List(bytes)]).await, ["A"]);
        let floats = Expr::In { value: of(3).into(), index: 0, kind: Kind::F64, log: 16 };
        let tree = Statement::Select(select(Selection::Rows, Some(floats)));
        let lists = conn.dialect().features().has(Feature::LongLists);
        assert_eq!(lists, json_table);
        for (float, missing) in [(1.5, None), (f64::INFINITY, Some(Feature::FloatInfinity))] {
            let list: Arc<[Value]> = [Value::F64(float)].into();
            let refused = prepared(&*conn.dialect(), &tree, vec![Value::List(list)]).err();
            let missing = if lists { missing } else { Some(Feature::LongLists) };
            assert_eq!(refused.and_then(|error| error.missing_feature()), missing);
        }

        // An offset needs no limit.
        let mut rest = select(Selection::Count, None);
        rest.offset = Some(0);
        let skipped = vec![Value::I64(3)];
        let (sql, values) = prepared(&*conn.dialect(), &Statement::Select(rest), skipped).unwrap();
        let left = rows(conn, &sql, values, &[Kind::I64]).await.unwrap();
        assert_eq!(left[0][0].as_i64(), Some(11));

        // 7 and -2: division truncates, is a fraction, leaves a remainder; zero gives NULL.
        for (op, right, wanted) in [
            (ArithmeticOp::IntDiv, -2, -3),
            (ArithmeticOp::Rem, -2, 1),
            (ArithmeticOp::Add, -2, 5),
            (ArithmeticOp::Sub, -2, 9),
            (ArithmeticOp::Mul, -2, -14),
        ] {
            for right in [of(4), value(1, Kind::I64)].into_iter().zip([right; 2]) {
                let result = Expr::Arithmetic { op, left: of(3).into(), right: right.0.into() };
                let equal = Expr::Compare { op: CompareOp::Eq, left: result.into(), right: value(0, Kind::I64).into() };
                let values = vec![Value::I64(wanted), Value::I64(right.1)];
                assert_eq!(found(conn, equal, values).await.len(), SOME_WORDS.len(), "{op:?}");
            }
        }
        let half = Expr::Arithmetic { op: ArithmeticOp::Div, left: of(3).into(), right: of(4).into() };
        let half = Expr::Compare { op: CompareOp::Eq, left: half.into(), right: value(0, Kind::F64).into() };
        assert_eq!(found(conn, half, vec![Value::F64(-3.5)]).await.len(), SOME_WORDS.len());
        for op in [ArithmeticOp::Div, ArithmeticOp::IntDiv, ArithmeticOp::Rem] {
            let zero = Expr::Arithmetic { op, left: of(3).into(), right: value(0, Kind::I64).into() };
            let zero = Expr::IsNull { value: zero.into(), negated: false };
            assert_eq!(found(conn, zero, vec![Value::I64(0)]).await.len(), SOME_WORDS.len(), "{op:?}");
        }

        // NULL sorts smallest, or where the term says.
        execute(conn, "INSERT INTO only_words (word) VALUES (NULL)", []).await.unwrap();
        for (direction, nulls, at) in [
            (Direction::Ascending, Nulls::First, 0),
            (Direction::Ascending, Nulls::Last, SOME_WORDS.len()),
            (Direction::Descending, Nulls::First, 0),
            (Direction::Descending, Nulls::Last, SOME_WORDS.len()),
        ] {
            let mut all = select(Selection::Rows, None);
            all.order = vec![Order { expr: of(1), direction, nullable: true, nulls }];
            let (sql, _) = prepared(&*conn.dialect(), &Statement::Select(all), Vec::new()).unwrap();
            let got = rows(conn, &sql, [], &[Kind::I64, Kind::Text]).await.unwrap();
            assert!(got[at][1].is_null());
        }

        // Every assignment reads the row as it was.
        let rows_of = select(Selection::Rows, None);
        let plus = Expr::Arithmetic { op: ArithmeticOp::Add, left: of(3).into(), right: of(4).into() };
        let set = vec![(&WORDS.columns[3], value(0, Kind::I64)), (&WORDS.columns[4], plus)];
        let tree = Statement::Update(Update { set, rows: rows_of, returning: false });
        let (sql, values) = prepared(&*conn.dialect(), &tree, vec![Value::I64(100)]).unwrap();
        execute(conn, &sql, values).await.unwrap();
        assert_eq!(number(conn, "SELECT COUNT(*) FROM only_words WHERE a = 100 AND b = 5").await.unwrap(), 14);
    }
}

#[test]
fn columns_cannot_be_exchanged_where_assignments_follow_each_other() {
    let set = vec![(&WORDS.columns[3], of(4)), (&WORDS.columns[4], of(3))];
    let tree = Statement::Update(Update { set, rows: select(Selection::Rows, None), returning: false });
    let error = prepared(&MySqlDialect::mysql(), &tree, Vec::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(prepared(&MySqlDialect::mariadb(), &tree, Vec::new()).is_ok());
    assert_eq!(MySqlDialect::mariadb().flavour(), Flavour::MariaDb);
}

#[tokio::test]
async fn sessions_are_strict_on_lax_servers() {
    for url in urls() {
        let conn = connect(&url).await;
        let lax = "SET GLOBAL sql_mode = ''";
        let before = word(&*conn, "SELECT CAST(@@GLOBAL.sql_mode AS CHAR)").await;
        conn.batch(lax).await.unwrap();
        let strict = connect(&url).await;
        conn.batch(&format!("SET GLOBAL sql_mode = '{before}'")).await.unwrap();
        fresh(&*strict, "only_strict", "t VARCHAR(3), n TINYINT, d DATE, z DOUBLE").await;
        for (sql, value) in [
            ("INSERT INTO only_strict (t) VALUES (?)", text("four")),
            ("INSERT INTO only_strict (n) VALUES (?)", Value::I64(128)),
            ("INSERT INTO only_strict (n) VALUES (?)", text("one")),
            ("INSERT INTO only_strict (d) VALUES (?)", text("2024-02-30")),
            ("INSERT INTO only_strict (d) VALUES (?)", text("0000-00-00")),
        ] {
            let error = execute(&*strict, sql, [value]).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Encode, "{sql}: {error:?}");
        }
        assert_eq!(number(&*strict, "SELECT COUNT(*) FROM only_strict").await.unwrap(), 0);
    }
}

//! Promises that need a PostgreSQL server. Servers are given by `COVET_TEST_PG*_URL`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use chrono::{DateTime, NaiveDate, Utc};
use covet_core::{
    ast::{ArithmeticOp, ColumnRef, CompareOp, CreateIndex, CreateTable, Expr, TextMatch},
    backend::{Db, Executor, Outcome, Work},
    error::{Error, ErrorKind, Result},
    render::{Dialect, Prepared, Writer, bound},
    schema::{ColumnDef, TableDef},
    value::{Kind, Row, RowSink, SqlType, Value, Values},
};
use covet_dialect_pg::{Postgres, PostgresDialect};
use futures_util::future::join_all;
use std::{
    any::Any,
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Waker},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    time::timeout,
};
use uuid::Uuid;

fn servers() -> Vec<String> {
    let is_server = |name: &str| name.starts_with("COVET_TEST_PG") && name.ends_with("_URL");
    let urls: Vec<String> = std::env::vars().filter(|(name, _)| is_server(name)).map(|(_, url)| url).collect();
    let required = std::env::var("COVET_TEST_REQUIRE").is_ok_and(|value| value == "1");
    assert!(!(urls.is_empty() && required), "no `COVET_TEST_PG*_URL` is set");
    urls
}

async fn open(url: &str, connections: u32) -> Db {
    Db::builder().backend(Postgres).max_connections(connections).open(url).await.unwrap()
}

/// Reads each row with a function.
struct Reader<T>(fn(&dyn Row) -> Result<T>, Vec<T>);

impl<T: Send + 'static> RowSink for Reader<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        self.1.push((self.0)(row)?);
        Ok(())
    }
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

fn kept(sql: &str) -> Arc<Prepared> {
    Arc::new(Prepared::plain(sql.to_owned(), true, true))
}

async fn query<T: Send + 'static>(
    on: &dyn Executor,
    statement: &Arc<Prepared>,
    values: impl IntoIterator<Item = Value>,
    read: fn(&dyn Row) -> Result<T>,
) -> Result<Vec<T>> {
    let values: Values = values.into_iter().collect();
    match on.run(Work::Query(Arc::clone(statement), values, Box::new(Reader(read, Vec::new())))).await? {
        Outcome::Rows(sink) => Ok(sink.into_any().downcast::<Reader<T>>().unwrap().1),
        Outcome::Done(_) => panic!("a query gave no rows"),
    }
}

async fn number(on: &dyn Executor, sql: &str) -> Result<i64> {
    Ok(query(on, &kept(sql), [], |row| i64::decode(row, 0)).await?.remove(0))
}

async fn execute(on: &dyn Executor, sql: &str, values: impl IntoIterator<Item = Value>) -> Result<u64> {
    match on.run(Work::Execute(kept(sql), values.into_iter().collect())).await? {
        Outcome::Done(done) => Ok(done.rows),
        Outcome::Rows(_) => panic!("a statement without rows gave rows"),
    }
}

async fn batch(on: &dyn Executor, sql: impl Into<String>) -> Result<()> {
    on.run(Work::Batch(sql.into().into())).await.map(drop)
}

async fn refusal(url: &str) -> Error {
    Db::open(Postgres, url).await.expect_err("the server refuses")
}

/// The parts of `scheme://user[:password]@address/database`.
fn parts(url: &str) -> (&str, &str, &str) {
    let (head, rest) = url.split_once("://").map_or(("", url), |(_, rest)| rest.split_once('@').unwrap_or(("", rest)));
    let (address, tail) = rest.split_once('/').unwrap_or((rest, ""));
    (head, address, tail.split('?').next().unwrap_or_default())
}

/// A server that asks for a password and answers it with one error.
async fn server_that_answers(code: &str, message: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut buffer = [0; 1024];
            let _ = stream.read(&mut buffer).await;
            stream.write_all(b"R\0\0\0\x08\0\0\0\x03").await.unwrap();
            let _ = stream.read(&mut buffer).await;
            let length = u32::try_from(fields.len()).unwrap() + 4;
            let reply = [b"E".as_slice(), &length.to_be_bytes(), fields.as_bytes()].concat();
            let _ = stream.write_all(&reply).await;
        }
    });
    port
}

#[tokio::test]
async fn a_wrong_password_names_the_user_and_not_the_password() {
    let port = server_that_answers("28P01", "password authentication failed for user \"ann\"").await;
    let mut urls = vec![format!("postgres://ann:s3cret@127.0.0.1:{port}/db")];
    for url in servers() {
        let (user, address, database) = parts(&url);
        // A server that trusts everyone refuses no password.
        if let Some((user, _)) = user.split_once(':') {
            urls.push(format!("postgres://{user}:s3cret@{address}/{database}"));
        }
    }
    for url in urls {
        let error = refusal(&url).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Connection, Some("28P01")), "{error:?}");
        assert!(error.to_string().contains("the password for user `"), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_password_that_is_missing_is_asked_for() {
    let port = server_that_answers("28P01", "no").await;
    let error = refusal(&format!("postgres://ann@127.0.0.1:{port}/db")).await;
    assert!(error.to_string().contains("asks for the password of user `ann`"), "{error}");
}

#[tokio::test]
async fn an_unknown_database_is_named_with_the_way_out() {
    for url in servers() {
        let (user, address, _) = parts(&url);
        let error = refusal(&format!("postgres://{user}@{address}/covet_no_such_database")).await;
        assert_eq!((error.kind(), error.code()), (ErrorKind::Connection, Some("3D000")), "{error:?}");
        assert!(error.to_string().contains("`createdb covet_no_such_database`"), "{error}");
    }
}

#[tokio::test]
async fn a_port_where_nobody_listens_is_named() {
    let port = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let error = refusal(&format!("postgres://ann:s3cret@127.0.0.1:{port}/db")).await;
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains(&format!("no server answers at 127.0.0.1:{port}")), "{error}");
}

#[tokio::test]
async fn the_commit_of_an_aborted_transaction_is_an_error() {
    for url in servers() {
        let db = open(&url, 1).await;
        let tx = db.begin().await.unwrap();
        assert!(number(&tx, "SELECT 1 / 0").await.is_err());
        let next = number(&tx, "SELECT 1::bigint").await.unwrap_err();
        assert_eq!(next.code(), Some("25P02"), "{next:?}");
        let error = tx.commit().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionRolledBack, "{error:?}");
        assert_eq!(number(&db, "SELECT 2::bigint").await.unwrap(), 2);

        let tx = db.begin().await.unwrap();
        assert!(number(&tx, "SELECT 1 / 0").await.is_err());
        let error = tx.commit().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TransactionRolledBack, "{error:?}");
        assert_eq!(number(&db, "SELECT 3::bigint").await.unwrap(), 3);
    }
}

#[tokio::test]
async fn a_savepoint_survives_an_error_inside() {
    for url in servers() {
        let db = open(&url, 1).await;
        let tx = db.begin().await.unwrap();
        let inner = tx.begin().await.unwrap();
        assert!(number(&inner, "SELECT 1 / 0").await.is_err());
        assert!(number(&inner, "SELECT 1::bigint").await.is_err());
        inner.rollback().await.unwrap();
        assert_eq!(number(&tx, "SELECT 4::bigint").await.unwrap(), 4);
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_cancelled_statement_does_not_reach_the_next_borrower() {
    for url in servers() {
        let db = open(&url, 1).await;
        let started = Instant::now();
        for round in 0..3 {
            let slow = number(&db, "SELECT 111 FROM pg_sleep(20)");
            assert!(timeout(Duration::from_millis(100), slow).await.is_err());
            assert_eq!(number(&db, &format!("SELECT {round}::bigint")).await.unwrap(), round);
        }
        assert!(started.elapsed() < Duration::from_secs(5), "the server went on with the cancelled statement");
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT 111%' AND state = 'active'";
        for _ in 0..100 {
            if number(&db, asleep).await.unwrap() == 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(number(&db, asleep).await.unwrap(), 0, "the server goes on with the cancelled statement");
    }
}

#[tokio::test]
async fn a_late_request_to_cancel_does_not_hit_the_next_statement() {
    for url in servers() {
        let conn = open(&url, 1).await.acquire().await.unwrap();
        for round in 0..100_u64 {
            // The statement ends at about the time at which it is dropped.
            let short = number(&conn, "SELECT 1 FROM pg_sleep(0.003)");
            let _ = timeout(Duration::from_micros(2_500 + round * 20), short).await;
            assert_eq!(number(&conn, "SELECT 5::bigint FROM pg_sleep(0.001)").await.unwrap(), 5);
        }
    }
}

#[tokio::test]
async fn a_cancelled_begin_never_lends_its_transaction() {
    for url in servers() {
        let db = open(&url, 1).await;
        let witness = open(&url, 1).await;
        batch(&db, "DROP TABLE IF EXISTS pg_only_begin; CREATE TABLE pg_only_begin (n bigint)").await.unwrap();
        for polls in 1..6_i64 {
            {
                let mut begin = pin!(db.begin());
                for _ in 0..polls {
                    if begin.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready() {
                        break;
                    }
                    tokio::time::sleep(Duration::from_micros(300)).await;
                }
            }
            execute(&db, "INSERT INTO pg_only_begin VALUES ($1)", [Value::I64(polls)]).await.unwrap();
            let seen = number(&witness, "SELECT count(*) FROM pg_only_begin").await.unwrap();
            assert_eq!(seen, polls, "the row is in somebody else's transaction");
        }
        batch(&db, "DROP TABLE pg_only_begin").await.unwrap();
    }
}

#[tokio::test]
async fn a_hundred_lookups_share_one_connection() {
    for url in servers() {
        let conn = open(&url, 1).await.acquire().await.unwrap();
        let statement = kept("SELECT $1::bigint * 2 FROM pg_sleep(0.001)");
        let on: &dyn Executor = &conn;
        let lookups = (0..100).map(|n| query(on, &statement, [Value::I64(n)], |row| i64::decode(row, 0)));
        for (n, rows) in (0..).zip(join_all(lookups).await) {
            assert_eq!(rows.unwrap(), [n * 2]);
        }
    }
}

/// A value by itself, as an array, and as NULL.
async fn comes_back<T: SqlType + Clone + PartialEq + std::fmt::Debug>(on: &dyn Executor, ty: &str, values: &[T]) {
    let statement = kept(&format!("SELECT $1::{ty}"));
    for value in values {
        let back = query(on, &statement, [value.clone().encode()], |row| T::decode(row, 0)).await.unwrap();
        assert_eq!(back, std::slice::from_ref(value), "{ty}");
    }
    assert_eq!(query(on, &statement, [Value::Null], |row| row.is_null(0)).await.unwrap(), [true], "{ty}");
    assert!(query(on, &statement, [Value::Null], |row| T::decode(row, 0)).await.is_err(), "{ty}");
    let list = Value::List(values.iter().cloned().map(T::encode).collect());
    let members = kept(&format!("SELECT m FROM unnest($1::{ty}[]) WITH ORDINALITY AS l (m, n) ORDER BY n"));
    assert_eq!(query(on, &members, [list], |row| T::decode(row, 0)).await.unwrap(), values, "{ty}[]");
    let empty = Value::List(Arc::new([]));
    assert!(query(on, &members, [empty], |row| T::decode(row, 0)).await.unwrap().is_empty(), "{ty}[]");
}

#[tokio::test]
async fn every_value_comes_back_as_it_was() {
    for url in servers() {
        let db = open(&url, 1).await;
        let conn = db.acquire().await.unwrap();
        comes_back(&conn, "boolean", &[true, false]).await;
        comes_back(&conn, "smallint", &[0, -1, i16::MIN, i16::MAX]).await;
        comes_back(&conn, "integer", &[0, -1, i32::MIN, i32::MAX]).await;
        comes_back(&conn, "bigint", &[0, -1, i64::MIN, i64::MAX]).await;
        let floats = [0.5, f64::MIN_POSITIVE, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, 5e-324];
        comes_back(&conn, "double precision", &floats).await;
        comes_back(&conn, "text", &["".to_owned(), "é 🍣 ' \" \\ % _".to_owned()]).await;
        comes_back(&conn, "varchar", &["x".to_owned()]).await;
        comes_back(&conn, "bytea", &[vec![], vec![0_u8, 255, 92, 39]]).await;
        comes_back(&conn, "uuid", &[Uuid::nil(), Uuid::max(), Uuid::from_u128(0x0123_4567_89ab_cdef)]).await;
        let time = |micros| DateTime::<Utc>::from_timestamp_micros(micros).unwrap();
        comes_back(&conn, "timestamptz", &[time(0), time(-1), time(1_700_000_000_123_456)]).await;
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        comes_back(&conn, "date", &[day(1970, 1, 1), day(1, 1, 1), day(9999, 12, 31), day(-4000, 2, 3)]).await;

        let nan = query(&conn, &kept("SELECT $1::double precision"), [Value::F64(f64::NAN)], |row| row.f64(0)).await;
        assert!(nan.unwrap()[0].unwrap().is_nan());
        let zero = query(&conn, &kept("SELECT $1::double precision"), [Value::F64(-0.0)], |row| row.f64(0)).await;
        assert!(zero.unwrap()[0].unwrap().is_sign_negative());
        let exists = query(&conn, &kept("SELECT EXISTS (SELECT 1)"), [], |row| row.bool(0)).await.unwrap();
        assert_eq!(exists, [Some(true)]);
    }
}

#[tokio::test]
async fn what_does_not_fit_is_an_error_and_the_connection_goes_on() {
    for url in servers() {
        let conn = open(&url, 1).await.acquire().await.unwrap();
        for sql in
            ["SELECT 'infinity'::timestamptz", "SELECT '-infinity'::timestamptz", "SELECT '290000-01-01'::timestamptz"]
        {
            let error = query(&conn, &kept(sql), [], |row| row.date_time(0)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Decode, "{sql}");
        }
        let error = query(&conn, &kept("SELECT 'infinity'::date"), [], |row| row.date(0)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let many = kept("SELECT n FROM generate_series(1, 100000) AS s (n)");
        let error = query(&conn, &many, [], |row| row.text(0).map(|_| ())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let error = query(&conn, &many, [], |row| row.is_null(1)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        let error = query(&conn, &kept("SELECT $1::smallint"), [Value::I32(70_000)], |_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Encode);
        let error = query(&conn, &kept("SELECT $1::smallint"), [], |_| Ok(())).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Database);
        assert_eq!(number(&conn, "SELECT 6::bigint").await.unwrap(), 6);
    }
}

/// A statement, its values, and what its error says: kind, constraint, columns.
type Violated = (&'static str, Vec<Value>, ErrorKind, Option<&'static str>, &'static [&'static str]);

#[tokio::test]
async fn violations_name_their_constraint_and_never_a_value() {
    for url in servers() {
        let db = open(&url, 2).await;
        batch(
            &db,
            "DROP TABLE IF EXISTS pg_only_post; DROP TABLE IF EXISTS pg_only_user;
             CREATE TABLE pg_only_user (id bigint PRIMARY KEY, email text NOT NULL, \"Two\" text,
               CONSTRAINT pg_only_user_email_key UNIQUE (email), CONSTRAINT pair UNIQUE (id, \"Two\"),
               CONSTRAINT short CHECK (length(email) < 20));
             CREATE TABLE pg_only_post (id bigint PRIMARY KEY, author_id bigint,
               CONSTRAINT pg_only_post_author_id_fkey FOREIGN KEY (author_id) REFERENCES pg_only_user (id));
             INSERT INTO pg_only_user VALUES (1, 's3cret', 'x'); INSERT INTO pg_only_post VALUES (1, 1)",
        )
        .await
        .unwrap();
        let user = "INSERT INTO pg_only_user VALUES ($1, $2, $3)";
        let text = |text: &str| Value::Text(text.into());
        let cases: [Violated; 6] = [
            (
                user,
                vec![Value::I64(2), text("s3cret"), Value::Null],
                ErrorKind::UniqueViolation,
                Some("pg_only_user_email_key"),
                &["email"],
            ),
            (
                user,
                vec![Value::I64(1), text("other"), text("s3cret")],
                ErrorKind::UniqueViolation,
                Some("pg_only_user_pkey"),
                &["id"],
            ),
            (user, vec![Value::I64(2), Value::Null, text("s3cret")], ErrorKind::NotNullViolation, None, &["email"]),
            (
                user,
                vec![Value::I64(2), text("s3cret s3cret s3cret s3cret"), Value::Null],
                ErrorKind::CheckViolation,
                Some("short"),
                &[],
            ),
            (
                "INSERT INTO pg_only_post VALUES ($1, $2)",
                vec![Value::I64(2), Value::I64(99_999)],
                ErrorKind::ForeignKeyViolation,
                Some("pg_only_post_author_id_fkey"),
                &["author_id"],
            ),
            (
                "DELETE FROM pg_only_user WHERE email = $1",
                vec![text("s3cret")],
                ErrorKind::ForeignKeyViolation,
                Some("pg_only_post_author_id_fkey"),
                &["author_id"],
            ),
        ];
        for (sql, values, kind, constraint, columns) in cases {
            let error = execute(&db, sql, values).await.unwrap_err();
            assert_eq!((error.kind(), error.constraint()), (kind, constraint), "{error:?}");
            assert_eq!(error.columns(), columns, "{error:?}");
            assert!(error.table().is_some_and(|table| table.starts_with("pg_only_")), "{error:?}");
            let shown = format!("{error:?}");
            assert!(!shown.contains("s3cret") && !shown.contains("99999"), "{shown}");
        }
        for sql in
            ["SELECT $1::text::bigint", "SELECT $1::text::uuid", "SELECT $1::text::json", "SELECT $1::text::date"]
        {
            let error = query(&db, &kept(sql), [text("s3cret")], |_| Ok(())).await.unwrap_err();
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
        batch(&db, "DROP TABLE pg_only_post; DROP TABLE pg_only_user").await.unwrap();
    }
}

#[tokio::test]
async fn a_changed_table_is_noticed() {
    for url in servers() {
        let db = open(&url, 2).await;
        let conn = db.acquire().await.unwrap();
        batch(&db, "DROP TABLE IF EXISTS pg_only_plan; CREATE TABLE pg_only_plan (a bigint)").await.unwrap();
        batch(&db, "INSERT INTO pg_only_plan VALUES (7)").await.unwrap();
        let all = kept("SELECT * FROM pg_only_plan");
        assert_eq!(query(&conn, &all, [], |row| i64::decode(row, 0)).await.unwrap(), [7]);
        batch(&db, "ALTER TABLE pg_only_plan ADD COLUMN b bigint").await.unwrap();
        assert_eq!(query(&conn, &all, [], |row| i64::decode(row, 0)).await.unwrap(), [7], "prepared again");
        batch(&db, "ALTER TABLE pg_only_plan ADD COLUMN c bigint").await.unwrap();
        let tx = conn.begin().await.unwrap();
        let error = query(&tx, &all, [], |row| i64::decode(row, 0)).await.unwrap_err();
        assert!(error.is_retryable(), "{error:?}");
        tx.rollback().await.unwrap();
        batch(&conn, "DEALLOCATE ALL").await.unwrap();
        assert_eq!(query(&conn, &all, [], |row| i64::decode(row, 0)).await.unwrap(), [7], "the server forgot it");
        batch(&db, "DROP TABLE pg_only_plan").await.unwrap();
    }
}

#[tokio::test]
async fn more_statements_than_are_kept_leave_none_behind() {
    for url in servers() {
        let db =
            Db::builder().backend(Postgres).max_connections(1).statements_per_connection(5).open(&url).await.unwrap();
        for n in 0..40 {
            assert_eq!(number(&db, &format!("SELECT {n}::bigint")).await.unwrap(), n);
        }
        let left = number(&db, "SELECT count(*) FROM pg_prepared_statements").await.unwrap();
        assert!(left <= 7, "{left} statements are prepared");
        let db = Db::builder().backend(Postgres).statements_per_connection(0).open(&url).await.unwrap();
        assert_eq!(number(&db, "SELECT 8::bigint").await.unwrap(), 8);
    }
}

#[tokio::test]
async fn a_connection_that_the_server_ends_is_replaced() {
    for url in servers() {
        let db = open(&url, 1).await;
        let error = number(&db, "SELECT 1::bigint FROM pg_terminate_backend(pg_backend_pid())").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error:?}");
        assert_eq!(number(&db, "SELECT 9::bigint").await.unwrap(), 9);
    }
}

/// The server refuses a second connection, so whoever waits for one must get the first when it is given back.
#[tokio::test]
async fn who_waits_for_a_connection_gets_the_one_that_is_given_back() {
    for url in servers() {
        let admin = open(&url, 1).await;
        batch(&admin, "DROP ROLE IF EXISTS covet_narrow").await.unwrap();
        batch(&admin, "CREATE ROLE covet_narrow LOGIN PASSWORD 'narrow' CONNECTION LIMIT 1").await.unwrap();
        let (scheme, rest) = url.split_once("://").unwrap();
        let narrow = format!("{scheme}://covet_narrow:narrow@{}", rest.rsplit_once('@').unwrap().1);
        let db = open(&narrow, 3).await;
        for n in 0..3 {
            let held = db.acquire().await.unwrap();
            let waits = async { timeout(Duration::from_secs(10), number(&db, "SELECT 1::bigint")).await };
            let gives_back = async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                drop(held);
            };
            let (number, ()) = tokio::join!(waits, gives_back);
            assert_eq!(number.unwrap().unwrap(), 1, "round {n}");
            let status = db.status();
            assert_eq!((status.open, status.idle), (1, 1));
        }
        drop(db);
        // The server needs a moment to notice that the connection is gone.
        while batch(&admin, "DROP ROLE covet_narrow").await.is_err() {}
    }
}

const fn column(name: &'static str, kind: Kind) -> ColumnDef {
    ColumnDef { name, field: name, kind, nullable: true, index: true, ..ColumnDef::BARE }
}

static COLUMNS: [ColumnDef; 12] = [
    ColumnDef { primary_key: true, auto: true, nullable: false, ..column("id", Kind::I64) },
    column("bool", Kind::Bool),
    column("i16", Kind::I16),
    column("i32", Kind::I32),
    column("i64", Kind::I64),
    column("f64", Kind::F64),
    column("text", Kind::Text),
    ColumnDef { max_length: Some(10), unique: true, ..column("short", Kind::Text) },
    column("bytes", Kind::Bytes),
    column("uuid", Kind::Uuid),
    column("date_time", Kind::DateTime),
    column("date", Kind::Date),
];

static TABLE: TableDef =
    TableDef { name: "pg_only_every", model: "Every", columns: &COLUMNS, primary_key: &[0], ..TableDef::BARE };

fn at(name: &str) -> Box<Expr> {
    let column = COLUMNS.iter().find(|column| column.name == name).unwrap();
    Box::new(Expr::Column(ColumnRef { path: Vec::new(), column }))
}

fn bind(index: usize, kind: Kind) -> Box<Expr> {
    Box::new(Expr::Bind { index, kind })
}

/// `SELECT count(*) .. WHERE condition`
async fn count(on: &dyn Executor, condition: &Expr, values: Vec<Value>) -> Result<i64> {
    let dialect = PostgresDialect::new();
    let mut w = Writer::new(&dialect);
    w.enter(&TABLE);
    w.sql("SELECT count(*) FROM ").name(TABLE.name).sql(" WHERE ");
    w.expr(condition)?;
    let (sql, binds) = w.finish();
    let values = bound(&binds, &values.into_iter().collect())?;
    Ok(query(on, &kept(&sql), values, |row| i64::decode(row, 0)).await.map_err(|error| panic!("{error:?}"))?.remove(0))
}

#[tokio::test]
async fn every_type_and_operator_of_the_dialect_is_understood() {
    for url in servers() {
        let db = open(&url, 1).await;
        let dialect = PostgresDialect::new();
        let mut w = Writer::new(&dialect);
        w.sql("DROP TABLE IF EXISTS ").name(TABLE.name).sql(";\n");
        dialect.create_table(&mut w, &CreateTable { table: &TABLE, foreign_keys: Vec::new() }).unwrap();
        for column in COLUMNS.iter().filter(|column| column.index) {
            w.sql(";\n");
            dialect.create_index(&mut w, &CreateIndex::of_column(&TABLE, column)).unwrap();
        }
        batch(&db, w.finish().0).await.unwrap();
        let time = DateTime::<Utc>::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        let row: [(&str, Kind, Value); 11] = [
            ("bool", Kind::Bool, Value::Bool(true)),
            ("i16", Kind::I16, Value::I16(7)),
            ("i32", Kind::I32, Value::I32(7)),
            ("i64", Kind::I64, Value::I64(7_000_000_000)),
            ("f64", Kind::F64, Value::F64(7.5)),
            ("text", Kind::Text, Value::Text("100% ÉTÉ_x".into())),
            ("short", Kind::Text, Value::Text("É".into())),
            ("bytes", Kind::Bytes, Value::Bytes([1, 2].into())),
            ("uuid", Kind::Uuid, Value::Uuid(Uuid::max())),
            ("date_time", Kind::DateTime, Value::DateTime(time)),
            ("date", Kind::Date, Value::Date(time.date_naive())),
        ];
        let names = row.each_ref().map(|(name, ..)| format!("\"{name}\"")).join(", ");
        let places = (1..=row.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let insert = format!("INSERT INTO pg_only_every ({names}) VALUES ({places})");
        execute(&db, &insert, row.each_ref().map(|(.., value)| value.clone())).await.unwrap();
        execute(&db, &insert, row.each_ref().map(|_| Value::Null)).await.unwrap();

        for (name, kind, value) in row {
            let equal = Expr::Compare { op: CompareOp::Eq, left: at(name), right: bind(0, kind) };
            assert_eq!(count(&db, &equal, vec![value.clone()]).await.unwrap(), 1, "{name}");
            let member = Expr::In { value: at(name), index: 0, kind, log: 1 };
            let list = Value::List(Arc::new([value.clone(), value]));
            assert_eq!(count(&db, &member, vec![list]).await.unwrap(), 1, "{name}");
        }

        // The large numbers fail when the server takes a parameter for a smaller type.
        let big = 7_000_000_000_i64;
        for (op, column, kind, value, result, is) in [
            (ArithmeticOp::Add, "i64", Kind::I64, Value::I64(big), Kind::I64, Value::I64(2 * big)),
            (ArithmeticOp::Sub, "i64", Kind::I64, Value::I64(big), Kind::I64, Value::I64(0)),
            (ArithmeticOp::Mul, "i16", Kind::I16, Value::I16(3), Kind::I16, Value::I16(21)),
            (ArithmeticOp::IntDiv, "i64", Kind::I64, Value::I64(big), Kind::I64, Value::I64(1)),
            (ArithmeticOp::Rem, "i64", Kind::I64, Value::I64(big), Kind::I64, Value::I64(0)),
            (ArithmeticOp::Rem, "i16", Kind::I16, Value::I16(4), Kind::I16, Value::I16(3)),
            (ArithmeticOp::Div, "i64", Kind::I64, Value::I64(big), Kind::F64, Value::F64(1.0)),
            (ArithmeticOp::Div, "f64", Kind::F64, Value::F64(2.5), Kind::F64, Value::F64(3.0)),
            (ArithmeticOp::Div, "i32", Kind::I32, Value::I32(2), Kind::F64, Value::F64(3.5)),
        ] {
            let left = Box::new(Expr::Arithmetic { op, left: at(column), right: bind(0, kind) });
            let equal = Expr::Compare { op: CompareOp::Eq, left, right: bind(1, result) };
            assert_eq!(count(&db, &equal, vec![value, is]).await.unwrap(), 1, "{op:?} {column}");
            let left = Box::new(Expr::Arithmetic { op, left: bind(0, kind), right: at(column) });
            let same = Expr::IsNull { value: left, negated: true };
            let one = if kind == Kind::F64 { Value::F64(1.0) } else { Value::I16(1) };
            assert_eq!(count(&db, &same, vec![one]).await.unwrap(), 1, "{op:?} {column}");
            let both = Box::new(Expr::Arithmetic { op, left: bind(0, Kind::I64), right: bind(1, Kind::I64) });
            let known = Expr::IsNull { value: both, negated: true };
            assert_eq!(count(&db, &known, vec![Value::I64(big), Value::I64(1)]).await.unwrap(), 2, "{op:?}");
        }
        for op in [ArithmeticOp::Div, ArithmeticOp::IntDiv, ArithmeticOp::Rem] {
            let by_zero = Box::new(Expr::Arithmetic { op, left: at("i64"), right: bind(0, Kind::I64) });
            let null = Expr::IsNull { value: by_zero, negated: false };
            assert_eq!(count(&db, &null, vec![Value::I64(0)]).await.unwrap(), 2, "{op:?}");
        }

        for (how, ignore_case, pattern, found) in [
            (TextMatch::Whole, false, "100% ÉTÉ_x", 1),
            (TextMatch::Whole, false, "100% été_X", 0),
            (TextMatch::Whole, true, "100% été_X", 1),
            (TextMatch::Contains, false, "ÉTÉ_", 1),
            (TextMatch::Contains, false, "été_", 0),
            (TextMatch::Contains, true, "été_", 1),
            (TextMatch::Contains, true, "t__", 0),
            (TextMatch::StartsWith, true, "100% É", 1),
            (TextMatch::StartsWith, true, "100%%", 0),
            (TextMatch::EndsWith, true, "_X", 1),
            (TextMatch::EndsWith, false, "!x", 0),
            (TextMatch::Contains, true, "", 1),
        ] {
            let text = Expr::Text { how, ignore_case, value: at("text"), pattern: bind(0, Kind::Text) };
            let pattern = Value::Text(pattern.into());
            assert_eq!(count(&db, &text, vec![pattern.clone()]).await.unwrap(), found, "{how:?} {pattern:?}");
        }
        batch(&db, "DROP TABLE pg_only_every").await.unwrap();
    }
}

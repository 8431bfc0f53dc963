"""sqlx with `FromRow` and texts at run time; it knows no relations, so that joins are text."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, each, neighbours

TITLE = "sqlx"
LOCK = "sqlx.lock"
DEPENDENCIES = (
    'sqlx = { version = "0.9", default-features = false, features = ["sqlite", "runtime-tokio", "derive"] }'
)
USES = "use sqlx::{FromRow, Result, SqlitePool};\n"


def model(n, fields):
    members = "".join(f"    pub {name}: {kind},\n" for name, kind in fields)
    return f"""
#[derive(FromRow, Clone, Debug)]
pub struct M{n} {{
{members}}}
"""


def plain():
    fields = [("id", "i64"), *COLUMNS]
    names = ", ".join(name for name, _ in fields)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
pub async fn one_m{n}(db: &SqlitePool, id: i64) -> Result<M{n}> {{
    sqlx::query_as("SELECT {names} FROM m{n} WHERE id = ?").bind(id).fetch_one(db).await
}}

pub async fn some_m{n}(db: &SqlitePool, age: i32) -> Result<Vec<M{n}>> {{
    sqlx::query_as(
        "SELECT {names} FROM m{n} WHERE age >= ? AND (name = ? OR note IS NULL) ORDER BY name, id DESC LIMIT 10",
    )
    .bind(age)
    .bind("Ann")
    .fetch_all(db)
    .await
}}

pub async fn new_m{n}(db: &SqlitePool, name: String) -> Result<M{n}> {{
    sqlx::query_as("INSERT INTO m{n} ({names[4:]}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING {names}")
        .bind(name)
        .bind("a@example.org")
        .bind(3)
        .bind(4_i64)
        .bind(0.5)
        .bind(true)
        .bind(None::<String>)
        .bind(None::<i32>)
        .bind(None::<bool>)
        .fetch_one(db)
        .await
}}
""")


def related(n, relations):
    fields = [("id", "i64"), ("name", "String"), *((f"{name}_id", "i64") for name, _ in relations)]
    text = model(n, fields)
    if relations:
        name, to = relations[0]
        names = ", ".join(f"a.{name}" for name, _ in fields)
        text += f"""
pub async fn by_m{n}(db: &SqlitePool) -> Result<Vec<M{n}>> {{
    sqlx::query_as(
        "SELECT {names} FROM m{n} AS a JOIN m{to} AS b ON b.id = a.{name}_id WHERE b.name = ? ORDER BY b.id",
    )
    .bind("Ann")
    .fetch_all(db)
    .await
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))

"""Hand-written code on rusqlite: structs, a function that reads a row, texts of SQL."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, WEB, each, neighbours

TITLE = "hand-written (rusqlite)"
LOCK = None
DEPENDENCIES = 'rusqlite = { version = "0.41", features = ["bundled"] }'
USES = "use rusqlite::{Connection, Result, Row, params};\n"


def model(n, fields):
    members = "".join(f"    pub {name}: {kind},\n" for name, kind in fields)
    reads = ", ".join(f"{name}: row.get({at})?" for at, (name, _) in enumerate(fields))
    return f"""
#[derive(Clone, Debug)]
pub struct M{n} {{
{members}}}

fn read_m{n}(row: &Row<'_>) -> Result<M{n}> {{
    Ok(M{n} {{ {reads} }})
}}
"""


def plain():
    fields = [("id", "i64"), *COLUMNS]
    names = ", ".join(name for name, _ in fields)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
pub fn one_m{n}(db: &Connection, id: i64) -> Result<M{n}> {{
    db.prepare_cached("SELECT {names} FROM m{n} WHERE id = ?")?.query_row([id], read_m{n})
}}

pub fn some_m{n}(db: &Connection, age: i32) -> Result<Vec<M{n}>> {{
    db.prepare_cached(
        "SELECT {names} FROM m{n} WHERE age >= ? AND (name = ? OR note IS NULL) ORDER BY name, id DESC LIMIT 10",
    )?
    .query_map(params![age, "Ann"], read_m{n})?
    .collect()
}}

pub fn new_m{n}(db: &Connection, name: String) -> Result<M{n}> {{
    let new = M{n} {{
        id: 0,
        name,
        email: "a@example.org".to_owned(),
        age: 3,
        views: 4,
        score: 0.5,
        active: true,
        note: None,
        rank: None,
        seen: None,
    }};
    db.prepare_cached("INSERT INTO m{n} ({names[4:]}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?.execute(params![
        new.name, new.email, new.age, new.views, new.score, new.active, new.note, new.rank, new.seen
    ])?;
    Ok(M{n} {{ id: db.last_insert_rowid(), ..new }})
}}
""")


def related(n, relations):
    fields = [("id", "i64"), ("name", "String"), *((f"{name}_id", "i64") for name, _ in relations)]
    text = model(n, fields)
    if relations:
        name, to = relations[0]
        names = ", ".join(f"a.{name}" for name, _ in fields)
        text += f"""
pub fn by_m{n}(db: &Connection) -> Result<Vec<M{n}>> {{
    db.prepare_cached(
        "SELECT {names} FROM m{n} AS a JOIN m{to} AS b ON b.id = a.{name}_id WHERE b.name = ? ORDER BY b.id",
    )?
    .query_map(params!["Ann"], read_m{n})?
    .collect()
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))


def web():
    return USES + each(WEB, lambda n: related(n, [("near", (n + 1) % WEB), ("far", (n + 2) % WEB)]))

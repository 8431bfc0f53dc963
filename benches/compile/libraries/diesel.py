"""Diesel."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, each, neighbours

TITLE = "diesel"
LOCK = "diesel.lock"
DEPENDENCIES = """diesel = { version = "2.3", features = ["sqlite", "returning_clauses_for_sqlite_3_35"] }
libsqlite3-sys = { version = "0.37", features = ["bundled"] }"""
USES = "use diesel::prelude::*;\n"
SQL = {
    "String": "Text",
    "i32": "Integer",
    "i64": "BigInt",
    "f64": "Double",
    "bool": "Bool",
    "Option<String>": "Nullable<Text>",
    "Option<i32>": "Nullable<Integer>",
    "Option<bool>": "Nullable<Bool>",
}


def model(n, fields):
    columns = "".join(f"        {name} -> {SQL[kind]},\n" for name, kind in fields)
    members = "".join(f"    pub {name}: {kind},\n" for name, kind in fields)
    return f"""
diesel::table! {{
    m{n} (id) {{
{columns}    }}
}}

#[derive(Queryable, Selectable, Identifiable, Clone, Debug)]
#[diesel(table_name = m{n})]
pub struct M{n} {{
{members}}}
"""


def plain():
    fields = [("id", "i64"), *COLUMNS]
    new = "".join(f"    pub {name}: {kind},\n" for name, kind in COLUMNS)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
#[derive(Insertable)]
#[diesel(table_name = m{n})]
pub struct NewM{n} {{
{new}}}

pub fn one_m{n}(db: &mut SqliteConnection, id: i64) -> QueryResult<M{n}> {{
    m{n}::table.find(id).select(M{n}::as_select()).get_result(db)
}}

pub fn some_m{n}(db: &mut SqliteConnection, age: i32) -> QueryResult<Vec<M{n}>> {{
    m{n}::table
        .filter(m{n}::age.ge(age).and(m{n}::name.eq("Ann").or(m{n}::note.is_null())))
        .order((m{n}::name.asc(), m{n}::id.desc()))
        .limit(10)
        .select(M{n}::as_select())
        .load(db)
}}

pub fn new_m{n}(db: &mut SqliteConnection, name: String) -> QueryResult<M{n}> {{
    let new = NewM{n} {{
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
    diesel::insert_into(m{n}::table).values(new).returning(M{n}::as_returning()).get_result(db)
}}
""")


def related(n, relations):
    fields = [("id", "i64"), ("name", "String"), *((f"{name}_id", "i64") for name, _ in relations)]
    text = model(n, fields)
    for name, to in relations:
        text += f"diesel::joinable!(m{n} -> m{to} ({name}_id));\n"
    for _, to in relations:
        text += f"diesel::allow_tables_to_appear_in_same_query!(m{n}, m{to});\n"
    if relations:
        to = relations[0][1]
        text += f"""
pub fn by_m{n}(db: &mut SqliteConnection) -> QueryResult<Vec<M{n}>> {{
    m{n}::table
        .inner_join(m{to}::table)
        .filter(m{to}::name.eq("Ann"))
        .order(m{to}::id)
        .select(M{n}::as_select())
        .load(db)
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))

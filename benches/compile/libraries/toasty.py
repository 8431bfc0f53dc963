"""Toasty; it cannot order by a column of another model."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, each, neighbours

TITLE = "toasty"
LOCK = "toasty.lock"
DEPENDENCIES = 'toasty = { version = "0.11", default-features = false, features = ["sqlite"] }'
USES = "use toasty::{Db, Result};\n"


def model(n, fields):
    return f"""
#[derive(Debug, toasty::Model)]
#[table = "m{n}"]
pub struct M{n} {{
    #[key]
    #[auto]
    pub id: i64,
{fields}}}
"""


def plain():
    fields = "".join(f"    pub {name}: {kind},\n" for name, kind in COLUMNS)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
pub async fn one_m{n}(db: &mut Db, id: i64) -> Result<M{n}> {{
    M{n}::get_by_id(db, id).await
}}

pub async fn some_m{n}(db: &mut Db, age: i32) -> Result<Vec<M{n}>> {{
    let m = M{n}::fields();
    M{n}::filter(m.age().ge(age).and(m.name().eq("Ann").or(m.note().is_none())))
        .order_by((m.name().asc(), m.id().desc()))
        .limit(10)
        .exec(db)
        .await
}}

pub async fn new_m{n}(db: &mut Db, name: String) -> Result<M{n}> {{
    M{n}::create().name(name).email("a@example.org").age(3).views(4).score(0.5).active(true).exec(db).await
}}
""")


def related(n, relations):
    fields = "    pub name: String,\n"
    for name, to in relations:
        fields += f"""    #[index]
    pub {name}_id: i64,
    #[belongs_to(key = {name}_id, references = id)]
    pub {name}: toasty::Deferred<M{to}>,
"""
    text = model(n, fields)
    if relations:
        name = relations[0][0]
        text += f"""
pub async fn by_m{n}(db: &mut Db) -> Result<Vec<M{n}>> {{
    M{n}::filter(M{n}::fields().{name}().name().eq("Ann")).exec(db).await
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))

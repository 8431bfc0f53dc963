"""covet."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, WEB, each, neighbours

TITLE = "covet"
LOCK = None  # that of the repository
DEPENDENCIES = 'covet = { path = "@ROOT@/covet" }'
USES = "use covet::prelude::*;\n"


def model(n, fields):
    return f"""
#[derive(Model, Clone, Debug)]
#[covet(table = "m{n}")]
pub struct M{n} {{
    pub id: i64,
{fields}}}
"""


def plain():
    fields = "".join(f"    pub {name}: {kind},\n" for name, kind in COLUMNS)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
pub async fn one_m{n}(db: &covet::Db, id: i64) -> covet::Result<M{n}> {{
    M{n}::find(id).get(db).await
}}

pub async fn some_m{n}(db: &covet::Db, age: i32) -> covet::Result<Vec<M{n}>> {{
    M{n}::filter(M{n}::age.gte(age) & (M{n}::name.eq("Ann") | M{n}::note.is_null()))
        .order_by((M{n}::name.asc(), M{n}::id.desc()))
        .limit(10)
        .all(db)
        .await
}}

pub async fn new_m{n}(db: &covet::Db, name: String) -> covet::Result<M{n}> {{
    M{n}::create().name(name).email("a@example.org").age(3).views(4).score(0.5).active(true).save(db).await
}}
""")


def related(n, relations):
    fields = "    pub name: String,\n" + "".join(f"    pub {name}: ForeignKey<M{to}>,\n" for name, to in relations)
    text = model(n, fields)
    if relations:
        name = relations[0][0]
        text += f"""
pub async fn by_m{n}(db: &covet::Db) -> covet::Result<Vec<M{n}>> {{
    M{n}::filter(M{n}::{name}.name.eq("Ann")).order_by(M{n}::{name}.id.asc()).all(db).await
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))


def web():
    def one(n):
        near, far = (n + 1) % WEB, (n + 2) % WEB
        back = f"others: M{(n - 1) % WEB}.near, further: M{(n - 2) % WEB}.far"
        return f"""
#[derive(Model, Clone, Debug)]
#[covet(table = "m{n}", has_many({back}), many_to_many(tags: M{(n + 3) % WEB}))]
pub struct M{n} {{
    pub id: i64,
    pub name: String,
    pub near: ForeignKey<M{near}>,
    pub far: ForeignKey<M{far}>,
}}

pub async fn by_m{n}(db: &covet::Db) -> covet::Result<Vec<M{n}>> {{
    M{n}::filter(M{n}::near.name.eq("Ann")).order_by(M{n}::near.id.asc()).all(db).await
}}
"""
    return USES + each(WEB, one)

"""SeaORM 2 in its newest format, `#[sea_orm::model]`."""

from .shape import CHAIN, COLUMNS, DENSE, PLAIN, each, neighbours

TITLE = "sea-orm"
LOCK = "sea_orm.lock"
DEPENDENCIES = (
    'sea-orm = { version = "2", default-features = false, features = '
    '["macros", "sqlx-sqlite", "runtime-tokio", "sqlite-use-returning-for-3_35"] }'
)
USES = "use sea_orm::{ActiveValue::Set, Condition, QueryOrder, QuerySelect, entity::prelude::*};\n"


def model(n, fields):
    return f"""
pub mod m{n} {{
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "m{n}")]
    pub struct Model {{
        #[sea_orm(primary_key)]
        pub id: i64,
{fields}    }}

    impl ActiveModelBehavior for ActiveModel {{}}
}}
"""


def plain():
    fields = "".join(f"        pub {name}: {kind},\n" for name, kind in COLUMNS)
    return USES + each(PLAIN, lambda n: model(n, fields) + f"""
pub async fn one_m{n}(db: &DatabaseConnection, id: i64) -> Result<Option<m{n}::Model>, DbErr> {{
    m{n}::Entity::find_by_id(id).one(db).await
}}

pub async fn some_m{n}(db: &DatabaseConnection, age: i32) -> Result<Vec<m{n}::Model>, DbErr> {{
    m{n}::Entity::find()
        .filter(m{n}::Column::Age.gte(age))
        .filter(Condition::any().add(m{n}::Column::Name.eq("Ann")).add(m{n}::Column::Note.is_null()))
        .order_by_asc(m{n}::Column::Name)
        .order_by_desc(m{n}::Column::Id)
        .limit(10)
        .all(db)
        .await
}}

pub async fn new_m{n}(db: &DatabaseConnection, name: String) -> Result<m{n}::Model, DbErr> {{
    let new = m{n}::ActiveModel {{
        name: Set(name),
        email: Set("a@example.org".to_owned()),
        age: Set(3),
        views: Set(4),
        score: Set(0.5),
        active: Set(true),
        ..Default::default()
    }};
    new.insert(db).await
}}
""")


def related(n, relations):
    fields = "        pub name: String,\n"
    for name, to in relations:
        fields += f"""        pub {name}_id: i64,
        #[sea_orm(belongs_to, from = "{name}_id", to = "id")]
        pub {name}: HasOne<super::m{to}::Entity>,
"""
    text = model(n, fields)
    if relations:
        to = relations[0][1]
        text += f"""
pub async fn by_m{n}(db: &DatabaseConnection) -> Result<Vec<m{n}::Model>, DbErr> {{
    m{n}::Entity::find()
        .inner_join(m{to}::Entity)
        .filter(m{to}::Column::Name.eq("Ann"))
        .order_by_asc(m{to}::Column::Id)
        .all(db)
        .await
}}
"""
    return text


def chain():
    return USES + each(CHAIN, lambda n: related(n, [("before", n - 1)] if n else []))


def dense():
    return USES + each(DENSE, lambda n: related(n, [(f"r{at}", to) for at, to in enumerate(neighbours(n))]))

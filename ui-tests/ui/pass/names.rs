//! Names that could collide: by case, with what the derive writes, with keywords, with entry points.
#![deny(warnings)]
#![allow(dead_code)]

use covet::prelude::*;

mod cases {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Ab {
        pub id: i64,
    }
    #[derive(Model, Clone, Debug)]
    #[allow(clippy::upper_case_acronyms)]
    pub struct AB {
        pub id: i64,
    }
}

#[derive(Model, Clone, Debug)]
pub struct Named {
    pub id: i64,
    pub author: ForeignKey<Named>,
    pub author_relation: Option<ForeignKey<Named>>,
    pub row: i32,
    pub at: i32,
    pub value: i32,
    pub relation: i32,
    pub missing: i32,
    pub on: i32,
    pub states: i32,
    pub key: i32,
    pub table: i32,
    pub columns: i32,
}

#[derive(Model, Clone, Debug)]
pub struct Keywords {
    pub id: i64,
    pub r#type: String,
    pub r#match: Option<i32>,
    pub r#ref: Option<ForeignKey<Named>>,
    #[covet(token = "filter_")]
    pub filter: i32,
}

/// The name of a relation's module.
mod owner {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Owner {
        pub id: i64,
        pub name: String,
    }
}
#[derive(Model, Clone, Debug)]
pub struct Dog {
    pub id: i64,
    pub owner: ForeignKey<owner::Owner>,
}

/// The names of types that covet has.
mod types {
    #[derive(covet::Model, Clone, Debug)]
    pub struct Model {
        pub id: i64,
        pub name: String,
    }
    #[derive(covet::Model, Clone, Debug)]
    pub struct Column {
        pub id: i64,
        pub model: covet::ForeignKey<Model>,
    }
    #[derive(covet::Model, Clone, Debug)]
    pub struct Set {
        pub id: i64,
        pub name: String,
    }
}

fn main() {
    let _ = cases::Ab::find(1);
    let _ = cases::AB::find(1);
    let _ = Named::filter(Named::author.row.eq(1) & Named::author_relation.columns.eq(2));
    let _ = Keywords::filter(Keywords::r#type.eq("x") & Keywords::r#match.is_null() & Keywords::filter_.eq(1));
    let _ = Keywords::filter(Keywords::r#ref.key.eq(1));
    let _ = Keywords::create().r#type("x").filter(1).r#match(2).build();
    let _ = Dog::filter(Dog::owner.name.eq("x"));
    let _ = types::Column::filter(types::Column::model.name.eq("x"));
    let _ = types::Set::create().name("x").build();
}

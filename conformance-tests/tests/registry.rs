//! Models that say by themselves that they are there, in a crate that forbids unsafe code.

#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used)]

use covet::{prelude::*, registry, registry::Registry};
use covet_macros::Model;

/// A person.
#[derive(Model, Clone, Debug)]
#[covet(table = "registry_users")]
pub struct User {
    id: i64,
}

mod blog {
    use covet::prelude::*;
    use covet_macros::Model;

    #[derive(Model, Clone, Debug)]
    #[covet(table = "registry_posts")]
    pub struct Post {
        id: i64,
        author: ForeignKey<super::User>,
    }
}

const MODELS: Registry = Registry::new(&models![User, blog::Post]);

#[test]
fn linked_models_are_the_listed_ones() {
    let linked = registry::all().unwrap();
    let names: Vec<_> = linked.tables().iter().map(|table| table.name).collect();
    assert_eq!(names, ["registry_posts", "registry_users"]);
    for table in MODELS {
        assert!(std::ptr::eq(linked.by_name(table.model).unwrap(), table));
    }
}

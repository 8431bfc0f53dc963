//! The foreign keys that lead to a table.

use crate::{
    registry,
    schema::{Ends, Link, OnDelete, RelationDef, TableDef},
};
use std::{
    collections::HashMap,
    ptr,
    sync::{Arc, PoisonError, RwLock},
};

/// Foreign keys that say what becomes of their rows when others are deleted.
pub type Keys = Arc<[&'static RelationDef]>;

/// Finds them among the models that are known: those that a model declares to lead to it, those of the models that the
/// handle was given, and those of the models that are linked into the program, where they are collected.
#[derive(Default)]
pub struct Referrers {
    models: Vec<&'static TableDef>,
    /// By the address of the table.
    found: RwLock<HashMap<usize, Keys>>,
}

impl Referrers {
    /// With models that are known besides.
    pub fn new(models: impl IntoIterator<Item = &'static TableDef>) -> Referrers {
        Referrers { models: models.into_iter().collect(), found: RwLock::default() }
    }

    /// The same with more models.
    #[must_use]
    pub fn with(&self, models: impl IntoIterator<Item = &'static TableDef>) -> Referrers {
        Referrers::new(self.models.iter().copied().chain(models))
    }

    /// The foreign keys to a table that have something to do when one of its rows is deleted.
    pub fn of(&self, table: &'static TableDef) -> Keys {
        let place = ptr::from_ref(table).addr();
        let known = self.found.read().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        known.unwrap_or_else(|| {
            let keys: Keys = self.search(table).into();
            self.found.write().unwrap_or_else(PoisonError::into_inner).insert(place, Arc::clone(&keys));
            keys
        })
    }

    #[cold]
    fn search(&self, table: &'static TableDef) -> Vec<&'static RelationDef> {
        let mut found: Vec<&'static RelationDef> = Vec::new();
        let mut add = |key: &'static RelationDef| {
            let is_new = !found.iter().any(|other| ptr::eq(*other, key));
            if ptr::eq(key.to, table) && is_new && !matches!(key.on_delete, OnDelete::NoAction) {
                found.push(key);
            }
        };
        for link in (table.declared)() {
            match link {
                Link::One(RelationDef { ends: Ends::Back(key), .. }) => add(key),
                Link::One(_) => {}
                Link::Back(key) | Link::Through { near: key, .. } => add(key),
            }
        }
        let models = self.models.iter().chain(registry::linked()).copied().chain([table]);
        for model in models.flat_map(|model| std::iter::once(model).chain((model.joins)().iter().copied())) {
            (model.foreign_keys)().iter().for_each(|key| add(key));
        }
        found
    }
}

//! Models as data: a list that can be asked, written down in the program or collected when it is linked.

use crate::{
    error::{Error, ErrorKind, Result},
    schema::TableDef,
};
use std::{collections::HashMap, hash::Hash, ptr, slice};

/// A list of models.
///
/// ```
/// # extern crate covet_core as covet;
/// # use covet::{prelude::*, registry::Registry}; use covet_macros::Model;
/// # #[derive(Model)] struct User { id: i64 }
/// # #[derive(Model)] #[covet(table = "posts")] struct Post { id: i64 }
/// pub const MODELS: Registry = Registry::new(&models![User, Post]);
///
/// # async fn f(db: &Db) -> covet::error::Result<()> {
/// db.create_tables(MODELS).await?;
/// # Ok(()) }
/// assert_eq!(MODELS.by_name("Post").map(|table| table.name), Some("posts"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Registry(&'static [&'static TableDef]);

impl Registry {
    /// The models of a list: `Registry::new(&models![User, Post])`.
    pub const fn new(models: &'static [&'static TableDef]) -> Registry {
        Registry(models)
    }

    /// Their tables, in the order of the list.
    pub const fn tables(self) -> &'static [&'static TableDef] {
        self.0
    }

    /// The model with this name in Rust, without its path; the first one of several.
    pub fn by_name(self, model: &str) -> Option<&'static TableDef> {
        self.0.iter().copied().find(|table| table.model == model)
    }

    /// The model with this table.
    pub fn by_table(self, table: &str) -> Option<&'static TableDef> {
        self.0.iter().copied().find(|other| other.name == table)
    }

    /// The same list, when each table belongs to one model.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when two models have one table; the error names both.
    pub fn checked(self) -> Result<Registry> {
        distinct(self.0, |table| table.schema.copied()).map(|()| self)
    }
}

/// Refuses two models with one table, whose schema `schema` tells. A model that is listed twice is no other model,
/// and one that covet does not manage may be about a table of another.
pub(crate) fn distinct<S: Eq + Hash>(tables: &[&'static TableDef], schema: impl Fn(&TableDef) -> S) -> Result<()> {
    let mut seen: HashMap<(S, &str), &TableDef> = HashMap::with_capacity(tables.len());
    for table in tables.iter().copied().filter(|table| table.managed) {
        let other = *seen.entry((schema(table), table.name)).or_insert(table);
        if !ptr::eq(other, table) {
            return Err(Error::new(
                ErrorKind::Configuration,
                format!("`{}` and `{}` have one table, `{}`", other.model, table.model, table.name),
            )
            .hint("give one of them another: `#[covet(table = \"..\")]`"));
        }
    }
    Ok(())
}

impl IntoIterator for Registry {
    type Item = &'static TableDef;
    type IntoIter = std::iter::Copied<slice::Iter<'static, &'static TableDef>>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().copied()
    }
}

#[cfg(feature = "registry")]
pub(crate) use linked::linked;
#[cfg(feature = "registry")]
pub use linked::{Entry, all};

/// The models that are linked into the program, where they are collected.
#[cfg(not(feature = "registry"))]
pub(crate) fn linked() -> &'static [&'static TableDef] {
    &[]
}

#[cfg(feature = "registry")]
mod linked {
    use super::Registry;
    use crate::{error::Result, schema::TableDef};
    use std::sync::OnceLock;

    /// A model that says it is there; made by the derive.
    #[doc(hidden)]
    pub struct Entry(pub &'static TableDef);

    inventory::collect!(Entry);

    /// Every model that is linked into the program, ordered by its table.
    ///
    /// A model of a crate that nothing of the program uses is not linked, and not there. Where programs have no code
    /// that runs before `main`, the list is empty: write it down with [`Registry::new`].
    ///
    /// # Errors
    /// When two models have one table; the error names both.
    pub fn all() -> Result<Registry> {
        Registry::new(linked()).checked()
    }

    /// The same, whatever their tables.
    pub(crate) fn linked() -> &'static [&'static TableDef] {
        static ALL: OnceLock<Vec<&'static TableDef>> = OnceLock::new();
        ALL.get_or_init(|| {
            let mut tables: Vec<_> = inventory::iter::<Entry>.into_iter().map(|entry| entry.0).collect();
            tables.sort_by_key(|table| (table.name, table.model));
            tables
        })
    }
}

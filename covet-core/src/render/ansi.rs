//! The defaults: standard SQL, one function for each method of [`Dialect`](super::Dialect) under
//! the same name. An override calls them as its "super".

mod ddl;
mod expr;
mod literal;
mod made;
mod parts;
mod related;
mod statement;
mod tree;
mod update_many;

pub use ddl::{
    add_foreign_key, column_condition, column_definition, create_index, create_schema, create_table, drop_tables,
    index_column, known, literals, on_delete, quoted,
};
pub use expr::{
    arithmetic, comparand, distinct, expr, fold_case, folded, is_in, parameter, placeholder, regex, require_arrays,
    same_uuids, store, table_arrays, text,
};
pub use literal::{hex, in_years, literal, literal_of, plain_text, text_literal};
pub use made::{db_default, no_expression};
pub use parts::parts;
pub use related::{gather, related};
pub use statement::{conflict, copy, delete, insert, lock, order, select, slice, statement, typed, update};
pub use tree::tree;
pub use update_many::{VALUES, joined, set_from, update_many};

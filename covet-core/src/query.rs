//! Queries: values that describe a statement, and the verbs that run it.

mod bulk;
mod bulk_update;
mod cascade;
mod choose;
mod ddl;
mod deleted;
mod found;
mod hooks;
mod insert;
mod insert_from;
mod insertable;
mod instance;
mod load;
mod load_into;
mod load_plan;
mod loader;
mod made;
mod of;
mod patch;
mod projection;
mod put;
mod raw;
mod related;
mod returning;
mod save;
mod scope;
mod select;
mod serialize;
mod slot;
mod sql;
mod through;
mod touch;
mod tree;
mod unique;
mod update;
mod upsert;

pub use bulk::{BulkCreate, BulkCreates, BulkUpsert};
pub use bulk_update::{BulkUpdate, BulkUpdates};
pub use choose::{Choose, Chosen};
pub use ddl::create_statements;
pub use deleted::Deleted;
pub use hooks::{DeleteHooks, HookTable, Hooks, Saving};
pub use insert::{AllGiven, Build, Create, Give, New, Refers, Set};
pub use insert_from::{Fills, InsertFrom, InsertSelect, Selected};
pub use insertable::{InsertFields, Insertable, ReadablePart};
pub use instance::{Instance, InstanceColumns};
pub use load::{
    Batched, InPlaceOf, Load, LoadBy, LoadInto, LoadRows, Loadable, LoadedRows, OrderRows, SelectOf, ShareBy, With,
};
pub use load_into::{InHand, load_into};
pub use load_plan::HeldOf;
pub use loader::{Loader, Loaders};
pub use of::{Links, Of};
pub use patch::{Input, NoPatch, Patch, PatchFields, Readable, Shown, fmt_patch, read_patch};
pub use projection::{FieldFrom, Projected, Projection, ReadInto, SelectAs, Viewed, chosen};
pub use raw::{AssertSafe, Bindable, Raw, RawRows, SqlText, assert_safe, sql};
pub use returning::{ByKeys, InBulk};
pub use save::Save;
pub use select::{Filter, Find, OrderBy, Query, Start, Unscoped, Where};
pub use serialize::{Member, Slotted, serialize_with};
pub use slot::{Assemble, Named, NotLoaded, Replace, Shape, Slot, WithRows, WithValue, fmt_with};
pub use sql::Sql;
pub use tree::Tree;
pub use unique::ValidateUnique;
pub use update::{Update, Updates};
pub use upsert::{
    By, Conflicts, Found, FoundAndUpdated, GetOrCreate, NewRow, OnConflict, Outcome, UpdateOrCreate, UpdatesConflict,
    Upsert, Upserted,
};

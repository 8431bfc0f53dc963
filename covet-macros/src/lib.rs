//! The derives of covet. Use them through the crate `covet`.

mod attributes;
mod db_enum;
mod loaded;
mod model;
mod newtype;
mod projection;
mod rules;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a model: column tokens, the table's description, decoding, and the insert builder.
///
/// On the struct: `table = ".."` (default: the name in snake_case, never made plural: `UserProfile` is
/// `user_profile`), `crate = ".."` (where covet is, default `::covet`), `order_by(-created_at, name)` (how rows are ordered where a query says nothing),
/// `scope = path` (a function that gives the `Predicate` of the rows that queries see), `hooks` (it
/// implements `Hooks`), `check(name = predicate)` (a CHECK constraint from a predicate of the model),
/// `unique(a, b)` and `index(a, -b)` (keys and indexes over several columns): docs/models.md. The relations of other
/// models' foreign keys stand there too: `has_many(posts: Post.author)`, `has_one(profile: Profile.user)`,
/// `many_to_many(tags: Tag)`, `many_to_many(tags: Tag through PostTag)`, `many_to_many(posts: Post.tags)`: docs/relations.md;
/// and `with(derive(Clone, PartialEq))`, what rows with relations implement instead of `Clone`, `Debug` and `Serialize`.
///
/// On a field: `primary_key`, `auto`, `column = ".."`, `unique`, `index`, `max_length = n`,
/// `decimal(precision, scale)`, `default` (the type's), `default = value` (a constant or an expression; a function
/// or a closure is called for each row), `token = ".."`, `flatten` (of a [`macro@Embed`]) with `prefix = ".."`;
/// `auto_now_add` and `auto_now` on a date or a time, which covet sets when a row is stored, and the latter whenever
/// it is changed
/// (UTC, one reading of the clock a statement); `version` on one integer, which counts the changes of the row
/// and tells a save that came too late; `soft_delete` (deletes set it, and queries no longer see the row);
/// `tenant` (whose row it is: `db.with_tenant(..)`);
/// `db_default`, `generated`, `stored`, `virtual`, `read_only`, `sql_type`, `collate`, `comment`, `label`, `help`,
/// and on the struct `comment`, `label`, `label_plural`: the page docs/models.md says what they mean.
///
/// Rules of a field, which are checked before anything is sent: `blank` (the empty text is allowed), `min_length = n`,
/// `max_length = n`, `min = n`, `max = n`, `range(0..=150)`, `regex = ".."`, `email`, `url`, `slug`,
/// `one_of("a", "b")`, `validate = f` (several times); `clean` on the struct, with `impl Clean`, for a rule over
/// several fields. `sensitive` keeps a field's values out of texts; `debug` on the struct derives a `Debug` that does.
///
/// On the struct too: `eq_by_pk` (`Eq` and `Hash` by the key), and `patch`, which makes `UserPatch` for `User`: each
/// field but the key and what covet sets, as an `Option` that is `None` where the field stays, and the patch of each
/// flattened part, whose struct says `patch` too. It implements serde's `Deserialize`, so the types of its fields must, and `Clone`; its `Debug` hides sensitive values.
/// `insertable` makes new rows, `New<User>`, implement `Deserialize`: `serde_json::from_str::<New<User>>(text)?` takes
/// each field but an automatic key, what is `read_only` and what covet or the database sets, and names what is missing.
///
/// A model may derive `Serialize` and `Deserialize` itself; a `ForeignKey` is its key then, a `Json` its document. With
/// the feature `serde` of their crates, chrono's date-times are RFC 3339 and decimals are texts.
///
/// A setter of the builder has the name of its field; `save`, `build`, `validate` and the builder's other methods end
/// in `_` as setters.
#[proc_macro_derive(Model, attributes(covet))]
pub fn model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct a part of models: its fields become columns of each model that has it as a field with
/// `#[covet(flatten)]`. It has no table of its own.
///
/// Its fields take what a model's fields take, save keys. `prefix = ".."` beside `flatten` stands before the
/// columns' names, `token = ".."` names the token. `crate = ".."` on the struct says where covet is; `insertable` and
/// `patch` are for models that say so.
///
/// ```
/// use chrono::{DateTime, Utc};
/// use covet::prelude::*;
/// # use covet_macros::{Embed, Model};
///
/// #[derive(Embed)]
/// struct Stamps {
///     created_at: DateTime<Utc>,
///     #[covet(index)]
///     updated_at: Option<DateTime<Utc>>,
/// }
///
/// #[derive(Model)]
/// struct User {
///     id: i64,
///     #[covet(flatten)]
///     stamps: Stamps,
/// }
///
/// let new = User::filter(User::stamps.updated_at.is_null()).order_by(User::stamps.created_at.desc());
/// let user = User::create().stamps(Stamps { created_at: Utc::now(), updated_at: None });
/// ```
#[proc_macro_derive(Embed, attributes(covet))]
pub fn embed(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model::embed::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a newtype a column type: `struct Email(String);` is stored as what it wraps, and has its text lookups.
///
/// `#[covet(key)]` makes it a key too; it must then be `Clone`, `Eq`, `Hash` and `Debug`. `crate = ".."` says
/// where covet is.
///
/// ```
/// # use covet_macros::SqlType;
/// #[derive(SqlType, Clone, Copy, PartialEq, Eq, Hash, Debug)]
/// #[covet(key)]
/// struct UserId(i64);
/// ```
#[proc_macro_derive(SqlType, attributes(covet))]
pub fn sql_type(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    newtype::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes an enum of unit variants a column type.
///
/// It is stored as text: the variants' names in snake_case, or `#[covet(value = "..")]` on a variant, which
/// `label = ".."` names for people. On the
/// enum, `repr = i16` (`i32`, `i64`, `u8`, `u16`, `u32`) stores the variants' numbers, `native` makes a type of the
/// database's own: an enum on PostgreSQL, whose name is the enum's in snake_case or `name = ".."`; ENUM on MySQL
/// and MariaDB; a CHECK on SQLite. `crate = ".."` says where covet is. A value that the enum does not have is an
/// error when it is read.
///
/// ```
/// # use covet_macros::DbEnum;
/// #[derive(DbEnum, Clone, Copy, Debug)]
/// enum Status {
///     Draft,
///     #[covet(value = "out")]
///     Published,
/// }
/// ```
#[proc_macro_derive(DbEnum, attributes(covet))]
pub fn db_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    db_enum::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct a choice of values of a row: `Post::query().select_as::<PostView>()` reads exactly its columns.
///
/// `#[covet(model = Post)]` on the struct says whose rows. A field is read from the column or the relation of its name,
/// or from `path = author.name`, or from `expr = Post::comments.count()`. A relation is read into a projection or a
/// model: itself where the row must be there, an `Option` of it where it may not, a `Vec` of it where there are many.
/// `crate = ".."` says where covet is.
///
/// ```
/// use covet::prelude::*;
/// # use covet_macros::{Model, Projection};
///
/// #[derive(Model)]
/// struct User { id: i64, name: String }
///
/// #[derive(Model)]
/// struct Post { id: i64, title: String, author: ForeignKey<User> }
///
/// #[derive(Projection)]
/// #[covet(model = Post)]
/// struct Card {
///     title: String,
///     #[covet(path = author.name)]
///     author: String,
/// }
///
/// let cards = Post::query().select_as::<Card>();
/// let same = Post::query().select(Card::COLUMNS);
/// ```
#[proc_macro_derive(Projection, attributes(covet))]
pub fn projection(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    projection::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// The type of a row with relations: `loaded!(Post { author { company }, tags })` is what
/// `Post::query().with(Post::author.with(User::company)).with(Post::tags)` gives. Values in place of rows are named by
/// their type: `loaded!(Post { author: String, comments: i64 })`.
///
/// ```
/// use covet::prelude::*;
/// # use covet_macros::{Model, loaded};
///
/// #[derive(Model)]
/// #[covet(has_many(posts: Post.author))]
/// struct User { id: i64, name: String }
///
/// #[derive(Model)]
/// struct Post { id: i64, title: String, author: ForeignKey<User> }
///
/// fn title(post: &loaded!(Post { author { posts } })) -> String {
///     format!("{} by {}, who wrote {}", post.title, post.author.name, post.author.posts.len())
/// }
/// ```
#[proc_macro]
pub fn loaded(input: TokenStream) -> TokenStream {
    parse_macro_input!(input as loaded::Loaded).expand().into()
}

//! `#[covet(..)]`: a wrong attribute is one error at the attribute, saying what is right.

mod about;
mod engines;
mod made;
mod relations;
mod table;

pub use about::{About, of_table, text};
pub use engines::Engines;
pub use made::{DbDefault, Generated};
pub use relations::{Declared, How};
pub use table::{Check, Index};

use crate::rules::Rules;
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::{
    Attribute, Error, Expr, Ident, LitBool, LitInt, LitStr, Path, Result, Token,
    meta::ParseNestedMeta,
    parenthesized,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    spanned::Spanned,
    token::Paren,
};

/// What a struct may say.
const ON_MODELS: &[&str] = &[
    "table",
    "schema",
    "managed",
    "crate",
    "primary_key",
    "order_by",
    "clean",
    "debug",
    "eq_by_pk",
    "patch",
    "insertable",
    "scope",
    "hooks",
    "check",
    "comment",
    "label",
    "label_plural",
    "unique",
    "index",
    "has_many",
    "has_one",
    "many_to_many",
    "with",
];

/// What a field may say.
const ON_FIELDS: &[&str] = &[
    "primary_key",
    "auto",
    "column",
    "unique",
    "index",
    "max_length",
    "decimal",
    "uuid",
    "default",
    "token",
    "auto_now",
    "auto_now_add",
    "version",
    "blank",
    "flatten",
    "min_length",
    "min",
    "max",
    "range",
    "regex",
    "email",
    "url",
    "slug",
    "one_of",
    "validate",
    "sensitive",
    "soft_delete",
    "tenant",
    "db_default",
    "generated",
    "stored",
    "virtual",
    "read_only",
    "references",
    "on_delete",
    "sql_type",
    "collate",
    "comment",
    "label",
    "help",
];

/// What may be said several times.
const REPEATED: &[&str] = &["validate", "check", "has_many", "has_one", "many_to_many"];

/// What a field with `flatten` may say.
const ON_PARTS: &[&str] = &["flatten", "prefix", "token"];

/// What a struct of flattened fields may say.
const ON_EMBEDS: &[&str] = &["crate", "debug", "insertable", "patch"];

/// On the struct.
#[derive(Default)]
pub struct ModelAttributes {
    pub table: Option<String>,
    pub schema: Option<Engines>,
    /// The table is somebody else's.
    pub unmanaged: bool,
    pub covet: Option<TokenStream>,
    /// The fields of a key of several columns.
    pub primary_key: Vec<Ident>,
    /// The fields of the default order, and whether each descends.
    pub order_by: Vec<Named>,
    /// There is a rule over several fields.
    pub clean: bool,
    /// `Debug` is derived here.
    pub debug: bool,
    /// The function that makes the model's own scope.
    pub scope: Option<Path>,
    pub hooks: Option<Span>,
    pub extras: Extras,
    /// The conditions that the database checks.
    pub checks: Vec<Check>,
    pub comment: Option<LitStr>,
    pub label: Option<LitStr>,
    pub label_plural: Option<LitStr>,
    /// The keys and indexes over several fields.
    pub indexes: Vec<Index>,
    /// The relations that stand on the struct.
    pub relations: Vec<Declared>,
    /// What is derived for a row with relations, where the struct says it.
    pub with: Option<Vec<Path>>,
}

/// What a struct asks for beside its model.
#[derive(Default, Clone, Copy)]
pub struct Extras {
    /// `Eq` and `Hash` by the key.
    pub eq_by_pk: bool,
    /// The type of its patches.
    pub patch: bool,
    /// New rows are deserialised.
    pub insertable: bool,
}

/// On a field with `flatten`.
#[derive(Default)]
pub struct PartAttributes {
    pub prefix: String,
    pub token: Option<Ident>,
}

/// On a field.
#[derive(Default)]
pub struct FieldAttributes {
    pub primary_key: Option<Span>,
    pub auto: Option<Span>,
    pub column: Option<String>,
    pub unique: bool,
    pub index: bool,
    pub max_length: Option<(u32, Span)>,
    pub decimal: Option<(u8, u8)>,
    /// UUIDs are stored as text.
    pub uuid_text: Option<Span>,
    pub default: Option<Default_>,
    pub token: Option<Ident>,
    pub touch: Option<(Touch, Span)>,
    pub version: Option<Span>,
    pub rules: Rules,
    pub soft_delete: Option<Span>,
    pub tenant: Option<Span>,
    pub db_default: Option<DbDefault>,
    pub generated: Option<Generated>,
    pub stored: Option<Span>,
    pub virtual_: Option<Span>,
    pub read_only: bool,
    /// The column that a foreign key refers to, where that is not the primary key.
    pub references: Option<Ident>,
    /// What becomes of the row when what it refers to is deleted.
    pub on_delete: Option<Ident>,
    pub about: About,
}

/// When a column gets the time.
#[derive(Clone, Copy)]
pub enum Touch {
    OnCreate,
    OnUpdate,
}

/// The default of a field.
pub enum Default_ {
    /// `default`: the type's own.
    OfType,
    /// `default = value`
    Value(Expr),
}

/// Takes each attribute `#[covet(..)]` by its name; `take` says whether it knows the name.
pub fn each(
    attrs: &[Attribute],
    mut take: impl FnMut(&ParseNestedMeta<'_>, &str) -> Result<bool>,
    known: &[&str],
) -> Result<()> {
    let mut seen: Vec<String> = Vec::new();
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("covet")) {
        attr.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if seen.contains(&name) && !REPEATED.contains(&name.as_str()) && !is_list(&meta, &name) {
                return Err(meta.error(format!("`{name}` is given twice")));
            }
            if !take(&meta, &name)? {
                let known = known.join("`, `");
                return Err(meta.error(format!("covet has no attribute `{name}` here; there are `{known}`")));
            }
            seen.push(name);
            Ok(())
        })?;
    }
    Ok(())
}

/// `unique(..)` and `index(..)` on a struct may be said several times.
fn is_list(meta: &ParseNestedMeta<'_>, name: &str) -> bool {
    matches!(name, "unique" | "index") && meta.input.peek(Paren)
}

/// The path of a field, and whether it descends.
pub type Named = (Vec<Ident>, bool);

/// `-created_at`
fn term(inside: ParseStream<'_>) -> Result<Named> {
    let descends = inside.parse::<Option<Token![-]>>()?.is_some();
    let path = Punctuated::<Ident, Token![.]>::parse_separated_nonempty(inside)?;
    Ok((path.into_iter().collect(), descends))
}

/// `(-created_at, name)`
fn terms(input: ParseStream<'_>) -> Result<Vec<Named>> {
    let inside;
    parenthesized!(inside in input);
    Ok(inside.parse_terminated(term, Token![,])?.into_iter().collect())
}

/// `(a, b)`
fn names(meta: &ParseNestedMeta<'_>) -> Result<Vec<Ident>> {
    let inside;
    parenthesized!(inside in meta.input);
    let names: Vec<Ident> = inside.parse_terminated(Ident::parse, Token![,])?.into_iter().collect();
    if names.is_empty() { Err(meta.error("expected the names of fields: `(a, b)`")) } else { Ok(names) }
}

/// `(-created_at, name)`
fn order(meta: &ParseNestedMeta<'_>) -> Result<Vec<Named>> {
    let terms = terms(meta.input)?;
    if terms.is_empty() { Err(meta.error("expected fields: `(-created_at, name)`")) } else { Ok(terms) }
}

/// `with(derive(Clone, PartialEq))`
fn derives(meta: &ParseNestedMeta<'_>) -> Result<Vec<Path>> {
    let mut found = Vec::new();
    meta.parse_nested_meta(|inner| {
        if !inner.path.is_ident("derive") {
            return Err(inner.error("expected what is derived: `with(derive(Clone, Debug, PartialEq))`"));
        }
        let paths;
        parenthesized!(paths in inner.input);
        found.extend(paths.parse_terminated(Path::parse_mod_style, Token![,])?);
        Ok(())
    })?;
    Ok(found)
}

/// `crate = ".."`: where the derived code finds covet.
pub fn krate(meta: &ParseNestedMeta<'_>) -> Result<TokenStream> {
    let path: Path = meta.value()?.parse::<LitStr>()?.parse()?;
    Ok(quote!(#path::__private))
}

/// Reads the struct's attributes.
pub fn of_model(attrs: &[Attribute]) -> Result<ModelAttributes> {
    let mut found = ModelAttributes::default();
    each(
        attrs,
        |meta, name| {
            match name {
                "table" => found.table = Some(identifier(meta)?),
                "managed" => found.unmanaged = !meta.value()?.parse::<LitBool>()?.value,
                "schema" => found.schema = Some(about::schema(meta)?),
                "crate" => found.covet = Some(krate(meta)?),
                "primary_key" => found.primary_key = names(meta)?,
                "eq_by_pk" => found.extras.eq_by_pk = true,
                "patch" => found.extras.patch = true,
                "hooks" => found.hooks = Some(meta.path.span()),
                "scope" => found.scope = Some(meta.value()?.parse()?),
                "insertable" => found.extras.insertable = true,
                "order_by" => found.order_by = order(meta)?,
                "clean" => found.clean = true,
                "debug" => found.debug = true,
                "check" => table::checks(meta, &mut found.checks)?,
                "comment" => found.comment = Some(about::comment(meta)?),
                "label" => found.label = Some(text(meta)?),
                "label_plural" => found.label_plural = Some(text(meta)?),
                "unique" | "index" => found.indexes.push(table::index(meta, name == "unique")?),
                "has_many" | "has_one" | "many_to_many" => relations::read(meta, name, &mut found.relations)?,
                "with" => found.with = Some(derives(meta)?),
                _ => return Ok(false),
            }
            Ok(true)
        },
        ON_MODELS,
    )?;
    Ok(found)
}

/// Reads the attributes of a struct of flattened fields.
pub fn of_embed(attrs: &[Attribute]) -> Result<ModelAttributes> {
    let mut found = ModelAttributes::default();
    each(
        attrs,
        |meta, name| {
            match name {
                "crate" => found.covet = Some(krate(meta)?),
                "debug" => found.debug = true,
                "insertable" => found.extras.insertable = true,
                "patch" => found.extras.patch = true,
                _ => return Ok(false),
            }
            Ok(true)
        },
        ON_EMBEDS,
    )?;
    Ok(found)
}

/// Reads the attributes of a field with `flatten`; `None` for other fields.
pub fn of_part(attrs: &[Attribute]) -> Result<Option<PartAttributes>> {
    let mut is_part = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("covet")) {
        let tokens = attr.meta.require_list()?.tokens.clone();
        is_part |= tokens.into_iter().any(|tree| matches!(tree, TokenTree::Ident(ident) if ident == "flatten"));
    }
    if !is_part {
        return Ok(None);
    }
    let mut found = PartAttributes::default();
    each(
        attrs,
        |meta, name| {
            match name {
                "flatten" => {}
                "prefix" => found.prefix = identifier(meta)?,
                "token" => found.token = Some(meta.value()?.parse::<LitStr>()?.parse()?),
                _ => return Ok(false),
            }
            Ok(true)
        },
        ON_PARTS,
    )?;
    Ok(Some(found))
}

/// Reads a field's attributes.
pub fn of_field(attrs: &[Attribute]) -> Result<FieldAttributes> {
    let mut found = FieldAttributes::default();
    each(
        attrs,
        |meta, name| {
            let span = meta.path.segments.first().map(|segment| segment.ident.span());
            match name {
                "primary_key" => found.primary_key = span,
                "auto" => found.auto = span,
                "soft_delete" => found.soft_delete = span,
                "tenant" => found.tenant = span,
                "column" => found.column = Some(identifier(meta)?),
                "unique" => found.unique = true,
                "index" => found.index = true,
                "max_length" => {
                    let number: LitInt = meta.value()?.parse()?;
                    let length: u32 = number.base10_parse()?;
                    if length == 0 {
                        return Err(Error::new(number.span(), "`max_length` is at least 1"));
                    }
                    found.max_length = Some((length, number.span()));
                }
                "decimal" => found.decimal = Some(digits(meta)?),
                "uuid" => {
                    let form: LitStr = meta.value()?.parse()?;
                    if form.value() != "text" {
                        return Err(Error::new(
                            form.span(),
                            "UUIDs are stored as `\"text\"`, or without the attribute in the database's own way",
                        ));
                    }
                    found.uuid_text = span;
                }
                "default" if meta.input.peek(syn::Token![=]) => {
                    found.default = Some(Default_::Value(meta.value()?.parse()?));
                }
                "default" => found.default = Some(Default_::OfType),
                "auto_now" | "auto_now_add" if found.touch.is_some() => {
                    return Err(meta.error("`auto_now` sets the field of a new row too: remove `auto_now_add`"));
                }
                "auto_now" => found.touch = span.map(|span| (Touch::OnUpdate, span)),
                "auto_now_add" => found.touch = span.map(|span| (Touch::OnCreate, span)),
                "version" => found.version = span,
                "db_default" => found.db_default = Some(DbDefault::read(meta)?),
                "generated" => {
                    found.generated = Some(Generated { sql: Engines::read(meta)?, span: meta.path.span() });
                }
                "stored" => found.stored = span,
                "virtual" => found.virtual_ = span,
                "read_only" => found.read_only = true,
                "on_delete" => found.on_delete = Some(relations::on_delete(meta)?),
                "references" => found.references = Some(meta.value()?.parse()?),
                "token" => found.token = Some(meta.value()?.parse::<LitStr>()?.parse()?),
                _ => return Ok(found.about.take(meta, name)? || found.rules.take(meta, name)?),
            }
            Ok(true)
        },
        ON_FIELDS,
    )?;
    made::check(found.generated.as_ref(), found.stored, found.virtual_)?;
    Ok(found)
}

/// The most digits that a `Decimal` holds, whatever they are.
const MOST_DIGITS: u8 = 28;

/// `(precision, scale)`
fn digits(meta: &ParseNestedMeta<'_>) -> Result<(u8, u8)> {
    let inside;
    parenthesized!(inside in meta.input);
    let precision: LitInt = inside.parse()?;
    inside.parse::<Token![,]>()?;
    let scale: LitInt = inside.parse()?;
    inside.parse::<Option<Token![,]>>()?;
    let most: u8 = precision.base10_parse().unwrap_or(0);
    if !(1..=MOST_DIGITS).contains(&most) {
        return Err(Error::new(precision.span(), "a decimal has 1 to 28 digits"));
    }
    let behind = scale.base10_parse().ok().filter(|behind| *behind <= most);
    let behind =
        behind.ok_or_else(|| Error::new(scale.span(), "not more digits stand behind the point than in all"))?;
    Ok((most, behind))
}

/// The longest identifier that every engine keeps whole.
const MOST_NAME_BYTES: usize = 63;

fn identifier(meta: &ParseNestedMeta<'_>) -> Result<String> {
    let literal: LitStr = meta.value()?.parse()?;
    check_identifier(&literal)?;
    Ok(literal.value())
}

fn check_identifier(literal: &LitStr) -> Result<()> {
    let name = literal.value();
    if name.is_empty() || name.len() > MOST_NAME_BYTES || name.contains('\0') {
        return Err(Error::new(literal.span(), "a name in the database has 1 to 63 bytes and no NUL"));
    }
    Ok(())
}

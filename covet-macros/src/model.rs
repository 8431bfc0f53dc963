//! `#[derive(Model)]`.

mod builder;
mod debug;
pub mod embed;
mod field;
mod insertable;
mod key;
mod order;
mod part;
mod patch;
mod relation;
mod scope;
mod table;
mod with;

use crate::attributes::{self, Declared, Extras, ModelAttributes};
use field::Field;
pub use field::{argument_of, last_segment};
use heck::ToSnakeCase;
use part::{Part, Position};
use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::{Data, DeriveInput, Error, Fields, Path, Result, Visibility, spanned::Spanned};

/// What all parts of the derive need.
pub struct Model<'a> {
    pub name: &'a Ident,
    pub vis: &'a Visibility,
    /// `::covet::__private`
    pub covet: TokenStream,
    pub table: String,
    /// The fields that are columns.
    pub fields: Vec<Field>,
    /// The fields that are flattened.
    pub parts: Vec<Part>,
    /// How many columns there are.
    pub end: Position,
    /// The fields of the primary key, in its order.
    pub key: Vec<usize>,
    /// The positions of the default order's fields, and whether each descends.
    pub order: Vec<(TokenStream, bool)>,
    /// Whether there is a rule over several fields.
    pub clean: bool,
    /// Whether `Debug` is derived too.
    pub debug: bool,
    pub extras: Extras,
    /// The function that makes the model's own scope.
    pub scope: Option<Path>,
    /// Where the struct says that it has hooks.
    pub hooks: Option<Span>,
    /// What the table's description says of its rows.
    pub options: Vec<TokenStream>,
    /// The relations that the struct declares.
    pub relations: Vec<Declared>,
    /// What is derived for a row with relations, where the struct says it.
    pub with: Option<Vec<Path>>,
}

impl<'a> Model<'a> {
    /// A struct of columns that has no table of its own yet.
    pub fn new(
        input: &'a DeriveInput,
        covet: TokenStream,
        (fields, parts, end): (Vec<Field>, Vec<Part>, Position),
    ) -> Self {
        Model {
            name: &input.ident,
            vis: &input.vis,
            covet,
            table: String::new(),
            fields,
            parts,
            end,
            key: Vec::new(),
            order: Vec::new(),
            clean: false,
            debug: false,
            extras: Extras::default(),
            scope: None,
            hooks: None,
            options: Vec::new(),
            relations: Vec::new(),
            with: None,
        }
    }
}

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let model = read(input)?;
    let Model { name, vis, covet, table, fields, parts, end, key, order, clean, debug, scope, options, .. } = &model;
    let columns = part::columns(fields, parts, end, covet);
    let tokens = fields.iter().map(|field| field.token(name, covet));
    let relations: Vec<_> = fields.iter().filter_map(|field| Some((field, field.target.as_ref()?))).collect();
    let markers = relations.iter().map(|(field, _)| &field.name).chain(parts.iter().map(|part| &part.name));
    let markers = markers.chain(model.relations.iter().map(|declared| &declared.name));
    let marker_vis = inner_vis(vis);
    let relation_impls = relation::of_keys(&model);
    let declared_impls = relation::of_struct(&model, relations.len());
    let declared_tokens = relation::constants(&model);
    let (join_list, joins) = relation::joins(&model).unzip();
    let (declared_list, declared) = relation::declared(&model).unzip();
    let foreign_keys: Vec<_> = relations.iter().map(|(field, _)| field.relation_static()).collect();
    let foreign_key_count = foreign_keys.len();
    let keys = key.iter().map(|at| &fields[*at].at);
    let reads = fields.iter().map(|field| field.decode(covet, false));
    let reads = reads.chain(parts.iter().map(|part| part.decode(covet, false)));
    let values = values(&model);
    let (key_type, key_of) = key::expand(fields, key);
    let columns_struct = format_ident!("{}Columns", name);
    let joined_fields = fields.iter().map(|field| field.joined_declaration(covet));
    let joined_values = fields.iter().map(|field| field.joined_value(covet, &quote!(&COLUMNS)));
    let (part_fields, part_values) = part::members(parts, covet, true, Part::marker);
    let (declared_fields, declared_values) = relation::members(&model.relations, vis, covet);
    let joined_fields = joined_fields.chain(part_fields).chain(declared_fields);
    let joined_values = joined_values.chain(part_values).chain(declared_values);
    let part_impls = parts.iter().map(|part| part.flattened(name, covet));
    let part_tokens = parts.iter().map(|part| part.constant(covet));
    let order = order::expand(order, covet);
    let presence = scope::presence(fields, parts, scope.is_some(), covet);
    let scope = scope::expand(&model);
    let builder = builder::expand(&model);
    let hooks = model.hooks.map(|span| {
        let covet_here = respanned(covet, span);
        let table = quote_spanned!(span=> #covet_here::hooks::<Self>());
        quote! {
            fn hooks() -> ::core::option::Option<&'static (dyn ::core::any::Any + ::core::marker::Send + ::core::marker::Sync)> {
                #table
            }
        }
    });
    let delete_hooks = model.hooks.map(|_| quote!(hooks: || #covet::delete_hooks::<#name>(),));
    let entry = cfg!(feature = "registry").then(|| quote!(#covet::inventory::submit! { #covet::Entry(&TABLE) }));
    let eq_by_pk = model.extras.eq_by_pk.then(|| patch::eq_by_pk(&model));
    let (patch, patch_impls) = model.extras.patch.then(|| patch::expand(&model)).unzip();
    let (with, with_impls) = with::expand(&model).unzip();
    let insertable = model.extras.insertable.then(|| insertable::expand(&model));
    let title = name.to_string();
    let covet_here = respanned(covet, name.span());
    let clean = clean.then(|| {
        let clean = quote_spanned!(name.span()=> <#name as #covet_here::Clean>::clean_row);
        quote!(clean: ::core::option::Option::Some(#clean),)
    });
    let debug = debug.then(|| debug::expand(&model));
    Ok(quote! {
        #patch
        #with
        #[allow(non_camel_case_types, non_snake_case, non_upper_case_globals, dead_code, unreachable_pub, missing_docs, clippy::all, clippy::pedantic)]
        const _: () = {
            mod relation {
                #(#marker_vis enum #markers {})*
            }
            #columns
            static TABLE: #covet::TableDef = #covet::TableDef {
                name: #table,
                model: #title,
                columns: &COLUMNS,
                primary_key: &[#(#keys),*],
                foreign_keys: || &FOREIGN_KEYS,
                #joins
                #declared
                #delete_hooks
                #order
                #clean
                #scope
                #(#options)*
                ..#covet::TableDef::BARE
            };
            static FOREIGN_KEYS: [&#covet::RelationDef; #foreign_key_count] = [#(&#foreign_keys),*];
            #relation_impls
            #declared_impls
            #join_list
            #declared_list
            #(#part_impls)*
            #[automatically_derived]
            impl #name {
                #(#tokens)*
                #(#part_tokens)*
                #declared_tokens
            }
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::Model for #name {
                const TABLE: &'static #covet::TableDef = &TABLE;
                type Key = #key_type;
                type Presence = #presence;
                type Columns<P: #covet::Path> = #columns_struct<P>;
                fn decode(row: &dyn #covet::Row, at: usize) -> #covet::Result<Self> {
                    ::core::result::Result::Ok(#name { #(#reads),* })
                }
                fn values(&self) -> ::std::vec::Vec<#covet::Value> {
                    #values
                }
                #hooks
                fn key(&self) -> Self::Key {
                    #key_of
                }
            }
            #vis struct #columns_struct<P: #covet::Path> {
                #(#joined_fields,)*
            }
            #[automatically_derived]
            impl<P: #covet::Path> #covet::Columns for #columns_struct<P> {
                const NEW: &'static Self = &#columns_struct { #(#joined_values,)* };
            }
            #builder
            #debug
            #eq_by_pk
            #patch_impls
            #with_impls
            #entry
            #insertable
        };
    })
}

fn read(input: &DeriveInput) -> Result<Model<'_>> {
    let name = &input.ident;
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(name.span(), "a model is a struct with named fields"));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(Error::new(name.span(), "a model is a struct with named fields"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a model has no generic parameters"));
    }
    let found = attributes::of_model(&input.attrs)?;
    let covet = found.covet.clone().unwrap_or_else(|| quote!(::covet::__private));
    let about = attributes::of_table(&found, &covet);
    let ModelAttributes {
        table,
        primary_key,
        order_by,
        clean,
        debug,
        extras,
        scope,
        hooks,
        checks,
        indexes,
        relations,
        with,
        ..
    } = found;
    let (mut fields, parts, end) = part::read(fields, name, &covet)?;
    let key = key::find(name, &primary_key, &mut fields)?;
    check_touch(&fields)?;
    if extras.insertable {
        insertable::check(&fields)?;
    }
    check_tokens(&fields, &parts, &relations)?;
    let order = order::find(&order_by, &fields, &parts, &covet)?;
    let table = table.unwrap_or_else(|| name.to_string().to_snake_case());
    let checks = table::checks(&checks, name, &covet);
    let indexes = table::indexes(&indexes, name, &covet, &fields, &parts)?;
    let options = checks.into_iter().chain(indexes).chain(about).collect();
    let columns = Model::new(input, covet, (fields, parts, end));
    Ok(Model { table, key, order, clean, debug, extras, scope, hooks, options, relations, with, ..columns })
}

/// What covet sets in each write: not in a key, and one version.
fn check_touch(fields: &[Field]) -> Result<()> {
    let of_key = |field: &&Field| field.is_key;
    let touched = |field: &Field| field.attributes.touch.map(|(_, span)| span).or(field.attributes.version);
    if let Some(span) = fields.iter().filter(of_key).find_map(touched) {
        return Err(Error::new(span, "a primary key does not change: remove this"));
    }
    match fields.iter().filter_map(|field| field.attributes.version).nth(1) {
        Some(span) => Err(Error::new(span, "a model has one `version`")),
        None => Ok(()),
    }
}

/// Names that a token cannot have, because it would shadow an entry point of the model.
const RESERVED: [&str; 14] = [
    "query",
    "filter",
    "exclude",
    "find",
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
    "in_bulk",
    "raw",
    "none",
    "unscoped",
    "schema",
];

/// One value for each column.
fn values(model: &Model<'_>) -> TokenStream {
    let Model { covet, fields, parts, end, .. } = model;
    if parts.is_empty() {
        let values = fields.iter().map(|field| field.to_value(covet));
        return quote!(::std::vec![#(#values),*]);
    }
    let pushes = part::values(fields, parts, covet);
    quote! {
        let mut row = ::std::vec::Vec::with_capacity(#end);
        let values = &mut row;
        #pushes
        row
    }
}

fn check_tokens(fields: &[Field], parts: &[Part], relations: &[Declared]) -> Result<()> {
    let mut seen: Vec<String> = Vec::new();
    let names = fields.iter().map(|field| (&field.name, field.token_names()));
    let names = names.chain(parts.iter().map(|part| (&part.name, vec![part.token.clone()])));
    for (field, tokens) in names.chain(relations.iter().map(|declared| (&declared.name, vec![declared.name.clone()]))) {
        for token in tokens {
            let plain = token.to_string();
            let plain = plain.trim_start_matches("r#");
            if RESERVED.contains(&plain) {
                return Err(Error::new(
                    token.span(),
                    format!("a token `{plain}` would hide `Model::{plain}`: add `#[covet(token = \"{plain}_\")]`"),
                ));
            }
            if seen.iter().any(|other| other == plain) {
                return Err(Error::new(
                    field.span(),
                    format!("two tokens are named `{plain}`: add `#[covet(token = \"..\")]` to one of the fields"),
                ));
            }
            seen.push(plain.to_owned());
        }
    }
    Ok(())
}

/// A visibility as it must be written one module deeper.
fn inner_vis(vis: &Visibility) -> TokenStream {
    match vis {
        Visibility::Public(_) => quote!(pub),
        Visibility::Inherited => quote!(pub(super)),
        Visibility::Restricted(restricted) => {
            let path = &restricted.path;
            let first = path.segments.first().map(|segment| segment.ident.to_string()).unwrap_or_default();
            match first.as_str() {
                "crate" => quote!(#vis),
                "self" => quote!(pub(super)),
                _ => quote!(pub(in super::#path)),
            }
        }
    }
}

/// The path of covet, written so that an error about it points at `span`.
pub fn respanned(covet: &TokenStream, span: Span) -> TokenStream {
    let respan = |mut tree: TokenTree| {
        tree.set_span(span);
        tree
    };
    covet.clone().into_iter().map(respan).collect()
}

/// `Self` in a field's type, written as the model's name.
fn without_self(tokens: TokenStream, model: &Ident) -> TokenStream {
    let replace = |tree: TokenTree| match &tree {
        TokenTree::Ident(ident) if ident == "Self" => {
            TokenTree::Ident(Ident::new(&model.to_string(), ident.span().resolved_at(Span::call_site())))
        }
        TokenTree::Group(group) => {
            let mut replaced = Group::new(group.delimiter(), without_self(group.stream(), model));
            replaced.set_span(group.span());
            TokenTree::Group(replaced)
        }
        TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => tree,
    };
    tokens.into_iter().map(replace).collect()
}

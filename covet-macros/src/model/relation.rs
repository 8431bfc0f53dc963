//! The relations of a model: those of its foreign keys, and those that the struct declares.

use super::{Field, Model, builder::is_function, respanned};
use crate::{
    attributes::{DbDefault, Declared, Default_, How},
    loaded::hash,
};
use heck::{ToSnakeCase, ToUpperCamelCase};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Path, Type, Visibility, spanned::Spanned};

/// What the relations of the foreign keys become.
pub fn of_keys(model: &Model<'_>) -> TokenStream {
    let Model { name, covet, fields, .. } = model;
    let relations = fields.iter().filter_map(|field| Some((field, field.target.as_ref()?)));
    let impls = relations.enumerate().map(|(slot, (field, target))| {
        let (marker, nullable) = (&field.name, field.is_optional);
        let definition = field.relation_static();
        let arity = if nullable { quote!(Maybe) } else { quote!(One) };
        let title = field.plain_name();
        let place = fields.iter().filter(|field| field.is_required()).position(|other| other.name == field.name);
        let given = place.map_or_else(|| quote!(#covet::Free), |place| quote!(#covet::At<#place>));
        let (ends, on_delete) = (ends(field, target, covet), on_delete(field, covet));
        quote_spanned! {target.span()=>
            static #definition: #covet::RelationDef = #covet::RelationDef {
                name: #title,
                from: &TABLE,
                to: <#target as #covet::Model>::TABLE,
                nullable: #nullable,
                ends: #ends,
                on_delete: #on_delete,
            };
            #[automatically_derived]
            impl #covet::Relation for relation::#marker {
                type From = #name;
                type To = #target;
                type Arity = #covet::#arity;
                type Slot = #covet::At<#slot>;
                type Given = #given;
                const LINK: #covet::Link = #covet::Link::One(&#definition);
            }
        }
    });
    quote!(#(#impls)*)
}

/// Which columns a foreign key makes equal.
fn ends(field: &Field, target: &Type, covet: &TokenStream) -> TokenStream {
    let at = &field.at;
    match (&field.attributes.references, &field.target_key) {
        (Some(column), Some(key)) => {
            let covet_here = respanned(covet, column.span());
            let column = quote_spanned!(column.span()=> <#target>::#column);
            quote_spanned!(field.attributes.references.span()=> #covet_here::referenced::<#target, #key, _>(#at, #column))
        }
        (None, Some(key)) => {
            let covet_here = respanned(covet, key.span());
            quote_spanned!(key.span()=> #covet_here::primary_key_of::<<#target as #covet_here::Model>::Key, #key>(#at))
        }
        (_, None) => quote!(#covet::Ends::Key(#at)),
    }
}

/// What becomes of the rows of a foreign key.
fn on_delete(field: &Field, covet: &TokenStream) -> TokenStream {
    let word = field.attributes.on_delete.as_ref().map(|word| word.to_string().to_upper_camel_case());
    let word = format_ident!("{}", word.as_deref().unwrap_or("NoAction"));
    if word != "SetDefault" {
        return quote!(#covet::OnDelete::#word);
    }
    let default = match (&field.attributes.default, &field.attributes.db_default) {
        (Some(Default_::Value(value)), _) if is_function(value) => quote_spanned!(value.span()=> (#value)()),
        (Some(Default_::Value(value)), _) => quote!(#value),
        (_, Some(DbDefault::Value(value))) => quote!(#value),
        _ => return quote!(#covet::OnDelete::NoAction),
    };
    let ty = &field.ty;
    quote!(#covet::OnDelete::SetDefault(|| #covet::Storable::<#ty>::store(#default)))
}

/// The list of what the struct declares, and where the table's description says so.
pub fn declared(model: &Model<'_>) -> Option<(TokenStream, TokenStream)> {
    let covet = &model.covet;
    let count = model.relations.len();
    let links = model.relations.iter().map(|Declared { name, how, .. }| match how {
        // By its address, so that the compiler says once what is wrong with it.
        How::Back { is_one: true, .. } => {
            let definition = format_ident!("RELATION_{}", plain(name));
            quote!(#covet::Link::One(&#definition))
        }
        How::Back { .. } | How::Join { .. } | How::Through { .. } | How::Turned { .. } => {
            quote!(<relation::#name as #covet::Relation>::LINK)
        }
    });
    let list = quote!(static DECLARED: [#covet::Link; #count] = [#(#links),*];);
    (count > 0).then(|| (list, quote!(declared: || &DECLARED,)))
}

/// What the declared relations become; `first` is the slot of the first one.
pub fn of_struct(model: &Model<'_>, first: usize) -> TokenStream {
    let relations = model.relations.iter().enumerate();
    let items = relations.map(|(at, declared)| one(model, declared, first + at));
    quote!(#(#items)*)
}

fn one(model: &Model<'_>, declared: &Declared, slot: usize) -> TokenStream {
    let Model { name, covet, .. } = model;
    let Declared { name: marker, to, how } = declared;
    let title = plain(marker);
    let given = if let How::Back { key, .. } = how {
        let hash = hash(key);
        quote!(#covet::KeyOf<#to, #hash>)
    } else {
        quote!(#covet::Linked)
    };
    let (before, arity, link) = match how {
        How::Back { key, is_one } => {
            let covet_here = respanned(covet, key.span());
            let token = token(to, key);
            if *is_one {
                let definition = format_ident!("RELATION_{}", title);
                let ends = quote_spanned!(key.span()=> #covet_here::unique_key_to::<#name, #to, _>(#token));
                let before = quote! {
                    static #definition: #covet::RelationDef = #covet::RelationDef {
                        name: #title,
                        from: &TABLE,
                        to: <#to as #covet::Model>::TABLE,
                        nullable: true,
                        ends: #ends,
                        on_delete: #covet::OnDelete::NoAction,
                    };
                };
                (before, quote!(Maybe), quote!(#covet::Link::One(&#definition)))
            } else {
                let link = quote_spanned!(key.span()=> #covet_here::foreign_key_to::<#name, #to, _>(#token));
                (quote!(), quote!(Many), link)
            }
        }
        How::Turned { relation } => {
            let covet_here = respanned(covet, relation.span());
            let token = token(to, relation);
            let link = quote_spanned!(relation.span()=> #covet_here::many_to_many_to::<#name, #to, _>(#token));
            (quote!(), quote!(Many), link)
        }
        How::Through { model: join, keys } => {
            let (near, far) = match keys {
                Some((near, far)) => (near.clone(), far.clone()),
                None => (key_name(join, name), key_name(join, last(to))),
            };
            let (near, far) = (token(join, &near), token(join, &far));
            let covet_here = respanned(covet, join.span());
            let link = quote_spanned!(join.span()=> #covet_here::through::<#name, #to, #join, _, _>(#near, #far));
            (quote!(), quote!(Many), link)
        }
        How::Join { table } => {
            let join = Join::new(model, declared, table.as_deref());
            (join.items, quote!(Many), join.link)
        }
    };
    let is_joined = matches!(how, How::Turned { .. } | How::Through { .. } | How::Join { .. });
    let joined = is_joined.then(|| {
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::OverJoin for relation::#marker {}
        }
    });
    quote! {
        #before
        #joined
        #[automatically_derived]
        impl #covet::Relation for relation::#marker {
            type From = #name;
            type To = #to;
            type Arity = #covet::#arity;
            type Slot = #covet::At<#slot>;
            type Given = #given;
            const LINK: #covet::Link = #link;
        }
    }
}

/// A join table that covet makes.
struct Join {
    items: TokenStream,
    link: TokenStream,
}

impl Join {
    fn new(model: &Model<'_>, declared: &Declared, table: Option<&str>) -> Join {
        let Model { name, covet, .. } = model;
        let (to, title) = (&declared.to, plain(&declared.name));
        let own = name.to_string().to_snake_case();
        let other = last(to).to_string().to_snake_case();
        let table = table.map_or_else(|| format!("{own}_{title}"), str::to_owned);
        // Between rows of one model the two sides need two names.
        let (near_name, far_name) =
            if own == other { (format!("from_{own}"), format!("to_{own}")) } else { (own, other) };
        let (near_column, far_column) = (format!("{near_name}_id"), format!("{far_name}_id"));
        let shown = format!("{name}.{title}");
        let definition = join_static(&declared.name);
        let columns = format_ident!("{}_COLUMNS", definition);
        let (near, far) = (format_ident!("{}_NEAR", definition), format_ident!("{}_FAR", definition));
        let keys = format_ident!("{}_KEYS", definition);
        let covet_here = respanned(covet, to.span());
        let make = quote_spanned!(to.span()=> #covet_here::join_columns::<#name, #to>(#near_column, #far_column));
        let items = quote! {
            static #columns: [#covet::ColumnDef; 2] = #make;
            static #near: #covet::RelationDef = #covet::join_key(#near_name, &#definition, 0, &TABLE);
            static #far: #covet::RelationDef =
                #covet::join_key(#far_name, &#definition, 1, <#to as #covet::Model>::TABLE);
            static #keys: [&#covet::RelationDef; 2] = [&#near, &#far];
            static #definition: #covet::TableDef = #covet::TableDef {
                name: #table,
                schema: TABLE.schema,
                managed: TABLE.managed,
                model: #shown,
                columns: &#columns,
                primary_key: &[0, 1],
                foreign_keys: || &#keys,
                indexes: &[#covet::IndexDef { columns: &#covet::JOIN_INDEX, ..#covet::IndexDef::BARE }],
                ..#covet::TableDef::BARE
            };
        };
        Join { items, link: quote!(#covet::Link::Through { near: &#near, far: &#far }) }
    }
}

fn join_static(name: &Ident) -> Ident {
    format_ident!("JOIN_{}", plain(name))
}

/// The list of the join tables, and where the table's description says so.
pub fn joins(model: &Model<'_>) -> Option<(TokenStream, TokenStream)> {
    let covet = &model.covet;
    let joins = model.relations.iter().filter(|declared| matches!(declared.how, How::Join { .. }));
    let joins: Vec<_> = joins.map(|declared| join_static(&declared.name)).collect();
    let count = joins.len();
    let list = quote!(static JOINS: [&#covet::TableDef; #count] = [#(&#joins),*];);
    (count > 0).then(|| (list, quote!(joins: || &JOINS,)))
}

/// The constants in the model's `impl`.
pub fn constants(model: &Model<'_>) -> TokenStream {
    let Model { name, vis, covet, .. } = model;
    let tokens = model.relations.iter().map(|declared| {
        let (token, doc, ty) = (&declared.name, doc(declared), ty(declared));
        quote! {
            #[doc = #doc]
            #vis const #token: #covet::#ty<#covet::Root<#name>, relation::#token> = #covet::#ty::NEW;
        }
    });
    quote!(#(#tokens)*)
}

/// The fields of the columns struct, and their values.
pub fn members(relations: &[Declared], vis: &Visibility, covet: &TokenStream) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let member = |declared: &Declared| {
        let (token, doc, ty) = (&declared.name, doc(declared), ty(declared));
        (quote!(#[doc = #doc] #vis #token: #covet::#ty<P, relation::#token>), quote!(#token: #covet::#ty::NEW))
    };
    relations.iter().map(member).unzip()
}

fn ty(declared: &Declared) -> Ident {
    let is_one = matches!(declared.how, How::Back { is_one: true, .. });
    format_ident!("{}", if is_one { "ToOne" } else { "ToMany" })
}

fn doc(declared: &Declared) -> String {
    let to = last(&declared.to);
    match &declared.how {
        How::Back { key, is_one: true } => format!("The `{to}` whose `{key}` this row is."),
        How::Back { key, is_one: false } => format!("Every `{to}` whose `{key}` this row is."),
        How::Join { .. } | How::Through { .. } | How::Turned { .. } => format!("Every related `{to}`."),
    }
}

/// `Post::author`, so that an error about it points at the attribute.
fn token(model: &Path, name: &Ident) -> TokenStream {
    quote_spanned!(name.span()=> #model::#name)
}

/// The foreign key to a model, where none is named: the model's name in snake_case.
fn key_name(join: &Path, to: &Ident) -> Ident {
    Ident::new(&to.to_string().to_snake_case(), join.span())
}

fn last(path: &Path) -> &Ident {
    &path.segments[path.segments.len() - 1].ident
}

fn plain(name: &Ident) -> String {
    name.to_string().trim_start_matches("r#").to_owned()
}

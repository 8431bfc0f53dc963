//! Which rows of a model queries see: `soft_delete`, `tenant`, `scope = path`.

use super::{Field, Model, part::Part, respanned};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// Whether a row that another one refers to may be hidden, as a type.
pub fn presence(fields: &[Field], parts: &[Part], has_own: bool, covet: &TokenStream) -> TokenStream {
    if has_own || fields.iter().any(|field| field.attributes.soft_delete.is_some()) {
        return quote!(#covet::Maybe);
    }
    parts.iter().fold(quote!(#covet::One), |presence, part| {
        let embed = part.embed(covet);
        quote!(<#presence as #covet::Single>::And<#embed::Presence>)
    })
}

/// The member of the table's description; nothing without a scope.
pub fn expand(model: &Model<'_>) -> Option<TokenStream> {
    let Model { name, covet, fields, parts, scope, .. } = model;
    let has_role = |field: &Field| field.attributes.soft_delete.is_some() || field.attributes.tenant.is_some();
    if scope.is_none() && parts.is_empty() && !fields.iter().any(has_role) {
        return None;
    }
    let own = scope.as_ref().map(|path| {
        let covet_here = respanned(covet, path.span());
        let own = quote_spanned!(path.span()=> let own: fn() -> #covet_here::Predicate<#name> = #path;);
        quote!(.and(|| { #own #covet::scope(own()) }))
    });
    Some(quote!(scope: #covet::ScopeDef::of(&COLUMNS)#own,))
}

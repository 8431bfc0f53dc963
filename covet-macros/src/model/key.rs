//! The primary key: one field, or several that the struct names.

use super::Field;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, Result, spanned::Spanned};

/// The fields of the key: those that the struct names, else the one marked `primary_key`, else `id`.
pub fn find(name: &Ident, named: &[Ident], fields: &mut [Field]) -> Result<Vec<usize>> {
    let marked: Vec<usize> = fields
        .iter()
        .enumerate()
        .filter(|(_, field)| field.attributes.primary_key.is_some())
        .map(|(at, _)| at)
        .collect();
    let key = if named.is_empty() { vec![one(name, &marked, fields)?] } else { several(named, &marked, fields)? };
    for at in key.iter().copied() {
        if fields[at].is_optional {
            return Err(Error::new(fields[at].ty.span(), "a primary key cannot be NULL: remove the `Option`"));
        }
        fields[at].is_key = true;
    }
    let is_auto = |(at, field): (usize, &Field)| field.attributes.auto.filter(|_| key != [at]);
    if let Some(span) = fields.iter().enumerate().find_map(is_auto) {
        return Err(Error::new(span, "only a primary key of one field can be `auto`"));
    }
    Ok(key)
}

/// An integer `id` numbers itself.
fn one(name: &Ident, marked: &[usize], fields: &mut [Field]) -> Result<usize> {
    if let Some(span) = marked.get(1).and_then(|at| fields[*at].attributes.primary_key) {
        let hint = "a model has one `primary_key`; a key of several fields stands on the struct: `primary_key(a, b)`";
        return Err(Error::new(span, hint));
    }
    let by_name = || fields.iter().position(|field| field.plain_name() == "id");
    let at = marked.first().copied().or_else(by_name).ok_or_else(|| {
        Error::new(name.span(), "a model needs a primary key: a field `id`, or one marked `#[covet(primary_key)]`")
    })?;
    fields[at].is_auto |= marked.is_empty() && fields[at].is_integer;
    if let Some(span) = fields[at].attributes.auto.filter(|_| fields[at].is_no_integer) {
        return Err(Error::new(span, "an `auto` key is an integer: `i64`, `i32` or `i16`"));
    }
    Ok(at)
}

fn several(named: &[Ident], marked: &[usize], fields: &[Field]) -> Result<Vec<usize>> {
    if let Some(span) = marked.first().and_then(|at| fields[*at].attributes.primary_key) {
        return Err(Error::new(span, "the struct names the fields of the primary key already: remove this"));
    }
    if !(2..=4).contains(&named.len()) {
        return Err(Error::new(
            named[0].span(),
            "a key of several fields has 2 to 4; one is marked `#[covet(primary_key)]`",
        ));
    }
    let mut key = Vec::new();
    for ident in named {
        let at = fields.iter().position(|field| field.name == *ident);
        let at = at.ok_or_else(|| Error::new(ident.span(), format!("no field `{ident}`")))?;
        if key.contains(&at) {
            return Err(Error::new(ident.span(), format!("`{ident}` is named twice")));
        }
        key.push(at);
    }
    Ok(key)
}

/// The type of the key, and the expression that takes it from `self`.
pub fn expand(fields: &[Field], key: &[usize]) -> (TokenStream, TokenStream) {
    let parts = key.iter().map(|at| {
        let Field { name, ty, .. } = &fields[*at];
        (quote_spanned!(ty.span()=> #ty), quote!(::core::clone::Clone::clone(&self.#name)))
    });
    let (types, values): (Vec<_>, Vec<_>) = parts.unzip();
    if key.len() == 1 {
        (quote!(#(#types)*), quote!(#(#values)*))
    } else {
        (quote!((#(#types,)*)), quote!((#(#values,)*)))
    }
}

//! `#[covet(insertable)]`: new rows, and parts of them, from JSON.

use super::{Field, Model, patch::next};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, Result};

/// A field that JSON does not set gets its value otherwise.
pub fn check(fields: &[Field]) -> Result<()> {
    match fields.iter().find(|field| field.is_required() && !field.is_input()) {
        Some(field) => Err(Error::new(
            field.name.span(),
            "JSON does not set what is `read_only`: give the field a `default`, or make it an `Option`",
        )),
        None => Ok(()),
    }
}

/// The fields and parts, by their position in the list of names.
pub fn fields(model: &Model<'_>) -> TokenStream {
    let Model { name, covet, fields, parts, .. } = model;
    let fields = fields.iter().filter(|field| field.is_input()).map(|field| {
        let Field { ty, at, .. } = field;
        let next = next(field, covet);
        (field.plain_name(), quote!(row[#at] = ::core::option::Option::Some(<#ty as #covet::SqlType>::encode(#next?))))
    });
    let parts = parts.iter().map(|part| (part.plain_name(), part.take(covet)));
    let (names, takes): (Vec<_>, Vec<_>) = fields.chain(parts).unzip();
    let arms = takes.iter().enumerate().map(|(at, take)| quote!(#at => #take));
    quote! {
        #[automatically_derived]
        impl #covet::InsertFields for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];
            fn take<'de, A: #covet::serde::de::MapAccess<'de>>(
                row: &mut [::core::option::Option<#covet::Value>],
                at: usize,
                map: &mut A,
            ) -> ::core::result::Result<(), A::Error> {
                match at {
                    #(#arms,)*
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// The fields, and the row that they are read into.
pub fn expand(model: &Model<'_>) -> TokenStream {
    let Model { name, covet, .. } = model;
    let fields = fields(model);
    quote! {
        #fields
        #[automatically_derived]
        impl #covet::Insertable for #name {}
    }
}

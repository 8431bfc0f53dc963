//! What the table's description says of its rows: checks, keys, indexes.

use super::{Field, order, part::Part, respanned, without_self};
use crate::attributes::{Check, Index};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Result, spanned::Spanned};

/// The member of the table's description; nothing without a check.
pub fn checks(checks: &[Check], model: &Ident, covet: &TokenStream) -> Option<TokenStream> {
    let each = checks.iter().map(|check| {
        let (name, condition) = (check.name.to_string(), condition(&check.condition, model, covet));
        let name = name.trim_start_matches("r#");
        quote!(#covet::CheckDef { name: #name, condition: #condition })
    });
    (!checks.is_empty()).then(|| quote!(checks: &[#(#each),*],))
}

/// The member of the table's description; nothing without a key or an index over several fields.
pub fn indexes(
    indexes: &[Index],
    model: &Ident,
    covet: &TokenStream,
    fields: &[Field],
    parts: &[Part],
) -> Result<Option<TokenStream>> {
    let mut each = Vec::new();
    for index in indexes {
        let columns = order::terms(&order::find(&index.fields, fields, parts, covet)?, covet);
        let some = quote!(::core::option::Option::Some);
        let mut options = Vec::new();
        if index.unique {
            options.push(quote!(unique: true,));
        }
        if let Some(name) = &index.name {
            options.push(quote!(name: #some(#name),));
        }
        if !index.expressions.is_empty() {
            let expressions = index.expressions.iter().map(|sql| sql.expand(covet));
            options.push(quote!(expressions: &[#(#expressions),*],));
        }
        if let Some(predicate) = &index.condition {
            let condition = condition(predicate, model, covet);
            options.push(quote!(condition: #some(#condition),));
        }
        if let Some(method) = &index.method {
            options.push(quote!(method: #some(#method),));
        }
        if !index.include.is_empty() {
            let include = order::find(&index.include, fields, parts, covet)?.into_iter().map(|(at, _)| at);
            options.push(quote!(include: &[#(#include),*],));
        }
        each.push(quote!(#covet::IndexDef { columns: #columns, #(#options)* ..#covet::IndexDef::BARE }));
    }
    Ok((!each.is_empty()).then(|| quote!(indexes: &[#(#each),*],)))
}

/// A function that gives the words and values of a predicate of the model.
fn condition(predicate: &Expr, model: &Ident, covet: &TokenStream) -> TokenStream {
    let (span, covet_here) = (predicate.span(), respanned(covet, predicate.span()));
    let predicate = without_self(quote!(#predicate), model);
    let condition = quote_spanned!(span=> #covet_here::ConditionOf::<#model> { predicate: #predicate });
    quote!(|| #condition.tape())
}

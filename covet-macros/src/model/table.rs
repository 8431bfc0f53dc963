//! What the table's description says of its rows: checks.

use super::{respanned, without_self};
use crate::attributes::Check;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, spanned::Spanned};

/// The member of the table's description; nothing without a check.
pub fn checks(checks: &[Check], model: &Ident, covet: &TokenStream) -> Option<TokenStream> {
    let each = checks.iter().map(|check| {
        let (name, condition) = (check.name.to_string(), condition(&check.condition, model, covet));
        let name = name.trim_start_matches("r#");
        quote!(#covet::CheckDef { name: #name, condition: #condition })
    });
    (!checks.is_empty()).then(|| quote!(checks: &[#(#each),*],))
}

/// A function that gives the words and values of a predicate of the model.
fn condition(predicate: &Expr, model: &Ident, covet: &TokenStream) -> TokenStream {
    let (span, covet_here) = (predicate.span(), respanned(covet, predicate.span()));
    let predicate = without_self(quote!(#predicate), model);
    let condition = quote_spanned!(span=> #covet_here::ConditionOf::<#model> { predicate: #predicate });
    quote!(|| #condition.tape())
}

//! `order_by(-created_at, name)`: how queries for rows are ordered that say nothing themselves.

use super::{Field, part::Part};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{Error, Result};

/// The positions of the named fields, and whether each descends.
pub fn find(
    named: &[(Vec<Ident>, bool)],
    fields: &[Field],
    parts: &[Part],
    covet: &TokenStream,
) -> Result<Vec<(TokenStream, bool)>> {
    let mut seen: Vec<&[Ident]> = Vec::new();
    let mut found = Vec::new();
    for (path, descends) in named {
        let [ident, inside @ ..] = path.as_slice() else { continue };
        let field = fields.iter().find(|field| field.name == *ident && inside.is_empty());
        let part = parts.iter().find(|part| part.name == *ident && !inside.is_empty());
        let at = match (field, part) {
            (Some(field), _) => field.at.to_token_stream(),
            (_, Some(part)) => part.position(inside, covet),
            (None, None) => return Err(Error::new(ident.span(), format!("no field `{ident}`"))),
        };
        if seen.contains(&path.as_slice()) {
            return Err(Error::new(ident.span(), format!("`{ident}` is named twice")));
        }
        seen.push(path);
        found.push((at, *descends));
    }
    Ok(found)
}

/// The member of the table's description; nothing without an order.
pub fn expand(order: &[(TokenStream, bool)], covet: &TokenStream) -> Option<TokenStream> {
    let terms = terms(order, covet);
    (!order.is_empty()).then(|| quote!(order: #terms,))
}

/// A list of columns with their directions.
pub fn terms(order: &[(TokenStream, bool)], covet: &TokenStream) -> TokenStream {
    let terms = order.iter().map(|(at, descends)| quote!(#covet::OrderDef { column: #at, descending: #descends }));
    quote!(&[#(#terms),*])
}

//! `order_by(-created_at, name)`: how queries for rows are ordered that say nothing themselves.

use super::Field;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Error, Result};

/// The positions of the named fields, and whether each descends.
pub fn find(named: &[(Ident, bool)], fields: &[Field]) -> Result<Vec<(usize, bool)>> {
    let mut found: Vec<(usize, bool)> = Vec::new();
    for (ident, descends) in named {
        let at = fields.iter().position(|field| field.name == *ident);
        let at = at.ok_or_else(|| Error::new(ident.span(), format!("no field `{ident}`")))?;
        if found.iter().any(|(other, _)| *other == at) {
            return Err(Error::new(ident.span(), format!("`{ident}` is named twice")));
        }
        found.push((at, *descends));
    }
    Ok(found)
}

/// The member of the table's description; nothing without an order.
pub fn expand(order: &[(usize, bool)], covet: &TokenStream) -> Option<TokenStream> {
    let terms = order.iter().map(|(at, descends)| quote!(#covet::OrderDef { column: #at, descending: #descends }));
    (!order.is_empty()).then(|| quote!(order: &[#(#terms),*],))
}

//! `#[covet(debug)]`: a `Debug` that keeps sensitive fields to itself.

use super::Model;
use proc_macro2::TokenStream;
use quote::quote;

pub fn expand(model: &Model<'_>) -> TokenStream {
    let Model { name, covet, fields, parts, .. } = model;
    let title = name.to_string();
    let shown = fields.iter().map(|field| {
        let (name, title) = (&field.name, field.plain_name());
        if field.attributes.rules.sensitive {
            quote!(.field(#title, &#covet::Sensitive))
        } else {
            quote!(.field(#title, &self.#name))
        }
    });
    let parts = parts.iter().map(|part| {
        let (name, title) = (&part.name, part.plain_name());
        quote!(.field(#title, &self.#name))
    });
    let shown = shown.chain(parts);
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct(#title)#(#shown)*.finish()
            }
        }
    }
}

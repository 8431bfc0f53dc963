//! The row with some of its relations loaded: `PostWith`.

use super::Model;
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// The struct, which stands beside the model, and its impls.
pub fn expand(model: &Model<'_>) -> Option<(TokenStream, TokenStream)> {
    let Model { name, vis, covet, fields, relations, .. } = model;
    let keys: Vec<_> = fields.iter().filter(|field| field.target.is_some()).collect();
    if keys.is_empty() && relations.is_empty() {
        return None;
    }
    let with = format_ident!("{}With", name);
    let slots: Vec<_> =
        keys.iter().map(|field| &field.name).chain(relations.iter().map(|declared| &declared.name)).collect();
    let visibilities: Vec<_> = keys.iter().map(|field| &field.vis).chain(relations.iter().map(|_| *vis)).collect();
    let count = slots.len();
    let types: Vec<_> = (0..count).map(|at| format_ident!("S{at}")).collect();
    let key_types = keys.iter().map(|field| {
        let ty = &field.ty;
        quote_spanned!(ty.span()=> #ty)
    });
    let not_loaded = relations.iter().map(|_| quote!(#covet::NotLoaded));
    let defaults: Vec<_> = key_types.chain(not_loaded).collect();
    let key_values = keys.iter().map(|field| {
        let name = &field.name;
        quote!(::core::clone::Clone::clone(&self.#name))
    });
    let values = key_values.chain(relations.iter().map(|_| quote!(#covet::NotLoaded)));
    let doc = format!("A [`{name}`] with some of its relations loaded. It derefs to the `{name}`.");
    let title = with.to_string();
    let titles: Vec<_> = slots.iter().map(|slot| slot.to_string().trim_start_matches("r#").to_owned()).collect();
    let item = quote! {
        #[doc = #doc]
        #vis struct #with<#(#types = #defaults),*> {
            #[doc(hidden)]
            base: #name,
            #(
                #[doc = "What is loaded of the relation."]
                #visibilities #slots: #types,
            )*
        }
    };
    let impls = quote! {
        #[automatically_derived]
        impl<#(#types),*> ::core::ops::Deref for #with<#(#types),*> {
            type Target = #name;
            fn deref(&self) -> &#name {
                &self.base
            }
        }
        // The bound of the model does not depend on the parameters, which the compiler takes only behind a `for`.
        #[automatically_derived]
        impl<#(#types: ::core::clone::Clone),*> ::core::clone::Clone for #with<#(#types),*>
        where
            for<'covet> #name: ::core::clone::Clone,
        {
            fn clone(&self) -> Self {
                #with {
                    base: ::core::clone::Clone::clone(&self.base),
                    #(#slots: ::core::clone::Clone::clone(&self.#slots),)*
                }
            }
        }
        #[automatically_derived]
        impl<#(#types: ::core::fmt::Debug),*> ::core::fmt::Debug for #with<#(#types),*>
        where
            for<'covet> #name: ::core::fmt::Debug,
        {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #covet::fmt_with(f, #title, &self.base, &[#((#titles, &self.#slots as &dyn ::core::fmt::Debug)),*])
            }
        }
        #[automatically_derived]
        impl<#(#types),*> #covet::Shape for #with<#(#types),*> {
            type Base = #name;
            type Slots = (#(#types,)*);
            fn base(&self) -> &#name {
                &self.base
            }
            fn split(self) -> (#name, Self::Slots) {
                (self.base, (#(self.#slots,)*))
            }
        }
        #[automatically_derived]
        impl #covet::Shape for #name {
            type Base = #name;
            type Slots = (#(#defaults,)*);
            fn base(&self) -> &#name {
                self
            }
            fn split(self) -> (#name, Self::Slots) {
                let slots = (#(#values,)*);
                (self, slots)
            }
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl<#(#types),*> #covet::Assemble<(#(#types,)*)> for #name {
            type With = #with<#(#types),*>;
            fn assemble(self, (#(#slots,)*): (#(#types,)*)) -> Self::With {
                #with { base: self, #(#slots),* }
            }
        }
    };
    Some((item, impls))
}

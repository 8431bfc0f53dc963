//! `#[covet(patch)]` and `#[covet(eq_by_pk)]`: what a struct asks for beside its model.

use super::{Field, Model, part::Part, respanned};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

/// The type `UserPatch`, and what it can do. Keys, what is read only, and what covet or the database sets are not in it.
pub fn expand(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let Model { name, covet, .. } = model;
    let patch = name_of(name);
    let (item, impls) = of(model);
    let impls = quote! {
        #impls
        #[automatically_derived]
        impl #covet::Assignments<#name> for #patch {
            fn assign(self, tape: &mut #covet::Tape) {
                #covet::PatchFields::assign_to(self, &COLUMNS, tape);
            }
        }
        #[automatically_derived]
        impl #covet::Patch for #patch {
            type Model = #name;
        }
    };
    (item, impls)
}

/// `UserPatch`
pub fn name_of(name: &Ident) -> Ident {
    format_ident!("{}Patch", name)
}

/// The type, and its fields.
pub fn of(model: &Model<'_>) -> (TokenStream, TokenStream) {
    let patch = name_of(model.name);
    let Model { name, vis, covet, fields, parts, .. } = model;
    let is_patched = |field: &&Field| !field.is_key && field.is_input();
    let fields: Vec<&Field> = fields.iter().filter(is_patched).collect();
    let declarations = fields.iter().map(|field| {
        let Field { vis, docs, name, ty, .. } = field;
        quote!(#(#docs)* #vis #name: ::core::option::Option<#ty>)
    });
    let part_declarations = parts.iter().map(|part| {
        let (Part { vis, docs, name, .. }, ty) = (part, part.patch(covet));
        quote!(#(#docs)* #vis #name: #ty)
    });
    let names = fields.iter().map(|field| field.plain_name()).chain(parts.iter().map(Part::plain_name));
    let takes = fields.iter().map(|field| {
        let (name, next) = (&field.name, next(field, covet));
        quote!(self.#name = ::core::option::Option::Some(#next?))
    });
    let part_takes = parts.iter().map(|part| {
        let name = &part.name;
        quote!(self.#name = <#covet::Input as #covet::Readable<_>>::next(map)?)
    });
    let takes = takes.chain(part_takes).enumerate().map(|(at, take)| quote!(#at => #take));
    let applies = fields.iter().map(|field| {
        let name = &field.name;
        quote!(if let ::core::option::Option::Some(value) = self.#name { row.#name = value; })
    });
    let assigns = fields.iter().map(|field| {
        let Field { name, at, .. } = field;
        quote!(if let ::core::option::Option::Some(value) = self.#name {
            tape.assign(&columns[#at], #covet::SqlType::encode(value));
        })
    });
    let shown = fields.iter().map(|field| {
        let Field { name, at, .. } = field;
        quote!(fields.push((&columns[#at], self.#name.as_ref().map(#covet::SqlType::to_value)));)
    });
    let (of_parts, at): (Vec<_>, Vec<_>) = parts.iter().map(|part| (&part.name, &part.at)).unzip();
    let patch_name = patch.to_string();
    let title = format!(" Some fields of a [`{name}`], each `None` where it stays as it is.");
    let item = quote! {
        #[doc = #title]
        #[derive(::core::clone::Clone, ::core::default::Default)]
        #vis struct #patch {
            #(#declarations,)*
            #(#part_declarations,)*
        }
    };
    let impls = quote! {
        #[automatically_derived]
        impl #covet::PatchFields for #patch {
            type Of = #name;
            const NAMES: &'static [&'static str] = &[#(#names),*];
            fn take<'de, A: #covet::serde::de::MapAccess<'de>>(&mut self, at: usize, map: &mut A) -> ::core::result::Result<(), A::Error> {
                match at {
                    #(#takes,)*
                    _ => {}
                }
                ::core::result::Result::Ok(())
            }
            fn assign_to(self, columns: &'static [#covet::ColumnDef], tape: &mut #covet::Tape) {
                #(#assigns)*
                #(#covet::PatchFields::assign_to(self.#of_parts, &columns[#at..], tape);)*
            }
            fn apply_to(self, row: &mut #name) {
                #(#applies)*
                #(#covet::PatchFields::apply_to(self.#of_parts, &mut row.#of_parts);)*
            }
            fn show(&self, columns: &'static [#covet::ColumnDef], fields: &mut #covet::Shown) {
                #(#shown)*
                #(#covet::PatchFields::show(&self.#of_parts, &columns[#at..], fields);)*
            }
        }
        #[automatically_derived]
        impl<'de> #covet::serde::Deserialize<'de> for #patch {
            fn deserialize<D: #covet::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                #covet::read_patch(from)
            }
        }
        #[automatically_derived]
        impl ::core::fmt::Debug for #patch {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #covet::fmt_patch(self, #patch_name, &COLUMNS, f)
            }
        }
    };
    (item, impls)
}

/// Reads the value of a field from a map of serde's.
pub fn next(field: &Field, covet: &TokenStream) -> TokenStream {
    let (ty, name) = (&field.ty, field.plain_name());
    let covet_here = respanned(covet, ty.span());
    if field.attributes.rules.sensitive {
        quote_spanned!(ty.span()=> <#covet_here::Input as #covet_here::Readable<'de, #ty>>::next_sensitive(map, #name))
    } else {
        quote_spanned!(ty.span()=> <#covet_here::Input as #covet_here::Readable<'de, #ty>>::next(map))
    }
}

/// `Eq` and `Hash` by the key.
pub fn eq_by_pk(model: &Model<'_>) -> TokenStream {
    let Model { name, fields, key, .. } = model;
    let keys: Vec<_> = key.iter().map(|at| &fields[*at].name).collect();
    quote! {
        #[automatically_derived]
        impl ::core::cmp::PartialEq for #name {
            fn eq(&self, other: &Self) -> bool {
                #(self.#keys == other.#keys)&&*
            }
        }
        #[automatically_derived]
        impl ::core::cmp::Eq for #name {}
        #[automatically_derived]
        impl ::core::hash::Hash for #name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                #(::core::hash::Hash::hash(&self.#keys, state);)*
            }
        }
    }
}

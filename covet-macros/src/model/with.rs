//! The row with some of its relations loaded: `PostWith`.

use super::Model;
use crate::loaded::hash;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Path, Visibility, spanned::Spanned};

/// What is written here, since the bounds or the form are others than those of a derive.
const WRITTEN: [&str; 3] = ["Clone", "Debug", "Serialize"];

/// The relations of a model, each of which has a slot: a field, and a parameter that is its type.
struct Slots<'a> {
    model: &'a Model<'a>,
    with: Ident,
    fields: Vec<&'a Ident>,
    visibilities: Vec<&'a Visibility>,
    parameters: Vec<Ident>,
    /// The types where nothing is loaded.
    defaults: Vec<TokenStream>,
    /// The values where nothing is loaded.
    values: Vec<TokenStream>,
    titles: Vec<String>,
}

/// The struct, which stands beside the model, and its impls.
pub fn expand(model: &Model<'_>) -> Option<(TokenStream, TokenStream)> {
    let slots = Slots::of(model)?;
    let written = WRITTEN.iter().zip([slots.clone(), slots.debug(), slots.serialize()]);
    let written = written.filter(|(name, _)| is_derived(model, name)).map(|(_, text)| text);
    let (named, shapes) = (slots.named(), slots.shapes());
    Some((slots.item(), quote!(#named #(#written)* #shapes)))
}

/// Whether a row with relations implements it.
fn is_derived(model: &Model<'_>, name: &str) -> bool {
    model.with.as_ref().is_none_or(|paths| paths.iter().any(|path| ends_in(path, name)))
}

fn ends_in(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|segment| segment.ident == name)
}

impl<'a> Slots<'a> {
    fn of(model: &'a Model<'a>) -> Option<Slots<'a>> {
        let Model { name, vis, covet, fields, relations, .. } = model;
        let keys: Vec<_> = fields.iter().filter(|field| field.target.is_some()).collect();
        if keys.is_empty() && relations.is_empty() {
            return None;
        }
        let key_types = keys.iter().map(|field| {
            let ty = &field.ty;
            quote_spanned!(ty.span()=> #ty)
        });
        let key_values = keys.iter().map(|field| {
            let name = &field.name;
            quote!(::core::clone::Clone::clone(&self.#name))
        });
        let not_loaded = || relations.iter().map(|_| quote!(#covet::NotLoaded));
        let fields: Vec<_> =
            keys.iter().map(|field| &field.name).chain(relations.iter().map(|declared| &declared.name)).collect();
        Some(Slots {
            model,
            with: format_ident!("{}With", name),
            visibilities: keys.iter().map(|field| &field.vis).chain(relations.iter().map(|_| *vis)).collect(),
            parameters: (0..fields.len()).map(|at| format_ident!("S{at}")).collect(),
            defaults: key_types.chain(not_loaded()).collect(),
            values: key_values.chain(not_loaded()).collect(),
            titles: fields.iter().map(|slot| slot.to_string().trim_start_matches("r#").to_owned()).collect(),
            fields,
        })
    }

    fn item(&self) -> TokenStream {
        let Slots { model, with, fields, visibilities, parameters, defaults, .. } = self;
        let Model { name, vis, .. } = model;
        let doc = format!("A [`{name}`] with some of its relations loaded. It derefs to the `{name}`.");
        let derived = model.with.iter().flatten().filter(|path| !WRITTEN.iter().any(|name| ends_in(path, name)));
        let derived: Vec<_> = derived.collect();
        let derived = (!derived.is_empty()).then(|| quote!(#[derive(#(#derived),*)]));
        quote! {
            #[doc = #doc]
            #derived
            #vis struct #with<#(#parameters = #defaults),*> {
                #[doc(hidden)]
                base: #name,
                #(
                    #[doc = "What is loaded of the relation."]
                    #visibilities #fields: #parameters,
                )*
            }
        }
    }

    /// The relations by their names, for `loaded!`.
    fn named(&self) -> TokenStream {
        let Slots { model: Model { name, covet, .. }, fields, .. } = self;
        let hashes = fields.iter().map(|field| hash(field));
        quote! {
            #(
                #[automatically_derived]
                #[diagnostic::do_not_recommend]
                impl #covet::Named<#hashes> for #name {
                    type Relation = relation::#fields;
                }
            )*
        }
    }

    // In these a bound of the model does not depend on the parameters, which the compiler takes only behind a `for`.

    fn serialize(&self) -> TokenStream {
        let Slots { model: Model { name, covet, .. }, with, fields, parameters, defaults, titles, .. } = self;
        quote! {
            #[automatically_derived]
            impl<#(#parameters: #covet::serde::Serialize + ::core::any::Any),*> #covet::serde::Serialize
                for #with<#(#parameters),*>
            where
                for<'covet> #name: #covet::serde::Serialize,
            {
                fn serialize<CovetSerializer: #covet::serde::Serializer>(
                    &self,
                    serializer: CovetSerializer,
                ) -> ::core::result::Result<CovetSerializer::Ok, CovetSerializer::Error> {
                    #covet::serialize_with(serializer, &self.base, &[
                        #((#titles, &self.#fields, ::core::any::TypeId::of::<#defaults>())),*
                    ])
                }
            }
        }
    }

    fn clone(&self) -> TokenStream {
        let Slots { model: Model { name, .. }, with, fields, parameters, .. } = self;
        quote! {
            #[automatically_derived]
            impl<#(#parameters: ::core::clone::Clone),*> ::core::clone::Clone for #with<#(#parameters),*>
            where
                for<'covet> #name: ::core::clone::Clone,
            {
                fn clone(&self) -> Self {
                    #with {
                        base: ::core::clone::Clone::clone(&self.base),
                        #(#fields: ::core::clone::Clone::clone(&self.#fields),)*
                    }
                }
            }
        }
    }

    fn debug(&self) -> TokenStream {
        let Slots { model: Model { name, covet, .. }, with, fields, parameters, titles, .. } = self;
        let title = with.to_string();
        quote! {
            #[automatically_derived]
            impl<#(#parameters: ::core::fmt::Debug),*> ::core::fmt::Debug for #with<#(#parameters),*>
            where
                for<'covet> #name: ::core::fmt::Debug,
            {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #covet::fmt_with(f, #title, &self.base, &[#((#titles, &self.#fields as &dyn ::core::fmt::Debug)),*])
                }
            }
        }
    }

    /// How rows are taken apart and put together.
    fn shapes(&self) -> TokenStream {
        let Slots { model: Model { name, covet, .. }, with, fields, parameters, defaults, values, .. } = self;
        quote! {
            #[automatically_derived]
            impl<#(#parameters),*> ::core::ops::Deref for #with<#(#parameters),*> {
                type Target = #name;
                fn deref(&self) -> &#name {
                    &self.base
                }
            }
            #[automatically_derived]
            impl<#(#parameters),*> #covet::Shape for #with<#(#parameters),*> {
                type Base = #name;
                type Slots = (#(#parameters,)*);
                fn base(&self) -> &#name {
                    &self.base
                }
                fn split(self) -> (#name, Self::Slots) {
                    (self.base, (#(self.#fields,)*))
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
            impl<#(#parameters),*> #covet::Assemble<(#(#parameters,)*)> for #name {
                type With = #with<#(#parameters),*>;
                fn assemble(self, (#(#fields,)*): (#(#parameters,)*)) -> Self::With {
                    #with { base: self, #(#fields),* }
                }
            }
        }
    }
}

//! The insert builder: a type parameter for each required field, and none for the others.

use super::{Model, field::Field, respanned};
use crate::attributes::Default_;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

pub fn expand(model: &Model<'_>) -> TokenStream {
    let Model { name, vis, covet, fields, .. } = model;
    let builder = format_ident!("{}Create", name);
    let required: Vec<&Field> = fields.iter().filter(|field| field.is_required()).collect();
    let states: Vec<Ident> = (0..required.len()).map(|at| format_ident!("S{at}")).collect();
    let missing: Vec<_> = required.iter().map(|field| &field.name).collect();
    let all_set = required.iter().map(|_| quote!(#covet::Set));
    let defaults = fields.iter().enumerate().filter_map(|(at, field)| {
        let ty = &field.ty;
        let value = match field.attributes.default.as_ref()? {
            Default_::OfType => quote_spanned!(ty.span()=> <#ty as ::core::default::Default>::default()),
            Default_::Value(value) => quote!(#value),
        };
        let store = quote_spanned!(value.span()=> #covet::Storable::<#ty>::store(#value));
        Some(quote!(.put(#at, #store)))
    });
    let setter = |at: usize, field: &Field| {
        let Field { vis, docs, ty, name, .. } = field;
        // Spans of the field, so that a value of a wrong type is an error that shows the field.
        let covet_here = respanned(covet, ty.span());
        let bound = quote_spanned!(ty.span()=> impl #covet_here::Storable<#ty>);
        let given_at = required.iter().position(|other| other.name == field.name);
        let out = states.iter().enumerate().map(
            |(i, state)| {
                if Some(i) == given_at { quote!(#covet::Set) } else { quote!(#state) }
            },
        );
        quote! {
            #(#docs)*
            #vis fn #name(self, value: #bound) -> #builder<#(#out),*> {
                #builder { row: self.row.put(#at, #covet::Storable::<#ty>::store(value)), states: ::core::marker::PhantomData }
            }
        }
    };
    let setters = fields.iter().enumerate().map(|(at, field)| setter(at, field));
    quote! {
        mod missing {
            #(pub enum #missing {})*
        }
        #[must_use = "the row is not stored before `.save(&db)`"]
        #vis struct #builder<#(#states = missing::#missing),*> {
            row: #covet::New<#name>,
            states: ::core::marker::PhantomData<fn() -> (#(#states,)*)>,
        }
        #[automatically_derived]
        impl<#(#states),*> #builder<#(#states),*> {
            #(#setters)*
            /// The row, for `bulk_create`.
            pub fn build(self) -> #covet::New<#name>
            where
                (#(#states,)*): #covet::AllGiven<#name>,
            {
                self.row
            }
            /// Checks the values against the rules of the model, as `save` does first; nothing is sent.
            ///
            /// # Errors
            /// Every violation, by field.
            pub fn validate(&self) -> ::core::result::Result<(), #covet::ValidationErrors> {
                self.row.validate()
            }
            /// Stores the row without asking the rules of the model.
            pub fn skip_validation(self) -> Self {
                #builder { row: self.row.skip_validation(), states: ::core::marker::PhantomData }
            }
            /// Inserts the row and gives it back with its key.
            pub fn save<'a>(self, on: &'a dyn #covet::Executor) -> #covet::Pending<'a, #name>
            where
                (#(#states,)*): #covet::AllGiven<#name>,
            {
                self.row.save(on)
            }
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::AllGiven<#name> for (#(#all_set,)*) {}
        #[automatically_derived]
        impl #covet::Create for #name {
            type Builder = #builder;
            fn create() -> #builder {
                #builder { row: #covet::New::empty()#(#defaults)*, states: ::core::marker::PhantomData }
            }
        }
    }
}

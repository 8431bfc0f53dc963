//! `#[derive(SqlType)]`: a newtype is stored as what it wraps.

use crate::{
    attributes::{each, krate},
    model::argument_of,
};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Data, DeriveInput, Error, Fields, Member, Result, spanned::Spanned};

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let wrong = || Error::new(name.span(), "`SqlType` is for a struct with one field: `struct Email(String);`");
    let Data::Struct(data) = &input.data else { return Err(wrong()) };
    let (Fields::Unnamed(_) | Fields::Named(_)) = &data.fields else { return Err(wrong()) };
    let mut fields = data.fields.iter();
    let (Some(field), None) = (fields.next(), fields.next()) else { return Err(wrong()) };
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a newtype in a column has no generic parameters"));
    }
    let (mut covet, mut is_key) = (quote!(::covet::__private), false);
    let take = |meta: &syn::meta::ParseNestedMeta<'_>, name: &str| {
        match name {
            "crate" => covet = krate(meta)?,
            "key" => is_key = true,
            _ => return Ok(false),
        }
        Ok(true)
    };
    each(&input.attrs, take, &["key", "crate"])?;
    let member = field.ident.clone().map_or(Member::Unnamed(0.into()), Member::Named);
    let ty = &field.ty;
    if argument_of(ty, "Option").is_some() {
        return Err(Error::new(
            ty.span(),
            "a newtype wraps no `Option`: make the field of the model an `Option` of it",
        ));
    }
    let inner = quote_spanned!(ty.span()=> <#ty as #covet::SqlType>);
    let key = is_key.then(|| {
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #covet::Key for #name {
                const KINDS: &'static [#covet::Kind] = &[<#name as #covet::SqlType>::KIND];
                fn parameter(self) -> #covet::Value {
                    #covet::SqlType::encode(self)
                }
            }
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<M: #covet::Model> #covet::Storable<#covet::ForeignKey<M, #name>> for #name {
                fn store(self) -> #covet::Value {
                    #covet::SqlType::encode(self)
                }
            }
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl<Scope, M: #covet::Model> #covet::Operand<Scope, #covet::ForeignKey<M, #name>> for #name {
                fn operand(self, tape: &mut #covet::Tape) {
                    tape.bind(<#name as #covet::SqlType>::KIND, #covet::SqlType::encode(self));
                }
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::SqlType for #name {
            type Inner = #name;
            const KIND: #covet::Kind = #inner::KIND;
            const CHOICES: ::core::option::Option<&'static #covet::EnumDef> = #inner::CHOICES;
            fn decode(row: &dyn #covet::Row, at: usize) -> #covet::Result<Self> {
                ::core::result::Result::map(#inner::decode(row, at), |inner| #name { #member: inner })
            }
            fn to_value(&self) -> #covet::Value {
                #inner::to_value(&self.#member)
            }
            fn encode(self) -> #covet::Value {
                #inner::encode(self.#member)
            }
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::NotNull for #name {}
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::Newtype for #name {
            type Of = #ty;
        }
        #key
    })
}

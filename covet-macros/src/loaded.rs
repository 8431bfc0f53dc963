//! `loaded!`: the type of a row with relations, by their names.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Path, Result, Token, Type, braced,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
    token::Brace,
};

/// `Post { author { company }, tags, comments: i64 }`
pub struct Loaded {
    model: Path,
    relations: Vec<Relation>,
}

struct Relation {
    name: Ident,
    what: What,
}

/// What is loaded of a relation.
enum What {
    /// Rows, with relations of their own.
    Rows(Vec<Relation>),
    /// Values of them, of this type.
    Values(Box<Type>),
}

fn relations(input: ParseStream<'_>) -> Result<Vec<Relation>> {
    let inside;
    braced!(inside in input);
    Ok(Punctuated::<Relation, Token![,]>::parse_terminated(&inside)?.into_iter().collect())
}

impl Parse for Relation {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.parse()?;
        let what = if input.peek(Token![:]) {
            input.parse::<Token![:]>()?;
            What::Values(input.parse()?)
        } else if input.peek(Brace) {
            What::Rows(relations(input)?)
        } else {
            What::Rows(Vec::new())
        };
        Ok(Relation { name, what })
    }
}

impl Parse for Loaded {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let model = input.parse()?;
        let relations = if input.peek(Brace) { relations(input)? } else { Vec::new() };
        Ok(Loaded { model, relations })
    }
}

impl Loaded {
    pub fn expand(&self) -> TokenStream {
        let model = &self.model;
        with(&quote!(#model), &self.relations)
    }
}

/// The type of a row of `model` with relations.
fn with(model: &TokenStream, relations: &[Relation]) -> TokenStream {
    relations.iter().fold(model.clone(), |row, relation| {
        let (name, hash) = (relation.name.span(), hash(&relation.name));
        let found = quote_spanned!(name=> <#model as ::covet::__private::Named<#hash>>::Relation);
        match &relation.what {
            What::Values(ty) => quote_spanned!(name=> ::covet::__private::WithValue<#row, #found, #ty>),
            What::Rows(inner) => {
                let item = with(&quote_spanned!(name=> <#found as ::covet::__private::Relation>::To), inner);
                quote_spanned!(name=> ::covet::__private::WithRows<#row, #found, #item>)
            }
        }
    })
}

/// A name as a number, which is what a trait can be asked by.
pub fn hash(name: &Ident) -> u64 {
    let plain = name.to_string();
    let bytes = plain.trim_start_matches("r#").bytes();
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

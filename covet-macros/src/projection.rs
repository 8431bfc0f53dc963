//! `#[derive(Projection)]`: a struct of chosen values of a row.

use crate::{
    attributes::{each, krate},
    model::respanned,
};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, Field, Fields, Path, Result, Token, punctuated::Punctuated,
    spanned::Spanned,
};

/// How many values are chosen at once.
const MOST: usize = 12;

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let wrong = || Error::new(name.span(), "a projection is a struct with named fields");
    let Data::Struct(data) = &input.data else { return Err(wrong()) };
    let Fields::Named(fields) = &data.fields else { return Err(wrong()) };
    if !input.generics.params.is_empty() {
        return Err(Error::new(input.generics.span(), "a projection has no generic parameters"));
    }
    if fields.named.is_empty() {
        return Err(Error::new(name.span(), "a projection without fields chooses nothing"));
    }
    let (covet, model) = of_struct(name, &input.attrs)?;
    let values = fields.named.iter().map(|field| value(field, &model, &covet)).collect::<Result<Vec<_>>>()?;
    let names: Vec<_> = fields.named.iter().map(|field| &field.ident).collect();
    let chunks: Vec<_> = values.chunks(MOST).map(|chunk| quote!((#(#chunk,)*))).collect();
    let patterns: Vec<_> = names.chunks(MOST).map(|chunk| quote!((#(#chunk,)*))).collect();
    if chunks.len() > MOST {
        return Err(Error::new(name.span(), "a projection has at most 144 fields"));
    }
    Ok(quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::Projection for #name {
            type Model = #model;
            fn chosen() -> #covet::Chosen<Self> {
                #covet::chosen::<#model, _, _>((#(#chunks,)*), |(#(#patterns,)*)| #name { #(#names),* })
            }
        }
    })
}

fn of_struct(name: &Ident, attrs: &[Attribute]) -> Result<(TokenStream, Path)> {
    let (mut covet, mut model) = (quote!(::covet::__private), None);
    let take = |meta: &syn::meta::ParseNestedMeta<'_>, name: &str| {
        match name {
            "crate" => covet = krate(meta)?,
            "model" => model = Some(meta.value()?.parse()?),
            _ => return Ok(false),
        }
        Ok(true)
    };
    each(attrs, take, &["model", "crate"])?;
    let model = model.ok_or_else(|| {
        Error::new(name.span(), format!("say whose rows `{name}` is chosen of: `#[covet(model = Post)]`"))
    })?;
    Ok((covet, model))
}

/// What is chosen for a field: what is named as the field, or what it says.
fn value(field: &Field, model: &Path, covet: &TokenStream) -> Result<TokenStream> {
    let (mut path, mut expr) = (None, None);
    let take = |meta: &syn::meta::ParseNestedMeta<'_>, name: &str| {
        match name {
            "path" => path = Some(Punctuated::<Ident, Token![.]>::parse_separated_nonempty(meta.value()?)?),
            "expr" => expr = Some(meta.value()?.parse::<Expr>()?),
            _ => return Ok(false),
        }
        Ok(true)
    };
    each(&field.attrs, take, &["path", "expr"])?;
    let (ty, name) = (&field.ty, &field.ident);
    let model = quote!(#model);
    let chosen = match (path, expr) {
        (Some(path), Some(_)) => return Err(Error::new(path.span(), "a field has a `path` or an `expr`, not both")),
        (None, Some(expr)) => quote!(#expr),
        (Some(path), None) => {
            let model = respanned(&model, path.span());
            let mut path = path.iter();
            let (first, rest) = (path.next(), path);
            quote_spanned!(first.span()=> #model::#first #(.#rest)*)
        }
        (None, None) => {
            let model = respanned(&model, name.span());
            quote_spanned!(name.span()=> #model::#name)
        }
    };
    Ok(quote_spanned!(ty.span()=> #covet::ReadInto::<#model, #ty>::read_into(#chosen)))
}

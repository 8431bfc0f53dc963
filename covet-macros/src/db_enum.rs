//! `#[derive(DbEnum)]`: an enum of unit variants, stored as text, as an integer, or as the database's own type.

use crate::attributes::{self, each, krate};
use heck::{ToSnakeCase, ToTitleCase};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::{
    Data, DeriveInput, Error, Expr, ExprLit, ExprUnary, Fields, Lit, LitStr, Result, UnOp, Variant,
    meta::ParseNestedMeta, spanned::Spanned,
};

/// On the enum.
struct Attributes {
    covet: TokenStream,
    repr: Option<Ident>,
    native: Option<Span>,
    name: Option<LitStr>,
}

const INTEGERS: [(&str, &str, i128, i128); 6] = [
    ("i16", "I16", i16::MIN as i128, i16::MAX as i128),
    ("i32", "I32", i32::MIN as i128, i32::MAX as i128),
    ("i64", "I64", i64::MIN as i128, i64::MAX as i128),
    ("u8", "U8", 0, u8::MAX as i128),
    ("u16", "U16", 0, u16::MAX as i128),
    ("u32", "U32", 0, u32::MAX as i128),
];

pub fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new(name.span(), "`DbEnum` is for an enum; a struct with one field takes `SqlType`"));
    };
    if data.variants.is_empty() {
        return Err(Error::new(name.span(), "an enum without variants has no value to store"));
    }
    if let Some(variant) = data.variants.iter().find(|variant| !matches!(variant.fields, Fields::Unit)) {
        return Err(Error::new(variant.fields.span(), "a variant that is stored in a column has no fields"));
    }
    let attributes = of_enum(input)?;
    let covet = &attributes.covet;
    let variants: Vec<&Variant> = data.variants.iter().collect();
    let body = match &attributes.repr {
        Some(repr) => integer(name, repr, &variants, covet)?,
        None => text(name, &attributes, &variants)?,
    };
    Ok(quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::SqlType for #name {
            type Inner = #name;
            #body
        }
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #covet::NotNull for #name {}
    })
}

fn of_enum(input: &DeriveInput) -> Result<Attributes> {
    let mut found = Attributes { covet: quote!(::covet::__private), repr: None, native: None, name: None };
    let take = |meta: &ParseNestedMeta<'_>, name: &str| {
        match name {
            "crate" => found.covet = krate(meta)?,
            "repr" => {
                let repr: Ident = meta.value()?.parse()?;
                if !INTEGERS.iter().any(|(name, ..)| repr == name) {
                    return Err(Error::new(repr.span(), "`repr` is one of `i16`, `i32`, `i64`, `u8`, `u16`, `u32`"));
                }
                found.repr = Some(repr);
            }
            "native" => found.native = Some(meta.path.span()),
            "name" => found.name = Some(meta.value()?.parse()?),
            _ => return Ok(false),
        }
        Ok(true)
    };
    each(&input.attrs, take, &["repr", "native", "name", "crate"])?;
    if let (Some(span), Some(_)) = (found.native, &found.repr) {
        return Err(Error::new(span, "an enum is stored as an integer or as a type of its own: remove one of them"));
    }
    if let (None, Some(name)) = (found.native, &found.name) {
        return Err(Error::new(name.span(), "`name` is the name of the type of a `native` enum"));
    }
    Ok(found)
}

/// The discriminants, counted as Rust does.
fn integer(name: &Ident, repr: &Ident, variants: &[&Variant], covet: &TokenStream) -> Result<TokenStream> {
    let (_, kind, low, high) =
        INTEGERS.iter().find(|(name, ..)| repr == name).ok_or_else(|| Error::new(repr.span(), "not an integer"))?;
    let kind = Ident::new(kind, Span::call_site());
    let mut next = 0_i128;
    let (mut numbers, mut labels) = (Vec::new(), Vec::new());
    for variant in variants {
        let said = of_variant(variant)?;
        if let Some(value) = said.value {
            return Err(Error::new(value.span(), "the number of a variant stands behind it: `Open = 1`"));
        }
        labels.push(said.label);
        let span = variant.discriminant.as_ref().map_or(variant.span(), |(_, value)| value.span());
        if let Some((_, value)) = &variant.discriminant {
            next = number(value)?;
        }
        if !(*low..=*high).contains(&next) {
            return Err(Error::new(span, format!("the number does not fit into `{repr}`")));
        }
        let literal = Literal::i128_unsuffixed(next.abs());
        numbers.push(if next < 0 { quote!(-#literal) } else { quote!(#literal) });
        next += 1;
    }
    let names: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let title = name.to_string();
    Ok(quote! {
        const KIND: #covet::Kind = #covet::Kind::#kind;
        const CHOICES: ::core::option::Option<&'static #covet::EnumDef> =
            ::core::option::Option::Some(&#covet::EnumDef {
                name: #title,
                native: false,
                values: &[],
                numbers: &[#(#numbers),*],
                labels: &[#(#labels),*],
            });
        fn decode(row: &dyn #covet::Row, at: usize) -> #covet::Result<Self> {
            ::core::result::Result::Ok(match <#repr as #covet::SqlType>::decode(row, at)? {
                #(#numbers => #name::#names,)*
                other => return ::core::result::Result::Err(#covet::unknown_variant(#title, &other)),
            })
        }
        fn to_value(&self) -> #covet::Value {
            #covet::Value::#kind(match self {
                #(#name::#names => #numbers,)*
            })
        }
    })
}

fn number(value: &Expr) -> Result<i128> {
    if let Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) = value {
        return number.base10_parse();
    }
    if let Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) = value {
        return number(expr).map(|number| -number);
    }
    Err(Error::new(value.span(), "the number of a variant is written as digits"))
}

fn text(name: &Ident, attributes: &Attributes, variants: &[&Variant]) -> Result<TokenStream> {
    let Attributes { covet, native, name: type_name, .. } = attributes;
    let (mut texts, mut labels): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for variant in variants {
        if let Some((_, number)) = &variant.discriminant {
            return Err(Error::new(number.span(), "an enum that is stored as integers says `#[covet(repr = i16)]`"));
        }
        let said = of_variant(variant)?;
        let (text, span) = said
            .value
            .map_or_else(|| (said.name.to_snake_case(), variant.ident.span()), |value| (value.value(), value.span()));
        labels.push(said.label);
        if texts.contains(&text) {
            return Err(Error::new(span, format!("two variants are stored as `{text}`")));
        }
        if native.is_some() && (text.len() > 63 || text.trim() != text || text.is_empty()) {
            return Err(Error::new(span, "a value of a `native` enum has 1 to 63 bytes and no spaces around it"));
        }
        texts.push(text);
    }
    let names: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let title = name.to_string();
    let (is_native, type_name) = match native {
        Some(_) => (true, type_name.as_ref().map_or_else(|| title.to_snake_case(), LitStr::value)),
        None => (false, title.clone()),
    };
    Ok(quote! {
        const KIND: #covet::Kind = #covet::Kind::Text;
        const CHOICES: ::core::option::Option<&'static #covet::EnumDef> =
            ::core::option::Option::Some(&#covet::EnumDef {
                name: #type_name,
                native: #is_native,
                values: &[#(#texts),*],
                numbers: &[],
                labels: &[#(#labels),*],
            });
        fn decode(row: &dyn #covet::Row, at: usize) -> #covet::Result<Self> {
            ::core::result::Result::Ok(match #covet::text_of(row, at)? {
                #(#texts => #name::#names,)*
                other => return ::core::result::Result::Err(#covet::unknown_variant(#title, &other)),
            })
        }
        fn to_value(&self) -> #covet::Value {
            #covet::Value::Text(::core::convert::Into::into(match self {
                #(#name::#names => #texts,)*
            }))
        }
    })
}

/// What a variant says.
struct Said {
    name: String,
    value: Option<LitStr>,
    label: String,
}

/// The label is the variant's name in words, unless `label = ".."` gives another.
fn of_variant(variant: &Variant) -> Result<Said> {
    let name = variant.ident.to_string().trim_start_matches("r#").to_owned();
    let mut found = Said { label: name.to_title_case(), name, value: None };
    let take = |meta: &ParseNestedMeta<'_>, name: &str| {
        match name {
            "value" => {
                let value: LitStr = meta.value()?.parse()?;
                if value.value().contains('\0') {
                    return Err(Error::new(value.span(), "a text in a database has no NUL"));
                }
                found.value = Some(value);
            }
            "label" => found.label = attributes::text(meta)?.value(),
            _ => return Ok(false),
        }
        Ok(true)
    };
    each(&variant.attrs, take, &["value", "label"])?;
    Ok(found)
}

//! `#[covet(flatten)]`: a field whose own fields are columns of the table.

use super::{Field, respanned, without_self};
use crate::attributes::{self, PartAttributes};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Error, Result, Type, Visibility, parse2, spanned::Spanned};

/// The position of a column: a number, and the columns of the parts before it.
#[derive(Clone, Default)]
pub struct Position {
    own: usize,
    parts: Vec<TokenStream>,
}

impl ToTokens for Position {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Position { own, parts } = self;
        tokens.extend(if parts.is_empty() { quote!(#own) } else { quote!((#own #(+ #parts)*)) });
    }
}

/// A field with `flatten`.
pub struct Part {
    pub name: Ident,
    pub vis: Visibility,
    pub ty: Type,
    pub docs: Vec<Attribute>,
    pub token: Ident,
    prefix: String,
    /// The position of its first column.
    pub at: Position,
    /// How many fields of the struct that are columns stand before it.
    before: usize,
}

/// Reads the fields: those that are columns, and those that are parts.
pub fn read(
    fields: &syn::FieldsNamed,
    model: &Ident,
    covet: &TokenStream,
) -> Result<(Vec<Field>, Vec<Part>, Position)> {
    let (mut columns, mut parts, mut next) = (Vec::new(), Vec::new(), Position::default());
    for field in &fields.named {
        let Some(PartAttributes { prefix, token }) = attributes::of_part(&field.attrs)? else {
            columns.push(Field::read(field, model, next.clone())?);
            next.own += 1;
            continue;
        };
        let name = field.ident.clone().ok_or_else(|| Error::new(field.span(), "a model's fields have names"))?;
        let ty = &field.ty;
        let ty: Type = parse2(without_self(quote!(#ty), model))?;
        let docs = field.attrs.iter().filter(|attr| attr.path().is_ident("doc")).cloned().collect();
        let part = Part {
            token: token.unwrap_or_else(|| name.clone()),
            vis: field.vis.clone(),
            at: next.clone(),
            before: columns.len(),
            name,
            ty,
            docs,
            prefix,
        };
        next.parts.push(part.count(covet));
        parts.push(part);
    }
    Ok((columns, parts, next))
}

impl Part {
    /// `<Stamps as Embed>`
    pub fn embed(&self, covet: &TokenStream) -> TokenStream {
        let ty = &self.ty;
        let covet_here = respanned(covet, ty.span());
        quote_spanned!(ty.span()=> <#ty as #covet_here::Embed>)
    }

    /// What stands for it in types.
    pub fn marker(&self) -> TokenStream {
        let name = &self.name;
        quote!(relation::#name)
    }

    /// Says where it stands in the model.
    pub fn flattened(&self, model: &Ident, covet: &TokenStream) -> TokenStream {
        let (marker, at) = (self.marker(), &self.at);
        quote! {
            #[automatically_derived]
            impl #covet::Flattened for #marker {
                type Model = #model;
                const COLUMNS: &'static [#covet::ColumnDef] = COLUMNS.split_at(#at).1;
            }
        }
    }

    /// The constant in the model's `impl`.
    pub fn constant(&self, covet: &TokenStream) -> TokenStream {
        let Part { vis, docs, token, .. } = self;
        let (embed, marker) = (self.embed(covet), self.marker());
        quote! {
            #(#docs)*
            #vis const #token: &'static #embed::Tokens<#marker> = <#embed::Tokens<#marker> as #covet::Columns>::NEW;
        }
    }

    /// How many columns it has.
    fn count(&self, covet: &TokenStream) -> TokenStream {
        let embed = self.embed(covet);
        quote!(#embed::COLUMNS.len())
    }

    /// The position of one of its fields.
    pub fn position(&self, path: &[Ident], covet: &TokenStream) -> TokenStream {
        let (at, embed) = (&self.at, self.embed(covet));
        let span = path.first().map_or_else(|| self.name.span(), Ident::span);
        let path = path.iter().map(|ident| ident.to_string().trim_start_matches("r#").to_owned());
        let path = path.collect::<Vec<_>>().join(".");
        let covet_here = respanned(covet, span);
        quote_spanned!(span=> (#at + #covet_here::position(#embed::COLUMNS, #path)))
    }

    fn renamed(&self) -> Ident {
        format_ident!("PART_{}", self.plain_name(), span = self.name.span())
    }

    pub fn plain_name(&self) -> String {
        self.name.to_string().trim_start_matches("r#").to_owned()
    }

    /// Its columns under their names in the table.
    fn statics(&self, covet: &TokenStream) -> TokenStream {
        let Part { prefix, .. } = self;
        let (names, renamed) = (format_ident!("NAMES_{}", self.plain_name()), self.renamed());
        let (count, embed, field) = (self.count(covet), self.embed(covet), format!("{}.", self.plain_name()));
        quote! {
            static #names: #covet::PartNames<{ #count }> = #covet::PartNames::new(#field, #prefix, #embed::COLUMNS);
            static #renamed: [#covet::ColumnDef; #count] = #names.rename(#embed::COLUMNS);
        }
    }

    /// Reads the part from a row.
    pub fn decode(&self, covet: &TokenStream, part: bool) -> TokenStream {
        let Part { name, at, .. } = self;
        let embed = self.embed(covet);
        let (table, at) = if part { (quote!(table), quote!(base + #at)) } else { (quote!(&TABLE), quote!(#at)) };
        quote!(#name: #embed::decode(row, at, #table, #at)?)
    }

    /// The type of its patch.
    pub fn patch(&self, covet: &TokenStream) -> TokenStream {
        let embed = self.embed(covet);
        quote!(#embed::Patch)
    }

    /// Reads the part of a new row from a map of serde's.
    pub fn take(&self, covet: &TokenStream) -> TokenStream {
        let Part { ty, at, .. } = self;
        let covet_here = respanned(covet, ty.span());
        quote_spanned!(ty.span()=> <#covet_here::Input as #covet_here::ReadablePart<#ty>>::take_part(&mut row[#at..], map)?)
    }
}

/// The static `COLUMNS`, and what it is made of.
pub fn columns(fields: &[Field], parts: &[Part], end: &Position, covet: &TokenStream) -> TokenStream {
    let mut defs: Vec<_> = fields.iter().map(|field| field.column_def(covet)).collect();
    if parts.is_empty() {
        return quote!(static COLUMNS: [#covet::ColumnDef; #end] = [#(#defs),*];);
    }
    let statics = parts.iter().map(|part| part.statics(covet));
    let mut chunks = Vec::new();
    for part in parts.iter().rev() {
        let behind = defs.split_off(part.before);
        let renamed = part.renamed();
        chunks.push(quote!(&#renamed, &[#(#behind),*]));
    }
    chunks.push(quote!(&[#(#defs),*]));
    chunks.reverse();
    // Two columns of one name are an error at the last part.
    let span = parts.last().map_or_else(Span::call_site, |part| part.name.span());
    let covet_here = respanned(covet, span);
    let all = quote_spanned!(span=> #covet_here::columns(&[#(#chunks),*]));
    quote! {
        #(#statics)*
        static COLUMNS: [#covet::ColumnDef; #end] = #all;
    }
}

/// The body of `values`: one value for each column, in the order of the columns.
pub fn values(fields: &[Field], parts: &[Part], covet: &TokenStream) -> TokenStream {
    let mut pushes: Vec<_> = fields
        .iter()
        .map(|field| {
            let value = field.to_value(covet);
            quote!(values.push(#value);)
        })
        .collect();
    for part in parts.iter().rev() {
        let (name, embed) = (&part.name, part.embed(covet));
        pushes.insert(part.before, quote!(#embed::values(&self.#name, values);));
    }
    quote!(#(#pushes)*)
}

/// The tokens of parts inside a `struct` of columns or tokens: its members and their values.
pub fn members(
    parts: &[Part],
    covet: &TokenStream,
    joined: bool,
    marker: impl Fn(&Part) -> TokenStream,
) -> (Vec<TokenStream>, Vec<TokenStream>) {
    let member = |part: &Part| {
        let Part { vis, docs, token, .. } = part;
        let (embed, marker) = (part.embed(covet), marker(part));
        let of = if joined { quote!(#embed::Joined<P, #marker>) } else { quote!(#embed::Tokens<#marker>) };
        (quote!(#(#docs)* #vis #token: &'static #of), quote!(#token: <#of as #covet::Columns>::NEW))
    };
    parts.iter().map(member).unzip()
}

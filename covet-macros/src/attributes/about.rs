//! What is said of a field or a struct beside what it holds: types in the database, and texts for people.

use super::{Engines, ModelAttributes};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Error, Expr, ExprLit, Lit, LitStr, Meta, Result, meta::ParseNestedMeta};

/// On a field.
#[derive(Default)]
pub struct About {
    sql_type: Option<Engines>,
    pub collate: Option<Engines>,
    comment: Option<LitStr>,
    label: Option<LitStr>,
    help: Option<LitStr>,
}

impl About {
    /// Says whether it knows the name.
    pub fn take(&mut self, meta: &ParseNestedMeta<'_>, name: &str) -> Result<bool> {
        match name {
            "sql_type" => self.sql_type = Some(Engines::read(meta)?),
            "collate" => self.collate = Some(Engines::read(meta)?),
            "comment" => self.comment = Some(comment(meta)?),
            "label" => self.label = Some(text(meta)?),
            "help" => self.help = Some(text(meta)?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The words of the `ColumnDef`. The help is the doc comment, unless `help` says another.
    pub fn expand(&self, docs: &[Attribute], covet: &TokenStream) -> Option<TokenStream> {
        let engines = [("sql_type", &self.sql_type), ("collate", &self.collate)];
        let engines = engines.into_iter().filter_map(|(name, given)| {
            let (name, given) = (format_ident!("{name}"), given.as_ref()?.expand(covet));
            Some(quote!(#name: ::core::option::Option::Some(#given)))
        });
        let help = self.help.as_ref().map_or_else(|| help(docs), LitStr::value);
        let help = (!help.is_empty()).then(|| quote!(help: #help));
        let words: Vec<_> =
            engines.chain(texts(&[("comment", &self.comment), ("label", &self.label)])).chain(help).collect();
        (!words.is_empty()).then(|| quote!(#(#words),*))
    }
}

/// `schema = "app"`, `schema(pg = "app", mysql = "app")`
pub fn schema(meta: &ParseNestedMeta<'_>) -> Result<Engines> {
    let schema = Engines::read_as(meta.input, super::check_identifier)?;
    match schema.on("sqlite") {
        Some(name) => Err(Error::new(name.span(), "SQLite has no schemas: remove this")),
        None => Ok(schema),
    }
}

/// The words of the `TableDef`.
pub fn of_table(attributes: &ModelAttributes, covet: &TokenStream) -> Vec<TokenStream> {
    let ModelAttributes { schema, unmanaged, comment, label, label_plural, .. } = attributes;
    let schema = schema.as_ref().map(|schema| {
        let schema = schema.expand(covet);
        quote!(schema: ::core::option::Option::Some(#schema))
    });
    let words = texts(&[("comment", comment), ("label", label), ("label_plural", label_plural)]);
    let managed = unmanaged.then(|| quote!(managed: false));
    schema.into_iter().chain(managed).chain(words).map(|word| quote!(#word,)).collect()
}

fn texts(given: &[(&str, &Option<LitStr>)]) -> Vec<TokenStream> {
    let word = |(name, text): &(&str, &Option<LitStr>)| {
        let (name, text) = (format_ident!("{name}"), text.as_ref()?);
        Some(quote!(#name: #text))
    };
    given.iter().filter_map(word).collect()
}

/// A text for people.
pub fn text(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let text: LitStr = meta.value()?.parse()?;
    if text.value().trim().is_empty() { Err(Error::new(text.span(), "expected a text")) } else { Ok(text) }
}

/// The longest comment of a column on MySQL.
const MOST_CHARACTERS: usize = 1_024;

pub fn comment(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let text = text(meta)?;
    if text.value().chars().count() > MOST_CHARACTERS || text.value().contains('\0') {
        return Err(Error::new(text.span(), "a comment in a database has at most 1,024 characters, and no NUL"));
    }
    Ok(text)
}

/// The lines of a doc comment, without the space before each.
fn help(docs: &[Attribute]) -> String {
    let line = |attr: &Attribute| {
        let Meta::NameValue(pair) = &attr.meta else { return None };
        let Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) = &pair.value else { return None };
        let line = line.value();
        Some(line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned())
    };
    docs.iter().filter_map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

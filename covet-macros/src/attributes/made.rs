//! What the database makes of a column: `db_default` and `generated`.

use super::Engines;
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, Expr, Result, Type, meta::ParseNestedMeta, spanned::Spanned, token::Paren};

/// `db_default`
pub enum DbDefault {
    /// `= now`
    Now(Span),
    /// `= uuid`
    Uuid(Span),
    /// `= value`
    Value(Box<Expr>),
    /// `(pg = "..", ..)`
    Sql(Engines),
}

impl DbDefault {
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<DbDefault> {
        if meta.input.peek(Paren) {
            return Engines::read(meta).map(DbDefault::Sql);
        }
        let value: Expr = meta.value()?.parse()?;
        let word = if let Expr::Path(path) = &value { path.path.get_ident() } else { None };
        Ok(match word {
            Some(word) if word == "now" => DbDefault::Now(word.span()),
            Some(word) if word == "uuid" => DbDefault::Uuid(word.span()),
            Some(_) | None => DbDefault::Value(Box::new(value)),
        })
    }

    pub fn span(&self) -> Span {
        match self {
            DbDefault::Now(span) | DbDefault::Uuid(span) => *span,
            DbDefault::Value(value) => value.span(),
            DbDefault::Sql(engines) => engines.span(),
        }
    }

    /// The value of `ColumnDef::db_default`, without its `Some`.
    pub fn expand(&self, ty: &Type, covet: &TokenStream) -> TokenStream {
        let kind = |name: &str, span: Span, kinds: TokenStream| {
            let wrong =
                format!("`db_default = {name}` is for {kinds_text}", kinds_text = KINDS[usize::from(name == "uuid")]);
            quote_spanned! {span=> {
                ::core::assert!(::core::matches!(<#ty as #covet::SqlType>::KIND, #kinds), #wrong);
            }}
        };
        match self {
            DbDefault::Now(span) => {
                let kinds = quote!(#covet::Kind::DateTime | #covet::Kind::NaiveDateTime | #covet::Kind::Date | #covet::Kind::Time);
                let check = kind("now", *span, kinds);
                quote!({ #check #covet::DbDefault::Now })
            }
            DbDefault::Uuid(span) => {
                let check = kind("uuid", *span, quote!(#covet::Kind::Uuid));
                quote!({ #check #covet::DbDefault::Uuid })
            }
            DbDefault::Value(value) => {
                let store = quote_spanned!(value.span()=> #covet::Storable::<#ty>::store(#value));
                quote!(#covet::DbDefault::Value(&|| #store))
            }
            DbDefault::Sql(engines) => {
                let engines = engines.expand(covet);
                quote!(#covet::DbDefault::Sql(#engines))
            }
        }
    }
}

const KINDS: [&str; 2] = ["dates and times", "a `Uuid`"];

/// `generated`, with the span of its name.
pub struct Generated {
    pub sql: Engines,
    pub span: Span,
}

/// `stored` or `virtual`, beside `generated`.
pub fn check(generated: Option<&Generated>, stored: Option<Span>, virtual_: Option<Span>) -> Result<()> {
    match (generated, stored, virtual_) {
        (None, Some(span), _) | (None, None, Some(span)) => {
            Err(Error::new(span, "this is said of a column that is `generated`"))
        }
        (Some(_), Some(_), Some(span)) => {
            Err(Error::new(span, "a column is `stored` or `virtual`: remove one of them"))
        }
        _ => Ok(()),
    }
}

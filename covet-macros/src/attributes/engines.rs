//! SQL for each engine: `(pg = "..", mysql = "..", mariadb = "..", sqlite = "..")`.

use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::{Error, LitStr, Result, Token, meta::ParseNestedMeta, parenthesized, parse::ParseStream};

/// One text for every engine, or one each.
pub enum Engines {
    /// `= ".."`
    Same(LitStr),
    /// `(pg = "..", ..)`, by the names of the fields of `PerEngine`.
    Each(Vec<(String, LitStr)>),
}

const NAMES: [&str; 4] = ["pg", "mysql", "mariadb", "sqlite"];

impl Engines {
    /// Reads the SQL that stands behind the attribute's name.
    pub fn read(meta: &ParseNestedMeta<'_>) -> Result<Engines> {
        Engines::of_sql(meta.input)
    }

    /// Reads the SQL that stands behind a name.
    pub fn of_sql(input: ParseStream<'_>) -> Result<Engines> {
        Engines::read_as(input, sql)
    }

    /// Reads texts of which `check` holds.
    pub fn read_as(input: ParseStream<'_>, check: fn(&LitStr) -> Result<()>) -> Result<Engines> {
        let text = |text: LitStr| check(&text).map(|()| text);
        if !input.peek(syn::token::Paren) {
            input.parse::<Token![=]>()?;
            return Ok(Engines::Same(text(input.parse()?)?));
        }
        let inside;
        parenthesized!(inside in input);
        let mut each: Vec<(String, LitStr)> = Vec::new();
        while !inside.is_empty() {
            let name = inside.parse::<syn::Ident>()?;
            let engine = name.to_string();
            if !NAMES.contains(&engine.as_str()) {
                return Err(Error::new(name.span(), "expected `pg`, `mysql`, `mariadb` or `sqlite`"));
            }
            if each.iter().any(|(other, _)| *other == engine) {
                return Err(Error::new(name.span(), format!("`{engine}` is given twice")));
            }
            inside.parse::<Token![=]>()?;
            each.push((engine, text(inside.parse()?)?));
            inside.parse::<Option<Token![,]>>()?;
        }
        if each.is_empty() {
            return Err(inside.error("expected an engine: `pg = \"..\"`"));
        }
        Ok(Engines::Each(each))
    }

    /// The text that is given for one engine and not for all.
    pub fn on(&self, engine: &str) -> Option<&LitStr> {
        let Engines::Each(each) = self else { return None };
        each.iter().find(|(other, _)| other == engine).map(|(_, text)| text)
    }

    /// Where the first text stands.
    pub fn span(&self) -> Span {
        match self {
            Engines::Same(sql) => sql.span(),
            Engines::Each(each) => each.first().map_or_else(Span::call_site, |(_, sql)| sql.span()),
        }
    }

    /// A `PerEngine` that lives for ever.
    pub fn expand(&self, covet: &TokenStream) -> TokenStream {
        match self {
            Engines::Same(sql) => quote!(const { &#covet::PerEngine::same(#sql) }),
            Engines::Each(_) => {
                let value = |name: &str| match self.on(name) {
                    Some(sql) => quote!(::core::option::Option::Some(#sql)),
                    None => quote!(::core::option::Option::None),
                };
                let [pg, mysql, mariadb, sqlite] = NAMES.map(value);
                quote!(&#covet::PerEngine { pg: #pg, mysql: #mysql, mariadb: #mariadb, sqlite: #sqlite })
            }
        }
    }
}

fn sql(text: &LitStr) -> Result<()> {
    let sql = text.value();
    if sql.trim().is_empty() || sql.contains('\0') {
        return Err(Error::new(text.span(), "expected SQL, without a NUL"));
    }
    Ok(())
}

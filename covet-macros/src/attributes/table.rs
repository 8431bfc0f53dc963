//! What a struct says about the rows of its table: `check(..)`, `unique(..)`, `index(..)`.

use super::{Engines, Named, term, terms};
use proc_macro2::{Ident, Span};
use syn::{
    Error, Expr, LitStr, Result, Token,
    meta::ParseNestedMeta,
    parenthesized,
    parse::{Parse, ParseStream},
    token::Paren,
};

/// `name = predicate`
pub struct Check {
    pub name: Ident,
    pub condition: Expr,
}

/// `(name = predicate, ..)`, behind those that are there already.
pub fn checks(meta: &ParseNestedMeta<'_>, found: &mut Vec<Check>) -> Result<()> {
    let inside;
    parenthesized!(inside in meta.input);
    let check = |inside: ParseStream<'_>| {
        let name: Ident = inside.parse()?;
        inside.parse::<Token![=]>()?;
        Ok(Check { name, condition: Expr::parse(inside)? })
    };
    let checks = inside.parse_terminated(check, Token![,])?;
    if checks.is_empty() {
        return Err(meta.error("expected a name and a predicate: `check(positive = Product::price.gt(0))`"));
    }
    for check in checks {
        if found.iter().any(|other| other.name == check.name) {
            return Err(Error::new(check.name.span(), format!("two checks are named `{}`", check.name)));
        }
        found.push(check);
    }
    Ok(())
}

/// `unique(a, b)`, `index(-a, b)`
#[derive(Default)]
pub struct Index {
    pub unique: bool,
    pub name: Option<LitStr>,
    pub fields: Vec<Named>,
    pub expressions: Vec<Engines>,
    pub condition: Option<Expr>,
    pub method: Option<LitStr>,
    pub include: Vec<Named>,
}

/// What stands between the parentheses: fields, and options with names.
pub fn index(meta: &ParseNestedMeta<'_>, unique: bool) -> Result<Index> {
    let inside;
    parenthesized!(inside in meta.input);
    let mut found = Index { unique, ..Index::default() };
    while !inside.is_empty() {
        option(&inside, &mut found)?;
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    if let Some(expression) = found.expressions.first().filter(|_| found.name.is_none()) {
        return Err(Error::new(expression.span(), "an index over an expression needs a name: `name = \"..\"`"));
    }
    if found.fields.is_empty() && found.expressions.is_empty() {
        let word = if unique { "unique" } else { "index" };
        return Err(meta.error(format!("expected the names of fields: `{word}(a, b)`")));
    }
    let is_tree = found.method.as_ref().is_none_or(|method| method.value() == "btree");
    if let Some((path, _)) = found.fields.iter().find(|(_, descends)| *descends && (unique || !is_tree)) {
        let span = path.first().map_or_else(Span::call_site, Ident::span);
        return Err(Error::new(span, "only an ordered index has directions: remove the `-`"));
    }
    Ok(found)
}

fn option(inside: ParseStream<'_>, found: &mut Index) -> Result<()> {
    if inside.peek(Token![where]) {
        let word = inside.parse::<Token![where]>()?;
        inside.parse::<Token![=]>()?;
        return once(&mut found.condition, inside.parse()?, word.span, "where");
    }
    let is_option = inside.peek2(Token![=]) || inside.peek2(Paren);
    if !is_option {
        found.fields.push(term(inside)?);
        return Ok(());
    }
    let word: Ident = inside.parse()?;
    let name = word.to_string();
    match (name.as_str(), inside.peek(Paren)) {
        ("expr", _) => found.expressions.push(Engines::of_sql(inside)?),
        ("fields", true) => found.fields.extend(terms(inside)?),
        ("include", true) if !found.unique => found.include.extend(terms(inside)?),
        ("name", false) => {
            inside.parse::<Token![=]>()?;
            let text: LitStr = inside.parse()?;
            super::check_identifier(&text)?;
            once(&mut found.name, text, word.span(), &name)?;
        }
        ("method", false) if !found.unique => {
            inside.parse::<Token![=]>()?;
            let text: LitStr = inside.parse()?;
            if text.value().is_empty() || !text.value().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                return Err(Error::new(text.span(), "a method is a word in lower case: `gin`"));
            }
            once(&mut found.method, text, word.span(), &name)?;
        }
        _ => {
            let known = if found.unique { "" } else { ", `method = \"..\"`, `include(..)`" };
            return Err(Error::new(
                word.span(),
                format!("expected fields, `fields(..)`, `expr = \"..\"`, `name = \"..\"`, `where = predicate`{known}"),
            ));
        }
    }
    Ok(())
}

fn once<T>(slot: &mut Option<T>, value: T, span: Span, name: &str) -> Result<()> {
    match slot.replace(value) {
        Some(_) => Err(Error::new(span, format!("`{name}` is given twice"))),
        None => Ok(()),
    }
}

//! What a struct says about the rows of its table: `check(..)`.

use proc_macro2::Ident;
use syn::{
    Error, Expr, Result, Token,
    meta::ParseNestedMeta,
    parenthesized,
    parse::{Parse, ParseStream},
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

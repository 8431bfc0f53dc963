//! `has_many(posts: Post.author)`, `has_one(profile: Profile.user)`, `many_to_many(tags: Tag)`.

use proc_macro2::Ident;
use syn::{
    Error, LitStr, Path, Result, Token,
    meta::ParseNestedMeta,
    parenthesized,
    parse::{Parse, ParseStream},
    token::Paren,
};

/// What `on_delete` may be.
const ON_DELETE: &str = "`cascade`, `set_null`, `set_default`, `restrict`, `protect` or `no_action`";

/// `on_delete = cascade`
pub fn on_delete(meta: &ParseNestedMeta<'_>) -> Result<Ident> {
    let word: Ident = meta.value()?.parse()?;
    if ON_DELETE.split('`').any(|known| word == known) {
        Ok(word)
    } else {
        Err(Error::new(word.span(), format!("`on_delete` is {ON_DELETE}")))
    }
}

/// A relation that a struct declares.
pub struct Declared {
    pub name: Ident,
    /// The model that it leads to.
    pub to: Path,
    pub how: How,
}

/// How it leads there.
pub enum How {
    /// Over a foreign key of the other model.
    Back { key: Ident, is_one: bool },
    /// Over a join table that covet makes.
    Join { table: Option<String> },
    /// Over a model with two foreign keys, which may be named.
    Through { model: Path, keys: Option<(Ident, Ident)> },
    /// As a relation of the other model says.
    Turned { relation: Ident },
}

/// What stands between the parentheses: `posts: Post.author, edited: Post.editor`.
pub fn read(meta: &ParseNestedMeta<'_>, word: &str, found: &mut Vec<Declared>) -> Result<()> {
    if !meta.input.peek(Paren) {
        return Err(meta.error(expected(word)));
    }
    let inside;
    parenthesized!(inside in meta.input);
    if inside.is_empty() {
        return Err(meta.error(expected(word)));
    }
    while !inside.is_empty() {
        if inside.peek(syn::Ident) && inside.peek2(Token![=]) {
            table(&inside, found.last_mut())?;
        } else {
            found.push(one(&inside, word)?);
        }
        if !inside.is_empty() {
            inside.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

fn expected(word: &str) -> &'static str {
    match word {
        "has_many" => "expected a name and a foreign key of another model: `has_many(posts: Post.author)`",
        "has_one" => "expected a name and a foreign key of another model: `has_one(profile: Profile.user)`",
        _ => "expected a name and another model: `many_to_many(tags: Tag)`, `many_to_many(posts: Post.tags)`",
    }
}

/// `table = ".."`, behind the relation whose join table it names.
fn table(inside: ParseStream<'_>, last: Option<&mut Declared>) -> Result<()> {
    let word: Ident = inside.parse()?;
    inside.parse::<Token![=]>()?;
    let name: LitStr = inside.parse()?;
    super::check_identifier(&name)?;
    match last.map(|declared| &mut declared.how) {
        Some(How::Join { table: table @ None }) if word == "table" => {
            *table = Some(name.value());
            Ok(())
        }
        _ => Err(Error::new(word.span(), "`table = \"..\"` names the join table of the relation before it")),
    }
}

fn one(inside: ParseStream<'_>, word: &str) -> Result<Declared> {
    let wrong = |error: Error| Error::new(error.span(), expected(word));
    let name: Ident = inside.parse().map_err(wrong)?;
    inside.parse::<Token![:]>().map_err(wrong)?;
    let to = Path::parse_mod_style(inside).map_err(wrong)?;
    let key = |inside: ParseStream<'_>| {
        inside.parse::<Token![.]>().map_err(wrong)?;
        inside.parse::<Ident>().map_err(wrong)
    };
    let how = match word {
        "has_many" | "has_one" => How::Back { key: key(inside)?, is_one: word == "has_one" },
        _ if inside.peek(Token![.]) => How::Turned { relation: key(inside)? },
        _ if inside.peek(syn::Ident) => through(inside)?,
        _ => How::Join { table: None },
    };
    Ok(Declared { name, to, how })
}

/// `through PostTag`, `through Friendship(from, to)`
fn through(inside: ParseStream<'_>) -> Result<How> {
    let word: Ident = inside.parse()?;
    if word != "through" {
        return Err(Error::new(word.span(), "expected `through` and the model of the join table"));
    }
    let model = Path::parse_mod_style(inside)?;
    let keys = if inside.peek(Paren) {
        let keys;
        parenthesized!(keys in inside);
        let near = keys.parse()?;
        keys.parse::<Token![,]>()?;
        Some((near, Ident::parse(&keys)?))
    } else {
        None
    };
    Ok(How::Through { model, keys })
}

//! The rules of a field: what they take, which types they are for, what they become.

mod limit;
mod pattern;

use crate::model::{argument_of, last_segment, respanned};
use limit::{Limit, bounds};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Error, Expr, LitInt, LitStr, Result, Token, Type, meta::ParseNestedMeta, parenthesized, spanned::Spanned};

/// An address has at most 254 characters (RFC 5321).
const EMAIL_LENGTH: u32 = 254;

#[derive(Default)]
pub struct Rules {
    pub blank: Option<Span>,
    pub sensitive: bool,
    min_length: Option<(u32, Span)>,
    min: Option<Limit>,
    max: Option<Limit>,
    regex: Option<LitStr>,
    /// `email`, `url`, `slug`
    forms: Vec<(&'static str, Span)>,
    one_of: Option<(Vec<LitStr>, Span)>,
    validate: Vec<Expr>,
}

impl Rules {
    /// Reads one attribute; says whether it is a rule.
    pub fn take(&mut self, meta: &ParseNestedMeta<'_>, name: &str) -> Result<bool> {
        let span = meta.path.span();
        match name {
            "blank" => self.blank = Some(span),
            "sensitive" => self.sensitive = true,
            "min_length" => {
                let number: LitInt = meta.value()?.parse()?;
                let least = number.base10_parse().ok().filter(|least| *least > 0);
                let least = least.ok_or_else(|| Error::new(number.span(), "`min_length` is at least 1"))?;
                self.min_length = Some((least, number.span()));
            }
            "min" => set(&mut self.min, Limit::read(&meta.value()?.parse()?)?)?,
            "max" => set(&mut self.max, Limit::read(&meta.value()?.parse()?)?)?,
            "range" => {
                let inside;
                parenthesized!(inside in meta.input);
                let (low, high) = bounds(&inside.parse()?)?;
                low.into_iter().try_for_each(|low| set(&mut self.min, low))?;
                high.into_iter().try_for_each(|high| set(&mut self.max, high))?;
            }
            "regex" => {
                let pattern: LitStr = meta.value()?.parse()?;
                pattern::check(&pattern)?;
                self.regex = Some(pattern);
            }
            "email" => self.forms.push(("email", span)),
            "url" if cfg!(feature = "url") => self.forms.push(("url", span)),
            "url" => return Err(Error::new(span, "`url` needs the feature `url` of covet")),
            "slug" => self.forms.push(("slug", span)),
            "one_of" => self.one_of = Some((choices(meta)?, span)),
            "validate" => self.validate.push(meta.value()?.parse()?),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The longest text that the rules imply, where `max_length` does not say it.
    pub fn max_length(&self) -> Option<u32> {
        self.forms.iter().any(|(name, _)| *name == "email").then_some(EMAIL_LENGTH)
    }

    /// Refuses rules for other types, as far as the name of the type tells, and rules that no value can meet.
    pub fn check(&self, inner: &Type, max_length: Option<u32>) -> Result<()> {
        let ty = last_segment(inner).map(ToString::to_string).unwrap_or_default();
        let is_text = ty == "String";
        let is_number = NUMBERS.contains(&ty.as_str());
        let is_known = is_text || is_number || OTHERS.contains(&ty.as_str());
        let of_text = self.blank.map(|span| ("blank", span)).into_iter();
        let of_text = of_text.chain(self.min_length.map(|(_, span)| ("min_length", span)));
        let of_text = of_text.chain(self.regex.as_ref().map(|pattern| ("regex", pattern.span())));
        let mut of_text =
            of_text.chain(self.forms.iter().copied()).chain(self.one_of.as_ref().map(|(_, span)| ("one_of", *span)));
        if let Some((name, span)) = of_text.next().filter(|_| is_known && !is_text) {
            return Err(Error::new(span, format!("`{name}` is a rule for text; this field is none")));
        }
        for limit in [&self.min, &self.max].into_iter().flatten() {
            if is_known && !is_number {
                return Err(Error::new(
                    limit.span,
                    "`min`, `max` and `range` are rules for numbers; this field is none",
                ));
            }
            limit.fits(&ty)?;
        }
        if ty == "ForeignKey" && !self.validate.is_empty() {
            return Err(Error::new(self.validate[0].span(), "a foreign key has no rules: the other table has them"));
        }
        if let (Some(min), Some(max)) = (&self.min, &self.max)
            && max.is_below(min)
        {
            return Err(Error::new(max.span, format!("no number is at least {min} and at most {max}")));
        }
        if let (Some((min, span)), Some(max)) = (self.min_length, max_length)
            && max < min
        {
            return Err(Error::new(span, format!("no text has at least {min} and at most {max} characters")));
        }
        Ok(())
    }

    /// The rules as data, for a column of a type.
    pub fn expand(&self, ty: &Type, covet: &TokenStream) -> Option<TokenStream> {
        let mut rules = Vec::new();
        if let Some((least, _)) = self.min_length {
            rules.push(quote!(MinLength(#least)));
        }
        if let Some(limit) = &self.min {
            let limit = limit.expand(covet);
            rules.push(quote!(Min(#limit)));
        }
        if let Some(limit) = &self.max {
            let limit = limit.expand(covet);
            rules.push(quote!(Max(#limit)));
        }
        if let Some(pattern) = &self.regex {
            rules.push(quote!(Regex {
                pattern: #pattern,
                matches: |text| {
                    static PATTERN: #covet::Pattern = #covet::Pattern::new(#pattern);
                    PATTERN.is_match(text)
                },
            }));
        }
        for (name, _) in &self.forms {
            rules.push(match *name {
                "email" => quote!(Email),
                "url" => quote!(Url),
                _ => quote!(Slug),
            });
        }
        if let Some((choices, _)) = &self.one_of {
            rules.push(quote!(OneOf(&[#(#choices),*])));
        }
        let is_text = last_segment(argument_of(ty, "Option").unwrap_or(ty)).is_some_and(|ident| ident == "String");
        for rule in &self.validate {
            // In a constant, so that a function of another type is a short error.
            let (of, ask) = if is_text {
                (quote!(str), quote!(custom_text))
            } else {
                (quote!(<#ty as #covet::SqlType>::Inner), quote!(custom))
            };
            rules.push(quote!(Custom(|value| {
                const RULE: fn(&#of) -> ::core::result::Result<(), #covet::Violation> = #rule;
                #covet::#ask(value, RULE)
            })));
        }
        if rules.is_empty() {
            return None;
        }
        let covet_here = respanned(covet, ty.span());
        let kind = quote_spanned!(ty.span()=> <#ty as #covet_here::SqlType>::KIND);
        let checked = quote_spanned!(ty.span()=> #covet_here::column_rules(#kind, RULES));
        Some(quote!({
            const RULES: &[#covet::Rule] = &[#(#covet::Rule::#rules),*];
            #checked
        }))
    }
}

/// Types of numbers, by their last name.
const NUMBERS: [&str; 10] = ["i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "Decimal"];

/// Types that are known to be neither text nor numbers.
const OTHERS: [&str; 10] =
    ["bool", "Uuid", "Vec", "DateTime", "NaiveDateTime", "NaiveDate", "NaiveTime", "Json", "ForeignKey", "TimeDelta"];

fn set(place: &mut Option<Limit>, limit: Limit) -> Result<()> {
    if place.is_some() {
        return Err(Error::new(limit.span, "`range` and `min` or `max` say the same limit twice"));
    }
    *place = Some(limit);
    Ok(())
}

/// `("a", "b")`
fn choices(meta: &ParseNestedMeta<'_>) -> Result<Vec<LitStr>> {
    let inside;
    parenthesized!(inside in meta.input);
    let choices: Vec<LitStr> =
        inside.parse_terminated(<LitStr as syn::parse::Parse>::parse, Token![,])?.into_iter().collect();
    if choices.is_empty() {
        return Err(meta.error("expected texts: `one_of(\"small\", \"large\")`"));
    }
    for (at, choice) in choices.iter().enumerate() {
        if choices[..at].iter().any(|other| other.value() == choice.value()) {
            return Err(Error::new(choice.span(), "the same text is given twice"));
        }
    }
    Ok(choices)
}

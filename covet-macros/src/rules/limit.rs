//! `min`, `max` and `range`: limits of numbers.

use proc_macro2::{Literal, Span, TokenStream};
use quote::quote;
use std::{cmp::Ordering, fmt};
use syn::{Error, Expr, ExprLit, ExprUnary, Lit, RangeLimits, Result, UnOp, spanned::Spanned};

/// A number as it is written.
pub struct Limit {
    pub span: Span,
    negative: bool,
    /// Without a sign, in base 10.
    digits: String,
    float: f64,
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.negative { "-" } else { "" }, self.digits)
    }
}

impl Limit {
    pub fn read(expr: &Expr) -> Result<Limit> {
        let wrong = || Error::new(expr.span(), "a limit is a number: `0`, `-1`, `0.5`");
        let negated =
            if let Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) = expr { Some(&**expr) } else { None };
        let (negative, literal) = (negated.is_some(), negated.unwrap_or(expr));
        let Expr::Lit(ExprLit { lit, .. }) = literal else { return Err(wrong()) };
        let (digits, suffix) = if let Lit::Int(lit) = lit {
            (lit.base10_digits().to_owned(), lit.suffix())
        } else if let Lit::Float(lit) = lit {
            (lit.base10_digits().to_owned(), lit.suffix())
        } else {
            return Err(wrong());
        };
        let float: f64 = digits.parse().ok().filter(|float: &f64| float.is_finite()).ok_or_else(wrong)?;
        if !suffix.is_empty() {
            return Err(Error::new(expr.span(), format!("a limit has its field's type: remove `{suffix}`")));
        }
        Ok(Limit { span: expr.span(), negative, digits, float: if negative { -float } else { float } })
    }

    /// All digits as one number, and how many of them stand behind the point.
    fn exact(&self) -> Option<(u128, u32)> {
        let (whole, behind) = self.digits.split_once('.').unwrap_or((&self.digits, ""));
        let digits: u128 = format!("{whole}{behind}").parse().ok()?;
        let scale = u32::try_from(behind.len()).ok()?;
        (digits < 1 << 96 && scale <= 28).then_some((digits, scale))
    }

    /// Refuses a limit that is no number of the field's type.
    pub fn fits(&self, ty: &str) -> Result<()> {
        let range = match ty {
            "i16" => (i16::MIN.into(), i16::MAX.into()),
            "i32" => (i32::MIN.into(), i32::MAX.into()),
            "i64" => (i64::MIN.into(), i64::MAX.into()),
            "u8" => (0, u8::MAX.into()),
            "u16" => (0, u16::MAX.into()),
            "u32" => (0, u32::MAX.into()),
            "u64" => (0, i128::from(u64::MAX)),
            "Decimal" if self.exact().is_none() => {
                return Err(Error::new(self.span, "a limit of a `Decimal` has at most 28 digits"));
            }
            _ => return Ok(()),
        };
        let number = self.to_string().parse::<i128>().ok().filter(|number| (range.0..=range.1).contains(number));
        number.map(drop).ok_or_else(|| Error::new(self.span, format!("no number of the type `{ty}`")))
    }

    pub fn is_below(&self, other: &Limit) -> bool {
        if let (Some((a, scale_a)), Some((b, scale_b))) = (self.exact(), other.exact())
            && let (Some(a), Some(b)) = (a.checked_mul(10_u128.pow(scale_b)), b.checked_mul(10_u128.pow(scale_a)))
        {
            return match (self.negative, other.negative) {
                (true, true) => a > b,
                (false, false) => a < b,
                (true, false) => a > 0 || b > 0,
                (false, true) => false,
            };
        }
        self.float.partial_cmp(&other.float) == Some(Ordering::Less)
    }

    pub fn expand(&self, covet: &TokenStream) -> TokenStream {
        let (text, negative) = (self.to_string(), self.negative);
        let float = Literal::f64_suffixed(self.float.abs());
        let float = if negative { quote!(-#float) } else { quote!(#float) };
        match self.exact() {
            Some((digits, scale)) => quote!(#covet::Limit::new(#text, #float, #digits, #scale, #negative)),
            None => quote!(#covet::Limit::float(#text, #float)),
        }
    }
}

/// `0..=150`, `0..`, `..=150`
pub fn bounds(expr: &Expr) -> Result<(Option<Limit>, Option<Limit>)> {
    let wrong = "expected the least and the greatest number: `range(0..=150)`, `range(0..)`, `range(..=150)`";
    let Expr::Range(range) = expr else { return Err(Error::new(expr.span(), wrong)) };
    match (&range.start, &range.limits, &range.end) {
        (None, _, None) => Err(Error::new(expr.span(), wrong)),
        (_, RangeLimits::HalfOpen(_), Some(end)) => {
            Err(Error::new(end.span(), "say the greatest number that is allowed: `0..=149` in place of `0..150`"))
        }
        (start, _, end) => {
            let read = |limit: &Option<Box<Expr>>| limit.as_ref().map(|limit| Limit::read(limit)).transpose();
            Ok((read(start)?, read(end)?))
        }
    }
}

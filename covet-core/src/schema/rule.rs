//! Rules of columns as data. What checks them is the module `validate`.

use super::{ColumnDef, TableDef};
use crate::{value::Value, violation::Violation};
use rust_decimal::Decimal;

/// What the values of a column must be, beyond their type; NULL meets every rule.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// `min_length`, in characters.
    MinLength(u32),
    /// `min`
    Min(Limit),
    /// `max`
    Max(Limit),
    /// `regex`: a part of the text matches, unless the pattern is anchored.
    Regex {
        /// The pattern, as the attribute gives it.
        pattern: &'static str,
        /// Whether a text matches.
        matches: fn(&str) -> bool,
    },
    /// `email`: an address such as `ann@example.org`.
    Email,
    /// `url`: an absolute `http` or `https` URL.
    #[cfg(feature = "url")]
    Url,
    /// `slug`: ASCII letters, digits, hyphens and underscores.
    Slug,
    /// `one_of`
    OneOf(&'static [&'static str]),
    /// `validate`
    Custom(fn(&Value) -> Result<(), Violation>),
}

/// The least or the greatest number.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// As it is written.
    pub text: &'static str,
    /// For integers and decimals; `None` when it has more digits than a `Decimal`.
    pub exact: Option<Decimal>,
    /// For floating-point numbers.
    pub float: f64,
}

impl Limit {
    /// A limit of up to 28 digits, `scale` of which stand behind the point.
    pub const fn new(text: &'static str, float: f64, digits: u128, scale: u32, negative: bool) -> Limit {
        let bytes = digits.to_le_bytes();
        let (lo, mid, hi) = (word(&bytes, 0), word(&bytes, 4), word(&bytes, 8));
        Limit { text, exact: Some(Decimal::from_parts(lo, mid, hi, negative, scale)), float }
    }

    /// A limit that only floating-point numbers can reach.
    pub const fn float(text: &'static str, float: f64) -> Limit {
        Limit { text, exact: None, float }
    }
}

const fn word(bytes: &[u8; 16], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

/// The values that a write carries, whatever kind of write it is.
#[derive(Debug, Clone, Copy)]
pub enum Carried<'a> {
    /// A new row, by the columns of the table; `None` where the database makes the value.
    Given(&'a [Option<Value>]),
    /// A whole row, by the columns of the table.
    Row(&'a [Value]),
    /// Some columns.
    Columns(&'a [(&'static ColumnDef, &'a Value)]),
}

impl<'a> Carried<'a> {
    /// The value of a column, when the write carries one. Of a column that is set twice, the last.
    pub fn get(&self, table: &TableDef, column: &'static ColumnDef) -> Option<&'a Value> {
        let at = || table.columns.iter().position(|other| std::ptr::eq(other, column));
        match *self {
            Carried::Given(values) => values.get(at()?)?.as_ref(),
            Carried::Row(values) => values.get(at()?),
            Carried::Columns(pairs) => {
                pairs.iter().rev().find(|(other, _)| std::ptr::eq(*other, column)).map(|(_, value)| *value)
            }
        }
    }

    /// Calls `visit` with each value that the write carries.
    pub fn each(&self, table: &'static TableDef, mut visit: impl FnMut(&'static ColumnDef, &'a Value)) {
        match *self {
            Carried::Given(values) => {
                for (column, value) in table.columns.iter().zip(values) {
                    if let Some(value) = value {
                        visit(column, value);
                    }
                }
            }
            Carried::Row(values) => table.columns.iter().zip(values).for_each(|(column, value)| visit(column, value)),
            Carried::Columns(pairs) => pairs.iter().for_each(|(column, value)| visit(column, value)),
        }
    }
}

//! The values of an enum.

use super::Value;

/// The values that a column of an enum can have, in the order of the variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EnumDef {
    /// The name of the type, where a database has one for it.
    pub name: &'static str,
    /// Whether databases that can do so keep it as a type of its own.
    pub native: bool,
    /// What is stored of each variant, when that is text.
    pub values: &'static [&'static str],
    /// What is stored of each variant, when that is an integer.
    pub numbers: &'static [i64],
    /// What people call each variant.
    pub labels: &'static [&'static str],
}

impl EnumDef {
    /// What is stored of each variant.
    pub fn values(&self) -> impl Iterator<Item = Value> + use<> {
        let texts = self.values.iter().map(|text| Value::Text((*text).into()));
        texts.chain(self.numbers.iter().map(|number| Value::I64(*number)))
    }

    /// What is stored of each variant, with what people call it: what a form offers.
    pub fn choices(&self) -> impl Iterator<Item = (Value, &'static str)> + use<> {
        self.values().zip(self.labels.iter().copied())
    }
}

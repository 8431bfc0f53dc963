//! Decimals: the digits of a column.

use super::{Row, forward};
use crate::error::{Error, ErrorKind, Result};
use rust_decimal::Decimal;

/// The digits of a decimal column: `precision` in all, `scale` of them behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digits {
    /// All digits, 1 to 28.
    pub precision: u8,
    /// Those behind the point, 0 to `precision`.
    pub scale: u8,
}

impl Digits {
    /// The value with exactly `scale` digits behind the point.
    ///
    /// # Errors
    /// When the column cannot hold the value; it is never rounded.
    pub fn fit(self, value: Decimal) -> Result<Decimal> {
        let mut value = value.normalize();
        let scale = u32::from(self.scale);
        if value.scale() > scale {
            return Err(self.too_many("behind the point").hint("round it first: `value.round_dp(..)`"));
        }
        // A value that has no room for all the digits keeps fewer.
        value.rescale(scale);
        if value.scale() == scale && value.mantissa().unsigned_abs() < self.limit() {
            return Ok(value);
        }
        Err(self.too_many("before the point").hint("give the column more digits"))
    }

    /// The value whose digits, read without the point, are `mantissa`.
    pub fn of_mantissa(self, mantissa: i128) -> Option<Decimal> {
        let fits = mantissa.unsigned_abs() < self.limit();
        fits.then(|| Decimal::try_from_i128_with_scale(mantissa, self.scale.into()).ok()).flatten()
    }

    /// The first number that has one digit too many.
    fn limit(self) -> u128 {
        10_u128.saturating_pow(self.precision.into())
    }

    #[cold]
    fn too_many(self, place: &str) -> Error {
        let Digits { precision, scale } = self;
        Error::new(
            ErrorKind::Encode,
            format!("a decimal has more digits {place} than `decimal({precision}, {scale})` holds"),
        )
    }
}

/// A row read for one decimal column, whose digits SQLite needs to put the point back.
pub struct DecimalRow<'a> {
    row: &'a dyn Row,
    digits: Digits,
}

impl<'a> DecimalRow<'a> {
    /// The row, with the digits of the column that is read.
    pub fn new(row: &'a dyn Row, digits: Digits) -> DecimalRow<'a> {
        DecimalRow { row, digits }
    }
}

impl DecimalRow<'_> {
    fn source(&self, at: usize) -> (&dyn Row, usize) {
        (self.row, at)
    }
}

impl Row for DecimalRow<'_> {
    fn width(&self) -> usize {
        self.row.width()
    }
    fn decimal(&self, at: usize, _: Option<Digits>) -> Result<Option<Decimal>> {
        self.row.decimal(at, Some(self.digits))
    }
    forward!(name is_null bool i64 u64 f64 text bytes uuid uuid_text ip date_time naive_date_time date time json array);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_never_rounded() {
        let digits = Digits { precision: 5, scale: 2 };
        let fit = |text: &str| digits.fit(Decimal::from_str_exact(text).unwrap()).map(|value| value.to_string());
        assert_eq!(fit("1.5").unwrap(), "1.50");
        assert_eq!(fit("-999.990").unwrap(), "-999.99");
        assert_eq!(fit("0").unwrap(), "0.00");
        for refused in ["1.005", "1000", "0.001", "79228162514264337593543950335"] {
            assert_eq!(fit(refused).unwrap_err().kind(), ErrorKind::Encode);
        }
        let widest = Digits { precision: 28, scale: 28 };
        let least = Decimal::from_i128_with_scale(1, 28);
        assert_eq!(widest.fit(least).unwrap(), least);
        assert!(widest.fit(Decimal::ONE).is_err());
        assert_eq!(widest.of_mantissa(1), Some(least));
        assert_eq!(digits.of_mantissa(100_000), None);
    }
}

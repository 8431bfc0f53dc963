//! Literals and defaults of columns.

use covet_core::{
    error::{Error, Result},
    feature::Feature,
    render::ansi,
    value::{Kind, Value},
};

/// A literal, exact to the last bit.
#[expect(clippy::wildcard_enum_match_arm, reason = "every other value is spelt as in standard SQL")]
pub fn literal(value: &Value) -> Result<String> {
    match value {
        Value::Bool(v) => Ok(if *v { "1" } else { "0" }.to_owned()),
        Value::F32(v) => double(f64::from(*v)),
        Value::F64(v) => double(*v),
        value => ansi::literal(value),
    }
}

/// The powers of ten up to this one are floating-point numbers, and so are the integers up to `MOST_EXACT`: a number
/// of so few digits is read exactly by any parser.
const MOST_POWER: i32 = 22;
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// SQLite's own parser may miss the nearest number of long digits. A product of an integer and powers of two is
/// computed without rounding.
fn double(number: f64) -> Result<String> {
    if number.is_nan() {
        return Err(Error::unsupported(Feature::FloatNan, "SQLite"));
    }
    if number.is_infinite() {
        return Ok(if number > 0.0 { "9e999" } else { "-9e999" }.to_owned());
    }
    let short = format!("{number:e}");
    let (digits, power) = short.split_once('e').unwrap_or((&short, "0"));
    let (whole, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let power = power.parse::<i32>().unwrap_or(0) - i32::try_from(behind.len()).unwrap_or(0);
    let digits: f64 = format!("{whole}{behind}").parse().unwrap_or(f64::INFINITY);
    if digits.abs() <= MOST_EXACT && power.abs() <= MOST_POWER {
        return Ok(short);
    }
    let (mantissa, mut exponent) = parts(number);
    let mut text = format!("{}{mantissa}.0", if number.is_sign_negative() { "-" } else { "" });
    while exponent != 0 {
        let step = exponent.clamp(-52, 52);
        text.push_str(if step < 0 { " / " } else { " * " });
        text.push_str(&format!("{}.0", 1_u64 << step.unsigned_abs()));
        exponent -= step;
    }
    Ok(format!("({text})"))
}

/// `mantissa * 2^exponent` is the number without its sign.
fn parts(number: f64) -> (u64, i32) {
    let bits = number.to_bits();
    let (fraction, exponent) = (bits & ((1 << 52) - 1), i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0));
    if exponent == 0 { (fraction, -1_074) } else { (fraction | 1 << 52, exponent - 1_075) }
}

/// Milliseconds are all that SQLite's clock tells.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a time")]
pub fn now(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::DateTime | Kind::NaiveDateTime => Some("strftime('%Y-%m-%d %H:%M:%f000', 'now')"),
        Kind::Date => Some("strftime('%Y-%m-%d', 'now')"),
        Kind::Time => Some("strftime('%H:%M:%f000', 'now')"),
        _ => None,
    }
}

/// Four bits say the version, two the variant.
#[expect(clippy::wildcard_enum_match_arm, reason = "no other kind is a UUID")]
pub fn random_uuid(kind: Kind) -> Option<String> {
    let (before, hyphen) = match kind {
        Kind::Uuid => ("unhex", ""),
        Kind::UuidText => ("lower", "'-' || "),
        _ => return None,
    };
    Some(format!(
        "{before}(hex(randomblob(4)) || {hyphen}hex(randomblob(2)) || {hyphen}'4' || substr(hex(randomblob(2)), 2) \
         || {hyphen}substr('89AB', 1 + abs(random() % 4), 1) || substr(hex(randomblob(2)), 2) || {hyphen}hex(randomblob(6)))"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floating_point_literals_are_products_of_exact_numbers() {
        let exact = |number| double(number).unwrap_or_default();
        assert_eq!((exact(1.5), exact(-0.1), exact(1e22)), ("1.5e0".into(), "-1e-1".into(), "1e22".into()));
        assert_eq!(exact(2_f64.powi(100)), "(4503599627370496.0 * 281474976710656.0)");
        for number in [f64::MAX, f64::MIN_POSITIVE, 5e-324, -1.7e-300, 0.1 + 0.2, 1e23, f64::from(f32::MAX)] {
            let text = exact(number);
            let mut words = text.trim_matches(['(', ')']).split(' ');
            let mut product: f64 = words.next().unwrap_or_default().parse().unwrap_or_default();
            while let (Some(sign), Some(factor)) = (words.next(), words.next()) {
                let factor: f64 = factor.parse().unwrap_or_default();
                product = if sign == "*" { product * factor } else { product / factor };
            }
            assert_eq!(product.to_bits(), number.to_bits(), "{text}");
        }
        let (mantissa, exponent) = parts(f64::MAX);
        assert_eq!((mantissa, exponent), ((1 << 53) - 1, 971));
        assert_eq!(parts(5e-324), (1, -1_074));
    }
}

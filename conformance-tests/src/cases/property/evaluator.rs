//! What a filter keeps, computed in memory.

use super::{Comparison, Filter, Lookup, Number, Sample, Text};

/// Whether a comparison holds between values in this order.
pub fn order(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Gte => ordering.is_ge(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Lte => ordering.is_le(),
    }
}

/// The row that a row points at.
pub fn parent_of<'a>(row: &Sample, rows: &'a [Sample]) -> Option<&'a Sample> {
    let key = *row.parent.as_ref()?.key();
    rows.iter().find(|other| other.id == key)
}

/// SQL's three values; written from the laws, not from the renderer. `row` is absent behind a
/// relation that leads nowhere.
pub fn holds(filter: &Filter, row: Option<&Sample>, rows: &[Sample]) -> Option<bool> {
    let parent = row.and_then(|row| parent_of(row, rows));
    let key = row.and_then(|row| row.parent.as_ref()).map(|parent| *parent.key());
    let number = |number: Number| match number {
        Number::A => row.map(|row| row.a),
        Number::B => row.and_then(|row| row.b),
        Number::ParentA => parent.map(|row| row.a),
        Number::ParentB => parent.and_then(|row| row.b),
    };
    let text = |text: Text| match text {
        Text::Own => row.map(|row| row.text.as_str()),
        Text::Nullable => row.and_then(|row| row.text_or.as_deref()),
        Text::Parent => parent.map(|row| row.text.as_str()),
    };
    match filter {
        Filter::Number(n, c, value) => number(*n).map(|n| order(*c, n.cmp(value))),
        Filter::Between(n, low, high) => number(*n).map(|n| *low <= n && n <= *high),
        Filter::NumberIn(_, list) if list.is_empty() => Some(false),
        Filter::NumberIn(n, list) => number(*n).map(|n| list.contains(&n)),
        // On the model itself the column is never NULL; the constant does not look at the row.
        Filter::NumberIsNull(Number::A, is) => Some(!is),
        Filter::NumberIsNull(n, is) => Some(number(*n).is_none() == *is),
        Filter::NumberIsA(n, c) => Some(order(*c, number(*n)?.cmp(&number(Number::A)?))),
        Filter::Sum(add, c, value) => number(Number::B).map(|b| order(*c, (b + add).cmp(value))),
        Filter::Quotient(by, c, value) => {
            let quotient = if *by == 0 { None } else { number(Number::A).map(|a| f64::from(a) / f64::from(*by)) };
            quotient.map(|q| order(*c, q.total_cmp(&f64::from(*value))))
        }
        Filter::Text(t, lookup, value) => matches(*lookup, text(*t), Some(value)),
        // NULL compares with columns that may be NULL as a value.
        Filter::TextIs(
            t,
            Lookup::Eq | Lookup::Ne | Lookup::Lt | Lookup::Gte | Lookup::Gt | Lookup::Lte,
            other @ (Text::Nullable | Text::Parent),
        ) => matches(Lookup::NotDistinct, text(*t), text(*other)),
        Filter::TextIs(t, lookup, other) => matches(*lookup, text(*t), text(*other)),
        Filter::Regex(t, ignore_case, pattern) => {
            let regex = regex::RegexBuilder::new(pattern).case_insensitive(*ignore_case).build().unwrap();
            text(*t).map(|text| regex.is_match(text))
        }
        Filter::Typed(typed) => typed.holds(row, parent),
        Filter::TextIn(_, list) if list.is_empty() => Some(false),
        Filter::TextIn(t, list) => text(*t).map(|text| list.iter().any(|other| other == text)),
        Filter::TextBetween(t, low, high) => text(*t).map(|text| low.as_str() <= text && text <= high.as_str()),
        Filter::Key(c, other) => key.map(|key| order(*c, key.cmp(other))),
        Filter::KeyIn(keys) if keys.is_empty() => Some(false),
        Filter::KeyIn(keys) => key.map(|key| keys.contains(&key)),
        Filter::KeyIsNull(is) => Some(key.is_none() == *is),
        Filter::KeyDistinct(other, negated) => Some((key == Some(*other)) == *negated),
        Filter::TextIsNull(is) => Some(text(Text::Nullable).is_none() == *is),
        Filter::Flag => row.map(|row| row.flag),
        Filter::FlagOr => row.and_then(|row| row.flag_or),
        Filter::Not(inner) => Some(holds(inner, row, rows) != Some(true)),
        Filter::And(a, b) => and(holds(a, row, rows), holds(b, row, rows)),
        Filter::Or(a, b) => or(holds(a, row, rows), holds(b, row, rows)),
        Filter::Xor(a, b) => Some((holds(a, row, rows) == Some(true)) != (holds(b, row, rows) == Some(true))),
        Filter::AllOf(all) => all.iter().map(|inner| holds(inner, row, rows)).fold(Some(true), and),
        Filter::AnyOf(any) => any.iter().map(|inner| holds(inner, row, rows)).fold(Some(false), or),
        Filter::ParentIs(inner) => holds(inner, parent, rows),
    }
}

/// A lookup of one text in another.
fn matches(lookup: Lookup, text: Option<&str>, value: Option<&str>) -> Option<bool> {
    if matches!(lookup, Lookup::Distinct | Lookup::NotDistinct) {
        return Some((text == value) == matches!(lookup, Lookup::NotDistinct));
    }
    let (text, value) = (text?, value?);
    let (folded, needle) = (text.to_lowercase(), value.to_lowercase());
    Some(match lookup {
        Lookup::Eq | Lookup::NotDistinct => text == value,
        Lookup::Ne | Lookup::Distinct => text != value,
        Lookup::Lt => text < value,
        Lookup::Gte => text >= value,
        Lookup::Gt => text > value,
        Lookup::Lte => text <= value,
        Lookup::Contains => text.contains(value),
        Lookup::IContains => folded.contains(&needle),
        Lookup::StartsWith => text.starts_with(value),
        Lookup::IStartsWith => folded.starts_with(&needle),
        Lookup::EndsWith => text.ends_with(value),
        Lookup::IEndsWith => folded.ends_with(&needle),
        Lookup::IEq => folded == needle,
    })
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        (None, _) | (_, None) => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        (None, _) | (_, None) => None,
    }
}

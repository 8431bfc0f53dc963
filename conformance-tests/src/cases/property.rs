//! Random typed filters against an evaluator in memory: the same rows on every engine.

macro_rules! compared {
    ($column:expr, $comparison:expr, $value:expr) => {
        match $comparison {
            Comparison::Eq => $column.eq($value),
            Comparison::Ne => $column.ne($value),
            Comparison::Gt => $column.gt($value),
            Comparison::Gte => $column.gte($value),
            Comparison::Lt => $column.lt($value),
            Comparison::Lte => $column.lte($value),
        }
    };
}

pub mod typed;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{
    backend::Db,
    column::Column,
    error::{Error, ErrorKind, Result},
    feature::Feature,
    prelude::*,
};
use covet_macros::Model;
use proptest::{
    prelude::*,
    strategy::{Union, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rust_decimal::Decimal;
use uuid::Uuid;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "property_samples")]
pub struct Sample {
    pub id: i64,
    pub a: i32,
    pub b: Option<i32>,
    pub text: String,
    pub text_or: Option<String>,
    pub flag: bool,
    pub flag_or: Option<bool>,
    pub parent: Option<ForeignKey<Sample>>,
    pub tiny: u8,
    pub tiny_or: Option<u8>,
    pub unsigned16: u16,
    pub unsigned16_or: Option<u16>,
    pub unsigned32: u32,
    pub unsigned32_or: Option<u32>,
    pub unsigned64: u64,
    pub unsigned64_or: Option<u64>,
    pub small: i16,
    pub small_or: Option<i16>,
    pub big: i64,
    pub big_or: Option<i64>,
    pub single: f32,
    pub single_or: Option<f32>,
    pub double: f64,
    pub double_or: Option<f64>,
    #[covet(decimal(10, 2))]
    pub price: Decimal,
    #[covet(decimal(10, 2))]
    pub price_or: Option<Decimal>,
    pub bytes: Vec<u8>,
    pub bytes_or: Option<Vec<u8>>,
    pub uuid: Uuid,
    pub uuid_or: Option<Uuid>,
    pub at: DateTime<Utc>,
    pub at_or: Option<DateTime<Utc>>,
    pub local: NaiveDateTime,
    pub local_or: Option<NaiveDateTime>,
    pub day: NaiveDate,
    pub day_or: Option<NaiveDate>,
    pub time: NaiveTime,
    pub time_or: Option<NaiveTime>,
    pub span: TimeDelta,
    pub span_or: Option<TimeDelta>,
    pub document: serde_json::Value,
    pub document_or: Option<serde_json::Value>,
}

/// Letters that lookups could take for something else, and letters whose case folds one to one.
const LETTERS: &[&str] =
    &["a", "A", "b", "é", "É", "ж", "Ж", "e", "%", "_", "\\", "!", "'", "\"", " ", "*", "?", "[", "🦀", "🍣", "ß"];

#[derive(Debug, Clone, Copy)]
enum Number {
    A,
    B,
    ParentA,
    ParentB,
}

#[derive(Debug, Clone, Copy)]
enum Text {
    Own,
    Nullable,
    Parent,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Comparison {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
}

const COMPARISONS: &[Comparison] =
    &[Comparison::Eq, Comparison::Ne, Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte];

#[derive(Debug, Clone, Copy)]
enum Lookup {
    Eq,
    Ne,
    Lt,
    Gte,
    Distinct,
    NotDistinct,
    Contains,
    IContains,
    StartsWith,
    IStartsWith,
    EndsWith,
    IEndsWith,
    IEq,
}

/// The lookups that take a text, or a column of texts.
const LOOKUPS: &[Lookup] = &[
    Lookup::Eq,
    Lookup::Ne,
    Lookup::Lt,
    Lookup::Gte,
    Lookup::Distinct,
    Lookup::NotDistinct,
    Lookup::Contains,
    Lookup::IContains,
    Lookup::StartsWith,
    Lookup::IStartsWith,
    Lookup::EndsWith,
    Lookup::IEndsWith,
    Lookup::IEq,
];

/// Patterns that engines without translation would read each in its own way.
const PATTERNS: &[&str] =
    &["", "^a", "b$", "^.$", "[é-ж]", r"\w\W", r"\bb", r"(?m)^\W", r"^(a|é|%)+$", "[^a-z]{2}", r"\p{Lu}", r"\\|\?"];

/// A filter, as data that can be both asked and evaluated.
#[derive(Debug, Clone)]
enum Filter {
    Number(Number, Comparison, i32),
    Between(Number, i32, i32),
    NumberIn(Number, Vec<i32>),
    NumberIsNull(Number, bool),
    NumberIsA(Number, Comparison),
    Sum(i32, Comparison, i32),
    Quotient(i32, Comparison, i32),
    Text(Text, Lookup, String),
    TextIn(Text, Vec<String>),
    /// The lookup with a column in place of a value.
    TextIs(Text, Lookup, Text),
    Regex(Text, bool, &'static str),
    TextIsNull(bool),
    Typed(typed::Typed),
    Flag,
    FlagOr,
    Not(Box<Filter>),
    And(Box<Filter>, Box<Filter>),
    Or(Box<Filter>, Box<Filter>),
    Xor(Box<Filter>, Box<Filter>),
    AllOf(Vec<Filter>),
    AnyOf(Vec<Filter>),
    ParentIs(Box<Filter>),
}

fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(LETTERS), 0..4).prop_map(|letters| letters.concat())
}

fn filters() -> BoxedStrategy<Filter> {
    let number = || proptest::sample::select(&[Number::A, Number::B, Number::ParentA, Number::ParentB][..]);
    let compare = || proptest::sample::select(COMPARISONS);
    let which = || proptest::sample::select(&[Text::Own, Text::Nullable, Text::Parent][..]);
    let lookup = || proptest::sample::select(LOOKUPS);
    let pattern = proptest::sample::select(PATTERNS);
    let small = || -3..6_i32;
    let leaf = Union::new_weighted(vec![
        (4, (number(), compare(), small()).prop_map(|(n, c, v)| Filter::Number(n, c, v)).boxed()),
        (2, (number(), small(), small()).prop_map(|(n, low, high)| Filter::Between(n, low, high)).boxed()),
        (
            2,
            (number(), proptest::collection::vec(small(), 0..5))
                .prop_map(|(n, list)| Filter::NumberIn(n, list))
                .boxed(),
        ),
        (1, (number(), any::<bool>()).prop_map(|(n, is)| Filter::NumberIsNull(n, is)).boxed()),
        (2, (number(), compare()).prop_map(|(n, c)| Filter::NumberIsA(n, c)).boxed()),
        (1, (small(), compare(), small()).prop_map(|(add, c, v)| Filter::Sum(add, c, v)).boxed()),
        (1, (-2..3_i32, compare(), small()).prop_map(|(by, c, v)| Filter::Quotient(by, c, v)).boxed()),
        (10, (which(), lookup(), text()).prop_map(|(t, l, v)| Filter::Text(t, l, v)).boxed()),
        (2, (which(), proptest::collection::vec(text(), 0..4)).prop_map(|(t, list)| Filter::TextIn(t, list)).boxed()),
        (6, (which(), lookup(), which()).prop_map(|(t, l, other)| Filter::TextIs(t, l, other)).boxed()),
        (4, (which(), any::<bool>(), pattern).prop_map(|(t, i, p)| Filter::Regex(t, i, p)).boxed()),
        (1, any::<bool>().prop_map(Filter::TextIsNull).boxed()),
        (24, typed::filters().prop_map(Filter::Typed).boxed()),
        (1, Just(Filter::Flag).boxed()),
        (1, Just(Filter::FlagOr).boxed()),
    ]);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let two = || (inner.clone().prop_map(Box::new), inner.clone().prop_map(Box::new));
        prop_oneof![
            inner.clone().prop_map(|filter| Filter::Not(Box::new(filter))),
            two().prop_map(|(a, b)| Filter::And(a, b)),
            two().prop_map(|(a, b)| Filter::Or(a, b)),
            two().prop_map(|(a, b)| Filter::Xor(a, b)),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::AllOf),
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Filter::AnyOf),
            inner.prop_map(|filter| Filter::ParentIs(Box::new(filter))),
        ]
    })
    .boxed()
}

/// Only values and columns that are never NULL are compared with.
macro_rules! looked_up {
    ($column:expr, $lookup:expr, $value:expr) => {
        match $lookup {
            Lookup::Eq => $column.eq($value),
            Lookup::Ne => $column.ne($value),
            Lookup::Lt => $column.lt($value),
            Lookup::Gte => $column.gte($value),
            Lookup::Distinct
            | Lookup::NotDistinct
            | Lookup::Contains
            | Lookup::IContains
            | Lookup::StartsWith
            | Lookup::IStartsWith
            | Lookup::EndsWith
            | Lookup::IEndsWith
            | Lookup::IEq => text_looked_up!($column, $lookup, $value),
        }
    };
}

macro_rules! text_looked_up {
    ($column:expr, $lookup:expr, $value:expr) => {
        match $lookup {
            Lookup::Eq | Lookup::Ne | Lookup::Lt | Lookup::Gte | Lookup::NotDistinct => {
                $column.is_not_distinct_from($value)
            }
            Lookup::Distinct => $column.is_distinct_from($value),
            Lookup::Contains => $column.contains($value),
            Lookup::IContains => $column.icontains($value),
            Lookup::StartsWith => $column.starts_with($value),
            Lookup::IStartsWith => $column.istarts_with($value),
            Lookup::EndsWith => $column.ends_with($value),
            Lookup::IEndsWith => $column.iends_with($value),
            Lookup::IEq => $column.ieq($value),
        }
    };
}

macro_rules! on_number {
    ($number:expr, $column:ident => $predicate:expr) => {
        match $number {
            Number::A => {
                let $column = Sample::a;
                $predicate
            }
            Number::B => {
                let $column = Sample::b;
                $predicate
            }
            Number::ParentA => {
                let $column = Sample::parent.a;
                $predicate
            }
            Number::ParentB => {
                let $column = Sample::parent.b;
                $predicate
            }
        }
    };
}

macro_rules! on_text {
    ($text:expr, $column:ident => $predicate:expr) => {
        match $text {
            Text::Own => {
                let $column = Sample::text;
                $predicate
            }
            Text::Nullable => {
                let $column = Sample::text_or;
                $predicate
            }
            Text::Parent => {
                let $column = Sample::parent.text;
                $predicate
            }
        }
    };
}

/// The filter as covet's user writes it.
fn predicate(filter: &Filter) -> Predicate<Sample> {
    match filter {
        Filter::Number(n, c, value) => on_number!(n, column => compared!(column, c, *value)),
        Filter::Between(n, low, high) => on_number!(n, column => column.between(*low, *high)),
        Filter::NumberIn(n, list) => on_number!(n, column => column.in_(list.iter().copied())),
        Filter::NumberIsNull(n, is) => match (n, is) {
            (Number::A, true) => any_of([]),
            (Number::A, false) => all_of([]),
            (Number::B, true) => Sample::b.is_null(),
            (Number::B, false) => Sample::b.is_not_null(),
            (Number::ParentA, true) => Sample::parent.a.is_null(),
            (Number::ParentA, false) => Sample::parent.a.is_not_null(),
            (Number::ParentB, true) => Sample::parent.b.is_null(),
            (Number::ParentB, false) => Sample::parent.b.is_not_null(),
        },
        Filter::NumberIsA(n, c) => {
            let a: Column<Sample, i32> = Sample::a;
            on_number!(n, column => compared!(column, c, a))
        }
        Filter::Sum(add, c, value) => compared!((Sample::b + *add), c, *value),
        Filter::Quotient(by, c, value) => compared!((Sample::a / *by), c, f64::from(*value)),
        Filter::Text(t, lookup, value) => {
            let value = value.as_str();
            on_text!(t, column => looked_up!(column, lookup, value))
        }
        Filter::TextIs(t, lookup, Text::Own) => on_text!(t, column => looked_up!(column, lookup, Sample::text)),
        Filter::TextIs(t, lookup, Text::Nullable) => {
            on_text!(t, column => text_looked_up!(column, lookup, Sample::text_or))
        }
        Filter::TextIs(t, lookup, Text::Parent) => {
            on_text!(t, column => text_looked_up!(column, lookup, Sample::parent.text))
        }
        Filter::Regex(t, false, pattern) => on_text!(t, column => column.regex(*pattern)),
        Filter::Regex(t, true, pattern) => on_text!(t, column => column.iregex(*pattern)),
        Filter::Typed(typed) => typed.predicate(),
        Filter::TextIn(t, list) => on_text!(t, column => column.in_(list.iter().map(String::as_str))),
        Filter::TextIsNull(true) => Sample::text_or.is_null(),
        Filter::TextIsNull(false) => Sample::text_or.is_not_null(),
        Filter::Flag => Sample::flag.eq(true),
        Filter::FlagOr => Sample::flag_or.eq(true),
        Filter::Not(inner) => !predicate(inner),
        Filter::And(a, b) => predicate(a) & predicate(b),
        Filter::Or(a, b) => predicate(a) | predicate(b),
        Filter::Xor(a, b) => predicate(a) ^ predicate(b),
        Filter::AllOf(all) => all_of(all.iter().map(predicate)),
        Filter::AnyOf(any) => any_of(any.iter().map(predicate)),
        Filter::ParentIs(inner) => Sample::parent.is(predicate(inner)),
    }
}

fn order(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
    match comparison {
        Comparison::Eq => ordering.is_eq(),
        Comparison::Ne => ordering.is_ne(),
        Comparison::Gt => ordering.is_gt(),
        Comparison::Gte => ordering.is_ge(),
        Comparison::Lt => ordering.is_lt(),
        Comparison::Lte => ordering.is_le(),
    }
}

/// SQL's three values; written from the laws, not from the renderer. `row` is absent behind a
/// relation that leads nowhere.
fn holds(filter: &Filter, row: Option<&Sample>, rows: &[Sample]) -> Option<bool> {
    let parent_of = |row: &Sample| {
        let key = *row.parent.as_ref()?.key();
        rows.iter().find(|other| other.id == key)
    };
    let parent = row.and_then(parent_of);
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
            Lookup::Eq | Lookup::Ne | Lookup::Lt | Lookup::Gte,
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

/// What differs between the engine and the evaluator.
async fn mismatch(db: &Db, filter: &Filter, rows: &[Sample]) -> Result<Option<String>> {
    for negated in [false, true] {
        let query = if negated { Sample::exclude(predicate(filter)) } else { Sample::filter(predicate(filter)) };
        let mut found: Vec<i64> = query.clone().all(db).await?.iter().map(|row| row.id).collect();
        found.sort_unstable();
        let expected: Vec<i64> = rows
            .iter()
            .filter(|row| (holds(filter, Some(row), rows) == Some(true)) != negated)
            .map(|row| row.id)
            .collect();
        if found != expected {
            let sql = query.to_sql(db.dialect())?;
            return Ok(Some(format!(
                "{filter:?}\nnegated: {negated}\nsql: {sql}\nfound {found:?}\nexpected {expected:?}"
            )));
        }
    }
    Ok(None)
}

fn failed(text: String) -> Error {
    Error::new(ErrorKind::Database, text)
}

/// How many cases a property tries: few on servers, which answer slowly, and many at night.
pub(super) fn cases(db: &Db) -> usize {
    let nightly = std::env::var_os("COVET_NIGHTLY").is_some();
    if nightly {
        1_500
    } else if db.dialect().short_name() == "sqlite" {
        300
    } else {
        100
    }
}

/// A fixed seed: a failure is the same on every machine.
pub(super) fn runner() -> TestRunner {
    TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]))
}

/// Random values of a strategy; nothing of proptest's lives across an `await`.
pub(super) fn draw<T: std::fmt::Debug>(
    strategy: impl Strategy<Value = T>,
    count: usize,
    runner: &mut TestRunner,
) -> Result<Vec<T>> {
    let one = |_| Ok(strategy.new_tree(runner).map_err(|reason| failed(reason.to_string()))?.current());
    (0..count).map(one).collect()
}

/// What a row holds: the plain columns, the row that it points at, places of values of every type.
type Values = (typed::Basic, Option<usize>, Vec<Option<usize>>);

fn values() -> impl Strategy<Value = Values> {
    use proptest::option::of;
    let basic = (-3..6_i32, of(-3..6_i32), text(), of(text()), any::<bool>(), of(any::<bool>()));
    (basic, of(0..40_usize), proptest::collection::vec(of(0..8_usize), 2 * typed::KINDS.len()))
}

async fn samples(db: &Db, values: Vec<Values>) -> Result<Vec<Sample>> {
    let mut keys = Vec::new();
    for (basic, parent, places) in values {
        let parent = parent.and_then(|at| keys.get(at).copied()).map(ForeignKey::new);
        keys.push(typed::row(basic, parent, &places).save(db).await?.id);
    }
    Sample::query().order_by(Sample::id.asc()).all(db).await
}

/// Whether there is a regular expression in it.
fn has_pattern(filter: &Filter) -> bool {
    matches!(filter, Filter::Regex(..)) || parts(filter).into_iter().any(has_pattern)
}

/// The filters inside a filter.
fn parts(filter: &Filter) -> Vec<&Filter> {
    match filter {
        Filter::Not(inner) | Filter::ParentIs(inner) => vec![inner],
        Filter::And(a, b) | Filter::Or(a, b) | Filter::Xor(a, b) => vec![a, b],
        Filter::AllOf(all) | Filter::AnyOf(all) => all.iter().collect(),
        Filter::Number(..)
        | Filter::Between(..)
        | Filter::NumberIn(..)
        | Filter::NumberIsNull(..)
        | Filter::NumberIsA(..)
        | Filter::Sum(..)
        | Filter::Quotient(..)
        | Filter::Text(..)
        | Filter::TextIn(..)
        | Filter::TextIs(..)
        | Filter::Regex(..)
        | Filter::TextIsNull(_)
        | Filter::Typed(_)
        | Filter::Flag
        | Filter::FlagOr => Vec::new(),
    }
}

/// Random filters and their complements give exactly the rows that the evaluator expects.
pub async fn random_filters_agree_with_the_evaluator(db: &Db) -> Result<()> {
    let (cases, mut runner) = (cases(db), runner());
    let (rows, mut filters) = (draw(values(), 40, &mut runner)?, draw(filters(), cases, &mut runner)?);
    if !db.dialect().features().has(Feature::Regex) {
        filters.retain(|filter| !has_pattern(filter));
    }
    db.drop_tables(models![Sample]).await?;
    db.create_tables(models![Sample]).await?;
    let rows = samples(db, rows).await?;
    let mut selective = 0;
    for filter in &filters {
        let count = rows.iter().filter(|row| holds(filter, Some(row), &rows) == Some(true)).count();
        selective += usize::from(count > 0 && count < rows.len());
        let Some(mut text) = mismatch(db, filter, &rows).await? else { continue };
        // The smallest part that still fails says most.
        let mut left = parts(filter);
        while let Some(part) = left.pop() {
            if let Some(smaller) = mismatch(db, part, &rows).await? {
                text = smaller;
                left = parts(part);
            }
        }
        return Err(failed(text));
    }
    // Filters that keep all rows or none would prove little.
    let tried = filters.len();
    assert!(selective * 3 > tried, "only {selective} of {tried} filters tell rows apart");
    db.drop_tables(models![Sample]).await
}

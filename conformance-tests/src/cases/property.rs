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

mod evaluator;
mod sample;
mod typed;

use covet::{
    backend::Db,
    column::Column,
    error::{Error, ErrorKind, Result},
    feature::Feature,
    prelude::*,
};
use evaluator::holds;
use proptest::{
    prelude::*,
    strategy::{Union, ValueTree},
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use sample::Sample;
use std::cmp::Ordering;

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
    Gt,
    Lte,
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
    Lookup::Gt,
    Lookup::Lte,
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
    TextBetween(Text, String, String),
    /// The lookup with a column in place of a value.
    TextIs(Text, Lookup, Text),
    Regex(Text, bool, &'static str),
    TextIsNull(bool),
    Key(Comparison, i64),
    KeyIn(Vec<i64>),
    KeyIsNull(bool),
    KeyDistinct(i64, bool),
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
    let key = || 1..45_i64;
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
        (1, (which(), text(), text()).prop_map(|(t, low, high)| Filter::TextBetween(t, low, high)).boxed()),
        (1, any::<bool>().prop_map(Filter::TextIsNull).boxed()),
        (2, (compare(), key()).prop_map(|(c, key)| Filter::Key(c, key)).boxed()),
        (1, proptest::collection::vec(key(), 0..4).prop_map(Filter::KeyIn).boxed()),
        (1, any::<bool>().prop_map(Filter::KeyIsNull).boxed()),
        (1, (key(), any::<bool>()).prop_map(|(key, negated)| Filter::KeyDistinct(key, negated)).boxed()),
        (40, typed::filters().prop_map(Filter::Typed).boxed()),
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
            Lookup::Gt => $column.gt($value),
            Lookup::Lte => $column.lte($value),
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
            Lookup::Eq | Lookup::Ne | Lookup::Lt | Lookup::Gte | Lookup::Gt | Lookup::Lte | Lookup::NotDistinct => {
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
        Filter::TextBetween(t, low, high) => on_text!(t, column => column.between(low.as_str(), high.as_str())),
        Filter::Key(c, key) => compared!(Sample::parent_id, c, *key),
        Filter::KeyIn(keys) => Sample::parent_id.in_(keys.iter().copied()),
        Filter::KeyIsNull(true) => Sample::parent_id.is_null(),
        Filter::KeyIsNull(false) => Sample::parent_id.is_not_null(),
        Filter::KeyDistinct(key, false) => Sample::parent_id.is_distinct_from(*key),
        Filter::KeyDistinct(key, true) => Sample::parent_id.is_not_distinct_from(*key),
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

/// How the rows that a filter keeps are ordered, and which of them are read.
#[derive(Debug, Clone)]
struct Slice {
    order: Vec<typed::Term>,
    limit: Option<u64>,
    offset: u64,
}

fn slices() -> impl Strategy<Value = Slice> {
    let limit = proptest::option::weighted(0.2, 0..30_u64);
    let offset = prop_oneof![4 => Just(0), 1 => 0..10_u64];
    (typed::orders(), limit, offset).prop_map(|(order, limit, offset)| Slice { order, limit, offset })
}

/// What differs between the engine and the evaluator.
async fn mismatch(db: &Db, filter: &Filter, slice: &Slice, rows: &[Sample]) -> Result<Option<String>> {
    let with_parent = |row| (row, evaluator::parent_of(row, rows));
    for negated in [false, true] {
        let query = if negated { Sample::exclude(predicate(filter)) } else { Sample::filter(predicate(filter)) };
        let order: Vec<_> = slice.order.iter().map(typed::Term::order).collect();
        let mut query = query.order_by((order, Sample::id.asc())).offset(slice.offset);
        if let Some(limit) = slice.limit {
            query = query.limit(limit);
        }
        let found: Vec<i64> = query.clone().all(db).await?.iter().map(|row| row.id).collect();
        let kept = |row: &&Sample| (holds(filter, Some(row), rows) == Some(true)) != negated;
        let mut expected: Vec<&Sample> = rows.iter().filter(kept).collect();
        expected.sort_by(|one, other| {
            let terms = slice.order.iter().map(|term| term.compare(with_parent(one), with_parent(other)));
            terms.fold(Ordering::Equal, Ordering::then).then(one.id.cmp(&other.id))
        });
        let most = slice.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap());
        let slice = expected.into_iter().skip(usize::try_from(slice.offset).unwrap()).take(most);
        let expected: Vec<i64> = slice.map(|row| row.id).collect();
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
    let basic = (-3..6_i32, of(-3..6_i32), text(), of(text()));
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
        | Filter::TextBetween(..)
        | Filter::Key(..)
        | Filter::KeyIn(_)
        | Filter::KeyIsNull(_)
        | Filter::KeyDistinct(..)
        | Filter::Typed(_)
        | Filter::Flag
        | Filter::FlagOr => Vec::new(),
    }
}

/// Random filters and their complements give exactly the rows that the evaluator expects, in its order.
pub async fn random_filters_agree_with_the_evaluator(db: &Db) -> Result<()> {
    let (cases, mut runner) = (cases(db), runner());
    let (rows, mut filters) = (draw(values(), 40, &mut runner)?, draw((filters(), slices()), cases, &mut runner)?);
    if !db.dialect().features().has(Feature::Regex) {
        filters.retain(|(filter, _)| !has_pattern(filter));
    }
    db.drop_tables(models![Sample]).await?;
    db.create_tables(models![Sample]).await?;
    let rows = samples(db, rows).await?;
    let mut selective = 0;
    for (filter, slice) in &filters {
        let count = rows.iter().filter(|row| holds(filter, Some(row), &rows) == Some(true)).count();
        selective += usize::from(count > 0 && count < rows.len());
        let Some(mut text) = mismatch(db, filter, slice, &rows).await? else { continue };
        // The smallest part that still fails says most.
        let mut left = parts(filter);
        while let Some(part) = left.pop() {
            if let Some(smaller) = mismatch(db, part, slice, &rows).await? {
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

//! Filters over columns of every type. A value is its place in a list that is in order, and so is what
//! a row holds: the evaluator compares places, whatever the type.
//!
//! What no filter is drawn for: the order of documents and of native enums, which databases see each in
//! its own way; NaN and infinities, which not every engine stores; `u64` beyond `i64::MAX`, which MySQL
//! and MariaDB alone store; lists of more than a few values, which `lookup` and the types' own cases ask
//! for; `is_null` of columns that are never NULL, which does not compile.

use super::{
    Comparison, Sample,
    evaluator::order,
    sample::{Badge, Count},
};
use crate::models::{Colour, Email, Level, Mood, Settings};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use covet::{column::Order, prelude::*, query::New, value::Json};
use jiff::civil;
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::json;
use std::cmp::Ordering;
use uuid::Uuid;

/// Which column of a type.
#[derive(Debug, Clone, Copy)]
pub enum Side {
    Own,
    Nullable,
    Parent,
    ParentNullable,
}

/// What is asked; numbers are places of values.
#[derive(Debug, Clone)]
pub enum Test {
    Compare(Comparison, usize),
    Between(usize, usize),
    In(Vec<usize>),
    Distinct(Option<usize>, bool),
    IsNull(bool),
    CompareOwn(Comparison),
    DistinctColumn(bool),
}

/// A term of an ordering.
#[derive(Debug, Clone)]
pub struct Term {
    kind: Kind,
    side: Side,
    descending: bool,
    nulls_first: Option<bool>,
}

/// A filter on one column.
#[derive(Debug, Clone)]
pub struct Typed {
    pub kind: Kind,
    pub side: Side,
    pub test: Test,
}

fn at<T: Clone>(values: &[T], place: usize) -> T {
    values[place % values.len()].clone()
}

macro_rules! compared_as {
    (ordered $column:expr, $comparison:expr, $value:expr) => {
        compared!($column, $comparison, $value)
    };
    // Databases order documents each in its own way.
    (equal $column:expr, $comparison:expr, $value:expr) => {
        if equal($comparison) == Comparison::Eq { $column.eq($value) } else { $column.ne($value) }
    };
}

macro_rules! between {
    (ordered $column:expr, $low:expr, $high:expr) => {
        $column.between($low, $high)
    };
    (equal $column:expr, $low:expr, $high:expr) => {
        any_of([$column.eq($low), $column.eq($high)])
    };
}

fn equal(comparison: Comparison) -> Comparison {
    if matches!(comparison, Comparison::Eq | Comparison::Gte | Comparison::Lte) {
        Comparison::Eq
    } else {
        Comparison::Ne
    }
}

macro_rules! asked {
    ($order:ident $model:ty, $own:ident, $or:ident, $column:expr, $is_null:expr, $test:expr, $values:expr) => {{
        let (column, values) = ($column, $values);
        match $test {
            Test::Compare(comparison, place) => compared_as!($order column, *comparison, at(values, *place)),
            Test::Between(low, high) => between!($order column, at(values, *low), at(values, *high)),
            Test::In(places) => column.in_(places.iter().map(|place| at(values, *place))),
            Test::Distinct(place, false) => column.is_distinct_from(place.map(|place| at(values, place))),
            Test::Distinct(place, true) => column.is_not_distinct_from(place.map(|place| at(values, place))),
            Test::IsNull(is) => $is_null(*is),
            Test::CompareOwn(comparison) => compared_as!($order column, *comparison, <$model>::$own),
            Test::DistinctColumn(false) => column.is_distinct_from(<$model>::$or),
            Test::DistinctColumn(true) => column.is_not_distinct_from(<$model>::$or),
        }
    }};
}

macro_rules! directed {
    ($column:expr, $term:expr) => {
        if $term.descending { $column.desc() } else { $column.asc() }
    };
}

macro_rules! kinds {
    ($($order:ident $kind:ident $own:ident $or:ident: $rust:ty = $values:expr;)*) => {
        /// The types; each has a column that is never NULL and one that may be.
        #[derive(Debug, Clone, Copy)]
        pub enum Kind {
            $($kind,)*
        }

        pub const KINDS: &[Kind] = &[$(Kind::$kind,)*];

        impl Typed {
            /// The filter as covet's user writes it.
            pub fn predicate(&self) -> Predicate<Sample> {
                match self.kind {
                    $(Kind::$kind => {
                        let values: &[$rust] = &$values;
                        let constant = |is: bool| if is { any_of([]) } else { all_of([]) };
                        match self.side {
                            Side::Own => asked!($order Sample, $own, $or, Sample::$own, constant, &self.test, values),
                            Side::Nullable => asked!($order Sample, $own, $or, Sample::$or,
                                |is| if is { Sample::$or.is_null() } else { Sample::$or.is_not_null() }, &self.test, values),
                            Side::Parent => asked!($order Sample, $own, $or, Sample::parent.$own,
                                |is| if is { Sample::parent.$own.is_null() } else { Sample::parent.$own.is_not_null() },
                                &self.test, values),
                            Side::ParentNullable => asked!($order Sample, $own, $or, Sample::parent.$or,
                                |is| if is { Sample::parent.$or.is_null() } else { Sample::parent.$or.is_not_null() },
                                &self.test, values),
                        }
                    })*
                }
            }

            /// The places that `row` holds in the column that is never NULL and in the other one, and how
            /// many places there are.
            fn places(kind: Kind, row: Option<&Sample>) -> (Option<usize>, Option<usize>, usize) {
                match kind {
                    $(Kind::$kind => {
                        let values: &[$rust] = &$values;
                        let place = |value: &$rust| values.iter().position(|other| other == value).unwrap();
                        let own = row.map(|row| place(&row.$own));
                        let or = row.and_then(|row| row.$or.as_ref()).map(place);
                        (own, or, values.len())
                    })*
                }
            }

            pub fn is_ordered(kind: Kind) -> bool {
                match kind {
                    $(Kind::$kind => stringify!($order) == "ordered",)*
                }
            }
        }

        impl Term {
            /// The term as covet's user writes it.
            pub fn order(&self) -> Order<Sample> {
                let order = match (self.kind, self.side) {
                    $((Kind::$kind, Side::Own) => directed!(Sample::$own, self),
                    (Kind::$kind, Side::Nullable) => directed!(Sample::$or, self),
                    (Kind::$kind, Side::Parent) => directed!(Sample::parent.$own, self),
                    (Kind::$kind, Side::ParentNullable) => directed!(Sample::parent.$or, self),)*
                };
                match self.nulls_first {
                    Some(true) => order.nulls_first(),
                    Some(false) => order.nulls_last(),
                    None => order,
                }
            }
        }

        /// A row with the values at these places: two for each type, of which only the second is ever NULL.
        pub fn row((a, b, text, text_or): Basic, parent: Option<ForeignKey<Sample>>, places: &[Option<usize>]) -> New<Sample> {
            let mut places = places.iter();
            let mut next = || *places.next().unwrap();
            Sample::create().a(a).b(b).text(text).text_or(text_or).parent(parent)
                $(.$own(at::<$rust>(&$values, next().unwrap_or(0)))
                  .$or(next().map(|place| at::<$rust>(&$values, place))))*
                .build()
        }
    };
}

kinds! {
    ordered Flag flag flag_or: bool = [false, true];
    ordered Tiny tiny tiny_or: u8 = [0, 1, 127, 128, 255];
    ordered Unsigned16 unsigned16 unsigned16_or: u16 = [0, 2, 32_767, 32_768, 65_535];
    ordered Unsigned32 unsigned32 unsigned32_or: u32 = [0, 3, 1 << 31, u32::MAX];
    ordered Unsigned64 unsigned64 unsigned64_or: u64 = [0, (1 << 53) + 1, (1 << 53) + 2, u64::MAX >> 1];
    ordered Small small small_or: i16 = [i16::MIN, -1, 0, 1, i16::MAX];
    ordered Medium medium medium_or: i32 = [i32::MIN, -1, 0, 1, i32::MAX];
    ordered Big big big_or: i64 = [i64::MIN, -1, 0, (1 << 53) + 1, i64::MAX];
    ordered Single single single_or: f32 = [f32::MIN, -0.1, 0.0, 0.1, 16_777_216.0];
    ordered Double double double_or: f64 = [f64::MIN, -0.1, 0.0, 5e-320, 0.1, 0.100_000_000_000_000_02, f64::MAX];
    ordered Price price price_or: Decimal = [Decimal::new(-9_999_999_999, 2), Decimal::new(-1, 2), Decimal::ZERO, Decimal::new(10, 2), Decimal::new(11, 2)];
    ordered Words words words_or: String = ["", "%", "A", "a", "a ", "é", "🦀"].map(str::to_owned);
    ordered Bytes bytes bytes_or: Vec<u8> = [vec![], vec![0], vec![0, 1], b"%_\\".to_vec(), vec![255]];
    ordered Id uuid uuid_or: Uuid = [Uuid::nil(), Uuid::from_u128(1), Uuid::from_u128(1 << 127), Uuid::max()];
    ordered Moment at at_or: DateTime<Utc> = [moment(-2_208_988_800, 0), moment(0, 0), moment(0, 1), moment(4_000_000_000, 999_999)];
    ordered Local local local_or: NaiveDateTime = [moment(-9, 0).naive_utc(), moment(0, 0).naive_utc(), moment(0, 500).naive_utc()];
    ordered Day day day_or: NaiveDate = [day(1, 1), day(1_970, 1), day(2_024, 60), day(9_999, 365)];
    ordered Clock time time_or: NaiveTime = [clock(0, 0), clock(0, 1), clock(43_200, 0), clock(86_399, 999_999)];
    ordered Span span span_or: TimeDelta = [TimeDelta::microseconds(-1), TimeDelta::zero(), TimeDelta::days(400)];
    equal Document document document_or: serde_json::Value = [json!(null), json!({}), json!({"a": [1, "é"]}), json!("{}")];
    equal Fields settings settings_or: Json<Settings> = [fields("", None), fields("é", None), fields("é", Some(0.5))];
    // By their texts, which are not in the order of the variants.
    ordered TextEnum mood mood_or: Mood = [Mood::Glad, Mood::Other, Mood::VerySad];
    ordered IntegerEnum level level_or: Level = [Level::Low, Level::Middle, Level::High];
    equal NativeEnum colour colour_or: Colour = [Colour::Red, Colour::NavyBlue, Colour::Quoted];
    ordered TextNewtype email email_or: Email = [email(""), email("A@x"), email("a@x"), email("é@x")];
    ordered IntegerNewtype count count_or: Count = [Count(0), Count(32_768), Count(65_535)];
    ordered KeyNewtype badge badge_or: Badge = [Badge(i64::MIN), Badge(0), Badge((1 << 53) + 1), Badge(i64::MAX)];
    ordered TimeMoment time_at time_at_or: time::OffsetDateTime = [instant(-2_208_988_800_000_001), instant(0), instant(1)];
    ordered TimeLocal time_local time_local_or: time::PrimitiveDateTime = [wall(-1), wall(0), wall(500_000)];
    ordered TimeDay time_day time_day_or: time::Date = [wall(-1).date(), wall(0).date(), time::Date::from_ordinal_date(9_999, 365).unwrap()];
    ordered TimeClock time_time time_time_or: time::Time = [time::Time::MIDNIGHT, wall(1).time(), wall(-1).time()];
    ordered TimeSpan time_span time_span_or: time::Duration = [time::Duration::microseconds(-1), time::Duration::ZERO, time::Duration::days(400)];
    ordered JiffMoment jiff_at jiff_at_or: jiff::Timestamp = [stamp(-2_208_988_800_000_001), stamp(0), stamp(1)];
    ordered JiffLocal jiff_local jiff_local_or: civil::DateTime = [civil::date(1, 1, 1).at(0, 0, 0, 0), civil::date(2_024, 2, 29).at(23, 59, 59, 999_999_000)];
    ordered JiffDay jiff_day jiff_day_or: civil::Date = [civil::date(1, 1, 1), civil::date(1_582, 10, 10), civil::date(9_999, 12, 31)];
    ordered JiffClock jiff_time jiff_time_or: civil::Time = [civil::time(0, 0, 0, 0), civil::time(0, 0, 0, 1_000), civil::time(23, 59, 59, 999_999_000)];
    ordered JiffSpan jiff_span jiff_span_or: jiff::SignedDuration = [jiff::SignedDuration::from_micros(-1), jiff::SignedDuration::ZERO, jiff::SignedDuration::from_hours(9_600)];
}

/// What a row holds beside the columns of every type.
pub type Basic = (i32, Option<i32>, String, Option<String>);

fn moment(seconds: i64, micros: u32) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, micros * 1_000).unwrap()
}

fn day(year: i32, of_year: u32) -> NaiveDate {
    NaiveDate::from_yo_opt(year, of_year).unwrap()
}

fn clock(seconds: u32, micros: u32) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(seconds, micros * 1_000).unwrap()
}

fn fields(name: &str, ratio: Option<f64>) -> Json<Settings> {
    Json(Settings { name: name.to_owned(), sizes: vec![1, 2], ratio })
}

fn email(text: &str) -> Email {
    Email(text.to_owned())
}

fn instant(micros: i128) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp_nanos(micros * 1_000).unwrap()
}

fn wall(micros: i128) -> time::PrimitiveDateTime {
    time::PrimitiveDateTime::new(instant(micros).date(), instant(micros).time())
}

fn stamp(micros: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_microsecond(micros).unwrap()
}

/// The place of what a row holds on this side.
fn place_of(kind: Kind, side: Side, row: Option<&Sample>, parent: Option<&Sample>) -> Option<usize> {
    match side {
        Side::Own => Typed::places(kind, row).0,
        Side::Nullable => Typed::places(kind, row).1,
        Side::Parent => Typed::places(kind, parent).0,
        Side::ParentNullable => Typed::places(kind, parent).1,
    }
}

impl Term {
    /// How two rows are ordered, each with the row that it points at.
    pub fn compare(&self, one: (&Sample, Option<&Sample>), other: (&Sample, Option<&Sample>)) -> Ordering {
        let [one, other] = [one, other].map(|(row, parent)| place_of(self.kind, self.side, Some(row), parent));
        let nulls_first = self.nulls_first.unwrap_or(!self.descending);
        match (one, other) {
            (Some(one), Some(other)) if self.descending => other.cmp(&one),
            (Some(one), Some(other)) => one.cmp(&other),
            (None, None) => Ordering::Equal,
            (None, Some(_)) => {
                if nulls_first {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => {
                if nulls_first {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
        }
    }
}

impl Typed {
    /// SQL's three values.
    pub fn holds(&self, row: Option<&Sample>, parent: Option<&Sample>) -> Option<bool> {
        let (own, or, count) = Typed::places(self.kind, row);
        let found = place_of(self.kind, self.side, row, parent);
        let is_ordered = Typed::is_ordered(self.kind);
        let compare = |comparison: Comparison, left: usize, right: usize| {
            order(if is_ordered { comparison } else { equal(comparison) }, left.cmp(&right))
        };
        let between = |found: usize, low: usize, high: usize| {
            if is_ordered { low <= found && found <= high } else { found == low || found == high }
        };
        match &self.test {
            Test::Compare(comparison, place) => found.map(|found| compare(*comparison, found, place % count)),
            Test::Between(low, high) => found.map(|found| between(found, low % count, high % count)),
            Test::In(places) if places.is_empty() => Some(false),
            Test::In(places) => found.map(|found| places.iter().any(|place| place % count == found)),
            Test::Distinct(place, negated) => Some((found == place.map(|place| place % count)) == *negated),
            // On the model itself the column is never NULL; the constant does not look at the row.
            Test::IsNull(is) if matches!(self.side, Side::Own) => Some(!is),
            Test::IsNull(is) => Some(found.is_none() == *is),
            Test::CompareOwn(comparison) => Some(compare(*comparison, found?, own?)),
            Test::DistinctColumn(negated) => Some((found == or) == *negated),
        }
    }
}

const SIDES: &[Side] = &[Side::Own, Side::Nullable, Side::Parent, Side::ParentNullable];

/// Random orderings by columns of every type that has an order.
pub fn orders() -> impl Strategy<Value = Vec<Term>> {
    let kinds: Vec<Kind> = KINDS.iter().copied().filter(|kind| Typed::is_ordered(*kind)).collect();
    let (kind, side) = (proptest::sample::select(kinds), proptest::sample::select(SIDES));
    let term = (kind, side, any::<bool>(), any::<Option<bool>>())
        .prop_map(|(kind, side, descending, nulls_first)| Term { kind, side, descending, nulls_first });
    proptest::collection::vec(term, 0..3)
}

/// Random filters on columns of every type.
pub fn filters() -> impl Strategy<Value = Typed> {
    let kind = proptest::sample::select(KINDS);
    let side = proptest::sample::select(SIDES);
    let comparison = || proptest::sample::select(super::COMPARISONS);
    let place = || 0..8_usize;
    let test = prop_oneof![
        3 => (comparison(), place()).prop_map(|(comparison, place)| Test::Compare(comparison, place)),
        1 => (place(), place()).prop_map(|(low, high)| Test::Between(low, high)),
        2 => proptest::collection::vec(place(), 0..4).prop_map(Test::In),
        2 => (proptest::option::of(place()), any::<bool>()).prop_map(|(place, negated)| Test::Distinct(place, negated)),
        1 => any::<bool>().prop_map(Test::IsNull),
        2 => comparison().prop_map(Test::CompareOwn),
        1 => any::<bool>().prop_map(Test::DistinctColumn),
    ];
    (kind, side, test).prop_map(|(kind, side, test)| Typed { kind, side, test })
}

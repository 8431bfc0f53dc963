//! What covet sets by itself in a write: the time of `auto_now` and `auto_now_add`, and the version.
//!
//! Every path that stores rows calls [`created`], every path that changes rows [`updated`].

use crate::{
    ast::ArithmeticOp,
    backend::Clock,
    error::{Error, ErrorKind, Result},
    schema::{ColumnDef, PathDef, TableDef, Touch},
    tape::{Op, Tape, Word},
    value::{Kind, SqlType, Value},
};
use chrono::{DateTime, Utc};

/// The version of a new row.
const FIRST_VERSION: i64 = 1;

/// The time of one statement: the clock is read when a column first asks, and not again.
pub(crate) struct Now<'a> {
    clock: &'a Clock,
    at: Option<DateTime<Utc>>,
}

impl<'a> Now<'a> {
    pub(crate) fn new(clock: &'a Clock) -> Now<'a> {
        Now { clock, at: None }
    }

    /// The time for a column; dates and times without a zone are those of UTC.
    #[expect(clippy::wildcard_enum_match_arm, reason = "the derive has looked at the kind")]
    pub(crate) fn value(&mut self, kind: Kind) -> Value {
        let now = *self.at.get_or_insert_with(|| self.clock.now());
        match kind {
            Kind::Date => now.date_naive().encode(),
            Kind::Time => now.time().encode(),
            Kind::NaiveDateTime => now.naive_utc().encode(),
            _ => now.encode(),
        }
    }
}

/// Gives new rows the columns that they leave to covet.
pub(crate) fn created<'a>(
    table: &TableDef,
    rows: impl IntoIterator<Item = &'a mut Vec<Option<Value>>>,
    now: &mut Now<'_>,
) {
    let is_set_here = |column: &ColumnDef| column.touch != Touch::Never || column.version;
    if !table.columns.iter().any(is_set_here) {
        return;
    }
    for row in rows {
        for (column, value) in table.columns.iter().zip(row) {
            if value.is_none() && column.touch != Touch::Never {
                *value = Some(now.value(column.kind));
            } else if value.is_none() && column.version {
                *value = Some(integer(column.kind, FIRST_VERSION));
            }
        }
    }
}

/// Adds to the assignments of an UPDATE what they leave to covet: the time, unless `now` is `None`, and the next
/// version. A column that is set already stays as it is.
pub(crate) fn updated(table: &'static TableDef, set: &mut Tape, mut now: Option<&mut Now<'_>>) {
    for column in table.columns.iter().filter(|column| column.touch == Touch::OnUpdate || column.version) {
        if is_assigned(set, column) {
            continue;
        }
        if column.version {
            set.column(PathDef::ROOT, column);
            set.column(PathDef::ROOT, column);
            set.bind(column.kind, integer(column.kind, 1));
            set.op(Op::Arithmetic(ArithmeticOp::Add));
            set.op(Op::Set);
        } else if let Some(now) = now.as_deref_mut() {
            set.assign(column, now.value(column.kind));
        }
    }
}

/// Whether a column is the target of one of the assignments.
pub(super) fn is_assigned(set: &Tape, column: &'static ColumnDef) -> bool {
    assigned(set).any(|other| std::ptr::eq(other, column))
}

/// The targets of the assignments.
pub(super) fn assigned(set: &Tape) -> impl Iterator<Item = &'static ColumnDef> + '_ {
    let mut is_first = true;
    set.words.iter().filter_map(move |word| {
        let is_target = std::mem::replace(&mut is_first, *word == Word::Op(Op::Set));
        if let Word::Column(column) = word { is_target.then_some(*column) } else { None }
    })
}

/// An integer as a value of an integer kind; NULL where it does not fit.
#[expect(clippy::wildcard_enum_match_arm, reason = "the derive has looked at the kind")]
fn integer(kind: Kind, number: i64) -> Value {
    match kind {
        Kind::I16 => i16::try_from(number).map_or(Value::Null, Value::I16),
        Kind::I32 => i32::try_from(number).map_or(Value::Null, Value::I32),
        Kind::U8 => u8::try_from(number).map_or(Value::Null, Value::U8),
        Kind::U16 => u16::try_from(number).map_or(Value::Null, Value::U16),
        Kind::U32 => u32::try_from(number).map_or(Value::Null, Value::U32),
        Kind::U64 => u64::try_from(number).map_or(Value::Null, Value::U64),
        _ => Value::I64(number),
    }
}

/// The version behind a version.
///
/// # Errors
/// When the column has no larger number.
pub(crate) fn next_version(column: &ColumnDef, version: &Value) -> Result<Value> {
    let next = version.as_i64().and_then(|version| version.checked_add(1));
    let next = next.map_or(Value::Null, |next| integer(column.kind, next));
    if next.is_null() {
        return Err(Error::new(ErrorKind::Encode, "the version has no next number").hint("make it an `i64`"));
    }
    Ok(next)
}

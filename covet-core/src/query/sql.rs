//! What a query would send.

use crate::{
    error::Result,
    render::{Dialect, Prepared},
    schema::ColumnDef,
    tape::{Op, Tape, Word},
    value::{Refusal, Value, Values},
};
use std::fmt;

/// SQL text with the values of its placeholders, in their order. Its texts, of `Debug` and of `Display`, show
/// `<sensitive>` in place of the values of sensitive columns.
#[derive(Clone, PartialEq)]
pub struct Sql {
    /// The text.
    pub text: String,
    /// The values.
    pub binds: Values,
    /// The values as they may be shown, where some may not.
    shown: Option<Values>,
}

impl Sql {
    pub(crate) fn of(dialect: &dyn Dialect, tape: Tape) -> Result<Sql> {
        let prepared = Prepared::render(dialect, &tape.words)?;
        let shown = shown(&tape);
        let binds = prepared.bind(tape.values)?;
        let all = || binds.iter().map(|_| HIDDEN).collect();
        let shown = shown.map(|shown| prepared.bind(shown).unwrap_or_else(|_| all()));
        Ok(Sql { text: prepared.sql, binds, shown })
    }
}

/// What stands in place of a sensitive value.
pub(super) const HIDDEN: Value = Value::Refused(&Refusal { why: "sensitive", way_out: "" });

/// The values of a tape without the sensitive ones; `None` when there are none.
fn shown(tape: &Tape) -> Option<Values> {
    let columns =
        tape.words.iter().filter_map(|word| if let Word::Column(column) = word { Some(*column) } else { None });
    let columns: Vec<_> = columns.collect();
    if !columns.iter().any(|column| column.sensitive) {
        return None;
    }
    let mut values = tape.values.clone();
    if matches!(tape.words.last(), Some(Word::Op(Op::Insert { .. } | Op::Copy))) {
        for (value, column) in values.iter_mut().zip(columns.iter().cycle()) {
            hide(value, column.sensitive);
        }
        return Some(values);
    }
    // A value stands behind the column that it is compared with, or that it is assigned to.
    let (mut next, mut is_sensitive) = (values.iter_mut(), false);
    for word in &tape.words {
        match word {
            Word::Column(column) => is_sensitive = column.sensitive,
            Word::Op(op) if op.takes_value() => {
                next.next().into_iter().for_each(|value| hide(value, is_sensitive));
            }
            Word::Op(_)
            | Word::Hop(_)
            | Word::Back(_)
            | Word::On(_)
            | Word::Tree(_)
            | Word::Whole(_)
            | Word::Table(_) => {}
        }
    }
    Some(values)
}

fn hide(value: &mut Value, is_sensitive: bool) {
    if !is_sensitive {
        return;
    }
    *value = if let Value::List(list) = value {
        // Texts, which can be a part of one parameter too.
        Value::List(list.iter().map(|_| Value::Text("<sensitive>".into())).collect())
    } else {
        HIDDEN
    };
}

impl fmt::Debug for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sql({self})")
    }
}

/// The text, then the values between ` -- [` and `]`.
impl fmt::Display for Sql {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        if self.binds.is_empty() {
            return Ok(());
        }
        f.write_str(" -- [")?;
        for (at, value) in self.shown.as_ref().unwrap_or(&self.binds).iter().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            show(f, value)?;
        }
        f.write_str("]")
    }
}

/// Writes a column with its value, unless that is sensitive.
pub(super) fn show_field(text: &mut fmt::DebugStruct<'_, '_>, column: &ColumnDef, value: &Value) {
    let value = if column.sensitive && !value.is_null() { &HIDDEN } else { value };
    text.field(column.field, &fmt::from_fn(|f| show(f, value)));
}

pub(super) fn show(f: &mut fmt::Formatter<'_>, value: &Value) -> fmt::Result {
    match value {
        Value::Null => f.write_str("NULL"),
        Value::Bool(v) => write!(f, "{v}"),
        Value::I16(v) => write!(f, "{v}"),
        Value::I32(v) => write!(f, "{v}"),
        Value::I64(v) => write!(f, "{v}"),
        Value::U8(v) => write!(f, "{v}"),
        Value::U16(v) => write!(f, "{v}"),
        Value::U32(v) => write!(f, "{v}"),
        Value::U64(v) => write!(f, "{v}"),
        Value::F32(v) => write!(f, "{v:?}"),
        Value::F64(v) => write!(f, "{v:?}"),
        Value::Decimal(v) => write!(f, "{v}"),
        Value::Text(v) => write!(f, "{v:?}"),
        Value::Json(v) => f.write_str(v),
        Value::Bytes(v) => write!(f, "{} bytes", v.len()),
        Value::Uuid(v) => write!(f, "{v}"),
        Value::Ip(v) => write!(f, "{v}"),
        Value::DateTime(v) => write!(f, "{}", v.format("%Y-%m-%d %H:%M:%S%.6fZ")),
        Value::NaiveDateTime(v) => write!(f, "{}", v.format("%Y-%m-%d %H:%M:%S%.6f")),
        Value::Date(v) => write!(f, "{v}"),
        Value::Time(v) => write!(f, "{}", v.format("%H:%M:%S%.6f")),
        Value::Refused(refusal) => write!(f, "<{}>", refusal.why),
        Value::List(list) => {
            f.write_str("(")?;
            for (at, value) in list.iter().enumerate() {
                if at > 0 {
                    f.write_str(", ")?;
                }
                show(f, value)?;
            }
            f.write_str(")")
        }
    }
}

//! Which unique values are taken: advice for forms. The constraint decides.

use super::New;
use crate::{
    ast::CompareOp,
    backend::{Executor, Pending},
    error::{Error, Result},
    fetch,
    model::Model,
    schema::{Carried, ColumnDef, PathDef, TableDef},
    tape::{Op, Tape, Word},
    value::Value,
    violation::{ValidationErrors, Violation},
};

/// Asks which unique values of a row are taken by others.
pub trait ValidateUnique: Model {
    /// Asks the database, with one query for each unique column or key, whether another row has the same value. NULL is
    /// never taken. Only advice, for messages: another session may take the value before it is written. Then the
    /// constraint decides, and the write is a unique violation.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) with the code `unique` for each value that is
    /// taken; and what the database says.
    #[track_caller]
    fn validate_unique<'a>(&self, on: &'a dyn Executor) -> Pending<'a, ()>;
}

#[diagnostic::do_not_recommend]
impl<M: Model> ValidateUnique for M {
    #[track_caller]
    fn validate_unique<'a>(&self, on: &'a dyn Executor) -> Pending<'a, ()> {
        let values = self.values();
        let questions = questions(M::TABLE, Carried::Row(&values), true);
        Pending::new(async move { ask(on, questions).await })
    }
}

impl<M: Model> New<M> {
    /// Asks the database, with one query for each unique column or key and one for the primary key, whether a row has the same
    /// value. NULL is never taken. Only advice, for messages: another session may take the value before `save`.
    /// Then the constraint decides, and `save` fails with a unique violation.
    ///
    /// # Errors
    /// [`ErrorKind::Validation`](crate::error::ErrorKind::Validation) with the code `unique` for each value that is
    /// taken; and what the database says.
    #[track_caller]
    pub fn validate_unique<'a>(&self, on: &'a dyn Executor) -> Pending<'a, ()> {
        let questions = questions(M::TABLE, self.carried(), false);
        Pending::new(async move { ask(on, questions).await })
    }
}

/// Fields, and the query whether their values are taken.
type Question = (Vec<&'static str>, Tape);

fn questions(table: &'static TableDef, values: Carried<'_>, is_stored: bool) -> Vec<Question> {
    let get = |column| values.get(table, column).filter(|value| !value.is_null());
    let key: Vec<(&'static ColumnDef, &Value)> =
        table.keys().filter_map(|column| Some((column, get(column)?))).collect();
    let has_key = !key.is_empty() && key.len() == table.keys().len();
    let mut questions = Vec::new();
    for column in table.columns.iter().filter(|column| column.unique && !table.is_key(column)) {
        let Some(value) = get(column) else { continue };
        let mut tape = Tape::new();
        equal(&mut tape, &[(column, value)]);
        if is_stored && has_key {
            equal(&mut tape, &key);
            tape.op(Op::Not { nullable: false });
            tape.op(Op::And);
        }
        questions.push((vec![column.field], exists(table, tape)));
    }
    for columns in table.indexes.iter().filter(|index| index.is_constraint()).map(|index| index.columns(table)) {
        let pairs: Vec<_> = columns.iter().filter_map(|column| Some((*column, get(*column)?))).collect();
        if pairs.len() < columns.len() {
            continue;
        }
        let mut tape = Tape::new();
        equal(&mut tape, &pairs);
        if is_stored && has_key {
            equal(&mut tape, &key);
            tape.op(Op::Not { nullable: false });
            tape.op(Op::And);
        }
        questions.push((columns.iter().map(|column| column.field).collect(), exists(table, tape)));
    }
    if !is_stored && has_key {
        let mut tape = Tape::new();
        equal(&mut tape, &key);
        questions.push((key.iter().map(|(column, _)| column.field).collect(), exists(table, tape)));
    }
    questions
}

fn equal(tape: &mut Tape, pairs: &[(&'static ColumnDef, &Value)]) {
    for (at, (column, value)) in pairs.iter().enumerate() {
        tape.column(PathDef::ROOT, column);
        tape.bind(column.kind, (*value).clone());
        tape.op(Op::Compare(CompareOp::Eq));
        if at > 0 {
            tape.op(Op::And);
        }
    }
}

fn exists(table: &'static TableDef, mut tape: Tape) -> Tape {
    tape.op(Op::Where);
    tape.words.push(Word::Table(table));
    tape.op(Op::SelectExists);
    tape
}

async fn ask(on: &dyn Executor, questions: Vec<Question>) -> Result<()> {
    let mut errors = ValidationErrors::new();
    for (fields, tape) in questions {
        let taken = fetch::rows(on, fetch::prepare(on, tape)?, fetch::truth).await?;
        if taken.first() == Some(&true) {
            match fields[..] {
                [field] => errors.add(field, Violation::new("unique", "is taken already")),
                _ => errors.add_general(several(&fields)),
            }
        }
    }
    errors.into_result().map_err(Error::validation_failed)
}

/// The values of several fields are taken together.
fn several(fields: &[&'static str]) -> Violation {
    let names = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" and ");
    Violation::new("unique", format!("{names} are taken already by one row")).with("fields", fields.to_vec())
}

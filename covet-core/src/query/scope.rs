//! Scopes: which rows queries see. The one seam that puts them into statements; what makes a statement about
//! a model's rows asks here.

use super::touch::Now;
use crate::{
    ast::CompareOp,
    backend::{Clock, Shared, Tenant},
    error::{Error, ErrorKind, Result},
    schema::{ColumnDef, PathDef, RelationDef, TableDef},
    tape::{Op, Tape, Word},
    value::{Kind, Value},
};
use std::ptr;

/// Which scopes a query has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Scoping {
    /// All of them.
    #[default]
    All,
    /// Deleted rows are seen.
    WithDeleted,
    /// None.
    Off,
}

/// The rows of whom: what the database handle says.
fn tenant_of<'a>(table: &TableDef, column: &ColumnDef, tenant: Option<&'a Tenant>) -> Result<&'a Value> {
    let tenant = tenant.ok_or_else(|| no_tenant(table))?;
    if !is_kind(tenant.kind, column.kind) {
        return Err(Error::new(
            ErrorKind::Tenant,
            format!("the tenant of the `Db` has another type than that of `{}`", table.model),
        )
        .hint("give `with_tenant` a value of the field's type")
        .in_column(table.name, column.name));
    }
    Ok(&tenant.value)
}

/// Whether a value of a kind is one of a column; its type does not say the digits of a decimal nor the form of a UUID.
fn is_kind(value: Kind, column: Kind) -> bool {
    let is_open = matches!((value, column), (Kind::Decimal(None), Kind::Decimal(_)) | (Kind::Uuid, Kind::UuidText));
    value == column || is_open
}

#[cold]
fn no_tenant(table: &TableDef) -> Error {
    Error::new(ErrorKind::Tenant, format!("`{}` belongs to tenants, and none is given", table.model))
        .hint("use `db.with_tenant(..)`, or `.unscoped()` to reach the rows of all")
}

#[cold]
fn other_tenant(table: &TableDef, column: &ColumnDef) -> Error {
    Error::new(ErrorKind::Tenant, format!("the row of `{}` is given to another tenant", table.model))
        .hint("leave the field out, or use `db.with_tenant(..)` of that tenant")
        .in_column(table.name, column.name)
}

/// The tenant of what runs the statement.
pub(super) fn tenant(shared: Option<&Shared>) -> Option<&Tenant> {
    shared.and_then(|shared| shared.tenant.as_deref())
}

/// The condition of a table's scope, on its own columns; `None` when every row is seen.
pub(super) fn condition(table: &'static TableDef, scoping: Scoping, tenant: Option<&Tenant>) -> Result<Option<Tape>> {
    if scoping == Scoping::Off || !table.scope.is_some() {
        return Ok(None);
    }
    let mut terms: Vec<Tape> = Vec::new();
    if let Some(column) = table.scope.tenant.map(|at| &table.columns[at]) {
        let mut term = Tape::new();
        term.column(PathDef::ROOT, column);
        term.bind(column.kind, tenant_of(table, column, tenant)?.clone());
        term.op(Op::Compare(CompareOp::Eq));
        terms.push(term);
    }
    if let Some(at) = table.scope.deleted_at.filter(|_| scoping == Scoping::All) {
        let mut term = Tape::new();
        term.column(PathDef::ROOT, &table.columns[at]);
        term.op(Op::IsNull);
        terms.push(term);
    }
    terms.extend(table.scope.own.map(|own| own()));
    Ok(terms.into_iter().reduce(|mut all, term| {
        all.append(term);
        all.op(Op::And);
        all
    }))
}

/// Narrows the condition that the tape ends with to the rows that queries see.
pub(super) fn narrow(table: &'static TableDef, tape: &mut Tape, shared: &Shared) -> Result<()> {
    let tenant = tenant(Some(shared));
    if let Some(condition) = condition(table, Scoping::All, tenant)? {
        tape.append(condition);
        tape.op(Op::And);
    }
    joined(tape, Scoping::All, tenant)
}

/// Adds the conditions on whatever the statement joins, and on the rows that it asks about.
pub(super) fn joined(tape: &mut Tape, scoping: Scoping, tenant: Option<&Tenant>) -> Result<()> {
    joined_from(tape, scoping, tenant, None)
}

/// The same for a statement about a join table, whose rows lead to others that have their conditions already.
pub(super) fn joined_from(
    tape: &mut Tape,
    scoping: Scoping,
    tenant: Option<&Tenant>,
    far: Option<&'static RelationDef>,
) -> Result<()> {
    let leads = |word: &Word| matches!(word, Word::Hop(_) | Word::Back(_));
    if scoping == Scoping::Off || !tape.words.iter().any(leads) {
        return Ok(());
    }
    let Tape { words, values } = std::mem::take(tape);
    let mut values = values.into_iter();
    let mut levels = vec![Level { far, ..Level::default() }];
    for word in words {
        let takes_value = matches!(word, Word::Op(op) if op.takes_value());
        if let Word::Op(Op::Gather { what, filtered }) = word {
            let Some(level) = levels.pop() else { continue };
            let mut filtered = filtered;
            level.conditions(tape, scoping, tenant)?;
            for condition in level.asked(scoping, tenant)? {
                tape.append(condition);
                if filtered {
                    tape.op(Op::And);
                }
                filtered = true;
            }
            tape.op(Op::Gather { what, filtered });
            continue;
        }
        tape.words.push(word);
        if takes_value {
            tape.values.extend(values.next());
        }
        let Some(level) = levels.last_mut() else { continue };
        match word {
            Word::Hop(hop) => level.path.push(hop),
            Word::Column(column) => level.reads(column),
            Word::On(far) => level.far = Some(far),
            Word::Back(key) => {
                level.reads(key.target());
                levels.push(Level { key: Some(key), ..Level::default() });
            }
            Word::Whole(_) => level.joins(),
            Word::Op(_) | Word::Tree(_) | Word::Table(_) => {}
        }
    }
    tape.values.extend(values);
    levels.pop().map_or(Ok(()), |level| level.conditions(tape, scoping, tenant))
}

/// What one statement joins, or what is asked of related rows.
#[derive(Default)]
struct Level {
    /// The hops since the last column.
    path: Vec<&'static RelationDef>,
    /// The paths to tables with scopes, each once.
    found: Vec<Vec<&'static RelationDef>>,
    /// The foreign key of the rows that are asked about.
    key: Option<&'static RelationDef>,
    /// The hop from a join table to them.
    far: Option<&'static RelationDef>,
}

impl Level {
    /// A column at the end of the path.
    fn reads(&mut self, column: &'static ColumnDef) {
        let mut path = std::mem::take(&mut self.path);
        let mut column = column;
        // What the fold reads from the foreign key is not joined.
        while let Some(same) = path.last().and_then(|hop| hop.stands_for(column)) {
            column = same;
            path.pop();
        }
        self.path = path;
        self.joins();
    }

    /// The table at the end of the path, and those on the way.
    fn joins(&mut self) {
        let path = std::mem::take(&mut self.path);
        for end in 1..=path.len() {
            let prefix = &path[..end];
            let is_known = || self.found.iter().any(|other| same_path(other, prefix));
            if path[end - 1].to.scope.is_some() && !is_known() {
                self.found.push(prefix.to_vec());
            }
        }
    }

    /// Appends the conditions on what is joined.
    fn conditions(&self, tape: &mut Tape, scoping: Scoping, tenant: Option<&Tenant>) -> Result<()> {
        for path in &self.found {
            let Some(last) = path.last() else { continue };
            // What is asked about must exist, which is a condition of its own.
            let is_asked = path.len() == 1 && self.far.is_some_and(|far| ptr::eq(far, *last));
            let Some(condition) = alone(last.to, scoping, tenant)?.filter(|_| !is_asked) else { continue };
            tape.append(condition.behind(path));
            tape.words.extend(path.iter().map(|hop| Word::Hop(hop)));
            tape.op(Op::On);
        }
        Ok(())
    }

    /// The conditions on the rows that are asked about, and on those of the join table.
    fn asked(&self, scoping: Scoping, tenant: Option<&Tenant>) -> Result<Vec<Tape>> {
        let of_key = match self.key {
            Some(key) => alone(key.from, scoping, tenant)?,
            None => None,
        };
        let of_far = match self.far {
            Some(far) => alone(far.to, scoping, tenant)?.map(|condition| condition.behind(&[far])),
            None => None,
        };
        Ok(of_key.into_iter().chain(of_far).collect())
    }
}

/// The condition of a table's scope where it is joined or asked about.
fn alone(table: &'static TableDef, scoping: Scoping, tenant: Option<&Tenant>) -> Result<Option<Tape>> {
    let condition = condition(table, scoping, tenant)?;
    let leads = |tape: &Tape| tape.words.iter().any(|word| matches!(word, Word::Hop(_) | Word::Back(_)));
    if condition.as_ref().is_some_and(leads) {
        return Err(Error::new(
            ErrorKind::Unsupported,
            format!("the scope of `{}` reads related rows, so it cannot be joined", table.model),
        )
        .hint("write the scope with columns of the model itself, or query with `.unscoped()`"));
    }
    Ok(condition)
}

fn same_path(one: &[&'static RelationDef], other: &[&'static RelationDef]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| ptr::eq(*one, *other))
}

/// Gives a new row its tenant, and refuses another one.
pub(super) fn new_row(table: &'static TableDef, values: &mut [Option<Value>], shared: &Shared) -> Result<()> {
    let Some(at) = table.scope.tenant else { return Ok(()) };
    let column = &table.columns[at];
    let tenant = tenant_of(table, column, tenant(Some(shared)))?;
    match &values[at] {
        Some(given) if given != tenant => Err(other_tenant(table, column)),
        Some(_) => Ok(()),
        None => {
            values[at] = Some(tenant.clone());
            Ok(())
        }
    }
}

/// The position of the tenant, if it is this column.
pub(super) fn is_tenant(table: &TableDef, column: &ColumnDef) -> Option<usize> {
    table.scope.tenant.filter(|at| ptr::eq(&table.columns[*at], column))
}

/// Refuses to give a row to another tenant.
pub(super) fn same_tenant(table: &TableDef, value: &Value, shared: &Shared) -> Result<()> {
    let Some(at) = table.scope.tenant else { return Ok(()) };
    let column = &table.columns[at];
    if tenant_of(table, column, tenant(Some(shared)))? == value { Ok(()) } else { Err(other_tenant(table, column)) }
}

/// Refuses an assignment that gives rows to another tenant.
pub(super) fn assigned(table: &'static TableDef, set: &Tape, scoping: Scoping, shared: Option<&Shared>) -> Result<()> {
    let Some(at) = table.scope.tenant.filter(|_| scoping != Scoping::Off) else { return Ok(()) };
    let column = &table.columns[at];
    let tenant = tenant_of(table, column, tenant(shared))?;
    let (mut next, mut is_start) = (0, true);
    for (at, word) in set.words.iter().enumerate() {
        let is_target = is_start && matches!(word, Word::Column(other) if ptr::eq(*other, column));
        let value = match set.words.get(at + 1..at + 3) {
            Some([Word::Op(Op::Bind(_)), Word::Op(Op::Set)]) => set.values.get(next),
            _ => None,
        };
        if is_target && value != Some(tenant) {
            return Err(other_tenant(table, column));
        }
        if matches!(word, Word::Op(op) if op.takes_value()) {
            next += 1;
        }
        is_start = matches!(word, Word::Op(Op::Set));
    }
    Ok(())
}

/// The assignment that deletes rows softly.
pub(super) fn deletion(table: &'static TableDef, scoping: Scoping, clock: &Clock) -> Option<Tape> {
    let column = &table.columns[table.scope.deleted_at.filter(|_| scoping != Scoping::Off)?];
    let mut set = Tape::new();
    set.column(PathDef::ROOT, column);
    set.bind(column.kind, Now::new(clock).value(column.kind));
    set.op(Op::Set);
    Some(set)
}

//! What a delete does to the rows that refer to those that it deletes: `on_delete`, by Django's rules.
//!
//! All rows are found and locked first, then changed, those that refer to others before these. The database has the
//! same actions in its constraints; here they are counted, run hooks, keep rows that are deleted softly, and say what
//! stands in the way.

use super::{
    Deleted, Query,
    hooks::{self, DeleteHooks, Leaving},
    returning::{among, at_once},
    scope::{self, Scoping},
    select, sql,
    touch::{self, Now},
};
use crate::{
    ast::Lock,
    backend::{Executor, Tx},
    error::{Blocking, Error, Result},
    fetch::{self, Decode, Ready},
    model::Model,
    schema::{ColumnDef, OnDelete, PathDef, RelationDef, TableDef},
    tape::{Op, Tape, Word},
    value::{self, Row, Value},
};
use std::{
    collections::{HashMap, HashSet},
    fmt,
    hash::{Hash, Hasher},
    mem::discriminant,
    ptr,
};

/// Whether deleted rows stay in their tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    Softly,
    Removed,
}

/// Whether rows that go with others have their hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hooked {
    Yes,
    No,
}

/// How many keys of rows in the way an error has.
const NAMED: u16 = 5;

/// Whether a delete of the table's rows has more to do than one statement.
pub(super) fn is_needed(table: &'static TableDef, how: How, on: &dyn Executor) -> bool {
    on.shared().referrers.of(table).iter().any(|key| acts(key, how))
}

/// A row that is deleted softly is still there to be referred to.
fn acts(key: &RelationDef, how: How) -> bool {
    match (key.on_delete, how) {
        (OnDelete::NoAction, _) | (OnDelete::SetNull | OnDelete::SetDefault(_), How::Softly) => false,
        (OnDelete::Cascade, How::Softly) => key.from.scope.deleted_at.is_some(),
        (OnDelete::Cascade | OnDelete::SetNull | OnDelete::SetDefault(_), How::Removed)
        | (OnDelete::Protect | OnDelete::Restrict, _) => true,
    }
}

/// Deletes the rows of a query and what goes with them, in one transaction.
pub(super) async fn delete<M: Model>(rows: Query<M>, how: How, hooked: Hooked, on: &dyn Executor) -> Result<Deleted> {
    let tx = on.begin().await?;
    let done = async {
        let mut cascade = Cascade::new(&tx, how);
        cascade.add(first(rows, &tx, how).await?);
        cascade.collect().await?;
        cascade.check(M::TABLE)?;
        cascade.run(hooked).await
    };
    let done = done.await;
    hooks::end(tx, done).await
}

/// Rows of one table that were found together.
struct Level {
    table: &'static TableDef,
    /// The key, then what foreign keys to the table refer to besides.
    columns: Vec<&'static ColumnDef>,
    rows: Vec<Vec<Value>>,
}

impl Level {
    fn of(table: &'static TableDef, tx: &Tx, how: How) -> Level {
        let mut columns: Vec<_> = table.keys().collect();
        for key in tx.shared().referrers.of(table).iter().filter(|key| acts(key, how)) {
            if !columns.iter().any(|column| ptr::eq(*column, key.target())) {
                columns.push(key.target());
            }
        }
        Level { table, columns, rows: Vec::new() }
    }

    fn key(&self, row: &[Value]) -> Value {
        match &row[..self.table.primary_key.len()] {
            [one] => one.clone(),
            several => Value::List(several.into()),
        }
    }

    fn keys(&self) -> Vec<Value> {
        self.rows.iter().map(|row| self.key(row)).collect()
    }

    /// What a foreign key refers to of each row.
    fn targets(&self, key: &RelationDef) -> Vec<Value> {
        let at = self.columns.iter().position(|column| ptr::eq(*column, key.target()));
        let value = |row: &Vec<Value>| at.and_then(|at| row.get(at)).filter(|value| !value.is_null()).cloned();
        self.rows.iter().filter_map(value).collect()
    }

    /// The statement that reads them; `condition` is about the table's own columns.
    fn statement(&self, tx: &Tx, condition: Tape) -> Result<Ready> {
        let mut tape = self.head();
        tape.append(condition);
        tape.op(Op::Where);
        tape.op(Op::Lock(Lock::Update));
        tape.words.push(Word::Table(self.table));
        tape.op(Op::SelectColumns);
        fetch::prepare(tx, tape)
    }

    fn head(&self) -> Tape {
        let mut head = Tape::new();
        self.columns.iter().for_each(|column| head.column(PathDef::ROOT, column));
        head
    }

    async fn read(&mut self, tx: &Tx, ready: Ready) -> Result<()> {
        self.rows.extend(read(tx, ready, &self.columns).await?);
        Ok(())
    }
}

async fn read(tx: &Tx, ready: Ready, columns: &[&'static ColumnDef]) -> Result<Vec<Vec<Value>>> {
    let columns = columns.to_vec();
    let read = move |row: &dyn Row| {
        let one = |(at, column): (usize, &&'static ColumnDef)| {
            value::read_key(row, at, column.kind).map_err(|error| error.in_column("", column.name))
        };
        columns.iter().enumerate().map(one).collect()
    };
    fetch::rows_by(tx, ready, Decode::By(Box::new(read))).await
}

/// The rows that the delete is about.
async fn first<M: Model>(rows: Query<M>, tx: &Tx, how: How) -> Result<Level> {
    let mut level = Level::of(M::TABLE, tx, how);
    let mut tape = rows.tape(level.head(), Op::SelectColumns, Some(tx.shared()))?;
    // Not every database locks what an outer join may lack.
    let joins = tape.words.iter().any(|word| matches!(word, Word::Hop(_)));
    if !joins {
        let verb = tape.words.pop();
        tape.op(Op::Lock(Lock::Update));
        tape.words.extend(verb);
    }
    level.read(tx, fetch::prepare(tx, tape)?).await?;
    if joins {
        let keys = level.keys();
        level.rows.clear();
        let columns: Vec<_> = M::TABLE.keys().collect();
        for keys in keys.chunks(at_once(columns.len())) {
            let ready = level.statement(tx, among(&columns, keys))?;
            level.read(tx, ready).await?;
        }
    }
    Ok(level)
}

/// A key, to be found again.
#[derive(PartialEq)]
struct Known(Value);

impl Eq for Known {}

impl Hash for Known {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash(&self.0, state);
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what else a key may be is compared")]
fn hash<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::List(parts) => parts.iter().for_each(|part| hash(part, state)),
        Value::Text(text) => text.hash(state),
        Value::Uuid(uuid) => uuid.hash(state),
        Value::U64(number) => number.hash(state),
        value => match value.as_i64() {
            Some(number) => number.hash(state),
            None => discriminant(value).hash(state),
        },
    }
}

/// A foreign key, and values by which its rows are found.
type Change = (&'static RelationDef, Vec<Value>);

struct Cascade<'a> {
    tx: &'a Tx,
    how: How,
    levels: Vec<Level>,
    /// The keys of all levels, by the address of their table.
    known: HashMap<usize, HashSet<Known>>,
    changes: Vec<Change>,
    /// Rows that may close a circle, around which a database would cascade: at most 15 rows deep in InnoDB.
    circles: Vec<Change>,
    /// Rows that must be among those that go, by their keys.
    restricted: Vec<Change>,
    blocking: Vec<Blocking>,
}

impl<'a> Cascade<'a> {
    fn new(tx: &'a Tx, how: How) -> Cascade<'a> {
        Cascade {
            tx,
            how,
            levels: Vec::new(),
            known: HashMap::new(),
            changes: Vec::new(),
            circles: Vec::new(),
            restricted: Vec::new(),
            blocking: Vec::new(),
        }
    }

    /// Adds rows that go, each once; gives the keys of those that were there already.
    fn add(&mut self, mut level: Level) -> Vec<Value> {
        let known = self.known.entry(address(level.table)).or_default();
        let (mut rows, mut again) = (std::mem::take(&mut level.rows), Vec::new());
        rows.retain(|row| {
            let key = level.key(row);
            let is_new = known.insert(Known(key.clone()));
            again.extend(Some(key).filter(|_| !is_new));
            is_new
        });
        level.rows = rows;
        // The first level says which rows the delete was about, even if there are none.
        if !level.rows.is_empty() || self.levels.is_empty() {
            self.levels.push(level);
        }
        again
    }

    /// Follows the foreign keys to the rows that go, until no more are found.
    async fn collect(&mut self) -> Result<()> {
        let mut at = 0;
        while let Some(level) = self.levels.get(at) {
            let (keys, how) = (self.tx.shared().referrers.of(level.table), self.how);
            for key in keys.iter().filter(|key| acts(key, how)) {
                let targets = self.levels[at].targets(key);
                for targets in targets.chunks(at_once(1)) {
                    self.follow(key, targets).await?;
                }
            }
            at += 1;
        }
        Ok(())
    }

    /// The rows of a foreign key that refer to one of these.
    fn referring(&self, key: &'static RelationDef, targets: &[Value]) -> Tape {
        let mut condition = among(&[key.column()], targets);
        if let Some(at) = key.from.scope.deleted_at.filter(|_| self.how == How::Softly) {
            condition.column(PathDef::ROOT, &key.from.columns[at]);
            condition.op(Op::IsNull);
            condition.op(Op::And);
        }
        condition
    }

    async fn follow(&mut self, key: &'static RelationDef, targets: &[Value]) -> Result<()> {
        let condition = self.referring(key, targets);
        match key.on_delete {
            OnDelete::NoAction => {}
            OnDelete::SetNull | OnDelete::SetDefault(_) => self.changes.push((key, targets.to_vec())),
            OnDelete::Cascade => {
                let mut level = Level::of(key.from, self.tx, self.how);
                let ready = level.statement(self.tx, condition)?;
                level.read(self.tx, ready).await?;
                let again = self.add(level);
                if key.nullable && self.how == How::Removed && !again.is_empty() {
                    self.circles.push((key, again));
                }
            }
            OnDelete::Restrict => {
                let mut level = Level { table: key.from, columns: key.from.keys().collect(), rows: Vec::new() };
                let ready = level.statement(self.tx, condition)?;
                level.read(self.tx, ready).await?;
                self.restricted.push((key, level.keys()));
            }
            OnDelete::Protect => {
                let found = self.protecting(key, condition).await?;
                self.block(key, found.0, &found.1);
            }
        }
        Ok(())
    }

    /// How many rows there are, and the keys of the first ones.
    async fn protecting(&self, key: &'static RelationDef, condition: Tape) -> Result<(u64, Vec<Value>)> {
        let first = Level { table: key.from, columns: key.from.keys().collect(), rows: Vec::new() };
        let mut tape = first.head();
        tape.append(condition.clone());
        tape.op(Op::Where);
        select::key_order(key.from, &mut tape);
        tape.op(Op::LimitOf(NAMED));
        tape.words.push(Word::Table(key.from));
        tape.op(Op::SelectColumns);
        let rows = read(self.tx, fetch::prepare(self.tx, tape)?, &first.columns).await?;
        let keys: Vec<_> = rows.iter().map(|row| first.key(row)).collect();
        if keys.len() < usize::from(NAMED) {
            return Ok((keys.len() as u64, keys));
        }
        let mut tape = condition;
        tape.op(Op::Where);
        tape.words.push(Word::Table(key.from));
        tape.op(Op::SelectCount);
        let count = fetch::rows(self.tx, fetch::prepare(self.tx, tape)?, fetch::integer).await?;
        Ok((count.first().map_or(0, |count| count.unsigned_abs()), keys))
    }

    /// Notes rows that stand in the way, those of one foreign key together.
    fn block(&mut self, key: &'static RelationDef, rows: u64, keys: &[Value]) {
        if rows == 0 {
            return;
        }
        let named = |one: &Blocking| one.model == key.from.model && one.field == key.name;
        let at = self.blocking.iter().position(named).unwrap_or(self.blocking.len());
        if at == self.blocking.len() {
            self.blocking.push(Blocking { model: key.from.model, field: key.name, rows: 0, keys: Vec::new() });
        }
        let at = &mut self.blocking[at];
        at.rows += rows;
        let free = usize::from(NAMED).saturating_sub(at.keys.len());
        at.keys.extend(keys.iter().take(free).map(|value| shown(key.from, value)));
    }

    /// Refuses when rows stand in the way.
    fn check(&mut self, table: &'static TableDef) -> Result<()> {
        for (key, keys) in std::mem::take(&mut self.restricted) {
            let known = self.known.get(&address(key.from));
            let goes = |value: &Value| known.is_some_and(|known| known.contains(&Known(value.clone())));
            let left: Vec<_> = keys.into_iter().filter(|value| !goes(value)).collect();
            self.block(key, left.len() as u64, &left);
        }
        let blocking = std::mem::take(&mut self.blocking);
        if blocking.is_empty() { Ok(()) } else { Err(Error::protected(table.model, blocking)) }
    }

    async fn run(&self, hooked: Hooked) -> Result<Deleted> {
        let leaving = if hooked == Hooked::Yes { self.before().await? } else { Vec::new() };
        for (key, targets) in &self.changes {
            let value = if let OnDelete::SetDefault(default) = key.on_delete { default() } else { Value::Null };
            self.change(key, value, among(&[key.column()], targets)).await?;
        }
        for (key, rows) in &self.circles {
            let columns: Vec<_> = key.from.keys().collect();
            for rows in rows.chunks(at_once(columns.len())) {
                self.change(key, Value::Null, among(&columns, rows)).await?;
            }
        }
        for table in children_first(&self.levels) {
            // What was found last refers to what was found before.
            for level in self.levels.iter().rev().filter(|level| ptr::eq(level.table, table)) {
                self.remove(level).await?;
            }
        }
        for (hooks, rows) in leaving {
            (hooks.after)(rows, self.tx).await?;
        }
        let mut deleted = Deleted::default();
        self.levels.iter().for_each(|level| deleted.add(level.table, level.rows.len() as u64));
        Ok(deleted)
    }

    /// The hooks of all but the first rows, which have theirs elsewhere.
    async fn before(&self) -> Result<Vec<(&'static DeleteHooks, Leaving)>> {
        let mut leaving = Vec::new();
        for level in self.levels.iter().skip(1).rev() {
            let hooks = (level.table.hooks)().and_then(|hooks| hooks.downcast_ref::<DeleteHooks>());
            if let Some(hooks) = hooks {
                leaving.push((hooks, (hooks.before)(&level.keys(), self.tx).await?));
            }
        }
        Ok(leaving)
    }

    /// Lets rows refer to something else.
    async fn change(&self, key: &'static RelationDef, value: Value, rows: Tape) -> Result<()> {
        let mut tape = Tape::new();
        tape.assign(key.column(), value);
        tape.append(rows);
        self.finish(tape, key.from, Op::Update).await
    }

    async fn remove(&self, level: &Level) -> Result<()> {
        let (table, clock) = (level.table, &self.tx.shared().options.clock);
        let columns: Vec<_> = table.keys().collect();
        for keys in level.keys().chunks(at_once(columns.len())) {
            let mark = scope::deletion(table, Scoping::All, clock).filter(|_| self.how == How::Softly);
            let verb = if mark.is_some() { Op::Update } else { Op::Delete };
            let mut tape = mark.unwrap_or_default();
            if verb == Op::Update {
                touch::updated(table, &mut tape, Some(&mut Now::new(clock)));
            }
            tape.append(among(&columns, keys));
            self.finish(tape, table, verb).await?;
        }
        Ok(())
    }

    async fn finish(&self, mut tape: Tape, table: &'static TableDef, verb: Op) -> Result<()> {
        tape.op(Op::Where);
        tape.words.push(Word::Table(table));
        tape.op(verb);
        fetch::execute(self.tx, fetch::prepare(self.tx, tape)?).await.map(drop)
    }
}

fn address(table: &'static TableDef) -> usize {
    ptr::from_ref(table).addr()
}

/// A key as text; what is sensitive is not shown.
fn shown(table: &TableDef, key: &Value) -> String {
    let is_sensitive = table.keys().any(|column| column.sensitive);
    let key = if is_sensitive { &sql::HIDDEN } else { key };
    fmt::from_fn(|f| sql::show(f, key)).to_string()
}

/// The tables, so that each stands before those that it refers to, as far as there is no cycle.
fn children_first(levels: &[Level]) -> Vec<&'static TableDef> {
    let mut left: Vec<&'static TableDef> = Vec::new();
    for level in levels {
        if !left.iter().any(|table| ptr::eq(*table, level.table)) {
            left.push(level.table);
        }
    }
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let refers = |from: &TableDef, to: &TableDef| (from.foreign_keys)().iter().any(|key| ptr::eq(key.to, to));
        let is_free =
            |table: &&'static TableDef| !left.iter().any(|other| !ptr::eq(*other, *table) && refers(other, table));
        // In a cycle the one that was found last goes first.
        let at = left.iter().position(is_free).unwrap_or(left.len() - 1);
        ordered.push(left.remove(at));
    }
    ordered
}

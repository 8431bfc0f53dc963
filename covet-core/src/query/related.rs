//! The rows of a to-many relation, for many rows at once.

use super::{Query, scope, select};
use crate::{
    backend::Executor,
    error::{Error, ErrorKind, Result},
    fetch::{self, Collect, Reads, Selected},
    model::Model,
    schema::{ColumnDef, Link, PathDef, RelationDef, TableDef},
    tape::{Op, Tape, Word},
    value::{Kind, Row, Value},
};
use smallvec::SmallVec;
use std::collections::HashMap;
use uuid::Uuid;

/// The column of the rows that have a relation, by which related rows are found.
pub(super) fn near_column(link: Link) -> &'static ColumnDef {
    match link {
        Link::One(hop) => hop.column(),
        Link::Back(key) | Link::Through { near: key, .. } => key.target(),
    }
}

/// A value of a key, to be found again.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Signed(i64),
    Unsigned(u64),
    Text(Box<str>),
    Uuid(Uuid),
}

impl Part {
    /// The value at a position of a row; `None` for NULL.
    pub(super) fn read(row: &dyn Row, at: usize, kind: Kind) -> Result<Option<Part>> {
        Ok(match kind {
            Kind::I16 | Kind::I32 | Kind::I64 | Kind::U8 | Kind::U16 | Kind::U32 => row.i64(at)?.map(Part::Signed),
            Kind::U64 => row.u64(at)?.map(Part::Unsigned),
            Kind::Text => row.text(at)?.map(|text| Part::Text(text.into())),
            Kind::Uuid => row.uuid(at)?.map(Part::Uuid),
            Kind::UuidText => row.uuid_text(at)?.map(Part::Uuid),
            Kind::Bool
            | Kind::F32
            | Kind::F64
            | Kind::Decimal(_)
            | Kind::Bytes
            | Kind::Ip
            | Kind::DateTime
            | Kind::NaiveDateTime
            | Kind::Date
            | Kind::Time
            | Kind::Json
            | Kind::Array(_) => return Err(other_key()),
        })
    }

    /// A value that is bound.
    pub(super) fn of(value: &Value) -> Result<Part> {
        if let Value::Text(text) = value {
            return Ok(Part::Text(text.clone()));
        }
        if let Value::Uuid(uuid) = value {
            return Ok(Part::Uuid(*uuid));
        }
        if let Value::U64(number) = value {
            return Ok(Part::Unsigned(*number));
        }
        value.as_i64().map(Part::Signed).ok_or_else(other_key)
    }

    /// Whether it is the value at a position of a row.
    fn is_at(&self, row: &dyn Row, at: usize) -> Result<bool> {
        match self {
            Part::Signed(number) => Ok(row.i64(at)? == Some(*number)),
            Part::Unsigned(number) => Ok(row.u64(at)? == Some(*number)),
            Part::Text(text) => Ok(row.text(at)? == Some(text)),
            // Two forms; the map finds it.
            Part::Uuid(_) => Ok(false),
        }
    }

    pub(super) fn value(&self, kind: Kind) -> Value {
        match (self, kind) {
            (Part::Signed(number), Kind::I16) => i16::try_from(*number).map_or(Value::Null, Value::I16),
            (Part::Signed(number), Kind::I32) => i32::try_from(*number).map_or(Value::Null, Value::I32),
            (Part::Signed(number), Kind::U8) => u8::try_from(*number).map_or(Value::Null, Value::U8),
            (Part::Signed(number), Kind::U16) => u16::try_from(*number).map_or(Value::Null, Value::U16),
            (Part::Signed(number), Kind::U32) => u32::try_from(*number).map_or(Value::Null, Value::U32),
            (Part::Signed(number), _) => Value::I64(*number),
            (Part::Unsigned(number), _) => Value::U64(*number),
            (Part::Text(text), _) => Value::Text(text.clone()),
            (Part::Uuid(uuid), _) => Value::Uuid(*uuid),
        }
    }
}

#[cold]
fn other_key() -> Error {
    Error::new(ErrorKind::Unsupported, "related rows are found by a key of another type")
        .hint("keys whose rows are loaded are integers, `String` or `Uuid`")
}

/// Where rows stand; most keys have one.
type Places = SmallVec<[usize; 2]>;

/// The keys of the rows that have a relation.
pub(crate) struct Parents {
    /// The position of the key, and what it holds.
    at: usize,
    kind: Kind,
    /// How many rows there are.
    count: usize,
    /// The rows with each key.
    rows: HashMap<Part, Places>,
    keys: Vec<Value>,
}

impl Parents {
    pub(super) fn new(at: usize, kind: Kind) -> Parents {
        Parents { at, kind, count: 0, rows: HashMap::new(), keys: Vec::new() }
    }

    /// The next row that has the relation.
    pub(super) fn row(&mut self, row: &dyn Row) -> Result<()> {
        let key = Part::read(row, self.at, self.kind)?;
        self.add(key);
        Ok(())
    }

    fn add(&mut self, key: Option<Part>) {
        let at = self.count;
        self.count += 1;
        let Some(part) = key else { return };
        let keys = &mut self.keys;
        let rows = self.rows.entry(part).or_insert_with_key(|part| {
            keys.push(part.value(self.kind));
            Places::new()
        });
        rows.push(at);
    }

    /// Rows of which the keys are known.
    pub(super) fn given(kind: Kind, keys: Vec<Value>) -> Result<Parents> {
        let mut parents = Parents::new(0, kind);
        for key in keys {
            parents.add(if key.is_null() { None } else { Some(Part::of(&key)?) });
        }
        Ok(parents)
    }

    pub(super) fn clear(&mut self) {
        self.count = 0;
        self.rows.clear();
        self.keys.clear();
    }
}

/// Related rows as they come.
struct Related<Item> {
    collect: Box<dyn Collect<Item>>,
    /// The position of the key, and what it holds.
    at: usize,
    kind: Kind,
    parents: Parents,
    /// The row to which each related row belongs.
    of: Vec<usize>,
    /// The key of the related row before, and the rows that have it.
    last: Option<(Part, Places)>,
}

impl<Item: 'static> Reads for Related<Item> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        let is_last = match &self.last {
            Some((part, _)) => part.is_at(row, self.at)?,
            None => false,
        };
        if !is_last {
            let Some(part) = Part::read(row, self.at, self.kind)? else { return Ok(()) };
            let rows = self.parents.rows.get(&part).cloned().unwrap_or_default();
            self.last = Some((part, rows));
        }
        let Some((_, rows)) = &self.last else { return Ok(()) };
        // A row that stands in two places is read twice, so that nothing need be `Clone`.
        for parent in rows {
            self.collect.row(row)?;
            self.of.push(*parent);
        }
        Ok(())
    }
    fn clear(&mut self) {
        self.collect.clear();
        self.of.clear();
        self.last = None;
    }
}

/// Loads the related rows of all parents, in their order, by one statement; by none when there are no parents.
pub(super) async fn load<T: Model, Item: Send + 'static>(
    on: &dyn Executor,
    source: Source,
    child: Query<T, Item>,
    mut parents: Parents,
) -> Result<Vec<Vec<Item>>> {
    let mut counts = vec![0; parents.count];
    if parents.keys.is_empty() {
        return Ok(counts.into_iter().map(Vec::with_capacity).collect());
    }
    let mut list = Selected::new();
    list.path.extend(source.far);
    let collect = child.plan().select(T::TABLE, &mut list);
    list.path.clear();
    let at = list.column(source.column);
    let keys = std::mem::take(&mut parents.keys);
    let tape = child.related(on, list.tape, source, keys)?;
    let ready = fetch::prepare(on, tape)?;
    let related = Related { collect, at, kind: source.column.kind, parents, of: Vec::new(), last: None };
    let related = fetch::read(on, ready, related).await?;
    let items = related.collect.finish(on).await?;
    related.of.iter().for_each(|parent| counts[*parent] += 1);
    let mut groups: Vec<Vec<Item>> = counts.into_iter().map(Vec::with_capacity).collect();
    for (parent, item) in related.of.into_iter().zip(items) {
        groups[parent].push(item);
    }
    Ok(groups)
}

/// Where related rows are read from.
#[derive(Clone, Copy)]
pub(super) struct Source {
    table: &'static TableDef,
    /// What equals the keys.
    column: &'static ColumnDef,
    /// The hop on from a join table.
    far: Option<&'static RelationDef>,
    /// Whether the rows are those that have the relation, which are in hand, so that no scope hides them.
    in_hand: bool,
}

impl Source {
    /// The rows at the other end of a link.
    pub(super) fn of(link: Link) -> Source {
        let (table, column, far) = match link {
            Link::One(hop) => (hop.to, hop.target(), None),
            Link::Back(key) => (key.from, key.column(), None),
            Link::Through { near, far } => (near.from, near.column(), Some(far)),
        };
        Source { table, column, far, in_hand: false }
    }

    /// The rows themselves, found by one of their columns.
    pub(super) fn itself(table: &'static TableDef, column: &'static ColumnDef) -> Source {
        Source { table, column, far: None, in_hand: true }
    }

    fn behind(self, tape: Tape) -> Tape {
        match self.far {
            Some(far) => tape.behind(&[far]),
            None => tape,
        }
    }
}

/// What is loaded of related rows.
pub(super) struct Wanted {
    pub(super) filter: Option<Tape>,
    pub(super) order: Option<Tape>,
    pub(super) limit: Option<u64>,
    pub(super) offset: Option<u64>,
    pub(super) scoping: scope::Scoping,
}

/// The statement for the related rows of many keys.
pub(super) fn tape(
    on: &dyn Executor,
    head: Tape,
    target: &'static TableDef,
    source: Source,
    wanted: Wanted,
    keys: Vec<Value>,
) -> Result<Tape> {
    let Source { table, column, far, in_hand } = source;
    let tenant = scope::tenant(Some(on.shared()));
    let mut tape = head;
    tape.column(PathDef::ROOT, column);
    tape.list(column.kind, keys);
    let joined = far.map(|_| scope::condition(table, wanted.scoping, tenant)).transpose()?.flatten();
    let hidden = if in_hand { None } else { scope::condition(target, wanted.scoping, tenant)? };
    let hidden = hidden.map(|condition| source.behind(condition));
    for condition in wanted.filter.map(|filter| source.behind(filter)).into_iter().chain(joined).chain(hidden) {
        tape.append(condition);
        tape.op(Op::And);
    }
    tape.op(Op::Where);
    let is_slice = wanted.limit.is_some() || wanted.offset.is_some();
    let mut order = wanted.order.unwrap_or_default();
    if order.words.is_empty() {
        select::default_order(target, &mut order);
    }
    if order.words.is_empty() && is_slice {
        select::key_order(target, &mut order);
    }
    tape.append(source.behind(order));
    scope::joined_from(&mut tape, wanted.scoping, tenant, far)?;
    if is_slice {
        tape.column(PathDef::ROOT, column);
        tape.op(Op::Part);
    }
    if let Some(limit) = wanted.limit {
        let last = limit.saturating_add(wanted.offset.unwrap_or(0));
        tape.op(Op::Limit);
        tape.values.push(select::count("limit", last)?);
    }
    if let Some(offset) = wanted.offset {
        tape.op(Op::Offset);
        tape.values.push(select::count("offset", offset)?);
    }
    tape.words.push(Word::Table(table));
    tape.op(Op::SelectColumns);
    Ok(tape)
}

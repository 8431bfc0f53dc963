//! From tape to tree.

use crate::{
    ast::{
        ColumnRef, Conflict, CopyRows, Delete, Direction, Expr, Gather, Insert, Limit, Lock, Nulls, On, Order, Related,
        Returning, Select, Selection, Statement, Tree, Update, UpdateMany,
    },
    error::{Error, ErrorKind, Result},
    schema::{ColumnDef, RelationDef, TableDef},
    tape::{Op, Word},
    value::Kind,
};

/// Folds the words of a whole statement into its tree.
///
/// # Errors
/// When the words are not a statement; the query builder never makes such words.
pub fn fold(words: &[Word]) -> Result<Statement> {
    let mut fold = Fold::default();
    for word in words {
        match *word {
            Word::Table(table) => fold.table = Some(table),
            Word::Hop(relation) => fold.path.push(relation),
            Word::Back(key) => fold.back(key)?,
            Word::On(_) => {}
            Word::Tree(key) => fold.tree = Some(key),
            Word::Column(column) => fold.column(column),
            Word::Whole(table) => fold.whole(table),
            Word::Op(op) => fold.op(op)?,
        }
    }
    fold.statement.ok_or_else(malformed)
}

/// Folds the words of a condition into its tree.
///
/// # Errors
/// When the words are not one expression; the query builder never makes such words.
pub fn condition(words: &[Word]) -> Result<Expr> {
    let mut fold = Fold::default();
    for word in words {
        match *word {
            Word::Table(_) => return Err(malformed()),
            Word::Hop(relation) => fold.path.push(relation),
            Word::Back(key) => fold.back(key)?,
            Word::On(_) => {}
            Word::Tree(key) => fold.tree = Some(key),
            Word::Column(column) => fold.column(column),
            Word::Whole(table) => fold.whole(table),
            Word::Op(op) => fold.op(op)?,
        }
    }
    fold.pop()
}

#[cold]
fn malformed() -> Error {
    Error::new(ErrorKind::Configuration, "the tape is not a statement").hint("please report this as a bug of covet")
}

/// What is asked of related rows, before its end.
struct Inside {
    key: &'static RelationDef,
    outer: ColumnRef,
    /// The conditions on what the statement around it joins.
    on: Vec<On>,
}

#[derive(Default)]
struct Fold {
    inside: Vec<Inside>,
    tree: Option<&'static RelationDef>,
    table: Option<&'static TableDef>,
    path: Vec<&'static RelationDef>,
    stack: Vec<Expr>,
    next_value: usize,
    on: Vec<On>,
    filter: Option<Expr>,
    order: Vec<Order>,
    limit: Option<Limit>,
    offset: Option<usize>,
    lock: Option<Lock>,
    part: Option<Expr>,
    set: Vec<(&'static ColumnDef, Expr)>,
    conflict: Option<Conflict>,
    into: Option<&'static TableDef>,
    statement: Option<Statement>,
}

impl Fold {
    fn pop(&mut self) -> Result<Expr> {
        self.stack.pop().ok_or_else(malformed)
    }

    fn boxed(&mut self) -> Result<Box<Expr>> {
        self.pop().map(Box::new)
    }

    fn value(&mut self) -> usize {
        self.next_value += 1;
        self.next_value - 1
    }

    /// A decimal has the digits of what it stands beside, a UUID its form.
    fn beside(&self, kind: Kind) -> Kind {
        match (kind, self.stack.last()) {
            (Kind::Decimal(None), Some(left)) => Kind::Decimal(left.digits()),
            (Kind::Uuid, Some(left)) if left.kind() == Some(Kind::UuidText) => Kind::UuidText,
            (kind, _) => kind,
        }
    }

    /// A key behind its own foreign key is the foreign key's column: no join.
    fn column(&mut self, column: &'static ColumnDef) {
        let mut path = std::mem::take(&mut self.path);
        let mut column = column;
        while let Some(last) = path.last() {
            let Some(same) = last.stands_for(column) else { break };
            column = same;
            path.pop();
        }
        self.stack.push(Expr::Column(ColumnRef { path, column }));
    }

    /// Begins what is asked of the rows whose foreign key leads to the row at the end of the path.
    fn back(&mut self, key: &'static RelationDef) -> Result<()> {
        self.column(key.target());
        let Expr::Column(outer) = self.pop()? else { return Err(malformed()) };
        self.inside.push(Inside { key, outer, on: std::mem::take(&mut self.on) });
        Ok(())
    }

    /// Ends it.
    fn gather(&mut self, what: Gather, filtered: bool) -> Result<Expr> {
        let filter = if filtered { Some(self.pop()?) } else { None };
        let value = if what.has_value() { Some(self.pop()?) } else { None };
        let Inside { key, outer, on } = self.inside.pop().ok_or_else(malformed)?;
        let on = std::mem::replace(&mut self.on, on);
        Ok(Expr::Related(Box::new(Related { key, outer, what, value, filter, on })))
    }

    /// Every column of the table at the end of the path.
    fn whole(&mut self, table: &'static TableDef) {
        let path = std::mem::take(&mut self.path);
        self.stack.extend(table.columns.iter().map(|column| Expr::Column(ColumnRef { path: path.clone(), column })));
    }

    fn op(&mut self, op: Op) -> Result<()> {
        let expr = match op {
            Op::Gather { what, filtered } => self.gather(what, filtered)?,
            Op::Bind(kind) => Expr::Bind { kind: self.beside(kind), index: self.value() },
            Op::List { .. } => return self.list(op),
            Op::Bool(value) => Expr::Bool(value),
            Op::Compare(op) => {
                let right = self.boxed()?;
                Expr::Compare { op, left: self.boxed()?, right }
            }
            Op::Distinct { negated } => {
                let right = self.boxed()?;
                Expr::Distinct { left: self.boxed()?, right, negated }
            }
            Op::Tree { down, most } => {
                let (start, value) = (self.pop()?, self.pop()?);
                let key = self.tree.take().ok_or_else(malformed)?;
                Expr::Tree(Box::new(Tree { key, value, start, down, most }))
            }
            Op::Between => {
                let (high, low) = (self.boxed()?, self.boxed()?);
                Expr::Between { value: self.boxed()?, low, high }
            }
            Op::Text { how, ignore_case } => {
                let pattern = self.boxed()?;
                Expr::Text { how, ignore_case, value: self.boxed()?, pattern }
            }
            Op::Regex { ignore_case } => {
                let value = self.boxed()?;
                Expr::Regex { value, index: self.value(), ignore_case }
            }
            Op::IsNull | Op::IsNotNull => Expr::IsNull { value: self.boxed()?, negated: op == Op::IsNotNull },
            Op::And => Expr::And(self.chain(|expr| if let Expr::And(terms) = expr { Ok(terms) } else { Err(expr) })?),
            Op::Or => Expr::Or(self.chain(|expr| if let Expr::Or(terms) = expr { Ok(terms) } else { Err(expr) })?),
            Op::Xor => {
                let right = self.boxed()?;
                Expr::Xor(self.boxed()?, right)
            }
            Op::Not { nullable } => Expr::Not { inner: self.boxed()?, nullable },
            Op::Arithmetic(op) => {
                let right = self.boxed()?;
                Expr::Arithmetic { op, left: self.boxed()?, right }
            }
            Op::Array(op) => {
                let other = self.boxed()?;
                Expr::Array { op, array: self.boxed()?, other }
            }
            Op::Length => Expr::Length(self.boxed()?),
            Op::Element(index) => Expr::Element { array: self.boxed()?, index },
            Op::Where => {
                self.filter = Some(self.pop()?);
                return Ok(());
            }
            Op::On => {
                let condition = self.pop()?;
                self.on.push(On { path: std::mem::take(&mut self.path), condition });
                return Ok(());
            }
            Op::Ascending => return self.order(Direction::Ascending),
            Op::Descending => return self.order(Direction::Descending),
            Op::Nulls(nulls) => {
                self.order.last_mut().ok_or_else(malformed)?.nulls = nulls;
                return Ok(());
            }
            Op::Limit => {
                self.limit = Some(Limit::Bound(self.value()));
                return Ok(());
            }
            Op::LimitOf(number) => {
                self.limit = Some(Limit::Printed(number));
                return Ok(());
            }
            Op::Offset => {
                self.offset = Some(self.value());
                return Ok(());
            }
            Op::Set => return self.assignment(),
            Op::SelectRows => return self.select(Selection::Rows),
            Op::SelectColumns => {
                let columns = std::mem::take(&mut self.stack);
                let select = Select { columns, ..self.rows(Selection::Rows)? };
                self.statement = Some(Statement::Select(select));
                return Ok(());
            }
            Op::Part => {
                self.part = Some(self.pop()?);
                return Ok(());
            }
            Op::SelectCount => return self.select(Selection::Count),
            Op::SelectExists => return self.select(Selection::Exists),
            Op::Lock(lock) => {
                self.lock = Some(lock);
                return Ok(());
            }
            Op::Update | Op::UpdateReturning => {
                let set = std::mem::take(&mut self.set);
                let update = Update { set, rows: self.rows(Selection::Key)?, returning: op == Op::UpdateReturning };
                self.statement = Some(Statement::Update(update));
                return Ok(());
            }
            Op::Delete | Op::DeleteReturning => {
                let delete = Delete { rows: self.rows(Selection::Key)?, returning: op == Op::DeleteReturning };
                self.statement = Some(Statement::Delete(delete));
                return Ok(());
            }
            Op::OnConflict => {
                self.conflict = Some(Conflict { target: self.columns()?, update: Vec::new() });
                return Ok(());
            }
            Op::Excluded => {
                let update = self.columns()?;
                self.conflict.as_mut().ok_or_else(malformed)?.update = update;
                return Ok(());
            }
            Op::Insert { rows, returning } => {
                let (table, columns) = self.target()?;
                let conflict = self.conflict.take();
                let insert = Insert { table, columns, rows: rows as usize, source: None, returning, conflict };
                self.statement = Some(Statement::Insert(insert));
                return Ok(());
            }
            Op::Into => {
                self.into = self.table.take();
                return Ok(());
            }
            Op::InsertFrom => {
                let items = std::mem::take(&mut self.set);
                let columns = items.iter().map(|(column, _)| *column).collect();
                let source = Some(Box::new(Select { items, ..self.rows(Selection::Rows)? }));
                let (table, conflict) = (self.into.take().ok_or_else(malformed)?, self.conflict.take());
                let insert = Insert { table, columns, rows: 0, source, returning: Returning::Nothing, conflict };
                self.statement = Some(Statement::Insert(insert));
                return Ok(());
            }
            Op::Given(values) => {
                self.next_value += values as usize;
                return Ok(());
            }
            Op::UpdateMany { rows } => {
                let (table, mut columns) = self.target()?;
                let set = columns.split_off(table.primary_key.len().min(columns.len()));
                let filter = self.filter.take();
                let update = UpdateMany { table, keys: columns, columns: set, rows: rows as usize, filter };
                self.statement = Some(Statement::UpdateMany(update));
                return Ok(());
            }
            Op::Copy => {
                let (table, columns) = self.target()?;
                self.statement = Some(Statement::Copy(CopyRows { table, columns }));
                return Ok(());
            }
        };
        self.stack.push(expr);
        Ok(())
    }

    fn list(&mut self, op: Op) -> Result<()> {
        if let Op::List { kind, log } = op {
            let kind = self.beside(kind);
            let value = self.boxed()?;
            let index = self.value();
            self.stack.push(Expr::In { value, index, kind, log });
        }
        Ok(())
    }

    /// Joins the two topmost terms; chains become one flat list.
    fn chain(&mut self, flat: fn(Expr) -> Result<Vec<Expr>, Expr>) -> Result<Vec<Expr>> {
        let right = flat(self.pop()?);
        let mut terms = flat(self.pop()?).unwrap_or_else(|one| vec![one]);
        match right {
            Ok(more) => terms.extend(more),
            Err(one) => terms.push(one),
        }
        Ok(terms)
    }

    fn order(&mut self, direction: Direction) -> Result<()> {
        let expr = self.pop()?;
        let mut nullable = false;
        expr.columns(&mut |at| nullable |= at.column.nullable || at.path.iter().any(|hop| hop.may_be_absent()));
        // A quotient by zero is NULL whatever its columns are, and so is an element that an array does not have.
        nullable |= matches!(&expr, Expr::Arithmetic { .. } | Expr::Element { .. });
        nullable |= matches!(&expr, Expr::Related(related) if related.what.has_value());
        let nulls = if direction == Direction::Ascending { Nulls::First } else { Nulls::Last };
        self.order.push(Order { expr, direction, nullable, nulls });
        Ok(())
    }

    /// `column value SET`
    fn assignment(&mut self) -> Result<()> {
        let value = self.pop()?;
        let Expr::Column(target) = self.pop()? else {
            return Err(malformed());
        };
        if target.column.generated.is_some() {
            let what = format!("`{}` is a generated column: the database computes it", target.column.name);
            return Err(Error::new(ErrorKind::Configuration, what).hint("set the columns that it is computed from"));
        }
        self.set.push((target.column, value));
        Ok(())
    }

    fn rows(&mut self, selection: Selection) -> Result<Select> {
        Ok(Select {
            selection,
            table: self.table.ok_or_else(malformed)?,
            columns: Vec::new(),
            items: Vec::new(),
            on: std::mem::take(&mut self.on),
            filter: self.filter.take(),
            order: std::mem::take(&mut self.order),
            limit: self.limit,
            offset: self.offset,
            part: self.part.take(),
            lock: self.lock,
        })
    }

    fn select(&mut self, selection: Selection) -> Result<()> {
        let select = self.rows(selection)?;
        self.statement = Some(Statement::Select(select));
        Ok(())
    }

    /// The table of new rows, and their columns.
    fn target(&mut self) -> Result<(&'static TableDef, Vec<&'static ColumnDef>)> {
        Ok((self.table.ok_or_else(malformed)?, self.columns()?))
    }

    /// The columns that were written since the last instruction.
    fn columns(&mut self) -> Result<Vec<&'static ColumnDef>> {
        let column = |expr| if let Expr::Column(at) = expr { Ok(at.column) } else { Err(malformed()) };
        self.stack.drain(..).map(column).collect()
    }
}

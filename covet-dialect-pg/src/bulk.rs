//! Many new rows at once: by COPY, or by an INSERT that unnests one array a column.
//!
//! COPY is the fastest way in, and the server checks it least: it wants each value in the exact
//! format of its column, and refuses tables with row-level security. So the catalog is asked first,
//! and everything that COPY does not do like INSERT is left to INSERT.

use crate::{
    PostgresDialect, bind,
    connection::{PostgresConnection, lock},
    ddl,
};
use bytes::{BufMut, BytesMut};
use covet_core::{
    backend::Done,
    error::{Error, ErrorKind, Result},
    render::{Prepared, Writer},
    schema::{ColumnDef, TableDef},
    value::{Value, Values},
};
use futures_util::{SinkExt, TryStreamExt};
use std::{
    pin::pin,
    sync::{Arc, LazyLock},
};
use tokio_postgres::types::Type;

/// From this many rows on COPY is faster. The server prepares for the first thousand rows of a COPY
/// at length, whether or not they come.
const FEWEST_COPIED: usize = 2_000;

/// The rows are sent in pieces of about this many bytes.
const PIECE: usize = 64 << 10;

static SPELLING: PostgresDialect = PostgresDialect::new();

/// What stands before the rows: the signature, no flags, no extension.
const HEAD: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// Whether COPY does what INSERT would, and the types of the columns.
static QUESTION: LazyLock<Prepared> = LazyLock::new(|| {
    let sql = "SELECT t.relkind IN ('r', 'p') AND NOT t.relhasrules AND NOT row_security_active(t.oid) \
               AND has_table_privilege(t.oid, 'INSERT') AND current_setting('transaction_read_only') = 'off', \
               c.types, c.names \
               FROM pg_class t, LATERAL (SELECT array_agg(a.atttypid ORDER BY n.at) AS types, \
               array_agg(format_type(a.atttypid, -1) ORDER BY n.at) AS names \
               FROM unnest($2::text[]) WITH ORDINALITY AS n (name, at) \
               JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = n.name AND NOT a.attisdropped) c \
               WHERE t.oid = to_regclass($1::text)";
    Prepared::plain(sql.to_owned(), true, true)
});

/// How rows get into a table.
pub struct Way {
    /// The types of the columns, if COPY can be used.
    copied: Option<Vec<Type>>,
    /// The INSERT with one array for each column.
    insert: Prepared,
}

impl PostgresConnection {
    /// Inserts rows whose values follow each other.
    pub(crate) async fn bulk(
        &self,
        statement: &Prepared,
        columns: &[&'static ColumnDef],
        values: Values,
    ) -> Result<Done> {
        let rows = values.len().checked_div(columns.len()).unwrap_or(0);
        let known = lock(&self.ways).and_then(|mut ways| ways.get(&statement.id).cloned());
        let way = match known {
            Some(way) if rows < FEWEST_COPIED => way,
            known => self.way(statement, columns, known).await?,
        };
        match &way.copied {
            Some(types) if rows >= FEWEST_COPIED => self.copy(statement, types, values).await,
            Some(_) | None => self.unnest(&way.insert, columns.len(), rows, values).await,
        }
    }

    /// Asks the catalog. COPY is preceded by this each time: after a change of the table its bytes
    /// could be a value of another type. It also fails in a transaction that was aborted, where a
    /// COPY would cost the connection.
    async fn way(
        &self,
        statement: &Prepared,
        columns: &[&'static ColumnDef],
        known: Option<Arc<Way>>,
    ) -> Result<Arc<Way>> {
        let table = statement.table.ok_or_else(unknown)?;
        let names = columns.iter().map(|column| Value::Text(column.name.into())).collect();
        let question = [Value::Text(ddl::name_of(table).into()), Value::List(names)];
        let (answer, _) = self.start(&QUESTION, &question).await?;
        let mut answer = pin!(answer);
        let mut found = None;
        while let Some(row) = answer.try_next().await.map_err(|error| self.explain(error))? {
            let read = || {
                let copies: Option<bool> = row.try_get(0)?;
                let types: Option<Vec<u32>> = row.try_get(1)?;
                let names: Option<Vec<String>> = row.try_get(2)?;
                Ok((copies == Some(true), types.unwrap_or_default(), names.unwrap_or_default()))
            };
            found = Some(read().map_err(|error| self.explain(error))?);
        }
        let (copies, types, names) = found.unwrap_or_default();
        if names.len() != columns.len() {
            // The server says what is missing.
            self.prepare(statement).await?;
            return Err(unknown());
        }
        let types: Option<Vec<Type>> = types.into_iter().map(Type::from_oid).collect();
        let copied = types.filter(|_| copies);
        let insert = insert(table, columns, &names)?;
        match known {
            Some(known) if known.copied == copied && known.insert.sql == insert => Ok(known),
            Some(_) | None => {
                let way = Arc::new(Way { copied, insert: Prepared::plain(insert, false, true) });
                if let Some(mut ways) = lock(&self.ways) {
                    ways.put(statement.id, Arc::clone(&way));
                }
                Ok(way)
            }
        }
    }

    /// When this is dropped or fails half-way, the driver tells the server to forget the rows.
    async fn copy(&self, statement: &Prepared, types: &[Type], values: Values) -> Result<Done> {
        let (copy, _) = self.prepare(statement).await?;
        let width = i16::try_from(types.len()).map_err(|_| unknown())?;
        let mut sink = pin!(self.begin_copy(&copy.statement).await?);
        let mut piece = BytesMut::with_capacity(PIECE + PIECE / 4);
        piece.put_slice(HEAD);
        let mut values = values.into_iter();
        while values.len() > 0 {
            piece.put_i16(width);
            for (ty, value) in types.iter().zip(values.by_ref()) {
                bind::measured(&value, ty, &mut piece)?;
            }
            if piece.len() >= PIECE {
                let full = std::mem::replace(&mut piece, BytesMut::with_capacity(PIECE + PIECE / 4));
                sink.send(full.freeze()).await.map_err(|error| self.explain(error))?;
            }
        }
        piece.put_i16(-1);
        sink.send(piece.freeze()).await.map_err(|error| self.explain(error))?;
        let rows = sink.finish().await.map_err(|error| self.explain(error))?;
        Ok(Done { rows, last_key: None })
    }

    async fn unnest(&self, insert: &Prepared, width: usize, rows: usize, values: Values) -> Result<Done> {
        let mut lists = vec![Vec::with_capacity(rows); width];
        for (at, value) in values.into_iter().enumerate() {
            if let Some(list) = lists.get_mut(at % width) {
                list.push(value);
            }
        }
        let lists: Vec<Value> = lists.into_iter().map(|list| Value::List(list.into())).collect();
        Ok(Done { rows: self.finish(insert, &lists).await?, last_key: None })
    }
}

/// The names of the types are the catalog's spelling.
fn insert(table: &TableDef, columns: &[&'static ColumnDef], types: &[String]) -> Result<String> {
    let mut w = Writer::new(&SPELLING);
    w.sql("INSERT INTO ").table(table).sql(" (");
    w.list(columns, |w, column| {
        w.name(column.name);
        Ok(())
    })?;
    w.sql(") SELECT * FROM unnest(");
    w.list(types.iter().enumerate(), |w, (at, name)| {
        w.sql("$").number(at + 1).sql("::").sql(name).sql("[]");
        Ok(())
    })?;
    w.sql(")");
    Ok(w.finish().0)
}

#[cold]
fn unknown() -> Error {
    Error::new(ErrorKind::Database, "the columns of the table are not those of the model")
        .hint("bring the table up to date, or correct the model")
}

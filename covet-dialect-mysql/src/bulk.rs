//! Many new rows at once, as MariaDB takes them: one prepared row and an array of values.
//!
//! MySQL has no such command; there the core's chunks of VALUES are the fastest way.

use crate::{bind, connection::Inner, dialect::Flavour, error, types};
use covet_core::{
    ast::UpdateMany,
    error::Result,
    render::{Form, Prepared, Writer, ansi},
    value::Kind,
};
use mysql_async::{Error as Failure, Params, Value as Sent, prelude::Queryable};

/// The rows, in pieces of which each fits into a packet.
///
/// # Errors
/// When a single row does not.
pub fn packets(values: Vec<Sent>, width: usize, bytes: usize, max_allowed_packet: usize) -> Result<Vec<Vec<Params>>> {
    let mut packets = Vec::new();
    let (mut packet, mut size) = (Vec::new(), 0);
    let mut values = values.into_iter();
    while values.len() > 0 {
        let row: Vec<Sent> = values.by_ref().take(width.max(1)).collect();
        if !bind::fits(&row, max_allowed_packet) {
            return Err(error::too_large());
        }
        let more = bind::bytes(&row);
        if size + more > bytes && !packet.is_empty() {
            packets.push(std::mem::take(&mut packet));
            size = 0;
        }
        size += more;
        packet.push(Params::Positional(row));
    }
    packets.push(packet);
    Ok(packets)
}

/// `UPDATE .. JOIN (SELECT .. UNION ALL SELECT ..)`: a list of VALUES names its columns otherwise on each server.
///
/// # Errors
/// None here.
pub fn update_many(w: &mut Writer<'_>, update: &UpdateMany, flavour: Flavour) -> Result<()> {
    w.sql("UPDATE ").table(update.table).sql(" JOIN (");
    let width = update.given().len();
    for row in 0..update.rows {
        w.sql(if row > 0 { " UNION ALL SELECT " } else { "SELECT " });
        w.list(update.given().enumerate(), |w, (at, column)| {
            typed(w, row * width + at, column.kind, flavour);
            if row == 0 {
                w.sql(" AS ").name(column.name);
            }
            Ok(())
        })?;
    }
    w.sql(") AS ").name(ansi::VALUES).sql(" ON ");
    ansi::joined(w, update)?;
    ansi::set_from(w, update, true)
}

/// A placeholder with a type of its own.
pub fn typed(w: &mut Writer<'_>, index: usize, kind: Kind, flavour: Flavour) {
    w.sql("CAST(").bind(index, Form::Plain).sql(" AS ").sql(&types::operand(kind, flavour)).sql(")");
}

impl Inner {
    /// Each packet is a command of its own, which tells the types of its values: a column that was
    /// NULL throughout the one before had none there. A row alone may be longer than a packet.
    /// `alone` puts a transaction around them: behind a proxy the driver sends row by row.
    pub async fn bulk(
        &mut self,
        prepared: &Prepared,
        packets: Vec<Vec<Params>>,
        keep: usize,
        alone: bool,
    ) -> std::result::Result<u64, Failure> {
        let statement = self.prepared(prepared, keep).await?;
        if alone {
            self.conn.query_drop("START TRANSACTION").await?;
        }
        let mut rows = 0;
        let mut result = Ok(());
        for packet in packets {
            let count = packet.len() as u64;
            let mut packet = packet.into_iter();
            result = match packet.next() {
                Some(only) if count == 1 => self.conn.exec_drop(&statement, only).await,
                first => self.conn.exec_batch(&statement, first.into_iter().chain(packet)).await,
            };
            if result.is_err() {
                break;
            }
            rows += count;
        }
        if alone && matches!(result, Ok(()) | Err(Failure::Server(_))) {
            self.conn.query_drop(if result.is_ok() { "COMMIT" } else { "ROLLBACK" }).await?;
        }
        if keep == 0 && matches!(result, Ok(()) | Err(Failure::Server(_))) {
            self.conn.close(statement).await?;
        }
        result.map(|()| rows)
    }
}

//! The one place that every statement of every kind passes: checks of values, the deadline, the
//! in-flight guard, the trace, the count, the context of errors.

use super::{Connection, Done, Inline, Outcome, Shared, Work, count, lease::Lease};
use crate::{
    error::{ConstraintViolation, Error, ErrorKind, Result},
    render::Prepared,
    schema::{TableDef, constraint_name},
    value::{Value, Values},
};
use std::time::Instant;

/// Runs one statement on a borrowed connection.
pub async fn run(shared: &Shared, lease: &Lease, work: Work) -> Result<Outcome> {
    if lease.is_lost() {
        return Err(Error::new(
            ErrorKind::ConnectionLost,
            "an earlier statement on this connection was dropped before it ended",
        )
        .hint("end the transaction; the next one gets another connection"));
    }
    if lease.is_streaming() {
        return Err(Error::new(ErrorKind::ConnectionBusy, "a stream is being read on this connection")
            .hint("read it to its end or `.close()` it first, or stream from `&db`, which has other connections"));
    }
    let (statement, sql) = match &work {
        Work::Query(statement, values, _) | Work::Stream(statement, values, _) | Work::Execute(statement, values) => {
            check(statement, values)?;
            (Some(statement.clone()), std::borrow::Cow::Borrowed(""))
        }
        Work::Many(statements) => {
            for (statement, values) in statements {
                check(statement, values)?;
            }
            // They are chunks of one insert: the first stands for all.
            (statements.first().map(|(statement, _)| statement.clone()), std::borrow::Cow::Borrowed(""))
        }
        Work::Batch(sql) => (None, sql.clone()),
    };
    let sql = statement.as_ref().map_or(&*sql, |statement| &statement.sql);
    count::sending(shared, &work);
    let trace = Trace::start();
    let guard = lease.start();
    let stream = matches!(work, Work::Stream(..)).then(|| lease.stream());
    // A stream is as slow as its reader, and has a deadline of its own.
    let deadline = shared.options.statement_timeout.filter(|_| stream.is_none());
    let result = match deadline {
        None => send(lease, work).await,
        Some(most) => match tokio::time::timeout(most, send(lease, work)).await {
            Ok(result) => result,
            Err(_) => {
                drop(guard);
                let error = Error::new(ErrorKind::Timeout, format!("the statement took longer than {most:?}"));
                return Err(error.hint("raise `statement_timeout`, or make it faster").in_statement(sql));
            }
        },
    };
    guard.finish();
    if let Some(stream) = stream {
        stream.finish();
    }
    trace.end(sql, result.is_ok());
    result.map_err(|error| explain(error, statement.as_ref().and_then(|statement| statement.table)).in_statement(sql))
}

/// Runs one statement on a connection that nobody else uses, without waiting for anything. It is over
/// before anybody could drop it, so it needs no guard and no deadline.
pub fn run_inline(shared: &Shared, connection: &dyn Connection, work: &mut Inline<'_>) -> Option<Result<Done>> {
    let (statement, values) = work.statement();
    if let Err(error) = check(statement, values) {
        return Some(Err(error));
    }
    let trace = Trace::start();
    let result = connection.run_inline(work)?;
    let (statement, _) = work.statement();
    count::sent(shared, statement);
    trace.end(&statement.sql, result.is_ok());
    Some(result.map_err(|error| explain(error, statement.table).in_statement(&statement.sql)))
}

fn check(statement: &Prepared, values: &Values) -> Result<()> {
    values.iter().try_for_each(Value::check).map_err(|error| error.in_statement(&statement.sql))
}

/// The clock is read for those who listen only.
struct Trace(Option<Instant>);

impl Trace {
    fn start() -> Trace {
        Trace(tracing::enabled!(target: "covet::sql", tracing::Level::DEBUG).then(Instant::now))
    }

    fn end(&self, sql: &str, ok: bool) {
        if let Some(started) = self.0 {
            tracing::debug!(target: "covet::sql", sql, elapsed = ?started.elapsed(), ok);
        }
    }
}

async fn send(lease: &Lease, work: Work) -> Result<Outcome> {
    let connection = lease.connection();
    match work {
        Work::Query(statement, values, sink) => connection.query(&statement, values, sink).await.map(Outcome::Rows),
        Work::Stream(statement, values, sink) => connection.stream(&statement, values, sink).await.map(Outcome::Rows),
        Work::Execute(statement, values) => connection.execute(&statement, values).await.map(Outcome::Done),
        Work::Many(statements) => connection.execute_many(statements).await.map(Outcome::Done),
        Work::Batch(sql) => connection.batch(&sql).await.map(|()| Outcome::Done(Done::default())),
    }
}

/// Completes a violation from what the model knows: its names are deterministic.
fn explain(mut error: Error, table: Option<&'static TableDef>) -> Error {
    let kind = error.kind();
    let suffix = [
        (ErrorKind::UniqueViolation, "key"),
        (ErrorKind::ForeignKeyViolation, "fkey"),
        (ErrorKind::CheckViolation, "check"),
        (ErrorKind::NotNullViolation, ""),
    ];
    let Some((_, suffix)) = suffix.into_iter().find(|(other, _)| *other == kind) else { return error };
    let Some(table) = table else { return error };
    let violation: &mut ConstraintViolation = error.violation_mut();
    if violation.table.is_none() {
        violation.table = Some(table.name.to_owned());
    }
    if violation.table.as_deref() != Some(table.name) {
        return error;
    }
    if violation.constraint.as_deref().is_some_and(|name| table.is_expression(name)) {
        // An expression is no column, whatever the server calls it.
        violation.columns.clear();
    } else if violation.columns.is_empty() {
        if let Some(name) = &violation.constraint {
            violation.columns = table.columns_of(name).into_iter().map(str::to_owned).collect();
        }
    } else if violation.constraint.is_none() && !suffix.is_empty() {
        let columns: Vec<&str> = violation.columns.iter().map(String::as_str).collect();
        violation.constraint = Some(if suffix == "key" {
            table.unique_constraint(&columns)
        } else {
            constraint_name(table.name, &columns, suffix)
        });
    }
    error
}

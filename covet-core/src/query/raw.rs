//! SQL that the user writes.

use crate::{
    backend::{Executor, Pending},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    fetch::{self, Decode, FromRow, Ready, RowStream},
    model::Model,
    value::{SqlType, Value, Values},
};
use std::{borrow::Cow, marker::PhantomData};

/// Text that may be sent as SQL: a literal, or text that the program vouches for.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not SQL text",
    label = "expected a literal: values go into `.bind(..)`",
    note = "`assert_safe(text)` takes text that holds nothing from outside"
)]
pub trait SqlText {
    /// The text.
    #[doc(hidden)]
    fn text(self) -> Cow<'static, str>;
}

#[diagnostic::do_not_recommend]
impl SqlText for &'static str {
    fn text(self) -> Cow<'static, str> {
        Cow::Borrowed(self)
    }
}

/// SQL text that the program vouches for.
pub struct AssertSafe(String);

#[diagnostic::do_not_recommend]
impl SqlText for AssertSafe {
    fn text(self) -> Cow<'static, str> {
        Cow::Owned(self.0)
    }
}

/// Vouches that a text holds nothing that came from outside, so that it can be sent as SQL.
pub fn assert_safe(text: impl Into<String>) -> AssertSafe {
    AssertSafe(text.into())
}

/// A value for a `?`.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be bound", label = "expected a value that a column can hold")]
pub trait Bindable {
    /// The parameter.
    #[doc(hidden)]
    fn bindable(self) -> Value;
}

#[diagnostic::do_not_recommend]
impl<T: SqlType> Bindable for T {
    fn bindable(self) -> Value {
        self.encode()
    }
}
#[diagnostic::do_not_recommend]
impl Bindable for &str {
    fn bindable(self) -> Value {
        Value::Text(self.into())
    }
}
#[diagnostic::do_not_recommend]
impl Bindable for &[u8] {
    fn bindable(self) -> Value {
        Value::Bytes(self.into())
    }
}

/// SQL as you write it, with `?` for each value on every engine and `??` for a question mark.
///
/// Values are bound, never part of the text. Statements are not portable; covet only translates the
/// placeholders.
///
/// ```
/// # use covet_core as covet;
/// use covet::query::sql;
/// let older = sql("SELECT id, name FROM users WHERE age > ?").bind(18).rows::<(i64, String)>();
/// let aged = sql("UPDATE users SET age = age + 1 WHERE name = ?").bind("Ann");
/// ```
#[must_use = "a statement does nothing before it runs: `.exec(&db)`, `.all(&db)` .."]
pub struct Raw<T = ()> {
    text: Cow<'static, str>,
    values: Values,
    out: PhantomData<fn() -> T>,
}

impl<T> Clone for Raw<T> {
    fn clone(&self) -> Self {
        Raw { text: self.text.clone(), values: self.values.clone(), out: PhantomData }
    }
}

/// A statement as you write it; see [`Raw`].
pub fn sql(text: impl SqlText) -> Raw {
    Raw { text: text.text(), values: Values::new(), out: PhantomData }
}

/// Starts a query that you write yourself.
#[diagnostic::on_unimplemented(
    message = "`{S}` is not SQL text",
    label = "expected a literal: values go into `.bind(..)`",
    note = "`assert_safe(text)` takes text that holds nothing from outside"
)]
pub trait RawRows<S>: Model {
    /// Rows of this model from your own SQL, which gives each of its columns under its name:
    /// `User::raw("SELECT * FROM users WHERE age > ?").bind(18).all(&db)`.
    fn raw(text: S) -> Raw<Self>;
}

#[diagnostic::do_not_recommend]
impl<M: Model, S: SqlText> RawRows<S> for M {
    fn raw(text: S) -> Raw<M> {
        sql(text).rows()
    }
}

impl<T> Raw<T> {
    /// Gives the next `?` its value; `None` is NULL.
    pub fn bind(mut self, value: impl Bindable) -> Raw<T> {
        self.values.push(value.bindable());
        self
    }

    fn prepare(self, on: &dyn Executor) -> Result<Ready> {
        let shared = on.shared();
        let statement = shared.statements.raw(&*shared.dialect, self.text)?;
        let (wanted, given) = (statement.placeholders(), self.values.len());
        if wanted != given {
            let error = Error::new(
                ErrorKind::Configuration,
                format!("the statement has {wanted} placeholders, and {given} values were bound"),
            );
            return Err(error
                .hint("`.bind(..)` each `?` once; a question mark that is none is written `??`")
                .in_statement(&statement.sql));
        }
        if self.values.iter().any(|value| matches!(value, Value::List(_))) {
            shared.dialect.require(Feature::Arrays).map_err(|error| error.in_statement(&statement.sql))?;
        }
        Ok((statement, self.values))
    }
}

impl Raw {
    /// Says what each row becomes: a model or a tuple.
    pub fn rows<T: FromRow>(self) -> Raw<T> {
        Raw { text: self.text, values: self.values, out: PhantomData }
    }

    /// Runs the statement; gives the number of rows that it changed.
    #[track_caller]
    pub fn exec<'a>(self, on: &'a dyn Executor) -> Pending<'a, u64> {
        let prepared = self.prepare(on);
        Pending::new(async move { Ok(fetch::execute(on, prepared?).await?.rows) })
    }
}

impl<T: FromRow> Raw<T> {
    /// Fetches every row.
    #[track_caller]
    pub fn all<'a>(self, on: &'a dyn Executor) -> Pending<'a, Vec<T>> {
        let prepared = self.prepare(on);
        Pending::new(async move { fetch::rows_by(on, prepared?, Decode::By(T::reader())).await })
    }

    /// Gives the rows one by one, in bounded memory.
    #[track_caller]
    pub fn stream<'a>(self, on: &'a dyn Executor) -> RowStream<'a, T> {
        RowStream::new(on, self.prepare(on), Decode::By(T::reader()))
    }

    /// Fetches the first row, if there is one. The server sends all of them: write a LIMIT.
    #[track_caller]
    pub fn first<'a>(self, on: &'a dyn Executor) -> Pending<'a, Option<T>> {
        let all = self.all(on);
        Pending::new(async move { Ok(all.await?.into_iter().next()) })
    }

    /// Fetches the only row.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when there is none, [`ErrorKind::SeveralRows`] when there are several.
    #[track_caller]
    pub fn get<'a>(self, on: &'a dyn Executor) -> Pending<'a, T> {
        let all = self.all(on);
        Pending::new(async move {
            let mut rows = all.await?;
            match (rows.pop(), rows.pop()) {
                (Some(row), None) => Ok(row),
                (None, _) => Err(Error::new(ErrorKind::NotFound, "the statement gave no row")
                    .hint("use `.first(..)` where a row may be missing")),
                (Some(_), Some(_)) => Err(Error::new(ErrorKind::SeveralRows, "the statement gave more than one row")
                    .hint("use `.first(..)` or `.all(..)`, or narrow the condition")),
            }
        })
    }
}

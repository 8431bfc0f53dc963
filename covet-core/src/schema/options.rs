//! What the database makes of a column by itself.

use crate::value::Value;
use std::fmt;

/// SQL of the user's own, for each engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PerEngine {
    /// On PostgreSQL.
    pub pg: Option<&'static str>,
    /// On MySQL; on MariaDB too, unless that has its own.
    pub mysql: Option<&'static str>,
    /// On MariaDB.
    pub mariadb: Option<&'static str>,
    /// On SQLite.
    pub sqlite: Option<&'static str>,
}

impl PerEngine {
    /// The same text on every engine.
    pub const fn same(sql: &'static str) -> PerEngine {
        PerEngine { pg: Some(sql), mysql: Some(sql), mariadb: Some(sql), sqlite: Some(sql) }
    }

    /// The text for an engine, by the short name of its dialect. An engine of somebody else's has what all have.
    pub fn on(&self, engine: &str) -> Option<&'static str> {
        match engine {
            "pg" => self.pg,
            "mysql" => self.mysql,
            "mariadb" => self.mariadb.or(self.mysql),
            "sqlite" => self.sqlite,
            _ => self.pg.filter(|_| self.pg == self.mysql && self.pg == self.sqlite),
        }
    }
}

/// What the database stores where an INSERT does not give a column.
#[derive(Clone, Copy)]
pub enum DbDefault {
    /// A value, as a literal.
    Value(&'static (dyn Fn() -> Value + Sync)),
    /// The time of the statement.
    Now,
    /// A random UUID of version 4.
    Uuid,
    /// An expression.
    Sql(&'static PerEngine),
}

impl fmt::Debug for DbDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // A default is no secret: it stands in the schema.
            DbDefault::Value(value) => f.debug_tuple("Value").field(&value()).finish(),
            DbDefault::Now => f.write_str("Now"),
            DbDefault::Uuid => f.write_str("Uuid"),
            DbDefault::Sql(sql) => f.debug_tuple("Sql").field(sql).finish(),
        }
    }
}

/// What a generated column is computed from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub sql: &'static PerEngine,
    /// Whether the value is stored, rather than computed when it is read.
    pub stored: bool,
}

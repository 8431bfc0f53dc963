//! MySQL and MariaDB for covet.
//!
//! [`MySql`] opens connections, [`MySqlDialect`] spells SQL. The pool is the core's.

mod bind;
mod bulk;
mod conflict;
mod connection;
mod ddl;
mod dialect;
mod error;
mod features;
mod row;
mod tls;
mod types;
mod url;

pub use connection::MySql;
pub use dialect::{Flavour, MySqlDialect};

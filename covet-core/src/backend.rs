//! Connections, pools and transactions: what a backend author implements, and what queries run on.
//!
//! A backend implements [`Backend`] and [`Connection`]; covet pools its connections. Every
//! statement of every kind passes the module `choke`.

mod after_commit;
mod choke;
mod clock;
mod connection;
mod count;
mod db;
mod executor;
mod lease;
mod loops;
mod pending;
mod pool;
mod referrers;
mod server_pool;
mod site;
mod transaction;

pub use after_commit::CommitOutcome;
pub use clock::Clock;
pub use connection::{Backend, Connection, Done, Opened, Options};
pub use count::Statements;
pub(crate) use count::{Counting, counted};
pub use db::{Builder, Conn, Db};
pub use executor::{Executor, Inline, Outcome, Shared, Tenant, Work};
pub use pending::{Pending, Run};
pub use pool::{Held, Intent, Pool, PoolStatus, connect};
pub use referrers::Referrers;
pub use server_pool::ServerPool;
pub(crate) use site::Site;
pub use transaction::{TransactionError, Transactions, Tx};

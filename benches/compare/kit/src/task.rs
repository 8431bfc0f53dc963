//! What is measured: the rows of the tables.

use crate::{Work, data};

/// One row of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// One user by key.
    Lookup,
    /// A page of 100 users behind a key, ordered by key.
    Rows100,
    /// All 10,000 users.
    Rows10k,
    /// 500 posts, filtered and ordered by columns of their author.
    Join500,
    /// 100 members with their 10 topics, each with its 10 replies.
    Related,
    /// One event, autocommitted; its key comes back.
    Insert,
    /// 10,000 events in one transaction.
    Bulk,
    /// 10 users behind 0 to 5 conditions, chosen at run time.
    Dynamic,
    /// 100 lookups at once on one connection.
    Concurrent,
    /// One column of one event by key, autocommitted.
    Update,
    /// Two columns of 1,000 events in hand, found by key.
    BulkUpdate,
    /// One counter by its unique name, autocommitted: every other time it exists, and its hits are set.
    Upsert,
    /// One counter by its unique name, made when it is missing, which one in twenty is.
    GetOrCreate,
    /// A read that takes long: it only serves to see how long it holds a worker.
    Scan,
}

impl Task {
    /// The rows of the tables, in their order.
    pub const MEASURED: [Task; 13] = [
        Task::Lookup,
        Task::Rows100,
        Task::Rows10k,
        Task::Join500,
        Task::Related,
        Task::Insert,
        Task::Update,
        Task::Bulk,
        Task::BulkUpdate,
        Task::Upsert,
        Task::GetOrCreate,
        Task::Dynamic,
        Task::Concurrent,
    ];

    /// The reads during which a heartbeat listens.
    pub const HELD: [Task; 6] = [Task::Lookup, Task::Rows100, Task::Rows10k, Task::Join500, Task::Dynamic, Task::Scan];

    /// Its name in the protocol.
    pub fn name(self) -> &'static str {
        match self {
            Task::Lookup => "lookup",
            Task::Rows100 => "rows100",
            Task::Rows10k => "rows10k",
            Task::Join500 => "join500",
            Task::Related => "related",
            Task::Insert => "insert",
            Task::Bulk => "bulk",
            Task::Dynamic => "dynamic",
            Task::Concurrent => "concurrent",
            Task::Update => "update",
            Task::BulkUpdate => "bulk_update",
            Task::Upsert => "upsert",
            Task::GetOrCreate => "get_or_create",
            Task::Scan => "scan",
        }
    }

    /// Its name in the tables.
    pub fn title(self) -> &'static str {
        match self {
            Task::Lookup => "lookup by key",
            Task::Rows100 => "100 rows",
            Task::Rows10k => "10,000 rows",
            Task::Join500 => "join, 500 rows",
            Task::Related => "100 rows, 10 of each, 10 of these",
            Task::Insert => "insert 1",
            Task::Bulk => "bulk 10,000",
            Task::Dynamic => "dynamic query",
            Task::Concurrent => "100 concurrent lookups, one connection",
            Task::Update => "update by key",
            Task::BulkUpdate => "bulk update 1,000",
            Task::Upsert => "upsert 1, every other is new",
            Task::GetOrCreate => "get or create 1, 5 % are new",
            Task::Scan => "a slow scan",
        }
    }

    /// The task of a name.
    pub fn by_name(name: &str) -> Option<Task> {
        Task::MEASURED.into_iter().chain([Task::Scan]).find(|task| task.name() == name)
    }

    /// The events that one operation stores or changes.
    fn events(self) -> usize {
        match self {
            Task::Insert => 1,
            Task::Bulk => 10_000,
            Task::BulkUpdate => usize::try_from(data::EVENTS).unwrap_or(0),
            _ => 0,
        }
    }

    /// What a command brings with it, made before the clock starts.
    pub fn work(self, ops: u32, turn: i32) -> Work {
        let many = self.events();
        // Each time the columns get other values than they have.
        let shift =
            |op: u32| if self == Task::BulkUpdate { op as usize + usize::try_from(turn).unwrap_or(0) } else { 0 };
        let events = match many {
            0 => Vec::new(),
            _ => (0..ops).map(|op| (0..many).map(|n| data::event(n + shift(op))).collect()).collect(),
        };
        let counters = match self {
            Task::Upsert => (0..ops).map(|n| data::upserted(n, turn)).collect(),
            Task::GetOrCreate => (0..ops).map(|n| data::wanted(n, turn)).collect(),
            _ => Vec::new(),
        };
        Work { task: self, ops, events, counters, turn }
    }
}

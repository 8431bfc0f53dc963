//! What is measured: the rows of the tables.

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
    /// A read that takes long: it only serves to see how long it holds a worker.
    Scan,
}

impl Task {
    /// The rows of the tables, in their order.
    pub const MEASURED: [Task; 9] = [
        Task::Lookup,
        Task::Rows100,
        Task::Rows10k,
        Task::Join500,
        Task::Insert,
        Task::Update,
        Task::Bulk,
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
            Task::Insert => "insert",
            Task::Bulk => "bulk",
            Task::Dynamic => "dynamic",
            Task::Concurrent => "concurrent",
            Task::Update => "update",
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
            Task::Insert => "insert 1",
            Task::Bulk => "bulk 10,000",
            Task::Dynamic => "dynamic query",
            Task::Concurrent => "100 concurrent lookups, one connection",
            Task::Update => "update by key",
            Task::Scan => "a slow scan",
        }
    }

    /// The task of a name.
    pub fn by_name(name: &str) -> Option<Task> {
        Task::MEASURED.into_iter().chain([Task::Scan]).find(|task| task.name() == name)
    }

    /// How many events one operation stores.
    pub fn events(self) -> usize {
        match self {
            Task::Insert => 1,
            Task::Bulk => 10_000,
            _ => 0,
        }
    }
}

//! What the tasks ask for: the same questions for every worker, and a digest of the answers.

/// The users of the seed, numbered from 1.
pub const USERS: i64 = 10_000;
/// The events of the seed, which `update` changes.
pub const EVENTS: i64 = 1_000;
/// The counters of the seed.
const COUNTERS: u32 = 1_000;

/// A new row of `events`.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// At most 100 characters.
    pub name: String,
    /// Any number.
    pub amount: i32,
    /// At most 200 characters.
    pub note: Option<String>,
    /// A truth.
    pub active: bool,
}

/// The event of a number.
pub fn event(n: usize) -> NewEvent {
    NewEvent {
        name: format!("event {n}"),
        amount: i32::try_from(n % 1_000).unwrap_or(0),
        note: (n % 4 != 0).then(|| "a note of some length".to_owned()),
        active: n % 2 == 0,
    }
}

/// A new row of `counters`.
#[derive(Clone, Debug)]
pub struct NewCounter {
    /// At most 100 characters; no other counter has it.
    pub name: String,
    /// Any number.
    pub hits: i32,
}

/// The counter that the n-th upsert of a run stores: every other one exists.
pub fn upserted(n: u32, turn: i32) -> NewCounter {
    let name = if n % 2 == 0 { known(n / 2) } else { format!("upserted {turn:010} {n}") };
    NewCounter { name, hits: turn.wrapping_add(i32::try_from(n).unwrap_or(0)) }
}

/// The counter that a run asks for the n-th time: one in twenty does not exist. Names are as long in every run.
pub fn wanted(n: u32, turn: i32) -> NewCounter {
    let name = if n % 20 == 19 { format!("wanted {turn:010} {n}") } else { known(n) };
    NewCounter { name, hits: 0 }
}

/// The name of a counter of the seed.
fn known(n: u32) -> String {
    format!("counter {}", n % COUNTERS + 1)
}

/// The key that the n-th lookup asks for.
pub fn key(n: u32) -> i64 {
    i64::from(n) * 7_919 % USERS + 1
}

/// The key behind which the n-th page starts; every page is full.
pub fn page(n: u32) -> i64 {
    i64::from(n) * 7_919 % (USERS - 100)
}

/// The age of the authors whose posts the n-th join asks for.
pub fn age(n: u32) -> i32 {
    i32::try_from(n % 100).unwrap_or(0)
}

/// The key of the event that the n-th update changes.
pub fn event_key(n: u32) -> i64 {
    i64::from(n) % EVENTS + 1
}

/// The conditions of a dynamic query, each there or not.
#[derive(Clone, Copy, Debug)]
pub struct Dynamic {
    /// `id > ?`
    pub after: Option<i64>,
    /// `name >= ?`
    pub from_name: Option<&'static str>,
    /// `name < ?`
    pub to_name: Option<&'static str>,
    /// `nickname IS NULL`
    pub no_nickname: bool,
    /// `email <> ?`
    pub not_email: Option<&'static str>,
}

/// The conditions of the n-th dynamic query: all 32 shapes take turns.
///
/// Every one finds its ten rows near the start of the primary key, so that the database has little to do.
pub fn dynamic(n: u32) -> Dynamic {
    let shape = n * 7 % 32;
    let on = |bit: u32| shape & bit != 0;
    Dynamic {
        after: on(1).then(|| page(n)),
        from_name: on(2).then_some("User number 1"),
        to_name: on(4).then_some("User number 9"),
        no_nickname: on(8),
        not_email: on(16).then_some("user7@example.org"),
    }
}

/// A number that stands for a user that came back.
pub fn user(id: i64, name: &str, email: &str, age: i32, nickname: Option<&str>) -> u64 {
    id.unsigned_abs() + (name.len() + email.len() + nickname.map_or(0, str::len)) as u64 + u64::from(age.unsigned_abs())
}

/// A number that stands for a post that came back.
pub fn post(id: i64, title: &str, author: i64, views: i32) -> u64 {
    id.unsigned_abs() + title.len() as u64 + author.unsigned_abs() + u64::from(views.unsigned_abs())
}

/// A number that stands for a member that came back.
pub fn member(id: i64, name: &str, email: &str) -> u64 {
    id.unsigned_abs() + (name.len() + email.len()) as u64
}

/// A number that stands for a topic that came back.
pub fn topic(id: i64, title: &str, views: i32, member: i64) -> u64 {
    // Where it stands counts.
    post(id, title, member, views) * member.unsigned_abs()
}

/// A number that stands for a reply that came back.
pub fn reply(id: i64, text: &str, topic: i64) -> u64 {
    (id.unsigned_abs() + text.len() as u64) * topic.unsigned_abs()
}

/// A number that stands for a counter that came back, and whether it is new. New keys and old hits depend on what ran
/// before.
pub fn counter(id: i64, name: &str, created: bool) -> u64 {
    name.len() as u64 + if created { u64::from(id > 0) } else { id.unsigned_abs() }
}

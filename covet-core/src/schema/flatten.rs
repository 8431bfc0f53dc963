//! The columns of a table with flattened parts, put together while the program is compiled.

use super::ColumnDef;

/// The longest name of a column or of a field behind its part, in bytes.
const MOST_BYTES: usize = 127;

/// A text that the compiler has put together.
#[derive(Debug, Clone, Copy)]
struct Text {
    bytes: [u8; MOST_BYTES],
    len: usize,
}

impl Text {
    const fn join(parts: [&str; 2]) -> Text {
        let mut text = Text { bytes: [0; MOST_BYTES], len: 0 };
        let mut part = 0;
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            let mut at = 0;
            while at < bytes.len() {
                assert!(text.len < MOST_BYTES, "the name of a flattened field is too long");
                text.bytes[text.len] = bytes[at];
                text.len += 1;
                at += 1;
            }
            part += 1;
        }
        text
    }

    const fn as_str(&'static self) -> &'static str {
        match str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            // Two texts one behind the other are a text.
            Err(_) => "",
        }
    }
}

/// The names of the columns of a flattened part; a `static`, so that they can be borrowed.
#[derive(Debug)]
pub struct PartNames<const N: usize> {
    columns: [Text; N],
    fields: [Text; N],
}

impl<const N: usize> PartNames<N> {
    /// `prefix` before the names in the database, `field` before those in Rust.
    pub const fn new(field: &str, prefix: &str, columns: &[ColumnDef]) -> PartNames<N> {
        let none = Text { bytes: [0; MOST_BYTES], len: 0 };
        let mut names = PartNames { columns: [none; N], fields: [none; N] };
        let mut at = 0;
        while at < N {
            names.columns[at] = Text::join([prefix, columns[at].name]);
            assert!(names.columns[at].len <= super::MOST_NAME_BYTES, "a name in the database has at most 63 bytes");
            names.fields[at] = Text::join([field, columns[at].field]);
            at += 1;
        }
        names
    }

    /// The columns under these names.
    pub const fn rename(&'static self, columns: &[ColumnDef]) -> [ColumnDef; N] {
        let mut renamed = [ColumnDef::BARE; N];
        let mut at = 0;
        while at < N {
            renamed[at] = columns[at];
            renamed[at].name = self.columns[at].as_str();
            renamed[at].field = self.fields[at].as_str();
            at += 1;
        }
        renamed
    }
}

/// The columns of all parts of a table, in their order.
///
/// # Panics
/// While the program is compiled, when two columns have one name.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn columns<const N: usize>(parts: &[&[ColumnDef]]) -> [ColumnDef; N] {
    let mut all = [ColumnDef::BARE; N];
    let (mut part, mut next) = (0, 0);
    while part < parts.len() {
        let mut at = 0;
        while at < parts[part].len() {
            let mut other = 0;
            while other < next {
                if same(all[other].name, parts[part][at].name) {
                    panic!("two columns have one name: add a `prefix` beside `flatten`");
                }
                other += 1;
            }
            all[next] = parts[part][at];
            next += 1;
            at += 1;
        }
        part += 1;
    }
    all
}

/// The position of a part's field.
///
/// # Panics
/// While the program is compiled, when the part has no such field.
#[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
#[track_caller]
pub const fn position(columns: &[ColumnDef], field: &str) -> usize {
    let mut at = 0;
    while at < columns.len() {
        if same(columns[at].field, field) {
            return at;
        }
        at += 1;
    }
    panic!("the flattened struct has no such field")
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

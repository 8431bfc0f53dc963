//! UUIDs as text: lower case, with hyphens.

use super::{Row, forward};
use crate::error::{Error, Result};
use uuid::Uuid;

/// A regular expression for what such a column holds.
pub const UUID_PATTERN: &str = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

/// The UUID of a text.
///
/// # Errors
/// When the text is not the form in which covet stores one: a filter would not find it.
pub fn uuid_of_text(text: &str) -> Result<Uuid> {
    let uuid = Uuid::try_parse(text).ok();
    let uuid = uuid.filter(|uuid| uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()) == text);
    uuid.ok_or_else(|| Error::decode("the text is not a UUID in lower case with hyphens"))
}

/// A row read for one column with `#[covet(uuid = "text")]`.
pub struct UuidTextRow<'a>(pub &'a dyn Row);

impl UuidTextRow<'_> {
    fn source(&self, at: usize) -> (&dyn Row, usize) {
        (self.0, at)
    }
}

impl Row for UuidTextRow<'_> {
    fn width(&self) -> usize {
        self.0.width()
    }
    fn uuid(&self, at: usize) -> Result<Option<Uuid>> {
        self.0.uuid_text(at)
    }
    forward!(name is_null bool i64 u64 decimal f64 text bytes uuid_text ip date_time naive_date_time date time json array);
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_stored_form_is_read() {
        let text = "0a1b2c3d-0000-4000-8000-00000000ffff";
        assert_eq!(uuid_of_text(text).unwrap().to_string(), text);
        for wrong in ["", &text.to_uppercase(), &text.replace('-', ""), &format!("{{{text}}}"), &format!("{text} ")] {
            assert!(uuid_of_text(wrong).is_err(), "{wrong}");
        }
    }
}

//! Some columns of a row from the database, the others from the row that the program has.

use crate::{
    error::Result,
    value::{OwnedRow, Row, forward},
};

/// A whole row of a model, put together.
pub(crate) struct Overlay<'a> {
    /// What the database gave.
    pub new: &'a dyn Row,
    /// By column of the model: where in `new` it stands, if it does.
    pub places: &'a [Option<usize>],
    /// The row as it was.
    pub old: &'a OwnedRow,
}

impl Overlay<'_> {
    fn source(&self, at: usize) -> (&dyn Row, usize) {
        match self.places.get(at).copied().flatten() {
            Some(place) => (self.new, place),
            None => (self.old, at),
        }
    }
}

impl Row for Overlay<'_> {
    fn width(&self) -> usize {
        self.places.len()
    }
    forward! {
        name is_null bool i64 u64 decimal f64 text bytes uuid uuid_text ip date_time naive_date_time date time json array
    }
}

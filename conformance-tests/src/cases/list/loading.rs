//! The cases about what is loaded in place of whole rows: one line a case.

use crate::{case::Case, cases::load_values};

cases! {
    load_values::values_of_a_related_row;
    load_values::values_of_related_rows;
    load_values::numbers_of_related_rows;
    load_values::values_of_rows;
    load_values::scopes_and_forms_hold_for_values;
}

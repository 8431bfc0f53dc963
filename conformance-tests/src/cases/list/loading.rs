//! The cases about what is loaded in place of whole rows: one line a case.

use crate::{
    case::Case,
    cases::{load_into, load_values, loader, projection},
};

cases! {
    load_into::rows_in_hand_get_related_rows;
    load_into::rows_in_hand_get_their_related_row;
    load_into::loaded_rows_are_read_anew;
    load_into::scopes_hold_for_rows_in_hand;
    load_into::many_rows_in_hand;
    loader::calls_at_once_are_one_statement;
    loader::loaders_of_lists_and_numbers;
    loader::batches_are_bounded;
    loader::errors_go_to_each_call;
    loader::dropped_calls_harm_no_other;
    loader::tasks_share_a_loader;
    projection::exactly_the_columns_are_read;
    projection::projections_are_chosen_like_columns;
    projection::fields_of_any_number_and_type;
    projection::types_of_loaded_rows_have_names;
    projection::rows_with_relations_are_documents;
    load_values::values_of_a_related_row;
    load_values::values_of_related_rows;
    load_values::numbers_of_related_rows;
    load_values::values_of_rows;
    load_values::scopes_and_forms_hold_for_values;
}

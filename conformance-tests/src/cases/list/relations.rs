//! The cases about relations: one line a case.

use crate::{
    case::Case,
    cases::{count, load, load_edges, of, references, related_scope, to_many},
};

cases! {
    count::each_statement_counts;
    count::transaction_control_does_not_count;
    count::chunks_count;
    count::joined_queries_count;
    count::tasks_count_for_themselves;
    count::waiting_counts;
    count::other_numbers_are_shown;
    load::related_row_comes_with_its_row;
    load::loads_in_any_order;
    load::related_rows_come_with_their_row;
    load::many_to_many_loads_both_ways;
    load::one_to_one_loads_both_ways;
    load::loads_nest;
    load::diamonds_are_whole;
    load::loaded_rows_are_filtered_and_ordered;
    load::limits_are_for_each_row;
    load::rows_of_the_same_table_load;
    load::loading_changes_no_rows;
    load::many_parents_load;
    load_edges::two_ways_to_one_row_load;
    load_edges::two_relations_to_one_model_load;
    load_edges::empty_sides_send_nothing;
    load_edges::null_keys_lead_nowhere;
    load_edges::shared_rows_stand_with_each;
    load_edges::rows_related_to_themselves_load;
    load_edges::links_at_the_ends_of_chunks;
    load_edges::rows_at_the_ends_of_lists;
    of::related_rows_of_a_row;
    of::related_row_of_a_row;
    of::adding_links_twice_is_one_link;
    of::removing_what_is_not_linked_is_no_error;
    of::setting_and_toggling_links;
    of::links_are_part_of_the_transaction;
    of::links_with_columns_are_created_as_rows;
    to_many::any_needs_one_related_row;
    to_many::none_and_all_are_complements;
    to_many::conditions_of_one_any_are_about_one_row;
    to_many::related_rows_are_counted;
    to_many::counts_order_rows;
    to_many::related_values_are_summed;
    to_many::smallest_and_largest_of_related_rows;
    to_many::questions_stand_behind_paths;
    to_many::questions_nest;
    to_many::is_takes_questions;
    to_many::many_to_many_both_ways;
    to_many::through_a_model;
    to_many::one_to_one_both_ways;
    to_many::rows_of_the_same_table;
    to_many::reverse_needs_no_declaration;
    to_many::updates_and_deletes_by_related_rows;
    to_many::join_table_has_key_and_index;
    related_scope::hidden_rows_are_not_asked;
    related_scope::hidden_rows_are_not_loaded;
    related_scope::keys_of_other_types_lead_to_rows;
    references::rows_give_the_column_that_is_referred_to;
    references::references_are_checked;
    references::references_are_joined_by_their_column;
    references::references_load_both_ways;
    references::join_tables_may_refer_to_another_column;
}

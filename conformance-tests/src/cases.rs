//! The registry: one line a case.

pub mod arithmetic;
pub mod boolean;
pub mod bulk;
pub mod compare;
pub mod delete;
pub mod error;
pub mod insert;
pub mod lookup;
pub mod null;
pub mod order;
pub mod pool;
pub mod property;
pub mod raw;
pub mod read;
pub mod relation;
pub mod savepoint;
pub mod schema;
pub mod slice;
pub mod stream;
pub mod text;
pub mod transaction;
pub mod types;
pub mod update;

use covet::{backend::Db, error::Result, feature::Feature};
use std::{future::Future, pin::Pin};

/// A case under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// One promise, run on a real database.
pub struct Case {
    /// The file that it stands in.
    pub subject: &'static str,
    /// The promise as a sentence.
    pub promise: &'static str,
    /// The feature that an engine may lack; it must then refuse and name it.
    pub feature: Option<Feature>,
    /// Runs it.
    pub run: for<'a> fn(&'a Db) -> Running<'a>,
}

impl Case {
    /// `subject::promise`
    pub fn name(&self) -> String {
        format!("{}::{}", self.subject, self.promise)
    }
}

macro_rules! cases {
    ($($subject:ident::$promise:ident $(needs $feature:ident)?;)*) => {
        /// Every case.
        pub const CASES: &[Case] = &[$(Case {
            subject: stringify!($subject),
            promise: stringify!($promise),
            feature: cases!(@feature $($feature)?),
            run: |db| Box::pin($subject::$promise(db)),
        },)*];
    };
    (@feature) => { None };
    (@feature $feature:ident) => { Some(Feature::$feature) };
}

cases! {
    property::random_filters_agree_with_the_evaluator;
    compare::eq_finds_the_equal;
    compare::ne_drops_null;
    compare::i16_compares;
    compare::i32_compares;
    compare::i64_compares;
    compare::f64_compares;
    compare::text_compares_by_code_point;
    compare::bytes_compare_byte_by_byte;
    compare::uuid_compares_by_bytes;
    compare::date_time_compares;
    compare::date_compares;
    compare::bool_compares;
    compare::bool_column_is_a_condition;
    compare::nullable_bool_column_is_a_condition;
    compare::between_takes_columns;
    compare::column_compares_with_a_column;
    compare::column_compares_with_a_joined_column;
    compare::expressions_compare;
    compare::foreign_key_compares_with_keys_and_rows;
    compare::foreign_key_is_in_keys_and_rows;
    compare::foreign_keys_compare_with_each_other;
    compare::text_foreign_key_compares;
    compare::in_of_an_empty_list_matches_nothing;
    compare::exclude_of_an_empty_list_matches_everything;
    compare::in_ignores_duplicates;
    compare::exclude_of_in_keeps_null;
    compare::in_takes_integer_lists_of_any_length;
    compare::in_takes_text_lists_of_any_length;
    compare::in_takes_exact_floats;
    compare::in_takes_long_lists_of_every_type;
    compare::extreme_integers_compare_exactly;
    compare::similar_texts_are_different;
    lookup::text_lookups_take_columns;
    lookup::text_lookups_take_related_columns;
    lookup::comparisons_take_columns;
    lookup::null_is_a_value_to_distinct;
    lookup::distinct_takes_columns_and_expressions;
    lookup::distinct_compares_every_type;
    lookup::nulls_go_where_the_order_says;
    lookup::nulls_of_expressions_and_related_rows_are_ordered;
    lookup::in_takes_200_000_integers needs LongLists;
    lookup::in_takes_200_000_texts needs LongLists;
    lookup::in_takes_200_000_floats needs LongLists;
    lookup::in_takes_200_000_values_of_every_type needs LongLists;
    text::contains_is_literal;
    text::starts_with_and_ends_with_are_literal;
    text::empty_needle_matches_every_text;
    text::case_counts;
    text::i_lookups_fold_ascii;
    text::i_lookups_fold_all_letters;
    text::accents_count;
    text::folding_keeps_the_number_of_letters;
    text::spaces_count;
    text::emoji_are_distinct;
    text::needle_may_be_longer_than_the_text;
    text::null_matches_no_lookup;
    text::line_breaks_are_characters;
    text::ends_are_compared_at_the_ends;
    text::lookups_reach_related_rows;
    null::is_null_finds_null;
    null::empty_values_are_not_null;
    null::not_keeps_null;
    null::exclude_keeps_null;
    null::double_negation_cancels;
    null::complement_divides_the_rows;
    null::de_morgan_holds_with_null;
    null::missing_relation_is_null;
    null::expressions_of_null_are_null;
    null::none_stores_null;
    boolean::and_follows_the_truth_table;
    boolean::or_follows_the_truth_table;
    boolean::xor_follows_the_truth_table;
    boolean::bool_columns_join;
    boolean::grouping_is_kept;
    boolean::all_of_none_is_true;
    boolean::any_of_none_is_false;
    boolean::conditions_are_built_at_run_time;
    boolean::absent_condition_is_none;
    boolean::calls_of_filter_add_up;
    boolean::long_chains_of_and_work;
    boolean::long_chains_of_or_work;
    boolean::nested_conditions_work;
    arithmetic::sums_and_products_filter;
    arithmetic::sums_and_products_are_set;
    arithmetic::division_is_exact;
    arithmetic::division_has_the_precision_of_f64;
    arithmetic::division_by_zero_is_null;
    arithmetic::division_by_a_zero_column_is_null;
    arithmetic::int_div_truncates_toward_zero;
    arithmetic::int_div_is_exact_for_large_integers;
    arithmetic::remainder_has_the_sign_of_the_dividend;
    arithmetic::nesting_is_kept;
    arithmetic::null_operand_gives_null;
    arithmetic::expressions_reach_related_rows;
    order::several_terms_order;
    order::null_sorts_smallest;
    order::text_is_ordered_by_code_point;
    order::short_text_is_ordered_by_code_point;
    order::related_columns_order;
    order::order_by_nullable_relation_keeps_rows;
    order::expressions_order;
    order::orders_are_built_at_run_time;
    order::false_sorts_before_true;
    slice::limit_takes_the_first_rows;
    slice::offset_works_without_limit;
    slice::limit_and_offset_take_a_page;
    slice::limit_zero_gives_nothing;
    slice::offset_beyond_the_end_gives_nothing;
    slice::slices_beyond_i64_are_refused;
    slice::count_counts_the_slice;
    slice::exists_asks_about_the_slice;
    slice::update_changes_the_slice;
    slice::delete_removes_the_slice;
    slice::slices_follow_the_join;
    read::empty_table_gives_nothing;
    read::all_gives_whole_rows;
    read::first_follows_the_key;
    read::first_honours_the_order;
    read::get_wants_exactly_one_row;
    read::count_and_exists_follow_the_filter;
    read::find_takes_keys_rows_and_foreign_keys;
    read::find_takes_text_and_uuid_keys;
    read::find_can_be_refined;
    read::queries_can_be_reused;
    read::many_rows_come_back;
    read::sql_text_holds_no_values;
    relation::related_column_filters;
    relation::two_hops_filter;
    relation::two_relations_to_one_model_do_not_mix;
    relation::same_path_joins_once;
    relation::related_key_needs_no_join;
    relation::is_applies_a_condition_of_the_other_model;
    relation::is_shares_the_join;
    relation::self_relation_is_followed_two_levels;
    relation::exclude_through_nullable_relation_keeps_rows;
    relation::or_with_nullable_relation_keeps_rows;
    relation::count_and_exists_follow_relations;
    relation::update_follows_relations;
    relation::update_follows_a_relation_to_itself;
    relation::delete_follows_relations;
    relation::relation_over_text_keys_works;
    relation::circle_of_rows_is_followed;
    insert::save_gives_the_stored_row;
    insert::absent_fields_have_defaults;
    insert::explicit_key_is_kept;
    insert::keys_of_other_integer_types_are_made;
    insert::text_key_is_stored;
    insert::uuid_key_and_reserved_words_are_stored;
    insert::row_of_nulls_is_stored;
    insert::row_of_nothing_is_stored;
    insert::text_is_stored_as_it_is;
    insert::relations_are_set_in_three_ways;
    insert::deleted_keys_do_not_come_again;
    bulk::any_number_of_rows_is_stored;
    bulk::explicit_and_automatic_keys_mix;
    bulk::values_stay_in_their_columns;
    bulk::violation_stores_nothing;
    bulk::duplicate_inside_the_bulk_is_a_violation;
    bulk::bulk_takes_part_in_a_transaction;
    bulk::failed_bulk_rolls_back_to_its_savepoint;
    bulk::large_texts_are_stored;
    bulk::rows_of_nothing_are_stored;
    bulk::foreign_keys_are_checked;
    update::several_columns_are_set;
    update::expressions_are_set;
    update::assignments_read_the_old_values;
    update::columns_can_be_exchanged needs SimultaneousAssignment;
    update::null_is_set;
    update::unchanged_rows_are_counted;
    update::no_match_counts_zero;
    update::no_assignments_count_the_rows;
    update::assignments_are_built_at_run_time;
    update::failed_update_changes_nothing;
    update::updated_column_may_be_filtered;
    update::assignments_read_related_rows needs UpdateFromRelation;
    delete::delete_removes_and_counts;
    delete::delete_without_filter_removes_all;
    delete::no_match_counts_zero;
    delete::delete_of_the_complement_takes_null;
    delete::one_row_is_deleted_by_key;
    types::bool_is_kept;
    types::i16_is_kept;
    types::i32_is_kept;
    types::i64_is_kept;
    types::f64_is_kept;
    types::extreme_f64_is_kept;
    types::subnormal_f64_is_kept;
    types::negative_zero_is_zero;
    types::infinity_is_kept needs FloatInfinity;
    types::nan_is_kept needs FloatNan;
    types::text_is_kept;
    types::bytes_are_kept;
    types::uuid_is_kept;
    types::date_time_is_kept;
    types::nanoseconds_are_cut_off;
    types::microseconds_are_told_apart;
    types::date_is_kept;
    types::whole_rows_are_kept;
    types::nul_in_text_is_refused;
    types::nul_in_a_list_is_refused;
    types::large_values_are_kept;
    error::unique_violation_names_the_constraint;
    error::unique_text_goes_by_code_point;
    error::duplicate_key_is_a_unique_violation;
    error::foreign_key_violation_names_the_constraint;
    error::deleting_a_parent_names_the_child;
    error::violations_in_transactions_are_named;
    error::not_null_violation_names_the_column;
    error::errors_show_no_values;
    error::errors_carry_the_statement;
    error::database_is_usable_after_errors;
    error::unexpected_null_names_the_column;
    error::number_out_of_range_names_the_column;
    error::too_long_text_is_refused;
    error::too_many_trailing_spaces_are_refused;
    transaction::ok_commits;
    transaction::err_rolls_back;
    transaction::failed_statement_rolls_back;
    transaction::begin_and_commit_keep;
    transaction::rollback_undoes;
    transaction::drop_rolls_back;
    transaction::dropped_future_rolls_back;
    transaction::panic_rolls_back;
    transaction::transaction_sees_its_own_writes;
    transaction::others_see_nothing_before_commit;
    savepoint::failed_savepoint_keeps_the_rest;
    savepoint::savepoint_shares_the_fate_of_its_transaction;
    savepoint::a_hundred_savepoints_fail;
    savepoint::savepoints_nest;
    savepoint::dropped_savepoint_rolls_back;
    savepoint::dropped_savepoint_heals_errors;
    savepoint::dropped_savepoint_inside_a_rolled_back_one_is_forgotten;
    savepoint::dropped_nested_savepoints_roll_back;
    savepoint::savepoint_rolls_back_by_hand;
    savepoint::timeout_inside_rolls_back_the_savepoint;
    transaction::commit_after_a_failed_statement_tells_the_truth;
    transaction::own_error_type_comes_back;
    transaction::transaction_once_changes_its_surroundings;
    transaction::retryable_errors_run_again;
    transaction::closure_borrows_and_can_be_spawned;
    transaction::concurrent_transactions_lose_nothing;
    pool::pool_serves_many_tasks;
    pool::cancelled_statements_leave_nothing_behind;
    pool::cancelled_transactions_are_all_or_nothing;
    pool::held_connection_runs_everything;
    pool::drop_on_a_held_connection_rolls_back;
    pool::runs_are_lazy;
    pool::wait_inside_async_is_refused;
    pool::wait_works_in_blocking_code;
    schema::tables_are_created_in_order;
    schema::repeated_tables_are_created_once;
    schema::self_reference_is_created;
    schema::dropping_absent_tables_is_no_error;
    schema::creating_twice_is_an_error;
    schema::long_names_stay_apart;
    schema::odd_names_are_quoted;
    schema::max_length_counts_characters;
    schema::unique_column_may_be_null_in_many_rows;
    schema::circle_of_tables_is_created;
    raw::models_are_read_by_name;
    raw::missing_column_is_named;
    raw::tuples_are_read_by_position;
    raw::undecodable_column_is_named;
    raw::placeholders_are_translated;
    raw::values_are_never_text;
    raw::wrong_number_of_values_is_refused;
    raw::several_statements_are_refused;
    raw::statements_write;
    raw::values_of_every_sort_are_bound;
    raw::asserted_text_runs;
    raw::get_promises_one_row;
    raw::refused_statement_shows_its_text;
    stream::stream_gives_the_rows_of_all;
    stream::ended_stream_stays_ended;
    stream::dropped_stream_leaves_no_rows_behind;
    stream::unread_stream_runs_nothing;
    stream::stream_keeps_its_transaction_busy;
    stream::closed_stream_lets_its_transaction_go_on;
    stream::dropped_stream_ends_its_transaction;
    stream::undecodable_row_ends_the_stream;
    stream::failing_statement_is_the_only_item;
    stream::streams_run_side_by_side;
}

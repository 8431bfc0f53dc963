//! Cases of writes.

use crate::{
    case::Case,
    cases::{bulk_conflicts, bulk_update, get_or_create, insert_from, matched, returning, save, upsert},
};
use covet::feature::Feature;

cases! {
    returning::changed_rows_come_back;
    returning::removed_rows_come_back;
    returning::rows_of_composite_keys_come_back;
    returning::rows_are_found_by_many_keys;
    bulk_update::each_row_gets_its_own_values;
    bulk_update::values_of_every_type_are_written;
    bulk_update::matched_rows_are_counted;
    bulk_update::the_last_of_equal_keys_wins;
    bulk_update::a_violation_changes_nothing;
    bulk_conflicts::existing_rows_are_passed_over;
    bulk_conflicts::only_conflicts_are_ignored;
    bulk_conflicts::existing_rows_are_changed;
    bulk_conflicts::the_target_alone_is_changed;
    bulk_conflicts::wrong_targets_are_refused;
    bulk_conflicts::keys_come_back_in_order;
    bulk_conflicts::keys_of_rows_at_once_do_not_mix;
    bulk_conflicts::progress_is_told;
    get_or_create::a_row_is_made_once;
    get_or_create::tasks_at_once_make_one_row;
    get_or_create::transactions_at_once_make_one_row;
    get_or_create::updates_at_once_change_one_row;
    get_or_create::update_or_create_changes_the_row;
    get_or_create::columns_that_are_not_unique_are_refused;
    get_or_create::a_row_that_came_meanwhile_is_found;
    upsert::outcome_says_what_happened;
    upsert::values_of_every_type_are_compared;
    upsert::ignore_gives_the_row_that_exists;
    upsert::a_change_is_computed_from_the_row;
    upsert::another_unique_column_stays_a_violation;
    upsert::targets_are_keys_and_constraints;
    upsert::null_conflicts_with_nothing;
    upsert::wrong_targets_are_refused;
    upsert::other_violations_are_not_hidden;
    upsert::upserts_take_part_in_a_transaction;
    upsert::tasks_at_once_change_one_row;
    upsert::time_and_version_follow_a_change;
    upsert::values_are_validated;
    insert_from::rows_of_a_query_are_stored;
    insert_from::other_columns_get_their_defaults;
    insert_from::missing_columns_are_refused;
    insert_from::plain_values_are_validated;
    insert_from::all_rows_are_stored_or_none;
    insert_from::conflicts_are_passed_over needs ConflictsFromQuery;
    insert_from::table_is_its_own_source;
    insert_from::slices_choose_the_rows;
    insert_from::scopes_hold;
    insert_from::values_of_every_type_are_stored;
    insert_from::decimals_are_not_rounded;
    insert_from::decimals_get_more_digits needs DecimalsOfOtherDigits;
    save::read_only_columns_are_left_alone;
    save::read_only_columns_are_refused_by_name;
    save::hooks_set_what_is_read_only;
    save::validation_is_skipped_on_request;
    save::saves_are_waited_for;
    matched::rows_in_hand_are_found;
    matched::updates_count_them;
    matched::upserts_find_them;
    matched::deletes_count_them;
}

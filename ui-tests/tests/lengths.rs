//! Every text is one error and short. A blank line inside it counts.

use std::{fs, path::Path};

const MOST_LINES: usize = 10;

/// A missing field of an insert: the fields that are missing stand beside the builder's bound.
const MOST_LINES_OF_MISSING_FIELDS: usize = 15;

const LOCAL: &str = "a model in the same crate is shown too: rustc points at a local type that lacks a trait, and at \
                     one that lacks a name";
const SETTER: &str = "a bound on a method is always shown where it stands: the field";
const ARGUMENT: &str = "rustc shows the method of a mismatched argument too";
const UNMET: &str = "rustc shows the type whose method is missing, and what would bring one of that name";
const SCOPE: &str = "rustc's own text for a trait that is not in scope, with the line to add";
const CONSTANT: &str = "rustc's own remarks where else a wrong constant is used";
const OPERATOR: &str =
    "rustc's own text for an operator: tokens must not have it, else it would compile to a plain bool";

/// Texts that may be longer, and why.
const LONGER: &[(&str, usize, &str)] = &[
    ("model_field_not_storable", 12, LOCAL),
    ("typo_in_column", 11, LOCAL),
    ("typo_in_setter", 11, LOCAL),
    ("model_clean_without_impl", 12, LOCAL),
    ("draft_of_other_model", 15, ARGUMENT),
    ("get_or_create_other_model", 15, ARGUMENT),
    ("get_or_create_unfinished", 15, ARGUMENT),
    ("get_or_create_by_nothing", 15, UNMET),
    ("upsert_without_change", 15, UNMET),
    ("bulk_update_other_rows", 15, "a bound on a function is always shown where it stands"),
    ("not_of_a_column", 11, OPERATOR),
    ("double_equals", 13, OPERATOR),
    ("greater_than", 13, OPERATOR),
    ("create_wrong_foreign_key", 14, SETTER),
    ("insert_none", 14, SETTER),
    ("insert_wrong_type", 14, SETTER),
    ("model_key_of_float", 13, "the bound of an associated type is always shown where it stands"),
    (
        "no_prelude_eq",
        19,
        "`Iterator` has an `eq`, so rustc says that a column is no iterator; its last line is the way out",
    ),
    ("no_prelude_filter", 19, "as above: `Iterator` has a `filter` too"),
    ("no_prelude_query", 11, SCOPE),
    ("no_prelude_compare", 21, SCOPE),
    ("no_prelude_create", 16, SCOPE),
    ("missing_field_of_part", 21, SETTER),
    ("embed_order_by_no_field", 13, CONSTANT),
    ("embed_same_column", 27, CONSTANT),
    ("model_soft_delete_on_text", 11, CONSTANT),
    ("model_without_its_hooks", 17, LOCAL),
    ("insertable_missing", 26, "the bounds of serde_json's own function are shown, and where `New` is deserialised"),
    (
        "embed_flatten_of_no_part",
        97,
        "all that is derived for the field asks for the trait; the first error is the right one",
    ),
    ("raw_sql_function_from_format", 15, "a bound on a function is always shown where it stands"),
    ("raw_sql_row_type", 13, "a bound on a function is always shown where it stands"),
    ("use_after_delete", 14, "rustc's own text for a value that was moved, with its suggestion"),
    ("foreign_key_of_other_type", 12, "a bound on a function is always shown where it stands"),
    ("references_other_type", 12, "a bound on a function is always shown where it stands"),
    ("has_many_wrong_target", 17, "a bound on a function is always shown where it stands"),
    ("link_of_other_model", 12, "a bound on a method is always shown where it stands"),
    ("link_without_join_table", 13, UNMET),
    ("many_to_many_through_no_key", 17, "two foreign keys are missing"),
    ("many_to_many_to_no_model", 36, "what the join table is made of is wrong too; the first error is the right one"),
    ("of_other_model", 15, ARGUMENT),
    ("of_create_missing_field", 15, SETTER),
    ("of_create_over_links", 15, SETTER),
    ("tree_of_other_model", 13, "the compiler says in which bound of the method the two models differ"),
    (
        "with_count_of_other_model",
        16,
        "what the query would give does not exist either; the first error is the right one",
    ),
    ("select_of_related_other_model", 13, "rustc shows the model of which the column can be chosen"),
    ("loaded_typo", 15, "rustc shows the name, then the signature that has it"),
    ("loaded_nested_typo", 15, "rustc shows the name, then the signature that has it"),
    ("projection_no_column", 11, UNMET),
    ("load_into_a_column", 13, "a bound on a function is always shown where it stands"),
    ("load_into_other_model", 26, "what the rows would become does not exist either; the first error is the right one"),
    ("load_into_slot_of_other_type", 18, "rustc shows the bound where it stands, and a way out"),
    ("loader_of_one_by_key", 13, UNMET),
    ("loader_of_other_row", 15, ARGUMENT),
    ("select_other_model_run", 21, "a bound on a function is always shown where it stands"),
    ("with_other_model", 16, "what the query would give does not exist either; the first error is the right one"),
    ("executor_by_value", 19, "a missing `&` is rustc's own mismatch, with the correction"),
    (
        "model_foreign_key_to_non_model",
        290,
        "the field's type does not exist, so all that is derived from the struct is wrong; the first error is the \
         right one",
    ),
];

/// How many lines a text may have.
fn most_lines(name: &str) -> usize {
    let usual = if name.starts_with("missing_") { MOST_LINES_OF_MISSING_FIELDS } else { MOST_LINES };
    LONGER.iter().find(|(file, ..)| *file == name).map_or(usual, |(_, most, _)| *most)
}

/// Texts of several errors.
const SEVERAL: &[(&str, usize)] = &[
    ("embed_flatten_of_no_part", 6),
    ("model_foreign_key_to_non_model", 14),
    ("many_to_many_through_no_key", 2),
    ("many_to_many_to_no_model", 3),
    ("with_other_model", 2),
    ("with_count_of_other_model", 2),
    ("load_into_other_model", 2),
    ("loaded_typo", 2),
    ("loaded_nested_typo", 2),
];

/// The lines that rustc prints before its closing remarks.
fn rendered(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with("For more information") && !line.starts_with("Some errors have detailed"))
        .collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    lines
}

#[test]
fn every_text_is_one_short_error() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut wrong = Vec::new();
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).expect("ui-tests/ui") {
        let path = entry.expect("an entry of ui-tests/ui").path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("rs") if !path.with_extension("stderr").exists() => wrong.push(format!("{name}: no .stderr")),
            Some("stderr") => {
                let text = fs::read_to_string(&path).expect("a .stderr");
                let lines = rendered(&text);
                let most = most_lines(&name);
                let errors = lines.iter().filter(|line| line.starts_with("error")).count();
                let warnings = lines.iter().filter(|line| line.starts_with("warning")).count();
                let expected = SEVERAL.iter().find(|(file, _)| *file == name).map_or(1, |(_, errors)| *errors);
                if errors != expected || warnings != 0 {
                    wrong.push(format!("{name}: {errors} errors, {warnings} warnings"));
                }
                if lines.len() > most {
                    wrong.push(format!("{name}: {} lines, at most {most}", lines.len()));
                }
                if text.contains("/home/") || text.contains("/root/") || text.contains("/work/") {
                    wrong.push(format!("{name}: names a directory of one machine"));
                }
                names.push((name, lines.len()));
            }
            _ => {}
        }
    }
    for (file, most, _) in LONGER {
        match names.iter().find(|(name, _)| name == file) {
            None => wrong.push(format!("{file}: in the table, but there is no such file")),
            Some((_, lines)) if *lines <= MOST_LINES => wrong.push(format!("{file}: no longer needs {most} lines")),
            Some(_) => {}
        }
    }
    wrong.sort();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

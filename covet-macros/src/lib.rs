//! The derives of covet. Use them through the crate `covet`.

mod model;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Makes a struct a model: column tokens, the table's description, decoding, and the insert builder.
///
/// On the struct: `table = ".."` (default: the name in snake_case), `crate = ".."` (where covet is,
/// default `::covet`). On a field: `primary_key`, `auto`, `column = ".."`, `unique`, `index`,
/// `max_length = n`, `decimal(precision, scale)`, `default`, `default = value`, `token = ".."`.
#[proc_macro_derive(Model, attributes(covet))]
pub fn model(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    model::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

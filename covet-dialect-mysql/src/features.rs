//! What the two databases have, and how much fits into one statement.

use covet_core::{
    feature::{Feature, Features},
    render::BindLimits,
};

/// MariaDB could also claim `insert_returning`, but the key already comes with the reply of an INSERT.
pub const FEATURES: Features = Features::NONE
    .with(Feature::AddConstraint)
    .with(Feature::DecimalsOfOtherDigits)
    .with(Feature::VirtualColumns)
    .with(Feature::Schemas);

/// MariaDB has no index over an expression.
pub const MYSQL: Features = FEATURES.with(Feature::ExpressionIndexes);

/// With SIMULTANEOUS_ASSIGNMENT, which covet sets, MariaDB's updates read the old values. MariaDB
/// takes the rows of an INSERT in an array.
pub const MARIADB: Features =
    FEATURES.with(Feature::SimultaneousAssignment).with(Feature::Copy).with(Feature::ReturningRow);

/// The parameters of a statement are counted in 16 bits.
pub const MOST_PARAMETERS: usize = 65_535;

/// The bytes of a statement where the server's `max_allowed_packet` is not known.
const BYTES: usize = 1 << 20;

/// Larger statements are not faster, and each is held in memory on both sides.
const MOST_BYTES: usize = 16 << 20;

/// More rows in one INSERT are not faster, and from some thousand on they are slower.
const MOST_ROWS: usize = 500;

/// The limits of a server, the rest of a packet being left to the text and to numbers.
pub fn limits(max_allowed_packet: Option<usize>) -> BindLimits {
    let bytes = max_allowed_packet.map_or(BYTES, |packet| (packet / 2).min(MOST_BYTES));
    BindLimits { parameters: MOST_PARAMETERS, rows: MOST_ROWS, bytes }
}

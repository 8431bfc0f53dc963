//! What a database may lack.
//!
//! A backend starts with none of these and adds what its database has, so that an old backend
//! never claims a feature it has not heard of. Rendering asks with `Dialect::require`.

use std::fmt;

macro_rules! features {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal, $way_out:literal;)*) => {
        /// One thing that some databases can do and others cannot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Feature { $($(#[doc = $doc])* $variant,)* }

        impl Feature {
            /// Every feature that covet knows.
            pub const ALL: &'static [Feature] = &[$(Feature::$variant,)*];

            /// Names the feature as docs/features.md does.
            pub const fn name(self) -> &'static str {
                match self { $(Feature::$variant => $name,)* }
            }

            /// Says what to do on a database without the feature.
            pub const fn way_out(self) -> &'static str {
                match self { $(Feature::$variant => $way_out,)* }
            }
        }
    };
}

features! {
    /// A conflict of a new row with an existing one is looked for in chosen columns only.
    ConflictTarget = "conflict_target", "covet looks for the row by itself";
    /// `UPDATE .. RETURNING` and `DELETE .. RETURNING` give the rows back.
    WriteReturning = "write_returning", "covet reads the rows in the same transaction";
    /// `INSERT .. RETURNING` gives the new row's values back.
    InsertReturning = "insert_returning", "covet reads the key back by itself";
    /// `INSERT .. RETURNING` gives every column of the new row back.
    ReturningRow = "returning_row", "covet reads the row back by its key, in the same transaction";
    /// A generated column is computed when it is read.
    VirtualColumns = "virtual_columns", "covet has the value stored";
    /// A list is one array parameter.
    ArrayParameter = "array_parameter", "covet sends the list as several parameters";
    /// `ALTER TABLE .. ADD CONSTRAINT` on an existing table.
    AddConstraint = "add_constraint", "constraints are part of CREATE TABLE";
    /// DDL takes part in transactions.
    TransactionalDdl = "transactional_ddl", "run DDL outside of transactions";
    /// Several statements can be under way on one connection.
    Pipelining = "pipelining", "statements of one connection wait for each other";
    /// Columns are typed by the server, and values of another type are refused.
    NativeUuid = "native_uuid", "UUIDs are stored as 16 bytes";
    /// A constraint is checked at the end of the transaction.
    DeferrableConstraints = "deferrable_constraints", "constraints are checked by each statement";
    /// NaN can be stored in a floating-point column.
    FloatNan = "float_nan", "store NULL instead of NaN";
    /// Infinity can be stored in a floating-point column.
    FloatInfinity = "float_infinity", "store NULL instead of an infinity";
    /// The assignments of an update all read the old values.
    SimultaneousAssignment = "simultaneous_assignment", "read the values first, then set them";
    /// An index or a unique key is about the rows that meet a condition.
    PartialIndexes = "partial_indexes", "index a generated column that is NULL in the other rows";
    /// An index carries columns that it is not ordered by.
    IndexInclude = "index_include", "name the columns behind the others: `index(a, b)`";
    /// An index says how it is built.
    IndexMethod = "index_method", "leave `method` out, or make the index with SQL of your own";
    /// An index is over an expression.
    ExpressionIndexes = "expression_indexes", "index a generated column: `#[covet(generated = \"..\", index)]`";
    /// Tables stand in schemas; on MySQL and MariaDB these are databases.
    Schemas = "schemas", "name the other engines: `schema(pg = \"..\", mysql = \"..\")`, or leave `schema` out";
    /// Many new rows are sent as one stream.
    Copy = "copy", "covet sends them as rows of INSERT statements";
    /// The list of an `in_` has any length.
    LongLists = "long_lists", "a list of an `in_` has at most 32,768 values there: split it, or store it in a table and compare with that";
    /// Texts are matched with regular expressions.
    Regex = "regex", "narrow the rows down with `contains`, and match them in Rust";
    /// A column of a related model can be read in the assignments of an update.
    UpdateFromRelation = "update_from_relation", "read the value first, then set it";
    /// New rows that a query makes pass over those that exist already.
    ConflictsFromQuery = "conflicts_from_query", "filter rows out that exist, or read the rows and use `bulk_create(..).ignore_conflicts()`";
    /// Columns hold arrays.
    Arrays = "arrays", "store the list as JSON: `Json<Vec<T>>`";
    /// Decimal columns of different digits can be compared with each other.
    DecimalsOfOtherDigits = "decimals_of_other_digits", "give both columns the same `decimal(p, s)`";
}

impl fmt::Display for Feature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The set of features that one server version has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features(u64);

impl Features {
    /// A database that can do nothing special.
    pub const NONE: Features = Features(0);

    /// Adds one feature.
    #[must_use]
    pub const fn with(self, feature: Feature) -> Features {
        Features(self.0 | 1 << feature as u64)
    }

    /// Says whether the database has `feature`.
    pub const fn has(self, feature: Feature) -> bool {
        self.0 & (1 << feature as u64) != 0
    }
}

//! What PostgreSQL has.

use covet_core::feature::{Feature, Features};

/// The features of the newest server that covet knows. Every supported version has all of them. The virtual columns of
/// version 18 are left out: an index cannot have one.
pub const NEWEST: Features = Features::NONE
    .with(Feature::InsertReturning)
    .with(Feature::ConflictTarget)
    .with(Feature::ConflictsFromQuery)
    .with(Feature::WriteReturning)
    .with(Feature::ReturningRow)
    .with(Feature::SimultaneousAssignment)
    .with(Feature::ArrayParameter)
    .with(Feature::Arrays)
    .with(Feature::LongLists)
    .with(Feature::Regex)
    .with(Feature::PartialIndexes)
    .with(Feature::IndexInclude)
    .with(Feature::IndexMethod)
    .with(Feature::AddConstraint)
    .with(Feature::TransactionalDdl)
    .with(Feature::Pipelining)
    .with(Feature::ExpressionIndexes)
    .with(Feature::Schemas)
    .with(Feature::Copy)
    .with(Feature::NativeUuid)
    .with(Feature::DeferrableConstraints)
    .with(Feature::FloatNan)
    .with(Feature::FloatInfinity)
    .with(Feature::DecimalsOfOtherDigits);

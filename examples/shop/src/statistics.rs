//! What was sold lately.

use crate::models::{Order, Status};
use chrono::{DateTime, TimeDelta, Utc};
use covet::{Db, prelude::*};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The orders of the last 30 days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// How many there are in each status.
    pub orders: BTreeMap<Status, u64>,
    /// What they are worth, without those that were cancelled.
    pub revenue: Decimal,
    /// What the largest of these is worth.
    pub largest: Option<Decimal>,
}

/// Adds up the orders of the 30 days before `now`, one by one as they arrive.
///
/// # Errors
/// What the database says.
pub async fn statistics(db: &Db, now: DateTime<Utc>) -> covet::Result<Statistics> {
    let mut found = Statistics::default();
    let mut orders = Order::filter(Order::created_at.between(now - TimeDelta::days(30), now)).stream(db);
    while let Some(order) = orders.next().await {
        let order = order?;
        *found.orders.entry(order.status).or_default() += 1;
        if order.status != Status::Cancelled {
            found.revenue += order.total;
            found.largest = found.largest.max(Some(order.total));
        }
    }
    Ok(found)
}

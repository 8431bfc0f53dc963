//! A borrowed connection that knows whether its last reply was read to the end.

use super::{Connection, Held};
use crate::error::Result;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// A borrowed connection. When a statement was dropped before its reply was complete, the
/// connection is not lent again as it is.
pub struct Lease {
    held: Box<dyn Held>,
    in_flight: AtomicUsize,
    abandoned: AtomicBool,
    roll_back_first: AtomicBool,
    streaming: AtomicBool,
    lost: AtomicBool,
}

impl Lease {
    pub fn new(held: Box<dyn Held>) -> Lease {
        Lease {
            held,
            in_flight: AtomicUsize::new(0),
            abandoned: AtomicBool::new(false),
            roll_back_first: AtomicBool::new(false),
            streaming: AtomicBool::new(false),
            lost: AtomicBool::new(false),
        }
    }

    pub fn connection(&self) -> &dyn Connection {
        self.held.connection()
    }

    /// Counts a statement in. Made before the first byte is sent.
    pub fn start(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Ordering::AcqRel);
        InFlight { lease: self, done: false }
    }

    /// Whether nothing may follow: a stream was dropped half-way, or any statement on a connection that
    /// does not pipeline.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire) || self.abandoned.load(Ordering::Acquire) && !self.connection().pipelines()
    }

    /// Whether the rows of a stream are being read.
    pub fn is_streaming(&self) -> bool {
        self.streaming.load(Ordering::Acquire)
    }

    /// Keeps other statements away while a stream is read.
    pub fn stream(&self) -> Streaming<'_> {
        self.streaming.store(true, Ordering::Release);
        Streaming { lease: self, done: false }
    }

    /// A transaction on this connection was dropped: it is rolled back before the next statement.
    pub fn roll_back_first(&self) {
        self.roll_back_first.store(true, Ordering::Release);
    }

    /// Hands a rollback to whoever holds the connection, if somebody does.
    pub fn roll_back_later(&self) -> bool {
        self.held.roll_back_later()
    }

    /// Whether a statement can run right now: none is under way or lost, and nothing is to be rolled back.
    pub fn is_quiet(&self) -> bool {
        self.in_flight.load(Ordering::Acquire) == 0
            && !self.abandoned.load(Ordering::Acquire)
            && !self.lost.load(Ordering::Acquire)
            && !self.roll_back_first.load(Ordering::Acquire)
    }

    /// Rolls back what a dropped transaction has left.
    pub async fn settle(&self) -> Result<()> {
        if self.roll_back_first.swap(false, Ordering::AcqRel) {
            let guard = self.start();
            let result = self.connection().rollback().await;
            guard.finish();
            if result.is_err() {
                self.spoil();
            }
            return result;
        }
        Ok(())
    }

    /// Marks the connection as unclean.
    pub fn spoil(&self) {
        self.abandoned.store(true, Ordering::Release);
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let left_open = self.roll_back_first.load(Ordering::Acquire);
        if left_open || self.abandoned.load(Ordering::Acquire) || self.in_flight.load(Ordering::Acquire) > 0 {
            self.held.spoil();
        }
    }
}

/// A stream that is being read.
pub struct Streaming<'a> {
    lease: &'a Lease,
    done: bool,
}

impl Streaming<'_> {
    /// The reply was read to the end.
    pub fn finish(mut self) {
        self.done = true;
    }
}

impl Drop for Streaming<'_> {
    fn drop(&mut self) {
        if !self.done {
            self.lease.lost.store(true, Ordering::Release);
        }
        self.lease.streaming.store(false, Ordering::Release);
    }
}

/// One statement under way.
pub struct InFlight<'a> {
    lease: &'a Lease,
    done: bool,
}

impl InFlight<'_> {
    /// The reply was read to the end.
    pub fn finish(mut self) {
        self.done = true;
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let others = self.lease.in_flight.fetch_sub(1, Ordering::AcqRel) - 1;
        if !self.done {
            self.lease.abandoned.store(true, Ordering::Release);
            // Where statements pipeline, a cancel request could hit a neighbour.
            if others == 0 {
                self.lease.connection().cancel();
            }
        }
    }
}

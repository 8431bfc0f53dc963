//! What a case is, and how the registry lists them.

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
        /// The cases of this list.
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

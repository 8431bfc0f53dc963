//! What runs once a transaction has committed.

use futures_util::FutureExt;
use std::{fmt::Display, future::Future, panic::AssertUnwindSafe, pin::Pin};

/// A future that is polled after the commit, and says why it failed.
pub(super) type AfterCommit = Pin<Box<dyn Future<Output = Option<String>> + Send>>;

/// What a future for [`Tx::on_commit`](super::Tx::on_commit) gives: nothing, or a `Result`.
#[diagnostic::on_unimplemented(
    message = "a future for `on_commit` gives `()` or a `Result`, not `{Self}`",
    label = "gives `{Self}`"
)]
pub trait CommitOutcome {
    /// Why it failed.
    #[doc(hidden)]
    fn failure(self) -> Option<String>;
}

#[diagnostic::do_not_recommend]
impl CommitOutcome for () {
    fn failure(self) -> Option<String> {
        None
    }
}
#[diagnostic::do_not_recommend]
impl<T, E: Display> CommitOutcome for Result<T, E> {
    fn failure(self) -> Option<String> {
        self.err().map(|error| error.to_string())
    }
}

pub(super) fn boxed<F>(future: F) -> AfterCommit
where
    F: Future<Output: CommitOutcome> + Send + 'static,
{
    Box::pin(async move { future.await.failure() })
}

/// Runs them in their order. The transaction is committed whatever they do.
pub(super) async fn run(after: Vec<AfterCommit>) {
    for future in after {
        let failure = match AssertUnwindSafe(future).catch_unwind().await {
            Ok(failure) => failure,
            Err(_) => Some("it panicked".to_owned()),
        };
        if let Some(failure) = failure {
            tracing::error!(target: "covet", failure, "what was to run after a commit failed");
        }
    }
}

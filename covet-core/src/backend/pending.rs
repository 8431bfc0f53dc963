//! Runs that have not started yet, and blocking code.

use super::site::Site;
use crate::error::{Error, ErrorKind, Result};
use std::{
    future::{Future, IntoFuture},
    pin::Pin,
    sync::OnceLock,
    task::{Context, Poll, Waker},
};
use tokio::runtime::{Builder, Handle, Runtime};

/// A run. Lazy: nothing happens before it is awaited, or waited for with [`wait`](Self::wait).
#[must_use = "nothing runs before `.await` or `.wait()`"]
pub struct Pending<'a, T> {
    future: Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>,
    site: Site,
}

impl<'a, T> Pending<'a, T> {
    #[track_caller]
    pub(crate) fn new(future: impl Future<Output = Result<T>> + Send + 'a) -> Pending<'a, T> {
        Pending { future: Box::pin(future), site: Site::here() }
    }

    /// A run that changes something, whatever it reads on the way.
    #[track_caller]
    pub(crate) fn write(future: impl Future<Output = Result<T>> + Send + 'a) -> Pending<'a, T> {
        Pending { future: Box::pin(future), site: Site::of_write() }
    }

    /// Runs it in blocking code.
    ///
    /// # Errors
    /// As the run itself; and [`ErrorKind::WaitInsideAsync`] when async code calls it, where it
    /// would block the thread that has to finish the query.
    pub fn wait(self) -> Result<T> {
        wait(self)?
    }
}

impl<T> Future for Pending<'_, T> {
    type Output = Result<T>;
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        let Pending { future, site } = &mut *self;
        site.poll(|| future.as_mut().poll(cx))
    }
}

/// A run whose type depends on a closure: not boxed, `Send` exactly when the closure's future is.
#[must_use = "nothing runs before `.await` or `.wait()`"]
pub struct Run<F>(pub(crate) F);

impl<F: Future> IntoFuture for Run<F> {
    type Output = F::Output;
    type IntoFuture = F;
    fn into_future(self) -> F {
        self.0
    }
}

impl<T, E: From<Error>, F: Future<Output = Result<T, E>>> Run<F> {
    /// Runs it in blocking code; see [`Pending::wait`].
    ///
    /// # Errors
    /// As the run itself, and when async code calls it.
    pub fn wait(self) -> Result<T, E> {
        wait(self.0).map_err(E::from)?
    }
}

/// One runtime for all blocking callers of the process.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    RUNTIME
        .get_or_init(|| Builder::new_multi_thread().worker_threads(1).thread_name("covet-io").enable_all().build())
        .as_ref()
        .map_err(|error| Error::new(ErrorKind::Connection, format!("cannot start covet's I/O thread: {error}")))
}

/// Whether the thread is polling a task: inside `spawn_blocking` and `block_in_place` tokio's
/// cooperative budget is off, in a task it runs out.
fn is_polling() -> bool {
    if Handle::try_current().is_err() {
        return false;
    }
    let mut cx = Context::from_waker(Waker::noop());
    let mut spent = Vec::new();
    for _ in 0..=u8::MAX {
        match tokio::task::coop::poll_proceed(&mut cx) {
            Poll::Ready(unit) => spent.push(unit),
            Poll::Pending => return true,
        }
    }
    false
}

fn wait<F: Future>(future: F) -> Result<F::Output> {
    if is_polling() {
        return Err(Error::new(ErrorKind::WaitInsideAsync, "`.wait()` was called by async code")
            .hint("`.await` it, or run the blocking code in `tokio::task::spawn_blocking`"));
    }
    match Handle::try_current() {
        Ok(handle) => Ok(handle.block_on(future)),
        Err(_) => Ok(runtime()?.block_on(future)),
    }
}

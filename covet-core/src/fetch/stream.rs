//! Rows one by one, in bounded memory.

use super::{Decode, Ready};
use crate::{
    backend::{Executor, Site, Work},
    error::{Error, ErrorKind, Result},
    value::{Row, RowSink},
};
use futures_util::Stream;
use std::{
    any::Any,
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::{sync::mpsc, time::Sleep};

/// How many rows go to the reader at once.
const CHUNK: usize = 64;

/// Hands rows to the reader in chunks; the backend waits when two of them are not taken yet.
struct Chunks<T> {
    rows: Vec<T>,
    decode: Decode<T>,
    reader: mpsc::Sender<Vec<T>>,
    rest: Rest<T>,
}

/// What the last chunk has, also when the statement ends in an error.
type Rest<T> = Arc<Mutex<Vec<T>>>;

fn lock<T>(rest: &Rest<T>) -> MutexGuard<'_, Vec<T>> {
    rest.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Drop for Chunks<T> {
    fn drop(&mut self) {
        *lock(&self.rest) = std::mem::take(&mut self.rows);
    }
}

impl<T: Send + 'static> RowSink for Chunks<T> {
    fn row(&mut self, row: &dyn Row) -> Result<()> {
        if self.reader.is_closed() {
            return Err(nobody_reads());
        }
        self.rows.push(self.decode.row(row)?);
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.rows.len() >= CHUNK
    }

    fn flush(&mut self) -> Pin<Box<dyn Future<Output = Result<()>> + Send + '_>> {
        let rows = std::mem::replace(&mut self.rows, Vec::with_capacity(CHUNK));
        Box::pin(async { self.reader.send(rows).await.map_err(|_| nobody_reads()) })
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

#[cold]
fn nobody_reads() -> Error {
    Error::new(ErrorKind::ConnectionBusy, "the stream was closed")
}

/// The statement.
type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Rows one by one, in bounded memory: a few hundred are ahead of the reader at most.
///
/// A [`Stream`], with [`next`](Self::next) of its own. It holds one connection: on `&db` one of the pool, on
/// a transaction the transaction's, where other statements are refused meanwhile
/// ([`ErrorKind::ConnectionBusy`]). Dropping it stops the statement on the server; in a transaction nothing
/// may follow then, so end such a stream with [`close`](Self::close). After an error it ends.
///
/// `statement_timeout` counts the time for which the reader waits, not the time that it takes.
#[must_use = "nothing runs before the stream is read"]
pub struct RowStream<'a, T> {
    rows: std::vec::IntoIter<T>,
    chunks: mpsc::Receiver<Vec<T>>,
    rest: Rest<T>,
    running: Option<Running<'a>>,
    started: bool,
    error: Option<Error>,
    most: Option<Duration>,
    deadline: Option<Pin<Box<Sleep>>>,
    site: Site,
}

impl<T> Unpin for RowStream<'_, T> {}

impl<'a, T: Send + 'static> RowStream<'a, T> {
    #[track_caller]
    pub(crate) fn new(on: &'a dyn Executor, ready: Result<Ready>, decode: Decode<T>) -> RowStream<'a, T> {
        let (reader, chunks) = mpsc::channel(1);
        let rest = Rest::default();
        let sink = Box::new(Chunks { rows: Vec::new(), decode, reader, rest: Arc::clone(&rest) });
        let running = async move {
            let (statement, values) = ready?;
            on.run(Work::Stream(statement, values, sink)).await.map(drop)
        };
        RowStream {
            rows: Vec::new().into_iter(),
            chunks,
            rest,
            running: Some(Box::pin(running)),
            started: false,
            error: None,
            most: on.shared().options.statement_timeout,
            deadline: None,
            site: Site::here(),
        }
    }

    /// The next row; `None` behind the last one.
    ///
    /// # Errors
    /// What the database says, or a row that cannot be decoded; nothing comes after it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Ends the stream early, in such a way that a transaction can go on. The server's remaining rows are
    /// read and thrown away where its protocol knows no other way (PostgreSQL, MySQL, MariaDB). A stream that
    /// nobody has read runs nothing.
    ///
    /// # Errors
    /// What the database said meanwhile.
    pub async fn close(mut self) -> Result<()> {
        self.chunks.close();
        let Some(running) = self.running.take().filter(|_| self.started) else {
            return self.error.take().map_or(Ok(()), Err);
        };
        match running.await {
            Err(error) if error.kind() != ErrorKind::ConnectionBusy => Err(error),
            Ok(_) | Err(_) => Ok(()),
        }
    }

    /// Lets the statement go on until there are rows.
    fn advance(&mut self, cx: &mut Context<'_>) -> Poll<Option<Vec<T>>> {
        if let Poll::Ready(Some(rows)) = self.chunks.poll_recv(cx) {
            return Poll::Ready(Some(rows));
        }
        let Some(running) = &mut self.running else { return Poll::Ready(None) };
        self.started = true;
        let ended = running.as_mut().poll(cx);
        // The last full chunk stands before the rest.
        let waiting = self.chunks.poll_recv(cx);
        match ended {
            Poll::Ready(result) => {
                self.running = None;
                let mut rows = if let Poll::Ready(Some(rows)) = waiting { rows } else { Vec::new() };
                rows.append(&mut lock(&self.rest));
                self.error = result.err();
                Poll::Ready(Some(rows))
            }
            Poll::Pending => match waiting {
                Poll::Ready(Some(rows)) => Poll::Ready(Some(rows)),
                Poll::Ready(None) | Poll::Pending => self.wait(cx),
            },
        }
    }

    /// Nothing is there yet.
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Option<Vec<T>>> {
        let Some(most) = self.most else { return Poll::Pending };
        let deadline = self.deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(most)));
        ready!(deadline.as_mut().poll(cx));
        self.running = None;
        let error = Error::new(ErrorKind::Timeout, format!("the next row of a stream took longer than {most:?}"));
        self.error = Some(error.hint("raise `statement_timeout`, or make the statement faster"));
        Poll::Ready(None)
    }
}

impl<T: Send + 'static> Stream for RowStream<'_, T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        loop {
            if let Some(row) = self.rows.next() {
                return Poll::Ready(Some(Ok(row)));
            }
            let mut site = self.site;
            let rows = site.poll(|| self.advance(cx));
            self.site = site;
            match ready!(rows) {
                Some(rows) => {
                    self.deadline = None;
                    self.rows = rows.into_iter();
                }
                None => return Poll::Ready(self.error.take().map(Err)),
            }
        }
    }
}

//! A backend that answers nothing and keeps what it is sent.

use async_trait::async_trait;
use covet::{
    Options, Result,
    backend::{Backend, Connection, Done, Opened, ServerPool},
    render::{Dialect, Prepared},
    value::{RowSink, Value, Values},
};
use std::sync::{Arc, Mutex};

/// A statement and its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pub text: String,
    pub values: Vec<Value>,
}

/// The backend, and its only connection.
#[derive(Clone)]
pub struct Recorder {
    dialect: Arc<dyn Dialect>,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Recorder {
    pub fn new(dialect: Arc<dyn Dialect>) -> Recorder {
        Recorder { dialect, sent: Arc::default() }
    }

    /// What was sent since this was asked last.
    pub fn take(&self) -> Vec<Sent> {
        std::mem::take(&mut self.sent.lock().unwrap())
    }

    fn keep(&self, text: &str, values: Values) {
        self.sent.lock().unwrap().push(Sent { text: text.to_owned(), values: values.into_vec() });
    }
}

#[async_trait]
impl Backend for Recorder {
    fn schemes(&self) -> &'static [&'static str] {
        &["recorder"]
    }

    async fn connect(&self, _url: &str, _options: &Options) -> Result<Box<dyn Connection>> {
        Ok(Box::new(self.clone()))
    }

    async fn open_boxed(self: Arc<Self>, url: &str, options: &Options) -> Result<Opened> {
        ServerPool::open(self, url, options).await
    }
}

#[async_trait]
impl Connection for Recorder {
    fn dialect(&self) -> Arc<dyn Dialect> {
        Arc::clone(&self.dialect)
    }

    async fn query(
        &self,
        statement: &Arc<Prepared>,
        values: Values,
        sink: Box<dyn RowSink>,
    ) -> Result<Box<dyn RowSink>> {
        self.keep(&statement.sql, values);
        Ok(sink)
    }

    async fn execute(&self, statement: &Arc<Prepared>, values: Values) -> Result<Done> {
        self.keep(&statement.sql, values);
        Ok(Done { rows: 1, last_key: Some(1) })
    }

    async fn batch(&self, sql: &str) -> Result<()> {
        self.keep(sql, Values::new());
        Ok(())
    }

    async fn ping(&self) -> Result<()> {
        Ok(())
    }

    fn is_closed(&self) -> bool {
        false
    }

    fn cancel(&self) {}
}

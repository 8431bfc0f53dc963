//! Makes a database with the tables and the rows.

use crate::mysql::options;
use bench_kit::{Engine, Result, script};
use mysql_async::{Conn, prelude::*};
use std::path::Path;
use tokio_postgres::{Client, NoTls};

async fn postgres(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}

/// Makes the database `name` on the server of `url`, or the file `name`, anew.
///
/// Gives the URL or the path that a worker is started with.
pub async fn seed(engine: Engine, url: &str, name: &str, tables: &Path) -> Result<String> {
    let script = script(engine, tables)?;
    match engine {
        Engine::SqliteMemory => Ok(String::new()),
        Engine::SqliteFile => {
            let file = rusqlite::Connection::open(name)?;
            file.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
            for statement in &script {
                file.execute_batch(statement)?;
            }
            Ok(name.to_owned())
        }
        Engine::Postgres => {
            let server = postgres(url).await?;
            server.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
            server.batch_execute(&format!("CREATE DATABASE {name}")).await?;
            let own = of(url, name);
            let database = postgres(&own).await?;
            for statement in &script {
                database.batch_execute(&statement).await?;
            }
            Ok(own)
        }
        Engine::MySql | Engine::MariaDb => {
            let mut server = Conn::new(options(url)?).await?;
            server.query_drop(format!("DROP DATABASE IF EXISTS {name}")).await?;
            server.query_drop(format!("CREATE DATABASE {name}")).await?;
            server.disconnect().await?;
            let own = of(url, name);
            let mut database = Conn::new(options(&own)?).await?;
            for statement in &script {
                database.query_drop(statement).await?;
            }
            database.disconnect().await?;
            Ok(own)
        }
    }
}

/// The URL of another database on the same server.
fn of(url: &str, name: &str) -> String {
    let server = url.rfind('/').map_or(url, |slash| &url[..slash]);
    format!("{server}/{name}")
}

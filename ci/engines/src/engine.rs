//! The engines by name: their variables, their URLs, their images, what their logs say.
//!
//! How a server is unpacked, initialised and started stands in `ci/lib`, under the same names.

/// A database server that the tests can run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Engine {
    pub name: &'static str,
    pub family: Family,
    /// The tag of its image, `covet-test/<family>:<tag>`.
    pub tag: &'static str,
    /// Whether it runs by default, or only when it is asked for.
    pub every_push: bool,
    /// Debian's unstable suite is its only source; on a day without it, the run goes on.
    pub may_be_missing: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    Postgres,
    MySql,
    MariaDb,
}

const fn engine(name: &'static str, family: Family, tag: &'static str) -> Engine {
    Engine { name, family, tag, every_push: true, may_be_missing: false }
}

pub const ENGINES: [Engine; 7] = [
    engine("pg15", Family::Postgres, "15"),
    Engine { every_push: false, ..engine("pg17", Family::Postgres, "17") },
    engine("pg18", Family::Postgres, "18"),
    Engine { may_be_missing: true, ..engine("mysql97", Family::MySql, "9.7") },
    Engine { every_push: false, ..engine("mariadb105", Family::MariaDb, "10.5") },
    engine("mariadb1011", Family::MariaDb, "10.11"),
    engine("mariadb118", Family::MariaDb, "11.8"),
];

impl Engine {
    pub fn by_name(name: &str) -> Option<Engine> {
        ENGINES.into_iter().find(|engine| engine.name == name)
    }

    /// The variable that the tests read.
    pub fn variable(&self) -> String {
        self.variable_of("URL")
    }

    /// `COVET_TEST_PG18_URL` and others of that form.
    pub fn variable_of(&self, what: &str) -> String {
        format!("COVET_TEST_{}_{what}", self.name.to_uppercase())
    }

    /// The URL of an empty database, with the password that the server asks for.
    pub fn url(&self, port: u16) -> String {
        let (scheme, user) = match self.family {
            Family::Postgres => ("postgres", "postgres"),
            Family::MySql => ("mysql", "root"),
            Family::MariaDb => ("mariadb", "root"),
        };
        format!("{scheme}://{user}:covet@127.0.0.1:{port}/covet")
    }

    pub fn image(&self) -> String {
        let family = match self.family {
            Family::Postgres => "postgres",
            Family::MySql => "mysql",
            Family::MariaDb => "mariadb",
        };
        format!("covet-test/{family}")
    }

    /// The port inside the container.
    pub fn port(&self) -> u16 {
        match self.family {
            Family::Postgres => 5432,
            Family::MySql | Family::MariaDb => 3306,
        }
    }

    /// The official images' variables for the password and the database.
    pub fn image_variables(&self) -> [(&'static str, &'static str); 2] {
        match self.family {
            Family::Postgres => [("POSTGRES_PASSWORD", "covet"), ("POSTGRES_DB", "covet")],
            Family::MySql => [("MYSQL_ROOT_PASSWORD", "covet"), ("MYSQL_DATABASE", "covet")],
            Family::MariaDb => [("MARIADB_ROOT_PASSWORD", "covet"), ("MARIADB_DATABASE", "covet")],
        }
    }

    /// The server's options for a certificate in a folder.
    pub fn tls_options(&self, folder: &str) -> Vec<String> {
        match self.family {
            Family::Postgres => [
                "ssl=on".to_owned(),
                format!("ssl_cert_file={folder}/server.pem"),
                format!("ssl_key_file={folder}/server.key"),
                format!("ssl_ca_file={folder}/ca.pem"),
            ]
            .into_iter()
            .flat_map(|option| ["-c".to_owned(), option])
            .collect(),
            Family::MySql | Family::MariaDb => vec![
                format!("--ssl-cert={folder}/server.pem"),
                format!("--ssl-key={folder}/server.key"),
                format!("--ssl-ca={folder}/ca.pem"),
            ],
        }
    }

    /// What the server logs when it accepts connections.
    pub fn ready_message(&self) -> &'static str {
        match self.family {
            Family::Postgres => "database system is ready to accept connections",
            Family::MySql | Family::MariaDb => "Version: '",
        }
    }

    /// The version that the server gives itself in its log.
    pub fn version_in(&self, log: &str) -> Option<String> {
        let (before, after) = match self.family {
            Family::Postgres => ("starting PostgreSQL ", " "),
            Family::MySql | Family::MariaDb => ("Version: '", "'"),
        };
        let rest = log.split_once(before)?.1;
        Some(rest.split_once(after)?.0.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_logs() {
        let log = |name: &str, text: &str| Engine::by_name(name).and_then(|e| e.version_in(text));
        let postgres = "LOG:  starting PostgreSQL 18.6 (Debian 18.6-1) on x86_64-pc-linux-gnu";
        assert_eq!(log("pg18", postgres).as_deref(), Some("18.6"));
        let mysql = "ready for connections. Version: '9.7.4-2'  socket: '/s'  port: 3306  (Debian).";
        assert_eq!(log("mysql97", mysql).as_deref(), Some("9.7.4-2"));
        assert_eq!(log("mariadb118", "nothing yet"), None);
    }
}

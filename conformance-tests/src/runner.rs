//! Runs the cases on each engine and writes down what held.

use crate::{
    cases::{Case, all},
    models,
};
use covet::{
    backend::Db,
    error::{Error, Result},
};
use libtest_mimic::{Arguments, Failed, Trial};
use std::{
    env, fs,
    future::Future,
    io::Write,
    path::PathBuf,
    pin::Pin,
    process::ExitCode,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{runtime::Runtime, sync::OnceCell};

/// A database that the suite runs on.
pub struct Engine {
    /// The name before the cases: `pg18`.
    pub label: String,
    url: String,
    open: Open,
    db: OnceCell<Db>,
    turn: tokio::sync::Mutex<()>,
}

/// Opens a database.
pub type Open = fn(String) -> Pin<Box<dyn Future<Output = Result<Db>> + Send>>;

/// The databases of a family, or of several (`MYSQL|MARIADB`): every variable `COVET_TEST_<FAMILY>*_URL`,
/// by name. SQLite needs no variable.
pub(crate) fn urls(families: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = env::vars()
        .filter_map(|(name, url)| {
            let label = name.strip_prefix("COVET_TEST_")?.strip_suffix("_URL")?;
            families.split('|').any(|family| label.starts_with(family)).then(|| (label.to_lowercase(), url))
        })
        .collect();
    if found.is_empty() && families == "SQLITE" {
        let file = env::temp_dir().join(format!("covet-conformance-{}.db", std::process::id()));
        found.push(("sqlite".to_owned(), format!("sqlite:{}", file.display())));
    }
    found.sort();
    found
}

fn engines(families: &str, open: Open) -> Vec<Engine> {
    let found = urls(families);
    let engine = |(label, url)| Engine { label, url, open, db: OnceCell::new(), turn: Default::default() };
    found.into_iter().map(engine).collect()
}

/// The main function of a suite. Without a database of the family it runs nothing, which is a
/// failure when `COVET_TEST_REQUIRE` is set.
pub fn run(family: &str, open: Open) -> ExitCode {
    let arguments = Arguments::from_args();
    let runtime = Arc::new(Runtime::new().unwrap());
    let engines: Vec<_> = engines(family, open).into_iter().map(Arc::new).collect();
    if engines.is_empty() && env::var_os("COVET_TEST_REQUIRE").is_some() {
        eprintln!("no database: set `COVET_TEST_{family}_URL`, or run `ci/test`");
        return ExitCode::FAILURE;
    }
    let results = Arc::new(Mutex::new(Vec::new()));
    let trials =
        engines.iter().flat_map(|engine| all().map(|case| (Arc::clone(engine), case))).map(|(engine, case)| {
            let (runtime, results) = (Arc::clone(&runtime), Arc::clone(&results));
            Trial::test(format!("{}::{}", engine.label, case.name()), move || {
                let outcome = runtime.block_on(engine.try_case(case))?;
                results.lock().unwrap_or_else(PoisonError::into_inner).push((
                    engine.label.clone(),
                    engine.title(),
                    case.name(),
                    outcome,
                ));
                Ok(())
            })
        });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    write_down(&results.lock().unwrap_or_else(PoisonError::into_inner));
    for engine in engines {
        remove(&engine.label, &engine.url);
    }
    conclusion.exit_code()
}

/// Removes the file of the SQLite database that no variable named.
pub(crate) fn remove(label: &str, url: &str) {
    if let Some(file) = url.strip_prefix("sqlite:").filter(|_| label == "sqlite") {
        for suffix in ["", "-wal", "-shm"] {
            // The file may never have been made.
            let _ = fs::remove_file(format!("{file}{suffix}"));
        }
    }
}

impl Engine {
    fn title(&self) -> String {
        self.db.get().map_or_else(String::new, |db| {
            let number = |c: char| c.is_ascii_digit() || c == '.';
            let version: String = db.version().chars().take_while(|c| number(*c)).collect();
            let major_minor: Vec<&str> = version.split('.').take(2).collect();
            format!("{} {}", db.dialect().name(), major_minor.join("."))
        })
    }

    /// Runs one case on empty tables: `true` when it held, `false` when the engine refused it as its
    /// features say.
    async fn try_case(&self, case: &Case) -> Result<bool, Failed> {
        let _turn = self.turn.lock().await;
        let db = self.db.get_or_try_init(|| self.set_up()).await.map_err(|error| format!("{error:?}"))?;
        models::empty(db).await.map_err(|error| format!("emptying the tables: {error:?}"))?;
        // A task of its own: what runs here must be `Send`, and a panic must not poison the turn.
        let (run, owned) = (case.run, db.clone());
        let result = tokio::spawn(async move { run(&owned).await }).await;
        let result = match result {
            Ok(result) => result,
            Err(error) => return Err(panic_text(error).into()),
        };
        let has = case.feature.is_none_or(|feature| db.dialect().features().has(feature));
        match (has, result) {
            (true, Ok(())) => Ok(true),
            (true, Err(error)) => Err(format!("{error:?}").into()),
            (false, Err(error)) if error.missing_feature() == case.feature => Ok(false),
            (false, Err(error)) => Err(format!("the refusal names another reason: {error:?}").into()),
            (false, Ok(())) => Err("the engine can do what its features deny".into()),
        }
    }

    async fn set_up(&self) -> Result<Db, Error> {
        let db = (self.open)(self.url.clone()).await?;
        models::drop_all(&db).await?;
        models::create_all(&db).await?;
        Ok(db)
    }
}

fn panic_text(error: tokio::task::JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
            .unwrap_or_else(|| "the case panicked".to_owned()),
        Err(_) => "the case was aborted".to_owned(),
    }
}

/// One line a case in `target/conformance/<engine>.tsv`, from which docs/features.md is made.
fn write_down(results: &[(String, String, String, bool)]) {
    let Some(folder) = env::var_os("COVET_CONFORMANCE_OUT").map(PathBuf::from) else { return };
    fs::create_dir_all(&folder).unwrap();
    let mut labels: Vec<_> = results.iter().map(|(label, ..)| label).collect();
    labels.sort();
    labels.dedup();
    for label in labels {
        let mut file = fs::File::create(folder.join(format!("{label}.tsv"))).unwrap();
        for (_, title, case, held) in results.iter().filter(|(other, ..)| other == label) {
            writeln!(file, "{title}\t{case}\t{}", if *held { "yes" } else { "no" }).unwrap();
        }
    }
}

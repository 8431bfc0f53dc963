//! `bench-seed ENGINE URL NAME TABLES` makes a database anew and prints how a worker reaches it.

use bench_kit::{Engine, Result};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, url, name, tables] = arguments.as_slice() else {
        return Err("usage: bench-seed ENGINE URL NAME TABLES".into());
    };
    let engine = Engine::by_name(engine).ok_or("no such engine")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    println!("{}", runtime.block_on(bench_raw::seed(engine, url, name, tables.as_ref()))?);
    Ok(())
}

//! `bench-tables ENGINE URL` prints the statements that make the tables.

use bench_kit::{Engine, Result};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, url] = arguments.as_slice() else { return Err("usage: bench-tables ENGINE URL".into()) };
    let engine = Engine::by_name(engine).ok_or("no such engine")?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for statement in runtime.block_on(bench_covet::tables(engine, url))? {
        println!("{statement};");
    }
    Ok(())
}

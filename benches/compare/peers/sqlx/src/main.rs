//! The worker, at full speed.

fn main() -> std::process::ExitCode {
    bench_kit::serve::<bench_sqlx::Worker>(|| 0)
}

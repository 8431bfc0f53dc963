//! The worker, at full speed.

fn main() -> std::process::ExitCode {
    bench_kit::serve::<bench_sea_orm::Worker>(|| 0)
}

//! The worker, at full speed.

fn main() -> std::process::ExitCode {
    bench_kit::serve::<bench_toasty::Worker>(|| 0)
}

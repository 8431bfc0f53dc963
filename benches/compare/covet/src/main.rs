//! The worker, at full speed.

fn main() -> std::process::ExitCode {
    bench_kit::serve::<bench_covet::Worker>(|| 0)
}

//! The worker, with an allocator that counts.

bench_kit::counting!(bench_diesel::on_await::Worker);

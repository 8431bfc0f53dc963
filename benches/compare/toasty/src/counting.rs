//! The worker, with an allocator that counts.

bench_kit::counting!(bench_toasty::Worker);

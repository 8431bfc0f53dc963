//! The worker, with an allocator that counts.

bench_kit::counting!(bench_diesel::blocking::Worker);

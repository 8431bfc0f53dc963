//! covet-dialect-sqlite

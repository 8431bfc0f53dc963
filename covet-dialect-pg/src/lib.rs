//! covet-dialect-pg

//! covet-dialect-mysql

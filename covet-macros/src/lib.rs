//! covet-macros

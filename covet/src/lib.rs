//! covet

//! TLS of covet's server backends: when they encrypt, whom they trust, and what a failure means.
//!
//! A backend fills [`Wishes`] with the parameters of its URL and [decides](Wishes::decide) with
//! them. The rule: encrypted and verified, unless the server is on this machine or the URL says
//! otherwise by name. What its driver does with the [`Settings`] stands in the backend's `tls.rs`.
//!
//! The feature `rustls` brings the encryption itself. The process's default provider of
//! cryptography is used, and *ring* when none was chosen. Trusted are the certificate authorities of
//! the operating system (`SSL_CERT_FILE` and `SSL_CERT_DIR` name others), or only those that the
//! URL names.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::panic))]

mod mode;
mod settings;

#[cfg(feature = "rustls")]
mod config;
#[cfg(feature = "rustls")]
mod refusal;
#[cfg(feature = "rustls")]
mod trust;
#[cfg(feature = "rustls")]
mod verifier;

pub use mode::{Mode, is_this_machine};
pub use settings::{Names, Settings, Wishes, without_tls};

#[cfg(feature = "rustls")]
pub use config::{Material, provider};
#[cfg(feature = "rustls")]
pub use refusal::{cause, refusal};
#[cfg(feature = "rustls")]
pub use rustls;

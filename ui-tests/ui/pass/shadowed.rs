//! The derive without the prelude, where names of the standard library mean something else.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

mod shadow {
    type Result<T> = ::std::io::Result<T>;
    struct Option;
    struct Some;
    struct None;
    struct Ok;
    struct Err;
    struct Default;
    struct Clone;
    struct Sized;
    struct Send;
    struct String;
    struct Vec;
    struct core;
    struct std;

    #[derive(covet::Model)]
    pub struct Quiet {
        pub id: i64,
        pub name: ::std::string::String,
        pub nickname: ::core::option::Option<::std::string::String>,
        pub other: ::core::option::Option<covet::ForeignKey<Quiet>>,
        #[covet(default)]
        pub views: i32,
    }
}

/// Documented, as a crate with `missing_docs` demands.
pub mod documented {
    #![deny(missing_docs, unreachable_pub, clippy::pedantic)]

    /// A person.
    #[derive(covet::Model, Clone, Debug)]
    pub struct Person {
        /// The number.
        pub id: i64,
        /// The name.
        pub name: String,
        /// The boss.
        pub boss: Option<covet::ForeignKey<Person>>,
    }
}

fn main() {
    use covet::prelude::*;

    let _ = shadow::Quiet::filter(shadow::Quiet::other.name.eq("x") & shadow::Quiet::nickname.is_null());
    let _ = shadow::Quiet::create().name("x").build();
    let _ = documented::Person::filter(documented::Person::boss.name.eq("x"));
}

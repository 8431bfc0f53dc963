//! Models in the bodies of functions and closures.
#![deny(warnings)]
#![allow(dead_code)]

use covet::prelude::*;

fn one() {
    #[derive(Model, Clone, Debug)]
    struct Left {
        pub id: i64,
        pub right: ForeignKey<Right>,
    }
    #[derive(Model, Clone, Debug)]
    struct Right {
        pub id: i64,
        pub name: String,
        pub left: Option<ForeignKey<Left>>,
    }
    let _ = Left::filter(Left::right.name.eq("x") & Left::right.left.id.eq(1));
    let _ = Left::create().right(1).build();
}

fn two() {
    // The names of the other function.
    #[derive(Model, Clone, Debug)]
    struct Left {
        pub id: i32,
        pub name: String,
    }
    let _ = Left::filter(Left::name.eq("x"));
}

fn main() {
    one();
    two();
    let inside = || {
        #[derive(Model, Clone, Debug)]
        struct Inner {
            id: i64,
        }
        let _ = Inner::find(1);
    };
    inside();
}

//! Models in several modules, re-exported; paths with `super` and `self`; `Self`; private ones.
#![deny(warnings)]
#![allow(dead_code)]

pub mod people {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[covet(table = "users")]
    pub struct User {
        pub id: i64,
        pub name: String,
        pub boss: Option<ForeignKey<User>>,
        pub mentor: Option<ForeignKey<Self>>,
    }
}

pub mod blog {
    use super::people;
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[covet(table = "posts")]
    pub struct Post {
        pub id: i64,
        pub author: ForeignKey<people::User>,
        pub editor: Option<ForeignKey<people::User>>,
        pub tag: Option<ForeignKey<tag::Tag>>,
        pub title: String,
    }

    mod tag {
        use covet::prelude::*;

        #[derive(Model, Clone, Debug)]
        pub struct Tag {
            pub id: i64,
            pub label: String,
        }
    }
    pub use tag::Tag;
}

pub use blog::Post;
pub use people::User;

pub mod deep {
    pub mod a {
        use covet::prelude::*;

        #[derive(Model, Clone, Debug)]
        pub struct A {
            pub id: i64,
            pub b: ForeignKey<super::b::B>,
        }
    }
    pub mod b {
        use covet::prelude::*;

        #[derive(Model, Clone, Debug)]
        pub struct B {
            pub id: i64,
            pub n: ForeignKey<self::inner::C>,
        }
        pub mod inner {
            use covet::prelude::*;

            #[derive(Model, Clone, Debug)]
            pub struct C {
                pub id: i64,
                pub size: i32,
            }
        }
    }
}

mod private {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    struct P {
        pub id: i64,
        q: ForeignKey<Q>,
        secret: String,
    }
    #[derive(Model, Clone, Debug)]
    struct Q {
        pub id: i64,
        hidden: i32,
    }

    pub fn queries() {
        let _ = P::filter(P::q.hidden.eq(1) & P::secret.eq("x"));
        let _ = P::create().q(1).secret("x").build();
    }
}

mod crate_wide {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub(crate) struct R {
        pub id: i64,
        pub(crate) s: ForeignKey<S>,
    }
    #[derive(Model, Clone, Debug)]
    pub(crate) struct S {
        pub id: i64,
        pub(crate) size: i32,
    }
}

pub mod author {
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    #[covet(table = "authors")]
    pub struct Author {
        pub id: i64,
        pub name: String,
    }
}

/// A module that is named as the relation is.
pub mod books {
    use super::author;
    use covet::prelude::*;

    #[derive(Model, Clone, Debug)]
    pub struct Book {
        pub id: i64,
        pub author: ForeignKey<author::Author>,
    }
    pub mod inner {
        use covet::prelude::*;

        #[derive(Model, Clone, Debug)]
        pub(super) struct V {
            pub id: i64,
            pub w: ForeignKey<W>,
        }
        #[derive(Model, Clone, Debug)]
        pub(in crate::books) struct W {
            pub id: i64,
            pub size: i32,
        }
    }

    pub fn queries() {
        let _ = Book::filter(Book::author.name.eq("x"));
        let _ = inner::V::filter(inner::V::w.size.eq(1));
    }
}

mod elsewhere {
    use covet::prelude::*;

    pub fn queries() {
        let _ = crate::crate_wide::R::filter(crate::crate_wide::R::s.size.eq(2));
        let _ = crate::Post::filter(crate::Post::author.boss.name.eq("x"));
    }
}

fn main() {
    use covet::prelude::*;

    private::queries();
    books::queries();
    elsewhere::queries();
    let _ = User::filter(User::boss.mentor.name.eq("x") & User::mentor_id.is_null());
    let _ = Post::filter(Post::author.boss.name.eq("x") & Post::editor.name.eq("y") & Post::tag.label.eq("z"));
    let _ = deep::a::A::filter(deep::a::A::b.n.size.eq(1));
}

use covet::prelude::*;

#[derive(Model)]
struct Page {
    id: i64,
    #[covet(column = "a_name_that_is_longer_than_the_sixty_three_bytes_that_every_engine_keeps")]
    text: String,
}

fn main() {}

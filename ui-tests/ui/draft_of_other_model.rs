use covet::{Clean, Draft, ValidationErrors, prelude::*};
use covet_ui_tests::models::Post;

#[derive(Model)]
#[covet(clean)]
struct Page {
    id: i64,
}

impl Clean for Page {
    fn clean(draft: &Draft<'_, Self>, _: &mut ValidationErrors) {
        draft.get(Post::title);
    }
}

fn main() {}

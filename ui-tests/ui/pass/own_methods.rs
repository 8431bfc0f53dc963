//! Fields and methods of the user's own with the names of covet's methods on rows.
#![deny(warnings)]
#![allow(dead_code)]

use covet::prelude::*;

#[derive(Model, Clone, Debug)]
pub struct Fields {
    pub id: i64,
    pub save: i32,
    pub refresh: bool,
    pub delete: Option<String>,
    pub values: String,
    pub save_only: i64,
    pub build: i32,
    pub validate: i32,
    #[covet(version)]
    pub version: i64,
}

#[derive(Model, Clone, Debug)]
pub struct Own {
    pub id: i64,
    pub name: String,
}

impl Own {
    pub fn save(&self) -> &str {
        "own"
    }
    pub fn save_only(&mut self, name: &str) -> usize {
        name.len()
    }
    pub fn refresh(&self) -> i32 {
        1
    }
    pub fn delete(self) -> String {
        self.name
    }
    pub fn values(&self) -> [i64; 1] {
        [self.id]
    }
}

#[derive(Model, Clone, Debug)]
pub struct Borrowed {
    pub id: i64,
}

impl Borrowed {
    pub fn delete(&self) -> i64 {
        self.id
    }
}

fn main() {
    let mut own = Own { id: 1, name: "a".to_owned() };
    let _: (&str, i32, [i64; 1]) = (own.save(), own.refresh(), own.values());
    let _: usize = own.save_only("b");
    let _: String = own.delete();
    let _: i64 = Borrowed::delete(&Borrowed { id: 1 });
    let _ = |db: Db| {
        let row = Fields::create().save_(1).refresh(true).values("").save_only(2).build_(3).validate_(4).save(&db);
        let mut row: Fields = row.wait()?;
        let _: (i32, bool) = (row.save, row.refresh);
        row.save(&db).wait()?;
        row.save_only((Fields::save, Fields::refresh), &db).wait()?;
        row.refresh_only(Fields::values, &db).wait()?;
        row.delete(&db).wait()
    };
}

//! Paths over foreign keys.

use crate::models::*;
use covet::{backend::Db, error::Result, prelude::*};
use uuid::Uuid;

fn joins(db: &Db, query: &Query<Post>) -> Result<usize> {
    Ok(query.to_sql(db.dialect())?.text.matches(" JOIN ").count())
}

/// A column of the related row filters.
pub async fn related_column_filters(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::author.name.eq("Ann")).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author.age.lt(40) & Post::views.gt(10)).await?, "Beta Gamma");
    assert_eq!(posts_where(db, Post::author.name.in_(["Bob", "Eve"])).await?, "Delta Gamma");
    assert_eq!(Post::filter(Post::author.name.eq("Nobody")).count(db).await?, 0);
    Ok(())
}

/// A path may lead over a nullable hop, and further.
pub async fn two_hops_filter(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::author.company.name.eq("Acme")).await?, "Alpha Beta Delta");
    assert_eq!(posts_where(db, Post::reviewer.company.city.eq("Graz")).await?, "Delta Gamma");
    assert_eq!(posts_where(db, !Post::author.company.name.eq("Acme")).await?, "Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.company.city.eq("Graz")).await?, "Alpha Beta");
    Ok(())
}

/// Two relations to one model are two joins that do not mix.
pub async fn two_relations_to_one_model_do_not_mix(db: &Db) -> Result<()> {
    posts(db).await?;
    let both = Post::author.name.eq("Ann") & Post::reviewer.name.eq("Bob");
    assert_eq!(posts_where(db, both).await?, "Alpha");
    assert_eq!(posts_where(db, Post::reviewer.name.eq(Post::author.name)).await?, "Delta");
    assert_eq!(posts_where(db, Post::reviewer.age.gt(Post::author.age)).await?, "Gamma");
    let companies = Post::author.company.name.eq("Acme") & Post::reviewer.company.name.is_null();
    assert_eq!(posts_where(db, companies).await?, "Alpha Beta");
    Ok(())
}

/// A path that is used twice is joined once.
pub async fn same_path_joins_once(db: &Db) -> Result<()> {
    posts(db).await?;
    let query =
        Post::filter(Post::author.name.eq("Ann") & Post::author.age.gt(1) & Post::author.company_id.is_not_null())
            .filter(Post::author.active)
            .order_by((Post::author.name.asc(), Post::title.asc()));
    assert_eq!(joins(db, &query)?, 1);
    assert_eq!(titles(&query.all(db).await?), ["Alpha", "Beta"]);
    let longer = Post::filter(Post::author.company.name.eq("Acme") | Post::author.name.eq("Bob"));
    assert_eq!(joins(db, &longer)?, 2);
    assert_eq!(longer.count(db).await?, 4);
    Ok(())
}

/// The key of a related row is the foreign key itself: no join.
pub async fn related_key_needs_no_join(db: &Db) -> Result<()> {
    let People { ann, eve, .. } = posts(db).await?;
    let query = Post::filter(Post::author.id.eq(ann.id));
    assert_eq!(joins(db, &query)?, 0);
    assert_eq!(query.count(db).await?, 2);
    let query = Post::filter(Post::reviewer.id.eq(eve.id) | Post::reviewer.id.is_null());
    assert_eq!(joins(db, &query)?, 0);
    assert_eq!(query.count(db).await?, 3);
    assert_eq!(joins(db, &Post::filter(Post::author_id.eq(&ann)))?, 0);
    assert_eq!(joins(db, &Post::filter(Post::author.company.id.eq(1)))?, 1);
    Ok(())
}

/// `is` applies a condition on the related model, whatever it is made of.
pub async fn is_applies_a_condition_of_the_other_model(db: &Db) -> Result<()> {
    posts(db).await?;
    let adult = || User::age.gte(18) & User::active;
    assert_eq!(posts_where(db, Post::author.is(adult())).await?, "Alpha Beta Delta");
    assert_eq!(posts_where(db, Post::reviewer.is(adult())).await?, "Delta Gamma");
    assert_eq!(posts_where(db, !Post::reviewer.is(adult())).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::author.is(!adult())).await?, "Gamma");
    assert_eq!(posts_where(db, Post::author.is(User::active)).await?, "Alpha Beta Delta");
    let in_graz = || User::company.is(Company::city.eq("Graz"));
    assert_eq!(users_where(db, in_graz()).await?, "Ann Eve");
    assert_eq!(posts_where(db, Post::author.is(in_graz())).await?, "Alpha Beta Delta");
    assert_eq!(posts_where(db, Post::reviewer.company.is(Company::name.eq("Acme"))).await?, "Delta Gamma");
    Ok(())
}

/// `is` shares the join with the columns of the same path.
pub async fn is_shares_the_join(db: &Db) -> Result<()> {
    posts(db).await?;
    let query = Post::filter(Post::author.is(User::age.gt(18) & (User::age * 2).lt(100)) & Post::author.name.ne("X"));
    assert_eq!(joins(db, &query)?, 1);
    assert_eq!(query.count(db).await?, 2);
    Ok(())
}

/// A relation of a model to itself can be followed twice.
pub async fn self_relation_is_followed_two_levels(db: &Db) -> Result<()> {
    let root = Folder::create().name("root").save(db).await?;
    let child = Folder::create().name("child").parent(&root).save(db).await?;
    let grandchild = Folder::create().name("grandchild").parent(&child).save(db).await?;
    assert_eq!(Folder::filter(Folder::parent.name.eq("root")).get(db).await?, child);
    assert_eq!(Folder::filter(Folder::parent.parent.name.eq("root")).get(db).await?, grandchild);
    assert_eq!(Folder::filter(Folder::parent.parent.parent.name.eq("root")).count(db).await?, 0);
    assert_eq!(Folder::filter(Folder::parent.parent.name.is_null()).count(db).await?, 2);
    assert_eq!(Folder::filter(Folder::parent_id.is_null()).get(db).await?, root);
    let ordered = Folder::query().order_by((Folder::parent.name.desc(), Folder::name.asc())).all(db).await?;
    let ordered: Vec<_> = ordered.iter().map(|folder| folder.name.as_str()).collect();
    assert_eq!(ordered, ["child", "grandchild", "root"]);
    Ok(())
}

/// `exclude` through a nullable relation keeps the rows that have none.
pub async fn exclude_through_nullable_relation_keeps_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    let rest = Post::exclude(Post::reviewer.name.eq("Eve")).order_by(Post::title.asc()).all(db).await?;
    assert_eq!(titles(&rest), ["Alpha", "Beta"]);
    assert_eq!(posts_where(db, !Post::reviewer.active).await?, "Alpha Beta");
    assert_eq!(posts_where(db, !Post::reviewer_id.is_null()).await?, "Alpha Delta Gamma");
    Ok(())
}

/// A condition behind a nullable relation may stand beside others in `|`.
pub async fn or_with_nullable_relation_keeps_rows(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(posts_where(db, Post::reviewer.name.eq("Bob") | Post::title.eq("Beta")).await?, "Alpha Beta");
    assert_eq!(posts_where(db, Post::reviewer.name.is_null() | Post::reviewer.age.gt(20)).await?, "Beta Delta Gamma");
    assert_eq!(posts_where(db, Post::reviewer.name.eq("Bob") ^ Post::views.gt(30)).await?, "Alpha Beta Delta");
    Ok(())
}

/// Rows of several levels are counted and tested.
pub async fn count_and_exists_follow_relations(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(Post::filter(Post::author.company.name.eq("Acme")).count(db).await?, 3);
    assert!(Post::filter(Post::reviewer.name.eq("Bob")).exists(db).await?);
    assert!(!Post::filter(Post::reviewer.name.eq("Ann")).exists(db).await?);
    assert_eq!(Post::filter(Post::author.name.eq("Bob")).get(db).await?.title, "Gamma");
    assert_eq!(Post::query().order_by(Post::author.age.desc()).first(db).await?.unwrap().title, "Delta");
    Ok(())
}

/// `update` changes the rows that a relation selects.
pub async fn update_follows_relations(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(Post::filter(Post::author.name.eq("Ann")).update(Post::views.set(0)).exec(db).await?, 2);
    assert_eq!(posts_where(db, Post::views.eq(0)).await?, "Alpha Beta");
    let unreviewed = Post::filter(Post::reviewer.name.is_null());
    assert_eq!(unreviewed.update(Post::body.set("todo")).exec(db).await?, 1);
    assert_eq!(posts_where(db, Post::body.eq("todo")).await?, "Beta");
    assert_eq!(Post::exclude(Post::author.active).update(Post::views.set(Post::views + 1)).exec(db).await?, 1);
    assert_eq!(posts_where(db, Post::views.eq(18)).await?, "Gamma");
    Ok(())
}

/// `update` of a table selected by a relation to itself works.
pub async fn update_follows_a_relation_to_itself(db: &Db) -> Result<()> {
    let root = Folder::create().name("root").save(db).await?;
    Folder::create().name("a").parent(&root).save(db).await?;
    Folder::create().name("b").parent(&root).save(db).await?;
    assert_eq!(Folder::filter(Folder::parent.name.eq("root")).update(Folder::name.set("leaf")).exec(db).await?, 2);
    assert_eq!(Folder::filter(Folder::name.eq("leaf")).count(db).await?, 2);
    assert_eq!(Folder::filter(Folder::parent.name.eq("root")).delete(db).await?, 2);
    assert_eq!(Folder::query().get(db).await?, root);
    Ok(())
}

/// `delete` removes the rows that a relation selects.
pub async fn delete_follows_relations(db: &Db) -> Result<()> {
    posts(db).await?;
    assert_eq!(Post::filter(Post::author.company.name.eq("Acme") & Post::reviewer.name.eq("Bob")).delete(db).await?, 1);
    assert_eq!(posts_where(db, None).await?, "Beta Delta Gamma");
    assert_eq!(Post::exclude(Post::reviewer.name.eq("Eve")).delete(db).await?, 1);
    assert_eq!(posts_where(db, None).await?, "Delta Gamma");
    assert_eq!(User::query().count(db).await?, 3);
    Ok(())
}

/// Relations over text keys and odd names work like others.
pub async fn relation_over_text_keys_works(db: &Db) -> Result<()> {
    let at = Country::create().code("AT").name("Austria").save(db).await?;
    let nz = Country::create().code("NZ").name("New Zealand").save(db).await?;
    for (number, country, filter) in [(1, &at, 10), (2, &nz, 20), (3, &nz, 30)] {
        Order::create().number(Uuid::from_u128(number)).country(country).filter(filter).save(db).await?;
    }
    assert_eq!(Order::filter(Order::country.name.starts_with("New")).count(db).await?, 2);
    assert_eq!(Order::filter(Order::country.code.eq("AT")).get(db).await?.filter, 10);
    let ordered = Order::query().order_by((Order::country.name.desc(), Order::filter_.desc())).all(db).await?;
    assert_eq!(ordered.iter().map(|order| order.filter).collect::<Vec<_>>(), [30, 20, 10]);
    Ok(())
}

/// Rows that refer to each other in a circle can be stored and followed.
pub async fn circle_of_rows_is_followed(db: &Db) -> Result<()> {
    let hen = Hen::create().save(db).await?;
    let egg = Egg::create().hen(&hen).save(db).await?;
    assert_eq!(Hen::find(&hen).update(Hen::egg_id.set(&egg)).exec(db).await?, 1);
    assert_eq!(Egg::filter(Egg::hen.egg_id.eq(&egg)).get(db).await?, egg);
    assert_eq!(Hen::filter(Hen::egg.hen.id.eq(hen.id)).count(db).await?, 1);
    assert_eq!(Hen::filter(Hen::egg.hen.egg.hen_id.eq(&hen)).count(db).await?, 1);
    Ok(())
}

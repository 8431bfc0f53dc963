//! Rows above and below a row.

use chrono::{DateTime, Utc};
use covet::{backend::Db, error::Result, prelude::*, test::assert_queries};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "tree_nodes", order_by(name), has_many(children: Node.parent))]
struct Node {
    id: i64,
    #[covet(max_length = 50)]
    name: String,
    parent: Option<ForeignKey<Node>>,
}

/// `a` over `b` and `c`, `b` over `d` and `e`, `e` over `f`; and `x` alone.
async fn forest(db: &Db) -> Result<Vec<Node>> {
    db.drop_tables(models![Node]).await?;
    db.create_tables(models![Node]).await?;
    let mut nodes: Vec<Node> = Vec::new();
    for (name, parent) in
        [("a", None), ("b", Some(0)), ("c", Some(0)), ("d", Some(1)), ("e", Some(1)), ("f", Some(4)), ("x", None)]
    {
        let node = Node::create().name(name);
        let node = match parent {
            Some(at) => node.parent(&nodes[at]).save(db).await?,
            None => node.save(db).await?,
        };
        nodes.push(node);
    }
    Ok(nodes)
}

fn names(nodes: &[Node]) -> String {
    nodes.iter().map(|node| node.name.as_str()).collect()
}

fn depths(nodes: &[(Node, u32)]) -> Vec<(&str, u32)> {
    nodes.iter().map(|(node, depth)| (node.name.as_str(), *depth)).collect()
}

/// The nearest come first, by one statement; the row itself is not among them.
pub async fn ancestors_and_descendants(db: &Db) -> Result<()> {
    let nodes = forest(db).await?;
    let (a, b, f, x) = (&nodes[0], &nodes[1], &nodes[5], &nodes[6]);
    let above = assert_queries!(1, Node::parent.ancestors(f).all(db).await?);
    assert_eq!(names(&above), "eba");
    let below = assert_queries!(1, Node::parent.descendants(a).all_with_depth(db).await?);
    assert_eq!(depths(&below), [("b", 1), ("c", 1), ("d", 2), ("e", 2), ("f", 3)]);
    assert_eq!(depths(&Node::parent.ancestors(f).all_with_depth(db).await?), [("e", 1), ("b", 2), ("a", 3)]);
    assert_eq!(names(&Node::parent.descendants(b).all(db).await?), "def");
    for none in [Node::parent.ancestors(a), Node::parent.descendants(f), Node::parent.ancestors(x)] {
        assert_eq!(none.clone().all(db).await?, []);
        assert!(!none.exists(db).await?);
    }
    assert_eq!(Node::parent.descendants(x).count(db).await?, 0);
    assert_eq!(Node::parent.descendants(a).count(db).await?, 5);
    // A row that has moved since it was read.
    let stale = Node { parent: Some(x.into()), ..f.clone() };
    assert_eq!(names(&Node::parent.ancestors(&stale).all(db).await?), "eba");
    db.drop_tables(models![Node]).await
}

/// At most so many steps.
pub async fn depth_is_bounded(db: &Db) -> Result<()> {
    let nodes = forest(db).await?;
    for (most, below, above) in
        [(0, "", ""), (1, "bc", "e"), (2, "bcde", "eb"), (3, "bcdef", "eba"), (9, "bcdef", "eba")]
    {
        assert_eq!(names(&Node::parent.descendants(&nodes[0]).max_depth(most).all(db).await?), below);
        assert_eq!(names(&Node::parent.ancestors(&nodes[5]).max_depth(most).all(db).await?), above);
    }
    db.drop_tables(models![Node]).await
}

/// The rows are a query: filtered, ordered, loaded, changed and deleted.
pub async fn trees_are_queries(db: &Db) -> Result<()> {
    let nodes = forest(db).await?;
    let below = || Node::parent.descendants(&nodes[0]).query();
    let query = below().filter(Node::name.ne("c")).order_by(Node::name.desc()).limit(2).with(Node::parent);
    let found = query.all(db).await?;
    let parents = found.iter().map(|node| node.parent.as_ref().map_or("", |parent| &parent.name));
    assert_eq!(parents.collect::<String>(), "eb");
    let is_parent = Node::children.any(Node::name.eq("f"));
    assert_eq!(names(&below().filter(is_parent).all(db).await?), "e");
    assert_eq!(below().exclude(Node::name.eq("d")).count(db).await?, 4);
    assert_eq!(below().filter(Node::name.lt("d")).update(Node::name.set("z")).exec(db).await?, 2);
    assert_eq!(Node::filter(Node::name.eq("z")).count(db).await?, 2);
    below().update(Node::parent_id.set(None)).exec(db).await?;
    assert_eq!(below().count(db).await?, 0);
    db.drop_tables(models![Node]).await
}

/// A circle ends, with and without a bound, and a row that refers to itself.
pub async fn circles_end(db: &Db) -> Result<()> {
    let nodes = forest(db).await?;
    let (a, e, f) = (&nodes[0], &nodes[4], &nodes[5]);
    Node::find(a.id).update(Node::parent_id.set(f)).exec(db).await?;
    let a = &Node::find(a.id).get(db).await?;
    assert_eq!(names(&Node::parent.ancestors(e).all(db).await?), "baf");
    assert_eq!(names(&Node::parent.descendants(a).all(db).await?), "bcdef");
    for most in [3, 4, 100] {
        assert_eq!(names(&Node::parent.ancestors(e).max_depth(most).all(db).await?), "baf");
        let below = Node::parent.descendants(a).max_depth(most).all_with_depth(db).await?;
        assert_eq!(depths(&below), [("b", 1), ("c", 1), ("d", 2), ("e", 2), ("f", 3)]);
    }
    let x = &nodes[6];
    Node::find(x.id).update(Node::parent_id.set(x)).exec(db).await?;
    assert_eq!(Node::parent.descendants(x).count(db).await?, 0);
    assert_eq!(Node::parent.ancestors(x).max_depth(5).all(db).await?, []);
    db.drop_tables(models![Node]).await
}

/// Deeper than what servers allow by default.
pub async fn deep_trees_are_whole(db: &Db) -> Result<()> {
    db.drop_tables(models![Node]).await?;
    db.create_tables(models![Node]).await?;
    let mut rows = Vec::new();
    for id in 1..=1_500_i64 {
        let row = Node::create().id(id).name(id.to_string());
        rows.push(if id == 1 { row.build() } else { row.parent(id - 1).build() });
    }
    Node::bulk_create(rows).exec(db).await?;
    let last = Node::find(1_500).get(db).await?;
    let above = Node::parent.ancestors(&last).all_with_depth(db).await?;
    assert!(
        above
            .iter()
            .map(|(node, depth)| (node.id, *depth))
            .eq((1..1_500_u32).map(|depth| (1_500 - i64::from(depth), depth)))
    );
    let first = Node::find(1).get(db).await?;
    assert_eq!(Node::parent.descendants(&first).max_depth(1_200).count(db).await?, 1_200);
    db.drop_tables(models![Node]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "tree_folders")]
struct Folder {
    #[covet(primary_key, max_length = 20)]
    name: String,
    inside: Option<ForeignKey<Folder>>,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

/// Hidden rows are not among the rows; those beyond them are, as far away as they are. Keys may be texts.
pub async fn hidden_rows_are_passed(db: &Db) -> Result<()> {
    db.drop_tables(models![Folder]).await?;
    db.create_tables(models![Folder]).await?;
    let top = Folder::create().name("top").save(db).await?;
    let middle = Folder::create().name("middle").inside(&top).save(db).await?;
    let low = Folder::create().name("low").inside(&middle).save(db).await?;
    Folder::find("middle").delete(db).await?;
    let below = assert_queries!(2, Folder::inside.descendants(&top).all_with_depth(db).await?);
    assert_eq!(below, [(low.clone(), 2)]);
    let above = Folder::inside.ancestors(&low).all_with_depth(db).await?;
    assert_eq!(above, [(top.clone(), 2)]);
    assert_eq!(Folder::inside.descendants(&top).query().with_deleted().count(db).await?, 2);
    db.drop_tables(models![Folder]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "tree_links", has_one(next: Link.before))]
struct Link {
    #[covet(primary_key)]
    id: u64,
    before: Option<OneToOne<Link>>,
}

/// The other end of a one-to-one relation leads the other way.
pub async fn chains_lead_both_ways(db: &Db) -> Result<()> {
    db.drop_tables(models![Link]).await?;
    db.create_tables(models![Link]).await?;
    let one = Link::create().id(1).save(db).await?;
    let two = Link::create().id(2).before(&one).save(db).await?;
    let three = Link::create().id(3).before(&two).save(db).await?;
    let ids = |links: Vec<Link>| links.into_iter().map(|link| link.id).collect::<Vec<_>>();
    assert_eq!(ids(Link::before.ancestors(&three).all(db).await?), [2, 1]);
    assert_eq!(ids(Link::next.ancestors(&one).all(db).await?), [2, 3]);
    assert_eq!(ids(Link::next.descendants(&three).all(db).await?), [2, 1]);
    db.drop_tables(models![Link]).await
}

//! Deletes over several paths, in circles, softly, and with hooks.

use chrono::{DateTime, Utc};
use covet::{
    backend::{Db, Tx},
    error::{Error, ErrorKind, Result},
    prelude::*,
    query::Hooks,
};
use covet_macros::Model;
use uuid::Uuid;

/// Two ways lead from a shop to its lines: over orders and over items.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_shops", has_many(orders: Order.shop, items: Item.shop))]
struct Shop {
    #[covet(primary_key)]
    id: Uuid,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_orders", has_many(lines: Line.order))]
struct Order {
    id: i64,
    #[covet(on_delete = cascade)]
    shop: ForeignKey<Shop>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_items", has_many(lines: Line.item, guards: Guard.item))]
struct Item {
    id: i64,
    #[covet(unique, max_length = 20)]
    code: String,
    #[covet(on_delete = cascade)]
    shop: ForeignKey<Shop>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_lines", primary_key(order, number))]
struct Line {
    #[covet(on_delete = cascade)]
    order: ForeignKey<Order>,
    number: i32,
    #[covet(references = code, on_delete = restrict)]
    item: ForeignKey<Item, String>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_guards")]
struct Guard {
    id: i64,
    #[covet(on_delete = cascade)]
    shop: ForeignKey<Shop>,
    #[covet(on_delete = protect)]
    item: Option<ForeignKey<Item>>,
}

/// A shop with two items and two orders, the first of which has a line for each item.
async fn shop(db: &Db) -> Result<(Shop, [Item; 2], [Order; 2])> {
    let shop = Shop::create().id(Uuid::new_v4()).save(db).await?;
    let one = Item::create().code(format!("one {}", &shop.id.to_string()[..8])).shop(&shop).save(db).await?;
    let two = Item::create().code(format!("two {}", &shop.id.to_string()[..8])).shop(&shop).save(db).await?;
    let (first, second) = (Order::create().shop(&shop).save(db).await?, Order::create().shop(&shop).save(db).await?);
    Line::create().order(&first).number(1).item(&one).save(db).await?;
    Line::create().order(&first).number(2).item(&two).save(db).await?;
    Ok((shop, [one, two], [first, second]))
}

/// `restrict` lets rows go that go anyway; `protect` does not.
pub async fn restricted_rows_may_go_together(db: &Db) -> Result<()> {
    let tables = models![Shop, Order, Item, Line, Guard];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let db = &db.with_models(tables);
    let (all, [one, _], [first, _]) = shop(db).await?;
    let error = one.clone().delete(db).await.expect_err("a line refers to it");
    assert!(error.is_protected());
    assert_eq!((error.blocking()[0].field, error.blocking()[0].rows), ("item", 1));
    assert_eq!(error.blocking()[0].keys, [format!("({}, 1)", first.id)]);
    let guard = Guard::create().shop(&all).item(&one).save(db).await?;
    assert!(all.clone().delete(db).await.is_err_and(|error| error.blocking()[0].model == "Guard"));
    assert_eq!(Line::query().count(db).await?, 2);
    guard.delete(db).await?;
    Guard::create().shop(&all).save(db).await?;
    let deleted = all.delete(db).await?;
    assert_eq!((deleted.total(), deleted.of::<Line>(), deleted.of::<Item>(), deleted.of::<Guard>()), (8, 2, 2, 1));
    // A line of another shop stays, so the item cannot go.
    let (near, [one, _], _) = shop(db).await?;
    let (_, _, [far, _]) = shop(db).await?;
    Line::create().order(&far).number(7).item(&one).save(db).await?;
    let error = near.delete(db).await.expect_err("another order has the item");
    assert_eq!(error.blocking()[0].keys, [format!("({}, 7)", far.id)]);
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_nodes", has_many(children: Node.parent, twins: Node.twin))]
struct Node {
    id: i64,
    #[covet(on_delete = cascade)]
    parent: Option<ForeignKey<Node>>,
    #[covet(on_delete = set_null)]
    twin: Option<ForeignKey<Node>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_eggs", has_many(hens: Hen.egg))]
struct Egg {
    id: i64,
    #[covet(on_delete = cascade)]
    hen: Option<ForeignKey<Hen>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_hens", has_many(eggs: Egg.hen))]
struct Hen {
    id: i64,
    #[covet(on_delete = cascade)]
    egg: ForeignKey<Egg>,
}

/// Rows of one table, and tables that refer to each other, go to the last one, however deep they are.
pub async fn circles_end(db: &Db) -> Result<()> {
    let tables = models![Node, Egg, Hen];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let root = Node::create().save(db).await?;
    let mut last = root.clone();
    // Deeper than InnoDB cascades.
    for _ in 0..40 {
        last = Node::create().parent(&last).twin(&root).save(db).await?;
    }
    let other = Node::create().twin(&last).save(db).await?;
    Node::find(&root).update(Node::parent_id.set(&last)).exec(db).await?;
    let itself = Node::create().save(db).await?;
    Node::find(&itself).update((Node::parent_id.set(&itself), Node::twin_id.set(&itself))).exec(db).await?;
    assert_eq!(itself.delete(db).await?, 1);
    assert_eq!(root.delete(db).await?, 41);
    assert_eq!(Node::query().all(db).await?, [Node { twin: None, ..other }]);
    let egg = Egg::create().save(db).await?;
    let hen = Hen::create().egg(&egg).save(db).await?;
    let second = Egg::create().hen(&hen).save(db).await?;
    Egg::find(&egg).update(Egg::hen_id.set(&hen)).exec(db).await?;
    Hen::create().egg(&second).save(db).await?;
    let deleted = Egg::find(&egg).delete(db).await?;
    assert_eq!((deleted.of::<Egg>(), deleted.of::<Hen>()), (2, 2));
    assert_eq!((Egg::query().count(db).await?, Hen::query().count(db).await?), (0, 0));
    Ok(())
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_teams", has_many(members: Member.team, rooms: Room.team, badges: Badge.team, oaths: Oath.team))]
struct Team {
    id: i64,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_members", hooks, has_many(cards: Card.member))]
struct Member {
    id: i64,
    name: String,
    #[covet(on_delete = cascade)]
    team: ForeignKey<Team>,
    #[covet(version)]
    version: i64,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

impl Hooks for Member {
    async fn before_delete(&self, tx: &Tx) -> Result<()> {
        if self.name == "captain" {
            return Err(Error::new(ErrorKind::Validation, "the captain stays"));
        }
        Log::create().text(format!("before {}", self.name)).save(tx).await.map(drop)
    }
    async fn after_delete(&self, tx: &Tx) -> Result<()> {
        Log::create().text(format!("after {}", self.name)).save(tx).await.map(drop)
    }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_cards")]
struct Card {
    id: i64,
    #[covet(on_delete = cascade)]
    member: ForeignKey<Member>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_rooms")]
struct Room {
    id: i64,
    #[covet(on_delete = set_null)]
    team: Option<ForeignKey<Team>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_badges")]
struct Badge {
    id: i64,
    #[covet(on_delete = cascade)]
    team: ForeignKey<Team>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_oaths")]
struct Oath {
    id: i64,
    #[covet(on_delete = protect)]
    team: ForeignKey<Team>,
    #[covet(soft_delete)]
    deleted_at: Option<DateTime<Utc>>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "cas_log")]
struct Log {
    id: i64,
    text: String,
}

async fn team(db: &Db) -> Result<Team> {
    let tables = models![Team, Member, Card, Room, Badge, Oath, Log];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let team = Team::create().save(db).await?;
    for name in ["x", "y"] {
        let member = Member::create().name(name).team(&team).save(db).await?;
        Card::create().member(&member).save(db).await?;
    }
    Room::create().team(&team).save(db).await?;
    Badge::create().team(&team).save(db).await?;
    Ok(team)
}

async fn log(db: &Db) -> Result<String> {
    let log = Log::query().order_by(Log::id.asc()).all(db).await?;
    Ok(log.iter().map(|one| one.text.as_str()).collect::<Vec<_>>().join(", "))
}

/// A row that is deleted softly takes those with it that can be deleted softly; the others still have what they refer to.
pub async fn soft_deletes_cascade_softly(db: &Db) -> Result<()> {
    let team = team(db).await?;
    let gone = Member::filter(Member::name.eq("y")).get(db).await?;
    Member::find(&gone).delete(db).await?;
    let deleted = Team::find(&team).delete(db).await?;
    assert_eq!((deleted.of::<Team>(), deleted.of::<Member>(), deleted.total()), (1, 1, 2));
    assert_eq!((Team::query().count(db).await?, Member::query().count(db).await?), (0, 0));
    let members = Member::unscoped().order_by(Member::name.asc()).all(db).await?;
    assert_eq!(members.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 2]);
    assert!(members.iter().all(|one| one.deleted_at.is_some()));
    assert_eq!((Card::query().count(db).await?, Badge::query().count(db).await?), (2, 1));
    assert_eq!(Room::filter(Room::team_id.eq(&team)).count(db).await?, 1);
    // What is gone for good takes all with it, deleted rows too.
    let deleted = Team::find(&team).with_deleted().hard_delete(db).await?;
    assert_eq!((deleted.of::<Member>(), deleted.of::<Card>(), deleted.of::<Badge>(), deleted.total()), (2, 2, 1, 6));
    assert_eq!((Member::unscoped().count(db).await?, Room::filter(Room::team_id.is_null()).count(db).await?), (0, 1));
    assert_eq!(log(db).await?, "");
    Ok(())
}

/// Rows that are there protect a row from a soft deletion; those that were deleted do not.
pub async fn soft_deletes_are_protected(db: &Db) -> Result<()> {
    let team = team(db).await?;
    let oath = Oath::create().team(&team).save(db).await?;
    let error = team.clone().delete(db).await.expect_err("an oath");
    assert_eq!((error.kind(), error.blocking()[0].model), (ErrorKind::Protected, "Oath"));
    assert_eq!((Team::query().count(db).await?, Member::query().count(db).await?), (1, 2));
    oath.delete(db).await?;
    assert_eq!(team.clone().delete(db).await?, 3);
    let error = Team::find(&team).unscoped().delete(db).await.expect_err("the oath's row is there");
    assert!(error.is_protected());
    Ok(())
}

/// Rows that go with a row in hand have their hooks; those that go with the rows of a query have none.
pub async fn hooks_run_along_a_cascade(db: &Db) -> Result<()> {
    let first = team(db).await?;
    assert_eq!(first.delete(db).await?, 3);
    assert_eq!(log(db).await?, "before x, before y, after x, after y");
    let second = team(db).await?;
    Team::find(&second).delete(db).await?;
    assert_eq!(log(db).await?, "");
    let third = team(db).await?;
    Member::create().name("captain").team(&third).save(db).await?;
    let error = third.delete(db).await.expect_err("the captain stays");
    assert_eq!((error.kind(), log(db).await?.as_str()), (ErrorKind::Validation, ""));
    assert_eq!((Team::query().count(db).await?, Member::query().count(db).await?), (1, 3));
    Ok(())
}

//! New rows that refer to a row in hand, and links with values of their own.

use chrono::{DateTime, Utc};
use covet::{backend::Db, error::ErrorKind, error::Result, prelude::*, test::assert_queries};
use covet_macros::Model;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(
    table = "new_bands",
    has_many(songs: Song.band, covers: Song.original),
    many_to_many(players: Player through Seat)
)]
struct Band {
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "new_songs")]
struct Song {
    id: i64,
    title: String,
    band: ForeignKey<Band>,
    original: Option<ForeignKey<Band>>,
    #[covet(default = 3, range(1..=5))]
    stars: i32,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "new_players", many_to_many(bands: Band.players))]
struct Player {
    id: i64,
    name: String,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "new_seats", unique(band, player))]
struct Seat {
    id: i64,
    band: ForeignKey<Band>,
    player: ForeignKey<Player>,
    #[covet(max_length = 10)]
    instrument: String,
    #[covet(default = 1, min = 1)]
    rank: i32,
    #[covet(auto_now_add)]
    since: DateTime<Utc>,
}

async fn band(db: &Db) -> Result<(Band, Vec<Player>)> {
    let tables = models![Band, Song, Player, Seat];
    db.drop_tables(tables).await?;
    db.create_tables(tables).await?;
    let band = Band::create().name("Quartet").save(db).await?;
    let mut players = Vec::new();
    for name in ["Ann", "Bob", "Cid"] {
        players.push(Player::create().name(name).save(db).await?);
    }
    Ok((band, players))
}

/// A row that is created of another one refers to it; the rest must be given, and is validated, as ever.
pub async fn rows_are_created_of_a_row(db: &Db) -> Result<()> {
    let (quartet, _) = band(db).await?;
    let song = assert_queries!(1, Band::songs.of(&quartet).create().title("One").save(db).await?);
    assert_eq!((song.band.key(), song.stars, song.original), (&quartet.id, 3, None));
    let other = Band::create().name("Trio").save(db).await?;
    let cover = Band::covers.of(&quartet).create().band(&other).title("Two").save(db).await?;
    assert_eq!((cover.band.key(), cover.original.map(|band| *band.key())), (&other.id, Some(quartet.id)));
    let rows = ["a", "b"].map(|title| Band::songs.of(&other).create().title(title).build());
    assert_eq!(Song::bulk_create(rows).exec(db).await?, 2);
    assert_eq!(Band::songs.of(&other).count(db).await?, 3);
    let back = Song::band.reverse();
    back.of(&quartet).create().title("Three").save(db).await?;
    assert_eq!(Band::songs.of(&quartet).count(db).await?, 2);
    let wrong = Band::songs.of(&quartet).create().title("Four").stars(6).save(db).await;
    assert_eq!(wrong.map_err(|error| error.kind()), Err(ErrorKind::Validation));
    db.drop_tables(models![Band, Song, Player, Seat]).await
}

/// Links of a join table with columns of its own take their values; those that exist stay as they are.
pub async fn links_have_values(db: &Db) -> Result<()> {
    let (quartet, players) = band(db).await?;
    let [ann, bob, cid] = &players[..] else { return Ok(()) };
    let seats = async || -> Result<Vec<(i64, String, i32)>> {
        let seats = Seat::query().order_by(Seat::player_id.asc()).all(db).await?;
        Ok(seats.into_iter().map(|seat| (*seat.player.key(), seat.instrument, seat.rank)).collect())
    };
    let text = str::to_owned;
    let violin = || Seat::create().instrument("violin");
    let add = Band::players.of(&quartet).add([ann, bob]).through(violin());
    assert_eq!(assert_queries!(2, add.exec(db).await?), 2);
    // One exists already, and keeps what it has; one is given twice.
    let cello = Seat::create().instrument("cello").rank(2);
    assert_eq!(Band::players.of(&quartet).add([bob, cid, cid]).through(cello).exec(db).await?, 1);
    let all = [(ann.id, text("violin"), 1), (bob.id, text("violin"), 1), (cid.id, text("cello"), 2)];
    assert_eq!(seats().await?, all);
    // From the other side, and exactly these.
    let flute = || Seat::create().instrument("flute");
    assert_eq!(Player::bands.of(ann).set([&quartet]).through(flute()).exec(db).await?, 0);
    assert_eq!(Band::players.of(&quartet).set([bob]).through(flute()).exec(db).await?, 2);
    assert_eq!(Band::players.of(&quartet).toggle([ann, bob]).through(flute()).exec(db).await?, 2);
    assert_eq!(seats().await?, [(ann.id, text("flute"), 1)]);
    let since = Seat::query().get(db).await?.since;
    assert!((Utc::now() - since).num_minutes().abs() < 60);
    // Nothing to add needs no values.
    assert_eq!(Band::players.of(&quartet).set([ann]).exec(db).await?, 0);
    assert_eq!(Band::players.of(&quartet).remove([ann]).exec(db).await?, 1);
    db.drop_tables(models![Band, Song, Player, Seat]).await
}

/// What is missing, of another model, or against a rule is a typed error, and nothing is stored.
pub async fn links_without_values_are_refused(db: &Db) -> Result<()> {
    let (quartet, players) = band(db).await?;
    let add = || Band::players.of(&quartet).add(&players);
    let failed = |outcome: Result<u64>| outcome.map_err(|error| (error.kind(), error.to_string()));
    let (kind, text) = failed(add().exec(db).await).expect_err("a seat has an instrument");
    assert_eq!(kind, ErrorKind::Configuration);
    assert!(text.contains("`Seat`") && text.contains("`.through(Seat::create()..)`"), "{text}");
    let (kind, text) = failed(add().through(Seat::create().rank(2)).exec(db).await).expect_err("no instrument");
    assert_eq!(kind, ErrorKind::Configuration);
    assert!(text.contains("instrument"), "{text}");
    let (kind, text) = failed(add().through(Player::create()).exec(db).await).expect_err("no seat");
    assert_eq!(kind, ErrorKind::Configuration);
    assert!(text.contains("`Player`") && text.contains("`Seat`"), "{text}");
    let low = Seat::create().instrument("drums").rank(0);
    let (kind, _) = failed(add().through(low).exec(db).await).expect_err("rank is 1 at least");
    assert_eq!(kind, ErrorKind::Validation);
    assert_eq!(Seat::query().count(db).await?, 0);
    db.drop_tables(models![Band, Song, Player, Seat]).await
}

//! Rules of models, checked before anything is sent. Most of them have no constraint in the database, so that
//! a row that was stored shows that its statement was sent.

use covet::{
    backend::Db,
    error::{Error, Result},
    prelude::*,
    validate::{Clean, Draft},
    violation::{ValidationErrors, Violation},
};
use covet_macros::{Embed, Model, SqlType};
use rust_decimal::Decimal;

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_members", clean)]
struct Member {
    id: i64,
    #[covet(min_length = 2, max_length = 10)]
    name: String,
    #[covet(email)]
    email: Option<String>,
    #[covet(range(0..=150), validate = even)]
    age: i32,
    #[covet(min = 0)]
    first_year: Option<i32>,
    last_year: Option<i32>,
    #[covet(blank)]
    note: Option<String>,
}

fn even(age: &i32) -> Result<(), Violation> {
    if age % 2 == 0 { Ok(()) } else { Err(Violation::new("odd", "must be even").with("divisor", 2)) }
}

impl Clean for Member {
    fn clean(draft: &Draft<'_, Self>, errors: &mut ValidationErrors) {
        if let (Some(first), Some(last)) = (draft.get(Member::first_year), draft.get(Member::last_year))
            && last < first
        {
            errors.add(Member::last_year, Violation::new("order", "must not be before the first year"));
            errors.add_general(Violation::new("years", "the years are in the wrong order"));
        }
    }
}

#[derive(SqlType, Clone, Debug, PartialEq)]
struct Code(String);

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_forms")]
struct Form {
    id: i64,
    #[covet(regex = "^[a-z]+$")]
    word: Option<String>,
    #[covet(regex = "b+")]
    part: Option<String>,
    #[covet(url)]
    link: Option<String>,
    #[covet(slug)]
    slug: Option<String>,
    #[covet(one_of("small", "large"))]
    size: Option<String>,
    #[covet(validate = no_spaces, validate = |code: &Code| no_zero(&code.0))]
    code: Option<Code>,
    #[covet(sensitive, min_length = 8, max_length = 12)]
    password: Option<String>,
}

/// Rules of text on newtypes of `String`.
#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_codes")]
struct Codes {
    id: i64,
    #[covet(max_length = 5, min_length = 2)]
    short: Option<Code>,
    #[covet(regex = "^[a-z]+$", max_length = 5)]
    word: Option<Code>,
    #[covet(email)]
    email: Option<Code>,
    #[covet(slug, one_of("small", "large"))]
    size: Option<Code>,
    #[covet(max_length = 3, unique, blank)]
    tag: Option<Code>,
}

/// Rules of text hold for newtypes of `String`, before a value is sent and in the table: `max_length`, `min_length`,
/// `regex`, `email`, `slug`, `one_of`.
pub async fn newtypes_of_texts_have_rules(db: &Db) -> Result<()> {
    db.drop_tables(models![Codes]).await?;
    db.create_tables(models![Codes]).await?;
    fn code(text: &str) -> Code {
        Code(text.to_owned())
    }
    let good = Codes::create().short(code("äöüßé")).word(code("abc")).email(code("a@x.org")).size(code("small"));
    let row = good.tag(code("🦀🦀🦀")).save(db).await?;
    assert_eq!(Codes::filter(Codes::short.starts_with("ä") & Codes::tag.eq(code("🦀🦀🦀"))).get(db).await?, row);
    for (wrong, field, violation) in [
        (Codes::create().short(code("äöüßéa")).build(), "short", "max_length"),
        (Codes::create().short(code("a")).build(), "short", "min_length"),
        (Codes::create().word(code("a1")).build(), "word", "regex"),
        (Codes::create().word(code("abcdef")).build(), "word", "max_length"),
        (Codes::create().email(code("nobody")).build(), "email", "email"),
        (Codes::create().size(code("medium")).build(), "size", "one_of"),
        (Codes::create().short(code("")).build(), "short", "blank"),
    ] {
        let error = Codes::bulk_create([wrong]).exec(db).await.unwrap_err();
        let errors = error.validation().unwrap();
        assert_eq!(errors.field(field).first().map(Violation::code), Some(violation), "{error}");
    }
    assert!(Codes::create().short(code("a")).save(db).await.unwrap_err().is_validation());
    for long in [Codes::create().short(code("123456")), Codes::create().tag(code("    "))] {
        let error = Codes::bulk_create([long.build()]).skip_validation().exec(db).await.unwrap_err();
        assert!(error.is_check_violation(), "{error:?}");
    }
    let update = Codes::find(row.id).update(Codes::tag.set(code("1234")));
    assert!(update.exec(db).await.unwrap_err().is_validation());
    assert_eq!(Codes::query().count(db).await?, 1);
    db.drop_tables(models![Codes]).await
}

fn no_spaces(code: &Code) -> Result<(), Violation> {
    if code.0.contains(' ') { Err(Violation::new("spaces", "must have no spaces")) } else { Ok(()) }
}

fn no_zero(code: &str) -> Result<(), Violation> {
    if code.contains('0') { Err(Violation::new("zero", "must have no zero")) } else { Ok(()) }
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_numbers")]
struct Numbers {
    id: i64,
    #[covet(range(-5..=5))]
    small: Option<i16>,
    #[covet(min = -5_000_000_000)]
    big: Option<i64>,
    #[covet(max = 200)]
    tiny: Option<u8>,
    #[covet(max = 9_223_372_036_854_775_807)]
    huge: Option<u64>,
    #[covet(range(0.1..=0.3))]
    single: Option<f32>,
    #[covet(range(0.1..=0.3))]
    double: Option<f64>,
    #[covet(decimal(10, 2), range(0.01..=99999.99))]
    price: Option<Decimal>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_places")]
struct Place {
    #[covet(primary_key, max_length = 5)]
    code: String,
    name: String,
    #[covet(default)]
    note: String,
    #[covet(default = "")]
    remark: String,
    parent: Option<ForeignKey<Place>>,
}

async fn members(db: &Db) -> Result<()> {
    db.drop_tables(models![Member]).await?;
    db.create_tables(models![Member]).await
}

/// `field: code code; field: code`, in the order of the violations.
fn codes(errors: &ValidationErrors) -> String {
    let of_field = |(field, violations): (&str, &[Violation])| {
        format!("{field}: {}", violations.iter().map(Violation::code).collect::<Vec<_>>().join(" "))
    };
    errors.iter().map(of_field).collect::<Vec<_>>().join("; ")
}

fn broken<T: std::fmt::Debug>(result: Result<T>) -> ValidationErrors {
    let error: Error = result.unwrap_err();
    assert!(error.is_validation() && error.statement().is_none(), "{error:?}");
    error.validation().cloned().unwrap()
}

/// Every broken rule of every field is reported, not the first, and nothing is stored.
pub async fn save_reports_every_violation(db: &Db) -> Result<()> {
    members(db).await?;
    let long = "0123456789abc";
    let row = || Member::create().name(long).email("nobody").age(151).first_year(-1).note("");
    let errors = broken(row().save(db).await);
    assert_eq!(codes(&errors), "name: max_length; email: email; age: max odd; first_year: min");
    assert_eq!(errors.len(), 5);
    let error = row().save(db).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("name: must have at most 10 characters (has 13)"), "{text}");
    assert!(text.contains("age: must be at most 150; age: must be even"), "{text}");
    assert!(!format!("{error} {error:?}").contains(long), "{error:?}");
    assert_eq!(row().validate().unwrap_err(), errors);
    let length = &errors.field(Member::name)[0];
    assert_eq!((length.param("max"), length.param("length")), (Some(&10.into()), Some(&13.into())));
    assert_eq!(Member::query().count(db).await?, 0);
    let row = Member::create().name("Ann").email("ann@example.org").age(150).first_year(0);
    assert!(row.validate().is_ok());
    assert_eq!(row.save(db).await?.age, 150);
    assert_eq!(Member::query().count(db).await?, 1);
    db.drop_tables(models![Member]).await
}

/// `bulk_create` checks all rows and names those that break rules; none is stored.
pub async fn bulk_create_names_the_rows(db: &Db) -> Result<()> {
    members(db).await?;
    let row = |name: &str, age: i32| Member::create().name(name).age(age).build();
    for count in [3, 3_000] {
        let mut rows: Vec<_> = (0..count).map(|_| row("Ann", 20)).collect();
        rows[1] = row("A", 21);
        rows[count - 1] = row("Ann", -2);
        let errors = broken(Member::bulk_create(rows.clone()).exec(db).await);
        assert_eq!(codes(&errors), "name: min_length; age: odd min");
        let at: Vec<_> = errors.field(Member::age).iter().map(Violation::row).collect();
        assert_eq!(at, [Some(1), Some(count - 1)]);
        assert!(errors.to_string().starts_with("rows[1].name: must have at least 2 characters (has 1)"), "{errors}");
        assert_eq!(Member::query().count(db).await?, 0);
        // A row that skips validation is not asked; the others are.
        rows[1] = rows[1].clone().skip_validation();
        assert_eq!(codes(&broken(Member::bulk_create(rows.clone()).exec(db).await)), "age: min");
        assert_eq!(Member::bulk_create(rows).skip_validation().exec(db).await?, count as u64);
        assert_eq!(Member::filter(Member::age.lt(0)).delete(db).await?, 1);
        Member::query().delete(db).await?;
    }
    db.drop_tables(models![Member]).await
}

/// An update checks the values that it sets; what the database computes is left to its constraints.
pub async fn updates_check_the_values_they_set(db: &Db) -> Result<()> {
    members(db).await?;
    Member::create().name("Ann").age(30).first_year(2_000).save(db).await?;
    let all = || Member::query();
    let set = (Member::name.set("x"), Member::age.set(Member::age + 1), Member::email.set("nobody"));
    assert_eq!(codes(&broken(all().update(set).exec(db).await)), "name: min_length; email: email");
    assert_eq!(codes(&broken(all().update(Member::age.set(-1)).exec(db).await)), "age: min odd");
    let listed = vec![Member::age.set(7), Member::age.set(200)];
    assert_eq!(codes(&broken(all().update(listed).exec(db).await)), "age: odd max");
    let years = (Member::first_year.set(2_010), Member::last_year.set(2_005));
    assert_eq!(codes(&broken(all().update(years).exec(db).await)), "last_year: order; __all__: years");
    let row = all().get(db).await?;
    assert_eq!((row.name.as_str(), row.age, row.email.as_deref()), ("Ann", 30, None));
    assert_eq!(all().update((Member::age.set(Member::age + 1), Member::email.set(None))).exec(db).await?, 1);
    // The rule over two years knows those that the update sets only.
    assert_eq!(all().update(Member::last_year.set(1_990)).exec(db).await?, 1);
    assert_eq!(all().update(Member::age.set(-7)).skip_validation().exec(db).await?, 1);
    let row = all().get(db).await?;
    assert_eq!((row.age, row.last_year), (-7, Some(1_990)));
    // A filter's values are no assignments, and values behind them are found all the same.
    let update = Member::filter(Member::age.in_([-7, 1]) & Member::name.ne("x")).update((
        Member::age.set(Member::age + 1),
        Member::name.set("Eve"),
        Member::first_year.set(-1),
    ));
    assert_eq!(codes(&broken(update.exec(db).await)), "first_year: min");
    db.drop_tables(models![Member]).await
}

/// Rules over several fields hold in `save` and `bulk_create`, beside the rules of single fields.
pub async fn clean_sees_the_whole_row(db: &Db) -> Result<()> {
    members(db).await?;
    let row = || Member::create().name("Ann").age(3).first_year(2_000).last_year(1_999);
    let errors = broken(row().save(db).await);
    assert_eq!(codes(&errors), "age: odd; last_year: order; __all__: years");
    assert_eq!(errors.general()[0].message(), "the years are in the wrong order");
    let errors = broken(Member::bulk_create([row().age(2).last_year(2_000).build(), row().build()]).exec(db).await);
    assert_eq!(errors.general()[0].row(), Some(1));
    assert_eq!(Member::query().count(db).await?, 0);
    db.drop_tables(models![Member]).await
}

/// `skip_validation` leaves a row to the constraints of the database.
pub async fn skip_validation_sends_the_row(db: &Db) -> Result<()> {
    members(db).await?;
    let row = Member::create().name("x").email("nobody").age(-3).first_year(9).last_year(8).skip_validation();
    assert_eq!(row.save(db).await?.age, -3);
    let error = Member::create().name("x".repeat(11)).age(2).skip_validation().save(db).await.unwrap_err();
    assert!(!error.is_validation(), "{error:?}");
    assert_eq!(Member::query().count(db).await?, 1);
    db.drop_tables(models![Member]).await
}

async fn forms(db: &Db) -> Result<()> {
    db.drop_tables(models![Form]).await?;
    db.create_tables(models![Form]).await
}

/// What meets the rules of text is stored, what does not is refused.
pub async fn text_rules_hold(db: &Db) -> Result<()> {
    forms(db).await?;
    macro_rules! texts {
        ($($field:ident: $code:literal, $good:expr, $bad:expr;)*) => {$(
            for good in $good {
                let stored = Form::create().$field(good).save(db).await?;
                assert_eq!(Form::find(&stored).get(db).await?.$field.as_deref(), Some(good));
            }
            for bad in $bad {
                let errors = broken(Form::create().$field(bad).save(db).await);
                assert_eq!(codes(&errors), concat!(stringify!($field), ": ", $code), "{bad:?}");
                assert_eq!(codes(&broken(Form::query().update(Form::$field.set(bad)).exec(db).await)), codes(&errors));
            }
        )*};
    }
    texts! {
        word: "regex", ["a", "abc"], ["A", "abc\n", "\nabc", "a b", "é", "1"];
        part: "regex", ["b", "abc", "a\nb\n"], ["a", "B"];
        link: "url",
            ["http://example.org", "https://user@example.org:8080/a?b=c#d", "https://bücher.example/ü", "http://[::1]/"],
            ["example.org", "//example.org", "ftp://example.org", "javascript:alert(1)", "http://", "mailto:ann@example.org",
             " http://example.org", "http://example.org\n", "http://exa mple.org", "http://example.org:99999"];
        slug: "slug", ["a-b_C9", "-"], ["a b", "é", "a.b", "a\n"];
        size: "one_of", ["small", "large"], ["Small", "medium", "small "];
        password: "min_length", ["12345678"], ["1234567"];
    }
    db.drop_tables(models![Form]).await
}

/// Addresses as people have them are taken, what is no address is refused.
pub async fn email_addresses_hold(db: &Db) -> Result<()> {
    members(db).await?;
    let row = |email: &str| Member::create().name("Ann").age(2).email(email);
    for good in ["ann@example.org", "a.b+c_d-e@sub.example.co.uk", "o'brien@example.ie", "用户@例え.jp"] {
        assert_eq!(row(good).save(db).await?.email.as_deref(), Some(good));
    }
    for bad in [
        "ann",
        "@example.org",
        "ann@",
        "ann@localhost",
        "a b@example.org",
        "ann@example..org",
        "ann@@example.org",
        "Ann <ann@example.org>",
        "ann@example.org ",
        "ann@example.org\n",
        "ann@[127.0.0.1]",
        ".ann@example.org",
    ] {
        assert_eq!(codes(&broken(row(bad).save(db).await)), "email: email", "{bad:?}");
    }
    // RFC 5321 ends at 254 characters, and so does the column.
    let long = format!("ann@{}.example.org", vec!["x".repeat(60); 4].join("."));
    assert!(codes(&broken(row(&long).save(db).await)).starts_with("email: max_length"), "{}", long.len());
    db.drop_tables(models![Member]).await
}

/// Limits are exact for every type of number.
pub async fn limits_of_numbers_are_exact(db: &Db) -> Result<()> {
    db.drop_tables(models![Numbers]).await?;
    db.create_tables(models![Numbers]).await?;
    macro_rules! numbers {
        ($($field:ident: $good:expr, $low:expr, $high:expr;)*) => {$(
            for good in $good {
                assert_eq!(Numbers::create().$field(good).save(db).await?.$field, Some(good));
            }
            for (code, all) in [("min", $low.to_vec()), ("max", $high.to_vec())] {
                for bad in all {
                    let errors = broken(Numbers::create().$field(bad).save(db).await);
                    assert_eq!(codes(&errors), format!("{}: {code}", stringify!($field)), "{bad:?}");
                }
            }
        )*};
    }
    let price = |cents| Decimal::new(cents, 2);
    numbers! {
        small: [-5, 0, 5], [-6, i16::MIN], [6, i16::MAX];
        big: [-5_000_000_000, i64::MAX], [-5_000_000_001, i64::MIN], [0; 0];
        tiny: [0, 200], [0; 0], [201, u8::MAX];
        huge: [0, i64::MAX as u64], [0; 0], [i64::MAX as u64 + 1, u64::MAX];
        single: [0.1_f32, 0.2, 0.3], [0.099_999_f32, f32::MIN], [0.300_001_f32, f32::INFINITY];
        double: [0.1, 0.3], [0.099_999_999_999, f64::NEG_INFINITY], [0.1 + 0.2, f64::INFINITY];
        price: [price(1), price(9_999_999)], [price(0), price(-5), Decimal::new(9, 3)], [price(10_000_000)];
    }
    // NaN is in no range.
    assert_eq!(codes(&broken(Numbers::create().double(f64::NAN).save(db).await)), "double: min max");
    let errors = broken(Numbers::create().price(price(0)).save(db).await);
    assert_eq!(errors.to_string(), "price: must be at least 0.01");
    assert_eq!(errors.field(Numbers::price)[0].param("min"), Some(&0.01.into()));
    assert_eq!(Numbers::query().count(db).await?, 16);
    db.drop_tables(models![Numbers]).await
}

/// Lengths are characters, not bytes, in the rule as in the database.
pub async fn lengths_are_characters(db: &Db) -> Result<()> {
    members(db).await?;
    for name in ["😀😀", "éééééééééé", "😀😀😀😀😀😀😀😀😀😀", "e\u{301}"] {
        assert_eq!(Member::create().name(name).age(2).save(db).await?.name, name);
    }
    for (name, length) in
        [("😀", 1), ("é", 1), ("ééééééééééé", 11), ("e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", 12)]
    {
        let errors = broken(Member::create().name(name).age(2).save(db).await);
        assert_eq!(errors.field(Member::name)[0].param("length"), Some(&length.into()), "{name}");
    }
    assert_eq!(Member::query().count(db).await?, 4);
    db.drop_tables(models![Member]).await
}

/// NULL meets every rule: whether it is allowed is the type's word.
pub async fn null_meets_every_rule(db: &Db) -> Result<()> {
    forms(db).await?;
    let row = Form::create().save(db).await?;
    assert_eq!(Form::find(&row).get(db).await?, row);
    let set = (Form::word.set(None), Form::code.set(None), Form::password.set(None));
    assert_eq!(Form::query().update(set).exec(db).await?, 1);
    db.drop_tables(models![Form]).await
}

/// The empty text is refused, unless the field is `blank` or has it as its default; keys may be empty.
pub async fn empty_text_is_refused_unless_blank(db: &Db) -> Result<()> {
    db.drop_tables(models![Place]).await?;
    db.create_tables(models![Place]).await?;
    let place = || Place::create().code("x");
    let errors = broken(place().name("").save(db).await);
    assert_eq!(errors.to_string(), "name: must not be empty");
    let error = place().name("").save(db).await.unwrap_err();
    assert!(error.to_string().ends_with("; `#[covet(blank)]` on a field allows the empty text"), "{error}");
    let stored = place().name("a").note("").save(db).await?;
    assert_eq!((stored.note.as_str(), stored.remark.as_str()), ("", ""));
    assert_eq!(codes(&broken(Place::query().update(Place::name.set("")).exec(db).await)), "name: blank");
    let root = Place::create().code("").name("root").save(db).await?;
    let child = Place::create().code("y").name(" ").parent(&root).save(db).await?;
    assert_eq!(child.parent.map(ForeignKey::into_key), Some(String::new()));
    assert_eq!(Place::query().count(db).await?, 3);
    db.drop_tables(models![Place]).await
}

/// A field has as many rules of the application as it likes, and each of them is asked.
pub async fn custom_rules_are_all_asked(db: &Db) -> Result<()> {
    forms(db).await?;
    let errors = broken(Form::create().code(Code("a 0".to_owned())).save(db).await);
    assert_eq!(codes(&errors), "code: spaces zero");
    assert_eq!(Form::create().code(Code("ab".to_owned())).save(db).await?.code, Some(Code("ab".to_owned())));
    let errors = broken(Form::query().update(Form::code.set(Code("0".to_owned()))).exec(db).await);
    assert_eq!(codes(&errors), "code: zero");
    assert_eq!(Form::query().count(db).await?, 1);
    db.drop_tables(models![Form]).await
}

/// What is sensitive leaves no trace in an error, not even its length.
pub async fn sensitive_values_leave_no_trace(db: &Db) -> Result<()> {
    forms(db).await?;
    for password in ["s3cret", "s3cret-s3cret"] {
        let row = Form::create().password(password).build();
        let error = row.clone().save(db).await.unwrap_err();
        let errors = broken(row.clone().save(db).await);
        assert_eq!(errors.field(Form::password)[0].param("length"), None);
        let json = serde_json::to_string(&errors).unwrap();
        let dialect = &*db.shared().dialect;
        let query = Form::filter(Form::password.in_([password, "x"]) & Form::word.eq("shown")).to_sql(dialect)?;
        let update = Form::query().update((Form::word.set("shown"), Form::password.set(password))).to_sql(dialect)?;
        let new = row.to_sql(dialect)?;
        assert!([&query, &update].iter().all(|sql| sql.to_string().contains("shown")), "{query} {update}");
        assert!(format!("{:?}", new.binds).contains(password), "the value itself is there");
        let texts = format!("{error} {error:?} {errors:?} {json} {row:?} {new} {new:?} {query} {query:?} {update:?}");
        assert!(!texts.contains("s3cret") && !texts.contains("has "), "{texts}");
    }
    assert_eq!(Form::query().count(db).await?, 0);
    db.drop_tables(models![Form]).await
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_accounts")]
struct Account {
    id: i64,
    #[covet(unique, max_length = 50)]
    login: String,
    #[covet(unique)]
    number: Option<i32>,
}

#[derive(Model, Clone, Debug, PartialEq)]
#[covet(table = "validation_seats", primary_key(row, number))]
struct Seat {
    row: i32,
    number: i32,
}

/// Which unique values are taken is asked on demand, of a new row and of a stored one.
pub async fn taken_values_are_told_in_advance(db: &Db) -> Result<()> {
    db.drop_tables(models![Account, Seat]).await?;
    db.create_tables(models![Account, Seat]).await?;
    let new = |login: &str, number: Option<i32>| Account::create().login(login).number(number).build();
    let ann = new("ann", Some(1)).save(db).await?;
    let mut bob = new("bob", None).save(db).await?;
    let errors = broken(new("ann", Some(1)).validate_unique(db).await);
    assert_eq!(errors.to_string(), "login: is taken already; number: is taken already");
    assert_eq!(codes(&broken(new("ann", None).validate_unique(db).await)), "login: unique");
    // Letters of another case are another text, and NULL is never taken.
    new("Ann", None).validate_unique(db).await?;
    // A row does not stand in its own way.
    ann.validate_unique(db).await?;
    bob.validate_unique(db).await?;
    bob.number = Some(1);
    assert_eq!(codes(&broken(bob.validate_unique(db).await)), "number: unique");
    let key = Account::create().id(ann.id).login("eve").build();
    assert_eq!(codes(&broken(key.validate_unique(db).await)), "id: unique");
    // It is advice: the constraint decides.
    let early = new("carl", None);
    early.validate_unique(db).await?;
    new("carl", None).save(db).await?;
    assert!(early.save(db).await.unwrap_err().is_unique_violation());
    Seat::create().row(1).number(2).save(db).await?;
    Seat::create().row(2).number(2).build().validate_unique(db).await?;
    let errors = broken(Seat::create().row(1).number(2).build().validate_unique(db).await);
    assert_eq!(codes(&errors), "__all__: unique");
    db.drop_tables(models![Account, Seat]).await
}

/// Shows what it holds, but for what is sensitive.
#[derive(Model)]
#[covet(table = "validation_secrets", debug)]
struct Secret {
    id: i64,
    name: String,
    #[covet(sensitive)]
    pin: i32,
    #[covet(sensitive)]
    token: Option<String>,
}

/// `Debug` that covet derives for a model keeps sensitive fields to itself.
pub async fn debug_keeps_sensitive_fields_to_itself(db: &Db) -> Result<()> {
    db.drop_tables(models![Secret]).await?;
    db.create_tables(models![Secret]).await?;
    let row = Secret::create().name("Ann").pin(4711).token("t0ken").save(db).await?;
    let row = Secret::find(row.id).get(db).await?;
    assert_eq!((row.pin, row.token.as_deref()), (4711, Some("t0ken")));
    let expected = format!("Secret {{ id: {}, name: \"Ann\", pin: <sensitive>, token: <sensitive> }}", row.id);
    assert_eq!(format!("{row:?}"), expected);
    db.drop_tables(models![Secret]).await
}

#[derive(Embed, PartialEq)]
#[covet(debug)]
struct Card {
    #[covet(regex = "^[0-9]{4}$", sensitive)]
    digits: String,
    #[covet(range(1..=12))]
    month: i32,
}

#[derive(Model, PartialEq)]
#[covet(table = "validation_payments", debug, clean)]
struct Payment {
    id: i64,
    #[covet(unique, min = 1)]
    number: i32,
    #[covet(flatten)]
    card: Card,
}

impl Clean for Payment {
    fn clean(draft: &Draft<'_, Self>, errors: &mut ValidationErrors) {
        if draft.get(Payment::card.month) == Some(2) && draft.get(Payment::number) == Some(2) {
            errors.add(Payment::card.month, Violation::new("two", "must not be the number"));
        }
    }
}

/// The rules of flattened fields hold in the models that have them.
pub async fn flattened_fields_have_rules(db: &Db) -> Result<()> {
    db.drop_tables(models![Payment]).await?;
    db.create_tables(models![Payment]).await?;
    let row = |number: i32, month: i32, digits: &str| {
        Payment::create().number(number).card(Card { month, digits: digits.to_owned() })
    };
    let errors = broken(row(0, 13, "12345").save(db).await);
    assert_eq!(codes(&errors), "number: min; card.digits: regex; card.month: max");
    assert_eq!(codes(&broken(row(2, 2, "1234").save(db).await)), "card.month: two");
    let error = Payment::query().update(Payment::card.month.set(0)).exec(db).await;
    assert_eq!(codes(&broken(error)), "card.month: min");
    let stored = row(3, 12, "1234").save(db).await?;
    let expected = "number: 3, card: Card { digits: <sensitive>, month: 12 } }";
    assert!(format!("{stored:?}").ends_with(expected), "{stored:?}");
    assert_eq!(Payment::query().count(db).await?, 1);
    db.drop_tables(models![Payment]).await
}

/// An upsert checks the new row and what it changes of the row that exists.
pub async fn upserts_check_row_and_changes(db: &Db) -> Result<()> {
    db.drop_tables(models![Payment]).await?;
    db.create_tables(models![Payment]).await?;
    let row =
        |number: i32, month: i32| Payment::create().number(number).card(Card { month, digits: "1234".to_owned() });
    let update = |number: i32, month: i32, to: i32| {
        row(number, month).on_conflict(Payment::number).update(Payment::card.month.set(to)).save(db)
    };
    for _ in 0..2 {
        assert_eq!(codes(&broken(update(1, 0, 1).await)), "card.month: min");
        assert_eq!(codes(&broken(update(1, 1, 13).await)), "card.month: max");
        update(1, 1, 5).await?;
    }
    assert_eq!(Payment::query().get(db).await?.card.month, 5);
    db.drop_tables(models![Payment]).await
}

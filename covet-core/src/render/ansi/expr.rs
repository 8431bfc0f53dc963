//! Expressions; parentheses come from precedence.

use crate::{
    ast::{ArithmeticOp, ArrayOp, CompareOp, Expr, TextMatch},
    error::{Error, ErrorKind, Result},
    feature::Feature,
    render::{Dialect, Form, Grammar, Store, Writer},
    schema::TableDef,
    tape::{Op, Word},
    value::{Kind, Value},
};

/// How strongly a node holds its operands; a weaker operand gets parentheses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Or,
    And,
    Not,
    Predicate,
    Sum,
    Product,
    Atom,
}

fn strength(expr: &Expr) -> Strength {
    match expr {
        Expr::Column(_)
        | Expr::Bind { .. }
        | Expr::Bool(_)
        | Expr::Length(_)
        | Expr::Element { .. }
        | Expr::Related(_) => Strength::Atom,
        Expr::Or(_) => Strength::Or,
        Expr::And(_) => Strength::And,
        Expr::Not { nullable: false, .. } => Strength::Not,
        Expr::Not { .. }
        | Expr::Compare { .. }
        | Expr::Distinct { .. }
        | Expr::Between { .. }
        | Expr::In { .. }
        | Expr::Tree(_)
        | Expr::Text { .. }
        | Expr::Regex { .. }
        | Expr::IsNull { .. }
        | Expr::Array { .. }
        | Expr::Xor(..) => Strength::Predicate,
        Expr::Arithmetic { op, .. } => match op {
            ArithmeticOp::Add | ArithmeticOp::Sub => Strength::Sum,
            ArithmeticOp::Mul | ArithmeticOp::Div | ArithmeticOp::IntDiv | ArithmeticOp::Rem => Strength::Product,
        },
    }
}

/// Appends an operand, in parentheses unless it is stronger than `than`.
fn operand(w: &mut Writer<'_>, expr: &Expr, than: Strength) -> Result<()> {
    if strength(expr) > than {
        return w.expr(expr);
    }
    w.sql("(");
    w.expr(expr)?;
    w.sql(")");
    Ok(())
}

/// `?`
pub fn placeholder(w: &mut Writer<'_>, _number: usize) {
    w.sql("?");
}

/// A placeholder for a value.
pub fn parameter(w: &mut Writer<'_>, index: usize, _kind: Kind) {
    w.bind(index, Form::Plain);
}

/// A decimal is refused when its column cannot hold it; a UUID becomes text where its column holds texts.
pub fn store(kind: Kind) -> Option<Store> {
    matches!(kind, Kind::Decimal(Some(_)) | Kind::UuidText).then_some(|value, kind| match (value, kind) {
        (Value::Decimal(value), Kind::Decimal(Some(digits))) => digits.fit(value).map(Value::Decimal),
        (Value::Uuid(value), Kind::UuidText) => Ok(Value::Text(value.hyphenated().to_string().into_boxed_str())),
        (value, _) => Ok(value),
    })
}

/// A parameter like any other.
pub fn comparand(w: &mut Writer<'_>, _left: &Expr, index: usize, kind: Kind) {
    w.dialect().parameter(w, index, kind);
}

/// Any expression. The only match over the nodes.
///
/// # Errors
/// When the dialect refuses a part of it.
pub fn expr(w: &mut Writer<'_>, expr: &Expr) -> Result<()> {
    let dialect = w.dialect();
    match expr {
        Expr::Column(column) => w.column(column)?,
        Expr::Bind { index, kind } => {
            w.stored(*index, *kind);
            if w.is_schema() {
                w.bind(*index, Form::Plain);
            } else {
                dialect.parameter(w, *index, *kind);
            }
        }
        Expr::Bool(value) => {
            w.sql(if *value { "1 = 1" } else { "1 = 0" });
        }
        Expr::Compare { op, left, right } => {
            comparable(w, left, right)?;
            if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
                ordered(left)?;
            }
            operand(w, left, Strength::Predicate)?;
            w.sql(match op {
                CompareOp::Eq => " = ",
                CompareOp::Ne => " <> ",
                CompareOp::Gt => " > ",
                CompareOp::Gte => " >= ",
                CompareOp::Lt => " < ",
                CompareOp::Lte => " <= ",
            });
            right_side(w, left, right)?;
        }
        Expr::Distinct { left, right, negated } => {
            comparable(w, left, right)?;
            dialect.distinct(w, left, right, *negated)?;
        }
        Expr::Between { value, low, high } => {
            comparable(w, value, low)?;
            comparable(w, value, high)?;
            ordered(value)?;
            operand(w, value, Strength::Predicate)?;
            w.sql(" BETWEEN ");
            right_side(w, value, low)?;
            w.sql(" AND ");
            right_side(w, value, high)?;
        }
        Expr::In { value, index, kind, log } => {
            w.stored(*index, *kind);
            match w.literal_list(*index) {
                Some(length) => listed(w, value, *index, length)?,
                None => dialect.is_in(w, value, *index, *kind, *log)?,
            }
        }
        Expr::Text { how, ignore_case, value, pattern } => dialect.text(w, *how, *ignore_case, value, pattern)?,
        Expr::Regex { value, index, ignore_case } => dialect.regex(w, value, *index, *ignore_case)?,
        Expr::IsNull { value, negated } => {
            operand(w, value, Strength::Predicate)?;
            w.sql(if *negated { " IS NOT NULL" } else { " IS NULL" });
        }
        Expr::And(terms) => chain(w, terms, " AND ", Strength::And)?,
        Expr::Or(terms) => chain(w, terms, " OR ", Strength::Or)?,
        Expr::Xor(left, right) => {
            // `IS TRUE` would do, but MariaDB 10.5 then takes a LEFT JOIN for an inner one.
            w.sql("((");
            w.expr(left)?;
            w.sql(") IS NOT TRUE) <> ((");
            w.expr(right)?;
            w.sql(") IS NOT TRUE)");
        }
        Expr::Not { inner, nullable } => {
            w.sql(if *nullable { "(" } else { "NOT (" });
            w.expr(inner)?;
            w.sql(if *nullable { ") IS NOT TRUE" } else { ")" });
        }
        Expr::Array { op, array, other } => self::array(w, *op, array, other)?,
        Expr::Length(array) => {
            w.sql("CARDINALITY(");
            w.expr(array)?;
            w.sql(")");
        }
        Expr::Element { array, index } => {
            operand(w, array, Strength::Product)?;
            w.sql("[").number(usize::from(*index) + 1).sql("]");
        }
        Expr::Related(related) => super::related(w, related)?,
        Expr::Tree(tree) => {
            operand(w, &tree.value, Strength::Predicate)?;
            super::tree(w, tree)?;
        }
        Expr::Arithmetic { op, left, right } => dialect.arithmetic(w, *op, left, right)?,
    }
    Ok(())
}

/// A lookup in an array. Databases without arrays do not come here: a statement about one is refused as a whole.
fn array(w: &mut Writer<'_>, op: ArrayOp, array: &Expr, other: &Expr) -> Result<()> {
    let word = match op {
        ArrayOp::Contains => " @> ",
        ArrayOp::ContainedBy => " <@ ",
        ArrayOp::Overlap => " && ",
        ArrayOp::AnyEq => {
            operand(w, other, Strength::Predicate)?;
            w.sql(" = ANY(");
            w.expr(array)?;
            w.sql(")");
            return Ok(());
        }
    };
    operand(w, array, Strength::Predicate)?;
    w.sql(word);
    operand(w, other, Strength::Predicate)
}

/// Refuses arrays where the database has none.
///
/// # Errors
/// Names the column, when `words` are about one.
pub fn require_arrays(dialect: &dyn Dialect, words: &[Word]) -> Result<()> {
    if dialect.features().has(Feature::Arrays) {
        return Ok(());
    }
    for word in words {
        match word {
            Word::Table(table) | Word::Whole(table) => table_arrays(dialect, table)?,
            Word::Column(column) if column.kind.is_array() => dialect.require(Feature::Arrays)?,
            Word::Op(Op::Bind(kind) | Op::List { kind, .. }) if kind.is_array() => dialect.require(Feature::Arrays)?,
            Word::Op(_) | Word::Hop(_) | Word::Back(_) | Word::On(_) | Word::Tree(_) | Word::Column(_) => {}
        }
    }
    Ok(())
}

/// Refuses a table with arrays where the database has none.
///
/// # Errors
/// Names the column.
pub fn table_arrays(dialect: &dyn Dialect, table: &TableDef) -> Result<()> {
    let Some(column) = table.columns.iter().find(|column| column.kind.is_array()) else { return Ok(()) };
    dialect.require(Feature::Arrays).map_err(|error| error.in_column(table.name, column.name))
}

/// Decimals without their points compare only when the points stand at the same place, and UUIDs only when
/// both are texts or neither.
fn comparable(w: &Writer<'_>, left: &Expr, right: &Expr) -> Result<()> {
    if let (Some(left), Some(right)) = (left.kind(), right.kind()) {
        same_uuids(left, right)?;
    }
    match (left.digits(), right.digits()) {
        (Some(left), Some(right)) if left != right => w.dialect().require(Feature::DecimalsOfOtherDigits),
        (Some(_) | None, _) => Ok(()),
    }
}

/// Refuses to compare UUIDs that are stored in two forms: on some databases nothing would be equal.
///
/// # Errors
/// When only one of them is a text.
pub fn same_uuids(left: Kind, right: Kind) -> Result<()> {
    let is_text = |kind| kind == Kind::UuidText;
    let is_uuid = |kind| kind == Kind::Uuid || is_text(kind);
    if is_uuid(left) && is_uuid(right) && is_text(left) != is_text(right) {
        return Err(Error::new(ErrorKind::Configuration, "a UUID stored as text meets one that is not")
            .hint("give both columns `#[covet(uuid = \"text\")]`, a foreign key as the key that it points at"));
    }
    Ok(())
}

fn ordered(value: &Expr) -> Result<()> {
    if value.kind() == Some(Kind::Json) {
        return Err(Error::new(ErrorKind::Unsupported, "JSON documents are equal or not, and have no order")
            .hint("keep what is compared in a column of its own"));
    }
    Ok(())
}

/// What `left` is compared with.
fn right_side(w: &mut Writer<'_>, left: &Expr, right: &Expr) -> Result<()> {
    if let Expr::Bind { index, kind } = right {
        if w.is_schema() {
            return w.expr(right);
        }
        w.stored(*index, *kind);
        w.dialect().comparand(w, left, *index, *kind);
        return Ok(());
    }
    operand(w, right, Strength::Predicate)
}

/// The most terms that stand side by side. Parsers nest them, and SQLite's stops at a depth of 1,000.
const MOST_TERMS: usize = 64;

fn chain(w: &mut Writer<'_>, terms: &[Expr], word: &str, strength: Strength) -> Result<()> {
    if terms.len() > MOST_TERMS {
        let (left, right) = terms.split_at(terms.len() / 2);
        w.sql("(");
        chain(w, left, word, strength)?;
        w.sql(")").sql(word).sql("(");
        chain(w, right, word, strength)?;
        w.sql(")");
        return Ok(());
    }
    for (at, term) in terms.iter().enumerate() {
        if at > 0 {
            w.sql(word);
        }
        operand(w, term, strength)?;
    }
    Ok(())
}

/// `IS DISTINCT FROM`
///
/// # Errors
/// When an operand cannot be rendered.
pub fn distinct(w: &mut Writer<'_>, left: &Expr, right: &Expr, negated: bool) -> Result<()> {
    operand(w, left, Strength::Predicate)?;
    w.sql(if negated { " IS NOT DISTINCT FROM " } else { " IS DISTINCT FROM " });
    operand(w, right, Strength::Predicate)
}

/// `LIKE`, escaped with `!`, for a bound pattern; `=` for whole texts. A pattern that the database
/// computes meets functions that know no wildcards.
///
/// # Errors
/// When an operand cannot be rendered.
pub fn text(w: &mut Writer<'_>, how: TextMatch, ignore_case: bool, value: &Expr, pattern: &Expr) -> Result<()> {
    let side = |w: &mut Writer<'_>, expr: &Expr| folded(w, ignore_case, expr);
    match (how, pattern) {
        (TextMatch::Whole, _) => {
            side(w, value)?;
            w.sql(" = ");
            side(w, pattern)
        }
        (TextMatch::Contains | TextMatch::StartsWith | TextMatch::EndsWith, Expr::Bind { index, .. }) => {
            let form = Form::Pattern { before: how != TextMatch::StartsWith, behind: how != TextMatch::EndsWith };
            side(w, value)?;
            w.sql(" LIKE ");
            if ignore_case {
                // Folding does not touch the wildcards or the escape.
                w.dialect().fold_case(w, &mut |w| {
                    w.bind(*index, form);
                    Ok(())
                })?;
            } else {
                w.bind(*index, form);
            }
            w.sql(" ESCAPE '!'");
            Ok(())
        }
        (TextMatch::Contains, _) => {
            w.sql("POSITION(");
            side(w, pattern)?;
            w.sql(" IN ");
            side(w, value)?;
            w.sql(") > 0");
            Ok(())
        }
        (TextMatch::StartsWith | TextMatch::EndsWith, _) => {
            w.sql(if how == TextMatch::StartsWith { "LEFT(" } else { "RIGHT(" });
            side(w, value)?;
            w.sql(", CHAR_LENGTH(");
            side(w, pattern)?;
            w.sql(")) = ");
            side(w, pattern)
        }
    }
}

/// `REGEXP_LIKE(value, ?)`, with the pattern in PCRE's grammar.
///
/// # Errors
/// When the database has no regular expressions, or the operand cannot be rendered.
pub fn regex(w: &mut Writer<'_>, value: &Expr, index: usize, ignore_case: bool) -> Result<()> {
    w.dialect().require(Feature::Regex)?;
    w.sql("REGEXP_LIKE(");
    w.expr(value)?;
    w.sql(", ").bind(index, Form::Regex { grammar: Grammar::Pcre, ignore_case }).sql(")");
    Ok(())
}

/// An operand, its case folded on demand.
///
/// # Errors
/// When it cannot be rendered.
pub fn folded(w: &mut Writer<'_>, ignore_case: bool, expr: &Expr) -> Result<()> {
    if ignore_case {
        w.dialect().fold_case(w, &mut |w| operand(w, expr, Strength::Product))
    } else {
        operand(w, expr, Strength::Product)
    }
}

/// `LOWER(..)`
///
/// # Errors
/// When the expression cannot be rendered.
pub fn fold_case(w: &mut Writer<'_>, value: &mut dyn FnMut(&mut Writer<'_>) -> Result<()>) -> Result<()> {
    w.sql("LOWER(");
    value(w)?;
    w.sql(")");
    Ok(())
}

/// `IN (?, ?, ..)`, padded to a power of two.
///
/// # Errors
/// When an operand cannot be rendered.
pub fn is_in(w: &mut Writer<'_>, value: &Expr, index: usize, _kind: Kind, log: u8) -> Result<()> {
    listed(w, value, index, 1 << log)
}

/// `IN` of a list; nothing is in an empty one.
fn listed(w: &mut Writer<'_>, value: &Expr, index: usize, length: usize) -> Result<()> {
    if length == 0 {
        return w.expr(&Expr::Bool(false));
    }
    operand(w, value, Strength::Predicate)?;
    w.sql(" IN (");
    w.list(0..length, |w, at| {
        w.bind(index, Form::Member(at));
        Ok(())
    })?;
    w.sql(")");
    Ok(())
}

/// `+ - *`, division as floating-point numbers, and the remainder; a divisor of zero gives NULL.
///
/// # Errors
/// When an operand cannot be rendered.
pub fn arithmetic(w: &mut Writer<'_>, op: ArithmeticOp, left: &Expr, right: &Expr) -> Result<()> {
    let double = w.dialect().double();
    let (word, strength) = match op {
        ArithmeticOp::Add => (" + ", Strength::Sum),
        ArithmeticOp::Sub => (" - ", Strength::Sum),
        ArithmeticOp::Mul => (" * ", Strength::Product),
        ArithmeticOp::IntDiv | ArithmeticOp::Rem => {
            operand(w, left, Strength::Product)?;
            w.sql(if op == ArithmeticOp::Rem { " % NULLIF(" } else { " / NULLIF(" });
            w.expr(right)?;
            w.sql(", 0)");
            return Ok(());
        }
        ArithmeticOp::Div => {
            w.sql("CAST(");
            w.expr(left)?;
            w.sql(" AS ").sql(double).sql(") / NULLIF(CAST(");
            w.expr(right)?;
            w.sql(" AS ").sql(double).sql("), 0)");
            return Ok(());
        }
    };
    // The left operand may be as strong as the operator, which binds to the left.
    if self::strength(left) >= strength {
        w.expr(left)?
    } else {
        operand(w, left, strength)?
    }
    w.sql(word);
    operand(w, right, strength)
}

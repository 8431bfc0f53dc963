//! What a write's values break: one [`Violation`] a broken rule, all of them in [`ValidationErrors`].
//!
//! Values never appear here; limits, lengths and counts do.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};
use std::{borrow::Cow, error::Error, fmt};

/// A rule that a value breaks: a code for programs, a message for people, and the parameters of the message.
///
/// The codes of covet's own rules and their parameters stand in docs/validation.md.
///
/// ```
/// # use covet_core::violation::Violation;
/// let violation = Violation::new("under_age", "must be at least 18 years old").with("min", 18);
/// assert_eq!((violation.code(), violation.param("min")), ("under_age", Some(&18.into())));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    params: Map<String, Json>,
    row: Option<usize>,
}

impl Violation {
    /// A violation. The message continues the field's name: `must be even`. Do not put the value into it.
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Violation {
        Violation { code: code.into(), message: message.into(), params: Map::new(), row: None }
    }

    /// Adds a parameter, for translations and for programs.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Violation {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Which rule is broken: `max_length`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// What is wrong, for people.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What the message is made of.
    pub fn params(&self) -> &Map<String, Json> {
        &self.params
    }

    /// One parameter.
    pub fn param(&self, name: &str) -> Option<&Json> {
        self.params.get(name)
    }

    /// The position of the row among the rows of a bulk write, counted from 0.
    pub fn row(&self) -> Option<usize> {
        self.row
    }
}

/// The message.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// `{"code": "max_length", "message": "..", "params": {"max": 100, "length": 120}}`, with `"row"` in a bulk write.
impl Serialize for Violation {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3 + usize::from(self.row.is_some())))?;
        map.serialize_entry("code", &self.code)?;
        map.serialize_entry("message", &self.message)?;
        map.serialize_entry("params", &self.params)?;
        if let Some(row) = self.row {
            map.serialize_entry("row", &row)?;
        }
        map.end()
    }
}

/// The name of a field: a token such as `User::age`, or a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldName(Cow<'static, str>);

impl From<&'static str> for FieldName {
    fn from(name: &'static str) -> FieldName {
        FieldName(Cow::Borrowed(name))
    }
}
impl From<String> for FieldName {
    fn from(name: String) -> FieldName {
        FieldName(Cow::Owned(name))
    }
}

/// Every rule that the values of a write break, by field, in the order of the fields.
///
/// ```
/// # use covet_core::violation::{ValidationErrors, Violation};
/// let mut errors = ValidationErrors::new();
/// errors.add("name", Violation::new("max_length", "must have at most 100 characters"));
/// errors.add_general(Violation::new("dates", "must end after it begins"));
/// assert_eq!(errors.to_string(), "name: must have at most 100 characters; must end after it begins");
/// assert_eq!(errors.field("name")[0].code(), "max_length");
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ValidationErrors {
    fields: Vec<(Cow<'static, str>, Vec<Violation>)>,
    row: Option<usize>,
}

/// How many violations a text shows; a bulk write can have millions.
const MOST_SHOWN: usize = 20;

impl ValidationErrors {
    /// The name under which violations of no single field stand when they are serialised.
    pub const GENERAL: &'static str = "__all__";

    /// No violations yet.
    pub fn new() -> ValidationErrors {
        ValidationErrors::default()
    }

    /// Adds a violation of a field.
    pub fn add(&mut self, field: impl Into<FieldName>, violation: Violation) {
        self.push(field.into().0, violation);
    }

    /// Adds a violation of no single field: of the row as a whole.
    pub fn add_general(&mut self, violation: Violation) {
        self.push(Cow::Borrowed(Self::GENERAL), violation);
    }

    fn push(&mut self, field: Cow<'static, str>, mut violation: Violation) {
        violation.row = violation.row.or(self.row);
        match self.fields.iter_mut().find(|(name, _)| *name == field) {
            Some((_, violations)) => violations.push(violation),
            None => self.fields.push((field, vec![violation])),
        }
    }

    /// What is added from now on is about this row of a bulk write.
    pub(crate) fn at_row(&mut self, row: usize) {
        self.row = Some(row);
    }

    /// Whether no rule is broken.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// How many violations there are.
    pub fn len(&self) -> usize {
        self.fields.iter().map(|(_, violations)| violations.len()).sum()
    }

    /// The violations of one field; none of a field that breaks no rule.
    pub fn field(&self, field: impl Into<FieldName>) -> &[Violation] {
        let field = field.into().0;
        self.fields.iter().find(|(name, _)| *name == field).map_or(&[], |(_, violations)| violations)
    }

    /// The violations of no single field.
    pub fn general(&self) -> &[Violation] {
        self.field(Self::GENERAL)
    }

    /// The fields with their violations; those of no single field stand under [`GENERAL`](Self::GENERAL).
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Violation])> {
        self.fields.iter().map(|(name, violations)| (&**name, &**violations))
    }

    /// Replaces messages: `message` gives the new text of a violation of a field, or `None` to keep the old one.
    ///
    /// ```
    /// # use covet_core::violation::{ValidationErrors, Violation};
    /// # let mut errors = ValidationErrors::new();
    /// errors.add("name", Violation::new("blank", "must not be empty"));
    /// errors.translate(|_, violation| (violation.code() == "blank").then(|| "darf nicht leer sein".to_owned()));
    /// assert_eq!(errors.to_string(), "name: darf nicht leer sein");
    /// ```
    pub fn translate(&mut self, mut message: impl FnMut(&str, &Violation) -> Option<String>) {
        for (field, violations) in &mut self.fields {
            for violation in violations {
                if let Some(message) = message(field, violation) {
                    violation.message = Cow::Owned(message);
                }
            }
        }
    }

    /// `Err` of them, unless there are none.
    ///
    /// # Errors
    /// When a rule is broken.
    pub fn into_result(self) -> Result<(), ValidationErrors> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

/// `name: must have at most 100 characters (has 120); rows[3].email: must be an e-mail address`
impl fmt::Display for ValidationErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.fields.iter().flat_map(|(name, violations)| violations.iter().map(move |one| (name, one)));
        for (at, (name, violation)) in all.take(MOST_SHOWN).enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            let is_general = name == Self::GENERAL;
            match violation.row {
                Some(row) if is_general => write!(f, "rows[{row}]: ")?,
                Some(row) => write!(f, "rows[{row}].{name}: ")?,
                None if is_general => {}
                None => write!(f, "{name}: ")?,
            }
            f.write_str(&violation.message)?;
        }
        match self.len().saturating_sub(MOST_SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl Error for ValidationErrors {}

/// `{"name": [{"code": ..}], "__all__": [..]}`
impl Serialize for ValidationErrors {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.fields.iter().map(|(name, violations)| (name, violations)))
    }
}

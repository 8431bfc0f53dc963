//! Which rows of a table queries see, unless they say `unscoped()`.

use super::ColumnDef;
use crate::tape::Tape;

/// What a column says about who sees its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Nothing.
    #[default]
    Plain,
    /// When the row was deleted; NULL while it is there.
    DeletedAt,
    /// Whose row it is.
    Tenant,
}

/// The scope of a table.
#[derive(Debug, Clone, Copy)]
pub struct ScopeDef {
    /// The position of the column that says when a row was deleted.
    pub deleted_at: Option<usize>,
    /// The position of the column that says whose row it is.
    pub tenant: Option<usize>,
    /// The model's own condition.
    pub own: Option<fn() -> Tape>,
}

impl ScopeDef {
    /// Every row is seen.
    pub const NONE: ScopeDef = ScopeDef { deleted_at: None, tenant: None, own: None };

    /// What the columns say.
    ///
    /// # Panics
    /// While the program is compiled, when two columns have one role.
    #[expect(clippy::panic, reason = "evaluated by the compiler, whose error it becomes")]
    #[track_caller]
    pub const fn of(columns: &[ColumnDef]) -> ScopeDef {
        let mut scope = ScopeDef::NONE;
        let mut at = 0;
        while at < columns.len() {
            let place = match columns[at].role {
                Role::Plain => None,
                Role::DeletedAt => Some(&mut scope.deleted_at),
                Role::Tenant => Some(&mut scope.tenant),
            };
            if let Some(place) = place {
                if place.is_some() {
                    panic!("a model has one `soft_delete` and one `tenant` at most");
                }
                *place = Some(at);
            }
            at += 1;
        }
        scope
    }

    /// The scope with a condition of the model's own.
    #[must_use]
    pub const fn and(self, own: fn() -> Tape) -> ScopeDef {
        ScopeDef { own: Some(own), ..self }
    }

    /// Whether there is a scope.
    pub const fn is_some(&self) -> bool {
        self.tenant.is_some() || self.hides()
    }

    /// Whether a row that another one refers to may be hidden. A tenant's rows refer to the tenant's own.
    pub const fn hides(&self) -> bool {
        self.deleted_at.is_some() || self.own.is_some()
    }
}

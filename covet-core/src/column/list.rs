//! Lists of columns: the target of a conflict, the columns of a bulk update, of `save_only`.

use super::Column;
use crate::schema::ColumnDef;

/// One column of `M`, or a tuple of them.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of columns of `{M}`",
    label = "expected a column of `{M}`, or a tuple of them"
)]
pub trait ColumnList<M> {
    /// Appends the columns.
    #[doc(hidden)]
    fn columns(self, list: &mut Vec<&'static ColumnDef>);
}

#[diagnostic::do_not_recommend]
impl<M, T> ColumnList<M> for Column<M, T> {
    fn columns(self, list: &mut Vec<&'static ColumnDef>) {
        list.push(self.def);
    }
}

/// One change of a row that exists, or a tuple of them: a column takes the value of the new row, an assignment
/// (`User::views.set(User::views + 1)`) what it says.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a change of a row of `{M}`",
    label = "expected a column of `{M}`, `.set(..)` of one, or a tuple of them"
)]
pub trait Changes<M> {
    /// Appends the changes.
    #[doc(hidden)]
    fn changes(self, list: &mut Vec<Change>);
}

/// What happens to one column of a row that exists.
#[doc(hidden)]
#[derive(Debug, Clone)]
pub enum Change {
    /// It takes the value of the new row.
    Excluded(&'static ColumnDef),
    /// It is assigned something else.
    Set(Box<crate::tape::Tape>),
}

#[diagnostic::do_not_recommend]
impl<M, T> Changes<M> for Column<M, T> {
    fn changes(self, list: &mut Vec<Change>) {
        list.push(Change::Excluded(self.def));
    }
}
#[diagnostic::do_not_recommend]
impl<M> Changes<M> for super::Assignment<M> {
    fn changes(self, list: &mut Vec<Change>) {
        list.push(Change::Set(Box::new(self.into_tape())));
    }
}

macro_rules! tuples {
    ($($name:ident $at:tt),*) => {
        #[diagnostic::do_not_recommend]
        impl<M, $($name: ColumnList<M>),*> ColumnList<M> for ($($name,)*) {
            fn columns(self, list: &mut Vec<&'static ColumnDef>) {
                $(self.$at.columns(list);)*
            }
        }
        #[diagnostic::do_not_recommend]
        impl<M, $($name: Changes<M>),*> Changes<M> for ($($name,)*) {
            fn changes(self, list: &mut Vec<Change>) {
                $(self.$at.changes(list);)*
            }
        }
    };
}
tuples!(A 0);
tuples!(A 0, B 1);
tuples!(A 0, B 1, C 2);
tuples!(A 0, B 1, C 2, D 3);
tuples!(A 0, B 1, C 2, D 3, E 4);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuples!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);

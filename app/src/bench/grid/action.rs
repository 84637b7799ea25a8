//! What the buttons and the keys of the table ask for.

use crate::browser::Store;

/// What a button of the table asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) enum Action {
    Edit {
        key: String,
        store: Store,
        from_cell: bool,
    },
    Put {
        key: String,
        store: Option<Store>,
    },
    Delete {
        key: String,
        store: Option<Store>,
    },
    DeleteSelected,
    Save {
        value: String,
        /// Whether what was typed is spelled with escapes.
        escapes: bool,
    },
    Cancel,
    /// From the menu of a column.
    Sort(Store),
    Clear(Store),
    Measure,
    CookieForm,
}

/// A key that the table answers, and the cell that it was pressed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::bench) struct Press {
    pub key: String,
    pub shift: bool,
    /// Ctrl, or Cmd on a Mac.
    pub command: bool,
    pub place: usize,
    pub cell: usize,
}

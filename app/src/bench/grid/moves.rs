//! What the keys of a grid do (WAI-ARIA APG, grid).

use super::{
    keys::Press,
    row::{ACTIONS, CELLS, VALUE, can_delete, can_edit},
    view::{Column, Shown},
};
use leptos::prelude::*;

/// Rows that a page key goes.
const PAGE: usize = 10;

/// Answers a key.
pub(super) fn press(column: Column, press: Press) {
    let rows = column.shown.with_untracked(Shown::len);
    let Press { place, cell, .. } = press;
    if let Some(to) = destination(&press, rows) {
        if press.shift && matches!(press.key.as_str(), "ArrowUp" | "ArrowDown") {
            stretch(column, place, to.0);
        }
        return column.go(to);
    }
    let Some(entry) = column.shown.with_untracked(|shown| shown.get(place).cloned()) else { return };
    match press.key.as_str() {
        "Enter" if cell == ACTIONS => column.go_to_first_action(place),
        "Enter" | "F2" if can_edit(&entry) => {
            column.active.set((place, VALUE));
            column.editing.open(column, &entry, true);
        }
        "Enter" | "F2" => column.bench.status.set(format!("{} cannot be edited here.", entry.name)),
        "Delete" if column.is_ticked(place) => column.delete(column.ticked_entries(), false),
        "Delete" if can_delete(column.store, &entry) => column.delete(vec![entry], false),
        "Delete" => column.bench.status.set(format!("{} cannot be deleted here.", entry.name)),
        " " => column.tick(place, press.shift),
        "a" => column.tick_rows(0, rows, true),
        _ => {}
    }
}

/// Where a key leads; `None` for those that lead nowhere else.
fn destination(press: &Press, rows: usize) -> Option<(usize, usize)> {
    let Press { place, cell, command, .. } = *press;
    let (last, last_cell) = (rows.checked_sub(1)?, CELLS - 1);
    Some(match press.key.as_str() {
        "ArrowUp" => (place.saturating_sub(1), cell),
        "ArrowDown" => ((place + 1).min(last), cell),
        "ArrowLeft" => (place, cell.saturating_sub(1)),
        "ArrowRight" => (place, (cell + 1).min(last_cell)),
        "Home" if command => (0, 0),
        "End" if command => (last, last_cell),
        "Home" => (place, 0),
        "End" => (place, last_cell),
        "PageUp" => (place.saturating_sub(PAGE), cell),
        "PageDown" => ((place + PAGE).min(last), cell),
        "Escape" => (place, cell),
        _ => return None,
    })
}

/// Stretches the range of ticks by a row, or takes one back from it.
fn stretch(column: Column, from: usize, to: usize) {
    let anchor = column.anchor.get_value();
    if !column.is_ticked(from) {
        column.anchor.set_value(from);
        column.tick_rows(from, from, true);
    } else if anchor.abs_diff(to) < anchor.abs_diff(from) {
        return column.tick_rows(from, from, false);
    }
    column.tick_rows(to, to, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(key: &str, command: bool, from: (usize, usize)) -> Option<(usize, usize)> {
        let (place, cell) = from;
        destination(&Press { key: key.into(), shift: false, command, place, cell, on_cell: true }, 100)
    }

    #[test]
    fn arrows_go_to_the_next_cell_and_stop_at_the_edge() {
        assert_eq!(leads("ArrowDown", false, (3, 2)), Some((4, 2)));
        assert_eq!(leads("ArrowDown", false, (99, 2)), Some((99, 2)));
        assert_eq!(leads("ArrowUp", false, (0, 2)), Some((0, 2)));
        assert_eq!(leads("ArrowLeft", false, (3, 0)), Some((3, 0)));
        assert_eq!(leads("ArrowRight", false, (3, 6)), Some((3, 6)));
    }

    #[test]
    fn home_and_end_go_to_the_edge_of_the_row_and_with_ctrl_to_that_of_the_grid() {
        assert_eq!([leads("Home", false, (3, 2)), leads("End", false, (3, 2))], [Some((3, 0)), Some((3, 6))]);
        assert_eq!([leads("Home", true, (3, 2)), leads("End", true, (3, 2))], [Some((0, 0)), Some((99, 6))]);
    }

    #[test]
    fn page_keys_go_ten_rows() {
        assert_eq!([leads("PageUp", false, (13, 2)), leads("PageUp", false, (3, 2))], [Some((3, 2)), Some((0, 2))]);
        assert_eq!(
            [leads("PageDown", false, (3, 2)), leads("PageDown", false, (95, 2))],
            [Some((13, 2)), Some((99, 2))]
        );
    }

    #[test]
    fn other_keys_lead_nowhere() {
        assert_eq!(leads("Enter", false, (3, 2)), None);
        let in_nothing = Press { key: "End".into(), shift: false, command: true, place: 0, cell: 0, on_cell: true };
        assert_eq!(destination(&in_nothing, 0), None);
    }
}

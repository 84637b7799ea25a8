//! What the keys of the table do (WAI-ARIA APG, grid).

use super::{
    act::act,
    action::{Action, Press},
    rows::Row,
    state::{Grid, Shown},
};
use leptos::prelude::*;

/// Rows that a page key goes.
const PAGE: usize = 10;

/// Answers a key.
pub(super) fn press(grid: Grid, press: Press) {
    let (rows, stores) = (grid.shown.with_untracked(Shown::len), untrack(|| grid.stores()));
    let Press { place, cell, .. } = press;
    // The name, the stores, the row's buttons.
    let last = stores.len() + 1;
    if let Some(to) = destination(&press, rows, last) {
        if press.shift && matches!(press.key.as_str(), "ArrowUp" | "ArrowDown") {
            stretch(grid, place, to.0);
        }
        return grid.go(to);
    }
    let Some(key) = grid.shown.with_untracked(|shown| shown.get(place).map(Row::key)) else { return };
    let store = cell.checked_sub(1).and_then(|at| stores.get(at)).copied();
    match (press.key.as_str(), store) {
        ("Enter", None) => grid.go_into((place, last)),
        ("Enter" | "F2", Some(store)) => act(grid, Action::Edit { key, store, from_cell: true }),
        ("Delete", None) if grid.is_ticked(place) => act(grid, Action::DeleteSelected),
        ("Delete", store) => act(grid, Action::Delete { key, store }),
        (" ", _) => grid.tick(place, press.shift),
        ("a", _) => grid.tick_rows(0, rows, true),
        _ => {}
    }
}

/// Where a key leads; `None` for those that lead nowhere else.
fn destination(press: &Press, rows: usize, last_cell: usize) -> Option<(usize, usize)> {
    let Press { place, cell, command, .. } = *press;
    let last = rows.checked_sub(1)?;
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
fn stretch(grid: Grid, from: usize, to: usize) {
    let anchor = grid.anchor.get_value();
    if !grid.is_ticked(from) {
        grid.anchor.set_value(from);
        grid.tick_rows(from, from, true);
    } else if anchor.abs_diff(to) < anchor.abs_diff(from) {
        return grid.tick_rows(from, from, false);
    }
    grid.tick_rows(to, to, true);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(key: &str, command: bool, from: (usize, usize)) -> Option<(usize, usize)> {
        let (place, cell) = from;
        destination(&Press { key: key.into(), shift: false, command, place, cell }, 100, 5)
    }

    #[test]
    fn arrows_go_to_the_next_cell_and_stop_at_the_edge() {
        assert_eq!(leads("ArrowDown", false, (3, 2)), Some((4, 2)));
        assert_eq!(leads("ArrowDown", false, (99, 2)), Some((99, 2)));
        assert_eq!(leads("ArrowUp", false, (0, 2)), Some((0, 2)));
        assert_eq!(leads("ArrowLeft", false, (3, 0)), Some((3, 0)));
        assert_eq!(leads("ArrowRight", false, (3, 5)), Some((3, 5)));
    }

    #[test]
    fn home_and_end_go_to_the_edge_of_the_row_and_with_ctrl_to_that_of_the_grid() {
        assert_eq!([leads("Home", false, (3, 2)), leads("End", false, (3, 2))], [Some((3, 0)), Some((3, 5))]);
        assert_eq!([leads("Home", true, (3, 2)), leads("End", true, (3, 2))], [Some((0, 0)), Some((99, 5))]);
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
        let in_nothing = Press { key: "End".into(), shift: false, command: true, place: 0, cell: 0 };
        assert_eq!(destination(&in_nothing, 0, 5), None);
    }
}

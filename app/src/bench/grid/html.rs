//! Rows as HTML, written by the server and by the browser alike, and what brings the document up to date: only the cells
//! that have changed are written anew, so that the focus and what is typed stay.

use crate::text::escape;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Names and values of attributes.
type Attributes = Vec<(&'static str, String)>;

/// A cell: `th` or `td`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cell {
    pub tag: &'static str,
    pub attributes: Attributes,
    pub content: String,
    /// What may change from second to second: written by itself, so that the buttons stay that somebody is pressing.
    pub facts: Option<String>,
    pub buttons: String,
}

impl Cell {
    fn inner_html(&self) -> String {
        let mut html = self.content.clone();
        if let Some(facts) = &self.facts {
            open(&mut html, "p", &vec![("class", "meta".into()), ("title", facts.clone())]);
            escape(&mut html, facts);
            close(&mut html, "p");
        }
        html.push_str(&self.buttons);
        html
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// What tells it from the other rows; it stays while its entry stays.
    pub key: String,
    pub attributes: Attributes,
    pub cells: Vec<Cell>,
}

impl Row {
    /// How many rows of the table are left out between this one and the one above.
    pub const GAP: &'static str = "data-gap";

    /// The row as HTML.
    pub fn html(&self) -> String {
        let mut html = String::new();
        open(&mut html, "tr", &self.attributes);
        for cell in &self.cells {
            open(&mut html, cell.tag, &cell.attributes);
            html.push_str(&cell.inner_html());
            close(&mut html, cell.tag);
        }
        close(&mut html, "tr");
        html
    }
}

fn open(html: &mut String, tag: &str, attributes: &Attributes) {
    html.push('<');
    html.push_str(tag);
    for (name, value) in attributes {
        html.push(' ');
        html.push_str(name);
        html.push_str("=\"");
        escape(html, value);
        html.push('"');
    }
    html.push('>');
}

fn close(html: &mut String, tag: &str) {
    html.push_str("</");
    html.push_str(tag);
    html.push('>');
}

/// The rows of a part of the table as they stand in the document.
#[derive(Default)]
pub(super) struct Drawn(Vec<(Row, Element)>);

impl Drawn {
    /// Brings the rows of `part` up to date.
    pub fn update(&mut self, part: &Element, rows: Vec<Row>) {
        if self.0.is_empty() {
            // What the server wrote knows nothing of what only scripts see.
            part.set_inner_html("");
        }
        let mut before = std::mem::take(&mut self.0);
        before.retain(|(row, element)| {
            let stays = rows.iter().any(|other| other.key == row.key && other.cells.len() == row.cells.len());
            if !stays {
                element.remove();
            }
            stays
        });
        let mut next = part.first_element_child();
        for row in rows {
            let known = before.iter().position(|(other, _)| other.key == row.key);
            let element = match known.map(|at| before.swap_remove(at)) {
                Some((was, element)) => {
                    update_row(&element, &was, &row);
                    if next.as_ref() != Some(&element) {
                        let _ = part.insert_before(&element, next.as_deref());
                    }
                    Some(element)
                }
                None => insert(part, next.as_ref(), &row),
            };
            let Some(element) = element else { continue };
            next = element.next_element_sibling();
            self.0.push((row, element));
        }
    }
}

fn insert(part: &Element, next: Option<&Element>, row: &Row) -> Option<Element> {
    let html = row.html();
    let element = match next {
        Some(next) => {
            next.insert_adjacent_html("beforebegin", &html).ok()?;
            next.previous_element_sibling()
        }
        None => {
            part.insert_adjacent_html("beforeend", &html).ok()?;
            part.last_element_child()
        }
    }?;
    set_gap(&element, row);
    Some(element)
}

fn update_row(element: &Element, was: &Row, now: &Row) {
    if was.attributes != now.attributes {
        update_attributes(element, &was.attributes, &now.attributes);
        set_gap(element, now);
    }
    let cells = element.children();
    for (at, (was, now)) in was.cells.iter().zip(&now.cells).enumerate() {
        let Some(cell) = cells.item(at as u32) else { continue };
        if was.attributes != now.attributes {
            update_attributes(&cell, &was.attributes, &now.attributes);
        }
        let is_the_same =
            was.content == now.content && was.buttons == now.buttons && was.facts.is_some() == now.facts.is_some();
        if !is_the_same {
            write(&cell, &now.inner_html());
        } else if was.facts != now.facts {
            tell(&cell, now.facts.as_deref().unwrap_or_default());
        }
    }
}

/// Tells the facts of a cell.
fn tell(cell: &Element, facts: &str) {
    if let Some(line) = cell.query_selector(".meta").ok().flatten() {
        line.set_text_content(Some(facts));
        let _ = line.set_attribute("title", facts);
    }
}

/// Writes a cell anew; the focus stays with the button that has it.
fn write(cell: &Element, content: &str) {
    let focused = cell.query_selector("[data-do]:focus").ok().flatten();
    let action = focused.and_then(|button| button.get_attribute("data-do"));
    cell.set_inner_html(content);
    let button = action.and_then(|action| cell.query_selector(&format!("[data-do={action}]")).ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        let _ = button.focus();
    }
}

fn update_attributes(element: &Element, was: &Attributes, now: &Attributes) {
    for (name, _) in was.iter().filter(|(name, _)| !now.iter().any(|(other, _)| other == name)) {
        let _ = element.remove_attribute(name);
    }
    for (name, value) in now.iter().filter(|attribute| !was.contains(attribute)) {
        let _ = element.set_attribute(name, value);
    }
}

/// The content security policy allows no styles in the page's text, only from scripts; so a gap gets its height late.
fn set_gap(element: &Element, row: &Row) {
    let gap = row.attributes.iter().find(|(name, _)| *name == Row::GAP);
    if let (Some((_, gap)), Some(element)) = (gap, element.dyn_ref::<HtmlElement>()) {
        let _ = element.style().set_property("--gap", gap);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maud::html;

    #[test]
    fn names_and_values_cannot_break_out_of_their_cell() {
        let evil = r#""><script>alert(1)</script>"#;
        let row = Row {
            key: evil.into(),
            attributes: vec![("data-key", evil.into())],
            cells: vec![Cell {
                tag: "td",
                attributes: vec![("aria-label", evil.into())],
                content: html! { code { (evil) } }.into_string(),
                facts: Some(evil.into()),
                ..Cell::default()
            }],
        };
        let html = row.html();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches('"').count(), 8, "only the quotes of the four attributes: {html}");
    }
}

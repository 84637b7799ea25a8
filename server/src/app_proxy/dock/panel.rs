//! Where the dock's panel lies, kept for the next page in the memory of this process: whoever develops the app is one person at this
//! machine, and among the app's own entries nothing is put.

use serde::Serialize;
use std::sync::{Mutex, PoisonError};

/// The edge of the page along which the panel lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Edge {
    Bottom,
    Right,
}

/// A place of the panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Place {
    edge: Edge,
    /// Per cent of the page's height, or of its width.
    size: u8,
    open: bool,
}

impl Default for Place {
    /// Closed.
    fn default() -> Self {
        Self { edge: Edge::Bottom, size: 45, open: false }
    }
}

impl Place {
    /// Of the fields `edge`, `size` and `open`; `None` where one is missing or means nothing.
    fn read(fields: &[u8]) -> Option<Self> {
        let field = |wanted| form_urlencoded::parse(fields).find(|(name, _)| name == wanted).map(|(_, value)| value);
        Some(Self {
            edge: match &*field("edge")? {
                "bottom" => Edge::Bottom,
                "right" => Edge::Right,
                _ => return None,
            },
            size: field("size")?.parse().ok().filter(|size| (20..=80).contains(size))?,
            open: field("open")?.parse().ok()?,
        })
    }
}

/// What the script is called with.
#[derive(Serialize)]
struct Called {
    #[serde(flatten)]
    place: Place,
    port: u16,
    /// Whether the page tells what its web storage holds.
    watched: bool,
}

/// Where the panel was left.
#[derive(Debug, Default)]
pub(crate) struct Panel(Mutex<Place>);

impl Panel {
    /// Keeps the place that a form's fields tell; whether they tell one.
    pub fn keep(&self, fields: &[u8]) -> bool {
        let place = Place::read(fields);
        if let Some(place) = place {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = place;
        }
        place.is_some()
    }

    /// The script of the dock, called with the place, the number of the port in front of the app, and whether a session is being
    /// checked. It is JSON of words and numbers alone.
    pub fn script(&self, port: u16, watched: bool) -> String {
        let place = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = serde_json::to_string(&Called { place, port, watched }).unwrap_or_else(|_| "{}".to_owned());
        format!("{}({place});\n", include_str!("dock.js").trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_kept_for_the_next_script() {
        let panel = Panel::default();
        assert!(
            panel
                .script(3100, false)
                .ends_with("({\"edge\":\"bottom\",\"size\":45,\"open\":false,\"port\":3100,\"watched\":false});\n")
        );
        assert!(panel.keep(b"edge=right&size=30&open=true"));
        assert!(
            panel
                .script(3100, true)
                .ends_with("({\"edge\":\"right\",\"size\":30,\"open\":true,\"port\":3100,\"watched\":true});\n")
        );
    }

    #[test]
    fn what_is_no_place_changes_nothing() {
        let panel = Panel::default();
        for fields in ["", "edge=left&size=30&open=true", "edge=right&size=81&open=true", "edge=right&size=30&open=%3C"]
        {
            assert!(!panel.keep(fields.as_bytes()), "{fields}");
        }
        assert!(panel.script(3100, false).contains("\"size\":45"));
    }
}

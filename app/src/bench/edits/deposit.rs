//! Puts what the form "Put a value" holds into every store that is shown.

use crate::{
    bench::state::Bench,
    browser::{Draft, lab_name},
    reactive::State,
    text::{told, units::kept},
};

/// The form, as it is typed and as it is answered.
#[derive(Clone, Copy)]
pub(in crate::bench) struct Deposit {
    pub name: State<String>,
    pub value: State<String>,
    pub refused: State<Vec<Refused>>,
}

/// Why a store did not take the value, for the field that it is about.
pub(in crate::bench) struct Refused {
    pub about_name: bool,
    pub words: String,
}

impl Deposit {
    /// The name that the entries will have.
    pub fn full_name(self) -> String {
        kept(lab_name(&self.name.read_untracked()))
    }

    fn typed(self) -> (String, String) {
        (self.name.get_untracked(), self.value.get_untracked())
    }
}

/// Each store judges for itself; what was typed stays unless all took it.
pub(super) async fn put(bench: Bench, form: Deposit) {
    let sent = form.typed();
    let draft = Draft::new(form.full_name(), kept(sent.1.clone()));
    let stores = bench.columns.get_untracked();
    let edits = stores.iter().map(|store| bench.putting(*store, draft.clone())).collect();
    let count = if stores.len() == 4 { "four".to_owned() } else { stores.len().to_string() };
    let name = told(&draft.name);
    let refused = bench.act(format!("Put {name} in all {count} stores."), edits).await;
    let kept = stores.len() - refused.len();
    if kept == 0 {
        bench.status.set(format!("No store took {name}."));
    } else if !refused.is_empty() {
        bench.status.set(format!("{kept} of {count} stores took {name}; the form says why the others did not."));
    }
    // What was typed meanwhile is the next value.
    if refused.is_empty() && form.typed() == sent {
        form.name.set(String::new());
        form.value.set(String::new());
    }
    let refused = refused.iter().map(|(edit, refusal)| Refused {
        about_name: refusal.is_about_name(),
        words: format!("{}: {}", edit.store.title(), refusal.explain()),
    });
    form.refused.set(refused.collect());
}

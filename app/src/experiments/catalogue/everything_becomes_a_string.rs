//! Everything becomes a string: what web storage makes of other values, and what JSON does about it.

use crate::{browser::Area, experiments::prelude::*};
use wasm_bindgen::{JsCast, JsValue};

pub(super) const EXPERIMENT: Experiment = Experiment {
    slug: "everything-becomes-a-string",
    title: "Everything becomes a string",
    group: Group::Kept,
    claims: &[C2],
    about: &[
        "A script works with numbers, dates, lists and objects. localStorage and sessionStorage take them all without a \
         complaint. But what do they give back?",
        "Here a handful of values is put in and taken out again; then once more as JSON, which is a way to write values \
         as text.",
    ],
    question: "A script puts the number 7, null and an object into localStorage. What does it get back?",
    choices: &[
        "The same values: a number, null and an object.",
        "Texts: of the object not even its contents are left.",
        "An error: web storage takes only texts.",
    ],
    parameters: &[Parameter::choice("area", "Where", &[("local", "localStorage"), ("session", "sessionStorage")])],
    steps: &[
        Step("Put in and taken out", "Each value goes in by setItem and comes back by getItem."),
        Step("As JSON", "The same values, written by JSON.stringify before and read by JSON.parse after."),
    ],
    alone: false,
    needs: &[Need::WebStorage],
    takes: 2,
    opens: &[],
    in_general: &[
        "Both areas keep pairs of texts and nothing else. What is no text is turned into one, as String() does it: an \
         object becomes “[object Object]”, and null becomes the word “null”. A cookie is no different.",
        "JSON helps with numbers, lists, objects, true, false and null. A date comes back as a text even then, and a \
         function not at all. For other things there is IndexedDB.",
    ],
    other_browsers: "All browsers do this alike: it is part of how the interface is described.",
    sources: &[
        Source {
            says: "Key and value are declared as DOMString:",
            rule: "WHATWG HTML §12.2.1",
            link: "https://html.spec.whatwg.org/multipage/webstorage.html#the-storage-interface",
        },
        Source {
            says: "How any value becomes a string:",
            rule: "ECMAScript, ToString",
            link: "https://tc39.es/ecma262/#sec-tostring",
        },
    ],
};

pub(super) const PROCEDURE: Procedure =
    Procedure { window: no_window, run: |run| Box::pin(experiment(run)), clean: nothing_more };

/// The values, as a script writes them.
const VALUES: [&str; 7] = ["7", "true", "null", "undefined", "[1,2]", "{\"colour\":\"blue\"}", "new Date(0)"];

async fn experiment(run: Run) -> Result<Verdict, Trouble> {
    let area = if run.value("area") == "session" { Area::Session } else { Area::Local };
    let values = VALUES.map(value);

    run.step(0).await?;
    let mut same = 0;
    let mut rows = Vec::new();
    for (written, value) in VALUES.iter().zip(&values) {
        let back = through(&run, area, value)?;
        same += usize::from(*value == back);
        rows.push(vec![(*written).to_owned(), kind(value), told(&back), kind(&back)]);
    }
    run.saw(Lane::Browser, "What came back", Sight::Table(&["Put in", "Which was", "Came back", "Which is"], rows));

    run.step(1).await?;
    let mut kept = 0;
    let mut rows = Vec::new();
    for (written, value) in VALUES.iter().zip(&values) {
        let text = js_sys::JSON::stringify(value).map(JsValue::from).unwrap_or(JsValue::UNDEFINED);
        let back = through(&run, area, &text)?;
        let read = back.as_string().and_then(|text| js_sys::JSON::parse(&text).ok()).unwrap_or(JsValue::UNDEFINED);
        kept += usize::from(kind(value) == kind(&read));
        rows.push(vec![(*written).to_owned(), told(&back), kind(&read)]);
    }
    run.saw(Lane::Browser, "By way of JSON", Sight::Table(&["Put in", "Kept as", "Read back as"], rows));

    let all = VALUES.len();
    Ok(match same {
        0 => Verdict::holds(
            1,
            format!("{all} values went in, and {all} texts came back. By way of JSON {kept} of {all} kept their kind."),
        ),
        same => Verdict::does_not_hold(0, format!("{same} of {all} values came back as they were.")),
    })
}

/// The value that such a text stands for in a script.
fn value(written: &str) -> JsValue {
    match written {
        "undefined" => JsValue::UNDEFINED,
        "new Date(0)" => js_sys::Date::new(&JsValue::from_f64(0.0)).into(),
        json => js_sys::JSON::parse(json).unwrap_or(JsValue::UNDEFINED),
    }
}

/// Puts a value in as a script does, and takes it out again.
fn through(run: &Run, area: Area, value: &JsValue) -> Result<JsValue, Trouble> {
    let storage = JsValue::from(area.open()?);
    let name = JsValue::from_str(&run.name("value"));
    let refused =
        |_| Trouble::because("The browser keeps nothing here. Allow this site to store data, then run it again.");
    let method = |name: &str| {
        let method = js_sys::Reflect::get(&storage, &JsValue::from_str(name));
        method.and_then(|method| method.dyn_into::<js_sys::Function>()).map_err(refused)
    };
    method("setItem")?.call2(&storage, &name, value).map_err(refused)?;
    method("getItem")?.call1(&storage, &name).map_err(refused)
}

/// What kind of value it is, as `typeof` and the exceptions to it have it.
fn kind(value: &JsValue) -> String {
    match value {
        value if value.is_null() => "null".to_owned(),
        value if js_sys::Array::is_array(value) => "list".to_owned(),
        value if value.is_instance_of::<js_sys::Date>() => "date".to_owned(),
        value => value.js_typeof().as_string().unwrap_or_default(),
    }
}

fn told(value: &JsValue) -> String {
    value.as_string().map_or_else(|| "nothing".to_owned(), |text| format!("“{text}”"))
}

//! The bench's server functions: the server session's values, and what the server saw of this very request.

#![expect(
    missing_docs,
    reason = "the fields of the structs that `#[server]` makes are the documented functions' arguments"
)]

use super::{Expected, Observation};
use crate::{
    AppError,
    client::{Arguments, Direct, FormField},
};
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use {
    super::{SessionValue, observation, port::SessionValues},
    crate::request::{Request, port},
};

/// What the server sees now: the cookies of the request that asks, and the session it opens.
#[server(prefix = "/api", protocol = Direct, endpoint = "observe")]
pub async fn observe() -> Result<Observation, AppError> {
    let Request { parts, .. } = Request::current()?;
    let values = port::<dyn SessionValues>()?;
    observation(&*values, &parts).await
}

/// Keeps a value on the server; the first one starts an anonymous session. A token that opens nothing gets a new
/// session only when asked `again`: the first time, another tab may just have been given a new token, which a new
/// cookie would overwrite. Where something is `expected`, nothing is written unless it is still there.
#[server(prefix = "/api", protocol = Direct, endpoint = "values/put")]
pub async fn put_value(
    name: String,
    value: String,
    again: Option<bool>,
    expected: Option<Expected>,
) -> Result<(), AppError> {
    let request = Request::current()?;
    let values = port::<dyn SessionValues>()?;
    if request.visitor.stale && again != Some(true) {
        return Err(AppError::SessionEnded);
    }
    let value = SessionValue { name, value };
    if let Some(session) = values.put(&request.visitor, value, expected).await? {
        request.hand_out(&session);
    }
    Ok(())
}

/// Forgets one value of this visitor's session; where something is `expected`, only if it is still there.
#[server(prefix = "/api", protocol = Direct, endpoint = "values/delete")]
pub async fn delete_value(name: String, expected: Option<Expected>) -> Result<(), AppError> {
    let Request { visitor, .. } = Request::current()?;
    let values = port::<dyn SessionValues>()?;
    match visitor.session {
        Some(session) => values.delete(session.id, &name, expected).await,
        None => Ok(()),
    }
}

/// Forgets several values of this visitor's session, all or none.
#[server(prefix = "/api", endpoint = "values/delete-several")]
pub async fn delete_values(#[server(default)] names: Vec<String>) -> Result<(), AppError> {
    let Request { visitor, .. } = Request::current()?;
    let values = port::<dyn SessionValues>()?;
    match visitor.session {
        Some(session) => values.delete_several(session.id, names).await,
        None => Ok(()),
    }
}

/// Forgets every value of this visitor's session; the session itself goes on.
#[server(prefix = "/api", endpoint = "values/clear")]
pub async fn clear_values() -> Result<(), AppError> {
    let Request { visitor, .. } = Request::current()?;
    let values = port::<dyn SessionValues>()?;
    match visitor.session {
        Some(session) => values.clear(session.id).await,
        None => Ok(()),
    }
}

impl Arguments for Observe {
    const RECORDED: bool = true;
}

impl Arguments for PutValue {
    const RECORDED: bool = true;

    fn fields(&self) -> Vec<FormField<'_>> {
        let mut fields = vec![("name", self.name.as_str().into()), ("value", self.value.as_str().into())];
        fields.extend(self.again.map(|again| ("again", if again { "true" } else { "false" }.into())));
        fields.extend(self.expected.as_ref().map(expected));
        fields
    }
}

impl Arguments for DeleteValue {
    const RECORDED: bool = true;

    fn fields(&self) -> Vec<FormField<'_>> {
        let mut fields = vec![("name", self.name.as_str().into())];
        fields.extend(self.expected.as_ref().map(expected));
        fields
    }
}

fn expected(expected: &Expected) -> FormField<'_> {
    match expected {
        Expected::Nothing => ("expected", "nothing".into()),
        Expected::Value(value) => ("expected[value]", value.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::tests::is_read_by_the_server;

    #[test]
    fn the_server_reads_what_the_browser_asks() {
        is_read_by_the_server(&Observe {});
        let (name, value) = ("lab-a &=[é]".to_owned(), "1+1=2 %\n漢".to_owned());
        for expected in
            [None, Some(Expected::Nothing), Some(Expected::Value(String::new())), Some(Expected::Value(value.clone()))]
        {
            is_read_by_the_server(&DeleteValue { name: name.clone(), expected: expected.clone() });
            for again in [None, Some(false), Some(true)] {
                let (name, value) = (name.clone(), value.clone());
                is_read_by_the_server(&PutValue { name, value, again, expected: expected.clone() });
            }
        }
    }
}

//! `/lab/echo`: the request as the server received it, under as many paths as a visitor likes.

use crate::http::{redaction::redacted, wire::AsReceived};
use app::bench::wire::Received;
use axum::{
    Extension, Json,
    http::{Method, Uri},
};

pub(super) async fn echo(
    method: Method,
    uri: Uri,
    Extension(AsReceived(headers)): Extension<AsReceived>,
) -> Json<Received> {
    let fields = redacted(&headers);
    Json(Received {
        method: method.to_string(),
        path: uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        cookies: fields.iter().flat_map(|field| field.cookies.clone()).collect(),
        fields,
    })
}

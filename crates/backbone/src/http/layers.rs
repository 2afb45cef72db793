//! What happens around every call: spelling of the path, size, time, headers, errors, the log.

use std::time::{Duration, Instant};

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tessera_backbone_api::{CORRELATION_ID_HEADER, limits};
use tessera_core_types::{CoreDate, random_characters};

use super::{bodies, error::ApiError};
use crate::{app::Shared, routes};

/// How long a call may take, its body's arrival included. Clients give up after 60 s.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// Writes the fixed parts of a path in lower case, as the routes are; what identifies a record is
/// left as it is. Paths are matched without regard to case.
pub fn in_lower_case(mut request: Request) -> Request {
    let uri = request.uri();
    let is_needed = uri.path().bytes().any(|byte| byte.is_ascii_uppercase());
    if let Some(lower) = is_needed.then(|| lower_case_uri(uri)).flatten() {
        *request.uri_mut() = lower;
    }
    request
}

fn lower_case_uri(uri: &Uri) -> Option<Uri> {
    let segments = uri.path().split('/').map(|segment| {
        let lower = segment.to_ascii_lowercase();
        if routes::FIXED_SEGMENTS.contains(&lower.as_str()) {
            lower
        } else {
            segment.to_owned()
        }
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let path_and_query = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path,
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(path_and_query.parse().ok()?);
    Uri::from_parts(parts).ok()
}

/// Refuses bodies that are too long, ends calls that take too long, writes errors, adds the headers
/// of every answer, and logs method, route and status: never queries, bodies or tokens.
pub async fn frame(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let (start, clock_start) = (Instant::now(), app.now());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let correlation_id = correlation_id(request.headers(), &app);
    let mut response = if !is_meant_for(request.headers(), &app.settings.host_name) {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    } else if is_too_large(request.headers()) {
        ApiError::too_large().into_response()
    } else {
        let (request, rest) = bodies::keep(request);
        let response = tokio::time::timeout(TIME_LIMIT, next.run(request))
            .await
            .unwrap_or_else(|_| StatusCode::REQUEST_TIMEOUT.into_response());
        rest.read_to_its_end().await;
        response
    };
    let mut code = "";
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        code = error.code();
        response = error.into_full_response(app.now(), &*app.settings.randomness);
    }
    let took = start.elapsed();
    tracing::debug!(
        %method,
        path,
        status = response.status().as_u16(),
        code,
        took_ms = took.as_secs_f64() * 1000.0,
        "call"
    );
    let trace_id = random_characters(32, &*app.settings.randomness);
    add_headers(
        response.headers_mut(),
        clock_start,
        app.now(),
        took,
        &trace_id,
        &correlation_id,
    );
    response
}

/// Whether a call names this server. A web page whose own name was pointed at this computer would
/// name itself, and must not get at what is only meant for programs here.
fn is_meant_for(headers: &HeaderMap, host_name: &str) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        return true;
    };
    let Ok(host) = host.to_str() else {
        return false;
    };
    let is_port = |text: &&str| text.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(&port) => name,
        _ => host,
    };
    [host_name, "127.0.0.1", "[::1]"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name))
}

fn is_too_large(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    length
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok())
        .is_some_and(|length| length > limits::MAX_REQUEST_BYTES as u64)
}

/// The client's own, cut to its limit, else a new one.
fn correlation_id(headers: &HeaderMap, app: &Shared) -> String {
    let given = headers
        .get(CORRELATION_ID_HEADER)
        .and_then(|value| value.to_str().ok())
        .map(|text| {
            text.trim()
                .chars()
                .take(limits::MAX_CORRELATION_ID_CHARS)
                .collect::<String>()
        });
    given
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| random_characters(32, &*app.settings.randomness))
}

fn add_headers(
    headers: &mut HeaderMap,
    from: CoreDate,
    to: CoreDate,
    took: Duration,
    trace_id: &str,
    correlation_id: &str,
) {
    let values = [
        ("x-request-time", from.to_string()),
        ("x-response-time", to.to_string()),
        ("x-response-duration-ms", took.as_millis().to_string()),
        ("x-trace-id", trace_id.to_owned()),
        (CORRELATION_ID_HEADER, correlation_id.to_owned()),
        ("x-content-type-options", "nosniff".to_owned()),
        ("referrer-policy", "no-referrer".to_owned()),
    ];
    for (name, value) in values {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_name_another_host_are_told_apart() {
        for (host, is_here) in [
            ("localhost:8090", true),
            ("LOCALHOST", true),
            ("127.0.0.1:8090", true),
            ("[::1]:8090", true),
            ("[::1]", true),
            ("evil.example:8090", false),
            ("localhost.evil.example", false),
            ("", false),
        ] {
            let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))]);
            assert_eq!(is_meant_for(&headers, "localhost"), is_here, "{host}");
        }
    }

    #[test]
    fn only_the_fixed_parts_of_a_path_change_their_case() {
        for (given, wanted) in [
            (
                "/API/V2/Relationships/RELabC/Accept?Peer=X",
                "/api/v2/relationships/RELabC/accept?Peer=X",
            ),
            (
                "/api/v2/identities/IsDeleted",
                "/api/v2/identities/isdeleted",
            ),
            ("/Connect/Token", "/connect/token"),
        ] {
            let uri: Option<Uri> = given.parse().ok();
            let lower = uri.and_then(|uri| lower_case_uri(&uri));
            assert_eq!(lower.map(|uri| uri.to_string()).as_deref(), Some(wanted));
        }
    }
}

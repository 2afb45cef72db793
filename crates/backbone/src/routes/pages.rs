//! `/r/{id}`: what a person sees who opens a reference in a browser instead of the wallet; and the
//! files that let phones open it with an app.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use serde_json::{Value, json};

use crate::{
    app::Shared,
    http::answer::{self, Answer},
};

const PAGE: &str = include_str!("pages/reference.html");
const SCRIPT: &str = include_str!("pages/reference.js");
/// Nothing but the page's own script and style, and nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";
const STYLE: &str = include_str!("pages/reference.css");

pub fn routes() -> Router<Shared> {
    Router::new()
        .route("/r/{id}", get(reference))
        .route(
            "/.well-known/apple-app-site-association",
            get(apple_app_site_association),
        )
        .route("/.well-known/assetlinks.json", get(asset_links))
        .route(
            "/assets/reference.js",
            get(async || text("text/javascript; charset=utf-8", SCRIPT)),
        )
        .route(
            "/assets/reference.css",
            get(async || text("text/css; charset=utf-8", STYLE)),
        )
}

/// What tells iOS which apps open references; 404 when nothing is configured. No envelope.
async fn apple_app_site_association(State(app): State<Shared>) -> Answer {
    let links = app.settings.configuration.app_links.as_ref();
    match links.filter(|links| !links.apple_app_ids.is_empty()) {
        Some(links) => answer::json(
            StatusCode::OK,
            &json!({"applinks": {"details": [{
                "appIDs": links.apple_app_ids,
                "components": [{"/": "/r/*", "comment": "References to templates, tokens and files"}],
            }]}}),
        ),
        None => Ok(StatusCode::NOT_FOUND.into_response()),
    }
}

/// The same for Android.
async fn asset_links(State(app): State<Shared>) -> Answer {
    let links = app.settings.configuration.app_links.as_ref();
    let Some(links) = links.filter(|links| !links.android_apps.is_empty()) else {
        return Ok(StatusCode::NOT_FOUND.into_response());
    };
    let entries = links.android_apps.iter().map(|android| {
        json!({
            "relation": ["delegate_permission/common.handle_all_urls"],
            "target": {
                "namespace": "android_app",
                "package_name": android.package_name,
                "sha256_cert_fingerprints": android.sha256_cert_fingerprints,
            },
        })
    });
    answer::json(StatusCode::OK, &entries.collect::<Value>())
}

fn text(content_type: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, content_type)], text).into_response()
}

/// The texts of the page in one language.
struct Texts {
    language: &'static str,
    title: &'static str,
    explanation: &'static str,
    open: &'static str,
    instead: &'static str,
    copy: &'static str,
    copied: &'static str,
    no_script: &'static str,
}

const ENGLISH: Texts = Texts {
    language: "en",
    title: "Open this link with your wallet",
    explanation: "This link belongs into the wallet on your computer or phone. A browser cannot \
        open it, and nobody else should see it.",
    open: "Open in the wallet",
    instead: "If nothing happens: copy the link and paste it where the wallet scans QR codes.",
    copy: "Copy the link",
    copied: "The link is copied.",
    no_script: "Copy the address from the address bar of the browser and paste it into the wallet.",
};

const GERMAN: Texts = Texts {
    language: "de",
    title: "Diesen Link mit der Wallet öffnen",
    explanation: "Dieser Link gehört in die Wallet auf Ihrem Computer oder Telefon. Ein Browser \
        kann ihn nicht öffnen, und niemand sonst soll ihn sehen.",
    open: "In der Wallet öffnen",
    instead: "Falls nichts geschieht: Kopieren Sie den Link und fügen Sie ihn dort ein, wo die \
        Wallet QR-Codes scannt.",
    copy: "Link kopieren",
    copied: "Der Link ist kopiert.",
    no_script: "Kopieren Sie die Adresse aus der Adresszeile des Browsers und fügen Sie sie in \
        die Wallet ein.",
};

async fn reference(Path(_id): Path<String>, headers: HeaderMap) -> Response {
    let texts = if wants_german(&headers) {
        GERMAN
    } else {
        ENGLISH
    };
    let page = PAGE
        .replace("{language}", texts.language)
        .replace("{title}", texts.title)
        .replace("{explanation}", texts.explanation)
        .replace("{open}", texts.open)
        .replace("{instead}", texts.instead)
        .replace("{copy}", texts.copy)
        .replace("{copied}", texts.copied)
        .replace("{no_script}", texts.no_script);
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ),
        (header::VARY, HeaderValue::from_static("accept-language")),
    ];
    (headers, Html(page)).into_response()
}

/// Whether German comes before English in what the browser asks for.
fn wants_german(headers: &HeaderMap) -> bool {
    let wanted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let weight = |language: &str| -> f32 {
        let of_one = |part: &str| {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let primary = tag.trim().split('-').next().unwrap_or_default();
            let weight = parameters.trim().strip_prefix("q=");
            (primary.eq_ignore_ascii_case(language))
                .then(|| weight.map_or(1.0, |q| q.trim().parse().unwrap_or(0.0)))
        };
        wanted.split(',').filter_map(of_one).fold(0.0, f32::max)
    };
    let (german, english) = (weight("de"), weight("en"));
    let first = |language: &str| {
        let mut parts = wanted
            .split(',')
            .map(|part| part.trim().to_ascii_lowercase());
        parts
            .position(|part| part.starts_with(language))
            .unwrap_or(usize::MAX)
    };
    german > english || (german > 0.0 && german == english && first("de") < first("en"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_language_is_the_one_that_the_browser_prefers() {
        for (wanted, is_german) in [
            ("de", true),
            ("de-AT,de;q=0.9,en;q=0.8", true),
            ("en-GB,en;q=0.9,de;q=0.8", false),
            ("en,de", false),
            ("de,en", true),
            ("fr", false),
            ("", false),
            ("de;q=x", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, wanted.parse().unwrap());
            assert_eq!(wants_german(&headers), is_german, "{wanted}");
        }
    }
}

//! Which test covers which answer of which endpoint: `docs/backbone-endpoints.md`.
//!
//! The table is made by running the tests. To make it anew:
//!
//! ```text
//! rm -f /tmp/calls; TESSERA_BACKBONE_CALLS=/tmp/calls cargo test -p tessera-backbone --test api
//! TESSERA_BACKBONE_CALLS_TABLE=/tmp/calls cargo test -p tessera-backbone --test api coverage
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use reqwest::Method;
use serde_json::Value;

use crate::common::{Reply, Server};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
/// Routes that are no part of the Consumer API.
const OTHERS: [&str; 5] = [
    "/__test/rundeletionjob",
    "/assets/reference.js",
    "/assets/reference.css",
    "/api/v1/xsrf",
    "/api/v1/announcements",
];
/// Answers of the description that this server never gives.
const NEVER: [(&str, &str); 6] = [
    // This server is of every generation.
    ("GET /api/v2/Version", "404 recordNotFound"),
    // An invalid access token counts as none here, as upstream.
    ("POST /api/v2/Challenges", "401"),
    ("POST /api/v2/Tokens", "401"),
    ("GET /api/v2/Tokens/{id}", "401"),
    ("GET /api/v2/Tags", "401"),
    // There is always a page.
    ("GET /r/{referenceId}", "404"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn description() -> Value {
    let own = root().join("tests/vectors").into_os_string();
    let vectors = std::env::var_os("TESSERA_VECTORS").unwrap_or(own);
    let file = Path::new(&vectors).join("backbone-openapi.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Every endpoint and what it may answer: `200`, or `400 code` without the common beginning.
pub fn required() -> BTreeMap<String, BTreeSet<String>> {
    let mut required = BTreeMap::new();
    for (path, operations) in description()["paths"].as_object().unwrap() {
        for method in METHODS {
            let operation = &operations[method];
            let Some(responses) = operation["responses"].as_object() else {
                continue;
            };
            let endpoint = format!("{} {path}", method.to_uppercase());
            let mut answers = BTreeSet::new();
            for (status, response) in responses {
                let codes = response["x-error-codes"].as_array();
                for code in codes.into_iter().flatten() {
                    answers.insert(answer(status, code.as_str()));
                }
                let code = match status.as_str() {
                    "400" => continue,
                    "403" => Some("forbidden"),
                    "404" if path.starts_with("/api") => Some("recordNotFound"),
                    "429" => Some("quotaExhausted"),
                    _ => None,
                };
                answers.insert(answer(status, code));
            }
            answers.retain(|answer| !NEVER.contains(&(endpoint.as_str(), answer.as_str())));
            required.insert(endpoint, answers);
        }
    }
    required
}

fn answer(status: &str, code: Option<&str>) -> String {
    match code {
        Some(code) => {
            let code = code.strip_prefix("error.platform.").unwrap_or(code);
            format!("{status} {code}")
        }
        None => status.to_owned(),
    }
}

/// The endpoint that a path belongs to.
fn endpoint_of(method: &str, path: &str) -> Option<String> {
    let path = path.split('?').next().unwrap_or_default();
    let path = match path.strip_prefix('/') {
        Some(_) => path.replace("/api/v1/", "/api/v2/"),
        None => format!("/api/v2/{path}"),
    };
    let given: Vec<&str> = path.split('/').collect();
    let fits = |endpoint: &&String| {
        let (known, template) = endpoint.split_once(' ').unwrap();
        let segments: Vec<&str> = template.split('/').collect();
        known == method
            && segments.len() == given.len()
            && segments.iter().zip(&given).all(|(segment, given)| {
                segment.starts_with('{') || segment.eq_ignore_ascii_case(given)
            })
    };
    static ENDPOINTS: OnceLock<Vec<String>> = OnceLock::new();
    let endpoints = ENDPOINTS.get_or_init(|| required().into_keys().collect());
    // Of `Devices/Self` and `Devices/{id}` the first.
    let mut fitting: Vec<_> = endpoints.iter().filter(fits).collect();
    fitting.sort_by_key(|endpoint| endpoint.contains('{'));
    fitting.first().map(|endpoint| (*endpoint).clone())
}

/// Takes down that a test got this answer, where somebody asked for that.
pub fn note(method: &Method, path: &str, reply: &Reply) {
    let code = reply.body["error"]["code"].as_str();
    let answer = answer(&reply.status.to_string(), code);
    note_answer(method.as_str(), path, &answer);
}

/// The same for an answer that is read elsewhere.
pub fn note_answer(method: &str, path: &str, answer: &str) {
    let Some(file) = std::env::var_os("TESSERA_BACKBONE_CALLS") else {
        return;
    };
    let test = std::thread::current().name().unwrap_or_default().to_owned();
    let Some(endpoint) = endpoint_of(method, path) else {
        return;
    };
    let line = format!("{endpoint}\t{answer}\t{test}\n");
    let mut file = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(file)
        .unwrap();
    file.write_all(line.as_bytes()).unwrap();
}

fn table() -> PathBuf {
    root().join("docs/backbone-endpoints.md")
}

/// Writes the table from what was taken down.
fn write_table(calls: &str) {
    let mut tests: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for line in calls.lines() {
        let mut parts = line.split('\t');
        let (endpoint, answer, test) = (parts.next(), parts.next(), parts.next());
        let key = (endpoint.unwrap(), answer.unwrap());
        // What throws everything at every endpoint explains nothing.
        let test = test.unwrap();
        if !test.starts_with("hostile_input") && !test.starts_with("traces") {
            tests.entry(key).or_default().insert(test);
        }
    }
    let mut text = "# Endpoints of the Backbone and their tests\n\n\
        Made by the tests, see `crates/backbone/tests/api/coverage.rs`: for every endpoint each answer \
        that its description\n(`tests/vectors/backbone-openapi.json`) knows, and a test of \
        `crates/backbone/tests/api` that gets it.\nCodes are without their common beginning, \
        `error.platform.`\n\n| endpoint | answer | test |\n|---|---|---|\n"
        .to_owned();
    for (endpoint, answers) in required() {
        for answer in answers {
            let found = tests.get(&(endpoint.as_str(), answer.as_str()));
            // The one with the longest name says most.
            let test = found.and_then(|tests| tests.iter().max_by_key(|test| test.len()));
            let test = test.copied().unwrap_or("**none**");
            writeln!(text, "| `{endpoint}` | {answer} | `{test}` |").unwrap();
        }
    }
    std::fs::write(table(), text).unwrap();
}

/// The rows of the table: endpoint, answer, test.
fn rows() -> Vec<[String; 3]> {
    if let Some(calls) = std::env::var_os("TESSERA_BACKBONE_CALLS_TABLE") {
        write_table(&std::fs::read_to_string(calls).unwrap());
    }
    let text = std::fs::read_to_string(table()).unwrap();
    let cells = |line: &str| -> Option<[String; 3]> {
        let cells = line.strip_prefix("| `")?.strip_suffix(" |")?;
        let cells: Vec<_> = cells
            .split(" | ")
            .map(|cell| cell.replace('`', ""))
            .collect();
        cells.try_into().ok()
    };
    text.lines().filter_map(cells).collect()
}

#[test]
fn every_answer_of_every_endpoint_has_a_test_that_exists() {
    let rows = rows();
    let sources: Vec<(String, String)> =
        std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api"))
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                let name = path.file_stem().unwrap().to_string_lossy().into_owned();
                (name, std::fs::read_to_string(path).unwrap())
            })
            .collect();
    for (endpoint, answers) in required() {
        for answer in answers {
            let row = rows
                .iter()
                .find(|row| row[0] == endpoint && row[1] == answer);
            let test = &row.unwrap_or_else(|| panic!("{endpoint} {answer} is not in the table"))[2];
            let (file, function) = test
                .split_once("::")
                .unwrap_or_else(|| panic!("{endpoint} {answer}: {test}"));
            let source = sources.iter().find(|(name, _)| name == file);
            let is_there =
                source.is_some_and(|(_, text)| text.contains(&format!("fn {function}(")));
            assert!(is_there, "{endpoint} {answer}: there is no test {test}");
        }
    }
}

#[test]
fn every_route_is_in_the_table() {
    let endpoints: BTreeSet<String> = required()
        .into_keys()
        .map(|endpoint| endpoint.to_ascii_lowercase())
        .collect();
    let routes = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/routes");
    let mut count = 0;
    for entry in std::fs::read_dir(routes).unwrap() {
        let path = entry.unwrap().path();
        let Some("rs") = path.extension().and_then(|extension| extension.to_str()) else {
            continue;
        };
        let source = std::fs::read_to_string(&path).unwrap();
        for call in source.split(".route(").skip(1) {
            let Some(route) = call.trim_start().strip_prefix('"') else {
                continue;
            };
            let route = route.split('"').next().unwrap();
            count += 1;
            let is_known = OTHERS.contains(&route)
                || endpoints.iter().any(|endpoint| {
                    let path = endpoint.split_once(' ').unwrap().1;
                    let path = path.replace("{referenceid}", "{id}");
                    path == route || path.strip_prefix("/api/v2") == Some(route)
                });
            assert!(is_known, "{route} of {} is not described", path.display());
        }
    }
    assert!(count > 40, "only {count} routes were found");
}

#[tokio::test]
async fn each_endpoint_has_its_methods_and_no_others() {
    let server = Server::start().await;
    let mut methods: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for endpoint in required().into_keys() {
        let (method, path) = endpoint.split_once(' ').unwrap();
        methods
            .entry(path.to_owned())
            .or_default()
            .insert(method.to_ascii_lowercase());
    }
    for (path, known) in &methods {
        let path = path
            .replace("{address}", "did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa")
            .replace("{referenceId}", "TOKaaaaaaaaaaaaaaaaa")
            .replace("{id}", "XXXaaaaaaaaaaaaaaaaa");
        for method in METHODS {
            let url = server.url(&path);
            let request = server
                .http
                .request(method.to_uppercase().parse().unwrap(), url);
            let status = request.send().await.unwrap().status().as_u16();
            // `Devices/{id}` takes what `Devices/Self` does not.
            let is_also_id = methods
                .iter()
                .any(|(other, methods)| fits(other, &path) && methods.contains(method));
            if known.contains(method) {
                assert_ne!(status, 405, "{method} {path}");
            } else if !is_also_id {
                assert_eq!(status, 405, "{method} {path}");
            }
        }
    }
}

/// Whether a path with a place for an id takes that path, too.
fn fits(template: &str, path: &str) -> bool {
    let (template, path): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    template.len() == path.len()
        && template
            .iter()
            .zip(&path)
            .all(|(segment, given)| segment.starts_with('{') || segment == given)
}

//! The OpenAPI document that is made from the wire types, against the description of the API.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;
use tessera_backbone_api::openapi;

use crate::coverage::description;

/// Where the wire types differ from the description, and why.
const DIFFERENCES: &[(&str, &str)] = &[
    (
        "POST /api/v2/Messages request.attachments: type",
        "null counts as absent",
    ),
    (
        "POST /api/v2/Files request.owner: type",
        "null counts as absent",
    ),
    (
        "Datawallet/Modifications request: required",
        "an empty log takes any index, also none",
    ),
    (
        "Datawallet/Modifications request.localIndex: type",
        "the same",
    ),
    (
        "ExternalEvents 200.result[].payload",
        "each type of event has a payload of its own, which is read by the type",
    ),
    (
        "Announcements 200.result[].actions[]",
        "answered as null, and read when it is a text",
    ),
    (
        "Tags 200.result.tagsForAttributeValueTypes{}{}",
        "children are always answered",
    ),
];

/// A schema without what only explains it.
#[derive(Debug, Default, PartialEq)]
struct Shape {
    /// `string`, `integer`, `number`, `boolean`, `array`, `object`, `null`.
    kinds: BTreeSet<String>,
    names: BTreeSet<String>,
    properties: BTreeMap<String, Value>,
    required: BTreeSet<String>,
    items: Option<Value>,
    entries: Option<Value>,
}

impl Shape {
    /// Reads a schema of that document.
    fn of(schema: &Value, document: &Value) -> Self {
        let mut shape = Self::default();
        shape.read(schema, document);
        shape
    }

    fn read(&mut self, schema: &Value, document: &Value) {
        if let Some(reference) = schema["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').unwrap();
            let target = document.pointer(pointer);
            self.read(target.unwrap_or_else(|| panic!("{reference}")), document);
        }
        let kinds = match &schema["type"] {
            Value::String(kind) => vec![kind.clone()],
            Value::Array(kinds) => kinds
                .iter()
                .map(|kind| kind.as_str().unwrap().to_owned())
                .collect(),
            _ => Vec::new(),
        };
        self.kinds.extend(kinds);
        let names = schema["enum"].as_array().into_iter().flatten();
        for name in names.chain(schema.get("const")) {
            match name.as_str() {
                Some(name) => {
                    self.kinds.insert("string".to_owned());
                    self.names.insert(name.to_owned());
                }
                None => drop(self.kinds.insert("null".to_owned())),
            }
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.insert(name.clone(), property.clone());
        }
        for name in schema["required"].as_array().into_iter().flatten() {
            self.required.insert(name.as_str().unwrap().to_owned());
        }
        if schema["items"].is_object() {
            self.items = Some(schema["items"].clone());
        }
        if schema["additionalProperties"].is_object() {
            self.entries = Some(schema["additionalProperties"].clone());
        }
        for list in ["oneOf", "anyOf", "allOf"] {
            for part in schema[list].as_array().into_iter().flatten() {
                self.read(part, document);
            }
        }
    }
}

struct Comparison<'a> {
    theirs: &'a Value,
    ours: &'a Value,
    found: Vec<String>,
    count: usize,
}

impl Comparison<'_> {
    fn compare(&mut self, theirs: &Value, ours: &Value, at: &str, depth: u32) {
        // Tags have tags below them.
        if depth > 8 {
            return;
        }
        self.count += 1;
        let (there, here) = (Shape::of(theirs, self.theirs), Shape::of(ours, self.ours));
        let mut differ = |what: &str, there: String, here: String| {
            if there != here {
                self.found
                    .push(format!("{at}: {what}: {there} there, {here} here"));
            }
        };
        differ(
            "type",
            format!("{:?}", there.kinds),
            format!("{:?}", here.kinds),
        );
        if !there.names.is_empty() && !here.names.is_empty() {
            differ(
                "names",
                format!("{:?}", there.names),
                format!("{:?}", here.names),
            );
        }
        let names = |shape: &Shape| format!("{:?}", shape.properties.keys().collect::<Vec<_>>());
        differ("properties", names(&there), names(&here));
        differ(
            "required",
            format!("{:?}", there.required),
            format!("{:?}", here.required),
        );
        for (name, property) in &there.properties {
            if let Some(own) = here.properties.get(name) {
                self.compare(property, own, &format!("{at}.{name}"), depth + 1);
            }
        }
        if let (Some(there), Some(here)) = (&there.items, &here.items) {
            self.compare(there, here, &format!("{at}[]"), depth + 1);
        }
        if let (Some(there), Some(here)) = (&there.entries, &here.entries) {
            self.compare(there, here, &format!("{at}{{}}"), depth + 1);
        }
    }
}

/// The schemas of a request's or answer's content, by type.
fn contents(holder: &Value) -> BTreeMap<String, Value> {
    let contents = holder["content"].as_object().into_iter().flatten();
    contents
        .map(|(kind, content)| (kind.clone(), content["schema"].clone()))
        .collect()
}

#[test]
fn vectors_the_document_of_the_wire_types_agrees_with_the_description() {
    let (theirs, ours) = (description(), openapi::document());
    let mut comparison = Comparison {
        theirs: &theirs,
        ours: &ours,
        found: Vec::new(),
        count: 0,
    };
    let mut operations = 0;
    for (path, described) in theirs["paths"].as_object().unwrap() {
        for method in ["get", "post", "put", "patch", "delete"] {
            let Some(there) = described.get(method) else {
                continue;
            };
            let at = format!("{} {path}", method.to_uppercase());
            // Pages for people and phones have no wire types.
            if path.starts_with("/r/") || path.starts_with("/.well-known") {
                continue;
            }
            let here = &ours["paths"][path][method];
            assert!(here.is_object(), "{at} is missing");
            operations += 1;
            for (kind, there) in contents(&there["requestBody"]) {
                let own = contents(&here["requestBody"]);
                match own.get(&kind) {
                    Some(own) => comparison.compare(&there, own, &format!("{at} request"), 0),
                    None => comparison.found.push(format!("{at}: no request of {kind}")),
                }
            }
            for (status, there) in there["responses"].as_object().unwrap() {
                if !status.starts_with('2') {
                    continue;
                }
                let there = match there["$ref"].as_str() {
                    Some(reference) => theirs.pointer(&reference[1..]).unwrap(),
                    None => there,
                };
                let own = contents(&here["responses"][status]);
                assert!(here["responses"][status].is_object(), "{at} {status}");
                for (kind, there) in contents(there) {
                    match own.get(&kind) {
                        Some(own) => comparison.compare(&there, own, &format!("{at} {status}"), 0),
                        None => comparison.found.push(format!("{at}: no answer of {kind}")),
                    }
                }
            }
        }
    }
    let is_known = |found: &String| DIFFERENCES.iter().any(|(known, _)| found.contains(known));
    let unknown: Vec<_> = comparison
        .found
        .iter()
        .filter(|found| !is_known(found))
        .collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    for (known, _) in DIFFERENCES {
        assert!(
            comparison.found.iter().any(|found| found.contains(known)),
            "{known} is no difference"
        );
    }
    assert!(operations > 60, "{operations}");
    println!(
        "backbone-openapi.json: {operations} operations, {} schemas passed",
        comparison.count
    );
}

#[test]
fn the_document_in_the_documentation_is_that_of_the_wire_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/backbone-openapi.json");
    let document = format!(
        "{}\n",
        serde_json::to_string_pretty(&openapi::document()).unwrap()
    );
    if std::env::var_os("TESSERA_BACKBONE_WRITE_OPENAPI").is_some() {
        std::fs::write(&file, &document).unwrap();
    }
    let written = std::fs::read_to_string(file).unwrap();
    assert!(
        written == document,
        "TESSERA_BACKBONE_WRITE_OPENAPI=1 cargo test -p tessera-backbone --test api openapi writes it anew"
    );
}

//! What is shown of values that refer to Files. Such a reference holds the key of its File.

use serde_json::Value;
use tessera_content::{Reference, ReferenceId, ReferenceKind};

/// The value types whose value is a reference to a File.
const REFERENCES: &[&str] = &["IdentityFileReference", "ProprietaryFileReference"];

/// The same JSON; where it refers to a File it only says to which. For showing what was answered,
/// not for sending it.
#[must_use]
pub(crate) fn without_file_keys(mut json: Value) -> Value {
    hide(&mut json);
    json
}

fn hide(json: &mut Value) {
    match json {
        Value::Array(entries) => entries.iter_mut().for_each(hide),
        Value::Object(map) => {
            let name = map.get("@type").and_then(Value::as_str);
            let is_reference = name.is_some_and(|name| REFERENCES.contains(&name));
            if is_reference && let Some(Value::String(reference)) = map.get_mut("value") {
                *reference = name_of_file(reference);
            }
            map.values_mut().for_each(hide);
        }
        _ => {}
    }
}

fn name_of_file(reference: &str) -> String {
    match Reference::parse_as(ReferenceKind::File, reference).map(|reference| reference.id) {
        Ok(ReferenceId::File(id)) => id.to_string(),
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_refers_to_a_file_says_only_to_which() {
        let reference = "RklMYWJjZGVmZ2hpamtsbW5vcHF8M3xlRzlxYjlvbTFQSWVoc2lwWlIycTJ0ZWFIeG1oc1ZyQmlRN3ZlRDJBQkRv";
        let shown = without_file_keys(json!({ "items": [
            { "attribute": { "value": { "@type": "IdentityFileReference", "value": reference } } },
            { "items": [{ "successorContent": { "value": {
                "@type": "ProprietaryFileReference", "title": "T", "value": "not to be read" } } }] },
            { "attribute": { "value": { "@type": "GivenName", "value": "Ada" } } },
        ] }));
        let text = shown.to_string();
        assert!(
            !text.contains(reference) && !text.contains("not to be read"),
            "{text}"
        );
        assert_eq!(shown["items"][2]["attribute"]["value"]["value"], "Ada");
        assert_eq!(
            shown["items"][1]["items"][0]["successorContent"]["value"]["value"],
            "…"
        );
    }
}

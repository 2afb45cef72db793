//! Words of enmeshed v6 beside those of v7.

use serde_json::Value;

/// The same JSON with the names by which v6 and 7.0.0 to 7.0.2 know two properties beside the
/// newer ones: `sourceAttributeId` of ShareAttributeRequestItems and `thirdPartyAddress` of those
/// and of ReadAttributeAcceptResponseItems. Every version takes the name it knows and drops the
/// other, so what is sent to a peer of unknown version carries both.
#[must_use]
pub fn with_v6_names(mut json: Value) -> Value {
    add_names(&mut json);
    json
}

fn add_names(json: &mut Value) {
    match json {
        Value::Array(entries) => entries.iter_mut().for_each(add_names),
        Value::Object(map) => {
            let copies: &[(&str, &str)] = match map.get("@type").and_then(Value::as_str) {
                Some("ShareAttributeRequestItem") => &[
                    ("attributeId", "sourceAttributeId"),
                    ("initialAttributePeer", "thirdPartyAddress"),
                ],
                Some("ReadAttributeAcceptResponseItem") => {
                    &[("initialAttributePeer", "thirdPartyAddress")]
                }
                _ => &[],
            };
            for (newer, older) in copies {
                if let Some(value) = map.get(*newer).cloned() {
                    map.insert((*older).to_owned(), value);
                }
            }
            if !copies.is_empty() {
                map.sort_keys();
            }
            // Only where items can be: metadata and values are the sender's own.
            for name in [
                "items",
                "response",
                "onNewRelationship",
                "onExistingRelationship",
            ] {
                if let Some(inner) = map.get_mut(name) {
                    add_names(inner);
                }
            }
        }
        _ => {}
    }
}

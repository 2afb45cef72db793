//! What is shown and kept of content without the keys in it. Whoever has a reference to a record of
//! a Backbone can open that record: the reference holds its key.

use std::borrow::Cow;

use serde_json::Value;
use tessera_content::Reference;

/// The value types whose value is a reference to a File.
const FILE_REFERENCES: &[&str] = &["IdentityFileReference", "ProprietaryFileReference"];
/// The property of a RequestItem that is a reference to a File.
const FILE_REFERENCE: &str = "fileReference";
/// The property of a RequestItem by which whoever knows it becomes the File's owner.
const OWNERSHIP_TOKEN: &str = "ownershipToken";
/// Nothing shorter holds an id and a key.
const SHORTEST: usize = 40;

/// The same JSON; where it refers to a record of a Backbone, also in the middle of a text, it only
/// says to which, and the right to take over a File is left out. For showing and keeping what was
/// asked and answered, not for sending it.
#[must_use]
pub(crate) fn without_keys(mut json: Value) -> Value {
    hide(&mut json);
    json
}

fn hide(json: &mut Value) {
    match json {
        Value::Array(entries) => entries.iter_mut().for_each(hide),
        Value::Object(map) => {
            map.shift_remove(OWNERSHIP_TOKEN);
            let name = map.get("@type").and_then(Value::as_str);
            let is_file = name.is_some_and(|name| FILE_REFERENCES.contains(&name));
            for (property, inner) in map {
                match inner {
                    Value::String(reference)
                        if property == FILE_REFERENCE || (is_file && property == "value") =>
                    {
                        *reference = id_in(reference);
                    }
                    inner => hide(inner),
                }
            }
        }
        Value::String(text) => {
            if let Cow::Owned(hidden) = without_references(text) {
                *text = hidden;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What a reference refers to; nothing of what can't be read, or says only that already.
fn id_in(reference: &str) -> String {
    let is_id =
        reference.len() < SHORTEST && reference.bytes().all(|one| one.is_ascii_alphanumeric());
    match Reference::parse(reference) {
        Ok(found) => found.id.as_str().to_owned(),
        Err(_) if is_id => reference.to_owned(),
        Err(_) => "…".to_owned(),
    }
}

/// The text with the id in place of every reference that stands in it as a word.
fn without_references(text: &str) -> Cow<'_, str> {
    if text.len() < SHORTEST {
        return Cow::Borrowed(text);
    }
    let mut shown = Cow::Borrowed(text);
    for word in text.split(|one: char| one.is_whitespace() || "<>()[]{}\"'“”„,;".contains(one))
    {
        let word = word.trim_end_matches(['.', '!', '?', ':']);
        if word.len() < SHORTEST {
            continue;
        }
        if let Ok(found) = Reference::parse(word) {
            shown = Cow::Owned(shown.replace(word, found.id.as_str()));
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    const REFERENCE: &str =
        "RklMYWJjZGVmZ2hpamtsbW5vcHF8M3xlRzlxYjlvbTFQSWVoc2lwWlIycTJ0ZWFIeG1oc1ZyQmlRN3ZlRDJBQkRv";

    #[test]
    fn what_refers_to_a_file_says_only_to_which() {
        let shown = without_keys(json!({ "items": [
            { "attribute": { "value": { "@type": "IdentityFileReference", "value": REFERENCE } } },
            { "items": [{ "successorContent": { "value": {
                "@type": "ProprietaryFileReference", "title": "T", "value": "not to be read" } } }] },
            { "attribute": { "value": { "@type": "GivenName", "value": "Ada" } } },
            { "@type": "TransferFileOwnershipRequestItem", "mustBeAccepted": true,
              "fileReference": REFERENCE, "ownershipToken": "0wner5h1pT0ken" },
        ] }));
        let text = shown.to_string();
        for secret in [REFERENCE, "not to be read", "0wner5h1pT0ken"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(shown["items"][2]["attribute"]["value"]["value"], "Ada");
        assert_eq!(
            shown["items"][1]["items"][0]["successorContent"]["value"]["value"],
            "…"
        );
        assert_eq!(shown["items"][3]["fileReference"], "FILabcdefghijklmnopq");
        assert_eq!(without_keys(shown.clone()), shown, "once is enough");
    }

    #[test]
    fn a_reference_in_the_middle_of_a_text_says_only_to_what() {
        let fragment = "M3xlRzlxYjlvbTFQSWVoc2lwWlIycTJ0ZWFIeG1oc1ZyQmlRN3ZlRDJBQkRvfHw";
        let link = format!("https://backbone.example/r/FILabcdefghijklmnopq#{fragment}");
        let shown = without_keys(json!({
            "consent": format!("Read {link}. Or this: ({REFERENCE}), please."),
            "link": "https://example.org/a-rather-long-address/of-a-page#with-a-part",
        }));
        assert_eq!(
            shown["consent"],
            "Read FILabcdefghijklmnopq. Or this: (FILabcdefghijklmnopq), please."
        );
        assert_eq!(
            shown["link"],
            "https://example.org/a-rather-long-address/of-a-page#with-a-part"
        );
    }
}

//! Files as the page knows them: by their ids. A reference holds the key of its File, and so it stays
//! here; where the page sends an id back, the reference takes its place again.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use serde::Serialize;
use serde_json::Value;
use tessera_content::{Reference, ReferenceId, ReferenceKind};
use tessera_core_types::FileId;
use tessera_wallet::{Wallet, keys::SecretText};

use crate::error::ErrorView;

/// The value types whose value is a reference to a File.
const FILE_VALUES: [&str; 2] = ["IdentityFileReference", "ProprietaryFileReference"];
const TRANSFER: &str = "TransferFileOwnershipRequestItem";
const FILE_REFERENCE: &str = "fileReference";
const OWNERSHIP_TOKEN: &str = "ownershipToken";

/// The references to Files that the page has been shown, since the program started.
#[derive(Default)]
pub struct PageFiles(Mutex<BTreeMap<FileId, SecretText>>);

impl PageFiles {
    /// A view as the page gets it: with ids in place of references to Files, and without what it
    /// takes to become a File's owner.
    ///
    /// # Errors
    ///
    /// When the view can't be written as JSON.
    pub fn shown(&self, view: &impl Serialize) -> Result<Value, ErrorView> {
        let mut json = serde_json::to_value(view).map_err(|_| {
            ErrorView::new(
                "error.tessera.shell.unexpected",
                "a view can't be written as JSON",
            )
        })?;
        self.hide(&mut json);
        Ok(json)
    }

    /// What the page means: with references in place of the ids of Files.
    ///
    /// # Errors
    ///
    /// [`NotFound`](tessera_wallet::WalletError::NotFound) for a File that is neither shown here nor given away by this wallet.
    pub async fn meant(&self, wallet: &Wallet, mut json: Value) -> Result<Value, ErrorView> {
        let mut places = Vec::new();
        ids(&json, String::new(), &mut places);
        for (place, id) in places {
            let Some(map) = json.pointer_mut(&place).and_then(Value::as_object_mut) else {
                continue;
            };
            if map.get("@type").and_then(Value::as_str) == Some(TRANSFER) {
                let given = wallet.given_file(&id).await?;
                let reference = given.truncated_reference.expose();
                map.insert(FILE_REFERENCE.to_owned(), reference.into());
                let token = given.ownership_token.expose();
                map.insert(OWNERSHIP_TOKEN.to_owned(), token.into());
            } else {
                let reference = self.reference_text(wallet, &id).await?;
                map.insert("value".to_owned(), reference.expose().into());
            }
        }
        Ok(json)
    }

    /// Where a File is and what opens it.
    ///
    /// # Errors
    ///
    /// As [`PageFiles::meant`].
    pub async fn reference(&self, wallet: &Wallet, id: &FileId) -> Result<Reference, ErrorView> {
        let text = self.reference_text(wallet, id).await?;
        Ok(Reference::parse_as(ReferenceKind::File, text.expose())?)
    }

    async fn reference_text(&self, wallet: &Wallet, id: &FileId) -> Result<SecretText, ErrorView> {
        let known = {
            let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(id).cloned()
        };
        match known {
            Some(reference) => Ok(reference),
            None => Ok(wallet.file_reference(id).await?),
        }
    }

    fn hide(&self, json: &mut Value) {
        match json {
            Value::Array(entries) => entries.iter_mut().for_each(|entry| self.hide(entry)),
            Value::Object(map) => {
                let is_file = is_file_value(map.get("@type"));
                if map.contains_key(FILE_REFERENCE) {
                    map.shift_remove(OWNERSHIP_TOKEN);
                }
                for (name, inner) in map {
                    match inner {
                        Value::String(text)
                            if name == FILE_REFERENCE || (is_file && name == "value") =>
                        {
                            self.keep(text);
                        }
                        inner => self.hide(inner),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    /// Puts the id in place of a reference. What is none, whoever wrote it, holds no key.
    fn keep(&self, text: &mut String) {
        let Ok(reference) = Reference::parse_as(ReferenceKind::File, text) else {
            return;
        };
        if let ReferenceId::File(id) = reference.id {
            let whole = std::mem::replace(text, id.to_string());
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(id, SecretText::from(whole));
        }
    }
}

fn is_file_value(value_type: Option<&Value>) -> bool {
    let name = value_type.and_then(Value::as_str);
    name.is_some_and(|name| FILE_VALUES.contains(&name))
}

/// The places of the objects that name a File by its id.
fn ids(json: &Value, at: String, out: &mut Vec<(String, FileId)>) {
    match json {
        Value::Array(entries) => {
            for (index, entry) in entries.iter().enumerate() {
                ids(entry, format!("{at}/{index}"), out);
            }
        }
        Value::Object(map) => {
            let named = if is_file_value(map.get("@type")) {
                map.get("value")
            } else if map.get("@type").and_then(Value::as_str) == Some(TRANSFER) {
                map.get(FILE_REFERENCE)
            } else {
                None
            };
            let id = named.and_then(Value::as_str).map(FileId::parse);
            if let Some(Ok(id)) = id {
                out.push((at.clone(), id));
            }
            for (name, inner) in map {
                let name = name.replace('~', "~0").replace('/', "~1");
                ids(inner, format!("{at}/{name}"), out);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    const REFERENCE: &str =
        "RklMYWJjZGVmZ2hpamtsbW5vcHF8M3xlRzlxYjlvbTFQSWVoc2lwWlIycTJ0ZWFIeG1oc1ZyQmlRN3ZlRDJBQkRv";

    fn view() -> Value {
        json!({ "items": [
            { "value": { "@type": "IdentityFileReference", "value": REFERENCE } },
            { "a/b~c": { "@type": "ProprietaryFileReference", "title": "T", "value": REFERENCE } },
            { "value": { "@type": "GivenName", "value": "FILabcdefghijklmnopq" } },
            { "value": { "@type": "IdentityFileReference", "value": "no reference" } },
        ] })
    }

    #[test]
    fn the_page_gets_ids_and_no_keys() {
        let files = PageFiles::default();
        let mut given = view();
        given["asked"] = json!({ "@type": TRANSFER, FILE_REFERENCE: REFERENCE,
            OWNERSHIP_TOKEN: "0wner5h1pT0ken" });
        let shown = files.shown(&given).unwrap();
        let text = shown.to_string();
        assert!(
            !text.contains(REFERENCE) && !text.contains("0wner5h1pT0ken"),
            "{text}"
        );
        assert_eq!(shown["items"][0]["value"]["value"], "FILabcdefghijklmnopq");
        assert_eq!(shown["items"][3]["value"]["value"], "no reference");
        assert_eq!(shown["asked"][FILE_REFERENCE], "FILabcdefghijklmnopq");
        let known = files.0.lock().unwrap();
        let id = FileId::parse("FILabcdefghijklmnopq").unwrap();
        assert_eq!(known[&id].expose(), REFERENCE);
    }

    #[test]
    fn only_where_a_file_is_meant_an_id_stands_for_one() {
        let files = PageFiles::default();
        let mut places = Vec::new();
        ids(&files.shown(&view()).unwrap(), String::new(), &mut places);
        let places: Vec<&str> = places.iter().map(|(place, _)| place.as_str()).collect();
        assert_eq!(places, ["/items/0/value", "/items/1/a~1b~0c"]);
    }
}

//! Who has what, as a table for other programs.

use crate::views::GivenEntry;

/// The columns, with the names of the properties of [`GivenEntry`].
const COLUMNS: [&str; 15] = [
    "peer",
    "peerName",
    "valueType",
    "value",
    "label",
    "version",
    "since",
    "isStale",
    "deletionStatus",
    "deletionDate",
    "attributeId",
    "newestId",
    "requestId",
    "notificationId",
    "receipt",
];

/// The entries as CSV (RFC 4180), one line each after a line of names. A value of several parts is
/// JSON. What a program for tables would take for a formula gets a `'` before it.
#[must_use]
pub fn given_as_csv(entries: &[GivenEntry]) -> String {
    let mut csv = COLUMNS.join(",");
    csv.push_str("\r\n");
    for entry in entries {
        let deletion = entry.deletion;
        let text = |id: Option<String>| id.unwrap_or_default();
        let cells = [
            entry.peer.to_string(),
            text(entry.peer_name.clone()),
            entry.value_type.clone(),
            value(entry),
            text(entry.label.clone()),
            entry.version.to_string(),
            entry.since.to_string(),
            entry.is_stale.to_string(),
            text(deletion.map(|deletion| format!("{:?}", deletion.status))),
            text(deletion.map(|deletion| deletion.date.to_string())),
            entry.attribute_id.to_string(),
            entry.newest_id.to_string(),
            text(entry.request_id.as_ref().map(ToString::to_string)),
            text(entry.notification_id.as_ref().map(ToString::to_string)),
            text(entry.receipt.map(|number| number.to_string())),
        ];
        csv.push_str(&cells.map(|text| cell(&text)).join(","));
        csv.push_str("\r\n");
    }
    csv
}

fn value(entry: &GivenEntry) -> String {
    let mut parts = entry.value.clone();
    if let Some(parts) = parts.as_object_mut() {
        parts.shift_remove("@type");
    }
    match parts.get("value") {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(other) if !other.is_object() => other.to_string(),
        _ => parts.to_string(),
    }
}

fn cell(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = format!("{}{text}", if is_formula { "'" } else { "" });
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_says_what_it_says_and_is_no_formula() {
        for (text, written) in [
            ("Ada", "Ada"),
            ("", ""),
            ("Lovelace, Ada", "\"Lovelace, Ada\""),
            ("the \"first\"", "\"the \"\"first\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=1+1", "'=1+1"),
            ("+49 30 1234", "'+49 30 1234"),
            ("@SUM(A1)", "'@SUM(A1)"),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}

//! Every query of the store finds its rows by an index.

#![allow(clippy::unwrap_used)]

use rusqlite::Connection;

use super::{
    attributes, contact_notes, contacts, counters, deliveries, drafts, events, files, given,
    held_decisions, history, indexing, mail_drafts, mailbox, messages, migrations, outbox,
    own_attributes, peers, profile, receipts, relationships, request_lists, requests, search,
    secrets, settings, share_info, sources, templates, timeline,
};

/// Lists that show everything there is walk along an index, in its order.
const WHOLE_LISTS: &[&str] = &[
    "SCAN relationship USING INDEX relationship_by_date",
    "SCAN request USING INDEX request_by_date",
    "SCAN message USING INDEX message_by_date",
    "SCAN message USING COVERING INDEX message_unread",
    "SCAN message USING INDEX message_in_mailbox",
    "SCAN message USING COVERING INDEX message_in_mailbox",
    "SCAN message USING INDEX message_mail",
    "SCAN message USING COVERING INDEX message_mail",
    "SCAN receipt USING INDEX receipt_in_order",
    "SCAN receipt USING COVERING INDEX receipt_in_order",
    "SCAN request USING INDEX request_open",
    "SCAN request USING COVERING INDEX request_open",
    "SCAN request USING INDEX request_closed",
    "SCAN request USING COVERING INDEX request_closed",
    "SCAN request USING INDEX request_own",
    "SCAN request USING COVERING INDEX request_own",
    "SCAN mail_draft USING INDEX mail_draft_by_date",
    "SCAN awaited_message",
    "SCAN held_decision USING INDEX held_decision_by_date",
    "SCAN outbox USING INDEX outbox_open",
    "SCAN outbox USING COVERING INDEX outbox_open",
];

/// Finding rows must not mean looking at all of them; sorting the few that were found may. The lists
/// of contacts and own attributes are walked in their order; words are found by the full-text indexes
/// (`M`), the newest first (`192`) without sorting.
fn is_allowed(detail: &str) -> bool {
    !detail.starts_with("SCAN")
        || WHOLE_LISTS.contains(&detail)
        || detail.starts_with("SCAN own USING INDEX own_attribute_by_")
        || detail.starts_with("SCAN own_attribute_search VIRTUAL TABLE INDEX 0:M")
        || detail.starts_with("SCAN own USING COVERING INDEX own_attribute_by_")
        // All of them are counted along the narrowest index.
        || detail == "SCAN own USING COVERING INDEX sqlite_autoindex_own_attribute_1"
        || detail.starts_with("SCAN own_attribute_search VIRTUAL TABLE INDEX 192:M")
        || detail.starts_with("SCAN given USING INDEX given_")
        || detail.starts_with("SCAN given USING COVERING INDEX given_")
        || detail.starts_with("SCAN given_search VIRTUAL TABLE INDEX 0:M")
        || detail.starts_with("SCAN contact USING INDEX contact_by_")
        || detail.starts_with("SCAN search_index VIRTUAL TABLE INDEX 0:M")
        || detail.starts_with("SCAN search_index VIRTUAL TABLE INDEX 192:M")
        // The few rows that were found, as JSON.
        || detail.starts_with("SCAN hit VIRTUAL TABLE INDEX 1:")
        || detail.starts_with("SCAN json_each VIRTUAL TABLE INDEX 1:")
        || detail == "SCAN own_attribute_tag"
        || detail == "SCAN contact_tag"
        // The few Files of a person, to be sorted.
        || detail == "SCAN file"
        // What was found of one peer, from several tables, to be sorted.
        || detail == "SCAN happened"
        // The parts of one JSON.
        || detail.starts_with("SCAN part VIRTUAL TABLE")
        // What was written since the last indexing.
        || matches!(detail, "SCAN pending" | "SCAN search_pending" | "SCAN given_pending"
            | "SCAN entry_pending")
        // What a recursion has found so far, and the parts of a query put together.
        || matches!(detail, "SCAN CONSTANT ROW" | "SCAN before")
        || detail.starts_with("SCAN (subquery-")
}

#[test]
fn every_query_is_answered_by_an_index() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::initialise(&mut connection, migrations::latest()).unwrap();
    let modules: &[(&str, &[&str])] = &[
        ("attributes", attributes::QUERIES),
        ("contact_notes", contact_notes::QUERIES),
        ("counters", counters::QUERIES),
        ("deliveries", deliveries::QUERIES),
        ("drafts", drafts::QUERIES),
        ("events", events::QUERIES),
        ("files", files::QUERIES),
        ("held_decisions", held_decisions::QUERIES),
        ("history", history::QUERIES),
        ("indexing", indexing::QUERIES),
        ("mail_drafts", mail_drafts::QUERIES),
        ("messages", messages::QUERIES),
        ("outbox", outbox::QUERIES),
        ("peers", peers::QUERIES),
        ("profile", profile::QUERIES),
        ("relationships", relationships::QUERIES),
        ("requests", requests::QUERIES),
        ("secrets", secrets::QUERIES),
        ("settings", settings::QUERIES),
        ("share_info", share_info::QUERIES),
        ("sources", sources::QUERIES),
        ("templates", templates::QUERIES),
        ("timeline", timeline::QUERIES),
    ];
    let (own_attributes, given) = (own_attributes::queries(), given::queries());
    let given: Vec<&str> = given.iter().map(String::as_str).collect();
    let own_attributes: Vec<&str> = own_attributes.iter().map(String::as_str).collect();
    let contacts = contacts::queries();
    let contacts: Vec<&str> = contacts.iter().map(String::as_str).collect();
    let mut slow = Vec::new();
    let mailbox = mailbox::queries();
    let mailbox: Vec<&str> = mailbox.iter().map(String::as_str).collect();
    let timeline = timeline::queries();
    let timeline: Vec<&str> = timeline.iter().map(String::as_str).collect();
    let receipts = receipts::queries();
    let receipts: Vec<&str> = receipts.iter().map(String::as_str).collect();
    let request_lists = request_lists::queries();
    let request_lists: Vec<&str> = request_lists.iter().map(String::as_str).collect();
    let search = search::queries();
    let search: Vec<&str> = search.iter().map(String::as_str).collect();
    let lists: &[(&str, &[&str])] = &[
        ("search", &search),
        ("own_attributes", &own_attributes),
        ("contacts", &contacts),
        ("given", &given),
        ("mailbox", &mailbox),
        ("timeline", &timeline),
        ("receipts", &receipts),
        ("request_lists", &request_lists),
    ];
    for (module, queries) in modules.iter().chain(lists) {
        for query in *queries {
            for detail in plan(&connection, query) {
                if !is_allowed(&detail) {
                    slow.push(format!("{module}: {query}\n    {detail}"));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

#[test]
fn much_that_happened_is_read_in_its_order() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::initialise(&mut connection, migrations::latest()).unwrap();
    for part in timeline::long_parts() {
        let details = plan(&connection, &part);
        let sorts = details.iter().any(|detail| detail.contains("B-TREE"));
        assert!(!sorts, "{part}\n{details:?}");
    }
}

#[test]
fn what_is_written_often_is_not_compared_with_tables_in_memory() {
    // A new code, the outcome of a receipt, and a name of somebody else are rare. An index on some words
    // has to name them as its queries do.
    const RARE: &[&str] = &["relationship_template", "receipt_outcome"];
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::initialise(&mut connection, migrations::latest()).unwrap();
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type IN ('table', 'view', 'trigger')")
        .unwrap();
    let mut rows = statement.raw_query();
    let mut listing = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let (name, sql): (String, String) = (row.get("name").unwrap(), row.get("sql").unwrap());
        // SQLite compares with one or two words one by one, and puts more into a table first.
        let has_list = sql.match_indices(" IN ('").any(|(at, _)| {
            let list = sql[at..].split(')').next().unwrap_or_default();
            list.matches(',').count() > 1
        });
        if has_list && !RARE.contains(&name.as_str()) && !name.starts_with("received_name") {
            listing.push(name);
        }
    }
    assert!(listing.is_empty(), "{listing:?}");
}

#[test]
fn a_query_without_an_index_would_be_noticed() {
    let mut connection = Connection::open_in_memory().unwrap();
    migrations::initialise(&mut connection, migrations::latest()).unwrap();
    let details = plan(&connection, "SELECT * FROM request WHERE response = ?1");
    assert!(details.iter().any(|detail| !is_allowed(detail)));
}

fn plan(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {query}"))
        .unwrap();
    // The plan does not depend on the values; unbound parameters are NULL.
    let mut rows = statement.raw_query();
    let mut details = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        details.push(row.get("detail").unwrap());
    }
    details
}

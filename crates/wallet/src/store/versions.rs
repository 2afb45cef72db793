//! A database of every earlier version opens, and everything in it is still there.
//!
//! `tests/databases/` has a file for each version: the rows of a wallet as that version wrote
//! them. Whoever adds a migration adds the file of the new version.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::{fs, path::Path};

use rusqlite::Connection;
use tempfile::TempDir;
use tessera_content::{MessageContent, ProtocolVersion};
use tessera_core_types::{Address, AttributeId, CoreDate, ExternalEventId, FileId, RequestId};

use super::{
    DATABASE_FILE, FolderLock, Store, StoreError, Transaction, attributes, contact_notes, contacts,
    deliveries, drafts, events, files, given, held_decisions, history, mail_drafts, mailbox,
    messages, migrations, open, outbox, own_attributes, peers, profile, receipts, relationships,
    requests,
    search::{self, EntryKind},
    secrets, settings, share_info, sources, templates,
};
use crate::{
    keys::DatabaseKey,
    model::{
        AttributeKind, HeldState, LocalRequestStatus, MessageKind, MessageState, OutboxState,
        RelationshipStatus, ShareReference,
    },
    views::{AttributeSearch, CodeOrigin, GivenSearch, MessageSearch, ReceiptOutcomeKind},
};

fn key() -> DatabaseKey {
    DatabaseKey::from_slice(&[42; 32]).unwrap()
}

/// A folder with a database of this version and the rows of its file.
fn wallet_of_version(version: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(DATABASE_FILE);
    open::build(&path, &key(), version).unwrap();
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/databases/{version:04}.sql"));
    let rows =
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    open::connect(&path, &key())
        .unwrap()
        .execute_batch(&rows)
        .unwrap();
    folder
}

fn everything_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let me = Address::parse("did:e:localhost:dids:f87f3afe4e46f24085bf34").unwrap();
    let peer = Address::parse("did:e:localhost:dids:82360efdb2df22daaaf9ef").unwrap();
    assert_eq!(profile::get(tx)?.unwrap().address, me);
    let keys = profile::identity_keys(tx)?.unwrap();
    assert_eq!(keys.synchronization.as_bytes(), &[1; 32]);
    assert_eq!(
        profile::device_keys(tx)?.unwrap().password.expose(),
        "device password"
    );
    assert!(profile::device(tx)?.unwrap().has_datawallet);
    assert!(secrets::active(tx, "TRPRSEaaaaaaaaaaaaaa")?.is_some());
    let known = peers::by_address(tx, &peer)?.unwrap();
    assert_eq!(known.name.as_deref(), Some("City library"));

    let template = &templates::by_owner(tx, false)?[0];
    let protection = template.password_protection.as_ref().unwrap();
    assert_eq!(protection.password.expose(), "4711");
    let relationship = relationships::newest_with(tx, &peer)?.unwrap();
    assert_eq!(relationship.status, RelationshipStatus::Active);
    assert_eq!(relationship.audit_log.len(), 2);
    assert_eq!(relationship.template_id, template.id);
    let request_id = RequestId::parse("REQaaaaaaaaaaaaaaaaa").unwrap();
    let request = requests::by_id(tx, &request_id)?.unwrap();
    assert_eq!(request.status, LocalRequestStatus::Completed);
    assert_eq!(
        (request.status_log.len(), request.response.is_some()),
        (2, true)
    );

    let name = attributes::default_of(tx, "GivenName")?.unwrap();
    let versions = attributes::versions(tx, &name.id)?;
    assert_eq!(versions.len(), 2);
    let living = versions[0].living_forward_to(&peer).unwrap();
    assert!(matches!(
        living.source_reference,
        ShareReference::Notification(_)
    ));
    assert_eq!(versions[0].share_info.len(), 2);
    let names = attributes::by_type(tx, AttributeKind::OwnIdentityAttribute, "GivenName")?;
    assert_eq!(names.len(), 2);
    let stranger = attributes::by_id(tx, &AttributeId::parse("ATTzzzzzzzzzzzzzzzzz").unwrap())?;
    assert_eq!(stranger, None);

    let interrupted = outbox::interrupted(tx)?;
    assert_eq!(interrupted[0].state, OutboxState::Sending);
    assert_eq!(history::newest(tx, None, 10)?.len(), 2);
    assert_eq!(settings::get(tx, "language")?, Some("de".to_owned()));
    let event = ExternalEventId::parse("SYIaaaaaaaaaaaaaaaaa").unwrap();
    assert!(events::is_processed(tx, &event)?);
    Ok(())
}

/// What version 2 brought.
fn messages_are_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let message = &messages::list(tx)?[0];
    assert_eq!(message.state, MessageState::Received);
    assert!(matches!(message.content, MessageContent::Mail(_)));
    assert_eq!(message.recipients.len(), 1);
    assert!(message.was_read_at.is_some());
    let request_id = RequestId::parse("REQaaaaaaaaaaaaaaaaa").unwrap();
    assert_eq!(requests::dismissed_at(tx, &request_id)?, None);
    let found = search::find(tx, EntryKind::Message, "hello welcome", 10)?;
    assert_eq!(found.len(), 1);
    let draft = drafts::get(tx, &request_id)?;
    assert_eq!(draft, Some(serde_json::json!({ "note": 1 })));
    Ok(())
}

/// What version 3 brought: the list of own attributes is made of what older versions wrote, too.
fn own_attributes_are_listed(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let name = attributes::default_of(tx, "GivenName")?.unwrap();
    for (text, tag) in [("augu", None), ("Nickname", None), ("", Some("x:nickname"))] {
        let search = AttributeSearch {
            text: text.to_owned(),
            tags: tag.map(str::to_owned).into_iter().collect(),
            ..AttributeSearch::default()
        };
        let wanted = own_attributes::Wanted::of(tx, &search)?;
        assert_eq!(wanted.count()?, 1, "{text}{tag:?}");
        let found = wanted.page(100)?;
        assert_eq!(found, std::slice::from_ref(&name.id));
    }
    let value = name.content.value();
    assert_eq!(own_attributes::of_value(tx, value)?, Some(name.clone()));
    Ok(())
}

/// What version 7 brought: the kind of a Message is known of older ones, too.
fn the_mailbox_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let found = mailbox::page(
        tx,
        &MessageSearch {
            only_mail: true,
            ..MessageSearch::default()
        },
        100,
    )?;
    assert_eq!(found, [1]);
    assert_eq!(mailbox::unread(tx)?, 0);
    Ok(())
}

fn what_is_being_written_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    assert_eq!(mail_drafts::list(tx)?[0].draft.subject, "Overdue");
    let id = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
    assert_eq!(files::by_id(tx, &id)?.unwrap().facts.filename, "card.txt");
    assert_eq!(files::facts(tx, 1, &id)?.unwrap().filesize, 4);
    assert!(mailbox::page(tx, &MessageSearch::default(), 100)?.contains(&2));
    let closed = messages::by_number(tx, 2)?.unwrap();
    assert_eq!(
        (closed.kind, closed.fault.as_deref()),
        (MessageKind::Closed, Some("error.example"))
    );
    Ok(())
}

fn the_ownership_token_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let id = FileId::parse("FILaaaaaaaaaaaaaaaaa").unwrap();
    let token = files::by_id(tx, &id)?.unwrap().ownership_token;
    assert_eq!(token.unwrap().expose(), "ownership token");
    Ok(())
}

fn the_label_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let name = attributes::default_of(tx, "GivenName")?.unwrap();
    let label = own_attributes::label(tx, &name.id)?;
    assert_eq!(label.as_deref(), Some("Pen name"));
    Ok(())
}

fn what_the_peer_speaks_is_there(
    tx: &Transaction<'_>,
    spoken: Option<ProtocolVersion>,
) -> Result<(), StoreError> {
    let peer = Address::parse("did:e:localhost:dids:82360efdb2df22daaaf9ef").unwrap();
    let known = peers::by_address(tx, &peer)?.unwrap();
    assert_eq!(known.protocol_version, spoken);
    Ok(())
}

/// What version 5 brought. Earlier decisions have no receipt.
fn the_receipt_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let request_id = RequestId::parse("REQaaaaaaaaaaaaaaaaa").unwrap();
    assert_eq!(receipts::number_of(tx, &request_id)?, Some(1));
    let receipt = receipts::by_number(tx, 1)?.unwrap();
    assert_eq!(receipt.content.request.id, request_id);
    let outcome = receipt.outcome.unwrap();
    assert_eq!(outcome.kind, ReceiptOutcomeKind::Delivered);
    let found = search::find(tx, EntryKind::Receipt, "library is it you", 10)?;
    assert_eq!(found.len(), 1);
    Ok(())
}

/// What version 8 brought: the list of contacts and what can be found are made of what older
/// versions wrote, too.
fn contacts_are_listed_and_found(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let peer = Address::parse("did:e:localhost:dids:82360efdb2df22daaaf9ef").unwrap();
    let contact = contacts::by_peer(tx, &peer)?.unwrap();
    assert_eq!(contact.peer.name.as_deref(), Some("City library"));
    assert_eq!(contact.status, Some(RelationshipStatus::Active));
    let request_id = RequestId::parse("REQaaaaaaaaaaaaaaaaa").unwrap();
    assert_eq!(contact.request_id, Some(request_id));
    assert_eq!(contact.changed_at.to_string(), "2026-03-01T12:00:03.000Z");
    let found = search::find(tx, EntryKind::Contact, "city 82360e", 10)?;
    assert_eq!(found.len(), 1);
    Ok(())
}

fn the_note_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let peer = Address::parse("did:e:localhost:dids:82360efdb2df22daaaf9ef").unwrap();
    let template = &templates::by_owner(tx, false)?[0];
    let came_by = templates::came_by(tx, &template.id)?;
    assert_eq!(came_by, Some(CodeOrigin::Camera));
    let note = contact_notes::get(tx, &peer)?;
    assert_eq!(note.title.as_deref(), Some("Bücherei"));
    assert_eq!(note.notes.as_deref(), Some("Opens at nine."));
    assert_eq!(note.tags, ["town"]);
    assert!(note.archived_at.is_some());
    assert_eq!(
        search::find(tx, EntryKind::Contact, "bucherei", 10)?.len(),
        1
    );
    Ok(())
}

/// What version 6 brought: the list of who has what is made of what older versions wrote, too.
fn what_was_given_is_listed(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let search = GivenSearch {
        text: "ada".to_owned(),
        stale_only: true,
        ..GivenSearch::default()
    };
    let wanted = given::Wanted::of(tx, &search)?;
    let [given] = wanted.page(100)?.try_into().unwrap();
    assert_eq!(given.attribute_id.as_str(), "ATTaaaaaaaaaaaaaaaaa");
    assert_eq!(given.newest_id.as_str(), "ATTbbbbbbbbbbbbbbbbb");
    assert_eq!((given.version, given.deletion), (1, None));
    assert_eq!(wanted.count()?, 1);
    // What version 14 brought: how many have a version is counted, also of what older ones wrote.
    assert_eq!(share_info::count_holders(tx, &given.attribute_id)?, 1);
    assert_eq!(share_info::count_holders(tx, &given.newest_id)?, 0);
    Ok(())
}

/// What version 8 brought: what waits keeps its order towards each of several peers, also what older
/// versions wrote.
fn the_order_is_kept(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let peers = |operation: i64| -> Result<u32, StoreError> {
        Ok(tx.query_row(
            "SELECT count(*) FROM outbox_peer WHERE operation = ?1",
            [operation],
            |row| row.get(0),
        )?)
    };
    assert_eq!([peers(1)?, peers(2)?, peers(3)?], [0, 1, 2]);
    Ok(())
}

fn the_held_decision_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let held = &held_decisions::list(tx)?[0];
    assert_eq!(held.request_id.as_str(), "REQbbbbbbbbbbbbbbbbb");
    assert_eq!(held.state, HeldState::Held);
    assert_eq!(held.decision.items.len(), 1);
    assert_eq!(held.due_at.millis() - held.held_at.millis(), 5_000);
    Ok(())
}

/// What version 18 brought.
fn what_a_city_was_made_of_is_there(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let [city, address] =
        ["ATTccccccccccccccccc", "ATTddddddddddddddddd"].map(|id| AttributeId::parse(id).unwrap());
    let [made] = sources::derived(tx, &address, 10)?.try_into().unwrap();
    assert_eq!(
        (made.attribute, made.is_of_older_version),
        (city.clone(), false)
    );
    let [source] = sources::of(tx, &city, 10)?.try_into().unwrap();
    assert_eq!(source.attribute, address);
    Ok(())
}

/// What version 11 brought: what is sent is awaited.
fn what_was_sent_is_awaited(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let awaited = deliveries::awaited(tx, None, 10)?;
    assert_eq!(awaited.len(), 1);
    let peer = Address::parse("did:e:localhost:dids:82360efdb2df22daaaf9ef").unwrap();
    let at = CoreDate::from_millis(1_772_366_410_000).unwrap();
    deliveries::set_fetched(tx, awaited[0].0, &peer, at)?;
    assert_eq!(deliveries::fetched(tx, awaited[0].0)?, [(peer, at)]);
    assert!(deliveries::awaited(tx, None, 10)?.is_empty());
    Ok(())
}

/// What is known of Files is found, also what older versions wrote.
fn files_are_found(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let found = search::find(tx, EntryKind::File, "card", 10)?;
    let targets: Vec<&str> = found.iter().map(|one| one.target.as_str()).collect();
    assert_eq!(targets, ["1/FILaaaaaaaaaaaaaaaaa", "FILaaaaaaaaaaaaaaaaa"]);
    let listed = files::list(tx)?;
    let since: Vec<_> = listed.iter().map(|file| file.added_at).collect();
    assert_eq!(since, [None], "since when was not written");
    Ok(())
}

#[tokio::test]
async fn a_database_of_every_earlier_version_opens_with_all_that_is_in_it() {
    for version in 1..=migrations::latest() {
        let folder = wallet_of_version(version);
        let store = Store::open(FolderLock::acquire(folder.path()).unwrap(), &key())
            .unwrap_or_else(|error| panic!("version {version}: {error}"));
        store.read_indexed(everything_is_there).await.unwrap();
        if version >= 2 {
            store.read_indexed(messages_are_there).await.unwrap();
        }
        if (2..7).contains(&version) {
            store.read_indexed(the_mailbox_is_there).await.unwrap();
        }
        if version >= 7 {
            store.read(what_is_being_written_is_there).await.unwrap();
        }
        if version >= 12 {
            store.read(the_ownership_token_is_there).await.unwrap();
        }
        store.read_indexed(own_attributes_are_listed).await.unwrap();
        if version >= 3 {
            store.read(the_label_is_there).await.unwrap();
        }
        if version >= 5 {
            store.read_indexed(the_receipt_is_there).await.unwrap();
        }
        store.read_indexed(what_was_given_is_listed).await.unwrap();
        store
            .read_indexed(contacts_are_listed_and_found)
            .await
            .unwrap();
        if version >= 11 {
            store.write(what_was_sent_is_awaited).await.unwrap();
        }
        if version >= 7 {
            store.read_indexed(files_are_found).await.unwrap();
        }
        if version >= 9 {
            store.read(the_note_is_there).await.unwrap();
        }
        let spoken = (version >= 4).then_some(ProtocolVersion::V6);
        store
            .read(move |tx| what_the_peer_speaks_is_there(tx, spoken))
            .await
            .unwrap();
        if version >= 4 {
            store.read(the_order_is_kept).await.unwrap();
        }
        if version >= 8 {
            store.read(the_held_decision_is_there).await.unwrap();
        }
        if version >= 18 {
            store.read(what_a_city_was_made_of_is_there).await.unwrap();
        }
        let own = if version >= 18 { 4 } else { 2 };
        let kind = AttributeKind::OwnIdentityAttribute;
        let found = store.read(move |tx| attributes::by_kind(tx, kind)).await;
        assert_eq!(found.unwrap().len(), own);
        let found: u32 = store
            .read(|tx| {
                tx.pragma_query_value(None, "user_version", |row| row.get(0))
                    .map_err(StoreError::from)
            })
            .await
            .unwrap();
        assert_eq!(found, migrations::latest());
        if version >= 2 {
            store.write(only_known_words_are_taken).await.unwrap();
        }
    }
}

/// Every row keeps the rules of its table, and no row can break them.
fn only_known_words_are_taken(tx: &Transaction<'_>) -> Result<(), StoreError> {
    let whole: String = tx.pragma_query_value(None, "integrity_check", |row| row.get(0))?;
    assert_eq!(whole, "ok");
    for statement in [
        "UPDATE local_attribute_share_info SET direction = 'sideways'",
        "UPDATE outbox SET state = 'perhaps'",
        "UPDATE message SET state = 'perhaps'",
        "UPDATE message SET kind = 'poem'",
        "UPDATE contact SET standing = 'perhaps'",
    ] {
        let refused = tx.execute(statement, []).map_err(StoreError::from);
        assert_eq!(refused, Err(StoreError::Constraint), "{statement}");
    }
    Ok(())
}

#[test]
fn a_database_that_grew_is_the_same_as_one_that_was_made_new() {
    let schema = |connection: &Connection| -> Vec<String> {
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type, name")
            .unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    let mut new = Connection::open_in_memory().unwrap();
    migrations::initialise(&mut new, migrations::latest()).unwrap();
    for version in 0..migrations::latest() {
        let mut grown = Connection::open_in_memory().unwrap();
        migrations::initialise(&mut grown, version).unwrap();
        migrations::migrate(&mut grown).unwrap();
        assert_eq!(schema(&grown), schema(&new), "from version {version}");
    }
    let strict: u32 = new
        .query_row(
            "SELECT count(*) FROM pragma_table_list
                WHERE schema = 'main' AND type = 'table' AND strict = 0
                  AND name NOT LIKE 'sqlite_%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(strict, 0, "every table is STRICT");
}

#[test]
fn somebody_elses_database_is_not_taken_for_a_wallet() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection
        .execute_batch("CREATE TABLE note (text TEXT)")
        .unwrap();
    let result = migrations::migrate(&mut connection);
    assert_eq!(result, Err(StoreError::Damaged));
}

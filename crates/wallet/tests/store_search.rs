//! Finding by words: what is found, in which order, and what is never found.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{address, at, me, peer, received_attribute, relationship_attribute, tell};
use tessera_content::MessageContent;
use tessera_core_types::{DeviceId, MessageId};
use tessera_wallet::{
    model::{Message, MessageKind, MessageRecipient, MessageState},
    store::{
        StoreError, Transaction, attributes, ended, indexing, messages,
        search::{self, Entry, EntryKind},
    },
};

fn mail(subject: &str, body: &str, minutes: i64) -> Message {
    let random = &store_support::RANDOM;
    Message {
        number: 0,
        id: Some(MessageId::generate(random)),
        state: MessageState::Received,
        created_by: peer(),
        created_by_device: DeviceId::generate(random),
        created_at: at(minutes),
        recipients: vec![MessageRecipient {
            address: me(),
            relationship_id: None,
        }],
        content: MessageContent::parse(&json!({
            "@type": "Mail", "to": [me()], "subject": subject, "body": body,
        }))
        .unwrap(),
        attachments: vec![json!({ "id": "FILaaaaaaaaaaaaaaaaa", "key": "attachmentkey" })],
        was_read_at: None,
        kind: MessageKind::Mail,
        fault: None,
    }
}

fn found(tx: &Transaction<'_>, text: &str) -> Result<Vec<String>, StoreError> {
    indexing::catch_up(tx)?;
    let entries = search::find(tx, EntryKind::Message, text, 10)?;
    Ok(entries.into_iter().map(|entry| entry.target).collect())
}

fn text(entry: &Entry) -> String {
    entry
        .snippet
        .iter()
        .map(|part| part.text.as_str())
        .collect()
}

#[test]
fn a_word_is_found_by_its_beginning_without_its_marks_in_any_case() {
    tell(|tx| {
        messages::insert(tx, &mail("Grüße von Frau Müller", "Bis morgen", 0))?;
        messages::insert(tx, &mail("Rent", "Please pay by MONDAY.", 1))?;
        for (words, numbers) in [
            ("muller", vec!["1"]),
            ("Mu\u{308}ll gru", vec!["1"]),
            ("monday", vec!["2"]),
            ("mo", vec!["2", "1"]),
            ("muller monday", vec![]),
            ("ller", vec![]),
            ("", vec![]),
            ("\"*(", vec![]),
            ("message", vec![]),
            ("attachmentkey", vec![]),
        ] {
            assert_eq!(found(tx, words)?, numbers, "{words:?}");
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_has_the_words_in_its_subject_comes_first_then_the_newest() {
    tell(|tx| {
        messages::insert(tx, &mail("The rent", "…", 0))?;
        messages::insert(tx, &mail("Rent again", "…", 1))?;
        for minute in 2..30 {
            messages::insert(tx, &mail("Other", "This is about the rent, too.", minute))?;
        }
        let first = found(tx, "rent")?;
        assert_eq!(first[..4], ["2", "1", "30", "29"]);
        assert_eq!(first.len(), 10, "no more than wanted");
        let entries = search::find(tx, EntryKind::Message, "rent", 3)?;
        assert_eq!(text(&entries[0]), "", "the subject says it");
        assert_eq!(text(&entries[2]), "This is about the rent, too.");
        let hits: Vec<&str> = entries[2]
            .snippet
            .iter()
            .filter(|part| part.is_hit)
            .map(|part| part.text.as_str())
            .collect();
        assert_eq!(hits, ["rent"]);
        Ok(())
    })
    .unwrap();
}

#[test]
fn the_same_is_found_however_much_there_is_and_however_much_of_a_word_is_typed() {
    tell(|tx| {
        for minute in 0..400 {
            let mail = match minute % 100 {
                7 => mail("Rental costs", "…", minute),
                _ => mail("Other", "Costs of the rental", minute),
            };
            messages::insert(tx, &mail)?;
        }
        attributes::insert(tx, &relationship_attribute("rental costs", 0))?;
        // The last letters are beyond what is indexed; the marks in the snippet tell them apart.
        let expected = [
            "308", "208", "108", "8", "400", "399", "398", "397", "396", "395",
        ];
        for words in ["ren", "rental", "ren cos", "rental cost"] {
            assert_eq!(found(tx, words)?, expected, "{words}");
            let values = search::find(tx, EntryKind::Value, words, 10)?;
            assert_eq!(values.len(), 1, "{words}");
            let contacts = search::find(tx, EntryKind::Contact, words, 10)?;
            assert!(contacts.is_empty(), "{words}");
            let entries = search::find(tx, EntryKind::Message, words, 6)?;
            let snippets: Vec<String> = entries.iter().map(text).collect();
            assert_eq!(
                snippets[3..],
                ["", "Costs of the rental", "Costs of the rental"]
            );
        }
        Ok(())
    })
    .unwrap();
}

#[test]
fn a_message_that_is_forgotten_is_not_found() {
    tell(|tx| {
        messages::insert(tx, &mail("Secretword", "unique", 0))?;
        assert_eq!(found(tx, "secretword unique")?, ["1"]);
        messages::forget_peer(tx, &peer(), &address(8))?;
        assert_eq!(found(tx, "secretword")?, [""; 0]);
        Ok(())
    })
    .unwrap();
}

#[test]
fn what_others_gave_is_found_in_its_newest_version_and_what_opens_a_file_is_not() {
    tell(|tx| {
        let find = |words: &str| {
            indexing::catch_up(tx)?;
            let entries = search::find(tx, EntryKind::Value, words, 10)?;
            Ok::<_, StoreError>(entries.len())
        };
        let old = received_attribute(
            &peer(),
            &json!({ "@type": "GivenName", "value": "Zoë" }),
            0,
        );
        attributes::insert(tx, &old)?;
        let mut new = received_attribute(
            &peer(),
            &json!({ "@type": "GivenName", "value": "Anaïs" }),
            1,
        );
        new.succeeds = Some(old.id);
        attributes::succeed(tx, &new)?;
        let key = relationship_attribute("customerNumber", 2);
        attributes::insert(tx, &key)?;
        let reference = "RklMYWJjZGVmZ2hpamtsbW5vcHF8M3xlRzlxYjlvbTFQSWVoc2lwWlIycTJ0ZWFIeG1oc1ZyQmlRN3ZlRDJBQkRv";
        let file = received_attribute(
            &peer(),
            &json!({ "@type": "IdentityFileReference", "value": reference }),
            3,
        );
        attributes::insert(tx, &file)?;

        assert_eq!((find("zoe")?, find("anais")?), (0, 1));
        assert_eq!((find("customer 4711")?, find("number")?), (1, 1));
        assert_eq!(find(reference)?, 0);
        let kept: u32 = tx
            .query_row(
                "SELECT count(*) FROM search_entry WHERE instr(body, ?1) OR instr(title, ?1)",
                [reference],
                |row| row.get(0),
            )
            .unwrap();
        assert_eq!(kept, 0);

        ended::forget_shared_with(tx, &peer())?;
        assert_eq!((find("anais")?, find("customer")?), (0, 0));
        Ok(())
    })
    .unwrap();
}

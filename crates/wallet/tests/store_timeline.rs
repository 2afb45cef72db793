//! What happened with somebody who writes much, page after page.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod store_support;

use serde_json::json;
use store_support::{address, at, me, peer, tell};
use tessera_content::MessageContent;
use tessera_core_types::{CoreDate, DeviceId, MessageId};
use tessera_wallet::{
    model::{HistoryEvent, HistoryRecord, Message, MessageKind, MessageRecipient, MessageState},
    store::{StoreError, Transaction, history, messages, timeline},
    views::{TimelineKind, TimelinePlace},
};

fn message(number: i64, minutes: i64) -> Message {
    let random = &store_support::RANDOM;
    let is_own = number % 3 == 0;
    let (from, to) = if is_own {
        (me(), peer())
    } else {
        (peer(), me())
    };
    let recipient = |address| MessageRecipient {
        address,
        relationship_id: None,
    };
    let others = (is_own && number % 2 == 0).then(|| recipient(address(9)));
    Message {
        number: 0,
        id: (!is_own).then(|| MessageId::generate(random)),
        state: if is_own {
            MessageState::Queued
        } else {
            MessageState::Received
        },
        created_by: from,
        created_by_device: DeviceId::generate(random),
        created_at: at(minutes),
        recipients: [recipient(to)].into_iter().chain(others).collect(),
        content: MessageContent::parse(&json!({
            "@type": "Mail", "to": [me()], "subject": "Rent", "body": "…",
        }))
        .unwrap(),
        attachments: match number % 40 {
            0 => vec![json!({ "id": "FILaaaaaaaaaaaaaaaaa", "key": "attachmentkey" })],
            _ => Vec::new(),
        },
        was_read_at: None,
        kind: MessageKind::Mail,
        fault: None,
    }
}

/// The dates and numbers of everything, page by page.
fn pages(
    tx: &Transaction<'_>,
    kind: Option<TimelineKind>,
    limit: u32,
) -> Result<Vec<(CoreDate, i64)>, StoreError> {
    let (mut all, mut after): (Vec<_>, Option<TimelinePlace>) = (Vec::new(), None);
    loop {
        let page = timeline::page(tx, &peer(), kind, after.as_ref(), limit)?;
        assert!(page.len() <= limit as usize);
        after = page.last().map(|last| last.place.clone());
        all.extend(page.into_iter().map(|one| (one.at, one.place.number)));
        if after.is_none() {
            return Ok(all);
        }
    }
}

#[test]
fn every_page_goes_on_where_the_one_before_ended() {
    tell(|tx| {
        let mut expected = Vec::new();
        for number in 1..=200 {
            // Not in the order in which they were stored, and several at the same time.
            let minutes = number * 37 % 50;
            assert_eq!(messages::insert(tx, &message(number, minutes))?, number);
            expected.push((at(minutes), number));
        }
        // Sent later than written: the Backbone says when.
        messages::set_sent(tx, 3, &MessageId::generate(&store_support::RANDOM), at(70))?;
        expected[2].0 = at(70);
        expected.sort_unstable_by_key(|entry| std::cmp::Reverse(*entry));
        for limit in [1, 7, 100, 500] {
            let messages = pages(tx, Some(TimelineKind::Messages), limit)?;
            assert_eq!(messages, expected, "{limit}");
            assert_eq!(pages(tx, None, limit)?, expected, "{limit}");
        }
        let files: Vec<_> = expected
            .iter()
            .filter(|one| one.1 % 40 == 0)
            .copied()
            .collect();
        assert_eq!(pages(tx, Some(TimelineKind::Files), 2)?, files);
        Ok(())
    })
    .unwrap();
}

#[test]
fn the_history_says_what_is_nowhere_else() {
    tell(|tx| {
        for minutes in 0..30 {
            for event in [
                HistoryEvent::TemplateLoaded,
                HistoryEvent::RequestReceived,
                HistoryEvent::RelationshipSent,
                HistoryEvent::MessageReceived,
            ] {
                let mut record = HistoryRecord::new(at(minutes), event);
                record.peer = Some(peer());
                history::add(tx, &record)?;
            }
        }
        assert_eq!(
            pages(tx, None, 20)?.len(),
            90,
            "Messages are told elsewhere"
        );
        assert_eq!(pages(tx, Some(TimelineKind::Relationships), 20)?.len(), 30);
        assert_eq!(pages(tx, Some(TimelineKind::Requests), 20)?.len(), 60);
        Ok(())
    })
    .unwrap();
}

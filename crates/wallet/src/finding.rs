//! Finding anything by its words.

use tessera_core_types::{Address, CoreDate, FileId};

use crate::{
    Result, Wallet,
    attributes::attribute_view,
    contacts::peer_view,
    model::LocalAttribute,
    store::{
        self, StoreError, Transaction,
        attributes::Shares,
        search::{Entry, EntryKind, Search},
    },
    views::{Found, without_keys},
};

/// How many of each kind are found at most.
const MOST: u32 = 50;

impl Wallet {
    /// What has all these words: contacts (by name, own name, notes, tags, address), values (own and
    /// received), Mails (subject, text), Files (title, name, description, tags) and receipts (who asked
    /// for what), in this order; `limit` of
    /// each kind, at most 50.
    ///
    /// Every word must be the beginning of a word, whatever the case and the marks on letters. Of
    /// each kind come first those that have the words in their name or subject, then the newest. What
    /// opens a File is neither searched nor shown.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn find(&self, text: &str, limit: u32) -> Result<Vec<Found>> {
        let (text, limit, now) = (text.to_owned(), limit.min(MOST), self.now());
        self.inner
            .store
            .read_indexed(move |transaction| {
                let search = Search::of(transaction, &text)?;
                let mut found = contacts(transaction, &search, limit)?;
                found.extend(values(transaction, &text, &search, limit, now)?);
                found.extend(messages(transaction, &search, limit)?);
                found.extend(files(transaction, &search, limit)?);
                found.extend(receipts(transaction, &search, limit)?);
                Ok(found)
            })
            .await
    }
}

fn contacts(transaction: &Transaction<'_>, search: &Search<'_>, limit: u32) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for Entry { target, snippet } in search.find(EntryKind::Contact, limit)? {
        let address: Address = read(&target)?;
        if let Some(contact) = store::contacts::by_peer(transaction, &address)? {
            found.push(Found::Contact {
                peer: contact.peer,
                status: contact.status,
                snippet,
            });
        }
    }
    Ok(found)
}

/// The own ones first.
fn values(
    transaction: &Transaction<'_>,
    text: &str,
    search: &Search<'_>,
    limit: u32,
    now: CoreDate,
) -> Result<Vec<Found>> {
    let mut ids = store::own_attributes::find(transaction, text, limit)?;
    for entry in search.find(EntryKind::Value, limit)? {
        ids.push(read(&entry.target)?);
    }
    ids.truncate(limit as usize);
    let mut found = Vec::new();
    for id in ids {
        if let Some(attribute) = store::attributes::by_id_with(transaction, &id, Shares::Origin)? {
            found.push(value(transaction, &attribute, now)?);
        }
    }
    Ok(found)
}

fn value(
    transaction: &Transaction<'_>,
    attribute: &LocalAttribute,
    now: CoreDate,
) -> Result<Found> {
    let view = attribute_view(transaction, attribute, now)?;
    let peer = view
        .peer
        .map(|peer| peer_view(transaction, &peer, attribute.created_at))
        .transpose()?;
    Ok(Found::Value {
        id: view.id,
        value_type: view.value_type,
        value: without_keys(view.value),
        label: view.label,
        peer,
    })
}

fn messages(transaction: &Transaction<'_>, search: &Search<'_>, limit: u32) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in search.find(EntryKind::Message, limit)? {
        let number = read(&entry.target)?;
        let Some(message) = store::messages::by_number(transaction, number)? else {
            continue;
        };
        let tessera_content::MessageContent::Mail(mail) = &message.content else {
            continue;
        };
        let recipient = message.recipients.first().filter(|_| message.is_own());
        let with = recipient.map_or(&message.created_by, |recipient| &recipient.address);
        found.push(Found::Message {
            number,
            is_own: message.is_own(),
            peer: peer_view(transaction, with, message.created_at)?,
            at: message.created_at,
            subject: mail.subject.clone(),
            snippet: entry.snippet,
        });
    }
    Ok(found)
}

/// A File that is attached to several Messages, or was given to the Backbone here as well, is found
/// once.
fn files(transaction: &Transaction<'_>, search: &Search<'_>, limit: u32) -> Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for entry in search.find(EntryKind::File, MOST)? {
        let (message, file_id) = match entry.target.split_once('/') {
            Some((number, id)) => (Some(read::<i64>(number)?), read::<FileId>(id)?),
            None => (None, read::<FileId>(&entry.target)?),
        };
        let facts = match message {
            Some(number) => store::files::facts(transaction, number, &file_id)?,
            None => store::files::by_id(transaction, &file_id)?.map(|file| file.facts),
        };
        let Some(facts) = facts else {
            continue;
        };
        if found.len() < limit as usize && seen.insert(file_id.clone()) {
            found.push(Found::File {
                id: file_id,
                message,
                facts,
                snippet: entry.snippet,
            });
        }
    }
    Ok(found)
}

fn receipts(transaction: &Transaction<'_>, search: &Search<'_>, limit: u32) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in search.find(EntryKind::Receipt, limit)? {
        let number = read(&entry.target)?;
        let Some(receipt) = store::receipts::by_number(transaction, number)? else {
            continue;
        };
        let content = receipt.content;
        let title = content.request.content.get("title");
        found.push(Found::Receipt {
            number,
            request_id: content.request.id,
            peer: peer_view(
                transaction,
                &content.peer.address,
                content.peer.first_seen_at,
            )?,
            at: content.decided_at,
            result: content.result,
            title: title.and_then(|title| title.as_str()).map(str::to_owned),
            snippet: entry.snippet,
        });
    }
    Ok(found)
}

fn read<T: std::str::FromStr>(target: &str) -> Result<T> {
    Ok(target
        .parse()
        .map_err(|_| StoreError::Unreadable("entry of the search"))?)
}

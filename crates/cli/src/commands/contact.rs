//! Contacts, and what the person wrote about them.

use serde_json::Value;
use tessera_wallet::{
    Wallet,
    views::{ContactFilter, ContactSearch, TimelineSearch},
};

use super::document;
use crate::{arguments::ContactCommand, failure::Failure};

pub async fn run(wallet: &Wallet, command: ContactCommand) -> Result<Value, Failure> {
    match command {
        ContactCommand::List {
            find,
            archived,
            tag,
        } => {
            let filter = if archived {
                ContactFilter::Archived
            } else {
                ContactFilter::All
            };
            list(wallet, find, filter, tag).await
        }
        ContactCommand::Show { address } => document(wallet.contact(&address).await?),
        ContactCommand::Note {
            address,
            title,
            notes,
            tag,
        } => {
            let before = wallet.contact_note(&address).await?;
            let title = title.or(before.title);
            let notes = notes.or(before.notes);
            let tags: Vec<String> = tag.unwrap_or(before.tags);
            let tags: Vec<String> = tags.into_iter().filter(|tag| !tag.is_empty()).collect();
            let note = wallet
                .set_contact_note(&address, title.as_deref(), notes.as_deref(), &tags)
                .await?;
            document(note)
        }
        ContactCommand::Archive { address, undo } => {
            document(wallet.set_contact_archived(&address, !undo).await?)
        }
        ContactCommand::Timeline {
            address,
            kind,
            after,
            limit,
        } => {
            let search = TimelineSearch {
                peer: address,
                kind: kind.map(Into::into),
                after,
                limit,
            };
            document(wallet.timeline(search).await?)
        }
        ContactCommand::Relationships { address } => {
            document(wallet.relationships_with(&address).await?)
        }
        ContactCommand::Check { address } => document(wallet.check_relationship(&address).await?),
    }
}

async fn list(
    wallet: &Wallet,
    text: String,
    filter: ContactFilter,
    tag: Option<String>,
) -> Result<Value, Failure> {
    let mut search = ContactSearch {
        text,
        filter,
        tag,
        ..ContactSearch::default()
    };
    let mut contacts = Vec::new();
    loop {
        let page = wallet.search_contacts(search.clone()).await?;
        if page.contacts.is_empty() {
            return document(contacts);
        }
        contacts.extend(page.contacts);
        search.offset = u32::try_from(contacts.len()).unwrap_or(u32::MAX);
    }
}

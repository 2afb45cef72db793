//! What a person writes about a contact for themselves. It is never sent.

use tessera_content::utf16_length;
use tessera_core_types::Address;

use super::ContactError;
use crate::{
    Changed, Result, Wallet, WalletError,
    store::{self, Transaction},
    views::ContactNote,
};

// In UTF-16 code units, as the page counts.
const LONGEST_TITLE: usize = 100;
const LONGEST_NOTES: usize = 10_000;
const LONGEST_TAG: usize = 50;
const MOST_TAGS: usize = 20;

impl Wallet {
    /// What the person wrote about somebody; empty when nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn contact_note(&self, peer: &Address) -> Result<ContactNote> {
        let peer = peer.clone();
        Ok(self
            .inner
            .store
            .read(move |transaction| store::contact_notes::get(transaction, &peer))
            .await?)
    }

    /// Replaces the own name (up to 100 UTF-16 code units), the notes (10,000) and the tags (20 of
    /// 50) of a contact. White space around them is dropped; what is empty then is none. Whether the
    /// contact is archived stays. What was kept is answered.
    ///
    /// # Errors
    ///
    /// [`ContactError`] for what is too long or too much; [`WalletError::NotFound`] for somebody who
    /// is no contact.
    pub async fn set_contact_note(
        &self,
        peer: &Address,
        title: Option<&str>,
        notes: Option<&str>,
        tags: &[String],
    ) -> Result<ContactNote> {
        let title = trimmed(title, LONGEST_TITLE, ContactError::TitleTooLong)?;
        let notes = trimmed(notes, LONGEST_NOTES, ContactError::NotesTooLong)?;
        let mut kept = Vec::new();
        for tag in tags {
            let tag = trimmed(Some(tag), LONGEST_TAG, ContactError::TagTooLong)?;
            kept.extend(tag.filter(|tag| !kept.contains(tag)));
        }
        if kept.len() > MOST_TAGS {
            return Err(ContactError::TooManyTags(MOST_TAGS).into());
        }
        self.change_note(peer, move |transaction, peer| {
            let (title, notes) = (title.as_deref(), notes.as_deref());
            Ok(store::contact_notes::put(
                transaction,
                peer,
                title,
                notes,
                &kept,
            )?)
        })
        .await
    }

    /// Puts a contact into the archive or takes it out. It is only left out of lists: everything else
    /// goes on as before.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] for somebody who is no contact.
    pub async fn set_contact_archived(
        &self,
        peer: &Address,
        is_archived: bool,
    ) -> Result<ContactNote> {
        let at = is_archived.then(|| self.now());
        self.change_note(peer, move |transaction, peer| {
            Ok(store::contact_notes::set_archived(transaction, peer, at)?)
        })
        .await
    }

    async fn change_note(
        &self,
        peer: &Address,
        change: impl FnOnce(&Transaction<'_>, &Address) -> Result<()> + Send + 'static,
    ) -> Result<ContactNote> {
        let peer = peer.clone();
        let note = self
            .inner
            .store
            .write(move |transaction| {
                store::contacts::by_peer(transaction, &peer)?
                    .ok_or(WalletError::NotFound("contact"))?;
                change(transaction, &peer)?;
                Ok::<_, WalletError>(store::contact_notes::get(transaction, &peer)?)
            })
            .await?;
        self.tell(Changed::Relationships);
        Ok(note)
    }
}

fn trimmed(
    text: Option<&str>,
    longest: usize,
    too_long: fn(usize) -> ContactError,
) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| utf16_length(text) > longest) {
        return Err(too_long(longest).into());
    }
    Ok(text.map(str::to_owned))
}

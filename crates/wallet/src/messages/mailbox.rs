//! The mailbox: the Messages that are for reading.

use tessera_content::{Mail, MessageContent};
use tessera_core_types::{Address, RequestId};

use super::{
    attachments::{attachment_ids, attachment_views},
    by_number,
    deliveries::deliveries,
    sending::way_to,
};
use crate::{
    Changed, Result, Wallet, WalletError,
    contacts::peer_view,
    model::{LocalRequestSource, Message, MessageState, OutboxState},
    store::{self, Transaction},
    views::{MessageDetail, MessagePage, MessageRow, MessageSearch, PeerView},
};

/// How many lines a page has at most.
const LONGEST_PAGE: u32 = 200;
/// How many recipients a line names.
const NAMED_IN_ROW: usize = 3;
/// How many of those whom a Mail names are shown; a peer can name a thousand.
const NAMED: usize = 50;
/// How many characters of a text a line begins with.
const BEGINNING: usize = 160;

impl Wallet {
    /// A page of the mailbox: Mails, Requests in Messages, and what can't be read; answers and
    /// Notifications are shown where they belong.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn mailbox(&self, search: &MessageSearch) -> Result<MessagePage> {
        let limit = search.limit.clamp(1, LONGEST_PAGE);
        let search = MessageSearch {
            limit,
            ..search.clone()
        };
        self.inner
            .store
            .read(move |transaction| {
                let total = store::mailbox::count(transaction, &search)?;
                let messages = store::mailbox::page(transaction, &search, total)?
                    .into_iter()
                    .map(|number| row(transaction, &by_number(transaction, number)?));
                Ok(MessagePage {
                    messages: messages.collect::<Result<_>>()?,
                    total,
                    unread: store::mailbox::unread(transaction)?,
                })
            })
            .await
    }

    /// How many received Messages of the mailbox the person has not read; without those that carry a
    /// Request, which waits elsewhere.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn unread_messages(&self) -> Result<u32> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::mailbox::unread(transaction))
            .await?)
    }

    /// A Message with everything known about it.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn message_detail(&self, number: i64) -> Result<MessageDetail> {
        let me = self.inner.me.address.clone();
        self.inner
            .store
            .read(move |transaction| detail(transaction, &by_number(transaction, number)?, &me))
            .await
    }

    /// The number of the Message in which a Request came or went; `None` for one that came another
    /// way.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`] when there is no such Request.
    pub async fn message_of_request(&self, id: &RequestId) -> Result<Option<i64>> {
        let Some(LocalRequestSource::Message { reference }) = self.request(id).await?.source else {
            return Ok(None);
        };
        let found = self
            .inner
            .store
            .read(move |transaction| store::messages::by_id(transaction, &reference))
            .await?;
        Ok(found.map(|message| message.number))
    }

    /// Remembers that the person has read a received Message, or wants to read it once more. Of an
    /// own one there is nothing to remember.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn set_message_read(&self, number: i64, is_read: bool) -> Result<()> {
        let now = self.now();
        let has_changed = self
            .inner
            .store
            .write(move |transaction| {
                let message = by_number(transaction, number)?;
                if message.state != MessageState::Received
                    || message.was_read_at.is_some() == is_read
                {
                    return Ok::<_, WalletError>(false);
                }
                if is_read {
                    store::messages::set_read(transaction, number, now)?;
                } else {
                    store::messages::set_unread(transaction, number)?;
                }
                Ok(true)
            })
            .await?;
        if has_changed {
            self.tell(Changed::Messages);
        }
        Ok(())
    }
}

fn row(transaction: &Transaction<'_>, message: &Message) -> Result<MessageRow> {
    let parties: Vec<&Address> = if message.is_own() {
        message.recipients.iter().map(|one| &one.address).collect()
    } else {
        vec![&message.created_by]
    };
    let (subject, beginning) = match &message.content {
        MessageContent::Mail(mail) => (Some(mail.subject.clone()), Some(beginning(&mail.body))),
        MessageContent::Request(request) => (request.title.clone(), None),
        _ => (None, None),
    };
    Ok(MessageRow {
        number: message.number,
        kind: message.kind,
        state: message.state,
        is_own: message.is_own(),
        peers: views(
            transaction,
            message,
            parties.iter().take(NAMED_IN_ROW).copied(),
        )?,
        peer_count: count(parties.len()),
        subject,
        beginning,
        created_at: message.created_at,
        is_unread: !message.is_own() && message.was_read_at.is_none(),
        attachment_count: count(attachment_ids(message).len()),
        request_id: request_id(transaction, message)?,
        fault: message.fault.clone(),
    })
}

fn detail(transaction: &Transaction<'_>, message: &Message, me: &Address) -> Result<MessageDetail> {
    let mail = match &message.content {
        MessageContent::Mail(mail) => Some(mail),
        _ => None,
    };
    let recipients = message.recipients.iter().map(|one| &one.address);
    // Of an own one it is known whom it went to, and who of them is a pseudonym by now.
    let to: Vec<&Address> = match mail {
        Some(mail) if !message.is_own() => mail.to.iter().collect(),
        Some(mail) => recipients.filter(|one| !mail.cc.contains(one)).collect(),
        None if message.is_own() => recipients.collect(),
        None => Vec::new(),
    };
    let cc: &[Address] = mail.map_or(&[], |mail| &mail.cc);
    let names = |mail: &Mail| mail.to.iter().chain(&mail.cc).any(|one| one == me);
    let failure_code = match message.state {
        MessageState::Failed => failure_code(transaction, message.number)?,
        _ => None,
    };
    Ok(MessageDetail {
        row: row(transaction, message)?,
        named_count: count(to.len() + cc.len()),
        to: views(transaction, message, to.into_iter().take(NAMED))?,
        cc: views(transaction, message, cc.iter().take(NAMED))?,
        names_me: !message.is_own() && mail.is_some_and(names),
        body: mail.map(|mail| mail.body.clone()),
        body_format: mail.map(|mail| mail.body_format),
        attachments: attachment_views(transaction, message)?,
        can_reply: !message.is_own() && way_to(transaction, &message.created_by, false).is_ok(),
        failure_code,
        sent_again_as: store::deliveries::sent_again(transaction, message.number)?,
        deliveries: deliveries(transaction, message, NAMED)?,
    })
}

fn views<'a>(
    transaction: &Transaction<'_>,
    message: &Message,
    addresses: impl Iterator<Item = &'a Address>,
) -> Result<Vec<PeerView>> {
    addresses
        .map(|address| peer_view(transaction, address, message.created_at))
        .collect()
}

/// The Request that a Message carries, as it is stored here.
fn request_id(transaction: &Transaction<'_>, message: &Message) -> Result<Option<RequestId>> {
    let MessageContent::Request(request) = &message.content else {
        return Ok(None);
    };
    let Some(id) = &request.id else {
        return Ok(None);
    };
    // A peer can name a Request that is somebody else's.
    let known = store::requests::by_id(transaction, id)?.filter(|known| {
        known.is_own == message.is_own() && (known.is_own || known.peer == message.created_by)
    });
    Ok(known.map(|known| known.id))
}

/// Why an own Message was finally not sent.
fn failure_code(transaction: &Transaction<'_>, number: i64) -> Result<Option<String>> {
    let operations = store::outbox::by_subject(transaction, &number.to_string())?;
    let failed = operations
        .into_iter()
        .rfind(|operation| operation.state == OutboxState::Failed);
    Ok(failed.and_then(|operation| operation.last_error_code))
}

/// How a text begins, in one line.
fn beginning(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > 4 * BEGINNING {
            break;
        }
    }
    match line.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

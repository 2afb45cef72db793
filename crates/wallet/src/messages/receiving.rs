//! Messages of peers: opened, verified, stored, and acted on, in one transaction.

use std::collections::{HashMap, hash_map::Entry};

use serde_json::Value;
use tessera_backbone_api::messages::Message as ReceivedMessage;
use tessera_content::{
    MessageContent, Notification, ProtocolVersion, Request, RequestSourceType, ResponseWrapper,
    TemplateContent, sign_of_version,
};
use tessera_core_types::{
    Address, CoreDate, MessageId, Randomness, RelationshipTemplateId, RequestId,
};
use tessera_crypto::channel::RelationshipSecrets;

use super::record;
use crate::{
    Result, WalletError,
    answers::AnswerError,
    envelopes::{EnvelopeError, Part, message},
    incoming::note,
    model::{
        HistoryEvent, LocalRequest, LocalRequestSource, LocalResponseSource, Message, MessageKind,
        MessageRecipient, MessageState, Relationship,
    },
    notifications,
    own_requests::can_be_completed,
    relationships,
    requests::{Arrival, ReceivedRequest, receive},
    store::{self, Transaction},
    sync::{Question, take_answer, take_answer_to_template},
};

/// Ours for an answer to something that was never asked, or was asked of somebody else.
const NOT_ASKED: &str = "error.tessera.requests.answerToNothing";

/// The channels along which the Messages of a transaction came, read once for each sender. They hold as
/// long as nothing but Messages is taken over.
#[derive(Default)]
pub(crate) struct Channels(HashMap<Address, (Relationship, RelationshipSecrets)>);

impl Channels {
    /// The Relationship with a peer, and its keys.
    fn with(
        &mut self,
        transaction: &Transaction<'_>,
        peer: &Address,
    ) -> Result<&(Relationship, RelationshipSecrets)> {
        match self.0.entry(peer.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(place) => {
                let relationship = store::relationships::newest_with(transaction, peer)?
                    .ok_or(WalletError::NotFound("Relationship"))?;
                let secrets = relationships::secrets(transaction, &relationship)?;
                Ok(place.insert((relationship, secrets)))
            }
        }
    }
}

/// What a Message is acted on with.
struct Receipt<'a> {
    me: &'a Address,
    peer: &'a Address,
    message: &'a MessageId,
    /// When the Backbone got it.
    sent_at: CoreDate,
    now: CoreDate,
    randomness: &'a dyn Randomness,
}

/// Takes over a Message that the Backbone gave for this id.
///
/// Of one that does not open, or is not its sender's, only that it came is stored, and the next time
/// it is tried again. One that opens and says something that can't be is stored, and nothing follows
/// from it.
///
/// # Errors
///
/// Why it does not open; it is written down already.
pub(crate) fn receive_message(
    transaction: &Transaction<'_>,
    id: &MessageId,
    received: &ReceivedMessage,
    me: &Address,
    channels: &mut Channels,
    randomness: &dyn Randomness,
    now: CoreDate,
) -> Result<()> {
    if received.id != *id {
        return Err(WalletError::Envelope(EnvelopeError::OtherRecord {
            part: Part::Message,
            of: "Message",
        }));
    }
    let outcome = open(transaction, received, me, channels).and_then(|opened| {
        let receipt = Receipt {
            me,
            peer: &received.created_by,
            message: &received.id,
            sent_at: received.created_at,
            now,
            randomness,
        };
        // What nothing follows from can't be refused any more, and there is nothing to go back to.
        if opened.is_only_read() {
            return receipt.keep(transaction, opened);
        }
        store::attempt(transaction, || receipt.keep(transaction, opened))?
    });
    if let Err(error @ (WalletError::Envelope(_) | WalletError::Crypto(_))) = &outcome {
        let came = closed(received, me);
        keep_closed(transaction, came, &error.code(), now)?;
    }
    outcome
}

/// A Message of which only is known that it came.
fn closed(received: &ReceivedMessage, me: &Address) -> Message {
    Message {
        number: 0,
        id: Some(received.id.clone()),
        state: MessageState::Received,
        created_by: received.created_by.clone(),
        created_by_device: received.created_by_device.clone(),
        created_at: received.created_at,
        recipients: vec![MessageRecipient {
            address: me.clone(),
            relationship_id: None,
        }],
        content: MessageContent::Unknown(Value::Null),
        attachments: Vec::new(),
        was_read_at: None,
        kind: MessageKind::Closed,
        fault: None,
    }
}

/// Writes down that a Message came which did not open, once.
fn keep_closed(
    transaction: &Transaction<'_>,
    message: Message,
    code: &str,
    now: CoreDate,
) -> Result<()> {
    let known = match &message.id {
        Some(id) => store::messages::by_id(transaction, id)?,
        None => None,
    };
    if known.is_none() {
        let message = Message {
            fault: Some(code.to_owned()),
            ..message.clone()
        };
        store::messages::insert(transaction, &message)?;
    }
    refuse(transaction, &message.created_by, None, code, now)
}

/// A Message that opened and is its sender's.
struct Opened {
    message: Message,
    /// The generation of enmeshed that its words belong to, if they show it.
    version: Option<ProtocolVersion>,
}

impl Opened {
    /// Whether nothing follows from it.
    fn is_only_read(&self) -> bool {
        match self.message.content {
            MessageContent::Mail(_) | MessageContent::Arbitrary(_) | MessageContent::Unknown(_) => {
                true
            }
            MessageContent::Request(_)
            | MessageContent::Response(_)
            | MessageContent::Notification(_) => false,
        }
    }
}

/// Opens and verifies a Message; changes nothing.
fn open(
    transaction: &Transaction<'_>,
    received: &ReceivedMessage,
    me: &Address,
    channels: &mut Channels,
) -> Result<Opened> {
    let peer = &received.created_by;
    let (relationship, secrets) = channels.with(transaction, peer)?;
    let opened = message::open(received, me, secrets.receive(), secrets.peer_signature())?;
    let version = sign_of_version(&opened.content);
    let (content, fault) = match MessageContent::parse(&opened.content) {
        Ok(content) => (content, None),
        Err(error) => {
            let code = error.code().to_string();
            (MessageContent::Unknown(opened.content), Some(code))
        }
    };
    let message = Message {
        number: 0,
        id: Some(received.id.clone()),
        state: MessageState::Received,
        created_by: peer.clone(),
        created_by_device: received.created_by_device.clone(),
        created_at: received.created_at,
        recipients: vec![MessageRecipient {
            address: me.clone(),
            relationship_id: Some(relationship.id.clone()),
        }],
        kind: MessageKind::from(&content),
        content,
        attachments: opened.attachments,
        was_read_at: None,
        fault,
    };
    Ok(Opened { message, version })
}

impl Receipt<'_> {
    /// Stores a Message, and does what follows from it.
    fn keep(&self, transaction: &Transaction<'_>, opened: Opened) -> Result<()> {
        if let Some(version) = opened.version {
            store::peers::set_protocol_version(transaction, self.peer, version)?;
        }
        store::messages::forget_closed(transaction, self.message)?;
        store::messages::insert(transaction, &opened.message)?;
        if let Some(code) = &opened.message.fault {
            return refuse(transaction, self.peer, None, code, self.now);
        }
        match opened.message.content {
            MessageContent::Request(request) => self.request(transaction, request),
            MessageContent::Response(wrapper) => self.response(transaction, &wrapper),
            MessageContent::Notification(told) => self.notification(transaction, &told),
            MessageContent::Mail(_) | MessageContent::Arbitrary(_) | MessageContent::Unknown(_) => {
                self.message(transaction, None)
            }
        }
    }

    /// A Request that came along a Relationship.
    fn request(&self, transaction: &Transaction<'_>, content: Request) -> Result<()> {
        let relationship = store::relationships::newest_with(transaction, self.peer)?;
        let is_id_taken = match &content.id {
            Some(id) => store::requests::by_id(transaction, id)?.is_some(),
            None => false,
        };
        let named = content.id.clone().filter(|_| is_id_taken);
        let arrival = Arrival {
            me: self.me,
            now: self.now,
            relationship: relationship.map(|relationship| relationship.status),
            is_id_taken,
            new_id: RequestId::generate(self.randomness),
        };
        let received = ReceivedRequest {
            peer: self.peer.clone(),
            content,
            source: LocalRequestSource::Message {
                reference: self.message.clone(),
            },
            template_expires_at: None,
        };
        let request = match receive(received, &arrival) {
            Ok(request) => request,
            Err(error) => {
                let code = error.code();
                return refuse(transaction, self.peer, named.as_ref(), &code, self.now);
            }
        };
        store::requests::put(transaction, &request)?;
        note(
            transaction,
            &request,
            HistoryEvent::RequestReceived,
            self.now,
        )
    }

    /// Something about Attributes. One that is refused changes nothing.
    fn notification(&self, transaction: &Transaction<'_>, told: &Notification) -> Result<()> {
        match notifications::receive(transaction, self.peer, told, self.now)? {
            Ok(_) => self.message(transaction, None),
            Err(error) if error.is_suspicious() => {
                refuse(transaction, self.peer, None, error.code(), self.now)
            }
            Err(error) => self.message(transaction, Some(error.code())),
        }
    }

    /// Writes down that a Message came.
    fn message(&self, transaction: &Transaction<'_>, code: Option<&str>) -> Result<()> {
        let event = HistoryEvent::MessageReceived;
        record(
            transaction,
            event,
            [self.peer.clone()],
            None,
            code,
            self.now,
        )
    }

    /// The answer to an own Request.
    fn response(&self, transaction: &Transaction<'_>, wrapper: &ResponseWrapper) -> Result<()> {
        let source = LocalResponseSource::Message {
            reference: self.message.clone(),
        };
        let response = &wrapper.response;
        let outcome = match wrapper.request_source_type {
            RequestSourceType::Message => {
                let Some(request) = self.asked(transaction, &response.request_id)? else {
                    return self.refuse_answer(transaction, &response.request_id, NOT_ASKED);
                };
                let (randomness, now) = (self.randomness, self.now);
                take_answer(
                    transaction,
                    self.me,
                    request,
                    response,
                    source,
                    randomness,
                    now,
                )?
            }
            RequestSourceType::RelationshipTemplate => {
                self.answer_to_template(transaction, wrapper, source)?
            }
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(error) => self.refuse_answer(transaction, &response.request_id, &error.code()),
        }
    }

    /// The own Request of this id that this peer was asked and may still answer: one that has
    /// expired meanwhile counts as answered in time if the answer was sent before.
    fn asked(&self, transaction: &Transaction<'_>, id: &RequestId) -> Result<Option<LocalRequest>> {
        let found = store::requests::by_id(transaction, id)?;
        Ok(found.filter(|request| can_be_completed(request, self.peer, self.sent_at)))
    }

    fn answer_to_template(
        &self,
        transaction: &Transaction<'_>,
        wrapper: &ResponseWrapper,
        source: LocalResponseSource,
    ) -> Result<Result<(), AnswerError>> {
        let template = RelationshipTemplateId::parse(&wrapper.request_source_reference).ok();
        let template = template
            .map(|id| store::templates::by_id(transaction, &id))
            .transpose()?
            .flatten()
            .filter(|template| template.is_own);
        let Some(template) = template else {
            return Ok(Err(AnswerError::of_the_whole("there is no such template")));
        };
        let TemplateContent::Request(content) = &template.content else {
            return Ok(Err(AnswerError::of_the_whole("the template asks nothing")));
        };
        let Some(content) = &content.on_existing_relationship else {
            let what = "the template asks nothing of those who are known";
            return Ok(Err(AnswerError::of_the_whole(what)));
        };
        let question = Question {
            me: self.me,
            peer: self.peer,
            content,
            template: &template.id,
        };
        take_answer_to_template(
            transaction,
            question,
            &wrapper.response,
            source,
            self.randomness,
            self.now,
        )
    }

    fn refuse_answer(
        &self,
        transaction: &Transaction<'_>,
        request: &RequestId,
        code: &str,
    ) -> Result<()> {
        // Only what is stored can be pointed at.
        let known = store::requests::by_id(transaction, request)?;
        let request = known.filter(|known| known.peer == *self.peer);
        let request = request.as_ref().map(|request| &request.id);
        refuse(transaction, self.peer, request, code, self.now)
    }
}

/// Writes down that something of a peer was not taken over, once: the Backbone offers again what
/// failed.
fn refuse(
    transaction: &Transaction<'_>,
    peer: &Address,
    request: Option<&RequestId>,
    code: &str,
    now: CoreDate,
) -> Result<()> {
    let event = HistoryEvent::SuspiciousRefused;
    let last = store::history::last_of(transaction, peer)?;
    let is_noted = last.is_some_and(|last| {
        last.event == event
            && last.code.as_deref() == Some(code)
            && last.request_id.as_ref() == request
    });
    if is_noted {
        return Ok(());
    }
    record(transaction, event, [peer.clone()], request, Some(code), now)
}

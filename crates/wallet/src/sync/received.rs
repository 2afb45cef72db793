//! A peer answered an own template: a Relationship that is Pending, and the answer to the Request.

use tessera_backbone_api::relationships as api;
use tessera_content::{
    CreationContent, Response, ResponseResult, TemplateContent, sign_of_version,
};
use tessera_core_types::{CoreDate, RelationshipSecretId};
use tessera_crypto::objects::ExchangeKeypair;

use super::{
    answered::{Question, take_answer_to_template},
    events::Hands,
};
use crate::{
    Result, WalletError,
    answers::AnswerError,
    envelopes,
    keys::SecretText,
    model::{
        HistoryEvent, HistoryRecord, Identity, LocalResponseSource, Relationship,
        RelationshipTemplate, SecretContainer, SecretKind,
    },
    relationships::{audit_log, record, status},
    store::{self, Transaction},
    templates::secret_container_id,
};

/// Opens and verifies what a peer answered to an own template, and stores it.
///
/// An answer that does not fit the Request is not used: the Relationship is stored as Pending without
/// it, and that is written down, so that the person can reject it.
///
/// What does not open, or is not its sender's, is not stored at all; that it came is.
pub(super) fn receive_relationship(
    transaction: &Transaction<'_>,
    answer: api::Relationship,
    hands: &Hands,
) -> Result<()> {
    let (from, template_id) = (answer.from.clone(), answer.relationship_template_id.clone());
    let outcome = store::attempt(transaction, || open_and_store(transaction, answer, hands))?;
    if let Err(error @ (WalletError::Envelope(_) | WalletError::Crypto(_))) = &outcome {
        let mut refused = HistoryRecord::new(hands.now, HistoryEvent::SuspiciousRefused);
        refused.peer = Some(from);
        refused.template_id = template_id;
        refused.code = Some(error.code().into_owned());
        store::history::add(transaction, &refused)?;
    }
    outcome
}

fn open_and_store(
    transaction: &Transaction<'_>,
    answer: api::Relationship,
    hands: &Hands,
) -> Result<()> {
    let (me, now, randomness) = (&hands.me, hands.now, &*hands.randomness);
    let template = answer
        .relationship_template_id
        .as_ref()
        .map(|id| store::templates::by_id(transaction, id))
        .transpose()?
        .flatten()
        .filter(|template| template.is_own)
        .ok_or(WalletError::NotFound("template"))?;
    let received = open(transaction, &answer, &template, me, randomness, now)?;
    store::relationships::put(transaction, &received)?;
    let event = HistoryEvent::RelationshipReceived;
    record(transaction, &received, event, None, now)?;
    let is_over = !matches!(
        answer.status,
        api::RelationshipStatus::Pending | api::RelationshipStatus::Active
    );
    if is_over {
        let event = HistoryEvent::RelationshipChanged;
        return record(transaction, &received, event, None, now);
    }
    if let Some(CreationContent::Response(content)) = &received.creation_content {
        let response = &content.response;
        let taken = take_template_answer(
            transaction,
            me,
            &template,
            &received,
            response,
            randomness,
            now,
        )?;
        if let Err(error) = taken {
            let event = HistoryEvent::SuspiciousRefused;
            let code = Some(error.code().into_owned());
            record(transaction, &received, event, code, now)?;
        }
    }
    Ok(())
}

/// Opens the request and stores its secrets.
fn open(
    transaction: &Transaction<'_>,
    answer: &api::Relationship,
    template: &RelationshipTemplate,
    me: &Identity,
    randomness: &dyn tessera_core_types::Randomness,
    now: CoreDate,
) -> Result<Relationship> {
    let content = answer
        .creation_content
        .as_ref()
        .ok_or(WalletError::Envelope(envelopes::EnvelopeError::Malformed {
            part: envelopes::Part::Creation,
            what: "creationContent",
        }))?;
    let key_id = template.template_key.id.as_str();
    let key = store::secrets::active(transaction, key_id)?
        .filter(|container| container.kind == SecretKind::CryptoExchangeKeypair)
        .ok_or(WalletError::SecretNotFound("the key of the template"))?;
    let opened = envelopes::creation::open(
        content.as_slice(),
        &ExchangeKeypair::from_json(key.secret.expose())?,
        envelopes::creation::Expected {
            from: &answer.from,
            template_id: &template.id,
            hostname: me.address.hostname(),
        },
        randomness,
    )?;
    let secret_id = RelationshipSecretId::generate(randomness);
    store::secrets::put(
        transaction,
        &SecretContainer {
            id: secret_container_id(randomness)?,
            name: secret_id.as_str().to_owned(),
            kind: SecretKind::CryptoRelationshipSecrets,
            secret: SecretText::from(opened.secrets.to_stored_json()),
            valid_from: now,
            valid_to: None,
        },
    )?;
    store::peers::meet(transaction, &answer.from, now, None)?;
    if let Some(version) = sign_of_version(&opened.content) {
        store::peers::set_protocol_version(transaction, &answer.from, version)?;
    }
    Ok(Relationship {
        id: answer.id.clone(),
        is_own: false,
        status: status(answer.status),
        peer: Identity {
            address: answer.from.clone(),
            public_key: opened.public_key,
        },
        template_id: template.id.clone(),
        secret_id,
        creation_content: Some(CreationContent::parse(&opened.content)?),
        audit_log: audit_log(&answer.audit_log),
        peer_deletion_info: None,
        created_at: answer.created_at,
    })
}

/// Takes over the answer to the template's Request, if it fits.
fn take_template_answer(
    transaction: &Transaction<'_>,
    me: &Identity,
    template: &RelationshipTemplate,
    relationship: &Relationship,
    response: &Response,
    randomness: &dyn tessera_core_types::Randomness,
    now: CoreDate,
) -> Result<Result<(), AnswerError>> {
    let TemplateContent::Request(content) = &template.content else {
        return Ok(Err(AnswerError::of_the_whole("the template asks nothing")));
    };
    if response.result != ResponseResult::Accepted {
        let what = "a rejected Request starts no Relationship";
        return Ok(Err(AnswerError::of_the_whole(what)));
    }
    let question = Question {
        me: &me.address,
        peer: &relationship.peer.address,
        content: &content.on_new_relationship,
        template: &template.id,
    };
    let source = LocalResponseSource::Relationship {
        reference: relationship.id.clone(),
    };
    take_answer_to_template(transaction, question, response, source, randomness, now)
}

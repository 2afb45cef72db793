//! Own Requests that were answered.

use std::collections::BTreeMap;

use tessera_content::{Request, Response, ResponseResult};
use tessera_core_types::{Address, AttributeId, CoreDate, Randomness, RelationshipTemplateId};

use crate::{
    Result,
    answers::{self, Answer, AnswerError},
    incoming::{apply, note},
    model::{
        HistoryEvent, LocalAttribute, LocalRequest, LocalRequestSource, LocalRequestStatus,
        LocalResponse, LocalResponseSource,
    },
    requests::RandomIds,
    store::{self, Transaction},
};

/// What an own template asked, and whom.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// The own address.
    pub me: &'a Address,
    /// Who answered.
    pub peer: &'a Address,
    /// What was asked.
    pub content: &'a Request,
    /// The template that asked.
    pub template: &'a RelationshipTemplateId,
}

/// Takes over the answer to an own template's Request, if it fits. The Request is made, sent and
/// completed in one go: until then the template was all there was of it, and its id comes with the
/// answer.
pub(crate) fn take_answer_to_template(
    transaction: &Transaction<'_>,
    question: Question<'_>,
    response: &Response,
    source: LocalResponseSource,
    randomness: &dyn Randomness,
    now: CoreDate,
) -> Result<Result<(), AnswerError>> {
    if store::requests::by_id(transaction, &response.request_id)?.is_some() {
        let what = "the id belongs to another Request";
        return Ok(Err(AnswerError::of_the_whole(what)));
    }
    let mut request = LocalRequest {
        id: response.request_id.clone(),
        is_own: true,
        peer: question.peer.clone(),
        created_at: now,
        content: question.content.clone(),
        source: Some(LocalRequestSource::RelationshipTemplate {
            reference: question.template.clone(),
        }),
        response: None,
        status: LocalRequestStatus::Draft,
        status_log: Vec::new(),
        was_automatically_decided: false,
    };
    request.change_status(LocalRequestStatus::Open, now);
    take_answer(
        transaction,
        question.me,
        request,
        response,
        source,
        randomness,
        now,
    )
}

/// Takes over the answer to an own Request, if it fits: what it brings, and that the Request is
/// completed.
pub(crate) fn take_answer(
    transaction: &Transaction<'_>,
    me: &Address,
    mut request: LocalRequest,
    response: &Response,
    source: LocalResponseSource,
    randomness: &dyn Randomness,
    now: CoreDate,
) -> Result<Result<(), AnswerError>> {
    let mut known: BTreeMap<AttributeId, LocalAttribute> = BTreeMap::new();
    for id in answers::named_attributes(&request.content, response) {
        for version in store::attributes::versions(transaction, &id)? {
            known.insert(version.id.clone(), version);
        }
    }
    let answer = Answer {
        me,
        peer: &request.peer,
        request: &request.content,
        response,
        known: &known,
        now,
    };
    let changes = match answers::changes(answer, &mut RandomIds(randomness)) {
        Ok(changes) => changes,
        Err(error) => return Ok(Err(error)),
    };
    apply(transaction, &changes)?;
    request.response = Some(LocalResponse {
        created_at: now,
        content: response.clone(),
        source: Some(source),
    });
    request.change_status(LocalRequestStatus::Completed, now);
    store::requests::put(transaction, &request)?;
    let event = match response.result {
        ResponseResult::Accepted => HistoryEvent::RequestAccepted,
        ResponseResult::Rejected => HistoryEvent::RequestRejected,
    };
    note(transaction, &request, event, now)?;
    Ok(Ok(()))
}

//! What a template that was opened leads to.

use tessera_content::{Request, RequestItem, TemplateContent};
use tessera_core_types::{Address, CoreDate, RequestId};

use crate::{
    Result,
    model::{
        HistoryEvent, HistoryRecord, LocalRequest, LocalRequestSource, LocalRequestStatus,
        RelationshipTemplate,
    },
    names,
    requests::{
        self, Arrival, ReceivedRequest, TemplateFacts, TemplateOutcome, TemplateRequest,
        TemplateRequests, template_outcome,
    },
    store::{self, Transaction},
    views::LoadOutcome,
};

/// What the maker of a template calls itself in what it shares there. Unverified.
pub(super) fn name_in(template: &RelationshipTemplate) -> Option<String> {
    let TemplateContent::Request(content) = &template.content else {
        return None;
    };
    let requests =
        std::iter::once(&content.on_new_relationship).chain(&content.on_existing_relationship);
    let shared = requests
        .flat_map(Request::all_items)
        .filter_map(|item| match item {
            RequestItem::ShareAttribute(item) => Some(&item.attribute),
            _ => None,
        });
    names::name_among(shared, &template.created_by)
}

/// Finds out what a stored template leads to, and makes the LocalRequest if it leads to one.
pub(super) fn outcome_of(
    transaction: &Transaction<'_>,
    me: &Address,
    template: &RelationshipTemplate,
    new_id: RequestId,
    now: CoreDate,
) -> Result<LoadOutcome> {
    let relationship = store::relationships::newest_with(transaction, &template.created_by)?;
    let received = |requests: Vec<LocalRequest>| {
        requests
            .into_iter()
            .filter(|request| !request.is_own)
            .collect::<Vec<_>>()
    };
    let of_this = received(store::requests::by_source(
        transaction,
        template.id.as_str(),
    )?);
    let of_peer = received(store::requests::by_peer(transaction, &template.created_by)?);
    let requests = match &template.content {
        TemplateContent::Request(content) => Some(content),
        _ => None,
    };
    let line = |request: &LocalRequest| (request.id.clone(), request.status);
    let outcome = template_outcome(&TemplateFacts {
        now,
        is_own: template.is_own,
        requests: requests.map(|content| TemplateRequests {
            on_new_expires_at: content.on_new_relationship.expires_at,
            on_existing: content
                .on_existing_relationship
                .as_ref()
                .map(|request| request.expires_at),
        }),
        template_expires_at: Some(template.expires_at),
        relationship: relationship
            .as_ref()
            .map(|relationship| (relationship.id.clone(), relationship.status)),
        of_this_template: of_this.iter().map(line).collect(),
        of_other_templates: of_peer
            .iter()
            .filter(|request| match &request.source {
                Some(LocalRequestSource::RelationshipTemplate { reference }) => {
                    *reference != template.id
                }
                _ => false,
            })
            .map(line)
            .collect(),
    });
    let which = match outcome {
        TemplateOutcome::Own => return Ok(LoadOutcome::OwnTemplate),
        TemplateOutcome::NoRequest => return Ok(LoadOutcome::NoRequest),
        TemplateOutcome::RequestExpired => return Ok(LoadOutcome::RequestExpired),
        TemplateOutcome::NonCompletedRequestExists(request_id) => {
            return Ok(LoadOutcome::NonCompletedRequestExists { request_id });
        }
        TemplateOutcome::RelationshipExists(relationship_id) => {
            return Ok(LoadOutcome::RelationshipExists { relationship_id });
        }
        TemplateOutcome::Create(which) => which,
    };
    let content = requests.and_then(|content| match which {
        TemplateRequest::OnNew => Some(&content.on_new_relationship),
        TemplateRequest::OnExisting => content.on_existing_relationship.as_ref(),
    });
    let Some(content) = content else {
        return Ok(LoadOutcome::NoRequest);
    };
    let received = ReceivedRequest {
        peer: template.created_by.clone(),
        content: content.clone(),
        source: LocalRequestSource::RelationshipTemplate {
            reference: template.id.clone(),
        },
        template_expires_at: Some(template.expires_at),
    };
    let arrival = Arrival {
        me,
        now,
        relationship: relationship.map(|relationship| relationship.status),
        is_id_taken: false,
        new_id,
    };
    let Ok(request) = requests::receive(received, &arrival) else {
        return Ok(LoadOutcome::NoRequest);
    };
    let mut record = HistoryRecord::new(now, HistoryEvent::RequestReceived);
    record.peer = Some(request.peer.clone());
    record.template_id = Some(template.id.clone());
    record.request_id = Some(request.id.clone());
    store::history::add(transaction, &record)?;
    if request.status == LocalRequestStatus::Expired {
        record.event = HistoryEvent::RequestExpired;
        store::history::add(transaction, &record)?;
    }
    store::requests::put(transaction, &request)?;
    Ok(LoadOutcome::Request {
        request_id: request.id,
    })
}

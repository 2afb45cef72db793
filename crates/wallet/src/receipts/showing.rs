//! Showing a receipt: the form is made again of what the receipt holds, whatever became of the
//! Request, the contact and the Attributes since.

use std::collections::{BTreeMap, BTreeSet};

use tessera_content::{Request, ResponseResult};

use crate::{
    Result,
    model::{LocalRequest, LocalRequestStatus},
    requests::{self, Holdings, Situation},
    store::StoreError,
    views::{
        Ask, ConsentForm, FormItem, FormNode, PeerView, Receipt, ReceiptDelivery,
        ReceiptOutcomeKind, ReceiptSummary, RequestSummary,
    },
};

/// A receipt as a line of a list.
pub(super) fn summary(receipt: Receipt) -> ReceiptSummary {
    let content = receipt.content;
    let title = content.request.content.get("title");
    ReceiptSummary {
        number: receipt.number,
        decided_at: content.decided_at,
        result: content.result,
        peer: content.peer,
        request_id: content.request.id,
        title: title.and_then(|title| title.as_str()).map(str::to_owned),
        delivery: content.delivery,
        outcome: receipt.outcome,
    }
}

/// The form of a receipt's Request, as nobody can fill it in any more.
///
/// # Errors
///
/// When what is stored as a Request is none.
pub(super) fn form(receipt: &Receipt) -> Result<ConsentForm> {
    let content = &receipt.content;
    let asked =
        Request::parse(&content.request.content).map_err(|_| StoreError::Unreadable("receipt"))?;
    let request = LocalRequest {
        id: content.request.id.clone(),
        is_own: false,
        peer: content.peer.address.clone(),
        created_at: content.request.received_at,
        content: asked,
        source: content.request.source.clone(),
        response: None,
        status: status(receipt),
        status_log: Vec::new(),
        was_automatically_decided: content.was_automatically_decided,
    };
    let summary = RequestSummary {
        id: request.id.clone(),
        peer: PeerView {
            address: content.peer.address.clone(),
            name: content.peer.name.clone(),
            title: None,
            first_seen_at: content.peer.first_seen_at,
            relationship_id: content.relationship_id.clone(),
        },
        title: request.content.title.clone(),
        status: request.status,
        accepted: Some(content.result == ResponseResult::Accepted),
        held: None,
        created_at: request.created_at,
        expires_at: request.content.expires_at,
        is_dismissible: false,
        is_dismissed: false,
        item_count: u32::try_from(request.content.all_items().count()).unwrap_or(u32::MAX),
    };
    // What belongs to the person now is no part of it.
    let situation = Situation {
        me: content.identity.clone(),
        now: content.decided_at,
        today: content.decided_at.to_utc().date_naive(),
        relationship: None,
        peer_deletion: None,
        request,
        established: BTreeSet::new(),
        holdings: Holdings::default(),
        files: BTreeMap::new(),
        tags: None,
        sets_defaults: true,
    };
    let mut form = requests::form(&situation, summary);
    for item in form.nodes.iter_mut().flat_map(items_of) {
        if let Ask::TransferFileOwnership { file, problem_code } = &mut item.ask {
            let taken = content.files.iter().find(|taken| taken.path == item.path);
            *file = taken.map(|taken| taken.file.clone());
            *problem_code = None;
        }
    }
    Ok(ConsentForm {
        is_decidable: false,
        not_decidable_code: None,
        creates_relationship: content.delivery == ReceiptDelivery::Relationship,
        response: Some(content.response.clone()),
        answered: content.named.clone(),
        ..form
    })
}

/// Where the Request stood with this decision and what came of it.
fn status(receipt: &Receipt) -> LocalRequestStatus {
    match receipt.outcome.as_ref().map(|outcome| outcome.kind) {
        Some(ReceiptOutcomeKind::Delivered) => LocalRequestStatus::Completed,
        Some(ReceiptOutcomeKind::Failed | ReceiptOutcomeKind::TakenBack) => {
            LocalRequestStatus::Expired
        }
        None if receipt.content.delivery == ReceiptDelivery::Nothing => {
            LocalRequestStatus::Completed
        }
        None => LocalRequestStatus::Decided,
    }
}

fn items_of(node: &mut FormNode) -> &mut [FormItem] {
    match node {
        FormNode::Item(item) => std::slice::from_mut(item),
        FormNode::Group { items, .. } => items,
    }
}

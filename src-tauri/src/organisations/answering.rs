//! How a sample organisation answers what the person asks of it in a Message: with what it has itself,
//! and with a reason where it has nothing.

use chrono::TimeDelta;
use tessera_content::{AcceptParameters, Decision, DecisionNode, RejectParameters};
use tessera_core_types::CoreDate;
use tessera_wallet::{
    Wallet, WalletError,
    model::LocalRequest,
    views::{Ask, Candidate, DecisionCheck, FormItem, FormNode, LocalRequestStatus},
};

/// When an organisation deletes what it is asked to delete.
const DELETES_AFTER: TimeDelta = TimeDelta::days(7);

/// Answers the Requests that came before `before`; whether there were any. `reason` is what the person
/// reads where there is nothing to give.
///
/// # Errors
///
/// When one can't be answered now.
pub(super) async fn answer_requests(
    wallet: &Wallet,
    reason: &str,
    now: CoreDate,
    before: CoreDate,
) -> Result<bool, WalletError> {
    let waits = |request: &LocalRequest| {
        !request.is_own
            && request.status == LocalRequestStatus::ManualDecisionRequired
            && request.created_at <= before
    };
    let mut answered = false;
    for request in wallet.requests().await?.iter().filter(|it| waits(it)) {
        let form = wallet.form(&request.id).await?;
        // Its Relationship may have ended: then nobody waits for an answer.
        if !form.is_decidable {
            continue;
        }
        let reason = RejectParameters {
            code: None,
            message: Some(reason.to_owned()),
        };
        let mut decision = Decision {
            items: form
                .nodes
                .iter()
                .map(|node| match node {
                    FormNode::Item(item) => answer(item, &reason, now),
                    FormNode::Group { items, .. } => DecisionNode::Group(
                        items
                            .iter()
                            .map(|item| answer(item, &reason, now))
                            .collect(),
                    ),
                })
                .collect(),
        };
        let mut found = wallet.check(&request.id, &decision).await?;
        if !found.is_success {
            without_what_fails(&mut decision.items, found.items.as_deref(), &reason);
            found = wallet.check(&request.id, &decision).await?;
        }
        if found.is_success && decision.items.iter().any(accepts) {
            wallet.accept(&request.id, &decision).await?;
        } else {
            wallet.reject_because(&request.id, reason).await?;
        }
        answered = true;
    }
    Ok(answered)
}

fn answer(item: &FormItem, reason: &RejectParameters, now: CoreDate) -> DecisionNode {
    let nothing = || DecisionNode::Reject(reason.clone());
    if !item.can_be_accepted {
        return nothing();
    }
    let accept = |name: &str, candidate: &Candidate| {
        let id = candidate.attribute_id.to_string();
        let parameters = AcceptParameters::none().with(name, id);
        DecisionNode::Accept(match &candidate.add_tags {
            Some(tags) => parameters.with("tags", tags.clone()),
            None => parameters,
        })
    };
    match &item.ask {
        Ask::ReadAttribute { candidates, .. } => candidates
            .first()
            .map_or_else(nothing, |own| accept("existingAttributeId", own)),
        Ask::ProposeAttribute {
            proposal,
            candidates,
            ..
        } => candidates.first().map_or_else(
            || {
                let taken = proposal.attribute.clone();
                DecisionNode::Accept(AcceptParameters::none().with("attribute", taken))
            },
            |own| accept("attributeId", own),
        ),
        Ask::DeleteAttribute { .. } => {
            let date = now.plus(DELETES_AFTER).to_string();
            DecisionNode::Accept(AcceptParameters::none().with("deletionDate", date))
        }
        Ask::CreateAttribute { .. }
        | Ask::ShareAttribute { .. }
        | Ask::Consent { .. }
        | Ask::Authentication
        | Ask::TransferFileOwnership { .. } => DecisionNode::Accept(AcceptParameters::none()),
        // Nothing that it keeps answers a question.
        Ask::FormField { .. }
        | Ask::FreeText { .. }
        | Ask::NotSupported { .. }
        | Ask::NotUnderstood { .. } => nothing(),
    }
}

fn accepts(node: &DecisionNode) -> bool {
    match node {
        DecisionNode::Accept(_) => true,
        DecisionNode::Reject(_) => false,
        DecisionNode::Group(items) => items.iter().any(accepts),
    }
}

/// Rejects the items in which the check found something.
fn without_what_fails(
    nodes: &mut [DecisionNode],
    found: Option<&[DecisionCheck]>,
    reason: &RejectParameters,
) {
    for (node, found) in nodes.iter_mut().zip(found.unwrap_or_default()) {
        match node {
            _ if found.is_success => {}
            DecisionNode::Group(items) => {
                without_what_fails(items, found.items.as_deref(), reason);
            }
            DecisionNode::Accept(_) | DecisionNode::Reject(_) => {
                *node = DecisionNode::Reject(reason.clone());
            }
        }
    }
}

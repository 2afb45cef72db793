//! Writing a receipt: what a decision was about, without the keys that were in it.

use tessera_content::{Request, RequestItem, RequestNode, ResponseItem, ResponseNode};

use crate::{
    Result,
    contacts::peer_view,
    incoming::{Files, answered},
    model::{LocalRequest, LocalResponse},
    requests::{Delivery, FileFact, FileOffer},
    store::{self, Transaction, attributes::Shares},
    views::{
        AnsweredValue, RECEIPT_VERSION, ReceiptContent, ReceiptDelivery, ReceiptFile, ReceiptPeer,
        ReceiptRequest, without_keys,
    },
    wallet::profile_of,
};

/// What wrote a receipt.
const PROGRAM: &str = concat!("Tessera ", env!("CARGO_PKG_VERSION"));

/// Writes the receipt of a Request that has just been decided with this `response`; `files` is what
/// was known of those that it hands over. Its changes are stored already, in the same transaction.
///
/// # Errors
///
/// When the database fails.
pub(crate) fn write(
    transaction: &Transaction<'_>,
    request: &LocalRequest,
    response: &LocalResponse,
    delivery: &Delivery,
    files: &Files,
) -> Result<()> {
    let profile = profile_of(transaction)?;
    let peer = peer_view(transaction, &request.peer, request.created_at)?;
    let mut named = answered(transaction, request)?;
    let mut taken = Vec::new();
    for (path, asked, answer) in pairs(&request.content, &response.content.items) {
        match (asked, answer) {
            (RequestItem::DeleteAttribute(item), ResponseItem::DeleteAttributeAccept { .. }) => {
                let id = &item.attribute_id;
                let held = store::attributes::by_id_with(transaction, id, Shares::Origin)?;
                named.extend(held.map(|held| AnsweredValue {
                    path,
                    value: without_keys(held.content.value().to_json()),
                    tags: held.content.tags().to_vec(),
                    attribute_id: held.id,
                }));
            }
            (
                RequestItem::TransferFileOwnership(item),
                ResponseItem::TransferFileOwnershipAccept { .. },
            ) => {
                let offer = FileOffer {
                    file_reference: item.file_reference.clone(),
                    ownership_token: item.ownership_token.clone(),
                };
                if let Some(FileFact::Loaded(file)) = files.get(&offer) {
                    let file = file.shown();
                    taken.push(ReceiptFile { path, file });
                }
            }
            _ => {}
        }
    }
    named.sort_by(|one, other| one.path.cmp(&other.path));
    let receipt = ReceiptContent {
        schema_version: RECEIPT_VERSION,
        decided_at: response.created_at,
        result: response.content.result,
        was_automatically_decided: request.was_automatically_decided,
        delivery: match delivery {
            Delivery::Message(_) => ReceiptDelivery::Message,
            Delivery::Relationship(_) => ReceiptDelivery::Relationship,
            Delivery::Nothing => ReceiptDelivery::Nothing,
        },
        program: PROGRAM.to_owned(),
        identity: profile.address,
        backbone_url: profile.backbone.base_url,
        relationship_id: peer.relationship_id,
        peer: ReceiptPeer {
            address: peer.address,
            name: peer.name,
            is_name_verified: false,
            first_seen_at: peer.first_seen_at,
        },
        request: ReceiptRequest {
            id: request.id.clone(),
            received_at: request.created_at,
            source: request.source.clone(),
            content: without_keys(request.content.to_json()),
        },
        response: without_keys(response.content.to_json()),
        named,
        files: taken,
    };
    store::receipts::add(transaction, &receipt)?;
    Ok(())
}

/// Every item of a Request with its place and its answer. The answer has the Request's shape.
fn pairs<'a>(
    request: &'a Request,
    answers: &'a [ResponseNode],
) -> Vec<(Vec<u32>, &'a RequestItem, &'a ResponseItem)> {
    let mut pairs = Vec::new();
    for (at, (asked, answer)) in (0_u32..).zip(request.items.iter().zip(answers)) {
        match (asked, answer) {
            (RequestNode::Item(item), ResponseNode::Item(answer)) => {
                pairs.push((vec![at], item, answer));
            }
            (RequestNode::Group(group), ResponseNode::Group(answers)) => {
                let items = (0_u32..).zip(group.items.iter().zip(answers));
                pairs.extend(items.map(|(inner, (item, answer))| (vec![at, inner], item, answer)));
            }
            _ => {}
        }
    }
    pairs
}

//! What was answered, for showing it later.

use tessera_content::{ResponseItem, ResponseNode};

use crate::{
    Result,
    model::LocalRequest,
    store::{self, Transaction, attributes::Shares},
    views::{AnsweredValue, without_keys},
};

/// What the Attributes say that the answer to a received Request only names, because the peer has
/// them already.
pub(crate) fn answered(
    transaction: &Transaction<'_>,
    request: &LocalRequest,
) -> Result<Vec<AnsweredValue>> {
    let Some(response) = &request.response else {
        return Ok(Vec::new());
    };
    let mut answered = Vec::new();
    let mut add = |path: Vec<u32>, item: &ResponseItem| -> Result<()> {
        let ResponseItem::AttributeAlreadySharedAccept { attribute_id } = item else {
            return Ok(());
        };
        let known = match store::attributes::by_wire_id(transaction, attribute_id, &request.peer)? {
            Some(attribute) => Some(attribute),
            None => store::attributes::by_id_with(transaction, attribute_id, Shares::Origin)?,
        };
        answered.extend(known.map(|attribute| AnsweredValue {
            path,
            value: without_keys(attribute.content.value().to_json()),
            tags: attribute.content.tags().to_vec(),
            attribute_id: attribute.id,
        }));
        Ok(())
    };
    for (at, node) in (0_u32..).zip(&response.content.items) {
        match node {
            ResponseNode::Item(item) => add(vec![at], item)?,
            ResponseNode::Group(items) => {
                for (inner, item) in (0_u32..).zip(items) {
                    add(vec![at, inner], item)?;
                }
            }
        }
    }
    Ok(answered)
}

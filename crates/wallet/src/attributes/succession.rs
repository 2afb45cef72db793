//! New versions: enmeshed's rules for all kinds of Attributes, and what follows.

use tessera_content::{Attribute, ContentError};
use tessera_core_types::{AttributeId, CoreDate};

use crate::model::{
    AttributeKind, DeletionStatus, LocalAttribute, LocalAttributeShareInfo, ShareReference,
};

/// Which rule a new version breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SuccessionProblem {
    /// A RelationshipAttribute keeps its key.
    #[error("the new version has another key")]
    Key,
    /// The owner has deleted what was received, or the peer what was given.
    #[error("the other side has deleted it")]
    Deleted,
    /// The new version's id belongs to another Attribute.
    #[error("the id of the new version belongs to another Attribute")]
    IdInUse,
    /// A chain has no branches.
    #[error("there is a newer version already")]
    HasSuccessor,
    /// It says the same, tags and their order included.
    #[error("the new version is the same")]
    SameContent,
    /// It belongs to somebody else.
    #[error("the new version belongs to somebody else")]
    Owner,
    /// One is an IdentityAttribute, the other a RelationshipAttribute.
    #[error("the new version is another kind of Attribute")]
    ContentType,
    /// It is of another value type.
    #[error("the new version is of another value type")]
    ValueType,
    /// Characters outside of the set that Attributes may consist of.
    #[error(transparent)]
    Characters(ContentError),
}

impl SuccessionProblem {
    /// enmeshed's code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Key => "error.consumption.attributes.successionMustNotChangeKey",
            Self::Deleted => {
                "error.consumption.attributes.cannotSucceedSharedAttributesDeletedByPeer"
            }
            Self::IdInUse => "error.consumption.attributes.successorMustNotYetExist",
            Self::HasSuccessor => {
                "error.consumption.attributes.cannotSucceedAttributesWithASuccessor"
            }
            Self::SameContent => "error.consumption.attributes.successionMustChangeContent",
            Self::Owner => "error.consumption.attributes.successionMustNotChangeOwner",
            Self::ContentType => "error.consumption.attributes.successionMustNotChangeContentType",
            Self::ValueType => "error.consumption.attributes.successionMustNotChangeValueType",
            Self::Characters(error) => error.code(),
        }
    }
}

/// Whether `content`, as it would be stored, can be the next version of `old`: enmeshed's rules in
/// its order. Contents are compared after trimming. (Upstream compares before, so that `Theo `
/// succeeds `Theo` by an equal `Theo`.)
pub(crate) fn check(
    old: &LocalAttribute,
    content: &Attribute,
    is_id_in_use: bool,
) -> Result<(), SuccessionProblem> {
    let key = |attribute: &Attribute| attribute.as_relationship().map(|one| one.key.clone());
    let same_kind = old.content.as_identity().is_some() == content.as_identity().is_some();
    if same_kind && key(&old.content) != key(content) {
        return Err(SuccessionProblem::Key);
    }
    if is_deleted(old) {
        return Err(SuccessionProblem::Deleted);
    }
    if is_id_in_use {
        return Err(SuccessionProblem::IdInUse);
    }
    if old.succeeded_by.is_some() {
        return Err(SuccessionProblem::HasSuccessor);
    }
    if old.content == *content {
        return Err(SuccessionProblem::SameContent);
    }
    if old.content.owner() != content.owner() {
        return Err(SuccessionProblem::Owner);
    }
    if !same_kind {
        return Err(SuccessionProblem::ContentType);
    }
    if old.content.value_type() != content.value_type() {
        return Err(SuccessionProblem::ValueType);
    }
    content
        .check_characters()
        .map_err(SuccessionProblem::Characters)
}

fn is_deleted(old: &LocalAttribute) -> bool {
    let mark = old.origin().and_then(|origin| origin.deletion_info);
    mark.is_some_and(|info| match old.kind {
        AttributeKind::OwnRelationshipAttribute => {
            info.deletion_status == DeletionStatus::DeletedByRecipient
        }
        _ => info.deletion_status == DeletionStatus::DeletedByEmitter,
    })
}

/// The next version of `old`. It starts without marks of deletion and without having been
/// forwarded; it is the default if `old` was. `source` is what brought or announced it; an own
/// IdentityAttribute has none.
pub(crate) fn successor(
    old: &LocalAttribute,
    id: AttributeId,
    content: Attribute,
    source: Option<ShareReference>,
    now: CoreDate,
) -> LocalAttribute {
    let origin = old
        .origin()
        .zip(source)
        .map(|(origin, source)| LocalAttributeShareInfo {
            attribute_id: id.clone(),
            source_reference: source,
            shared_at: Some(now),
            deletion_info: None,
            wire_attribute_id: id.clone(),
            ..origin.clone()
        });
    LocalAttribute {
        id,
        kind: old.kind,
        content,
        created_at: now,
        succeeds: Some(old.id.clone()),
        succeeded_by: None,
        is_default: old.is_default,
        was_viewed_at: None,
        share_info: origin.into_iter().collect(),
    }
}

//! What a Decision changes, and where the ids of new things come from.

use std::sync::atomic::{AtomicU64, Ordering};

use tessera_core_types::{AttributeForwardingDetailsId, AttributeId, NotificationId, Randomness};

use crate::model::{LocalAttribute, LocalAttributeShareInfo};

/// One change to Attributes and who has them, as a Decision, an answer, a Notification or an own
/// action makes it. What belongs together is changed in this order and in one transaction.
#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    /// Store a new Attribute, together with its `share_info`.
    CreateAttribute(LocalAttribute),
    /// Store a new version. The version it `succeeds` gets this one as `succeeded_by`, and is no
    /// default any more.
    SucceedAttribute(LocalAttribute),
    /// Store one more record of sharing an Attribute that is there.
    CreateShareInfo(LocalAttributeShareInfo),
    /// Change the `deletion_info` of a record of sharing to what stands here. It is the record
    /// with the same Attribute, direction, peer and `forwarding_details_id`.
    UpdateShareInfo(LocalAttributeShareInfo),
    /// Delete a version of an Attribute together with its `share_info`. The version that succeeds
    /// it has no older one then.
    DeleteAttribute(AttributeId),
    /// Make an own IdentityAttribute the default of its value type; whichever was is not any more.
    SetDefault(AttributeId),
    /// Remember that an Attribute was made of another one. That it was made of it already is no
    /// error: it is remembered once.
    AddSource {
        /// What was made.
        attribute: AttributeId,
        /// What it was made of, or one of several.
        source: AttributeId,
    },
}

/// Where the ids of new things come from.
pub trait IdSource {
    /// An id that no Attribute has.
    fn attribute_id(&mut self) -> AttributeId;
    /// An id that no act of forwarding has.
    fn forwarding_details_id(&mut self) -> AttributeForwardingDetailsId;
    /// An id that no Notification has.
    fn notification_id(&mut self) -> NotificationId;
}

/// Random ids.
pub struct RandomIds<'a>(pub &'a dyn Randomness);

impl IdSource for RandomIds<'_> {
    fn attribute_id(&mut self) -> AttributeId {
        AttributeId::generate(self.0)
    }

    fn forwarding_details_id(&mut self) -> AttributeForwardingDetailsId {
        AttributeForwardingDetailsId::generate(self.0)
    }

    fn notification_id(&mut self) -> NotificationId {
        NotificationId::generate(self.0)
    }
}

/// A source of ids for trying a Decision out, all different from one another: nothing with them
/// is ever kept.
#[derive(Debug, Default)]
pub(super) struct Counter(AtomicU64);

impl Randomness for Counter {
    /// The digits of a number that counts up, in the number system of ids (base 62).
    fn fill(&self, bytes: &mut [u8]) {
        let mut number = self.0.fetch_add(1, Ordering::Relaxed);
        for byte in bytes {
            *byte = u8::try_from(number % 62).unwrap_or_default();
            number /= 62;
        }
    }
}

//! Which Attributes must be at hand to show and decide a Request, so that they can be fetched by
//! index instead of all.

use std::collections::BTreeSet;

use tessera_content::{Decision, Request};
use tessera_core_types::{Address, AttributeId};

use super::items;

/// Attributes that must be at hand. What a lookup finds comes with its records of sharing; older
/// and newer versions always come along (of the same value type and key they are found anyway).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lookup {
    /// Own IdentityAttributes of this value type; of every type for `None`.
    OwnIdentity {
        /// The value type.
        value_type: Option<String>,
    },
    /// Own- and PeerRelationshipAttributes with this key.
    RelationshipKey {
        /// The key.
        key: String,
        /// Of the Relationship to this peer only.
        peer: Option<Address>,
    },
    /// Peer- and ThirdPartyRelationshipAttributes, PeerIdentityAttributes: what this peer gave,
    /// of this value type.
    ReceivedFrom {
        /// The peer.
        peer: Address,
        /// The value type.
        value_type: String,
    },
    /// The Attribute with this id, whatever it is, with all of its versions.
    Attribute(AttributeId),
}

/// What has to be at hand to show `request` of `peer`, or to check and perform `decision` on it.
/// Every lookup is named once, in no particular order.
#[must_use]
pub fn needed(request: &Request, peer: &Address, decision: Option<&Decision>) -> Vec<Lookup> {
    let mut lookups = BTreeSet::new();
    for item in request.all_items() {
        items::of(item).lookups(peer, &mut lookups);
    }
    let accepted = decision.map(items::accepted).unwrap_or_default();
    let named = accepted.into_iter().flat_map(items::named_attributes);
    lookups.extend(named.map(Lookup::Attribute));
    lookups.into_iter().collect()
}

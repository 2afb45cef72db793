//! Ids that are remembered under the names that the vectors give them.

use std::collections::BTreeMap;

use tessera_core_types::{AttributeForwardingDetailsId, AttributeId, NotificationId};
use tessera_wallet::requests::IdSource;

/// Makes ids in order of appearance: `$attribute1`, `$forwarding1`, `$notification1`, …
#[derive(Default)]
pub struct Placeholders {
    /// The vectors' names of the ids that were made.
    pub names: BTreeMap<String, String>,
    attributes: usize,
    forwardings: usize,
    notifications: usize,
}

impl Placeholders {
    fn remember(&mut self, id: &str, name: &str, number: usize) {
        self.names.insert(id.to_owned(), format!("${name}{number}"));
    }
}

impl IdSource for Placeholders {
    fn attribute_id(&mut self) -> AttributeId {
        self.attributes += 1;
        let id = AttributeId::parse(&format!("ATTnew{:014}", self.attributes)).unwrap();
        self.remember(id.as_str(), "attribute", self.attributes);
        id
    }

    fn forwarding_details_id(&mut self) -> AttributeForwardingDetailsId {
        self.forwardings += 1;
        let text = format!("ATTFDnew{:012}", self.forwardings);
        let id = AttributeForwardingDetailsId::parse(&text).unwrap();
        self.remember(id.as_str(), "forwarding", self.forwardings);
        id
    }

    fn notification_id(&mut self) -> NotificationId {
        self.notifications += 1;
        let id = NotificationId::parse(&format!("NOTnew{:014}", self.notifications)).unwrap();
        self.remember(id.as_str(), "notification", self.notifications);
        id
    }
}

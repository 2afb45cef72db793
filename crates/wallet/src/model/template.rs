//! RelationshipTemplates, own ones and those of peers.

use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};
use tessera_core_types::{Address, CoreDate, DeviceId, RelationshipTemplateId};
use tessera_crypto::objects::{SecretKey, TemplatePublicKey};

use super::Identity;
use crate::keys::SecretText;
use tessera_content::{PasswordLocation, PasswordType, TemplateContent};

/// A RelationshipTemplate that was made here, or opened and verified.
///
/// Its secret key and password are in types that print nothing. The references hold the secret
/// key too: they are what a person hands out.
#[derive(Clone, PartialEq)]
pub struct RelationshipTemplate {
    /// Its id, made by the Backbone.
    pub id: RelationshipTemplateId,
    /// Whether this identity made it.
    pub is_own: bool,
    /// Who made it. Checked: the address belongs to the key that signed it.
    pub created_by: Address,
    /// On which of their devices.
    pub created_by_device: DeviceId,
    /// When it was made.
    pub created_at: CoreDate,
    /// From then on it starts no Relationship.
    pub expires_at: CoreDate,
    /// How many may open it, from 1; `None` for any number.
    pub max_number_of_allocations: Option<u32>,
    /// Who alone may open it.
    pub for_identity: Option<Address>,
    /// What it says.
    pub content: TemplateContent,
    /// The password to open it.
    pub password_protection: Option<PasswordProtection>,
    /// Its maker's identity, as signed inside.
    pub identity: Identity,
    /// The key for whoever answers, with its id; of own templates the private half is a
    /// [`super::SecretContainer`] of that name.
    pub template_key: TemplatePublicKey,
    /// What it is encrypted with at the Backbone.
    pub secret_key: SecretKey,
    /// How others find and open it.
    pub reference: TemplateReference,
}

/// A RelationshipTemplate's reference in its two written forms. Whoever has one can open the
/// template, so it isn't printed by accident either.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateReference {
    /// The short form.
    pub truncated: String,
    /// The form that QR codes hold.
    pub url: String,
}

/// What must be typed to open a template.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordProtection {
    /// The password as it was typed.
    pub password: SecretText,
    /// PIN or password.
    pub password_type: PasswordType,
    /// 16 random bytes, part of the reference.
    pub salt: [u8; 16],
    /// Where the person finds it.
    pub password_location: Option<PasswordLocation>,
}

impl RelationshipTemplate {
    /// Whether it is too late to start a Relationship with it: *later than* its expiry.
    #[must_use]
    pub fn is_expired_at(&self, now: CoreDate) -> bool {
        now > self.expires_at
    }
}

impl std::fmt::Debug for RelationshipTemplate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RelationshipTemplate")
            .field("id", &self.id)
            .field("is_own", &self.is_own)
            .finish_non_exhaustive()
    }
}

impl Serialize for RelationshipTemplate {
    /// The protocol's property names. The password stays inside; the secret key is part of the
    /// references, which are there to be handed out.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("RelationshipTemplate", 14)?;
        object.serialize_field("id", &self.id)?;
        object.serialize_field("isOwn", &self.is_own)?;
        object.serialize_field("createdBy", &self.created_by)?;
        object.serialize_field("createdByDevice", &self.created_by_device)?;
        object.serialize_field("createdAt", &self.created_at)?;
        object.serialize_field("expiresAt", &self.expires_at)?;
        if let Some(number) = &self.max_number_of_allocations {
            object.serialize_field("maxNumberOfAllocations", number)?;
        }
        if let Some(address) = &self.for_identity {
            object.serialize_field("forIdentity", address)?;
        }
        object.serialize_field("content", &self.content)?;
        if let Some(protection) = &self.password_protection {
            object.serialize_field("passwordProtection", &ShownProtection(protection))?;
        }
        object.serialize_field("identity", &self.identity)?;
        object.serialize_field("reference", &self.reference)?;
        object.serialize_field("truncatedReference", &self.reference.truncated)?;
        object.end()
    }
}

/// Password protection without the password.
struct ShownProtection<'a>(&'a PasswordProtection);

impl Serialize for ShownProtection<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_pin = matches!(self.0.password_type, PasswordType::Pin(_));
        let mut object = serializer.serialize_struct("PasswordProtection", 3)?;
        object.serialize_field("passwordType", &self.0.password_type.to_string())?;
        if is_pin {
            object.serialize_field("passwordIsPin", &true)?;
        }
        if let Some(location) = self.0.password_location {
            object.serialize_field("passwordLocationIndicator", &location.indicator())?;
        }
        object.end()
    }
}

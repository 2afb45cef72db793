//! References: what a QR code, a link or a pasted text says about an object at a Backbone and how
//! to decrypt it.

mod backbone_url;
mod error;
mod parser;
mod protection;

use zeroize::Zeroizing;

use tessera_core_types::{FileId, RelationshipTemplateId, TokenId};
use tessera_crypto::{
    encoding::{to_b64, to_b64u},
    objects::SecretKey,
};

pub use backbone_url::BackboneUrl;
pub use error::{InvalidReference, ReferenceError};
pub use protection::{
    ClearPassword, ForIdentityTruncated, PasswordLocation, PasswordType, SharedPasswordProtection,
};

/// The number of the only encryption algorithm in use, XChaCha20-Poly1305.
const ALGORITHM: &str = "3";

/// What kind of object a reference points to.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, ts_rs::TS,
)]
pub enum ReferenceKind {
    /// A RelationshipTemplate, `RLT…`.
    RelationshipTemplate,
    /// A Token, `TOK…`.
    Token,
    /// A File, `FIL…`.
    File,
}

/// Which object a reference points to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ReferenceId {
    /// A RelationshipTemplate.
    RelationshipTemplate(RelationshipTemplateId),
    /// A Token.
    Token(TokenId),
    /// A File.
    File(FileId),
}

impl ReferenceId {
    /// The id by its prefix, if it has one of the three.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        RelationshipTemplateId::parse(text)
            .map(Self::RelationshipTemplate)
            .or_else(|_| TokenId::parse(text).map(Self::Token))
            .or_else(|_| FileId::parse(text).map(Self::File))
            .ok()
    }

    /// What kind of object it names.
    #[must_use]
    pub fn kind(&self) -> ReferenceKind {
        match self {
            Self::RelationshipTemplate(_) => ReferenceKind::RelationshipTemplate,
            Self::Token(_) => ReferenceKind::Token,
            Self::File(_) => ReferenceKind::File,
        }
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::RelationshipTemplate(id) => id.as_str(),
            Self::Token(id) => id.as_str(),
            Self::File(id) => id.as_str(),
        }
    }
}

/// Where an object is and how to decrypt it. Printing it shows neither the key nor a password.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Which object.
    pub id: ReferenceId,
    /// At which Backbone; absent in some older references, which mean the reader's own.
    pub backbone_base_url: Option<BackboneUrl>,
    /// What decrypts it. It is never sent to a Backbone.
    pub key: SecretKey,
    /// Whom it is meant for, if it is personalised.
    pub for_identity_truncated: Option<ForIdentityTruncated>,
    /// The password it is protected with, if it is.
    pub password_protection: Option<SharedPasswordProtection>,
}

impl Reference {
    /// Reads what a QR code or a pasted text holds, with white space around it: a link
    /// (`https://…/r/RLT…#…`, `enmeshed://…`), a truncated reference, or `nmshd://tr#…` and its
    /// relatives of older versions and of printed recovery kits.
    ///
    /// # Errors
    ///
    /// [`ReferenceError::WrongUrl`] for a scheme of something else,
    /// [`ReferenceError::WrongCode`] for another kind of object, [`ReferenceError::Invalid`] for
    /// everything that does not parse.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        parser::parse(text)
    }

    /// Reads a reference of one kind.
    ///
    /// # Errors
    ///
    /// As [`Reference::parse`], and [`ReferenceError::WrongKind`].
    pub fn parse_as(kind: ReferenceKind, text: &str) -> Result<Self, ReferenceError> {
        let reference = Self::parse(text)?;
        if reference.kind() == kind {
            Ok(reference)
        } else {
            Err(ReferenceError::WrongKind {
                found: reference.kind(),
            })
        }
    }

    /// What kind of object it points to.
    #[must_use]
    pub fn kind(&self) -> ReferenceKind {
        self.id.kind()
    }

    /// The truncated form. It contains the key: show it, never log it.
    #[must_use]
    pub fn truncated(&self) -> Zeroizing<String> {
        let at = self
            .backbone_base_url
            .as_ref()
            .map(|url| format!("@{url}"))
            .unwrap_or_default();
        let secret = self.secret_part();
        let plain = Zeroizing::new(format!("{}{at}|{}", self.id.as_str(), *secret));
        Zeroizing::new(to_b64u(plain.as_bytes()))
    }

    /// The form of a link, as QR codes hold it. `app` picks the app that the Backbone's web page
    /// offers. It contains the key: show it, never log it.
    ///
    /// # Errors
    ///
    /// [`ReferenceError::MissingBackboneBaseUrl`]; [`ReferenceError::Invalid`] when what it names as
    /// its Backbone, which enmeshed reads without looking closely, is no address: such a link
    /// would lead nowhere.
    pub fn url(&self, app: Option<&str>) -> Result<Zeroizing<String>, ReferenceError> {
        let base = self
            .backbone_base_url
            .as_ref()
            .ok_or(ReferenceError::MissingBackboneBaseUrl)?;
        if base.host().is_none() {
            return Err(ReferenceError::Invalid(InvalidReference::BackboneBaseUrl));
        }
        let base = base.as_str().trim_end_matches('/');
        let query = app
            .map(|app| {
                let encoded: String =
                    url::form_urlencoded::byte_serialize(app.as_bytes()).collect();
                format!("?app={encoded}")
            })
            .unwrap_or_default();
        let fragment = Zeroizing::new(to_b64u(self.secret_part().as_bytes()));
        let id = self.id.as_str();
        Ok(Zeroizing::new(format!(
            "{base}/r/{id}{query}#{}",
            *fragment
        )))
    }

    /// The Backbone it belongs to, if that is not this one. A reference that names none belongs
    /// to the reader's own.
    #[must_use]
    pub fn foreign_backbone(&self, own: &BackboneUrl) -> Option<&BackboneUrl> {
        self.backbone_base_url
            .as_ref()
            .filter(|url| !url.is_same_backbone(own))
    }

    /// `alg|key|forIdentity|protection`
    fn secret_part(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(to_b64u(self.key.as_bytes()));
        let for_identity = self
            .for_identity_truncated
            .as_ref()
            .map_or("", ForIdentityTruncated::as_str);
        let protection = self
            .password_protection
            .as_ref()
            .map(|protection| {
                let location = protection
                    .location()
                    .map(|location| format!("&{}", location.indicator()))
                    .unwrap_or_default();
                let salt = to_b64(protection.salt());
                format!("{}&{salt}{location}", protection.password_type())
            })
            .unwrap_or_default();
        Zeroizing::new(format!("{ALGORITHM}|{}|{for_identity}|{protection}", *key))
    }
}

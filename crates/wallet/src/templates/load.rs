//! Loading a peer's template: from a code to a Request that waits for a decision.
//!
//! ```text
//! Reference → is it for this Backbone, this identity? → password → Backbone → open and verify
//!           → one transaction: template, peer, history, LocalRequest
//! ```
//!
//! Until the transaction nothing is stored: whatever is wrong with what the Backbone answered
//! leaves the database as it was.

use tessera_backbone_api::client::ClientError;
use tessera_content::{
    ForIdentityTruncated, PasswordLocation, PasswordType, ProtocolVersion, Reference, ReferenceId,
    SharedPasswordProtection, sign_of_version,
};
use tessera_core_types::{CoreDate, RelationshipTemplateId, RequestId, TokenId};
use tessera_crypto::objects::SecretKey;

use super::{
    hash_password,
    outcome::{name_in, outcome_of},
    read_template_content,
};
use crate::{
    Changed, Result, Wallet, WalletError,
    envelopes::{self, EnvelopeError, Part, token::TokenContent},
    keys::SecretText,
    model::{
        HistoryEvent, HistoryRecord, Identity, PasswordProtection, RelationshipTemplate,
        TemplateReference,
    },
    store,
    views::LoadOutcome,
    wallet::shown_host,
};

/// "Never", as enmeshed writes it.
const NEVER: &str = "9999-12-31T00:00:00.000Z";

/// A template that is to be loaded, from a reference or out of a Token.
struct Wanted {
    id: RelationshipTemplateId,
    key: SecretKey,
    protection: Option<Protection>,
    reference: TemplateReference,
}

#[derive(Clone, Copy)]
struct Protection {
    password_type: PasswordType,
    salt: [u8; 16],
    location: Option<PasswordLocation>,
}

impl From<&SharedPasswordProtection> for Protection {
    fn from(shared: &SharedPasswordProtection) -> Self {
        Self {
            password_type: shared.password_type(),
            salt: *shared.salt(),
            location: shared.location(),
        }
    }
}

impl Wallet {
    /// Opens a template of a peer, named by its code or handed on in a Token, and says what it
    /// leads to. One that is stored already is not asked for again.
    ///
    /// # Errors
    ///
    /// In the order in which they are found:
    /// [`WalletError::WrongKind`] for the code of a File;
    /// [`WalletError::ForeignBackbone`] for a code of another Backbone;
    /// [`WalletError::NoPasswordProvided`]; [`WalletError::PinLength`];
    /// [`WalletError::NotIntendedForYou`];
    /// [`WalletError::WrongPasswordOrGone`] or [`WalletError::Gone`];
    /// [`WalletError::AllocationsExhausted`];
    /// [`WalletError::Envelope`] when it does not open or is not its maker's;
    /// [`WalletError::Content`] when it is not what it says it is.
    /// After any of them nothing is stored.
    pub async fn load_template(
        &self,
        reference: &Reference,
        password: Option<SecretText>,
    ) -> Result<LoadOutcome> {
        let own = self.backbone_url()?;
        if let ReferenceId::File(_) = &reference.id {
            return Err(WalletError::WrongKind("file"));
        }
        if let Some(foreign) = reference.foreign_backbone(&own) {
            return Err(WalletError::ForeignBackbone {
                host: shown_host(foreign),
            });
        }
        let protection = reference.password_protection.as_ref().map(Protection::from);
        check_password(protection, password.as_ref())?;
        match &reference.id {
            ReferenceId::RelationshipTemplate(id) => {
                if let Some(template) = self.stored_template(id).await? {
                    return self.lead_on(template, None).await;
                }
                self.check_intended(reference.for_identity_truncated.as_ref())?;
                let with_url = Reference {
                    backbone_base_url: Some(own),
                    ..reference.clone()
                };
                let wanted = Wanted {
                    id: id.clone(),
                    key: reference.key.clone(),
                    protection,
                    reference: written(&with_url)?,
                };
                self.load(wanted, password).await
            }
            ReferenceId::Token(id) => {
                self.check_intended(reference.for_identity_truncated.as_ref())?;
                self.load_token(id, reference, protection, password).await
            }
            ReferenceId::File(_) => Err(WalletError::WrongKind("file")),
        }
    }

    async fn stored_template(
        &self,
        id: &RelationshipTemplateId,
    ) -> Result<Option<RelationshipTemplate>> {
        let id = id.clone();
        Ok(self
            .inner
            .store
            .read(move |transaction| store::templates::by_id(transaction, &id))
            .await?)
    }

    fn check_intended(&self, truncated: Option<&ForIdentityTruncated>) -> Result<()> {
        if truncated.is_none_or(|truncated| truncated.fits(&self.inner.me.address)) {
            Ok(())
        } else {
            Err(WalletError::NotIntendedForYou)
        }
    }

    /// A Token that hands on a template. One password opens both; each has its own salt.
    async fn load_token(
        &self,
        id: &TokenId,
        reference: &Reference,
        protection: Option<Protection>,
        password: Option<SecretText>,
    ) -> Result<LoadOutcome> {
        let hash = hash_for(protection, password.as_ref()).await?;
        let answer = self
            .client()
            .token(id, hash.as_ref())
            .await
            .map_err(|error| not_found(error, protection.is_some()))?;
        let content = match (&answer.content, &answer.created_by) {
            (Some(content), Some(_)) => content,
            _ => return Err(WalletError::EmptyToken),
        };
        let template = match envelopes::token::open(content.as_slice(), &reference.key)? {
            TokenContent::RelationshipTemplate(template) => template,
            TokenContent::DeviceSharedSecret => {
                return Err(WalletError::DeviceOnboardingNotAllowed);
            }
            TokenContent::File { .. } | TokenContent::Other(_) => {
                return Err(WalletError::TokenContentNotSupported);
            }
        };
        if template
            .for_identity
            .as_ref()
            .is_some_and(|address| *address != self.inner.me.address)
        {
            return Err(WalletError::NotIntendedForYou);
        }
        let protection = template.password_protection.map(|inner| Protection {
            password_type: inner.password_type,
            salt: inner.salt,
            location: inner.password_location_indicator,
        });
        check_password(protection, password.as_ref())?;
        if let Some(stored) = self.stored_template(&template.template_id).await? {
            return self.lead_on(stored, None).await;
        }
        let shared = protection
            .map(|protection| {
                SharedPasswordProtection::new(
                    protection.password_type,
                    protection.salt,
                    protection.location,
                )
            })
            .transpose()
            .map_err(|_| WalletError::TokenContentNotSupported)?;
        let wanted = Wanted {
            reference: written(&Reference {
                id: ReferenceId::RelationshipTemplate(template.template_id.clone()),
                backbone_base_url: Some(self.backbone_url()?),
                key: template.secret_key.clone(),
                for_identity_truncated: template
                    .for_identity
                    .as_ref()
                    .map(ForIdentityTruncated::of),
                password_protection: shared,
            })?,
            id: template.template_id,
            key: template.secret_key,
            protection,
        };
        self.load(wanted, password).await
    }

    async fn load(&self, wanted: Wanted, password: Option<SecretText>) -> Result<LoadOutcome> {
        let hash = hash_for(wanted.protection, password.as_ref()).await?;
        let answer = self
            .client()
            .relationship_template(&wanted.id, hash.as_ref())
            .await
            .map_err(|error| not_found(error, wanted.protection.is_some()))?;
        if answer.id != wanted.id {
            return Err(WalletError::Envelope(EnvelopeError::OtherRecord {
                part: Part::Template,
                of: "template",
            }));
        }
        if answer.created_by == self.inner.me.address {
            return Ok(LoadOutcome::OwnTemplate);
        }
        let opened = envelopes::template::open(
            answer.content.as_slice(),
            &wanted.key,
            &answer.created_by,
            self.inner.me.address.hostname(),
        )?;
        let sign = sign_of_version(&opened.content);
        let template = RelationshipTemplate {
            id: wanted.id,
            is_own: false,
            created_by: answer.created_by,
            created_by_device: answer.created_by_device,
            created_at: answer.created_at,
            expires_at: match answer.expires_at {
                Some(date) => date,
                None => CoreDate::parse(NEVER).map_err(|_| WalletError::Gone)?,
            },
            max_number_of_allocations: answer
                .max_number_of_allocations
                .and_then(|number| u32::try_from(number).ok())
                .filter(|number| *number > 0),
            for_identity: answer.for_identity,
            content: read_template_content(&opened.content)?,
            password_protection: wanted
                .protection
                .zip(password)
                .map(|(protection, password)| PasswordProtection {
                    password,
                    password_type: protection.password_type,
                    salt: protection.salt,
                    password_location: protection.location,
                }),
            identity: Identity {
                address: opened.address,
                public_key: opened.public_key,
            },
            template_key: opened.template_key,
            secret_key: wanted.key,
            reference: wanted.reference,
        };
        self.refresh_tags().await;
        self.lead_on(template, sign).await
    }

    /// Stores a new template, and finds out what a template leads to: all in one transaction. `sign`
    /// is which generation its maker speaks, if it has just been fetched and shows it.
    async fn lead_on(
        &self,
        template: RelationshipTemplate,
        sign: Option<ProtocolVersion>,
    ) -> Result<LoadOutcome> {
        self.expire_due().await?;
        let now = self.now();
        let me = self.inner.me.address.clone();
        let randomness = super::shared_randomness(self);
        let outcome = self
            .inner
            .store
            .write(move |transaction| {
                // It may have been loaded twice at the same time.
                if store::templates::by_id(transaction, &template.id)?.is_none() {
                    store::templates::insert(transaction, &template)?;
                    let name = name_in(&template);
                    let peer = &template.created_by;
                    store::peers::meet(transaction, peer, now, name.as_deref())?;
                    if let Some(version) = sign {
                        store::peers::set_protocol_version(transaction, peer, version)?;
                    }
                    let mut record = HistoryRecord::new(now, HistoryEvent::TemplateLoaded);
                    record.peer = Some(template.created_by.clone());
                    record.template_id = Some(template.id.clone());
                    store::history::add(transaction, &record)?;
                }
                let id = RequestId::generate(&*randomness);
                outcome_of(transaction, &me, &template, id, now)
            })
            .await?;
        self.tell(Changed::Templates);
        self.tell(Changed::Requests);
        Ok(outcome)
    }
}

/// Whether a password is there if it must be, and has the form it must have.
fn check_password(protection: Option<Protection>, password: Option<&SecretText>) -> Result<()> {
    let Some(protection) = protection else {
        return Ok(());
    };
    let password = password
        .filter(|password| !password.is_empty())
        .ok_or(WalletError::NoPasswordProvided)?;
    match protection.password_type {
        PasswordType::Pin(digits) if !protection.password_type.accepts(password.expose()) => {
            Err(WalletError::PinLength(digits))
        }
        _ => Ok(()),
    }
}

async fn hash_for(
    protection: Option<Protection>,
    password: Option<&SecretText>,
) -> Result<Option<tessera_backbone_api::PasswordBytes>> {
    match protection.zip(password) {
        Some((protection, password)) => hash_password(password.clone(), protection.salt)
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// What a failed load means to a person.
fn not_found(error: ClientError, with_password: bool) -> WalletError {
    if error.is_record_not_found() {
        if with_password {
            WalletError::WrongPasswordOrGone
        } else {
            WalletError::Gone
        }
    } else if error.code().ends_with(".maxNumberOfAllocationsExhausted") {
        WalletError::AllocationsExhausted
    } else {
        error.into()
    }
}

fn written(reference: &Reference) -> Result<TemplateReference> {
    let url = reference
        .url(None)
        .map_err(tessera_content::ContentError::from)?;
    Ok(TemplateReference {
        truncated: reference.truncated().to_string(),
        url: url.to_string(),
    })
}

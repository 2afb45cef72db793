//! RelationshipTemplates: making own ones, and what is known of all. Loading those of peers is in
//! `load`, what comes of their Requests in `incoming`.

mod delete;
mod load;
mod outcome;

use std::sync::Arc;

use serde_json::Value;
use tessera_backbone_api::{
    Bytes, PasswordBytes, relationship_templates::CreateRelationshipTemplateRequest,
};
use tessera_content::{
    ContentError, ForIdentityTruncated, PasswordLocation, PasswordType, Reference, ReferenceId,
    SharedPasswordProtection, TemplateContent, with_v6_names,
};
use tessera_core_types::{Address, CoreDate, GenericId, RelationshipTemplateId, TemplateKeyId};
use tessera_crypto::{
    objects::{ExchangeKeypair, SecretKey, TemplatePublicKey},
    password,
};

use crate::{
    Changed, Result, Wallet, WalletError, envelopes,
    keys::SecretText,
    model::{
        HistoryEvent, HistoryRecord, PasswordProtection, RelationshipTemplate, SecretContainer,
        SecretKind, TemplateReference,
    },
    own_requests,
    store::{self, Transaction},
    wallet::{blocking, identity_keys},
};

/// What a new template is made of.
#[derive(Debug, Clone)]
pub struct NewTemplate {
    /// What it offers.
    pub content: TemplateContent,
    /// Until when it can be opened and answered; in the future.
    pub expires_at: CoreDate,
    /// How many identities may open it, from 1; `None` for any number.
    pub max_number_of_allocations: Option<u32>,
    /// Who alone may open it.
    pub for_identity: Option<Address>,
    /// What must be typed to open it.
    pub password: Option<TemplatePassword>,
}

/// What must be typed to open a new template.
#[derive(Debug, Clone)]
pub struct TemplatePassword {
    /// PIN or password.
    pub password_type: PasswordType,
    /// The password itself.
    pub password: SecretText,
    /// Where the person finds it; anything but [`PasswordLocation::RecoveryKit`].
    pub location: Option<PasswordLocation>,
}

impl Wallet {
    /// Makes a template at the Backbone. Its references are in the result.
    ///
    /// A Request in it that has no expiry gets the template's.
    ///
    /// # Errors
    ///
    /// [`WalletError::InvalidTemplate`] for what can't be; [`WalletError::OwnRequest`] for the first
    /// thing that can't be asked; no connection: nothing is made then (or, if only the answer got
    /// lost, a template that nobody has the code of).
    pub async fn create_template(&self, new: NewTemplate) -> Result<RelationshipTemplate> {
        let now = self.now();
        let new = checked(new, now)?;
        let (me, content) = (self.inner.me.address.clone(), new.content.clone());
        self.inner
            .store
            .read(move |transaction| check_requests(transaction, &me, &content, now))
            .await?;
        let randomness = &*self.inner.environment.randomness;
        let keys = self.inner.store.read(identity_keys).await?;
        let secret_key = SecretKey::generate(randomness);
        let pair = ExchangeKeypair::generate(randomness);
        let template_key = TemplatePublicKey {
            id: TemplateKeyId::generate(randomness),
            key: *pair.public(),
        };
        let content = envelopes::template::seal(
            &with_v6_names(new.content.to_json()),
            &self.inner.me.address,
            keys.signature.private(),
            &template_key,
            &secret_key,
            randomness,
        )?;
        let salt = password::generate_salt(randomness);
        let hash = match &new.password {
            Some(protection) => Some(hash_password(protection.password.clone(), salt).await?),
            None => None,
        };
        // Whoever answers uses this key, so it is there before anybody can.
        let container = SecretContainer {
            id: secret_container_id(randomness)?,
            name: template_key.id.as_str().to_owned(),
            kind: SecretKind::CryptoExchangeKeypair,
            secret: SecretText::from(pair.to_json(true)),
            valid_from: now,
            valid_to: None,
        };
        self.inner
            .store
            .write(move |transaction| store::secrets::put(transaction, &container))
            .await?;

        let allocations = new.max_number_of_allocations.map(i32::try_from).transpose();
        let created = self
            .client()
            .create_relationship_template(&CreateRelationshipTemplateRequest {
                content: Bytes::from(content),
                expires_at: Some(new.expires_at),
                max_number_of_allocations: allocations
                    .map_err(|_| WalletError::InvalidTemplate("too many allocations"))?,
                for_identity: new.for_identity.clone(),
                password: hash,
            })
            .await?;
        let template = RelationshipTemplate {
            reference: self.reference_of(&created.id, &secret_key, &new, salt)?,
            id: created.id,
            is_own: true,
            created_by: self.inner.me.address.clone(),
            created_by_device: self.inner.device.id.clone(),
            created_at: created.created_at,
            expires_at: new.expires_at,
            max_number_of_allocations: new.max_number_of_allocations,
            for_identity: new.for_identity,
            content: new.content,
            password_protection: new.password.map(|protection| PasswordProtection {
                password: protection.password,
                password_type: protection.password_type,
                salt,
                password_location: protection.location,
            }),
            identity: self.inner.me.clone(),
            template_key,
            secret_key,
        };
        let stored = template.clone();
        self.inner
            .store
            .write(move |transaction| {
                store::templates::insert(transaction, &stored)?;
                let mut record = HistoryRecord::new(now, HistoryEvent::TemplateCreated);
                record.template_id = Some(stored.id.clone());
                store::history::add(transaction, &record)
            })
            .await?;
        self.tell(Changed::Templates);
        Ok(template)
    }

    fn reference_of(
        &self,
        id: &RelationshipTemplateId,
        key: &SecretKey,
        new: &NewTemplate,
        salt: [u8; 16],
    ) -> Result<TemplateReference> {
        let protection = new.password.as_ref().map(|protection| {
            SharedPasswordProtection::new(protection.password_type, salt, protection.location)
        });
        let reference = Reference {
            id: ReferenceId::RelationshipTemplate(id.clone()),
            backbone_base_url: Some(self.backbone_url()?),
            key: key.clone(),
            for_identity_truncated: new.for_identity.as_ref().map(ForIdentityTruncated::of),
            password_protection: protection
                .transpose()
                .map_err(|_| WalletError::InvalidTemplate("the password type or location"))?,
        };
        let url = reference.url(None).map_err(ContentError::from)?;
        Ok(TemplateReference {
            truncated: reference.truncated().to_string(),
            url: url.to_string(),
        })
    }

    /// Own templates, the newest first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn templates(&self) -> Result<Vec<RelationshipTemplate>> {
        Ok(self
            .inner
            .store
            .read(|transaction| store::templates::by_owner(transaction, true))
            .await?)
    }

    /// A template, own or of a peer.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn template(&self, id: &RelationshipTemplateId) -> Result<RelationshipTemplate> {
        let id = id.clone();
        self.inner
            .store
            .read(move |transaction| store::templates::by_id(transaction, &id))
            .await?
            .ok_or(WalletError::NotFound("template"))
    }
}

/// Reads what a template offers.
///
/// # Errors
///
/// When it is not what its `@type` says, too large, or of a type that is not known: enmeshed
/// refuses those too. JSON without a `@type` is fine; there is no Request in it.
pub fn read_template_content(json: &Value) -> Result<TemplateContent, ContentError> {
    let content = TemplateContent::parse(json)?;
    match &content {
        TemplateContent::Unknown(json) if json.get("@type").is_some() => {
            Err(ContentError::UnknownType {
                path: "@type".to_owned(),
            })
        }
        _ => Ok(content),
    }
}

/// Whether what a template asks can be asked of anybody: by the rules for asking a contact, as far as
/// they don't need one.
fn check_requests(
    transaction: &Transaction<'_>,
    me: &Address,
    content: &TemplateContent,
    now: CoreDate,
) -> Result<()> {
    let TemplateContent::Request(content) = content else {
        return Ok(());
    };
    let requests =
        std::iter::once(&content.on_new_relationship).chain(&content.on_existing_relationship);
    for request in requests {
        own_requests::check(transaction, me, None, request, now)?;
    }
    Ok(())
}

/// Checks a new template and completes it.
fn checked(mut new: NewTemplate, now: CoreDate) -> Result<NewTemplate> {
    let refuse = |what| Err(WalletError::InvalidTemplate(what));
    if new.expires_at <= now {
        return refuse("it would have expired already");
    }
    if new.max_number_of_allocations == Some(0) {
        return refuse("nobody could open it");
    }
    if let Some(protection) = &new.password {
        if !protection
            .password_type
            .accepts(protection.password.expose())
        {
            return refuse("the PIN or password does not have the form it should have");
        }
        if protection.location == Some(PasswordLocation::RecoveryKit) {
            return refuse("the location is kept for recovery kits");
        }
    }
    read_template_content(&new.content.to_json())?;
    if let TemplateContent::Request(content) = &mut new.content {
        let request = &mut content.on_new_relationship;
        match request.expires_at {
            None => request.expires_at = Some(new.expires_at),
            Some(date) if date > new.expires_at => {
                return refuse("its Request would expire after it");
            }
            Some(date) if date <= now => return refuse("its Request would have expired already"),
            Some(_) => {}
        }
        let mut requests =
            std::iter::once(&content.on_new_relationship).chain(&content.on_existing_relationship);
        if !requests.all(|request| request.is_understood() && request.id.is_none()) {
            return refuse("its Request has an id, or an item that is not known");
        }
    }
    Ok(new)
}

/// What the Backbone gets instead of a password. Takes a tenth of a second of one core.
pub(crate) async fn hash_password(password: SecretText, salt: [u8; 16]) -> Result<PasswordBytes> {
    blocking(move || {
        let hash = password::hash(password.expose(), &salt)?;
        Ok(PasswordBytes::new(hash.to_vec()))
    })
    .await
}

/// The id of a stored secret, `TRPSEC…`.
pub(crate) fn secret_container_id(
    randomness: &dyn tessera_core_types::Randomness,
) -> Result<GenericId> {
    let rest = tessera_core_types::random_characters(14, randomness);
    GenericId::parse(&format!("TRPSEC{rest}"))
        .map_err(|_| WalletError::SecretNotFound("an id for a secret"))
}

/// For closures that go to another thread.
pub(crate) fn shared_randomness(wallet: &Wallet) -> Arc<dyn tessera_core_types::Randomness> {
    Arc::clone(&wallet.inner.environment.randomness)
}

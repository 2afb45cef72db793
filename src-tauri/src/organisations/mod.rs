//! The sample organisations: wallets in the other role, so that a person can try everything alone.
//!
//! What they do is what every organisation does: make an identity, offer a template, receive
//! Relationships, accept or reject them, answer what they are asked, over the embedded Backbone. Only
//! their data is a sample.

mod answering;
mod samples;

use std::path::Path;

use answering::answer_requests;
use chrono::TimeDelta;
use samples::{SAMPLES, Sample, SamplePassword};
use serde_json::Value;
use tessera_content::{
    Attribute, ItemFrame, PasswordType, RequestItem, RequestNode, ShareAttributeRequestItem,
    TemplateContent, parse_json,
};
use tessera_core_types::{Clock, RelationshipId, SystemClock, SystemRandomness};
use tessera_wallet::{
    Environment, NewProfile, NewTemplate, TemplatePassword, Wallet, WalletError,
    keys::{SecretText, Unlock},
    model::{BackboneSettings, Relationship, RelationshipTemplate},
    views::RelationshipStatus,
};

use crate::{
    embedded,
    error::ErrorView,
    views::{Answers, OrganisationView, WaitingView},
};

/// How long an organisation takes for what it answers by itself.
const MOMENT: TimeDelta = TimeDelta::seconds(3);

/// How long its code is good for.
const OFFER: TimeDelta = TimeDelta::days(365);

/// All sample organisations, open.
pub struct Organisations(Vec<Organisation>);

struct Organisation {
    sample: &'static Sample,
    wallet: Wallet,
    template: RelationshipTemplate,
}

impl Organisations {
    /// Opens them, making those that are not there yet. The passphrases of their databases are
    /// kept in the person's encrypted database.
    ///
    /// # Errors
    ///
    /// When one can't be made or opened.
    pub async fn open(folder: &Path, person: &Wallet, backbone: &str) -> Result<Self, WalletError> {
        let mut organisations = Vec::with_capacity(SAMPLES.len());
        for sample in SAMPLES {
            organisations.push(Organisation::open(sample, folder, person, backbone).await?);
        }
        Ok(Self(organisations))
    }

    /// What the page shows of them.
    ///
    /// # Errors
    ///
    /// When a database can't be read.
    pub async fn views(&self) -> Result<Vec<OrganisationView>, ErrorView> {
        let mut views = Vec::with_capacity(self.0.len());
        for organisation in &self.0 {
            views.push(organisation.view().await?);
        }
        Ok(views)
    }

    /// Accepts or rejects who waits.
    ///
    /// # Errors
    ///
    /// When there is no such organisation, or the Relationship can't be answered (any more).
    pub async fn answer(
        &self,
        id: &str,
        relationship: &RelationshipId,
        accept: bool,
    ) -> Result<(), ErrorView> {
        let organisation = self.0.iter().find(|it| it.sample.id == id).ok_or_else(|| {
            ErrorView::new(
                "error.tessera.shell.unknownOrganisation",
                "there is no such organisation",
            )
        })?;
        if accept {
            organisation
                .wallet
                .accept_relationship(relationship)
                .await?;
        } else {
            organisation
                .wallet
                .reject_relationship(relationship)
                .await?;
        }
        Ok(())
    }

    /// Fetches what is new for each and answers for those that answer by themselves. Says whether
    /// anything has changed.
    pub async fn attend(&self) -> bool {
        let mut changed = false;
        for organisation in &self.0 {
            match organisation.attend().await {
                Ok(it) => changed |= it,
                Err(error) => {
                    tracing::warn!(organisation = organisation.sample.id, code = %error.code(), "a sample organisation can't work now")
                }
            }
        }
        changed
    }

    /// Closes their databases.
    pub async fn close(&self) {
        for organisation in &self.0 {
            if let Err(error) = organisation.wallet.close().await {
                tracing::warn!(code = %error.code(), "a sample organisation is not closed in order");
            }
        }
    }
}

impl Organisation {
    async fn open(
        sample: &'static Sample,
        folder: &Path,
        person: &Wallet,
        backbone: &str,
    ) -> Result<Self, WalletError> {
        let folder = folder.join(sample.id);
        let setting = format!("organisation.{}.passphrase", sample.id);
        let known = person
            .setting(&setting)
            .await?
            .and_then(|value| value.as_str().map(str::to_owned));
        let wallet = match known {
            Some(passphrase) if Wallet::exists(&folder)? => {
                let unlock = Unlock::Passphrase(SecretText::from(passphrase));
                Wallet::open(&folder, unlock, Environment::system()).await?
            }
            _ => {
                // Without its passphrase what lies there can't be opened by anybody. If it can't be
                // removed either, making the wallet says so.
                if let Err(error) = std::fs::remove_dir_all(&folder)
                    && error.kind() != std::io::ErrorKind::NotFound
                {
                    tracing::warn!(%error, organisation = sample.id, "an old folder can't be removed");
                }
                let passphrase = tessera_core_types::random_characters(43, &SystemRandomness);
                person
                    .set_setting(&setting, passphrase.clone().into())
                    .await?;
                let profile = NewProfile {
                    name: sample.name.to_owned(),
                    backbone: BackboneSettings {
                        base_url: backbone.to_owned(),
                        client_id: embedded::CLIENT.0.to_owned(),
                        client_secret: SecretText::from(embedded::CLIENT.1.to_owned()),
                    },
                };
                let unlock = Unlock::Passphrase(SecretText::from(passphrase));
                Wallet::create(&folder, profile, unlock, Environment::system()).await?
            }
        };
        wallet.set_backbone_url(backbone).await?;
        keep_own_data(sample, &wallet).await?;
        let template = Self::offer(sample, &wallet, backbone).await?;
        Ok(Self {
            sample,
            wallet,
            template,
        })
    }

    /// The template that its code leads to; a new one when there is none that fits any more.
    async fn offer(
        sample: &Sample,
        wallet: &Wallet,
        backbone: &str,
    ) -> Result<RelationshipTemplate, WalletError> {
        let now = SystemClock.now();
        let introduction = introduction(sample.name, wallet).await?;
        let is_good = |template: &RelationshipTemplate| {
            template.is_own
                && shares(&template.content, &introduction)
                && !template.is_expired_at(now)
                && template.reference.url.starts_with(&format!("{backbone}/"))
        };
        if let Some(template) = wallet.templates().await?.into_iter().find(is_good) {
            return Ok(template);
        }
        let mut content = TemplateContent::parse(&parse_json(sample.content)?)?;
        if let TemplateContent::Request(content) = &mut content {
            let introduction = RequestItem::ShareAttribute(introduction);
            let items = &mut content.on_new_relationship.items;
            items.push(RequestNode::Item(introduction));
        }
        wallet
            .create_template(NewTemplate {
                content,
                expires_at: now.plus(OFFER),
                max_number_of_allocations: None,
                for_identity: None,
                password: sample.password.as_ref().map(SamplePassword::of_template),
            })
            .await
    }

    async fn view(&self) -> Result<OrganisationView, ErrorView> {
        let relationships = self.wallet.relationships().await?;
        let waiting = relationships
            .iter()
            .filter(|it| waits(it))
            .map(|it| WaitingView {
                relationship_id: it.id.clone(),
                address: it.peer.address.clone(),
                since: it.created_at,
            });
        let url = &self.template.reference.url;
        Ok(OrganisationView {
            id: self.sample.id.to_owned(),
            name: self.sample.name.to_owned(),
            address: self.wallet.address().clone(),
            code_url: url.clone(),
            truncated_reference: self.template.reference.truncated.clone(),
            qr_svg: tessera_scanner::qr_svg(url)?,
            pin: self
                .sample
                .password
                .as_ref()
                .map(|password| password.text().to_owned()),
            answers: self.sample.answers,
            waiting: waiting.collect(),
            members: u32::try_from(
                relationships
                    .iter()
                    .filter(|it| it.status == RelationshipStatus::Active)
                    .count(),
            )
            .unwrap_or(u32::MAX),
        })
    }

    async fn attend(&self) -> Result<bool, WalletError> {
        let mut changed = !self.wallet.sync().await?.changed_relationships.is_empty();
        let now = SystemClock.now();
        if self.sample.answers == Answers::Automatically {
            for relationship in self.wallet.relationships().await? {
                if waits(&relationship) && relationship.created_at.plus(MOMENT) <= now {
                    self.wallet.accept_relationship(&relationship.id).await?;
                    changed = true;
                }
            }
        }
        let before = now.plus(-MOMENT);
        changed |= answer_requests(&self.wallet, self.sample.declines, now, before).await?;
        Ok(changed)
    }
}

/// Keeps what an organisation says about itself when it is asked.
async fn keep_own_data(sample: &Sample, wallet: &Wallet) -> Result<(), WalletError> {
    let own = wallet.attributes().await?;
    let Value::Array(values) = parse_json(sample.data)? else {
        return Ok(());
    };
    for value in values {
        if !own.iter().any(|known| known.value == value) {
            wallet.add_attribute(value, None).await?;
        }
    }
    Ok(())
}

/// The item with which an organisation says what it is called. Its name is its own Attribute, made
/// at the first time.
async fn introduction(
    name: &str,
    wallet: &Wallet,
) -> Result<ShareAttributeRequestItem, WalletError> {
    let value = serde_json::json!({ "@type": "DisplayName", "value": name });
    let own = wallet.attributes().await?;
    let attribute_id = match own.into_iter().find(|own| own.value == value) {
        Some(own) => own.id,
        None => wallet.add_attribute(value.clone(), None).await?.id,
    };
    let attribute = Attribute::parse(&serde_json::json!({
        "@type": "IdentityAttribute",
        "owner": wallet.address(),
        "value": value,
    }))?;
    Ok(ShareAttributeRequestItem {
        frame: ItemFrame::new(true),
        attribute,
        attribute_id: Some(attribute_id),
        source_attribute_id: None,
        initial_attribute_peer: None,
    })
}

/// Whether a template has this item.
fn shares(content: &TemplateContent, introduction: &ShareAttributeRequestItem) -> bool {
    let TemplateContent::Request(content) = content else {
        return false;
    };
    content.on_new_relationship.all_items().any(|item| {
        matches!(item, RequestItem::ShareAttribute(item) if item.attribute_id == introduction.attribute_id)
    })
}

fn waits(relationship: &Relationship) -> bool {
    relationship.status == RelationshipStatus::Pending && !relationship.is_own
}

impl SamplePassword {
    fn of_template(&self) -> TemplatePassword {
        let (password_type, location) = match self {
            Self::Pin {
                length, location, ..
            } => (PasswordType::Pin(*length), *location),
            Self::Password { location, .. } => (PasswordType::Password, *location),
        };
        TemplatePassword {
            password_type,
            password: SecretText::from(self.text().to_owned()),
            location: Some(location),
        }
    }

    fn text(&self) -> &'static str {
        match self {
            Self::Pin { digits, .. } => digits,
            Self::Password { text, .. } => text,
        }
    }
}

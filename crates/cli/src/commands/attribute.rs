//! Attributes.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tessera_content::Attribute;
use tessera_core_types::AttributeId;
use tessera_wallet::{Wallet, model::LocalAttribute};

use super::document;
use crate::{arguments::AttributeCommand, failure::Failure, files};

pub async fn run(wallet: &Wallet, command: AttributeCommand) -> Result<Value, Failure> {
    match command {
        AttributeCommand::List { all } => list(wallet, all).await,
        AttributeCommand::Add { file } => match files::read_json(&file)? {
            Value::Array(values) => {
                document(json!({ "added": wallet.add_attributes(values).await? }))
            }
            value => document(wallet.add_attribute(value, None).await?),
        },
        AttributeCommand::Succeed { id, file } => {
            let value = files::read_json(&file)?;
            document(succeed(wallet, &id, value).await?)
        }
        AttributeCommand::Notify { id, to } => {
            wallet.notify_about_succession(&id, &to).await?;
            document(wallet.holders(&id).await?.newest)
        }
        AttributeCommand::Delete { id } => {
            let told = wallet.told_of_deletion(&id).await?;
            wallet.delete_attribute(&id).await?;
            document(told)
        }
        AttributeCommand::Versions { id } => document(wallet.attribute_versions(&id).await?),
        AttributeCommand::Derivation { id } => document(wallet.derivation(&id).await?),
    }
}

/// The own identity attributes, newest versions; with `all` also what contacts gave, and what
/// belongs to Relationships.
async fn list(wallet: &Wallet, all: bool) -> Result<Value, Failure> {
    let mut ids: Vec<AttributeId> = wallet
        .attributes()
        .await?
        .into_iter()
        .map(|it| it.id)
        .collect();
    if all {
        let mut known: BTreeSet<AttributeId> = ids.iter().cloned().collect();
        for contact in wallet.contacts().await? {
            let detail = wallet.contact(&contact.peer.address).await?;
            let shared = detail.received.into_iter().chain(detail.given);
            ids.extend(shared.map(|it| it.id).filter(|id| known.insert(id.clone())));
        }
    }
    let mut attributes = Vec::with_capacity(ids.len());
    for id in &ids {
        attributes.extend(attribute(wallet, id).await?);
    }
    document(attributes)
}

/// A new version; of an attribute of the own identity it keeps the tags.
async fn succeed(
    wallet: &Wallet,
    id: &AttributeId,
    value: Value,
) -> Result<LocalAttribute, Failure> {
    let old = attribute(wallet, id).await?;
    Ok(match old.map(|old| old.content) {
        Some(Attribute::Relationship(_)) => {
            wallet.succeed_relationship_attribute(id, value).await?
        }
        old => {
            let tags = old.map(|content| content.tags().to_vec());
            wallet.succeed_attribute(id, value, tags).await?
        }
    })
}

async fn attribute(wallet: &Wallet, id: &AttributeId) -> Result<Option<LocalAttribute>, Failure> {
    let versions = wallet.attribute_versions(id).await?;
    Ok(versions.into_iter().find(|version| version.id == *id))
}

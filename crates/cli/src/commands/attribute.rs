//! Attributes.

use std::collections::BTreeSet;

use serde_json::Value;
use tessera_core_types::AttributeId;
use tessera_wallet::{Wallet, model::LocalAttribute};

use super::document;
use crate::{arguments::AttributeCommand, failure::Failure, files};

pub async fn run(wallet: &Wallet, command: AttributeCommand) -> Result<Value, Failure> {
    match command {
        AttributeCommand::List { all } => list(wallet, all).await,
        AttributeCommand::Add { file } => {
            let value = files::read_json(&file)?;
            document(wallet.add_attribute(value, None).await?)
        }
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

async fn attribute(wallet: &Wallet, id: &AttributeId) -> Result<Option<LocalAttribute>, Failure> {
    let versions = wallet.attribute_versions(id).await?;
    Ok(versions.into_iter().find(|version| version.id == *id))
}

//! Relationships.

use serde_json::Value;
use tessera_wallet::Wallet;

use super::document;
use crate::{
    arguments::{Reactivation, RelationshipCommand},
    failure::Failure,
};

pub async fn run(wallet: &Wallet, command: RelationshipCommand) -> Result<Value, Failure> {
    document(match command {
        RelationshipCommand::List => return document(wallet.relationships().await?),
        RelationshipCommand::Show { id } => wallet.relationship(&id).await?,
        RelationshipCommand::Accept { id } => wallet.accept_relationship(&id).await?,
        RelationshipCommand::Reject { id } => wallet.reject_relationship(&id).await?,
        RelationshipCommand::Revoke { id } => wallet.revoke_relationship(&id).await?,
        RelationshipCommand::Terminate { id } => wallet.terminate_relationship(&id).await?,
        RelationshipCommand::Reactivate { id, step } => match step {
            Reactivation::Request => wallet.request_reactivation(&id).await?,
            Reactivation::Accept => wallet.accept_reactivation(&id).await?,
            Reactivation::Reject => wallet.reject_reactivation(&id).await?,
            Reactivation::Revoke => wallet.revoke_reactivation(&id).await?,
        },
        RelationshipCommand::Decompose { id } => {
            wallet.decompose_relationship(&id).await?;
            return document(wallet.relationships().await?);
        }
    })
}

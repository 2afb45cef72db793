//! The identity and where it lives.

use std::path::Path;

use serde_json::Value;
use tessera_wallet::{Environment, NewProfile, Wallet, keys::Unlock, model::BackboneSettings};

use super::{close, document};
use crate::{arguments::CreateProfile, failure::Failure};

pub async fn create(
    folder: &Path,
    new: CreateProfile,
    unlock: Unlock,
    environment: Environment,
) -> Result<Value, Failure> {
    let profile = NewProfile {
        name: new.name,
        backbone: BackboneSettings {
            base_url: new.backbone,
            client_id: new.client.id,
            client_secret: new.client.secret,
        },
    };
    let wallet = Wallet::create(folder, profile, unlock, environment).await?;
    let made = wallet.profile().await;
    close(&wallet).await;
    document(made?)
}

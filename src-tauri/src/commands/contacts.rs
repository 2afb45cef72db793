//! Contacts and their Relationships.

use tessera_core_types::{Address, RelationshipId};
use tessera_wallet::{
    Wallet,
    views::{ContactDetail, ContactView},
};

use super::{Answer, TheApp};

/// All contacts.
#[tauri::command]
pub async fn contacts(app: TheApp<'_>) -> Answer<Vec<ContactView>> {
    Ok(app.wallet().await?.contacts().await?)
}

/// One contact with everything known about it.
#[tauri::command]
pub async fn contact(app: TheApp<'_>, address: Address) -> Answer<ContactDetail> {
    Ok(app.wallet().await?.contact(&address).await?)
}

/// Takes back one's own question while it is not answered.
#[tauri::command]
pub async fn revoke_relationship(app: TheApp<'_>, id: RelationshipId) -> Answer<ContactDetail> {
    let wallet = app.wallet().await?;
    wallet.revoke_relationship(&id).await?;
    detail(&wallet, &id).await
}

/// Accepts a Relationship that somebody asked for.
#[tauri::command]
pub async fn accept_relationship(app: TheApp<'_>, id: RelationshipId) -> Answer<ContactDetail> {
    let wallet = app.wallet().await?;
    wallet.accept_relationship(&id).await?;
    detail(&wallet, &id).await
}

/// Rejects a Relationship that somebody asked for.
#[tauri::command]
pub async fn reject_relationship(app: TheApp<'_>, id: RelationshipId) -> Answer<ContactDetail> {
    let wallet = app.wallet().await?;
    wallet.reject_relationship(&id).await?;
    detail(&wallet, &id).await
}

async fn detail(wallet: &Wallet, id: &RelationshipId) -> Answer<ContactDetail> {
    let relationship = wallet.relationship(id).await?;
    Ok(wallet.contact(&relationship.peer.address).await?)
}

//! Contacts and their Relationships.

use serde_json::Value;
use tessera_core_types::{Address, RelationshipId, RequestId};
use tessera_wallet::views::{
    ContactNote, ContactPage, ContactSearch, ContactStanding, ContactView, RelationshipCheck,
    RelationshipRecord, RelationshipStep, TimelinePage, TimelineSearch,
};

use super::{Answer, TheApp};

/// All contacts.
#[tauri::command]
pub async fn contacts(app: TheApp<'_>) -> Answer<Vec<ContactView>> {
    Ok(app.wallet().await?.contacts().await?)
}

/// Some of the contacts, a page at a time.
#[tauri::command]
pub async fn search_contacts(app: TheApp<'_>, search: ContactSearch) -> Answer<ContactPage> {
    Ok(app.wallet().await?.search_contacts(search).await?)
}

/// Keeps what the person wrote about a contact; it is never sent.
#[tauri::command]
pub async fn set_contact_note(
    app: TheApp<'_>,
    address: Address,
    title: Option<String>,
    notes: Option<String>,
    tags: Vec<String>,
) -> Answer<ContactNote> {
    let wallet = app.wallet().await?;
    Ok(wallet
        .set_contact_note(&address, title.as_deref(), notes.as_deref(), &tags)
        .await?)
}

/// Puts a contact into the archive or takes it out.
#[tauri::command]
pub async fn set_contact_archived(
    app: TheApp<'_>,
    address: Address,
    archived: bool,
) -> Answer<ContactNote> {
    let wallet = app.wallet().await?;
    Ok(wallet.set_contact_archived(&address, archived).await?)
}

/// One contact with everything known about it: a
/// [`ContactDetail`](tessera_wallet::views::ContactDetail).
#[tauri::command]
pub async fn contact(app: TheApp<'_>, address: Address) -> Answer<Value> {
    let contact = app.wallet().await?.contact(&address).await?;
    app.files.shown(&contact)
}

/// What happened with somebody, a page at a time.
#[tauri::command]
pub async fn contact_timeline(app: TheApp<'_>, search: TimelineSearch) -> Answer<TimelinePage> {
    Ok(app.wallet().await?.timeline(search).await?)
}

/// Every Relationship that there was or is with somebody.
#[tauri::command]
pub async fn contact_relationships(
    app: TheApp<'_>,
    address: Address,
) -> Answer<Vec<RelationshipRecord>> {
    Ok(app.wallet().await?.relationships_with(&address).await?)
}

/// Whether a Relationship with somebody can be created, and what is in the way.
#[tauri::command]
pub async fn check_relationship(app: TheApp<'_>, address: Address) -> Answer<RelationshipCheck> {
    Ok(app.wallet().await?.check_relationship(&address).await?)
}

/// Whether accepting a Request can start its Relationship, and what is in the way.
#[tauri::command]
pub async fn check_relationship_of(app: TheApp<'_>, id: RequestId) -> Answer<RelationshipCheck> {
    Ok(app.wallet().await?.check_relationship_of(&id).await?)
}

/// Where a Relationship stands, and what can be done about it.
#[tauri::command]
pub async fn contact_standing(app: TheApp<'_>, id: RelationshipId) -> Answer<ContactStanding> {
    Ok(app.wallet().await?.standing(&id).await?)
}

/// Takes a step in the life of a Relationship; offline it waits.
#[tauri::command]
pub async fn relationship_step(
    app: TheApp<'_>,
    id: RelationshipId,
    step: RelationshipStep,
) -> Answer<()> {
    let wallet = app.wallet().await?;
    match step {
        RelationshipStep::Accept => wallet.accept_relationship(&id).await.map(drop),
        RelationshipStep::Reject => wallet.reject_relationship(&id).await.map(drop),
        RelationshipStep::Revoke => wallet.revoke_relationship(&id).await.map(drop),
        RelationshipStep::Terminate => wallet.terminate_relationship(&id).await.map(drop),
        RelationshipStep::RequestReactivation => wallet.request_reactivation(&id).await.map(drop),
        RelationshipStep::AcceptReactivation => wallet.accept_reactivation(&id).await.map(drop),
        RelationshipStep::RejectReactivation => wallet.reject_reactivation(&id).await.map(drop),
        RelationshipStep::RevokeReactivation => wallet.revoke_reactivation(&id).await.map(drop),
        RelationshipStep::Decompose => wallet.decompose_relationship(&id).await,
    }?;
    app.sync_soon();
    Ok(())
}

//! The person's own attributes, as the page gets them: each an
//! [`AttributeView`](tessera_wallet::views::AttributeView) with ids in place of references to Files.

use serde_json::Value;
use tessera_content::{ValueKind, ValueType, ValueTypeDescription};
use tessera_core_types::{Address, AttributeId};
use tessera_wallet::{
    Wallet,
    views::{AttributeSearch, HoldersView, PeerView},
};

use super::{Answer, TheApp};
use crate::app::App;

/// The own attributes, newest versions.
#[tauri::command]
pub async fn attributes(app: TheApp<'_>) -> Answer<Value> {
    app.files.shown(&app.wallet().await?.attributes().await?)
}

/// What a form for each value type is made of.
#[tauri::command]
pub async fn value_types() -> Answer<Vec<ValueTypeDescription>> {
    let kinds = [ValueKind::Identity, ValueKind::Relationship];
    let types = kinds.into_iter().flat_map(ValueType::all);
    Ok(types
        .filter_map(|value_type| ValueTypeDescription::of(value_type.name(), None))
        .collect())
}

/// Keeps a new attribute.
#[tauri::command]
pub async fn add_attribute(app: TheApp<'_>, value: Value, tags: Vec<String>) -> Answer<Value> {
    let wallet = app.wallet().await?;
    let value = app.files.meant(&wallet, value).await?;
    let attribute = wallet.add_attribute(value, Some(tags)).await?;
    view(&app, &wallet, &attribute.id).await
}

/// Makes a new version of an attribute. The contact of a RelationshipAttribute, which has no tags,
/// is told.
#[tauri::command]
pub async fn edit_attribute(
    app: TheApp<'_>,
    id: AttributeId,
    value: Value,
    tags: Vec<String>,
) -> Answer<Value> {
    let wallet = app.wallet().await?;
    let value = app.files.meant(&wallet, value).await?;
    let attribute = if wallet.attribute(&id).await?.key.is_some() {
        wallet.succeed_relationship_attribute(&id, value).await?
    } else {
        wallet.succeed_attribute(&id, value, Some(tags)).await?
    };
    app.sync_soon();
    view(&app, &wallet, &attribute.id).await
}

/// Own attributes, newest versions, a page at a time.
#[tauri::command]
pub async fn search_attributes(app: TheApp<'_>, search: AttributeSearch) -> Answer<Value> {
    let page = app.wallet().await?.search_attributes(search).await?;
    app.files.shown(&page)
}

/// One attribute.
#[tauri::command]
pub async fn attribute(app: TheApp<'_>, id: AttributeId) -> Answer<Value> {
    view(&app, &app.wallet().await?, &id).await
}

/// The tags that own attributes have.
#[tauri::command]
pub async fn attribute_tags(app: TheApp<'_>) -> Answer<Vec<String>> {
    Ok(app.wallet().await?.attribute_tags().await?)
}

/// All versions of an attribute, the newest first.
#[tauri::command]
pub async fn attribute_history(app: TheApp<'_>, id: AttributeId) -> Answer<Value> {
    app.files
        .shown(&app.wallet().await?.attribute_history(&id).await?)
}

/// What a contact has of the person, or had.
#[tauri::command]
pub async fn given_to(app: TheApp<'_>, address: Address) -> Answer<Value> {
    app.files
        .shown(&app.wallet().await?.given_to(&address).await?)
}

/// Who has which version of an attribute, since when and by which Request.
#[tauri::command]
pub async fn holders(app: TheApp<'_>, id: AttributeId) -> Answer<HoldersView> {
    Ok(app.wallet().await?.holders(&id).await?)
}

/// What an attribute was made of, and what was made of it.
#[tauri::command]
pub async fn derivation(app: TheApp<'_>, id: AttributeId) -> Answer<Value> {
    app.files.shown(&app.wallet().await?.derivation(&id).await?)
}

/// Who is told when an attribute is deleted.
#[tauri::command]
pub async fn told_of_deletion(app: TheApp<'_>, id: AttributeId) -> Answer<Vec<PeerView>> {
    Ok(app.wallet().await?.told_of_deletion(&id).await?)
}

/// Tells peers that have an older version about this one.
#[tauri::command]
pub async fn notify_about_succession(
    app: TheApp<'_>,
    id: AttributeId,
    peers: Vec<Address>,
) -> Answer<HoldersView> {
    let wallet = app.wallet().await?;
    wallet.notify_about_succession(&id, &peers).await?;
    app.sync_soon();
    Ok(wallet.holders(&id).await?)
}

/// Deletes an attribute with its older versions, and tells those who have it.
#[tauri::command]
pub async fn delete_attribute(app: TheApp<'_>, id: AttributeId) -> Answer<()> {
    app.wallet().await?.delete_attribute(&id).await?;
    app.sync_soon();
    Ok(())
}

/// Makes an attribute the default of its value type.
#[tauri::command]
pub async fn set_default_attribute(app: TheApp<'_>, id: AttributeId) -> Answer<Value> {
    let wallet = app.wallet().await?;
    wallet.set_default_attribute(&id).await?;
    view(&app, &wallet, &id).await
}

/// Gives an attribute a word of one's own, which is never sent; `None` takes it away.
#[tauri::command]
pub async fn set_attribute_label(
    app: TheApp<'_>,
    id: AttributeId,
    label: Option<String>,
) -> Answer<Value> {
    let wallet = app.wallet().await?;
    wallet.set_attribute_label(&id, label.as_deref()).await?;
    view(&app, &wallet, &id).await
}

async fn view(app: &App, wallet: &Wallet, id: &AttributeId) -> Answer<Value> {
    app.files.shown(&wallet.attribute(id).await?)
}

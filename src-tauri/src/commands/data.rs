//! The person's own attributes.

use serde_json::Value;
use tessera_content::{ValueKind, ValueType, ValueTypeDescription};
use tessera_core_types::AttributeId;
use tessera_wallet::{Wallet, WalletError, views::AttributeView};

use super::{Answer, TheApp};

/// The own attributes, newest versions.
#[tauri::command]
pub async fn attributes(app: TheApp<'_>) -> Answer<Vec<AttributeView>> {
    Ok(app.wallet().await?.attributes().await?)
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
pub async fn add_attribute(
    app: TheApp<'_>,
    value: Value,
    tags: Vec<String>,
) -> Answer<AttributeView> {
    let wallet = app.wallet().await?;
    let attribute = wallet.add_attribute(value, Some(tags)).await?;
    view(&wallet, &attribute.id).await
}

/// Makes a new version of an attribute.
#[tauri::command]
pub async fn edit_attribute(
    app: TheApp<'_>,
    id: AttributeId,
    value: Value,
    tags: Vec<String>,
) -> Answer<AttributeView> {
    let wallet = app.wallet().await?;
    let attribute = wallet.succeed_attribute(&id, value, Some(tags)).await?;
    view(&wallet, &attribute.id).await
}

async fn view(wallet: &Wallet, id: &AttributeId) -> Answer<AttributeView> {
    let views = wallet.attributes().await?;
    let found = views.into_iter().find(|view| view.id == *id);
    found.ok_or_else(|| WalletError::NotFound("Attribute").into())
}

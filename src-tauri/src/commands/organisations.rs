//! The sample organisations.

use tessera_core_types::RelationshipId;

use super::{Answer, TheApp};
use crate::views::{OrganisationView, Topic};

/// All of them; none while they are being made, or at another Backbone.
#[tauri::command]
pub async fn organisations(app: TheApp<'_>) -> Answer<Vec<OrganisationView>> {
    match app.organisations().await {
        Some(organisations) => organisations.views().await,
        None => Ok(Vec::new()),
    }
}

/// Answers in the name of a sample organisation.
#[tauri::command]
pub async fn answer_organisation(
    app: TheApp<'_>,
    organisation: String,
    relationship_id: RelationshipId,
    accept: bool,
) -> Answer<()> {
    if let Some(organisations) = app.organisations().await {
        organisations
            .answer(&organisation, &relationship_id, accept)
            .await?;
        app.changed(Topic::Organisations);
        app.sync_soon();
    }
    Ok(())
}

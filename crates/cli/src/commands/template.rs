//! RelationshipTemplates: making them and loading those of others.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tessera_content::{ContentError, Reference, ReferenceId, TemplateContent};
use tessera_core_types::{Clock, RelationshipTemplateId, SystemClock};
use tessera_scanner::qr_png;
use tessera_wallet::{
    NewTemplate, TemplatePassword, Wallet, WalletError,
    model::LocalRequestSource,
    views::{CodeOrigin, LoadOutcome},
};

use super::{document, with};
use crate::{
    arguments::{CreateTemplate, LoadTemplate, TemplateCommand},
    failure::Failure,
    files::{self, NewFile},
};

/// How long a template can be loaded if nothing is said.
const LIFETIME: TimeDelta = TimeDelta::days(30);

/// Pixels per module of a QR code: sharp on paper, and readable from a screen.
const QR_SCALE: u32 = 8;

pub async fn run(wallet: &Wallet, command: TemplateCommand) -> Result<Value, Failure> {
    match command {
        TemplateCommand::Create(new) => create(wallet, new).await,
        TemplateCommand::Load(what) => load(wallet, what).await,
        TemplateCommand::List => document(wallet.templates().await?),
    }
}

async fn create(wallet: &Wallet, new: CreateTemplate) -> Result<Value, Failure> {
    let content = content(&files::read_json(&new.content)?).map_err(|source| Failure::Content {
        file: new.content,
        source,
    })?;
    // Before anything is made: a picture that can't be written.
    let picture = new.qr.as_deref().map(NewFile::prepare).transpose()?;
    let expires_at = new
        .expires_at
        .unwrap_or_else(|| SystemClock.now().plus(LIFETIME));
    let password = new
        .protection
        .typed()
        .map(|(kind, password)| TemplatePassword {
            password_type: kind,
            password,
            location: None,
        });
    let template = wallet
        .create_template(NewTemplate {
            content,
            expires_at,
            max_number_of_allocations: new.max_allocations,
            for_identity: new.for_identity,
            password,
        })
        .await?;
    if let (Some(picture), Some(file)) = (picture, new.qr) {
        let png = qr_png(&template.reference.url, QR_SCALE)
            .map_err(|source| Failure::Picture { file, source })?;
        picture.write(&png)?;
    }
    document(template)
}

/// The two contents that enmeshed's runtime makes templates of.
fn content(json: &Value) -> Result<TemplateContent, ContentError> {
    match TemplateContent::parse(json)? {
        TemplateContent::Unknown(_) => Err(ContentError::UnknownType {
            path: "@type".to_owned(),
        }),
        known => Ok(known),
    }
}

/// The template, with what came of loading it.
async fn load(wallet: &Wallet, what: LoadTemplate) -> Result<Value, Failure> {
    let (text, origin) = match (what.reference, what.qr) {
        (Some(reference), _) => (reference, CodeOrigin::Text),
        (None, Some(file)) => (files::read_qr(&file)?, CodeOrigin::Picture),
        // The definition of the arguments wants one of them.
        (None, None) => return Err(Failure::Unexpected),
    };
    let reference = Reference::parse(text.expose())?;
    let password = what.protection.typed().map(|(_, password)| password);
    let outcome = wallet.load_template(&reference, password).await?;
    if let LoadOutcome::Request { request_id } = &outcome {
        wallet.set_code_origin(request_id, origin).await?;
    }
    let template = match template_id(wallet, &reference, &outcome).await? {
        Some(id) => template(wallet, &id).await?,
        None => json!({}),
    };
    let Value::Object(mut further) = document(outcome)? else {
        return Err(Failure::Unexpected);
    };
    let kind = further.shift_remove("kind").unwrap_or_default();
    Ok(with(
        template,
        std::iter::once(("outcome".to_owned(), kind)).chain(further),
    ))
}

/// Which template was loaded. A Token does not say it itself; then the Request does, if there is
/// one.
async fn template_id(
    wallet: &Wallet,
    reference: &Reference,
    outcome: &LoadOutcome,
) -> Result<Option<RelationshipTemplateId>, Failure> {
    if let ReferenceId::RelationshipTemplate(id) = &reference.id {
        return Ok(Some(id.clone()));
    }
    let (LoadOutcome::Request { request_id }
    | LoadOutcome::NonCompletedRequestExists { request_id }) = outcome
    else {
        return Ok(None);
    };
    Ok(match wallet.request(request_id).await?.source {
        Some(LocalRequestSource::RelationshipTemplate { reference }) => Some(reference),
        _ => None,
    })
}

/// The stored template; an own one that was made on another device may not be stored here.
async fn template(wallet: &Wallet, id: &RelationshipTemplateId) -> Result<Value, Failure> {
    match wallet.template(id).await {
        Ok(template) => document(template),
        Err(WalletError::NotFound(_)) => Ok(json!({ "id": id })),
        Err(error) => Err(error.into()),
    }
}

//! Own templates: invitations to become contacts, and their codes.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use tauri::{AppHandle, Manager};
use tessera_content::{AttributeQuery, PasswordType, RequestItem, TemplateContent};
use tessera_core_types::{Clock, CoreDate, RelationshipTemplateId, SystemClock};
use tessera_scanner::{qr_png, qr_svg};
use tessera_wallet::{
    NewTemplate, TemplatePassword, Wallet,
    keys::SecretText,
    model::{Relationship, RelationshipTemplate},
};

use super::{Answer, TheApp};
use crate::{
    error::ErrorView,
    views::{AskedValue, InvitationCode, InvitationView, NewInvitation, NewPassword, PictureKind},
};

/// Pixels for the side of a module: sharp on paper, and readable from a screen.
const SCALE: u32 = 12;
/// How many files with the same name there can be.
const SAME_NAME: u32 = 1_000;

/// Makes an invitation at the Backbone.
#[tauri::command]
pub async fn create_invitation(
    app: TheApp<'_>,
    invitation: NewInvitation,
) -> Answer<InvitationView> {
    let wallet = app.wallet().await?;
    let content = content(&wallet, &invitation).await?;
    let template = wallet
        .create_template(NewTemplate {
            content: TemplateContent::parse(&content)?,
            expires_at: invitation.expires_at,
            max_number_of_allocations: invitation.max_uses,
            for_identity: None,
            password: invitation.password.map(password).transpose()?,
        })
        .await?;
    Ok(view(&template, &[], SystemClock.now()))
}

/// The own invitations, the newest first.
#[tauri::command]
pub async fn invitations(app: TheApp<'_>) -> Answer<Vec<InvitationView>> {
    let wallet = app.wallet().await?;
    let relationships = wallet.relationships().await?;
    let templates = wallet.templates().await?;
    let now = SystemClock.now();
    let views = templates.iter().map(|it| view(it, &relationships, now));
    Ok(views.collect())
}

/// The code of an own invitation.
#[tauri::command]
pub async fn invitation_code(
    app: TheApp<'_>,
    id: RelationshipTemplateId,
) -> Answer<InvitationCode> {
    let template = own(&app.wallet().await?, &id).await?;
    let protection = template.password_protection.as_ref();
    Ok(InvitationCode {
        qr_svg: qr_svg(&template.reference.url)?,
        password: protection.map(|it| it.password.expose().to_owned()),
        url: template.reference.url,
        truncated: template.reference.truncated,
    })
}

/// Saves the code of an own invitation as a picture among the downloads, beside what is there, and
/// says where.
#[tauri::command]
pub async fn save_invitation(
    app: TheApp<'_>,
    handle: AppHandle,
    id: RelationshipTemplateId,
    kind: PictureKind,
) -> Answer<String> {
    let template = own(&app.wallet().await?, &id).await?;
    let (ending, bytes) = match kind {
        PictureKind::Png => ("png", qr_png(&template.reference.url, SCALE)?),
        PictureKind::Svg => ("svg", qr_svg(&template.reference.url)?.into_bytes()),
    };
    let folders = handle.path();
    let folder = folders
        .download_dir()
        .or_else(|_| folders.home_dir().map(|home| home.join("Downloads")))
        .map_err(not_saved)?;
    let name = format!("tessera-{}", id.as_str());
    let path = save(&folder, &name, ending, &bytes).map_err(not_saved)?;
    Ok(path.display().to_string())
}

/// Deletes an own invitation: nobody can open it any more.
#[tauri::command]
pub async fn delete_invitation(app: TheApp<'_>, id: RelationshipTemplateId) -> Answer<()> {
    app.wallet().await?.delete_template(&id).await?;
    Ok(())
}

async fn own(wallet: &Wallet, id: &RelationshipTemplateId) -> Answer<RelationshipTemplate> {
    let template = wallet.template(id).await?;
    if template.is_own {
        Ok(template)
    } else {
        Err(tessera_wallet::WalletError::NotFound("template").into())
    }
}

fn not_saved(error: impl std::fmt::Display) -> ErrorView {
    ErrorView::new("error.tessera.shell.pictureNotSaved", error)
}

/// What the template says.
async fn content(wallet: &Wallet, new: &NewInvitation) -> Answer<Value> {
    let mut items = Vec::new();
    for id in &new.shares {
        let own = wallet.attribute(id).await?;
        let mut attribute = json!({
            "@type": "IdentityAttribute",
            "owner": own.owner,
            "value": own.value,
        });
        if !own.tags.is_empty() {
            attribute["tags"] = json!(own.tags);
        }
        items.push(json!({
            "@type": "ShareAttributeRequestItem",
            "mustBeAccepted": true,
            "attributeId": own.id,
            "attribute": attribute,
        }));
    }
    for asked in &new.asks {
        items.push(json!({
            "@type": "ReadAttributeRequestItem",
            "mustBeAccepted": asked.is_required,
            "query": { "@type": "IdentityAttributeQuery", "valueType": asked.value_type },
        }));
    }
    if items.is_empty() {
        items.push(json!({
            "@type": "AuthenticationRequestItem",
            "mustBeAccepted": true,
            "title": new.confirmation,
        }));
    }
    let mut content = json!({
        "@type": "RelationshipTemplateContent",
        "onNewRelationship": { "@type": "Request", "items": items },
    });
    let title = new.title.trim();
    if !title.is_empty() {
        content["title"] = json!(title);
        content["onNewRelationship"]["title"] = json!(title);
    }
    Ok(content)
}

fn password(new: NewPassword) -> Answer<TemplatePassword> {
    let text = SecretText::from(new.text);
    let digits = u8::try_from(text.expose().len()).ok();
    let password_type = if new.is_pin {
        digits.and_then(PasswordType::pin).ok_or_else(|| {
            ErrorView::new("error.tessera.shell.pinLength", "a PIN has 4 to 16 digits")
        })?
    } else {
        PasswordType::Password
    };
    Ok(TemplatePassword {
        password_type,
        password: text,
        location: None,
    })
}

fn view(
    template: &RelationshipTemplate,
    relationships: &[Relationship],
    now: CoreDate,
) -> InvitationView {
    let mut asks = Vec::new();
    let mut shares = Vec::new();
    let mut title = None;
    if let TemplateContent::Request(content) = &template.content {
        let request = &content.on_new_relationship;
        title = content.title.clone().or_else(|| request.title.clone());
        for item in request.all_items() {
            match item {
                RequestItem::ShareAttribute(item) => {
                    shares.push(item.attribute.value_type().to_owned());
                }
                RequestItem::ReadAttribute(item) => {
                    if let AttributeQuery::Identity(query) = &item.query {
                        asks.push(AskedValue {
                            value_type: query.value_type.clone(),
                            is_required: item.frame.must_be_accepted,
                        });
                    }
                }
                _ => {}
            }
        }
    }
    let answers = relationships
        .iter()
        .filter(|relationship| relationship.template_id == template.id);
    InvitationView {
        id: template.id.clone(),
        title,
        asks,
        shares,
        created_at: template.created_at,
        expires_at: template.expires_at,
        is_expired: template.is_expired_at(now),
        max_uses: template.max_number_of_allocations,
        answers: u32::try_from(answers.count()).unwrap_or(u32::MAX),
        for_identity: template.for_identity.as_ref().map(ToString::to_string),
        lock: template.password_protection.as_ref().map(|protection| {
            match protection.password_type {
                PasswordType::Pin(digits) => digits,
                PasswordType::Password => 0,
            }
        }),
    }
}

/// Writes a file that only this person can read, beside what is there.
fn save(folder: &Path, name: &str, ending: &str, bytes: &[u8]) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    for number in 1..SAME_NAME {
        let name = match number {
            1 => format!("{name}.{ending}"),
            _ => format!("{name}-{number}.{ending}"),
        };
        let path = folder.join(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(mut file) => {
                if let Err(error) = file.write_all(bytes) {
                    // Half a picture helps nobody.
                    drop(fs::remove_file(&path));
                    return Err(error);
                }
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_picture_never_replaces_another_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let save = |bytes: &[u8]| save(&folder.path().join("new"), "code", "png", bytes);
        let first = save(b"one").expect("it can be written");
        let second = save(b"two").expect("it can be written");
        assert!(first.ends_with("new/code.png") && second.ends_with("new/code-2.png"));
        assert_eq!(fs::read(first).expect("it is there"), b"one");
        assert_eq!(fs::read(second).expect("it is there"), b"two");
    }

    #[test]
    fn a_pin_has_4_to_16_digits() {
        let of = |is_pin, text: &str| {
            let new = NewPassword {
                is_pin,
                text: text.to_owned(),
            };
            password(new).ok().map(|made| made.password_type)
        };
        assert_eq!(of(true, "1234"), Some(PasswordType::Pin(4)));
        assert_eq!(of(true, "123"), None);
        assert_eq!(of(true, &"1".repeat(17)), None);
        assert_eq!(of(false, "123"), Some(PasswordType::Password));
    }
}

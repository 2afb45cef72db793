//! Files.

use serde_json::{Value, json};
use tessera_content::Reference;
use tessera_wallet::{FileDescription, FileMetadata, Wallet};

use crate::{
    arguments::FileCommand,
    failure::Failure,
    files::{self, NewFile},
};

pub async fn run(wallet: &Wallet, command: FileCommand) -> Result<Value, Failure> {
    match command {
        FileCommand::Upload {
            file,
            mimetype,
            title,
            description,
            tag,
            expires_at,
        } => {
            let content = files::read_file(&file)?;
            let filename = file.file_name().unwrap_or_default();
            let description = FileDescription {
                filename: filename.to_string_lossy().into_owned(),
                mimetype,
                title,
                description,
                tags: tag,
            };
            let uploaded = wallet
                .upload_file(&content, &description, expires_at)
                .await?;
            Ok(json!({
                "id": uploaded.id,
                "truncatedReference": uploaded.truncated_reference.expose(),
                "ownershipToken": uploaded.ownership_token.expose(),
                "expiresAt": uploaded.expires_at,
            }))
        }
        FileCommand::List => Ok(json!(wallet.files().await?)),
        FileCommand::Link { id } => {
            let link = wallet.file_link(&id).await?;
            Ok(json!({
                "url": link.url.expose(),
                "truncatedReference": link.truncated_reference.expose(),
            }))
        }
        FileCommand::Download { reference, out } => {
            let reference = Reference::parse(reference.expose())?;
            let target = NewFile::prepare_new(&out)?;
            let (metadata, content) = wallet.download_file(&reference).await?;
            target.write(&content)?;
            Ok(described(&metadata))
        }
    }
}

/// What a File says about itself.
pub fn described(metadata: &FileMetadata) -> Value {
    json!({
        "filename": metadata.filename,
        "filesize": metadata.filesize,
        "mimetype": metadata.mimetype,
        "title": metadata.title,
        "description": metadata.description,
        "tags": metadata.tags,
    })
}

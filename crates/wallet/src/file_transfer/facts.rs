//! What a File says about itself.

use tessera_content::Reference;

use crate::{Result, Wallet, views::FileFacts};

impl Wallet {
    /// What a File says about itself, without fetching its content. Nobody vouches for it but its
    /// owner.
    ///
    /// # Errors
    ///
    /// As [`Wallet::download_file`].
    pub async fn file_facts(&self, reference: &Reference) -> Result<FileFacts> {
        let id = self.file_id(reference)?;
        let (record, metadata) = self.describe_file(id, reference).await?;
        let tags = metadata.tags.unwrap_or_default();
        Ok(FileFacts {
            title: metadata.title,
            description: metadata.description,
            filename: metadata.filename,
            filesize: metadata.filesize,
            mimetype: metadata.mimetype,
            expires_at: record.expires_at,
            tags: tags
                .iter()
                .filter_map(|tag| tag.as_str().map(str::to_owned))
                .collect(),
        })
    }
}

//! Files that a Request hands over: what has to be found out about them at the Backbone before it
//! can be decided, and what has to be done there when it is.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use tessera_content::{BackboneUrl, Reference, ReferenceId, ReferenceKind, Request, RequestItem};
use tessera_core_types::{Address, CoreDate, FileId};

use crate::views::FileFacts;

/// A File that a TransferFileOwnershipRequestItem hands over. Printing it shows neither the key
/// in the reference nor the token.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileOffer {
    /// The item's `fileReference`: where the File is and what opens it.
    pub file_reference: String,
    /// The item's `ownershipToken`; early v6 gives none, and then the File can't be taken over.
    pub ownership_token: Option<String>,
}

impl fmt::Debug for FileOffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileOffer(…)")
    }
}

/// What was found out about an offered File.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileFact {
    /// It was loaded and opened.
    Loaded(Box<LoadedFile>),
    /// It could not be: there is no such File, or the reference does not open it.
    NotLoaded {
        /// The code of the error.
        code: Cow<'static, str>,
    },
}

/// A File as the Backbone and its own metadata describe it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    /// Whose it is, as the Backbone says.
    pub owner: Address,
    /// The address of this identity's own Backbone, where it was found.
    pub backbone: BackboneUrl,
    /// Whether the Backbone says that the offered token is the File's.
    pub is_token_valid: bool,
    /// A title.
    pub title: Option<String>,
    /// A description.
    pub description: Option<String>,
    /// Its name.
    pub filename: String,
    /// The size of its content in bytes.
    pub filesize: u64,
    /// Its media type.
    pub mimetype: String,
    /// When it is deleted from the Backbone.
    pub expires_at: CoreDate,
    /// Its tags; older senders write none.
    pub tags: Option<Vec<String>>,
}

impl LoadedFile {
    /// What is shown of it.
    #[must_use]
    pub fn shown(&self) -> FileFacts {
        FileFacts {
            title: self.title.clone(),
            description: self.description.clone(),
            filename: self.filename.clone(),
            filesize: self.filesize,
            mimetype: self.mimetype.clone(),
            expires_at: self.expires_at,
            tags: self.tags.clone().unwrap_or_default(),
        }
    }
}

/// A File that has to be claimed at the Backbone before the changes of a Decision are stored. If
/// it can't be claimed, the Decision is not made.
#[derive(Clone, PartialEq, Eq)]
pub struct FileClaim {
    /// Which File.
    pub file_id: FileId,
    /// What proves that its owner hands it over.
    pub ownership_token: String,
}

impl fmt::Debug for FileClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileClaim")
            .field("file_id", &self.file_id)
            .finish_non_exhaustive()
    }
}

/// The Files that a Request hands over, each offer once: what has to be found out about them
/// before it is shown or decided goes into [`Situation::files`](super::Situation::files).
#[must_use]
pub fn file_offers(request: &Request) -> BTreeSet<FileOffer> {
    request
        .all_items()
        .filter_map(|item| match item {
            RequestItem::TransferFileOwnership(item) => Some(FileOffer {
                file_reference: item.file_reference.clone(),
                ownership_token: item.ownership_token.clone(),
            }),
            _ => None,
        })
        .collect()
}

/// The reference by which a File that was taken over is found at the own Backbone; `None` for one
/// that is elsewhere, and for text that is no reference to a File.
pub(crate) fn own_reference(file_reference: &str, file: &LoadedFile) -> Option<Reference> {
    let offered = Reference::parse_as(ReferenceKind::File, file_reference).ok()?;
    let is_here = offered.foreign_backbone(&file.backbone).is_none();
    let is_file = matches!(offered.id, ReferenceId::File(_));
    (is_here && is_file).then(|| Reference {
        backbone_base_url: Some(file.backbone.clone()),
        for_identity_truncated: None,
        password_protection: None,
        ..offered
    })
}

//! Why what a person wrote about a contact is not kept.

/// Why what a person wrote about a contact is not kept. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactError {
    /// The own name is too long.
    #[error("the own name for a contact has more than {0} characters")]
    TitleTooLong(usize),
    /// The notes are too long.
    #[error("the notes about a contact have more than {0} characters")]
    NotesTooLong(usize),
    /// A tag is too long.
    #[error("a tag of a contact has more than {0} characters")]
    TagTooLong(usize),
    /// There are too many tags.
    #[error("a contact has more than {0} tags")]
    TooManyTags(usize),
}

impl ContactError {
    /// The code of the sentence a person reads.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TitleTooLong(_) => "error.tessera.contacts.titleTooLong",
            Self::NotesTooLong(_) => "error.tessera.contacts.notesTooLong",
            Self::TagTooLong(_) => "error.tessera.contacts.tagTooLong",
            Self::TooManyTags(_) => "error.tessera.contacts.tooManyTags",
        }
    }
}

//! What can be wrong with content.

use crate::{queries::Mismatch, references::ReferenceError};

/// Content that cannot be read, is too large, or may not be used.
///
/// Paths name properties and positions (`items[2].query.valueType`), never what stands there: a
/// message can be logged and shown without giving away anything a person or a peer wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContentError {
    /// Text that is not JSON.
    #[error("the content is not JSON")]
    NotJson,
    /// A property is missing or is not what it must be.
    #[error("{}: {problem}", place(path))]
    Malformed {
        /// Where, from the outermost object on; empty for the object itself.
        path: String,
        /// What is wrong, in English.
        problem: &'static str,
    },
    /// More items, characters or nesting than is read.
    #[error("{}: larger than the limit of {limit}", place(path))]
    TooLarge {
        /// Where, from the outermost object on.
        path: String,
        /// The largest number of items, UTF-16 code units or bytes.
        limit: usize,
    },
    /// A type that this version does not know.
    #[error("{}: a type that is not known here", place(path))]
    UnknownType {
        /// Where, from the outermost object on.
        path: String,
    },
    /// An IQL query that does not parse.
    #[error("{}: not a valid IQL query, see column {column}", place(path))]
    InvalidIql {
        /// Where, from the outermost object on.
        path: String,
        /// The first character that cannot be continued, counted from 1 in UTF-16 code units.
        column: usize,
    },
    /// A character outside of the set that Attributes may consist of.
    #[error("{}: a character that Attributes may not contain", place(path))]
    ForbiddenCharacters {
        /// The property of the value.
        path: String,
        /// The character at fault.
        character: char,
        /// Its position in the text, counted from 0 in characters.
        position: usize,
    },
    /// Tags that are not valid for the value type.
    #[error("one of the tags is not valid")]
    InvalidTags,
    /// An Attribute that does not answer a query.
    #[error("the Attribute does not answer the query: {0}")]
    QueryMismatch(#[from] Mismatch),
    /// A text that is not a reference.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
}

/// The result of reading or checking content.
pub type Result<T, E = ContentError> = std::result::Result<T, E>;

impl ContentError {
    /// The code: enmeshed's where there is one.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotJson => "error.tessera.content.notJson",
            Self::Malformed { .. } => "error.tessera.content.malformed",
            Self::TooLarge { .. } => "error.tessera.content.tooLarge",
            Self::UnknownType { .. } => "error.tessera.content.unknownType",
            Self::InvalidIql { .. } => "error.tessera.content.invalidIql",
            Self::ForbiddenCharacters { .. } => {
                "error.consumption.attributes.forbiddenCharactersInAttribute"
            }
            Self::InvalidTags => "error.consumption.attributes.invalidTags",
            Self::QueryMismatch(_) => "error.consumption.requests.attributeQueryMismatch",
            Self::Reference(error) => error.code(),
        }
    }

    /// Where in the content it is wrong, if that can be said.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        match self {
            Self::Malformed { path, .. }
            | Self::TooLarge { path, .. }
            | Self::UnknownType { path }
            | Self::InvalidIql { path, .. }
            | Self::ForbiddenCharacters { path, .. } => Some(path),
            _ => None,
        }
    }

    pub(crate) fn malformed(path: &str, problem: &'static str) -> Self {
        Self::Malformed {
            path: path.to_owned(),
            problem,
        }
    }

    pub(crate) fn too_large(path: &str, limit: usize) -> Self {
        Self::TooLarge {
            path: path.to_owned(),
            limit,
        }
    }

    pub(crate) fn unknown_type() -> Self {
        Self::UnknownType {
            path: "@type".to_owned(),
        }
    }

    /// The same error, seen from one object further out.
    #[must_use]
    pub(crate) fn within(mut self, outer: &str) -> Self {
        if let Self::Malformed { path, .. }
        | Self::TooLarge { path, .. }
        | Self::UnknownType { path }
        | Self::InvalidIql { path, .. }
        | Self::ForbiddenCharacters { path, .. } = &mut self
        {
            let separator = if path.is_empty() || path.starts_with('[') {
                ""
            } else {
                "."
            };
            *path = format!("{outer}{separator}{path}");
        }
        self
    }
}

fn place(path: &str) -> &str {
    if path.is_empty() { "the content" } else { path }
}

//! IQL: a small language that finds own IdentityAttributes.

mod matches;
mod parser;

use crate::Result;

/// A valid IQL query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IqlExpression {
    text: String,
    root: Node,
}

impl IqlExpression {
    /// Reads a query. Names of value types are not checked: an unknown one finds nothing.
    ///
    /// # Errors
    ///
    /// [`ContentError::InvalidIql`](crate::ContentError::InvalidIql) with the column of the first
    /// character that cannot be continued.
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self {
            root: parser::parse(text)?,
            text: text.to_owned(),
        })
    }

    /// The query as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Node {
    Any(Vec<Node>),
    All(Vec<Node>),
    Not(Box<Node>),
    Term(Term),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Term {
    /// The value has this type.
    Type(String),
    /// The value has this type, and the predicate holds for this path inside of it.
    TypePath(String, Vec<String>, Predicate),
    /// The predicate holds for this path inside of the Attribute.
    Path(Vec<String>, Predicate),
    /// This is among the tags.
    Tag(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Predicate {
    Equals(String),
    NotBefore(String),
    NotAfter(String),
    Contains(String),
    IsFilled,
}

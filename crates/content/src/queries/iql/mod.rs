//! IQL: a small language that finds own IdentityAttributes.

mod matches;
mod parser;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Result;

/// A valid IQL query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IqlExpression {
    text: String,
    condition: IqlCondition,
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
            condition: parser::parse(text)?,
            text: text.to_owned(),
        })
    }

    /// The query as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What it demands.
    #[must_use]
    pub fn condition(&self) -> &IqlCondition {
        &self.condition
    }
}

/// What an IQL query demands of an Attribute: a tree, so that it can be said in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum IqlCondition {
    /// At least one of these holds.
    Any {
        /// Two or more.
        of: Vec<IqlCondition>,
    },
    /// All of these hold.
    All {
        /// Two or more.
        of: Vec<IqlCondition>,
    },
    /// This does not hold.
    Not {
        /// What must not.
        condition: Box<IqlCondition>,
    },
    /// The value has this type.
    ValueType {
        /// A name that need not be that of a value type.
        value_type: String,
    },
    /// The value has this type, and the test holds for a part of it.
    Value {
        /// The value type.
        value_type: String,
        /// The names that lead to the part, at least one: `value` for the value itself.
        path: Vec<String>,
        /// What is demanded of the part.
        test: IqlTest,
    },
    /// The test holds for a part of the Attribute.
    Attribute {
        /// The names that lead to the part, at least one, such as `owner`.
        path: Vec<String>,
        /// What is demanded of the part.
        test: IqlTest,
    },
    /// This is among the tags.
    Tag {
        /// The tag.
        tag: String,
    },
}

/// Something that can be looked up about an Attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IqlFeature<'a> {
    /// Its value has this type.
    ValueType(&'a str),
    /// It has this tag.
    Tag(&'a str),
}

impl IqlCondition {
    /// Features of which every Attribute that fulfils this has at least one, each once; `None` if
    /// there are none to be told. What has one of them need not fulfil it.
    #[must_use]
    pub fn necessary(&self) -> Option<BTreeSet<IqlFeature<'_>>> {
        match self {
            Self::ValueType { value_type } | Self::Value { value_type, .. } => {
                Some([IqlFeature::ValueType(value_type)].into())
            }
            Self::Tag { tag } => Some([IqlFeature::Tag(tag)].into()),
            Self::All { of } => of
                .iter()
                .filter_map(Self::necessary)
                .min_by_key(BTreeSet::len),
            Self::Any { of } => {
                of.iter()
                    .map(Self::necessary)
                    .try_fold(BTreeSet::new(), |mut all, some| {
                        all.append(&mut some?);
                        Some(all)
                    })
            }
            Self::Not { .. } | Self::Attribute { .. } => None,
        }
    }
}

/// What an IQL query demands of a part. A part that is missing fulfils none of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum IqlTest {
    /// It is this text.
    Equals {
        /// The text.
        text: String,
    },
    /// It is this date or a later one.
    NotBefore {
        /// The date, as it was written.
        text: String,
    },
    /// It is this date or an earlier one.
    NotAfter {
        /// The date, as it was written.
        text: String,
    },
    /// It is a list with this text.
    Contains {
        /// The text.
        text: String,
    },
    /// It is not empty.
    IsFilled,
}

//! IQL: a small language that finds own IdentityAttributes.

mod matches;
mod parser;

use std::{cmp::Reverse, collections::BTreeSet};

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
    /// This stands in it as a part of its value, which has this type if one is named. It has letters
    /// or digits, so that it can be found by its words.
    Text(Option<&'a str>, &'a str),
}

impl IqlFeature<'_> {
    /// How much is ruled out by looking for it.
    fn rules_out(&self) -> u8 {
        match self {
            Self::ValueType(_) => 0,
            Self::Tag(_) => 1,
            Self::Text(..) => 2,
        }
    }
}

impl IqlCondition {
    /// Features of which every Attribute that fulfils this has at least one, each once; `None` if
    /// there are none to be told. What has one of them need not fulfil it.
    #[must_use]
    pub fn necessary(&self) -> Option<BTreeSet<IqlFeature<'_>>> {
        match self {
            Self::Value {
                value_type,
                test: IqlTest::Equals { text },
                ..
            } if has_words(text) => Some([IqlFeature::Text(Some(value_type), text)].into()),
            Self::ValueType { value_type } | Self::Value { value_type, .. } => {
                Some([IqlFeature::ValueType(value_type)].into())
            }
            Self::Attribute {
                path,
                test: IqlTest::Equals { text },
            } if path.first().is_some_and(|name| name == "value") && has_words(text) => {
                Some([IqlFeature::Text(None, text)].into())
            }
            Self::Attribute {
                path,
                test: IqlTest::Contains { text },
            } if path.len() == 1 && path[0] == "tags" => Some([IqlFeature::Tag(text)].into()),
            Self::Tag { tag } => Some([IqlFeature::Tag(tag)].into()),
            // What most rules out: a text before a tag before a value type.
            Self::All { of } => of
                .iter()
                .filter_map(Self::necessary)
                .max_by_key(|features| {
                    let weakest = features.iter().map(|feature| feature.rules_out()).min();
                    (weakest, Reverse(features.len()))
                }),
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

/// Whether a text that is the whole of a part is written out in it, letter by letter, and has words: not
/// so for what may be no text at all, for numbers that can be written in several ways, and for marks
/// on letters that stand by themselves.
fn has_words(text: &str) -> bool {
    let is_plain = |character: char| character.is_ascii() || character.is_alphanumeric();
    let is_whole_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    text.chars().any(char::is_alphanumeric)
        && text.chars().all(is_plain)
        && (is_whole_number || text.parse::<f64>().is_err())
        && !matches!(text, "true" | "false")
        && !text.contains('[')
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

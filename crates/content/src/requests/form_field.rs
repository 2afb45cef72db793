//! Form fields: what kind of answer is wanted, and whether one fits.

use std::fmt;

use serde_json::{Number, Value};
use tessera_core_types::CoreDate;

use crate::{
    ContentError, Result,
    attributes::number_to_json,
    json::{Fields, bounded_text, json_type, list, object, some, utf16_length},
    limits,
};

/// What kind of answer a form field wants.
#[derive(Debug, Clone, PartialEq)]
pub enum FormFieldSettings {
    /// A text.
    String {
        /// Chooses the widget; line breaks are never refused.
        allow_newlines: bool,
        /// Fewest UTF-16 code units, up to 4096.
        min: Option<u32>,
        /// Most UTF-16 code units, up to 4096.
        max: Option<u32>,
    },
    /// A whole number.
    Integer {
        /// What it counts.
        unit: Option<String>,
        /// Smallest.
        min: Option<i64>,
        /// Largest.
        max: Option<i64>,
    },
    /// A number.
    Double {
        /// What it counts.
        unit: Option<String>,
        /// Smallest.
        min: Option<f64>,
        /// Largest.
        max: Option<f64>,
    },
    /// Yes or no.
    Boolean,
    /// A date or a date and time.
    Date,
    /// One or more of these.
    Selection {
        /// What to choose from.
        options: Vec<String>,
        /// Whether more than one may be chosen.
        allow_multiple_selection: bool,
    },
    /// 1 to `max_rating`.
    Rating {
        /// 5 to 10.
        max_rating: u8,
    },
}

impl FormFieldSettings {
    /// Reads one by its `@type`, which must be there.
    ///
    /// # Errors
    ///
    /// [`ContentError::UnknownType`] for another type, otherwise what is wrong with which
    /// property.
    pub fn parse(json: &Value) -> Result<Self> {
        let fields = Fields::of(json)?;
        let unit = || fields.optional_text("unit", limits::TEXT);
        let length = |name: &str| match whole(fields, name)? {
            None => Ok(None),
            Some(length) => u32::try_from(length)
                .ok()
                .filter(|length| *length as usize <= limits::FORM_FIELD_RESPONSE)
                .map(Some)
                .ok_or_else(|| ContentError::malformed(name, "must be 0 to 4096")),
        };
        match fields.required_type()? {
            "StringFormFieldSettings" => Ok(Self::String {
                allow_newlines: fields.optional_flag("allowNewlines")?.unwrap_or(false),
                min: length("min")?,
                max: length("max")?,
            }),
            "IntegerFormFieldSettings" => Ok(Self::Integer {
                unit: unit()?,
                min: whole(fields, "min")?,
                max: whole(fields, "max")?,
            }),
            "DoubleFormFieldSettings" => Ok(Self::Double {
                unit: unit()?,
                min: fields.optional_number("min")?,
                max: fields.optional_number("max")?,
            }),
            "BooleanFormFieldSettings" => Ok(Self::Boolean),
            "DateFormFieldSettings" => Ok(Self::Date),
            "SelectionFormFieldSettings" => Ok(Self::Selection {
                options: fields.list("options", 0, limits::OPTIONS, |option| {
                    bounded_text(option, 1, limits::FORM_FIELD_RESPONSE)
                })?,
                allow_multiple_selection: fields
                    .optional_flag("allowMultipleSelection")?
                    .unwrap_or(false),
            }),
            "RatingFormFieldSettings" => Ok(Self::Rating {
                max_rating: whole(fields, "maxRating")?
                    .and_then(|rating| u8::try_from(rating).ok())
                    .filter(|rating| (5..=10).contains(rating))
                    .ok_or_else(|| ContentError::malformed("maxRating", "must be 5 to 10"))?,
            }),
            _ => Err(ContentError::unknown_type()),
        }
    }

    /// As JSON with `@type`.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let flag = |flag: bool| flag.then_some(Value::Bool(true));
        let unit = |unit: &Option<String>| unit.as_deref().map(Value::from);
        match self {
            Self::String {
                allow_newlines,
                min,
                max,
            } => object([
                ("@type", some("StringFormFieldSettings")),
                ("allowNewlines", flag(*allow_newlines)),
                ("min", min.map(Value::from)),
                ("max", max.map(Value::from)),
            ]),
            Self::Integer { unit: of, min, max } => object([
                ("@type", some("IntegerFormFieldSettings")),
                ("unit", unit(of)),
                ("min", min.map(Value::from)),
                ("max", max.map(Value::from)),
            ]),
            Self::Double { unit: of, min, max } => object([
                ("@type", some("DoubleFormFieldSettings")),
                ("unit", unit(of)),
                ("min", min.map(number_to_json)),
                ("max", max.map(number_to_json)),
            ]),
            Self::Boolean => object([("@type", some("BooleanFormFieldSettings"))]),
            Self::Date => object([("@type", some("DateFormFieldSettings"))]),
            Self::Selection {
                options,
                allow_multiple_selection,
            } => object([
                ("@type", some("SelectionFormFieldSettings")),
                (
                    "options",
                    list(options, |option| Value::from(option.as_str())),
                ),
                ("allowMultipleSelection", flag(*allow_multiple_selection)),
            ]),
            Self::Rating { max_rating } => object([
                ("@type", some("RatingFormFieldSettings")),
                ("maxRating", some(*max_rating)),
            ]),
        }
    }

    /// Whether there is any answer that fits.
    #[must_use]
    pub fn can_be_answered(&self) -> bool {
        let longest = limits::FORM_FIELD_RESPONSE;
        match self {
            Self::String { min, max, .. } => {
                let shortest = min.map_or(1, |min| min.max(1) as usize);
                shortest <= max.map_or(longest, |max| max as usize)
            }
            Self::Integer { min, max, .. } => min.zip(*max).is_none_or(|(min, max)| min <= max),
            Self::Double { min, max, .. } => min.zip(*max).is_none_or(|(min, max)| min <= max),
            Self::Selection { options, .. } => !options.is_empty(),
            Self::Boolean | Self::Date | Self::Rating { .. } => true,
        }
    }

    /// Whether this answer fits. A bound of 0 counts like any other, which upstream forgets; a
    /// text has 1 to 4096 code units whatever the settings say, as a longer one and an empty one
    /// cannot be sent.
    #[must_use]
    pub fn accepts(&self, response: &FormFieldResponse) -> bool {
        use FormFieldResponse as R;
        if !response.can_be_sent() {
            return false;
        }
        match (self, response) {
            (Self::String { min, max, .. }, R::Text(text)) => {
                let length = utf16_length(text);
                min.is_none_or(|min| length >= min as usize)
                    && max.is_none_or(|max| length <= max as usize)
            }
            (Self::Integer { min, max, .. }, R::Number(number)) => whole_number(number)
                .is_some_and(|number| {
                    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
                }),
            (Self::Double { min, max, .. }, R::Number(number)) => {
                number.as_f64().is_some_and(|number| {
                    min.is_none_or(|min| number >= min) && max.is_none_or(|max| number <= max)
                })
            }
            (Self::Boolean, R::Flag(_)) => true,
            (Self::Date, R::Text(text)) => CoreDate::parse(text).is_ok(),
            (
                Self::Selection {
                    options,
                    allow_multiple_selection: false,
                },
                R::Text(text),
            ) => options.contains(text),
            (
                Self::Selection {
                    options,
                    allow_multiple_selection: true,
                },
                R::List(chosen),
            ) => {
                let different = (1..chosen.len()).all(|at| !chosen[..at].contains(&chosen[at]));
                !chosen.is_empty()
                    && different
                    && chosen.iter().all(|choice| options.contains(choice))
            }
            (Self::Rating { max_rating }, R::Number(number)) => whole_number(number)
                .is_some_and(|number| (1..=i64::from(*max_rating)).contains(&number)),
            _ => false,
        }
    }
}

/// The answer to a form field.
#[derive(Clone, PartialEq)]
pub enum FormFieldResponse {
    /// A text.
    Text(String),
    /// A number.
    Number(Number),
    /// Yes or no.
    Flag(bool),
    /// Several texts.
    List(Vec<String>),
}

impl FormFieldResponse {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// When it is neither a text, a number, true, false nor a list of texts, or is too large.
    pub fn parse(json: &Value) -> Result<Self> {
        match json {
            Value::String(_) => bounded_text(json, 0, limits::TEXT).map(Self::Text),
            Value::Number(number) => Ok(Self::Number(number.clone())),
            Value::Bool(flag) => Ok(Self::Flag(*flag)),
            Value::Array(entries) if entries.len() > limits::OPTIONS => {
                Err(ContentError::too_large("", limits::OPTIONS))
            }
            Value::Array(entries) => entries
                .iter()
                .map(|entry| bounded_text(entry, 0, limits::TEXT))
                .collect::<Result<_>>()
                .map(Self::List),
            _ => Err(ContentError::malformed("", "must be an answer")),
        }
    }

    /// As JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) => {
                whole_number(number).map_or_else(|| Value::Number(number.clone()), Value::from)
            }
            Self::Flag(flag) => Value::from(*flag),
            Self::List(entries) => Value::from(entries.clone()),
        }
    }

    /// Whether a FormFieldAcceptResponseItem can hold it: every text has 1 to 4096 code units.
    #[must_use]
    pub fn can_be_sent(&self) -> bool {
        let fits = |text: &String| (1..=limits::FORM_FIELD_RESPONSE).contains(&utf16_length(text));
        match self {
            Self::Text(text) => fits(text),
            Self::List(entries) => entries.iter().all(fits),
            Self::Number(_) | Self::Flag(_) => true,
        }
    }
}

impl fmt::Debug for FormFieldResponse {
    /// Only the kind: answers do not belong into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text(…)",
            Self::Number(_) => "Number(…)",
            Self::Flag(_) => "Flag(…)",
            Self::List(_) => "List(…)",
        })
    }
}

json_type!(FormFieldSettings, FormFieldResponse);

/// A whole number that JavaScript holds exactly; `1.0` is one.
fn whole_number(number: &Number) -> Option<i64> {
    const LARGEST: f64 = 9_007_199_254_740_991.0;
    let float = number.as_f64()?;
    #[expect(clippy::cast_possible_truncation, reason = "whole and exact")]
    (float.fract() == 0.0 && float.abs() <= LARGEST).then_some(float as i64)
}

fn whole(fields: Fields<'_>, name: &str) -> Result<Option<i64>> {
    fields
        .get(name)
        .map(|value| match value {
            Value::Number(number) => whole_number(number),
            _ => None,
        })
        .map(|number| number.ok_or_else(|| ContentError::malformed(name, "must be a whole number")))
        .transpose()
}

//! Hints: how a value is entered and what is proposed. They guide a form; no side enforces them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    ContentError, Result,
    json::{Fields, list, object, some},
    limits,
};

const EDIT_HELP: usize = 500;
const PATTERN: usize = 1000;
const KEY: usize = 100;

/// What a value is, technically.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub enum TechnicalType {
    /// true or false.
    Boolean,
    /// Any finite number.
    Float,
    /// A whole number.
    Integer,
    /// Any JSON but null.
    Json,
    /// Several parts.
    Object,
    /// Text.
    String,
    /// Shown only.
    Unknown,
}

/// How a value is entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub enum EditType {
    /// All choices side by side.
    ButtonLike,
    /// Part by part.
    Complex,
    /// One line.
    InputLike,
    /// A list to choose from.
    SelectLike,
    /// A slider.
    SliderLike,
    /// Several lines.
    TextArea,
}

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[allow(missing_docs, reason = "the names say it")]
pub enum DataType {
    Country,
    Date,
    DateTime,
    Day,
    EMailAddress,
    FileReference,
    HEXColor,
    Language,
    Month,
    PhoneNumber,
    Time,
    TimePeriod,
    URL,
    XML,
    Year,
}

/// How a value of a type is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct RenderHints {
    /// What it is.
    pub technical_type: TechnicalType,
    /// How it is entered.
    pub edit_type: EditType,
    /// What it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub data_type: Option<DataType>,
    /// The same for the parts of a complex value, in the order in which they are shown.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[ts(skip)]
    pub property_hints: Map<String, Value>,
}

impl RenderHints {
    /// The hints of a part.
    #[must_use]
    pub fn of_part(&self, name: &str) -> Option<Self> {
        self.property_hints
            .get(name)
            .and_then(|hints| Self::deserialize(hints).ok())
    }
}

/// What identifies one of the values that are offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(untagged)]
pub enum HintKey {
    /// A text of at most 100 code units.
    Text(String),
    /// A number.
    Number(f64),
    /// true or false.
    Flag(bool),
}

impl HintKey {
    fn parse(value: &Value) -> Result<Self> {
        match value {
            Value::String(_) => crate::json::bounded_text(value, 0, KEY).map(Self::Text),
            Value::Bool(flag) => Ok(Self::Flag(*flag)),
            Value::Number(number) => number
                .as_f64()
                .map(Self::Number)
                .ok_or_else(|| ContentError::malformed("", "must be a number")),
            _ => Err(ContentError::malformed(
                "",
                "must be a text, a number, true or false",
            )),
        }
    }

    /// As JSON; whole numbers without a fraction.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Number(number) => number_to_json(*number),
            Self::Flag(flag) => Value::from(*flag),
        }
    }
}

/// One of the values that are offered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct ValueHintsValue {
    /// What is stored.
    pub key: HintKey,
    /// What is shown; a translation key if it starts with `i18n://`.
    pub display_name: String,
}

/// What is proposed for a value, by its type, by an Attribute or by a query.
#[derive(Debug, Clone, Default, PartialEq, Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct ValueHints {
    /// Help for whoever enters it; a translation key if it starts with `i18n://`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub edit_help: Option<String>,
    /// Shortest length of a text, lower bound of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub min: Option<f64>,
    /// Longest length of a text, upper bound of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max: Option<f64>,
    /// An ECMAScript pattern; see [`ValueHints::plain_pattern`].
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pattern: Option<String>,
    /// The values to choose from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub values: Option<Vec<ValueHintsValue>>,
    /// What is filled in at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub default_value: Option<HintKey>,
    /// The same for the parts of a complex value.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[ts(as = "Option<BTreeMap<String, Self>>", optional)]
    pub property_hints: BTreeMap<String, Self>,
}

impl ValueHints {
    /// Reads `ValueHints` or a `ValueHintsOverride` (`name` says which), with or without `@type`.
    ///
    /// # Errors
    ///
    /// When a property has another type or is too long.
    pub(crate) fn parse(json: &Value, name: &str) -> Result<Self> {
        let fields = Fields::of_type(json, name)?;
        let mut property_hints = BTreeMap::new();
        if let Some(hints) = fields.get("propertyHints") {
            let hints = hints
                .as_object()
                .ok_or_else(|| ContentError::malformed("propertyHints", "must be an object"))?;
            if hints.len() > limits::OPTIONS {
                return Err(ContentError::too_large("propertyHints", limits::OPTIONS));
            }
            for (part, hints) in hints {
                let hints = Self::parse(hints, "ValueHints")
                    .map_err(|error| error.within("propertyHints"))?;
                property_hints.insert(part.clone(), hints);
            }
        }
        Ok(Self {
            edit_help: fields.optional_text("editHelp", EDIT_HELP)?,
            min: fields.optional_number("min")?,
            max: fields.optional_number("max")?,
            pattern: fields.optional_text("pattern", PATTERN)?,
            values: fields.optional_list("values", limits::OPTIONS, |value| {
                let value = Fields::of_type(value, "ValueHintsValue")?;
                Ok(ValueHintsValue {
                    key: value.nested("key", HintKey::parse)?,
                    display_name: value.text("displayName", 0, KEY)?,
                })
            })?,
            default_value: fields.optional_nested("defaultValue", HintKey::parse)?,
            property_hints,
        })
    }

    /// As JSON with this `@type`, which upstream writes here although one class alone can stand
    /// there, and with `propertyHints` even if there are none.
    pub(crate) fn to_json(&self, name: &str) -> Value {
        let values = |values: &[ValueHintsValue]| {
            list(values, |value| {
                object([
                    ("key", Some(value.key.to_json())),
                    ("displayName", some(value.display_name.as_str())),
                ])
            })
        };
        let property_hints: Map<String, Value> = self
            .property_hints
            .iter()
            .map(|(part, hints)| (part.clone(), hints.to_json("ValueHints")))
            .collect();
        object([
            ("@type", some(name)),
            ("editHelp", self.edit_help.as_deref().map(Value::from)),
            ("min", self.min.map(number_to_json)),
            ("max", self.max.map(number_to_json)),
            ("pattern", self.pattern.as_deref().map(Value::from)),
            ("values", self.values.as_deref().and_then(values)),
            (
                "defaultValue",
                self.default_value.as_ref().map(HintKey::to_json),
            ),
            ("propertyHints", Some(Value::Object(property_hints))),
        ])
    }

    /// These hints with those of `over` in place of the same ones, property by property.
    #[must_use]
    pub fn overridden_by(&self, over: &Self) -> Self {
        let mut property_hints = self.property_hints.clone();
        for (part, hints) in &over.property_hints {
            let merged = property_hints
                .get(part)
                .map_or_else(|| hints.clone(), |own| own.overridden_by(hints));
            property_hints.insert(part.clone(), merged);
        }
        Self {
            edit_help: over.edit_help.clone().or_else(|| self.edit_help.clone()),
            min: over.min.or(self.min),
            max: over.max.or(self.max),
            pattern: over.pattern.clone().or_else(|| self.pattern.clone()),
            values: over.values.clone().or_else(|| self.values.clone()),
            default_value: over
                .default_value
                .clone()
                .or_else(|| self.default_value.clone()),
            property_hints,
        }
    }

    /// The pattern without slashes and flags (`/…/`, `…/i` and plain ones are all found), and
    /// whether case is ignored.
    #[must_use]
    pub fn plain_pattern(&self) -> Option<(&str, bool)> {
        let pattern = self.pattern.as_deref()?;
        if let Some(body) = pattern.strip_suffix("/i") {
            return Some((body.strip_prefix('/').unwrap_or(body), true));
        }
        let body = pattern
            .strip_prefix('/')
            .and_then(|rest| rest.strip_suffix('/'))
            .unwrap_or(pattern);
        Some((body, false))
    }
}

/// A number as JavaScript writes it: whole ones without a fraction.
pub(crate) fn number_to_json(number: f64) -> Value {
    const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= LARGEST_EXACT {
        #[expect(clippy::cast_possible_truncation, reason = "whole and exact")]
        return Value::from(number as i64);
    }
    Value::from(number)
}

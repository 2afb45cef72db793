//! What a form needs to know to let a person enter a value.

use serde::Serialize;

use super::{
    DataType, EditType, RenderHints, TechnicalType, ValueHints, ValueKind, ValueType,
    hints::HintKey,
    table::{Property, Shape},
};

/// A value type as a form sees it.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct ValueTypeDescription {
    /// Its name, as in `@type`.
    pub value_type: String,
    /// Which Attributes it belongs to.
    pub kind: ValueKind,
    /// Whether a person can enter it.
    pub is_editable: bool,
    /// Whether it consists of several parts.
    pub is_complex: bool,
    /// Whether its parts are a day, a month and a year that one date field can stand for.
    pub is_date: bool,
    /// What a person enters, in the order of the form. A simple type has one part, `value`; a
    /// `title`, `description` or `valueHintsOverride` is not entered and not here.
    pub parts: Vec<PartDescription>,
}

/// One field of a form.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct PartDescription {
    /// The property it fills.
    pub name: String,
    /// Whether it must be filled.
    pub is_required: bool,
    /// The widget.
    pub input: InputKind,
    /// What it holds.
    pub technical_type: TechnicalType,
    /// What it means.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub data_type: Option<DataType>,
    /// Fewest UTF-16 code units of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub min_length: Option<u32>,
    /// Most UTF-16 code units of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max_length: Option<u32>,
    /// Lower bound of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub min: Option<f64>,
    /// Upper bound of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub max: Option<f64>,
    /// An ECMAScript pattern that a hint proposes; the value itself is checked here anyway.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub pattern: Option<String>,
    /// The values to choose from; empty if any may be entered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<AllowedValue>>", optional)]
    pub allowed_values: Vec<AllowedValue>,
    /// What is filled in at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub default_value: Option<HintKey>,
    /// Help; a translation key if it starts with `i18n://`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub edit_help: Option<String>,
}

/// A value to choose.
#[derive(Debug, Clone, PartialEq, Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub struct AllowedValue {
    /// What is stored.
    pub key: HintKey,
    /// What is shown; a translation key if it starts with `i18n://`.
    pub display_name: String,
}

/// The widget of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ts_rs::TS)]
#[serde(rename_all = "camelCase")]
pub enum InputKind {
    /// One line of text.
    Text,
    /// One line of text with proposals, of which one must be taken.
    TextWithSuggestions,
    /// Several lines of text.
    TextArea,
    /// An e-mail address.
    EMail,
    /// A telephone number.
    Phone,
    /// A web address.
    Url,
    /// A colour.
    Color,
    /// A date.
    Date,
    /// A list to choose from.
    Select,
    /// A long list to choose from, to be searched.
    SearchableSelect,
    /// Radio buttons.
    Radio,
    /// Buttons side by side, of which one is pressed.
    Segmented,
    /// A number.
    Number,
    /// A slider between two numbers.
    Slider,
    /// A check box.
    Checkbox,
    /// A switch.
    Switch,
    /// A file.
    File,
    /// JSON.
    Json,
    /// Shown, not entered.
    ReadOnly,
}

impl ValueTypeDescription {
    /// The description of a value type, with the hints of a query or an Attribute (if any) in
    /// place of the type's own. `None` for a name that no type has.
    #[must_use]
    pub fn of(value_type: &str, hints: Option<&ValueHints>) -> Option<Self> {
        let value_type = ValueType::named(value_type)?;
        let effective = match hints {
            Some(hints) => value_type.value_hints.overridden_by(hints),
            None => value_type.value_hints.clone(),
        };
        let render = &value_type.render_hints;
        let is_complex = render.edit_type == EditType::Complex;
        let in_order = |property: &&Property| {
            render
                .property_hints
                .keys()
                .position(|name| *name == property.name)
                .unwrap_or(usize::MAX)
        };
        let mut entered: Vec<&Property> = value_type
            .properties
            .iter()
            .filter(|property| is_complex || property.name == "value")
            .collect();
        entered.sort_by_key(in_order);
        let has = |name: &str| entered.iter().any(|property| property.name == name);
        Some(Self {
            value_type: value_type.name.clone(),
            kind: value_type.kind,
            is_editable: value_type.is_editable,
            is_complex,
            is_date: has("day") && has("month") && has("year"),
            parts: entered
                .iter()
                .map(|property| {
                    if is_complex {
                        let none = ValueHints::default();
                        let hints = effective.property_hints.get(&property.name);
                        let render = render.of_part(&property.name);
                        part(property, render.as_ref(), hints.unwrap_or(&none))
                    } else {
                        part(property, Some(render), &effective)
                    }
                })
                .collect(),
        })
    }
}

fn part(property: &Property, render: Option<&RenderHints>, hints: &ValueHints) -> PartDescription {
    let technical_type = render.map_or(TechnicalType::String, |hints| hints.technical_type);
    let is_text = technical_type == TechnicalType::String;
    let bound = |value: Option<f64>| value.filter(|_| !is_text);
    // Hints can narrow what the type allows, not widen it.
    let (min_length, max_length) = match &property.shape {
        Shape::Text { min, max, .. } => (
            length(hints.min).max(u32::try_from(*min).ok()),
            [length(hints.max), u32::try_from(*max).ok()]
                .into_iter()
                .flatten()
                .min(),
        ),
        _ => (None, None),
    };
    let allowed_values: Vec<AllowedValue> = hints
        .values
        .iter()
        .flatten()
        .map(|value| AllowedValue {
            key: value.key.clone(),
            display_name: value.display_name.clone(),
        })
        .collect();
    PartDescription {
        name: property.name.clone(),
        is_required: property.is_required,
        input: render.map_or(InputKind::Text, |hints| input(hints, &allowed_values)),
        technical_type,
        data_type: render.and_then(|hints| hints.data_type),
        min_length: min_length.filter(|min| *min > 0),
        max_length,
        min: bound(hints.min),
        max: bound(hints.max),
        pattern: hints.plain_pattern().map(|(pattern, _)| pattern.to_owned()),
        allowed_values,
        default_value: hints.default_value.clone(),
        edit_help: hints.edit_help.clone(),
    }
}

/// A length among the hints, if it is one.
fn length(hint: Option<f64>) -> Option<u32> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole and in range"
    )]
    hint.filter(|hint| hint.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(hint))
        .map(|hint| hint as u32)
}

/// The widget for a technical type, an edit type and values to choose from.
fn input(hints: &RenderHints, values: &[AllowedValue]) -> InputKind {
    /// More than a list shows at a glance.
    const LONG: usize = 20;
    let has_values = !values.is_empty();
    match (hints.technical_type, hints.edit_type) {
        (TechnicalType::Unknown | TechnicalType::Object, _) => InputKind::ReadOnly,
        (TechnicalType::Json, _) => InputKind::Json,
        (TechnicalType::Boolean, EditType::SliderLike) if has_values => InputKind::Segmented,
        (TechnicalType::Boolean, EditType::SliderLike) => InputKind::Switch,
        (TechnicalType::Boolean, _) => InputKind::Checkbox,
        (_, EditType::SliderLike) if has_values => InputKind::Segmented,
        (_, EditType::ButtonLike) if has_values => InputKind::Radio,
        (_, EditType::SelectLike) if values.len() > LONG => InputKind::SearchableSelect,
        (_, EditType::SelectLike) if has_values => InputKind::Select,
        (TechnicalType::Integer | TechnicalType::Float, EditType::SliderLike) => InputKind::Slider,
        (TechnicalType::Integer | TechnicalType::Float, _) if has_values => InputKind::Select,
        (TechnicalType::Integer | TechnicalType::Float, _) => InputKind::Number,
        (_, EditType::TextArea) => InputKind::TextArea,
        _ => match hints.data_type {
            Some(DataType::FileReference) => InputKind::File,
            _ if has_values => InputKind::TextWithSuggestions,
            Some(DataType::EMailAddress) => InputKind::EMail,
            Some(DataType::PhoneNumber) => InputKind::Phone,
            Some(DataType::URL) => InputKind::Url,
            Some(DataType::HEXColor) => InputKind::Color,
            Some(DataType::Date) => InputKind::Date,
            _ => InputKind::Text,
        },
    }
}

//! The table of value types: `attribute-values.json`, recorded from enmeshed's own classes.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Pattern, RenderHints, ValueHints,
    hints::{HintKey, ValueHintsValue},
    rules::{PropertyRule, TypeRule},
};

/// Which Attributes a value type belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum ValueKind {
    /// IdentityAttributes.
    Identity,
    /// RelationshipAttributes.
    Relationship,
    /// IdentityAttributes of enmeshed v6 alone: PersonName and the parts of complex values.
    V6,
}

/// A value type: what a value consists of and when it is valid.
#[derive(Debug)]
pub struct ValueType {
    pub(crate) name: String,
    pub(crate) kind: ValueKind,
    pub(crate) properties: Vec<Property>,
    pub(crate) rules: Vec<TypeRule>,
    pub(crate) render_hints: RenderHints,
    pub(crate) value_hints: ValueHints,
    pub(crate) is_editable: bool,
}

impl ValueType {
    /// The type with this name. The same name can be a type of v7 and, as a part, of v6; the one
    /// of v7 is found then.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        [ValueKind::Identity, ValueKind::Relationship, ValueKind::V6]
            .into_iter()
            .find_map(|kind| Self::of_kind(kind, name))
    }

    /// The type of this kind with this name.
    #[must_use]
    pub fn of_kind(kind: ValueKind, name: &str) -> Option<&'static Self> {
        TABLE.types.get(&kind)?.get(name)
    }

    /// All types of a kind, by name.
    #[must_use]
    pub fn all(kind: ValueKind) -> Vec<&'static Self> {
        let mut types: Vec<&'static Self> = TABLE
            .types
            .get(&kind)
            .map(|types| types.values().collect())
            .unwrap_or_default();
        types.sort_by(|left, right| left.name.cmp(&right.name));
        types
    }

    /// Its name, as in `@type`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Which Attributes it belongs to.
    #[must_use]
    pub fn kind(&self) -> ValueKind {
        self.kind
    }

    /// How it is entered.
    #[must_use]
    pub fn render_hints(&self) -> &RenderHints {
        &self.render_hints
    }

    /// What is proposed for it.
    #[must_use]
    pub fn value_hints(&self) -> &ValueHints {
        &self.value_hints
    }

    /// Whether a person can enter it.
    #[must_use]
    pub fn is_editable(&self) -> bool {
        self.is_editable
    }
}

/// One property of a value type.
#[derive(Debug)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) is_required: bool,
    pub(crate) shape: Shape,
    /// The part's own type, for a part of a complex value.
    pub(crate) component: Option<String>,
}

/// What a property holds.
#[derive(Debug)]
pub(crate) enum Shape {
    Text {
        min: usize,
        max: usize,
        pattern: Option<Pattern>,
        allowed: Option<Allowed>,
        rule: Option<PropertyRule>,
    },
    Number {
        is_integer: bool,
        min: Option<f64>,
        max: Option<f64>,
    },
    Flag,
    Json(PropertyRule),
    Objects {
        max: usize,
    },
    Hints,
}

/// The values that a text may have.
#[derive(Debug)]
pub(crate) enum Allowed {
    Countries,
    Languages,
    These(Vec<String>),
}

impl Allowed {
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::Countries => countries(),
            Self::Languages => languages(),
            Self::These(values) => values,
        }
    }
}

/// The country codes of ISO 3166-1 alpha-2.
#[must_use]
pub fn countries() -> &'static [String] {
    &LISTS.countries
}

/// The language codes of ISO 639-1.
#[must_use]
pub fn languages() -> &'static [String] {
    &LISTS.languages
}

/// The pattern of a `link` beside a consent.
pub(crate) fn consent_link() -> Option<&'static Pattern> {
    let consent = ValueType::of_kind(ValueKind::Relationship, "Consent")?;
    consent
        .properties
        .iter()
        .find_map(|property| match &property.shape {
            Shape::Text { pattern, .. } if property.name == "link" => pattern.as_ref(),
            _ => None,
        })
}

/// Character ranges and sequences, as hexadecimal code points.
#[derive(Deserialize)]
pub(crate) struct CharacterTable {
    pub(crate) ranges: Vec<(String, String)>,
    pub(crate) sequences: Vec<String>,
}

pub(crate) struct Table {
    types: HashMap<ValueKind, HashMap<String, ValueType>>,
    pub(crate) character_set: CharacterTable,
}

struct Lists {
    countries: Vec<String>,
    languages: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTable {
    countries: Vec<String>,
    languages: Vec<String>,
    character_set: CharacterTable,
    identity_attribute_values: HashMap<String, RawType>,
    relationship_attribute_values: HashMap<String, RawType>,
    components: HashMap<String, RawType>,
    editable: RawEditable,
}

#[derive(Deserialize)]
struct RawEditable {
    uneditable: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawType {
    properties: Map<String, Value>,
    #[serde(default)]
    rules: Vec<String>,
    render_hints: RenderHints,
    value_hints: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawProperty {
    required: bool,
    r#type: String,
    #[serde(default)]
    min_length: usize,
    max_length: Option<usize>,
    max_items: Option<usize>,
    #[serde(default)]
    integer: bool,
    min: Option<f64>,
    max: Option<f64>,
    pattern: Option<String>,
    #[serde(default)]
    pattern_flags: String,
    allowed: Option<Value>,
    rule: Option<String>,
    component: Option<String>,
}

fn raw_table() -> RawTable {
    serde_json::from_str(include_str!("attribute-values.json"))
        .expect("the table is part of this crate and tested")
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let raw = raw_table();
    Lists {
        countries: raw.countries,
        languages: raw.languages,
    }
});

pub(crate) static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let raw = raw_table();
    let mut v6: HashMap<String, RawType> = serde_json::from_str(include_str!("person-name.json"))
        .expect("the table is part of this crate and tested");
    v6.extend(raw.components);
    let uneditable = &raw.editable.uneditable;
    let build = |kind: ValueKind, types: HashMap<String, RawType>| {
        let types = types
            .into_iter()
            .map(|(name, raw)| {
                let is_editable = kind != ValueKind::V6 && !uneditable.contains(&name);
                (name.clone(), value_type(name, kind, is_editable, raw))
            })
            .collect();
        (kind, types)
    };
    Table {
        types: HashMap::from([
            build(ValueKind::Identity, raw.identity_attribute_values),
            build(ValueKind::Relationship, raw.relationship_attribute_values),
            build(ValueKind::V6, v6),
        ]),
        character_set: raw.character_set,
    }
});

fn value_type(name: String, kind: ValueKind, is_editable: bool, raw: RawType) -> ValueType {
    ValueType {
        name,
        kind,
        properties: raw
            .properties
            .into_iter()
            .map(|(name, raw)| property(name, raw))
            .collect(),
        rules: raw
            .rules
            .iter()
            .filter_map(|name| TypeRule::named(name))
            .collect(),
        render_hints: raw.render_hints,
        value_hints: value_hints(&raw.value_hints),
        is_editable,
    }
}

fn property(name: String, raw: Value) -> Property {
    let raw = RawProperty::deserialize(raw).expect("the table is part of this crate and tested");
    let rule = raw.rule.as_deref().and_then(PropertyRule::named);
    let shape = match raw.r#type.as_str() {
        "string" => Shape::Text {
            min: raw.min_length,
            max: raw.max_length.unwrap_or(crate::limits::TEXT),
            pattern: raw.pattern.map(|pattern| {
                Pattern::new(&pattern, raw.pattern_flags.contains('i'))
                    .expect("the table is part of this crate and tested")
            }),
            allowed: raw.allowed.map(allowed),
            rule,
        },
        "number" => Shape::Number {
            is_integer: raw.integer,
            min: raw.min,
            max: raw.max,
        },
        "boolean" => Shape::Flag,
        "json" => Shape::Json(rule.unwrap_or(PropertyRule::Json(4096))),
        "ValueHintsOverride" => Shape::Hints,
        _ => Shape::Objects {
            max: raw.max_items.unwrap_or(crate::limits::OPTIONS),
        },
    };
    Property {
        name,
        is_required: raw.required,
        shape,
        component: raw.component,
    }
}

fn allowed(raw: Value) -> Allowed {
    match raw {
        Value::String(list) if list == "countries" => Allowed::Countries,
        Value::String(_) => Allowed::Languages,
        values => Allowed::These(Vec::deserialize(values).unwrap_or_default()),
    }
}

/// Hints of the table: as they are sent, but that a list of values is given by its keys and one
/// pattern for their names.
fn value_hints(raw: &Value) -> ValueHints {
    let number = |name: &str| raw.get(name).and_then(Value::as_f64);
    let text = |name: &str| raw.get(name).and_then(Value::as_str).map(str::to_owned);
    let values = raw.get("values").map(|values| {
        let display_name = values
            .get("displayName")
            .and_then(Value::as_str)
            .unwrap_or("{key}");
        allowed(values.get("keys").cloned().unwrap_or_default())
            .values()
            .iter()
            .map(|key| ValueHintsValue {
                key: HintKey::Text(key.clone()),
                display_name: display_name.replace("{key}", key),
            })
            .collect()
    });
    ValueHints {
        edit_help: text("editHelp"),
        min: number("min"),
        max: number("max"),
        pattern: text("pattern"),
        values,
        default_value: None,
        property_hints: raw
            .get("propertyHints")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(part, hints)| (part.clone(), value_hints(hints)))
            .collect(),
    }
}

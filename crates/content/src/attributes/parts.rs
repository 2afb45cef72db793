//! Parts of values as values of their own, which v6 knows and v7 does not: `City` of an address, and the
//! other way round `PersonName`, which is made of names.

use serde_json::{Map, Value};

use super::{AttributeValue, ValueKind, ValueType};

impl ValueType {
    /// The value types of v7 that have this one, which only v6 knows by itself, as a part.
    #[must_use]
    pub fn wholes(&self) -> Vec<&'static Self> {
        let has_it = |whole: &&Self| {
            let mut properties = whole.properties.iter();
            self.kind() == ValueKind::V6
                && properties.any(|property| property.component.as_deref() == Some(self.name()))
        };
        let all = Self::all(ValueKind::Identity);
        all.into_iter().filter(has_it).collect()
    }

    /// The value types of v7 that this one, which only v6 knows, is made of.
    #[must_use]
    pub fn parts(&self) -> Vec<&'static Self> {
        if self.kind() != ValueKind::V6 {
            return Vec::new();
        }
        self.properties
            .iter()
            .filter_map(|property| property.component.as_deref())
            .filter_map(|name| Self::of_kind(ValueKind::Identity, name))
            .collect()
    }
}

impl AttributeValue {
    /// The part of this value that is a `value_type` of v6; `None` if it has none.
    #[must_use]
    pub fn part(&self, value_type: &str) -> Option<Self> {
        let name = self
            .properties_of_type()
            .find(|property| property.component.as_deref() == Some(value_type))
            .map(|property| property.name.as_str())?;
        let part = self.properties().get(name)?;
        let mut json = Map::new();
        json.insert("@type".to_owned(), value_type.into());
        json.insert("value".to_owned(), part.clone());
        Self::parse(ValueKind::V6, &Value::Object(json)).ok()
    }

    /// A value of a type that only v6 knows, made of others: `part` gives for a value type what it is
    /// made of. `None` if something is missing that it must have.
    #[must_use]
    pub fn of_parts<'a>(value_type: &str, part: impl Fn(&str) -> Option<&'a Self>) -> Option<Self> {
        let whole = ValueType::of_kind(ValueKind::V6, value_type)?;
        let mut json = Map::new();
        json.insert("@type".to_owned(), value_type.into());
        for property in &whole.properties {
            let component = property.component.as_deref()?;
            if let Some(value) = part(component).and_then(|one| one.properties().get("value")) {
                json.insert(property.name.clone(), value.clone());
            }
        }
        Self::parse(ValueKind::V6, &Value::Object(json)).ok()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    fn value(json: &Value) -> AttributeValue {
        AttributeValue::parse(ValueKind::Identity, json).unwrap()
    }

    fn names(types: &[&'static ValueType]) -> Vec<&'static str> {
        types.iter().map(|one| one.name()).collect()
    }

    #[test]
    fn every_part_that_v6_knows_by_itself_is_a_part_of_something() {
        for part in ValueType::all(ValueKind::V6) {
            let is_simple = part.parts().is_empty();
            assert_eq!(part.wholes().is_empty(), !is_simple, "{}", part.name());
        }
        let city = ValueType::of_kind(ValueKind::V6, "City").unwrap();
        assert_eq!(
            names(&city.wholes()),
            [
                "DeliveryBoxAddress",
                "PostOfficeBoxAddress",
                "StreetAddress"
            ]
        );
        let name = ValueType::of_kind(ValueKind::V6, "PersonName").unwrap();
        assert!(names(&name.parts()).contains(&"Surname"));
    }

    #[test]
    fn a_part_is_a_value_of_its_own() {
        let address = value(
            &json!({ "@type": "StreetAddress", "recipient": "Ada", "street": "Square",
            "houseNo": "12", "zipCode": "10115", "city": "Berlin", "country": "DE" }),
        );
        let city = address.part("City").unwrap();
        assert_eq!(
            city.to_json(),
            json!({ "@type": "City", "value": "Berlin" })
        );
        assert_eq!(city.kind(), ValueKind::V6);
        for missing in ["State", "BirthCity", "GivenName", "Nonsense"] {
            assert!(address.part(missing).is_none(), "{missing}");
        }
        let born = value(&json!({ "@type": "BirthDate", "day": 10, "month": 12, "year": 1815 }));
        let year = born.part("BirthYear").unwrap();
        assert_eq!(year.to_json()["value"], 1815);
    }

    #[test]
    fn a_name_is_made_of_names() {
        let given = value(&json!({ "@type": "GivenName", "value": "Ada" }));
        let last = value(&json!({ "@type": "Surname", "value": "Lovelace" }));
        let made = AttributeValue::of_parts("PersonName", |part| match part {
            "GivenName" => Some(&given),
            "Surname" => Some(&last),
            _ => None,
        });
        assert_eq!(
            made.unwrap().to_json(),
            json!({ "@type": "PersonName", "givenName": "Ada", "surname": "Lovelace" })
        );
        let without =
            AttributeValue::of_parts("PersonName", |part| (part == "GivenName").then_some(&given));
        assert!(without.is_none());
        assert!(AttributeValue::of_parts("GivenName", |_| Some(&given)).is_none());
    }
}

//! Queries: names without regard to case, pages, lists of ids.

use axum::{
    extract::FromRequestParts,
    http::{Uri, request::Parts},
};
use tessera_backbone_api::{PasswordBytes, error_codes, limits};

use super::{error::ApiError, input::is_id_form};
use crate::{app::Shared, store::page::PageWanted};

/// The query of a call.
pub struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    fn of(uri: &Uri) -> Result<Self, ApiError> {
        let axum::extract::Query(pairs) =
            axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri)
                .map_err(|_| ApiError::unparsable("query", "not percent-encoded UTF-8"))?;
        Ok(Self {
            pairs: pairs
                .into_iter()
                .map(|(name, value)| (name.to_ascii_lowercase(), value))
                .collect(),
        })
    }

    /// The first value of that name (lower case); an empty one counts as absent.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next().filter(|value| !value.is_empty())
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs
            .iter()
            .filter(move |(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value of that name, which must be there.
    pub fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name)
            .ok_or_else(|| ApiError::unparsable(name, "The property is required."))
    }

    /// A number.
    pub fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let read = |value: &str| {
            value
                .trim()
                .parse()
                .map_err(|_| ApiError::unparsable(name, "expected a number"))
        };
        self.get(name).map(read).transpose()
    }

    /// The password of a template or token: standard base64; base64url is taken, too.
    pub fn password(&self, name: &str) -> Result<Option<PasswordBytes>, ApiError> {
        // A plus sign that was not escaped arrives as a space.
        let read = |value: &str| {
            PasswordBytes::from_text(&value.replace(' ', "+"))
                .ok_or_else(|| ApiError::unparsable("password", "not base64"))
        };
        self.get(name).map(read).transpose()
    }

    /// Which page is wanted.
    pub fn page(&self) -> Result<PageWanted, ApiError> {
        let number = self.number("pagenumber")?.unwrap_or(1);
        let default = i64::try_from(limits::DEFAULT_PAGE_SIZE).unwrap_or(i64::MAX);
        let max = i64::try_from(limits::MAX_PAGE_SIZE).unwrap_or(i64::MAX);
        let size = self.number("pagesize")?.unwrap_or(default);
        if !(1..=max).contains(&size) {
            return Err(ApiError::rule(
                error_codes::INVALID_PAGE_SIZE,
                format!("Page size must be between 1 and {max}."),
            ));
        }
        if number < 1 {
            return Err(ApiError::invalid("pageNumber", "must be at least 1"));
        }
        Ok(PageWanted { number, size })
    }

    /// The ids of a list, in any of the forms `ids=A&ids=B` and `<name>.0.id=A&<name>.0.password=B`.
    /// Numbered ones count up to the first gap.
    pub fn ids(&self, name: &str, prefix: &str) -> Result<Vec<WantedRecord>, ApiError> {
        let mut wanted = Vec::new();
        for id in self.all("ids").filter(|id| !id.is_empty()) {
            wanted.push(WantedRecord::new(id, prefix, None)?);
        }
        for index in 0.. {
            let Some(id) = self.get(&format!("{name}.{index}.id")) else {
                break;
            };
            let password = self.password(&format!("{name}.{index}.password"))?;
            wanted.push(WantedRecord::new(id, prefix, password)?);
        }
        Ok(wanted)
    }
}

/// One record of a list that is asked for.
pub struct WantedRecord {
    pub id: String,
    pub password: Option<PasswordBytes>,
}

impl WantedRecord {
    fn new(id: &str, prefix: &str, password: Option<PasswordBytes>) -> Result<Self, ApiError> {
        if is_id_form(prefix, id) {
            Ok(Self {
                id: id.to_owned(),
                password,
            })
        } else {
            Err(ApiError::invalid_id("ids"))
        }
    }
}

/// The ids alone, as a JSON array for SQLite's `json_each`.
pub fn ids_as_json(wanted: &[WantedRecord]) -> String {
    serde_json::Value::from_iter(wanted.iter().map(|record| record.id.as_str())).to_string()
}

impl FromRequestParts<Shared> for Query {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _app: &Shared) -> Result<Self, ApiError> {
        Self::of(&parts.uri)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn query(text: &str) -> Query {
        Query::of(&format!("/x?{text}").parse().unwrap()).unwrap()
    }

    #[test]
    fn names_are_read_without_regard_to_case() {
        assert_eq!(query("LocalIndex=7").number("localindex").unwrap(), Some(7));
        assert_eq!(query("localindex=").number("localindex").unwrap(), None);
        assert!(query("localIndex=x").number("localindex").is_err());
    }

    #[test]
    fn lists_come_in_two_forms_and_end_at_a_gap() {
        let ids = |text: &str| -> Vec<String> {
            let wanted = query(text).ids("templates", "RLT").unwrap();
            wanted.into_iter().map(|record| record.id).collect()
        };
        assert_eq!(ids("ids=RLTa&ids=RLTb"), ["RLTa", "RLTb"]);
        let numbered = "templates.0.id=RLTa&templates.1.Id=RLTb&templates.3.id=RLTc";
        assert_eq!(ids(numbered), ["RLTa", "RLTb"]);
        assert!(query("ids=TOKa").ids("templates", "RLT").is_err());
    }

    #[test]
    fn passwords_are_read_escaped_or_not() {
        for text in ["password=%2B%2F8%3D", "password=+/8=", "Password=-_8"] {
            let password = query(text).password("password").unwrap().unwrap();
            assert_eq!(password.expose(), [0xfb, 0xff], "{text}");
        }
        assert!(query("password=").password("password").unwrap().is_none());
        assert!(query("password=*").password("password").is_err());
    }

    #[test]
    fn pages_have_limits() {
        let page = query("").page().unwrap();
        assert_eq!((page.number, page.size), (1, 50));
        for text in ["pageSize=0", "pageSize=201", "pageNumber=0", "pageSize=x"] {
            assert!(query(text).page().is_err(), "{text}");
        }
    }
}

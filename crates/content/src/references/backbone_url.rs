//! The address of a Backbone.

use std::fmt;

use url::Url;

use super::InvalidReference;

/// `http(s)://host[:port][/path]`, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct BackboneUrl(String);

impl BackboneUrl {
    /// Takes an `http` or `https` URL (scheme in lower case) without user name, query, fragment,
    /// `|` and white space.
    ///
    /// # Errors
    ///
    /// [`InvalidReference::BackboneBaseUrl`].
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        let rest = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))
            .ok_or(InvalidReference::BackboneBaseUrl)?;
        let is_forbidden = |character: char| {
            matches!(character, '?' | '#' | '@' | '|' | '\u{FEFF}') || character.is_whitespace()
        };
        if rest.is_empty() || rest.starts_with('/') || rest.contains(is_forbidden) {
            return Err(InvalidReference::BackboneBaseUrl);
        }
        Ok(Self(text.to_owned()))
    }

    /// Whether both name the same Backbone: scheme, host, port and path are the same; a slash at
    /// the end, the case of the host and a default port do not matter.
    #[must_use]
    pub fn is_same_backbone(&self, other: &Self) -> bool {
        match (self.comparable(), other.comparable()) {
            (Some(own), Some(other)) => own == other,
            _ => self == other,
        }
    }

    fn comparable(&self) -> Option<(String, String, Option<u16>, String)> {
        let url = Url::parse(&self.0).ok()?;
        Some((
            url.scheme().to_owned(),
            url.host_str()?.to_owned(),
            url.port_or_known_default(),
            url.path().trim_end_matches('/').to_owned(),
        ))
    }

    /// The host name, without port.
    #[must_use]
    pub fn host(&self) -> Option<String> {
        Url::parse(&self.0).ok()?.host_str().map(str::to_owned)
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BackboneUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for BackboneUrl {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

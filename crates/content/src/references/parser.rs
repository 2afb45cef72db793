//! Reading references. Nothing that any version ever wrote is refused, and all that upstream
//! accepts only because its checks have holes is.

use tessera_crypto::{
    encoding::{from_b64u, utf8},
    objects::SecretKey,
};
use url::Url;
use zeroize::Zeroizing;

use super::{
    ALGORITHM, BackboneUrl, ForIdentityTruncated, InvalidReference, Reference, ReferenceError,
    ReferenceId, SharedPasswordProtection,
};
use crate::attributes::js_trim;

/// No reference is anywhere near as long; a pasted book is not decoded.
const LONGEST: usize = 20_000;

/// What stands before a truncated reference in QR codes of 6.x, in old links and on recovery
/// kits. In lower case only.
const LEGACY_PREFIXES: [&str; 8] = [
    "nmshd://tr#",
    "nmshd://qr#",
    "nmshd://tr/#",
    "nmshd://qr/#",
    "nmshd-dev://tr#",
    "nmshd-dev://qr#",
    "nmshd-dev://tr/#",
    "nmshd-dev://qr/#",
];

pub(super) fn parse(text: &str) -> Result<Reference, ReferenceError> {
    let text = js_trim(text);
    if text.len() > LONGEST {
        return Err(invalid(InvalidReference::TooLong));
    }
    if let Some(truncated) = LEGACY_PREFIXES
        .iter()
        .find_map(|prefix| text.strip_prefix(prefix))
    {
        return parse_truncated(truncated);
    }
    if let Some(rest) = strip_scheme(text, "enmeshed://") {
        // The Backbone's web page puts this scheme in place of https.
        return parse_url(&format!("https://{rest}"));
    }
    if strip_scheme(text, "https://").is_some() || strip_scheme(text, "http://").is_some() {
        return parse_url(text);
    }
    if has_scheme(text) {
        return Err(ReferenceError::WrongUrl);
    }
    parse_truncated(text)
}

fn invalid(reason: InvalidReference) -> ReferenceError {
    ReferenceError::Invalid(reason)
}

/// What follows `scheme`, in whatever case it is written.
fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    text.split_at_checked(scheme.len())
        .and_then(|(start, rest)| start.eq_ignore_ascii_case(scheme).then_some(rest))
}

fn has_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(&byte))
    })
}

/// `id[@backboneBaseUrl]|alg|key[|forIdentity|protection]` in base64url.
fn parse_truncated(text: &str) -> Result<Reference, ReferenceError> {
    let bytes = decode(text)?;
    let plain = utf8(&bytes).map_err(|_| invalid(InvalidReference::NotUtf8))?;
    let parts: Vec<&str> = plain.split('|').collect();
    let (place, algorithm, key, for_identity, protection) = match parts.as_slice() {
        [place, algorithm, key] => (*place, *algorithm, *key, "", ""),
        [place, algorithm, key, for_identity, protection] => {
            (*place, *algorithm, *key, *for_identity, *protection)
        }
        _ => return Err(invalid(InvalidReference::Components)),
    };
    let (id, base) = match place.split_once('@') {
        Some((id, base)) => (id, Some(base).filter(|base| !base.is_empty())),
        None => (place, None),
    };
    Components {
        id,
        base,
        algorithm,
        key,
        for_identity,
        protection,
    }
    .reference()
}

/// `<base>/r/<id>[?…]#` and `alg|key|forIdentity|protection` in base64url.
fn parse_url(text: &str) -> Result<Reference, ReferenceError> {
    let url = Url::parse(text).map_err(|_| invalid(InvalidReference::NotUrl))?;
    if !url.username().is_empty() || url.password().is_some_and(|password| !password.is_empty()) {
        return Err(invalid(InvalidReference::UserInfo));
    }
    let (path, id) = url
        .path()
        .rsplit_once('/')
        .and_then(|(path, id)| path.strip_suffix("/r").map(|path| (path, id)))
        .filter(|(_, id)| !id.is_empty())
        .ok_or(invalid(InvalidReference::Path))?;
    let bytes = decode(url.fragment().unwrap_or_default())?;
    let plain = utf8(&bytes).map_err(|_| invalid(InvalidReference::NotUtf8))?;
    let parts: Vec<&str> = plain.split('|').collect();
    let [algorithm, key, for_identity, protection] = *parts.as_slice() else {
        return Err(invalid(InvalidReference::Components));
    };
    let base = format!("{}{path}", url.origin().ascii_serialization());
    Components {
        id,
        base: Some(&base),
        algorithm,
        key,
        for_identity,
        protection,
    }
    .reference()
}

fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>, ReferenceError> {
    from_b64u(text)
        .map(Zeroizing::new)
        .map_err(|_| invalid(InvalidReference::NotBase64))
}

struct Components<'a> {
    id: &'a str,
    base: Option<&'a str>,
    algorithm: &'a str,
    key: &'a str,
    for_identity: &'a str,
    protection: &'a str,
}

impl Components<'_> {
    fn reference(&self) -> Result<Reference, ReferenceError> {
        if !tessera_core_types::is_id("", self.id) {
            return Err(invalid(InvalidReference::Id));
        }
        let backbone_base_url = self
            .base
            .map(BackboneUrl::parse)
            .transpose()
            .map_err(invalid)?;
        if self.algorithm != ALGORITHM {
            return Err(invalid(InvalidReference::Algorithm));
        }
        let key = from_b64u(self.key)
            .map(Zeroizing::new)
            .and_then(|bytes| SecretKey::from_slice(&bytes))
            .map_err(|_| invalid(InvalidReference::Key))?;
        let for_identity_truncated = Some(self.for_identity)
            .filter(|text| !text.is_empty())
            .map(ForIdentityTruncated::parse)
            .transpose()
            .map_err(invalid)?;
        let password_protection = Some(self.protection)
            .filter(|text| !text.is_empty())
            .map(SharedPasswordProtection::parse)
            .transpose()
            .map_err(invalid)?;
        // The kind comes last: what does not parse at all is not called another kind.
        let id = ReferenceId::parse(self.id).ok_or(ReferenceError::WrongCode)?;
        Ok(Reference {
            id,
            backbone_base_url,
            key,
            for_identity_truncated,
            password_protection,
        })
    }
}

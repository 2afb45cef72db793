//! Access tokens: JSON Web Tokens that say who calls, signed with the key of the data file. The
//! server keeps nothing of them, so they hold across restarts.
//!
//! Signed with HMAC-SHA-256, as only the server that made a token checks it: nobody else needs a
//! public key, and a check takes a microsecond.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tessera_backbone_api::SecretText;
use tessera_core_types::{Address, CoreDate, DeviceId};
use zeroize::Zeroizing;

use crate::http::{caller::Caller, error::ApiError};

/// 256 random bits.
pub type SigningKey = Zeroizing<[u8; 32]>;

/// The only header there is. It is compared, not read: a token cannot choose how it is checked.
const HEADER: &str = r#"{"alg":"HS256","typ":"at+jwt"}"#;

/// What a token says; names as in the tokens of a real Backbone. Dates are seconds since 1970.
#[derive(Serialize, Deserialize)]
struct Claims {
    nmshd_address: Address,
    device_id: DeviceId,
    iat: i64,
    exp: i64,
}

/// Makes and checks access tokens.
pub struct AccessTokens {
    key: SigningKey,
    header: String,
}

impl AccessTokens {
    /// With the key of the data file.
    pub fn new(key: SigningKey) -> Self {
        Self {
            key,
            header: BASE64_URL_SAFE_NO_PAD.encode(HEADER),
        }
    }

    /// A token for a device that logged in, valid for so many seconds.
    pub fn issue(
        &self,
        caller: Caller,
        now: CoreDate,
        seconds: i64,
    ) -> Result<SecretText, ApiError> {
        // A started second counts as a whole one: what was promised is not cut short.
        let iat = now.plus(TimeDelta::milliseconds(999)).millis() / 1000;
        let claims = Claims {
            nmshd_address: caller.address,
            device_id: caller.device,
            iat,
            exp: iat.saturating_add(seconds),
        };
        let claims = serde_json::to_vec(&claims).map_err(ApiError::unexpected)?;
        let signed = format!("{}.{}", self.header, BASE64_URL_SAFE_NO_PAD.encode(claims));
        let signature = self.mac(&signed)?.finalize().into_bytes();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        Ok(SecretText::from(format!("{signed}.{signature}")))
    }

    /// Whom a token names; `None` when this server did not make it or its time is over.
    pub fn caller(&self, token: &str, now: CoreDate) -> Option<Caller> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).ok()?;
        // In a time that does not depend on where they differ.
        self.mac(signed).ok()?.verify_slice(&signature).ok()?;
        let (header, claims) = signed.split_once('.')?;
        if header != self.header {
            return None;
        }
        let claims = BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?;
        let claims: Claims = serde_json::from_slice(&claims).ok()?;
        (claims.exp.saturating_mul(1000) > now.millis()).then_some(Caller {
            address: claims.nmshd_address,
            device: claims.device_id,
        })
    }

    fn mac(&self, signed: &str) -> Result<Hmac<Sha256>, ApiError> {
        let mut mac = Hmac::new_from_slice(&*self.key).map_err(ApiError::unexpected)?;
        mac.update(signed.as_bytes());
        Ok(mac)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use tessera_core_types::{Randomness, SystemRandomness};

    use super::*;

    fn caller() -> Caller {
        Caller {
            address: Address::parse("did:e:localhost:dids:3a29ae5c1f591bbd9a2aaa").unwrap(),
            device: DeviceId::generate(&SystemRandomness),
        }
    }

    fn tokens() -> AccessTokens {
        let mut key = SigningKey::default();
        SystemRandomness.fill(&mut *key);
        AccessTokens::new(key)
    }

    fn at(time: &str) -> CoreDate {
        CoreDate::parse(&format!("2026-08-20T{time}Z")).unwrap()
    }

    #[test]
    fn a_token_names_its_device_until_its_time_is_over() {
        let (tokens, caller) = (tokens(), caller());
        let token = tokens.issue(caller.clone(), at("09:00:00.700"), 300);
        let token = token.unwrap();
        let named = |time| tokens.caller(token.expose(), at(time));
        assert_eq!(named("09:00:00.700"), Some(caller.clone()));
        assert_eq!(named("09:05:00.700"), Some(caller));
        assert_eq!(named("09:05:01.000"), None);
    }

    #[test]
    fn a_token_that_was_changed_anywhere_is_refused() {
        let (tokens, now) = (tokens(), at("09:00:00.000"));
        let token = tokens.issue(caller(), now, 300).unwrap();
        let token = token.expose();
        assert!(tokens.caller(token, now).is_some());
        for position in 0..token.len() {
            let mut changed = token.as_bytes().to_vec();
            changed[position] = if changed[position] == b'A' {
                b'B'
            } else {
                b'A'
            };
            let changed = String::from_utf8(changed).unwrap();
            assert!(tokens.caller(&changed, now).is_none(), "{changed}");
        }
        for end in 0..token.len() {
            assert!(tokens.caller(&token[..end], now).is_none());
        }
    }

    #[test]
    fn a_token_cannot_choose_how_it_is_checked() {
        let (tokens, now) = (tokens(), at("09:00:00.000"));
        let token = tokens.issue(caller(), now, 300).unwrap();
        let claims = token.expose().split('.').nth(1).unwrap();
        let header = BASE64_URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#);
        assert!(tokens.caller(&format!("{header}.{claims}."), now).is_none());
        // Even with a good signature.
        let signed = format!("{header}.{claims}");
        let signature = tokens.mac(&signed).unwrap().finalize().into_bytes();
        let signature = BASE64_URL_SAFE_NO_PAD.encode(signature);
        assert!(
            tokens
                .caller(&format!("{signed}.{signature}"), now)
                .is_none()
        );
    }

    #[test]
    fn a_token_of_another_key_is_refused() {
        let (one, other, now) = (tokens(), tokens(), at("09:00:00.000"));
        let token = one.issue(caller(), now, 300).unwrap();
        assert!(other.caller(token.expose(), now).is_none());
    }

    #[test]
    fn the_signature_is_what_others_make_of_that_key() {
        // Made with the hmac module of Python.
        let tokens = AccessTokens::new(Zeroizing::new([7; 32]));
        let made = tokens.mac("a.b").unwrap().finalize().into_bytes();
        assert_eq!(
            BASE64_URL_SAFE_NO_PAD.encode(made),
            "4IzTuUcv52RFMu-Cwl9vhXXp6OzWdfh8w9-vRT_AWfU"
        );
    }
}

//! Version, challenges, identities.

use reqwest::Method;
use tessera_core_types::{Address, ChallengeId, Username};

use super::super::{
    AuthenticatedClient, BackboneClient, ClientError, Generation, call::Call, channel::Channel,
};
use crate::{
    Bytes, SecretText,
    challenges::{Challenge, SignedChallenge},
    feature_flags::FeatureFlags,
    identities::{CreateIdentityRequest, CreateIdentityResponse, Identity, IsDeletedResponse},
    version::Version,
};

/// The generations of the Backbone that speak version 2 of the API as this client does.
const GENERATIONS: std::ops::RangeInclusive<u32> = 6..=7;

/// An identity to be.
#[derive(Debug, Clone)]
pub struct NewIdentity {
    /// UTF-8 JSON `{"pub":…,"alg":3,"@type":"CryptoSignaturePublicKey"}`.
    pub identity_public_key: Bytes,
    /// The password of the first device.
    pub device_password: SecretText,
    /// Two-letter code; the server takes `en` for `None`.
    pub device_communication_language: Option<String>,
    /// A challenge of [`BackboneClient::create_challenge`], signed with the identity's key.
    pub signed_challenge: SignedChallenge,
}

impl BackboneClient {
    /// `GET Version`: which generation the Backbone is, 6 or 7.
    ///
    /// # Errors
    ///
    /// [`ClientError::WrongGeneration`] when it is another one, or does not know version 2 of the
    /// API; [`ClientError::UnexpectedAnswer`] when it does not say a number.
    pub async fn generation(&self) -> Result<u32, ClientError> {
        let wrong = |generation| Err(ClientError::WrongGeneration { generation });
        let version: Version = match self.channel.result(Call::get("Version", &[])).await {
            Err(ClientError::Backbone { status: 404, .. }) => return wrong(Generation::TooOld),
            answer => answer?,
        };
        let Ok(generation) = version.major_version.trim().parse::<u32>() else {
            return Err(ClientError::UnexpectedAnswer {
                what: super::super::AnswerFault::Form,
            });
        };
        if generation < *GENERATIONS.start() {
            wrong(Generation::TooOld)
        } else if generation > *GENERATIONS.end() {
            wrong(Generation::TooNew)
        } else {
            Ok(generation)
        }
    }

    /// `GET /health`: whether the server says that it is well.
    ///
    /// # Errors
    ///
    /// [`ClientError`] when there is no answer.
    pub async fn is_healthy(&self) -> Result<bool, ClientError> {
        let answer = self.channel.any(&Call::get_unversioned("health")).await?;
        Ok(answer.status == 200)
    }

    /// `POST Challenges`: a challenge for [`create_identity`](Self::create_identity).
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_challenge(&self) -> Result<Challenge, ClientError> {
        create_challenge(&self.channel).await
    }

    /// `POST Identities`: makes an identity with its first device, with this client's id and
    /// secret. Not repeated when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; a wrong client id or secret is
    /// [`error_codes::UNAUTHORIZED`](crate::error_codes::UNAUTHORIZED) with status 400.
    pub async fn create_identity(
        &self,
        new: NewIdentity,
    ) -> Result<CreateIdentityResponse, ClientError> {
        let settings = self.channel.connection.settings();
        let request = CreateIdentityRequest {
            client_id: settings.client_id.clone(),
            client_secret: settings.client_secret.clone(),
            identity_public_key: new.identity_public_key,
            identity_version: 1,
            device_password: new.device_password,
            device_communication_language: new.device_communication_language,
            signed_challenge: new.signed_challenge,
        };
        let call = Call::post("Identities", &[])
            .json(&request)
            .hiding(request.client_secret.expose())
            .hiding(request.device_password.expose());
        self.channel.result(call).await
    }

    /// `GET Identities/IsDeleted`: whether the identity of that device is deleted.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn is_identity_deleted(
        &self,
        username: &Username,
    ) -> Result<IsDeletedResponse, ClientError> {
        let call = Call::get("Identities/IsDeleted", &[]).query("username", username);
        self.channel.result(call).await
    }
}

impl AuthenticatedClient {
    /// `POST Challenges`: a challenge for [`create_device`](Self::create_device).
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_challenge(&self) -> Result<Challenge, ClientError> {
        create_challenge(&self.channel).await
    }

    /// `GET Challenges/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn challenge(&self, id: &ChallengeId) -> Result<Challenge, ClientError> {
        let call = Call::get("Challenges/{}", &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `GET Identities/Self`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn identity(&self) -> Result<Identity, ClientError> {
        self.channel.result(Call::get("Identities/Self", &[])).await
    }

    /// `PATCH Identities/Self/FeatureFlags`: adds flags and changes those of the same name; none
    /// goes away.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn set_feature_flags(&self, flags: &FeatureFlags) -> Result<(), ClientError> {
        let call = Call::new(Method::PATCH, "Identities/Self/FeatureFlags", &[]).json(flags);
        self.channel.done(call.harmless()).await
    }

    /// `GET Identities/{address}/FeatureFlags`: those of the own identity, of one with which there
    /// is or was a relationship, or of the creator of a template that was loaded.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn feature_flags(&self, of: &Address) -> Result<FeatureFlags, ClientError> {
        let call = Call::get("Identities/{}/FeatureFlags", &[of.as_str()]);
        self.channel.result(call).await
    }
}

async fn create_challenge(channel: &Channel) -> Result<Challenge, ClientError> {
    // A challenge more than needed hurts nobody.
    channel
        .result(Call::post("Challenges", &[]).harmless())
        .await
}

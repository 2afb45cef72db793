//! Tokens, which can be made and loaded with and without login.

use tessera_core_types::TokenId;

use super::super::{
    AuthenticatedClient, BackboneClient, ClientError, call::Call, channel::Channel,
};
use crate::{
    PasswordBytes,
    tokens::{CreateTokenRequest, CreatedToken, Token, TokenMetadata, UpdateTokenContentRequest},
};

impl BackboneClient {
    /// `POST Tokens` without login: an empty token that lasts at most five minutes.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_token(
        &self,
        request: &CreateTokenRequest,
    ) -> Result<CreatedToken, ClientError> {
        create(&self.channel, request).await
    }

    /// `GET Tokens/{id}` without login. Each wrong password counts; a hundred lock the token.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn token(
        &self,
        id: &TokenId,
        password: Option<&PasswordBytes>,
    ) -> Result<Token, ClientError> {
        get(&self.channel, id, password).await
    }
}

impl AuthenticatedClient {
    /// `POST Tokens`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_token(
        &self,
        request: &CreateTokenRequest,
    ) -> Result<CreatedToken, ClientError> {
        create(&self.channel, request).await
    }

    /// `GET Tokens/{id}`. Once loaded, it can be loaded again without password and after expiry.
    /// Each wrong password counts; a hundred lock the token.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`is_record_not_found`](ClientError::is_record_not_found) also when it has
    /// expired, is for somebody else, or the password is wrong or missing.
    pub async fn token(
        &self,
        id: &TokenId,
        password: Option<&PasswordBytes>,
    ) -> Result<Token, ClientError> {
        get(&self.channel, id, password).await
    }

    /// `GET Tokens`: those of the given ones that the identity made or loaded before.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn tokens(&self, ids: &[TokenId]) -> Result<Vec<Token>, ClientError> {
        let call = |part: &[TokenId]| {
            part.iter()
                .fold(Call::get("Tokens", &[]), |call, id| call.query("ids", id))
        };
        self.channel.list_by_ids(ids, call).await
    }

    /// `POST Tokens/{id}/UpdateContent`: fills an empty token.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn update_token_content(
        &self,
        id: &TokenId,
        request: &UpdateTokenContentRequest,
    ) -> Result<TokenMetadata, ClientError> {
        let mut call = Call::post("Tokens/{}/UpdateContent", &[id.as_str()]).json(request);
        if let Some(password) = &request.password {
            call = call.hiding(&password.to_text());
        }
        self.channel.result(call).await
    }

    /// `DELETE Tokens/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn delete_token(&self, id: &TokenId) -> Result<(), ClientError> {
        let call = Call::delete("Tokens/{}", &[id.as_str()]);
        self.channel.done(call).await
    }
}

async fn create(
    channel: &Channel,
    request: &CreateTokenRequest,
) -> Result<CreatedToken, ClientError> {
    let mut call = Call::post("Tokens", &[]).json(request);
    if let Some(password) = &request.password {
        call = call.hiding(&password.to_text());
    }
    channel.result(call).await
}

async fn get(
    channel: &Channel,
    id: &TokenId,
    password: Option<&PasswordBytes>,
) -> Result<Token, ClientError> {
    let call = Call::get("Tokens/{}", &[id.as_str()]);
    channel.result(call.password("password", password)).await
}

//! Notifications, quotas, and what whoever runs a Backbone tells everybody: tags, announcements,
//! public templates.

use super::super::{
    AuthenticatedClient, BackboneClient, ClientError, call::Call, channel::read_envelope,
};
use crate::{
    announcements::{Announcement, PublicRelationshipTemplateReference},
    notifications::SendNotificationRequest,
    quotas::QuotaGroup,
    tags::TagCollection,
};

impl BackboneClient {
    /// `GET Tags`: the tags and the name of this version of them (`ETag`), or `None` when they are
    /// still those of `etag`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn tags(
        &self,
        etag: Option<&str>,
    ) -> Result<Option<(TagCollection, Option<String>)>, ClientError> {
        let call = Call::get("Tags", &[]).if_none_match(etag);
        let answer = self.channel.any(&call).await?;
        match answer.status {
            304 => Ok(None),
            200 => Ok(Some((read_envelope(&answer.body)?.result, answer.etag))),
            _ => Err(self.channel.connection.error(&call, &answer)),
        }
    }
}

impl AuthenticatedClient {
    /// `POST Notifications`: has a text of the server pushed to the devices of peers. Not repeated
    /// when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`CODE_DOES_NOT_EXIST`](crate::error_codes::CODE_DOES_NOT_EXIST) when the
    /// server has no such text.
    pub async fn send_notification(
        &self,
        request: &SendNotificationRequest,
    ) -> Result<(), ClientError> {
        let call = Call::post("Notifications", &[]).json(request);
        self.channel.done(call).await
    }

    /// `GET Quotas`: by metric; empty where the server has none.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn quotas(&self) -> Result<Vec<QuotaGroup>, ClientError> {
        self.channel.result(Call::get("Quotas", &[])).await
    }

    /// `GET Announcements` in a language (two-letter code), English where there is no such text.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn announcements(&self, language: &str) -> Result<Vec<Announcement>, ClientError> {
        let call = Call::get("Announcements", &[]).query("language", language);
        self.channel.result(call).await
    }

    /// `GET /api/poc/PublicRelationshipTemplateReferences`; empty where the server has none.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn public_relationship_template_references(
        &self,
    ) -> Result<Vec<PublicRelationshipTemplateReference>, ClientError> {
        let call = Call::get_unversioned("api/poc/PublicRelationshipTemplateReferences");
        match self.channel.result(call).await {
            Err(ClientError::Backbone { status: 404, .. }) => Ok(Vec::new()),
            answer => answer,
        }
    }
}

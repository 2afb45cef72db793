//! Relationships.

use tessera_core_types::{Address, RelationshipId};

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::{
    Bytes,
    relationships::{
        CanCreateRelationshipResponse, CreateRelationshipRequest, CreationResponseRequest,
        Relationship, RelationshipAction, RelationshipMetadata,
    },
};

impl AuthenticatedClient {
    /// `GET Relationships/CanCreate`.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; 404 with a message that begins with `Identity not found.` when there is no
    /// such peer.
    pub async fn can_create_relationship(
        &self,
        peer: &Address,
    ) -> Result<CanCreateRelationshipResponse, ClientError> {
        let call = Call::get("Relationships/CanCreate", &[]).query("peer", peer);
        self.channel.result(call).await
    }

    /// `POST Relationships`. Not repeated when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_relationship(
        &self,
        request: &CreateRelationshipRequest,
    ) -> Result<RelationshipMetadata, ClientError> {
        let call = Call::post("Relationships", &[]).json(request);
        self.channel.result(call).await
    }

    /// `GET Relationships/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; an own decomposed one is
    /// [`RELATIONSHIP_ALREADY_DECOMPOSED`](crate::error_codes::RELATIONSHIP_ALREADY_DECOMPOSED).
    pub async fn relationship(&self, id: &RelationshipId) -> Result<Relationship, ClientError> {
        let call = Call::get("Relationships/{}", &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `GET Relationships`: those of the given ones in which the identity takes part.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn relationships(
        &self,
        ids: &[RelationshipId],
    ) -> Result<Vec<Relationship>, ClientError> {
        let call = |part: &[RelationshipId]| {
            part.iter()
                .fold(Call::get("Relationships", &[]), |call, id| {
                    call.query("ids", id)
                })
        };
        self.channel.list_by_ids(ids, call).await
    }

    /// `PUT Relationships/{id}/Accept`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn accept_relationship(
        &self,
        id: &RelationshipId,
        creation_response_content: Option<Bytes>,
    ) -> Result<RelationshipMetadata, ClientError> {
        self.answer(id, RelationshipAction::Accept, creation_response_content)
            .await
    }

    /// `PUT Relationships/{id}/Reject`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn reject_relationship(
        &self,
        id: &RelationshipId,
        creation_response_content: Option<Bytes>,
    ) -> Result<RelationshipMetadata, ClientError> {
        self.answer(id, RelationshipAction::Reject, creation_response_content)
            .await
    }

    /// `PUT Relationships/{id}/Revoke`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn revoke_relationship(
        &self,
        id: &RelationshipId,
        creation_response_content: Option<Bytes>,
    ) -> Result<RelationshipMetadata, ClientError> {
        self.answer(id, RelationshipAction::Revoke, creation_response_content)
            .await
    }

    /// Any action on a relationship, without content where it could have one. None is repeated when
    /// it may have reached the server: the second time its status would not be right any more.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn change_relationship(
        &self,
        id: &RelationshipId,
        action: RelationshipAction,
    ) -> Result<RelationshipMetadata, ClientError> {
        self.answer(id, action, None).await
    }

    async fn answer(
        &self,
        id: &RelationshipId,
        action: RelationshipAction,
        creation_response_content: Option<Bytes>,
    ) -> Result<RelationshipMetadata, ClientError> {
        let mut call = Call::put("Relationships/{}", &[id.as_str()]).below(action.path());
        if action.has_body() {
            call = call.json(&CreationResponseRequest {
                creation_response_content,
            });
        }
        self.channel.result(call).await
    }
}

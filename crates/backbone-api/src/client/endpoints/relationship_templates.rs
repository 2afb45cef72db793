//! Relationship templates.

use tessera_core_types::RelationshipTemplateId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::{
    PasswordBytes,
    relationship_templates::{
        CreateRelationshipTemplateRequest, CreatedRelationshipTemplate, RelationshipTemplate,
    },
};

impl AuthenticatedClient {
    /// `POST RelationshipTemplates`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_relationship_template(
        &self,
        request: &CreateRelationshipTemplateRequest,
    ) -> Result<CreatedRelationshipTemplate, ClientError> {
        let mut call = Call::post("RelationshipTemplates", &[]).json(request);
        if let Some(password) = &request.password {
            call = call.hiding(&password.to_text());
        }
        self.channel.result(call).await
    }

    /// `GET RelationshipTemplates/{id}`. The first time this counts against the template's number
    /// of allocations; from then on the password is not needed any more.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`is_record_not_found`](ClientError::is_record_not_found) also when it has
    /// expired, is for somebody else, or the password is wrong or missing.
    pub async fn relationship_template(
        &self,
        id: &RelationshipTemplateId,
        password: Option<&PasswordBytes>,
    ) -> Result<RelationshipTemplate, ClientError> {
        let call = Call::get("RelationshipTemplates/{}", &[id.as_str()]);
        self.channel
            .result(call.password("password", password))
            .await
    }

    /// `GET RelationshipTemplates`: those of the given ones that are visible. Does not allocate.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn relationship_templates(
        &self,
        wanted: &[(RelationshipTemplateId, Option<PasswordBytes>)],
    ) -> Result<Vec<RelationshipTemplate>, ClientError> {
        let call = |part: &[(RelationshipTemplateId, Option<PasswordBytes>)]| {
            let mut call = Call::get("RelationshipTemplates", &[]);
            for (number, (id, password)) in part.iter().enumerate() {
                call = call
                    .query(format!("templates.{number}.id"), id)
                    .password(&format!("templates.{number}.password"), password.as_ref());
            }
            call
        };
        self.channel.list_by_ids(wanted, call).await
    }

    /// `DELETE RelationshipTemplates/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn delete_relationship_template(
        &self,
        id: &RelationshipTemplateId,
    ) -> Result<(), ClientError> {
        let call = Call::delete("RelationshipTemplates/{}", &[id.as_str()]);
        self.channel.done(call).await
    }
}

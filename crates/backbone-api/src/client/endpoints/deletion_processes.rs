//! The deletion of the own identity.

use tessera_core_types::IdentityDeletionProcessId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::deletion_processes::{DeletionProcess, StartDeletionProcessRequest};

const PATH: &str = "Identities/Self/DeletionProcesses";

impl AuthenticatedClient {
    /// `POST Identities/Self/DeletionProcesses`: from now on the identity is to be deleted. Not
    /// repeated when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`];
    /// [`ONLY_ONE_ACTIVE_DELETION_PROCESS_ALLOWED`](crate::error_codes::ONLY_ONE_ACTIVE_DELETION_PROCESS_ALLOWED)
    /// when there is one already.
    pub async fn start_deletion_process(
        &self,
        request: &StartDeletionProcessRequest,
    ) -> Result<DeletionProcess, ClientError> {
        let call = Call::post(PATH, &[]).json(request);
        self.channel.result(call).await
    }

    /// `GET Identities/Self/DeletionProcesses`: all there ever were.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn deletion_processes(&self) -> Result<Vec<DeletionProcess>, ClientError> {
        self.channel.result(Call::get(PATH, &[])).await
    }

    /// `GET Identities/Self/DeletionProcesses/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn deletion_process(
        &self,
        id: &IdentityDeletionProcessId,
    ) -> Result<DeletionProcess, ClientError> {
        let call = Call::get("Identities/Self/DeletionProcesses/{}", &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `PUT Identities/Self/DeletionProcesses/{id}/Cancel`. Not repeated when it may have reached
    /// the server: the second time its status would not be right any more.
    ///
    /// # Errors
    ///
    /// [`ClientError`];
    /// [`GRACE_PERIOD_HAS_ALREADY_EXPIRED`](crate::error_codes::GRACE_PERIOD_HAS_ALREADY_EXPIRED)
    /// when it is too late.
    pub async fn cancel_deletion_process(
        &self,
        id: &IdentityDeletionProcessId,
    ) -> Result<DeletionProcess, ClientError> {
        let path = "Identities/Self/DeletionProcesses/{}/Cancel";
        self.channel.result(Call::put(path, &[id.as_str()])).await
    }
}

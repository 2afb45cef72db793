//! Sync runs and external events.

use tessera_core_types::SyncRunId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::{
    external_events::ExternalEvent,
    sync_runs::{
        FinalizeDatawalletVersionUpgradeRequest, FinalizeDatawalletVersionUpgradeResponse,
        FinalizeExternalEventSyncRequest, FinalizeExternalEventSyncResponse,
        RefreshExpirationTimeResponse, StartSyncRunRequest, StartSyncRunResponse, SyncRun,
    },
};

impl AuthenticatedClient {
    /// `POST SyncRuns`. Not repeated when it may have reached the server: the run of the first
    /// attempt would be in the way of the second.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn start_sync_run(
        &self,
        request: &StartSyncRunRequest,
    ) -> Result<StartSyncRunResponse, ClientError> {
        let call = Call::post("SyncRuns", &[])
            .with_datawallet_version()
            .json(request);
        self.channel.result(call).await
    }

    /// `GET SyncRuns/{id}`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn sync_run(&self, id: &SyncRunId) -> Result<SyncRun, ClientError> {
        let call = Call::get("SyncRuns/{}", &[id.as_str()]).with_datawallet_version();
        self.channel.result(call).await
    }

    /// `GET SyncRuns/{id}/ExternalEvents`: all events of a run of this device, by index.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn external_events(&self, id: &SyncRunId) -> Result<Vec<ExternalEvent>, ClientError> {
        self.channel
            .list(|| {
                Call::get("SyncRuns/{}/ExternalEvents", &[id.as_str()]).with_datawallet_version()
            })
            .await
    }

    /// `PUT SyncRuns/{id}/FinalizeExternalEventSync`. Not repeated when it may have reached the
    /// server.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn finalize_external_event_sync(
        &self,
        id: &SyncRunId,
        request: &FinalizeExternalEventSyncRequest,
    ) -> Result<FinalizeExternalEventSyncResponse, ClientError> {
        let call = Call::put("SyncRuns/{}/FinalizeExternalEventSync", &[id.as_str()])
            .with_datawallet_version()
            .json(request);
        self.channel.result(call).await
    }

    /// `PUT SyncRuns/{id}/FinalizeDatawalletVersionUpgrade`. Not repeated when it may have reached
    /// the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn finalize_datawallet_version_upgrade(
        &self,
        id: &SyncRunId,
        request: &FinalizeDatawalletVersionUpgradeRequest,
    ) -> Result<FinalizeDatawalletVersionUpgradeResponse, ClientError> {
        let path = "SyncRuns/{}/FinalizeDatawalletVersionUpgrade";
        let call = Call::put(path, &[id.as_str()])
            .with_datawallet_version()
            .json(request);
        self.channel.result(call).await
    }

    /// `PUT SyncRuns/{id}/RefreshExpirationTime`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn refresh_sync_run(
        &self,
        id: &SyncRunId,
    ) -> Result<RefreshExpirationTimeResponse, ClientError> {
        let call = Call::put("SyncRuns/{}/RefreshExpirationTime", &[id.as_str()])
            .with_datawallet_version()
            .harmless();
        self.channel.result(call).await
    }
}

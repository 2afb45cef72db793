//! The log through which the devices of an identity share their data.

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::datawallet::{
    Datawallet, DatawalletModification, PushDatawalletModificationsRequest,
    PushDatawalletModificationsResponse,
};

impl AuthenticatedClient {
    /// `GET Datawallet`; `None` when the identity has none yet.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn datawallet(&self) -> Result<Option<Datawallet>, ClientError> {
        let call = Call::get("Datawallet", &[]).with_datawallet_version();
        match self.channel.result(call).await {
            Err(error) if error.is_record_not_found() => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// `GET Datawallet/Modifications`: all with a higher index than `local_index`, ascending, with
    /// gaps; all there are for `None`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn datawallet_modifications(
        &self,
        local_index: Option<i64>,
    ) -> Result<Vec<DatawalletModification>, ClientError> {
        let call = || {
            let call = Call::get("Datawallet/Modifications", &[]).with_datawallet_version();
            match local_index {
                Some(index) => call.query("localIndex", index),
                None => call,
            }
        };
        self.channel.list(call).await
    }

    /// `POST Datawallet/Modifications`. Not repeated when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`]; [`DATAWALLET_NOT_UP_TO_DATE`](crate::error_codes::DATAWALLET_NOT_UP_TO_DATE)
    /// when another device was faster.
    pub async fn push_datawallet_modifications(
        &self,
        request: &PushDatawalletModificationsRequest,
    ) -> Result<PushDatawalletModificationsResponse, ClientError> {
        let call = Call::post("Datawallet/Modifications", &[])
            .with_datawallet_version()
            .json(request);
        self.channel.result(call).await
    }
}

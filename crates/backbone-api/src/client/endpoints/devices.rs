//! Devices of the own identity.

use tessera_core_types::DeviceId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::devices::{
    ChangePasswordRequest, CreateDeviceRequest, CreatedDevice, Device, RegisterPushRequest,
    RegisterPushResponse, UpdateDeviceRequest,
};

impl AuthenticatedClient {
    /// `POST Devices`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn create_device(
        &self,
        request: &CreateDeviceRequest,
    ) -> Result<CreatedDevice, ClientError> {
        let call = Call::post("Devices", &[])
            .json(request)
            .hiding(request.device_password.expose());
        self.channel.result(call).await
    }

    /// `GET Devices`: all devices of the own identity.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn devices(&self) -> Result<Vec<Device>, ClientError> {
        self.channel.list(|| Call::get("Devices", &[])).await
    }

    /// `GET Devices/Self`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn own_device(&self) -> Result<Device, ClientError> {
        self.channel.result(Call::get("Devices/Self", &[])).await
    }

    /// `PUT Devices/Self`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn update_own_device(
        &self,
        request: &UpdateDeviceRequest,
    ) -> Result<(), ClientError> {
        let call = Call::put("Devices/Self", &[]).json(request).harmless();
        self.channel.done(call).await
    }

    /// `PUT Devices/Self/Password`. This client goes on logging in with the old password: make a
    /// new one afterwards.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn change_password(
        &self,
        request: &ChangePasswordRequest,
    ) -> Result<(), ClientError> {
        let call = Call::put("Devices/Self/Password", &[])
            .json(request)
            .hiding(request.old_password.expose())
            .hiding(request.new_password.expose());
        self.channel.done(call).await
    }

    /// `DELETE Devices/{id}`: only for a device that never logged in.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn delete_device(&self, id: &DeviceId) -> Result<(), ClientError> {
        let call = Call::delete("Devices/{}", &[id.as_str()]);
        self.channel.done(call).await
    }

    /// `PUT Devices/Self/PushNotifications`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn register_push(
        &self,
        request: &RegisterPushRequest,
    ) -> Result<RegisterPushResponse, ClientError> {
        let call = Call::put("Devices/Self/PushNotifications", &[]).json(request);
        self.channel.result(call.harmless()).await
    }

    /// `DELETE Devices/Self/PushNotifications`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn unregister_push(&self) -> Result<(), ClientError> {
        let call = Call::delete("Devices/Self/PushNotifications", &[]);
        self.channel.done(call.harmless()).await
    }

    /// `POST Devices/Self/PushNotifications/SendTestNotification`.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn send_test_push(&self) -> Result<(), ClientError> {
        let path = "Devices/Self/PushNotifications/SendTestNotification";
        let call = Call::post(path, &[]).json(&serde_json::json!({}));
        self.channel.done(call).await
    }
}

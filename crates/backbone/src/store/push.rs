//! Push registrations. This server sends no pushes (wallets listen to its event stream instead);
//! it keeps the registrations as clients expect.

use rusqlite::{OptionalExtension, named_params};
use tessera_backbone_api::devices::{PushEnvironment, RegisterPushRequest};
use tessera_core_types::{DeviceId, ID_LENGTH, random_characters};

use super::{Change, columns::name_of};
use crate::http::error::ApiError;

/// Registers a device, again if need be, and gives the identifier that it keeps.
pub fn register(
    change: &Change<'_>,
    device: &DeviceId,
    request: &RegisterPushRequest,
) -> Result<String, ApiError> {
    let known: Option<String> = change
        .prepare_cached("SELECT identifier FROM push_registrations WHERE device_id = ?1")?
        .query_row([device.as_str()], |row| row.get(0))
        .optional()?;
    let identifier = known
        .unwrap_or_else(|| format!("DPI{}", random_characters(ID_LENGTH - 3, change.randomness)));
    let environment = request.environment.unwrap_or(PushEnvironment::Production);
    change
        .prepare_cached(
            "INSERT OR REPLACE INTO push_registrations
                 (device_id, identifier, platform, handle, app_id, environment)
             VALUES (:device, :identifier, :platform, :handle, :app, :environment)",
        )?
        .execute(named_params! {
            ":device": device.as_str(),
            ":identifier": identifier,
            ":platform": request.platform,
            ":handle": request.handle,
            ":app": request.app_id,
            ":environment": name_of(&environment),
        })?;
    Ok(identifier)
}

/// Removes a device's registration, if there is one.
pub fn remove(change: &Change<'_>, device: &DeviceId) -> Result<(), ApiError> {
    change
        .prepare_cached("DELETE FROM push_registrations WHERE device_id = ?1")?
        .execute([device.as_str()])?;
    Ok(())
}

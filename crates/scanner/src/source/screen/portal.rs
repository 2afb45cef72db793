//! A picture of the screens from `org.freedesktop.portal.Screenshot`, which asks the person.

use std::{
    collections::HashMap,
    fs,
    path::PathBuf,
    sync::mpsc::{RecvTimeoutError, sync_channel},
    thread,
    time::Duration,
};

use url::Url;
use zbus::{
    blocking::{Connection, Proxy},
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use super::Screen;
use crate::{ScanError, files::load, read_picture};

const PORTAL: &str = "org.freedesktop.portal.Desktop";
/// How long a person may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The answer of a person who does not want it.
const CANCELLED: u32 = 1;

pub(super) fn screens() -> Result<Vec<Screen>, ScanError> {
    let (sender, receiver) = sync_channel(1);
    // The wait for the answer has no end of its own.
    thread::spawn(move || sender.send(ask()));
    let path = receiver
        .recv_timeout(PATIENCE)
        .map_err(|error| match error {
            RecvTimeoutError::Timeout => ScanError::ScreenRefused,
            RecvTimeoutError::Disconnected => ScanError::ScreenUnavailable,
        })??;
    let bytes = load(&path);
    // The portal leaves a file; what it shows must not stay.
    if let Err(error) = fs::remove_file(&path) {
        tracing::warn!(kind = %error.kind(), "the portal's picture could not be removed");
    }
    Ok(vec![Screen {
        name: String::new(),
        left: 0,
        top: 0,
        picture: read_picture(&bytes?)?,
    }])
}

fn ask() -> Result<PathBuf, ScanError> {
    let answer = || -> zbus::Result<(u32, HashMap<String, OwnedValue>)> {
        let bus = Connection::session()?;
        let portal = Proxy::new(
            &bus,
            PORTAL,
            "/org/freedesktop/portal/desktop",
            "org.freedesktop.portal.Screenshot",
        )?;
        // Where the answer will come is known before, so that it is not missed.
        let token = format!("tessera_{}", std::process::id());
        let sender = bus
            .unique_name()
            .map(ToString::to_string)
            .unwrap_or_default();
        let sender = sender.trim_start_matches(':').replace('.', "_");
        let place = format!("/org/freedesktop/portal/desktop/request/{sender}/{token}");
        let request = Proxy::new(&bus, PORTAL, place, "org.freedesktop.portal.Request")?;
        let mut answers = request.receive_signal("Response")?;
        let options = HashMap::from([
            ("handle_token", Value::from(token.as_str())),
            ("interactive", Value::from(false)),
        ]);
        let _: OwnedObjectPath = portal.call("Screenshot", &("", options))?;
        let answer = answers.next().ok_or(zbus::Error::InvalidReply)?;
        answer.body().deserialize()
    };
    let (code, results) = answer().map_err(|_| ScanError::ScreenUnavailable)?;
    if code == CANCELLED {
        return Err(ScanError::ScreenRefused);
    }
    let uri = results
        .get("uri")
        .and_then(|uri| uri.downcast_ref::<&str>().ok());
    uri.and_then(|uri| Url::parse(uri).ok())
        .and_then(|uri| uri.to_file_path().ok())
        .ok_or(ScanError::ScreenUnavailable)
}

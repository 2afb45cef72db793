//! The camera: frames stay here, the page gets small grey pictures and the codes that were seen.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tauri::ipc::Channel;
use tessera_scanner::{
    FrameSource, ScanError, ScanEvent, Scanner, ScannerSettings,
    source::{
        CameraSource, Recording, RecordingEnd, RecordingSettings, cameras as connected_cameras,
    },
};
use tessera_wallet::views::CodeOrigin;

use super::{Answer, TheApp};
use crate::{
    app::App,
    reading::{self, Keep, Page},
    views::{CameraMessage, CameraView},
};

/// A folder of pictures that stands for a camera, where there is none: for tests and rehearsals.
const RECORDING: &str = "TESSERA_CAMERA_RECORDING";
const RECORDING_ID: &str = "recording";
/// A file beside the pictures that says what goes wrong with that camera.
const FAILURE: &str = "failure.txt";

/// The scanner that runs now.
#[derive(Default)]
pub struct Camera(Mutex<Option<Scanner>>);

impl Camera {
    /// Stops it, if one runs.
    pub fn stop(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(scanner) = running {
            scanner.stop();
        }
    }

    fn run(&self, scanner: Scanner) {
        self.stop();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(scanner);
    }
}

fn recording() -> Option<PathBuf> {
    std::env::var_os(RECORDING).map(PathBuf::from)
}

/// The cameras that there are.
#[tauri::command]
pub async fn cameras() -> Answer<Vec<CameraView>> {
    let mut cameras: Vec<CameraView> = tokio::task::spawn_blocking(connected_cameras)
        .await
        .unwrap_or(Err(ScanError::NoCamera))?
        .into_iter()
        .map(|camera| CameraView {
            id: camera.index.to_string(),
            name: camera.name,
        })
        .collect();
    if recording().is_some() {
        cameras.push(CameraView {
            id: RECORDING_ID.to_owned(),
            name: "Recording".to_owned(),
        });
    }
    Ok(cameras)
}

/// Starts a camera; it tells what it sees until it is stopped or lost.
#[tauri::command]
pub async fn start_camera(
    app: TheApp<'_>,
    camera: tauri::State<'_, Camera>,
    id: String,
    channel: Channel<CameraMessage>,
) -> Answer<()> {
    let open = move || -> Result<Source, ScanError> {
        match recording() {
            Some(folder) if id == RECORDING_ID => Ok(Source(Box::new(play(&folder)?))),
            _ => Ok(Source(Box::new(CameraSource::open(id.parse().ok())?))),
        }
    };
    let tell = teller(Arc::clone(&app), channel);
    camera.run(Scanner::start(open, ScannerSettings::default(), tell));
    Ok(())
}

/// Stops the camera.
#[tauri::command]
pub async fn stop_camera(camera: tauri::State<'_, Camera>) -> Answer<()> {
    camera.stop();
    Ok(())
}

/// Plays a folder as a camera would see it, with what goes wrong there.
fn play(folder: &Path) -> Result<Recording, ScanError> {
    let failure = std::fs::read_to_string(folder.join(FAILURE)).unwrap_or_default();
    let end = match failure.trim() {
        "lost" => RecordingEnd::DeviceLost,
        "busy" => return Err(ScanError::CameraBusy),
        "permission" => return Err(ScanError::CameraPermission),
        "format" => return Err(ScanError::CameraFormat),
        _ => RecordingEnd::Repeat,
    };
    let settings = RecordingSettings {
        interval: std::time::Duration::from_millis(100),
        end,
    };
    Recording::open(folder, settings)
}

/// One of the sources.
struct Source(Box<dyn FrameSource>);

impl FrameSource for Source {
    fn next_frame(&mut self) -> Result<Option<tessera_scanner::Frame>, ScanError> {
        self.0.next_frame()
    }

    fn is_live(&self) -> bool {
        self.0.is_live()
    }
}

/// Turns what the scanner tells into what the page is told.
fn teller(app: Arc<App>, channel: Channel<CameraMessage>) -> impl Fn(ScanEvent) + Send + Sync {
    // A code stays in front of the camera for many frames; each is read and kept once. Of the frames the
    // page gets to choose from, the one that shows most is kept: the others would take its place.
    let seen = Mutex::new((HashMap::new(), 0));
    let runtime = tokio::runtime::Handle::current();
    move |event| {
        let message = match event {
            ScanEvent::Preview(preview) => CameraMessage::Preview {
                width: u32::try_from(preview.width).unwrap_or(0),
                height: u32::try_from(preview.height).unwrap_or(0),
                is_dark: preview.is_dark(),
                luma: STANDARD.encode(&preview.luma),
            },
            ScanEvent::Found { codes, picture } => {
                let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
                let (known, most) = &mut *seen;
                let keep = if codes.len() > *most {
                    *most = codes.len();
                    Keep::ToChoose
                } else {
                    Keep::Nothing
                };
                let page = Page {
                    number: 1,
                    picture: Arc::new(picture),
                    codes,
                };
                let found =
                    reading::found_again(&app, vec![page], (1, 1), keep, CodeOrigin::Camera, known);
                match runtime.block_on(found) {
                    Ok(found) => CameraMessage::Found(found),
                    Err(error) => CameraMessage::Ended { error: Some(error) },
                }
            }
            ScanEvent::Ended(error) => CameraMessage::Ended {
                error: error.map(Into::into),
            },
        };
        send(&channel, message);
    }
}

fn send(channel: &Channel<CameraMessage>, message: CameraMessage) {
    // The page may be gone; then nobody looks.
    if let Err(error) = channel.send(message) {
        tracing::debug!(%error, "the page does not listen to the camera any more");
    }
}

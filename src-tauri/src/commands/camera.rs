//! The camera: frames stay here, the page gets small grey pictures and the codes that were seen.

use std::{
    collections::HashSet,
    path::PathBuf,
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

use super::{Answer, TheApp, codes};
use crate::{
    app::App,
    views::{CameraMessage, CameraView},
};

/// A folder of pictures that stands for a camera, where there is none: for tests and rehearsals.
const RECORDING: &str = "TESSERA_CAMERA_RECORDING";
const RECORDING_ID: &str = "recording";

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
            Some(folder) if id == RECORDING_ID => {
                let settings = RecordingSettings {
                    interval: std::time::Duration::from_millis(100),
                    end: RecordingEnd::Repeat,
                };
                Ok(Source(Box::new(Recording::open(&folder, settings)?)))
            }
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

/// Turns what the scanner tells into what the page is told: each code once.
fn teller(app: Arc<App>, channel: Channel<CameraMessage>) -> impl Fn(ScanEvent) + Send + Sync {
    let seen = Mutex::new(HashSet::new());
    let runtime = tokio::runtime::Handle::current();
    move |event| match event {
        ScanEvent::Preview(preview) => send(
            &channel,
            CameraMessage::Preview {
                width: u32::try_from(preview.width).unwrap_or(0),
                height: u32::try_from(preview.height).unwrap_or(0),
                luma: STANDARD.encode(&preview.luma),
            },
        ),
        ScanEvent::Found(found) => {
            for code in found {
                let is_new = seen
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(code.text.clone());
                if is_new {
                    let message = match runtime.block_on(codes::keep(&app, &code.text)) {
                        Ok(code) => CameraMessage::Code(code),
                        Err(error) => CameraMessage::NotACode { error },
                    };
                    send(&channel, message);
                }
            }
        }
        ScanEvent::Ended(error) => {
            send(
                &channel,
                CameraMessage::Ended {
                    error: error.map(Into::into),
                },
            );
        }
    }
}

fn send(channel: &Channel<CameraMessage>, message: CameraMessage) {
    // The page may be gone; then nobody looks.
    if let Err(error) = channel.send(message) {
        tracing::debug!(%error, "the page does not listen to the camera any more");
    }
}

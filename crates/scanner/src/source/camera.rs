//! Cameras of the system.

use std::time::Instant;

use nokhwa::{
    Camera, NokhwaError, query,
    utils::{
        ApiBackend, CameraFormat, CameraIndex, FrameFormat as NativeFormat, RequestedFormat,
        RequestedFormatType, Resolution,
    },
};
use serde::Serialize;

use super::FrameSource;
use crate::{Frame, FrameFormat, ScanError};

/// The formats that are asked for, best first. Each with the closest size and rate there is.
const WANTED: [(NativeFormat, u32, u32, u32); 5] = [
    (NativeFormat::MJPEG, 1280, 720, 30),
    (NativeFormat::YUYV, 640, 480, 30),
    (NativeFormat::NV12, 1280, 720, 30),
    (NativeFormat::GRAY, 1280, 720, 30),
    (NativeFormat::RAWRGB, 640, 480, 30),
];
/// How many bytes of what the system says are kept.
const MAX_TOLD_CHARACTERS: usize = 200;

/// A camera.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CameraInfo {
    /// By which it is opened. On Linux the number in `/dev/video…`.
    pub index: u32,
    /// What to call it.
    pub name: String,
}

/// The cameras that there are. Cheap; the list changes when one is plugged in.
///
/// # Errors
///
/// [`ScanError::CameraPermission`], [`ScanError::CameraFailed`].
pub fn cameras() -> Result<Vec<CameraInfo>, ScanError> {
    let found = query(ApiBackend::Auto).map_err(|error| classify(&error, ScanError::NoCamera))?;
    let mut cameras: Vec<CameraInfo> = found
        .iter()
        .filter_map(|camera| {
            Some(CameraInfo {
                index: camera.index().as_index().ok()?,
                name: printable(&camera.human_name()),
            })
        })
        .collect();
    cameras.sort_by_key(|camera| camera.index);
    Ok(cameras)
}

/// A camera that is on.
pub struct CameraSource {
    camera: Camera,
    opened: Instant,
}

impl CameraSource {
    /// Turns on a camera: that with this index, or else the first one that works.
    ///
    /// # Errors
    ///
    /// [`ScanError::NoCamera`], [`ScanError::CameraPermission`], [`ScanError::CameraBusy`],
    /// [`ScanError::CameraFormat`], [`ScanError::CameraFailed`].
    pub fn open(index: Option<u32>) -> Result<Self, ScanError> {
        let indices = match index {
            Some(index) => vec![index],
            None => cameras()?.iter().map(|camera| camera.index).collect(),
        };
        let mut failure = ScanError::NoCamera;
        for index in indices {
            match Self::open_index(index) {
                Ok(source) => return Ok(source),
                // On Linux a camera has further nodes, which give no pictures: what the first one
                // says counts.
                Err(error) if failure == ScanError::NoCamera => failure = error,
                Err(_) => {}
            }
        }
        Err(failure)
    }

    fn open_index(index: u32) -> Result<Self, ScanError> {
        let mut failure = ScanError::CameraFormat;
        for (format, width, height, rate) in WANTED {
            let closest = CameraFormat::new(Resolution::new(width, height), format, rate);
            let wanted = [format];
            let request =
                RequestedFormat::with_formats(RequestedFormatType::Closest(closest), &wanted);
            match Camera::new(CameraIndex::Index(index), request) {
                Ok(mut camera) => {
                    camera
                        .open_stream()
                        .map_err(|error| classify(&error, ScanError::NoCamera))?;
                    return Ok(Self {
                        camera,
                        opened: Instant::now(),
                    });
                }
                Err(error) => match classify(&error, ScanError::NoCamera) {
                    // Perhaps the camera only lacks this format.
                    ScanError::CameraFailed { what } => {
                        tracing::debug!(%format, what, "the camera does not do this format");
                        // Otherwise it has formats, but not this one.
                        if matches!(error, NokhwaError::OpenDeviceError(..)) {
                            failure = ScanError::CameraFailed { what };
                        }
                    }
                    refusal => return Err(refusal),
                },
            }
        }
        Err(failure)
    }
}

impl FrameSource for CameraSource {
    fn next_frame(&mut self) -> Result<Option<Frame>, ScanError> {
        let buffer = self
            .camera
            .frame()
            .map_err(|error| classify(&error, ScanError::CameraLost))?;
        let size = buffer.resolution();
        let (format, bytes_per_pixel) = match buffer.source_frame_format() {
            NativeFormat::MJPEG => (FrameFormat::Mjpeg, 0),
            NativeFormat::YUYV => (FrameFormat::Yuyv, 2),
            // The brightness comes first and is all that is needed.
            NativeFormat::NV12 | NativeFormat::GRAY => (FrameFormat::Luma8, 1),
            NativeFormat::RAWRGB | NativeFormat::RAWBGR => (FrameFormat::Rgb8, 3),
        };
        Ok(Some(Frame {
            width: size.width(),
            height: size.height(),
            stride: size.width().saturating_mul(bytes_per_pixel),
            format,
            bytes: buffer.buffer().to_vec(),
            at: self.opened.elapsed(),
        }))
    }
}

impl std::fmt::Debug for CameraSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CameraSource").finish_non_exhaustive()
    }
}

/// What an error of the camera library means. It has the numbers of the system in its texts only.
fn classify(error: &NokhwaError, gone: ScanError) -> ScanError {
    let text = error.to_string();
    let has = |number: u32| text.contains(&format!("(os error {number})"));
    if cfg!(target_os = "linux") {
        // EPERM, EACCES; EBUSY; ENOENT, ENXIO, ENODEV.
        if has(1) || has(13) {
            return ScanError::CameraPermission;
        }
        if has(16) {
            return ScanError::CameraBusy;
        }
        if has(2) || has(6) || has(19) {
            return gone;
        }
    }
    ScanError::CameraFailed {
        what: printable(&text),
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control())
        .take(MAX_TOLD_CHARACTERS)
        .collect()
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_understood() {
        let open = |text: &str| {
            NokhwaError::OpenDeviceError("0".to_owned(), format!("V4L2 Error: {text}"))
        };
        let read = |text: &str| NokhwaError::ReadFrameError(text.to_owned());
        for (error, expected) in [
            (
                open("No such file or directory (os error 2)"),
                ScanError::NoCamera,
            ),
            (
                open("Permission denied (os error 13)"),
                ScanError::CameraPermission,
            ),
            (
                open("Device or resource busy (os error 16)"),
                ScanError::CameraBusy,
            ),
            (
                read("Device or resource busy (os error 16)"),
                ScanError::CameraBusy,
            ),
        ] {
            assert_eq!(classify(&error, ScanError::NoCamera), expected);
        }
        assert_eq!(
            classify(&read("No such device (os error 19)"), ScanError::CameraLost),
            ScanError::CameraLost
        );
        let other = classify(
            &read("Remote I/O\u{1b} error (os error 121)"),
            ScanError::CameraLost,
        );
        assert_eq!(
            other,
            ScanError::CameraFailed {
                what: "Could not capture frame: Remote I/O error (os error 121)".to_owned()
            }
        );
    }

    #[test]
    fn a_camera_that_is_not_there_is_told() {
        assert_eq!(
            CameraSource::open(Some(250)).err(),
            Some(ScanError::NoCamera)
        );
    }
}

//! A folder of pictures, played like what a camera sees.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use super::{FrameSource, ImageSource};
use crate::{Frame, FrameFormat, ScanError, files::load};

/// How many pictures a recording may have.
const MAX_PICTURES: usize = 10_000;
/// What the names of pictures end with.
const ENDINGS: [&str; 7] = ["bmp", "gif", "jpeg", "jpg", "mjpeg", "png", "webp"];

/// What happens after the last picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RecordingEnd {
    /// There are no more frames.
    #[default]
    Stop,
    /// It begins again.
    Repeat,
    /// As if the camera were unplugged: [`ScanError::CameraLost`].
    DeviceLost,
}

/// How a recording is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordingSettings {
    /// The time from one frame to the next. Zero plays as fast as frames are taken, without
    /// leaving one out.
    pub interval: Duration,
    /// What happens after the last picture.
    pub end: RecordingEnd,
}

/// A recording. JPEG pictures are given as MJPEG frames, undecoded as from a camera.
#[derive(Debug)]
pub struct Recording {
    pictures: Vec<PathBuf>,
    settings: RecordingSettings,
    next: usize,
    opened: Instant,
    /// When the next frame is due.
    due: Instant,
}

impl Recording {
    /// The pictures of a folder, sorted by name. Other files are left out.
    ///
    /// # Errors
    ///
    /// [`ScanError::FileUnreadable`], [`ScanError::EmptyRecording`].
    pub fn open(folder: &Path, settings: RecordingSettings) -> Result<Self, ScanError> {
        let unreadable = |error: std::io::Error| ScanError::FileUnreadable { kind: error.kind() };
        let mut pictures = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            let ending = path.extension().and_then(|ending| ending.to_str());
            let is_picture = ending
                .map(str::to_ascii_lowercase)
                .is_some_and(|ending| ENDINGS.contains(&ending.as_str()));
            if is_picture && pictures.len() < MAX_PICTURES {
                pictures.push(path);
            }
        }
        if pictures.is_empty() {
            return Err(ScanError::EmptyRecording);
        }
        pictures.sort();
        let now = Instant::now();
        Ok(Self {
            pictures,
            settings,
            next: 0,
            opened: now,
            due: now,
        })
    }
}

impl FrameSource for Recording {
    fn next_frame(&mut self) -> Result<Option<Frame>, ScanError> {
        if self.next == self.pictures.len() {
            match self.settings.end {
                RecordingEnd::Stop => return Ok(None),
                RecordingEnd::DeviceLost => return Err(ScanError::CameraLost),
                RecordingEnd::Repeat => self.next = 0,
            }
        }
        thread::sleep(self.due.saturating_duration_since(Instant::now()));
        self.due = Instant::now() + self.settings.interval;
        let Some(path) = self.pictures.get(self.next) else {
            return Ok(None);
        };
        self.next += 1;
        let bytes = load(path)?;
        let mut frame = if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Frame {
                width: 0,
                height: 0,
                stride: 0,
                format: FrameFormat::Mjpeg,
                bytes,
                at: Duration::ZERO,
            }
        } else {
            match ImageSource::from_bytes(&bytes)?.next_frame()? {
                Some(frame) => frame,
                None => return Ok(None),
            }
        };
        frame.at = self.opened.elapsed();
        Ok(Some(frame))
    }

    fn is_live(&self) -> bool {
        !self.settings.interval.is_zero()
    }
}

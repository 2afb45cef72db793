//! One image as a source of one frame.

use std::{fs::File, io::Read, path::Path, time::Duration};

use super::FrameSource;
use crate::{Frame, FrameFormat, MAX_PICTURE_BYTES, ScanError, read_picture};

/// An image: from a file, or its bytes as they were pasted or dropped.
#[derive(Debug)]
pub struct ImageSource {
    frame: Option<Frame>,
}

impl ImageSource {
    /// An image of which the bytes are here.
    ///
    /// # Errors
    ///
    /// As [`read_picture`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ScanError> {
        let picture = read_picture(bytes)?;
        let side = |length| u32::try_from(length).map_err(|_| ScanError::TooManyPixels);
        let (width, height) = (side(picture.width())?, side(picture.height())?);
        Ok(Self {
            frame: Some(Frame {
                width,
                height,
                stride: width,
                format: FrameFormat::Luma8,
                bytes: picture.into_pixels(),
                at: Duration::ZERO,
            }),
        })
    }

    /// An image of a file. What kind it is depends on what is in it, not on its name.
    ///
    /// # Errors
    ///
    /// [`ScanError::FileUnreadable`], and as [`read_picture`].
    pub fn open(path: &Path) -> Result<Self, ScanError> {
        Self::from_bytes(&read_file(path)?)
    }
}

impl FrameSource for ImageSource {
    fn next_frame(&mut self) -> Result<Option<Frame>, ScanError> {
        Ok(self.frame.take())
    }

    fn is_live(&self) -> bool {
        false
    }
}

/// Reads a file that is no larger than an image may be.
pub(super) fn read_file(path: &Path) -> Result<Vec<u8>, ScanError> {
    let unreadable = |error: std::io::Error| ScanError::FileUnreadable { kind: error.kind() };
    let file = File::open(path).map_err(unreadable)?;
    let limit = u64::try_from(MAX_PICTURE_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    // One byte more shows that there is more, also for what is no regular file.
    file.take(limit.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(ScanError::TooManyBytes);
    }
    Ok(bytes)
}

//! One image as a source of one frame.

use std::{path::Path, time::Duration};

use super::FrameSource;
use crate::{Frame, FrameFormat, ScanError, files::load, read_picture};

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
        Self::from_bytes(&load(path)?)
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

//! What can go wrong between a camera or a file and the text of a code.

/// Why nothing could be read or written.
///
/// No text of it holds what a code says or the path of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// There is no camera (any more), or none with that index.
    #[error("there is no camera")]
    NoCamera,
    /// The person may not use the camera. On Linux: is not in the group `video`.
    #[error("the camera may not be used by this account (on Linux: it is not in the group video)")]
    CameraPermission,
    /// Another program has the camera.
    #[error("another program uses the camera")]
    CameraBusy,
    /// The camera went away.
    #[error("the camera was unplugged")]
    CameraLost,
    /// The camera has no picture format that can be read here.
    #[error("the camera has no picture format that this program reads")]
    CameraFormat,
    /// The camera does not work for another reason.
    #[error("the camera does not work: {what}")]
    CameraFailed {
        /// What the system says.
        what: String,
    },
    /// The file or folder can't be read.
    #[error("the file can't be read: {kind}")]
    FileUnreadable {
        /// Why.
        kind: std::io::ErrorKind,
    },
    /// A recording without a picture.
    #[error("the folder has no pictures")]
    EmptyRecording,
    /// More bytes than [`MAX_PICTURE_BYTES`](crate::MAX_PICTURE_BYTES).
    #[error("the picture has too many bytes")]
    TooManyBytes,
    /// More pixels than [`MAX_PICTURE_PIXELS`](crate::MAX_PICTURE_PIXELS).
    #[error("the picture has too many pixels")]
    TooManyPixels,
    /// A drawing or document that would take too long to paint.
    #[error("the drawing or document is too complicated")]
    TooMuchWork,
    /// A document that opens only with a password.
    #[error("the document is protected by a password")]
    ProtectedDocument,
    /// Not PNG, JPEG, GIF, BMP, WebP, SVG or PDF.
    #[error("this is not a picture of a known kind (PNG, JPEG, GIF, BMP, WebP, SVG, PDF)")]
    NotAPicture,
    /// It begins like a picture but can't be read.
    #[error("the picture is damaged")]
    BrokenPicture,
    /// A frame whose bytes don't fit its size or format.
    #[error("a frame of the camera is damaged")]
    BrokenFrame,
    /// There is no display to take a picture of, or no portal that gives one.
    #[error("the screen can't be captured here")]
    ScreenUnavailable,
    /// The person or the system does not want the screen to be captured.
    #[error("the screen was not given")]
    ScreenRefused,
    /// What was copied is no picture.
    #[error("there is no picture on the clipboard")]
    ClipboardWithoutPicture,
    /// There is no clipboard, or another program holds it.
    #[error("the clipboard can't be read")]
    ClipboardUnavailable,
    /// There is no code in the picture that can be read.
    #[error("there is no readable QR code in the picture")]
    NoCode,
    /// There is more than one code in the picture.
    #[error("there are several QR codes in the picture")]
    SeveralCodes,
    /// No QR code has room for that text.
    #[error("the text is too long for a QR code")]
    TextTooLong,
}

impl ScanError {
    /// The code of this error, `error.tessera.scanner.…`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoCamera => "error.tessera.scanner.noCamera",
            Self::CameraPermission => "error.tessera.scanner.cameraPermission",
            Self::CameraBusy => "error.tessera.scanner.cameraBusy",
            Self::CameraLost => "error.tessera.scanner.cameraLost",
            Self::CameraFormat => "error.tessera.scanner.cameraFormat",
            Self::CameraFailed { .. } => "error.tessera.scanner.cameraFailed",
            Self::FileUnreadable { .. } => "error.tessera.scanner.fileUnreadable",
            Self::EmptyRecording => "error.tessera.scanner.emptyRecording",
            Self::TooManyBytes => "error.tessera.scanner.tooManyBytes",
            Self::TooManyPixels => "error.tessera.scanner.tooManyPixels",
            Self::TooMuchWork => "error.tessera.scanner.tooMuchWork",
            Self::ProtectedDocument => "error.tessera.scanner.protectedDocument",
            Self::NotAPicture => "error.tessera.scanner.notAPicture",
            Self::BrokenPicture => "error.tessera.scanner.brokenPicture",
            Self::BrokenFrame => "error.tessera.scanner.brokenFrame",
            Self::ScreenUnavailable => "error.tessera.scanner.screenUnavailable",
            Self::ScreenRefused => "error.tessera.scanner.screenRefused",
            Self::ClipboardWithoutPicture => "error.tessera.scanner.clipboardWithoutPicture",
            Self::ClipboardUnavailable => "error.tessera.scanner.clipboardUnavailable",
            Self::NoCode => "error.tessera.scanner.noCode",
            Self::SeveralCodes => "error.tessera.scanner.severalCodes",
            Self::TextTooLong => "error.tessera.scanner.textTooLong",
        }
    }
}

//! Pictures in, text out: camera, image files and recorded frames.
//!
//! * A [`FrameSource`] gives frames: a [camera](source::CameraSource), an
//!   [image](source::ImageSource) (a file, or what was pasted or dropped), or a
//!   [recording](source::Recording) (a folder of pictures, for demonstrations and tests).
//! * A [`Scanner`] pulls frames on threads of its own and tells previews and what it read.
//! * [`read_pages`] reads the codes of a file's bytes (PNG, JPEG, GIF, BMP, WebP, SVG, PDF) page by
//!   page, [`read_image_bytes`] and [`read_image_text`] all of them at once.
//! * [`source::screens`] and [`source::clipboard_picture`] give pictures of the screens and of the
//!   clipboard.
//! * [`decode`] reads the QR codes of one picture, [`decode_frame`] those of one of many.
//! * [`qr_svg`] and [`qr_png`] write a QR code.
//!
//! Pictures come from outside: sizes, pages and work are bounded, broken ones are typed errors, and a
//! panic inside of a decoder of pictures or codes ends there. They live in memory only. What a code
//! says is never logged or shown in `Debug`: references carry secret keys.

mod error;
mod files;
mod frame;
mod guard;
mod read;
mod scanner;
pub mod source;
mod write;

pub use error::ScanError;
pub use files::{
    FileCodes, MAX_PAGES, MAX_PICTURE_BYTES, MAX_PICTURE_PIXELS, PageCodes, Progress, read_file,
    read_image_bytes, read_image_text, read_pages, read_picture, small_png,
};
pub use frame::{Frame, FrameFormat, LumaPicture};
pub use read::{Corner, DecodedCode, MAX_CODES, MAX_TEXT_BYTES, decode, decode_frame};
pub use scanner::{Preview, ScanEvent, Scanner, ScannerSettings};
pub use source::FrameSource;
pub use write::{MAX_SCALE, qr_png, qr_svg};

//! Reading the QR codes of a picture.
//!
//! * [`threshold`](threshold) decides which pixels are black, [`enhance`](enhance) makes pictures
//!   easier to read before that.
//! * [`look`](look) finds codes in a picture in black and white: finder patterns ([`finders`](finders)),
//!   then what lies between three of them. [`second`](second) is another decoder, for other mistakes.
//! * [`reading`](reading) says in which order a picture is looked at, and when to give up.

mod bits;
mod enhance;
mod finders;
mod look;
mod reading;
mod rings;
mod second;
mod threshold;

use std::fmt;

use serde::Serialize;

use crate::LumaPicture;
use reading::Reading;

/// How many bytes of text a code may have. A QR code has room for 7089 digits.
pub const MAX_TEXT_BYTES: usize = 8 * 1024;
/// How many codes of a picture are told.
pub const MAX_CODES: usize = 64;

/// A code and where it is.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecodedCode {
    /// What it says. Bytes that are no text come as the characters of ISO 8859-1 or of what they
    /// seem to be in.
    pub text: String,
    /// Its corners in pixels of the picture: top left, top right, bottom right, bottom left, as
    /// the code is meant to be looked at. They can lie outside of the picture.
    pub corners: [Corner; 4],
}

/// A corner of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Corner {
    /// Pixels from the left.
    pub x: i32,
    /// Pixels from the top.
    pub y: i32,
}

impl fmt::Debug for DecodedCode {
    /// Without the text: it may be a reference, which carries a key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodedCode")
            .field("corners", &self.corners)
            .finish_non_exhaustive()
    }
}

/// The codes of a still picture, at most [`MAX_CODES`]; those that say the same are one. Takes its
/// time where a code is hard to read: up to about a second, bounded by counting what is done.
#[must_use]
pub fn decode(picture: &LumaPicture) -> Vec<DecodedCode> {
    decode_sharing(picture, 1)
}

/// As [`decode`], with one of so many parts of its work.
pub(crate) fn decode_sharing(picture: &LumaPicture, parts: usize) -> Vec<DecodedCode> {
    Reading::of(picture).still(parts)
}

/// The codes of one frame of many, in much less than the time to the next one: looks at it as it
/// is, and if that shows nothing, in one other way. `number` counts the frames, so that each way has
/// its turn.
#[must_use]
pub fn decode_frame(picture: &LumaPicture, number: u64) -> Vec<DecodedCode> {
    Reading::of(picture).frame(number)
}

//! Reading the QR codes of a picture.

use std::fmt;

use rqrr::PreparedImage;
use serde::Serialize;

use crate::{
    LumaPicture,
    finders::{self, Bitmap},
    guard::guarded,
};

/// How many bytes of text a code may have. A QR code has room for 2953.
pub const MAX_TEXT_BYTES: usize = 8 * 1024;
/// Larger pictures are made smaller first.
const MAX_WORKING_PIXELS: usize = 4_000_000;
/// Smaller pictures are also tried at twice their size.
const MAX_PIXELS_TO_DOUBLE: usize = 1_000_000;
/// A picture with more corners than a page full of codes has is not looked at.
const MAX_CORNERS: usize = 40;

/// A code and where it is.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DecodedCode {
    /// What it says.
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

/// One way of looking at a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Plain,
    /// Averages out noise and the grid of a screen.
    Half,
    /// For codes with few pixels.
    Double,
    /// For light codes on dark ground.
    Inverted,
    InvertedHalf,
}

/// The codes of a still picture: looks in each way until there is a code. Codes that say the same
/// are one.
#[must_use]
pub fn decode(picture: &LumaPicture) -> Vec<DecodedCode> {
    const PASSES: [Pass; 5] = [
        Pass::Plain,
        Pass::Half,
        Pass::Double,
        Pass::Inverted,
        Pass::InvertedHalf,
    ];
    let (picture, factor) = working_size(picture);
    PASSES
        .into_iter()
        .map(|pass| look(&picture, pass, factor))
        .find(|codes| !codes.is_empty())
        .unwrap_or_default()
}

/// The codes of one frame of many: looks at it as it is, and if that shows nothing, in one other
/// way. `number` counts the frames, so that each has its turn.
#[must_use]
pub fn decode_frame(picture: &LumaPicture, number: u64) -> Vec<DecodedCode> {
    let (picture, factor) = working_size(picture);
    let codes = look(&picture, Pass::Plain, factor);
    if !codes.is_empty() {
        return codes;
    }
    let other = match number % 4 {
        0 | 2 => Pass::Half,
        1 => Pass::Inverted,
        _ => Pass::InvertedHalf,
    };
    look(&picture, other, factor)
}

/// The picture in a size that can be worked on, and by how much it was made smaller.
fn working_size(picture: &LumaPicture) -> (std::borrow::Cow<'_, LumaPicture>, usize) {
    let mut factor = 1;
    while picture.pixels().len() / (factor * factor) > MAX_WORKING_PIXELS {
        factor += 1;
    }
    if factor == 1 {
        (std::borrow::Cow::Borrowed(picture), 1)
    } else {
        (std::borrow::Cow::Owned(picture.reduced(factor)), factor)
    }
}

fn look(picture: &LumaPicture, pass: Pass, factor: usize) -> Vec<DecodedCode> {
    let factor = i32::try_from(factor).unwrap_or(1);
    match pass {
        Pass::Plain => grids(picture, (factor, 1)),
        Pass::Half => grids(&picture.reduced(2), (factor * 2, 1)),
        Pass::Double if picture.pixels().len() <= MAX_PIXELS_TO_DOUBLE => {
            grids(&picture.doubled(), (factor, 2))
        }
        Pass::Double => Vec::new(),
        Pass::Inverted => grids(&picture.inverted(), (factor, 1)),
        Pass::InvertedHalf => grids(&picture.reduced(2).inverted(), (factor * 2, 1)),
    }
}

/// One run of the decoder. `scale` is the fraction by which corners are multiplied.
fn grids(picture: &LumaPicture, scale: (i32, i32)) -> Vec<DecodedCode> {
    guarded(|| {
        let (width, height) = (picture.width(), picture.height());
        let mut prepared =
            PreparedImage::prepare_from_greyscale(width, height, |x, y| picture.at(x, y));
        let mut black = Vec::with_capacity(width * height);
        for y in 0..height {
            black.extend((0..width).map(|x| u8::from(prepared.get_pixel_at(x, y)) != 0));
        }
        if finders::count(&Bitmap { width, black }) > MAX_CORNERS {
            tracing::debug!("a picture with too many corners of codes is not looked at");
            return Vec::new();
        }
        let mut codes: Vec<DecodedCode> = Vec::new();
        for grid in prepared.detect_grids() {
            let Ok((_, text)) = grid.decode() else {
                continue;
            };
            let is_new = codes.iter().all(|code| code.text != text);
            if is_new && !text.is_empty() && text.len() <= MAX_TEXT_BYTES {
                let corner = |at: rqrr::Point| Corner {
                    x: at.x.saturating_mul(scale.0) / scale.1,
                    y: at.y.saturating_mul(scale.0) / scale.1,
                };
                codes.push(DecodedCode {
                    text,
                    corners: grid.bounds.map(corner),
                });
            }
        }
        codes
    })
    .unwrap_or_default()
}

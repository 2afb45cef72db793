//! Pictures made of pixels: PNG, JPEG, GIF, BMP, WebP.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use crate::{LumaPicture, ScanError, frame::brightness, guard::guarded};

/// How many pixels a picture may have (64 million).
pub const MAX_PICTURE_PIXELS: u64 = 64_000_000;
/// How much memory decoding an image may take.
const MAX_DECODING_BYTES: u64 = 768 * 1024 * 1024;

/// The picture, as if it lay on white paper. Of an animation the first picture.
pub(super) fn read(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    guarded(|| decode_image(bytes)).unwrap_or(Err(ScanError::BrokenPicture))
}

fn decode_image(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|_| ScanError::NotAPicture)?;
    if reader.format().is_none() {
        return Err(ScanError::NotAPicture);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_DECODING_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refused(&error))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        return Err(ScanError::TooManyPixels);
    }
    let image = DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))?;
    let luma = if image.color().has_alpha() {
        on_white(&image)
    } else {
        image.into_luma8().into_raw()
    };
    LumaPicture::new(width, height, luma).map_err(|_| ScanError::BrokenPicture)
}

fn refused(error: &ImageError) -> ScanError {
    match error {
        ImageError::Unsupported(_) => ScanError::NotAPicture,
        ImageError::Limits(_) => ScanError::TooManyPixels,
        _ => ScanError::BrokenPicture,
    }
}

/// Codes are often black on nothing.
fn on_white(image: &DynamicImage) -> Vec<u8> {
    let blend = |luma: u8, alpha: u8| {
        let dark = u32::from(255 - luma) * u32::from(alpha) / 255;
        255 - dark.to_le_bytes()[0]
    };
    match image {
        DynamicImage::ImageLumaA8(image) => image
            .pixels()
            .map(|pixel| blend(pixel[0], pixel[1]))
            .collect(),
        DynamicImage::ImageRgba8(image) => image
            .pixels()
            .map(|pixel| blend(brightness([pixel[0], pixel[1], pixel[2]]), pixel[3]))
            .collect(),
        other => other
            .to_luma_alpha8()
            .pixels()
            .map(|pixel| blend(pixel[0], pixel[1]))
            .collect(),
    }
}

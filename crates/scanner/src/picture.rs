//! Image files and their bytes: PNG, JPEG, GIF, BMP, WebP, told apart by what is in them.

use std::{
    fs::File,
    io::{Cursor, Read},
    path::Path,
};

use image::{DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};

use crate::{DecodedCode, LumaPicture, ScanError, decode, frame::brightness, guard::guarded};

/// How many bytes an image may have (32 MiB).
pub const MAX_PICTURE_BYTES: usize = 32 * 1024 * 1024;
/// How many pixels a picture may have (64 million).
pub const MAX_PICTURE_PIXELS: u64 = 64_000_000;
/// How much memory decoding an image may take.
const MAX_DECODING_BYTES: u64 = 768 * 1024 * 1024;

/// The codes of an image, none if there are none.
///
/// # Errors
///
/// As [`read_picture`].
pub fn read_image_bytes(bytes: &[u8]) -> Result<Vec<DecodedCode>, ScanError> {
    Ok(decode(&read_picture(bytes)?))
}

/// The codes of an image file, none if there are none. What kind it is depends on what is in it, not
/// on its name.
///
/// # Errors
///
/// [`ScanError::FileUnreadable`], and as [`read_picture`].
pub fn read_file(path: &Path) -> Result<Vec<DecodedCode>, ScanError> {
    read_image_bytes(&load(path)?)
}

/// Reads a file that is no larger than an image may be.
pub(crate) fn load(path: &Path) -> Result<Vec<u8>, ScanError> {
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

/// The text of the one code of an image.
///
/// # Errors
///
/// As [`read_picture`], [`ScanError::NoCode`] and [`ScanError::SeveralCodes`].
pub fn read_image_text(bytes: &[u8]) -> Result<String, ScanError> {
    let mut codes = read_image_bytes(bytes)?;
    match (codes.pop(), codes.is_empty()) {
        (None, _) => Err(ScanError::NoCode),
        (Some(code), true) => Ok(code.text),
        (Some(_), false) => Err(ScanError::SeveralCodes),
    }
}

/// The brightness of an image's pixels, as if it lay on white paper. Of an animation the first
/// picture.
///
/// # Errors
///
/// [`ScanError::TooManyBytes`], [`ScanError::TooManyPixels`], [`ScanError::NotAPicture`],
/// [`ScanError::BrokenPicture`].
pub fn read_picture(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(ScanError::TooManyBytes);
    }
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

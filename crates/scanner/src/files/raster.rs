//! Pictures made of pixels: PNG, JPEG, GIF, BMP, WebP.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use super::MAX_PICTURE_BYTES;
use crate::{LumaPicture, ScanError, frame::brightness, guard::guarded};

/// How many pixels a picture may have (64 million).
pub const MAX_PICTURE_PIXELS: u64 = 64_000_000;
/// How much memory decoding an image may take.
const MAX_DECODING_BYTES: u64 = 768 * 1024 * 1024;

/// The picture, as if it lay on white paper. Of an animation the first picture.
pub(super) fn read(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    guarded(|| decode_image(bytes)).unwrap_or(Err(ScanError::BrokenPicture))
}

/// A picture written anew as a PNG file whose sides are at most `side` pixels, in colour: whoever
/// shows it decodes nothing that came from a stranger.
///
/// # Errors
///
/// [`ScanError::NotAPicture`], [`ScanError::TooManyBytes`], [`ScanError::TooManyPixels`],
/// [`ScanError::BrokenPicture`].
pub fn small_png(bytes: &[u8], side: u32) -> Result<Vec<u8>, ScanError> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(ScanError::TooManyBytes);
    }
    guarded(|| {
        let image = decode(bytes)?;
        let image = if image.width().max(image.height()) > side {
            image.thumbnail(side, side)
        } else {
            image
        };
        // Eight bits for each colour; nothing of the file but its pixels is kept.
        let image = DynamicImage::ImageRgba8(image.into_rgba8());
        let mut png = Cursor::new(Vec::new());
        image
            .write_to(&mut png, ImageFormat::Png)
            .map_err(|_| ScanError::BrokenPicture)?;
        Ok(png.into_inner())
    })
    .unwrap_or(Err(ScanError::BrokenPicture))
}

fn decode_image(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    let image = decode(bytes)?;
    let (width, height) = (image.width(), image.height());
    let luma = if image.color().has_alpha() {
        on_white(&image)
    } else {
        image.into_luma8().into_raw()
    };
    LumaPicture::new(width, height, luma).map_err(|_| ScanError::BrokenPicture)
}

fn decode(bytes: &[u8]) -> Result<DynamicImage, ScanError> {
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
    DynamicImage::from_decoder(decoder).map_err(|error| refused(&error))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use image::{Rgba, RgbaImage};

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        let picture = RgbaImage::from_pixel(width, height, Rgba([200, 10, 10, 128]));
        picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_written_anew_in_colour_and_small() {
        for (size, side, expected) in [((40, 20), 100, (40, 20)), ((400, 100), 100, (100, 25))] {
            let small = small_png(&png(size.0, size.1), side).unwrap();
            let read = image::load_from_memory(&small).unwrap().into_rgba8();
            assert_eq!(read.dimensions(), expected);
            assert_eq!(*read.get_pixel(0, 0), Rgba([200, 10, 10, 128]));
        }
    }

    #[test]
    fn what_is_no_picture_is_not_shown() {
        let broken = {
            let mut bytes = png(40, 20);
            bytes.truncate(60);
            bytes
        };
        assert_eq!(small_png(b"<svg/>", 100), Err(ScanError::NotAPicture));
        assert!(small_png(&broken, 100).is_err());
        // A header that promises a picture of 4,294,967,295 pixels on a side.
        let mut bomb = png(1, 1);
        bomb[16..24].fill(0xff);
        assert!(small_png(&bomb, 100).is_err());
        assert_eq!(
            small_png(&vec![0; MAX_PICTURE_BYTES + 1], 100),
            Err(ScanError::TooManyBytes)
        );
    }
}

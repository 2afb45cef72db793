//! Pictures to look at.

use image::{DynamicImage, GrayImage, ImageFormat, Luma, imageops};
use tessera_scanner::{LumaPicture, qr_png};

pub const REFERENCE: &str = "nmshd://tr#UkxUNzYyd05BMUd0WThaaE9TRXh8M3xwV3UwM3laeTNKX1NrWERxZ3l1dTdKMzYtTEVBS1FGZ1FyN0dUVDI0dEpjfHw";
pub const OTHER_REFERENCE: &str = "https://backbone.example/r/RLTTXKgiZ6DfxN4xAL7S?app=anApp#M3x1T053VTJjcTF5ZUQ1MUlZOW0xVHFNbWdUUWNGMV9zZlFDNnlJblRIckFvfGZhYzl8cGluMTYmZ2xscnArcG1DQXYyNEhka1hMcEF5QT09";

/// A code in grey.
pub fn code(text: &str, scale: u32) -> GrayImage {
    let png = qr_png(text, scale).unwrap();
    image::load_from_memory(&png).unwrap().into_luma8()
}

/// A white page with pictures on it.
pub fn page(width: u32, height: u32, parts: &[(&GrayImage, i64, i64)]) -> GrayImage {
    let mut page = GrayImage::from_pixel(width, height, Luma([255]));
    for (part, x, y) in parts {
        imageops::replace(&mut page, *part, *x, *y);
    }
    page
}

pub fn encoded(image: &GrayImage, format: ImageFormat) -> Vec<u8> {
    let image = match format {
        // These have no grey.
        ImageFormat::Gif | ImageFormat::WebP => {
            DynamicImage::ImageLuma8(image.clone()).into_rgba8().into()
        }
        _ => DynamicImage::ImageLuma8(image.clone()),
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

pub fn luma(image: &GrayImage) -> LumaPicture {
    LumaPicture::new(image.width(), image.height(), image.as_raw().clone()).unwrap()
}

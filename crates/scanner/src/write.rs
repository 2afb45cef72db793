//! Writing QR codes: dark on white, with the quiet zone that readers expect.

use std::{fmt::Write as _, io::Cursor};

use image::{GrayImage, ImageFormat, Luma};
use qrcode::{Color, EcLevel, QrCode};

use crate::ScanError;

/// The modules that stay free around a code.
const QUIET_ZONE: usize = 4;
/// The most pixels that a module can have.
pub const MAX_SCALE: u32 = 32;

/// The code as an SVG picture: one unit per module, to be shown in any size.
///
/// # Errors
///
/// [`ScanError::TextTooLong`].
pub fn qr_svg(text: &str) -> Result<String, ScanError> {
    let code = encode(text)?;
    let side = code.width() + 2 * QUIET_ZONE;
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(code.width()).enumerate() {
        let mut x = 0;
        for part in row.chunk_by(|a, b| a == b) {
            if part[0] == Color::Dark {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, part.len());
                // Writing to a String can't fail.
                let _ = write!(path, "M{left} {top}h{length}v1h-{length}z");
            }
            x += part.len();
        }
    }
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}h-{side}z"/><path fill="#000" d="{path}"/></svg>"##
    ))
}

/// The code as a PNG picture with `scale` pixels (1 to [`MAX_SCALE`]) for the side of a module.
///
/// # Errors
///
/// [`ScanError::TextTooLong`].
pub fn qr_png(text: &str, scale: u32) -> Result<Vec<u8>, ScanError> {
    let code = encode(text)?;
    let scale = usize::try_from(scale.clamp(1, MAX_SCALE)).unwrap_or(1);
    let colors = code.to_colors();
    let modules = code.width();
    let side = u32::try_from((modules + 2 * QUIET_ZONE) * scale).unwrap_or(0);
    let picture = GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| {
            let at = usize::try_from(at).unwrap_or(0) / scale;
            at.checked_sub(QUIET_ZONE).filter(|at| *at < modules)
        };
        let is_dark = match (module(x), module(y)) {
            (Some(x), Some(y)) => colors[y * modules + x] == Color::Dark,
            _ => false,
        };
        Luma([if is_dark { 0 } else { 255 }])
    });
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|_| ScanError::TextTooLong)?;
    Ok(png.into_inner())
}

/// As much error correction as a phone's camera likes, less where the text needs the room.
fn encode(text: &str) -> Result<QrCode, ScanError> {
    QrCode::with_error_correction_level(text, EcLevel::M)
        .or_else(|_| QrCode::with_error_correction_level(text, EcLevel::L))
        .map_err(|_| ScanError::TextTooLong)
}

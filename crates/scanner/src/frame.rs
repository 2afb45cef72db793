//! Frames as cameras give them, and the brightness of their pixels.

use std::{fmt, io::Cursor, time::Duration};

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions};
use zune_jpeg::JpegDecoder;

use crate::{ScanError, files::MAX_PICTURE_PIXELS, guard::guarded};

/// How the bytes of a frame are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameFormat {
    /// One byte of brightness for each pixel. Also the first plane of NV12.
    Luma8,
    /// Two bytes for each pixel: brightness, and by turns one of two colour differences.
    Yuyv,
    /// A JPEG picture for each frame.
    Mjpeg,
    /// Red, green, blue, one byte each.
    Rgb8,
}

/// A frame.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// Pixels in a row. Not looked at for [`FrameFormat::Mjpeg`], which says it itself.
    pub width: u32,
    /// Rows. Not looked at for [`FrameFormat::Mjpeg`].
    pub height: u32,
    /// Bytes from the beginning of a row to that of the next. Not looked at for
    /// [`FrameFormat::Mjpeg`].
    pub stride: u32,
    /// How `bytes` are to be read.
    pub format: FrameFormat,
    /// The frame itself.
    pub bytes: Vec<u8>,
    /// When it was taken, counted from the opening of its source.
    pub at: Duration,
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("format", &self.format)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Frame {
    /// The brightness of the frame's pixels.
    ///
    /// # Errors
    ///
    /// [`ScanError::BrokenFrame`] when the bytes don't fit size and format,
    /// [`ScanError::TooManyPixels`]. A JPEG that ends early is not an error: its rest is grey.
    pub fn to_luma(&self) -> Result<LumaPicture, ScanError> {
        match self.format {
            FrameFormat::Luma8 => self.rows(1, |row, out| out.extend_from_slice(row)),
            FrameFormat::Yuyv => self.rows(2, |row, out| out.extend(row.iter().step_by(2))),
            FrameFormat::Rgb8 => self.rows(3, |row, out| {
                out.extend(
                    row.chunks_exact(3)
                        .map(|rgb| brightness([rgb[0], rgb[1], rgb[2]])),
                );
            }),
            FrameFormat::Mjpeg => jpeg_luma(&self.bytes),
        }
    }

    fn rows(
        &self,
        bytes_per_pixel: usize,
        mut append: impl FnMut(&[u8], &mut Vec<u8>),
    ) -> Result<LumaPicture, ScanError> {
        let (width, height) = checked_size(self.width, self.height)?;
        let row_bytes = width * bytes_per_pixel;
        let stride = usize::try_from(self.stride).map_err(|_| ScanError::BrokenFrame)?;
        // The last row needs no padding.
        let needed = stride
            .checked_mul(height - 1)
            .and_then(|bytes| bytes.checked_add(row_bytes));
        if stride < row_bytes || needed.is_none_or(|needed| self.bytes.len() < needed) {
            return Err(ScanError::BrokenFrame);
        }
        let mut luma = Vec::with_capacity(width * height);
        for row in self.bytes.chunks(stride).take(height) {
            append(&row[..row_bytes], &mut luma);
        }
        LumaPicture::new(self.width, self.height, luma)
    }
}

/// The brightness of a colour, as television weighs it.
pub(crate) fn brightness([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}

fn checked_size(width: u32, height: u32) -> Result<(usize, usize), ScanError> {
    if width == 0 || height == 0 {
        return Err(ScanError::BrokenFrame);
    }
    if u64::from(width) * u64::from(height) > MAX_PICTURE_PIXELS {
        return Err(ScanError::TooManyPixels);
    }
    let fit = |side| usize::try_from(side).map_err(|_| ScanError::TooManyPixels);
    Ok((fit(width)?, fit(height)?))
}

/// Decodes a JPEG to its brightness alone, which its files keep apart from the colours.
fn jpeg_luma(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    let options = DecoderOptions::default()
        .jpeg_set_out_colorspace(ColorSpace::Luma)
        .set_max_width(16_384)
        .set_max_height(16_384);
    guarded(|| {
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().ok()?;
        let (width, height) = decoder.dimensions()?;
        let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
        if checked_size(size.0, size.1).is_err() {
            return Some(Err(ScanError::TooManyPixels));
        }
        let luma = decoder.decode().ok()?;
        Some(LumaPicture::new(size.0, size.1, luma))
    })
    .flatten()
    .unwrap_or(Err(ScanError::BrokenFrame))
}

/// A picture of brightnesses: 0 is black, 255 is white.
#[derive(Clone, PartialEq, Eq)]
pub struct LumaPicture {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

impl fmt::Debug for LumaPicture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LumaPicture({}×{})", self.width, self.height)
    }
}

impl LumaPicture {
    /// A picture of these rows, one after the other without gaps.
    ///
    /// # Errors
    ///
    /// [`ScanError::BrokenFrame`] when the number of pixels is not width times height or zero,
    /// [`ScanError::TooManyPixels`].
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ScanError> {
        let (width, height) = checked_size(width, height)?;
        if pixels.len() == width * height {
            Ok(Self {
                width,
                height,
                pixels,
            })
        } else {
            Err(ScanError::BrokenFrame)
        }
    }

    /// Pixels in a row, at least 1.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows, at least 1.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// The pixels, row by row.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels, row by row, owned.
    #[must_use]
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// A picture that was made of another one: as many pixels as width times height.
    pub(crate) fn from_parts(width: usize, height: usize, pixels: Vec<u8>) -> Self {
        debug_assert_eq!(pixels.len(), width * height);
        Self {
            width,
            height,
            pixels,
        }
    }

    /// A part of the picture: what of the rectangle lies inside of it. None if nothing does.
    #[must_use]
    pub fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Option<Self> {
        let right = left.saturating_add(width).min(self.width);
        let bottom = top.saturating_add(height).min(self.height);
        if left >= right || top >= bottom {
            return None;
        }
        let rows = (top..bottom).map(|y| &self.pixels[y * self.width..][left..right]);
        let pixels = rows.flatten().copied().collect();
        Some(Self::from_parts(right - left, bottom - top, pixels))
    }

    /// The picture as a grey PNG file, to be shown.
    ///
    /// # Errors
    ///
    /// [`ScanError::BrokenPicture`] if it can't be written, which does not happen.
    pub fn to_png(&self) -> Result<Vec<u8>, ScanError> {
        let mut png = Cursor::new(Vec::new());
        let side = |length| u32::try_from(length).unwrap_or(0);
        let (width, height) = (side(self.width), side(self.height));
        PngEncoder::new(&mut png)
            .write_image(&self.pixels, width, height, ExtendedColorType::L8)
            .map_err(|_| ScanError::BrokenPicture)?;
        Ok(png.into_inner())
    }

    /// Black for white.
    #[must_use]
    pub fn inverted(&self) -> Self {
        Self {
            pixels: self.pixels.iter().map(|pixel| !pixel).collect(),
            ..*self
        }
    }

    /// A smaller picture: each pixel is the mean of a square of `factor` pixels a side. What does
    /// not fill a square on the right and at the bottom is left out. A factor of 0 or 1 or larger
    /// than a side gives a copy.
    #[must_use]
    pub fn reduced(&self, factor: usize) -> Self {
        let (width, height) = (
            self.width.checked_div(factor).unwrap_or(0),
            self.height.checked_div(factor).unwrap_or(0),
        );
        if factor <= 1 || width == 0 || height == 0 {
            return self.clone();
        }
        let area = u32::try_from(factor * factor).unwrap_or(u32::MAX);
        let mut pixels = Vec::with_capacity(width * height);
        // Column by column first, which is done for many columns at once.
        let mut sums = vec![0_u32; self.width];
        for rows in self.pixels.chunks_exact(self.width * factor).take(height) {
            sums.fill(0);
            for row in rows.chunks_exact(self.width) {
                for (sum, pixel) in sums.iter_mut().zip(row) {
                    *sum += u32::from(*pixel);
                }
            }
            let mean = |sum: u32| (sum / area).to_le_bytes()[0];
            if factor == 2 {
                let pairs = sums.chunks_exact(2);
                pixels.extend(pairs.map(|pair| ((pair[0] + pair[1]) / 4).to_le_bytes()[0]));
            } else {
                let squares = sums.chunks_exact(factor);
                pixels.extend(squares.map(|square| mean(square.iter().sum())));
            }
        }
        Self {
            width,
            height,
            pixels,
        }
    }
}

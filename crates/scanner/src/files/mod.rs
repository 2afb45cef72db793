//! Picture files and documents, and their bytes: told apart by what is in them, not by their names.
//!
//! They come from anywhere, so everything is bounded: bytes, pixels, pages, and the time until a
//! drawing or a page must be painted. Nothing is fetched: what a file refers to is not followed.

mod pdf;
mod raster;
mod svg;
mod worker;

use std::{fs::File, io::Read, path::Path};

use crate::{DecodedCode, LumaPicture, ScanError, read::decode_sharing};

pub use pdf::MAX_PAGES;
pub use raster::{MAX_PICTURE_PIXELS, small_png};

/// How many bytes a file may have (32 MiB).
pub const MAX_PICTURE_BYTES: usize = 32 * 1024 * 1024;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pdf,
    Svg,
    /// Or something else; the decoder will say.
    Raster,
}

impl Kind {
    fn of(bytes: &[u8]) -> Self {
        let start = &bytes[..bytes.len().min(1024)];
        let has = |part: &[u8]| start.windows(part.len()).any(|window| window == part);
        let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        if image::guess_format(bytes).is_ok() {
            Self::Raster
        // The mark of a PDF may stand after some other bytes.
        } else if has(b"%PDF-") {
            Self::Pdf
        } else if text.trim_ascii_start().starts_with(b"<") && (has(b"<svg") || has(b":svg")) {
            Self::Svg
        } else {
            Self::Raster
        }
    }
}

/// A page that is about to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Its number, from 1.
    pub page: usize,
    /// How many the file has.
    pub of: usize,
}

/// What was found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileCodes {
    /// The pages with codes.
    pub pages: Vec<PageCodes>,
    /// How many pages were looked at: fewer than there are when it was stopped, or when there are
    /// more than [`MAX_PAGES`].
    pub looked_at: usize,
    /// How many pages the file has; 1 for a picture.
    pub of: usize,
}

/// A page with codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageCodes {
    /// Its number, from 1.
    pub page: usize,
    /// What it looks like, so that a person can point at one of several codes.
    pub picture: LumaPicture,
    /// The codes, with corners in pixels of `picture`.
    pub codes: Vec<DecodedCode>,
}

/// The codes of a picture or of a PDF's first [`MAX_PAGES`] pages. `go_on` is told of each page
/// before it is looked at; when it says no, that was all.
///
/// # Errors
///
/// [`ScanError::TooManyBytes`], [`ScanError::TooManyPixels`], [`ScanError::TooMuchWork`],
/// [`ScanError::NotAPicture`], [`ScanError::BrokenPicture`], [`ScanError::ProtectedDocument`].
pub fn read_pages(
    bytes: &[u8],
    mut go_on: impl FnMut(Progress) -> bool,
) -> Result<FileCodes, ScanError> {
    let mut found = FileCodes {
        pages: Vec::new(),
        looked_at: 0,
        of: 1,
    };
    let look = |found: &mut FileCodes, picture: LumaPicture| {
        found.looked_at += 1;
        // Many pages share the work that one picture gets.
        let codes = decode_sharing(&picture, found.of.min(4));
        if !codes.is_empty() {
            found.pages.push(PageCodes {
                page: found.looked_at,
                picture,
                codes,
            });
        }
    };
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(ScanError::TooManyBytes);
    }
    if Kind::of(bytes) != Kind::Pdf {
        if go_on(Progress { page: 1, of: 1 }) {
            look(&mut found, read_picture(bytes)?);
        }
        return Ok(found);
    }
    let mut pages = pdf::Pages::open(bytes)?;
    found.of = pages.count();
    while found.looked_at < found.of.min(MAX_PAGES) {
        let (page, of) = (found.looked_at + 1, found.of);
        if !go_on(Progress { page, of }) {
            break;
        }
        look(&mut found, pages.next()?);
    }
    Ok(found)
}

/// The codes of a file, as [`read_image_bytes`].
///
/// # Errors
///
/// [`ScanError::FileUnreadable`], and as [`read_pages`].
pub fn read_file(path: &Path) -> Result<Vec<DecodedCode>, ScanError> {
    read_image_bytes(&load(path)?)
}

/// The codes of a picture or of all the pages that are looked at, none if there are none. Those that
/// say the same are one.
///
/// # Errors
///
/// As [`read_pages`].
pub fn read_image_bytes(bytes: &[u8]) -> Result<Vec<DecodedCode>, ScanError> {
    let mut codes: Vec<DecodedCode> = Vec::new();
    for page in read_pages(bytes, |_| true)?.pages {
        for code in page.codes {
            if codes.iter().all(|known| known.text != code.text) {
                codes.push(code);
            }
        }
    }
    Ok(codes)
}

/// The text of the one code of an image.
///
/// # Errors
///
/// As [`read_pages`], [`ScanError::NoCode`] and [`ScanError::SeveralCodes`].
pub fn read_image_text(bytes: &[u8]) -> Result<String, ScanError> {
    let mut codes = read_image_bytes(bytes)?;
    match (codes.pop(), codes.is_empty()) {
        (None, _) => Err(ScanError::NoCode),
        (Some(code), true) => Ok(code.text),
        (Some(_), false) => Err(ScanError::SeveralCodes),
    }
}

/// The brightness of a picture's pixels, as if it lay on white paper. Of an animation the first
/// picture, of a PDF the first page.
///
/// # Errors
///
/// As [`read_pages`].
pub fn read_picture(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    if bytes.len() > MAX_PICTURE_BYTES {
        return Err(ScanError::TooManyBytes);
    }
    match Kind::of(bytes) {
        Kind::Pdf => pdf::Pages::open(bytes)?.next(),
        Kind::Svg => svg::paint(bytes),
        Kind::Raster => raster::read(bytes),
    }
}

/// Reads a file that is no larger than a file may be.
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

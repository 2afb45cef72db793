//! PDF documents, page by page.

use std::{
    io::{self, BufReader, Read},
    sync::Arc,
};

use flate2::read::ZlibDecoder;
use hayro::{
    PixmapSettings, RenderCache, RenderSettings,
    hayro_interpret::InterpreterSettings,
    hayro_syntax::{
        Filter, Pdf,
        object::{Object, Stream},
        page::Page,
    },
    vello_cpu::color::palette::css::WHITE,
};

use super::{raster::MAX_PICTURE_PIXELS, worker::Worker};
use crate::{LumaPicture, ScanError, frame::brightness};

/// How many pages of a document are looked at.
pub const MAX_PAGES: usize = 50;
/// The longer side of a painted page in pixels: a page of A4 at 250 dots per inch.
const LONG_SIDE: f32 = 2900.0;
/// How many bytes a document may have when it is unpacked.
const MAX_UNPACKED: u64 = 128 * 1024 * 1024;
/// What LZW makes of a byte at most is much, and nobody uses it any more.
const MAX_LZW_BYTES: usize = 64 * 1024;

/// A document, open.
pub(super) struct Pages {
    count: usize,
    worker: Worker<Step>,
}

enum Step {
    Opened { pages: usize },
    Painted(LumaPicture),
}

impl Pages {
    pub(super) fn open(bytes: &[u8]) -> Result<Self, ScanError> {
        let bytes = bytes.to_vec();
        let worker = Worker::start(move |desk| {
            // What is encrypted can't be seen before it is unpacked.
            if position(&bytes, b"/Encrypt").is_some() {
                return Err(ScanError::ProtectedDocument);
            }
            check_unpacked(&bytes)?;
            let pdf = Pdf::new(Arc::new(bytes)).map_err(|_| ScanError::BrokenPicture)?;
            check_streams(&pdf)?;
            let pages = pdf.pages();
            if pages.is_empty() {
                return Err(ScanError::BrokenPicture);
            }
            let mut is_wanted = desk.hand_out(Step::Opened { pages: pages.len() });
            let cache = RenderCache::new();
            for page in pages.iter().take(MAX_PAGES) {
                if !is_wanted {
                    break;
                }
                is_wanted = desk.hand_out(Step::Painted(paint(page, &cache)?));
            }
            Ok(())
        })?;
        match worker.next()? {
            Step::Opened { pages } => Ok(Self {
                count: pages,
                worker,
            }),
            Step::Painted(_) => Err(ScanError::BrokenPicture),
        }
    }

    /// How many there are, at least one.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// The next page on white paper.
    pub(super) fn next(&mut self) -> Result<LumaPicture, ScanError> {
        match self.worker.next()? {
            Step::Painted(picture) => Ok(picture),
            Step::Opened { .. } => Err(ScanError::BrokenPicture),
        }
    }
}

fn paint<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>) -> Result<LumaPicture, ScanError> {
    let (width, height) = page.render_dimensions();
    let scale = LONG_SIDE / width.max(height);
    if !scale.is_finite() || scale <= 0.0 || width * scale < 1.0 || height * scale < 1.0 {
        return Err(ScanError::BrokenPicture);
    }
    let pixmap = hayro::render(
        page,
        cache,
        &InterpreterSettings::default(),
        &RenderSettings::default(),
        &PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        },
    );
    let luma = pixmap.data().iter();
    let luma = luma.map(|pixel| brightness([pixel.r, pixel.g, pixel.b]));
    LumaPicture::new(
        pixmap.width().into(),
        pixmap.height().into(),
        luma.collect(),
    )
    .map_err(|_| ScanError::BrokenPicture)
}

/// Unpacks everything once, keeping nothing, because a few bytes can become gigabytes. What is packed
/// twice is unpacked twice.
fn check_unpacked(bytes: &[u8]) -> Result<(), ScanError> {
    const MARK: &[u8] = b"stream";
    let mut left = MAX_UNPACKED;
    let mut rest = bytes;
    while let Some(at) = position(rest, MARK) {
        rest = &rest[at + MARK.len()..];
        let data = rest.strip_prefix(b"\r").unwrap_or(rest);
        let data = data.strip_prefix(b"\n").unwrap_or(data);
        if !is_packed(data) {
            continue;
        }
        let once = || BufReader::new(ZlibDecoder::new(data));
        let mut begin = Vec::new();
        // What is damaged is unpacked as far as it goes, as a reader would.
        let _ = once().take(2).read_to_end(&mut begin);
        left = unpack(once(), left)?;
        if is_packed(&begin) {
            left = unpack(ZlibDecoder::new(once()), left)?;
        }
    }
    Ok(())
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

/// Whether bytes begin as zlib's do.
fn is_packed(data: &[u8]) -> bool {
    match data {
        [method, flags, ..] => {
            method & 0x0f == 8 && (u16::from(*method) << 8 | u16::from(*flags)).is_multiple_of(31)
        }
        _ => false,
    }
}

/// What is left of the bytes that a document may have.
fn unpack(packed: impl Read, left: u64) -> Result<u64, ScanError> {
    let mut packed = packed.take(left.saturating_add(1));
    let _ = io::copy(&mut packed, &mut io::sink());
    left.checked_sub(left.saturating_add(1) - packed.limit())
        .ok_or(ScanError::TooMuchWork)
}

/// Refuses what unpacks in ways that were not seen by [`check_unpacked`], and pictures without bounds.
fn check_streams(pdf: &Pdf) -> Result<(), ScanError> {
    for object in pdf.objects() {
        if let Object::Stream(stream) = object
            && !is_bounded(&stream)
        {
            return Err(ScanError::TooMuchWork);
        }
    }
    Ok(())
}

fn is_bounded(stream: &Stream<'_>) -> bool {
    let filters = stream.filters();
    let count = |wanted: Filter| filters.iter().filter(|filter| **filter == wanted).count();
    let packed = count(Filter::FlateDecode) + count(Filter::LzwDecode);
    let lzw_bytes = if count(Filter::LzwDecode) > 0 {
        stream.raw_data().len()
    } else {
        0
    };
    let side = |key: &[u8]| {
        let length = stream.dict().get::<i32>(key).unwrap_or(0);
        u64::from(length.unsigned_abs())
    };
    packed <= 2
        && lzw_bytes <= MAX_LZW_BYTES
        && side(b"Width").saturating_mul(side(b"Height")) <= MAX_PICTURE_PIXELS
}

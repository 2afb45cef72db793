//! Files with pictures, and the frames of a camera.

use std::time::Duration;

use tessera_scanner::{
    DecodedCode, Frame, FrameFormat, MAX_CODES, MAX_PAGES, MAX_TEXT_BYTES, decode, decode_frame,
    read_pages,
};

/// Pages that are looked at of a document.
const PAGES: usize = 2;
/// A frame has at most so many pixels a side, so that there are many frames in a second.
const LONGEST_SIDE: u16 = 400;

/// A file of any kind, page by page.
pub fn picture(data: &[u8]) {
    let found = read_pages(data, |progress| progress.page <= PAGES.min(MAX_PAGES));
    if let Ok(found) = found {
        assert!(found.looked_at <= PAGES && found.pages.len() <= found.looked_at);
        for page in &found.pages {
            assert!(!page.codes.is_empty());
            assert_bounded(&page.codes);
        }
    }
}

/// A frame: its format, its number, its size, and the bytes of its pixels; the rest of them is white.
pub fn frame(data: &[u8]) {
    let Some(([format, number, width @ .., top, bottom], bytes)) = data.split_first_chunk::<6>()
    else {
        return;
    };
    let side = |bytes: [u8; 2]| u32::from(u16::from_le_bytes(bytes) % LONGEST_SIDE);
    let (width, height) = (side(*width), side([*top, *bottom]));
    let (format, bytes_per_pixel) = match format % 4 {
        0 => (FrameFormat::Luma8, 1),
        1 => (FrameFormat::Yuyv, 2),
        2 => (FrameFormat::Rgb8, 3),
        _ => (FrameFormat::Mjpeg, 0),
    };
    let stride = width * bytes_per_pixel;
    let mut bytes = bytes.to_vec();
    let wanted = usize::try_from(stride * height).unwrap_or(0);
    // By half of the numbers frames come as long as they are.
    if number.is_multiple_of(2) && bytes.len() < wanted {
        bytes.resize(wanted, u8::MAX);
    }
    let frame = Frame {
        width,
        height,
        stride,
        format,
        bytes,
        at: Duration::ZERO,
    };
    let Ok(luma) = frame.to_luma() else {
        return;
    };
    let pixels = luma.pixels().len();
    assert_eq!(pixels, luma.width() * luma.height());
    // A JPEG says its own size.
    if pixels <= usize::from(LONGEST_SIDE).pow(2) {
        assert_bounded(&decode_frame(&luma, u64::from(number / 2)));
    }
    if pixels <= 10_000 {
        assert_bounded(&decode(&luma));
    }
}

fn assert_bounded(codes: &[DecodedCode]) {
    assert!(codes.len() <= MAX_CODES);
    for code in codes {
        assert!(!code.text.is_empty() && code.text.len() <= MAX_TEXT_BYTES);
    }
}

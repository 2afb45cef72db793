//! Frames in the formats of cameras.

use std::time::Duration;

use image::{DynamicImage, GrayImage, ImageFormat};
use tessera_scanner::{Frame, FrameFormat, ScanError, decode_frame};

use crate::drawing::{REFERENCE, code, encoded, page};

fn screen() -> GrayImage {
    page(640, 480, &[(&code(REFERENCE, 5), 150, 80)])
}

fn frame(format: FrameFormat, stride: u32, bytes: Vec<u8>) -> Frame {
    Frame {
        width: 640,
        height: 480,
        stride,
        format,
        bytes,
        at: Duration::ZERO,
    }
}

fn text(frame: &Frame) -> Option<String> {
    let codes = decode_frame(&frame.to_luma().unwrap(), 0);
    codes.into_iter().next().map(|code| code.text)
}

#[test]
fn every_format_is_read() {
    let screen = screen();
    let luma = screen.as_raw();
    let yuyv: Vec<u8> = luma.iter().flat_map(|luma| [*luma, 128]).collect();
    let rgb = DynamicImage::ImageLuma8(screen.clone())
        .into_rgb8()
        .into_raw();
    // NV12: the colours follow.
    let nv12 = [luma.clone(), vec![128; 640 * 480 / 2]].concat();
    let grey_jpeg = encoded(&screen, ImageFormat::Jpeg);
    let mut colour_jpeg = std::io::Cursor::new(Vec::new());
    DynamicImage::ImageLuma8(screen.clone())
        .into_rgb8()
        .write_to(&mut colour_jpeg, ImageFormat::Jpeg)
        .unwrap();
    for (name, frame) in [
        ("luma", frame(FrameFormat::Luma8, 640, luma.clone())),
        ("NV12", frame(FrameFormat::Luma8, 640, nv12)),
        ("YUYV", frame(FrameFormat::Yuyv, 1280, yuyv)),
        ("RGB", frame(FrameFormat::Rgb8, 1920, rgb)),
        ("grey MJPEG", frame(FrameFormat::Mjpeg, 0, grey_jpeg)),
        (
            "MJPEG",
            frame(FrameFormat::Mjpeg, 0, colour_jpeg.into_inner()),
        ),
    ] {
        assert_eq!(text(&frame).as_deref(), Some(REFERENCE), "{name}");
    }
}

#[test]
fn rows_may_have_padding() {
    let screen = screen();
    let padded: Vec<u8> = screen
        .as_raw()
        .chunks(640)
        .flat_map(|row| [row, &[7; 24]].concat())
        .collect();
    // The last row without.
    let padded = padded[..padded.len() - 24].to_vec();
    let frame = frame(FrameFormat::Luma8, 664, padded);
    assert_eq!(text(&frame).as_deref(), Some(REFERENCE));
}

#[test]
fn frames_whose_bytes_do_not_fit_are_damaged() {
    for (format, stride, bytes) in [
        (FrameFormat::Luma8, 640, 640 * 480 - 1),
        (FrameFormat::Luma8, 639, 640 * 480),
        (FrameFormat::Luma8, 0, 640 * 480),
        (FrameFormat::Luma8, u32::MAX, 640 * 480),
        (FrameFormat::Yuyv, 1280, 640 * 480),
        (FrameFormat::Rgb8, 1920, 0),
        (FrameFormat::Mjpeg, 0, 0),
        (FrameFormat::Mjpeg, 0, 1000),
    ] {
        let frame = frame(format, stride, vec![0; bytes]);
        assert_eq!(
            frame.to_luma().unwrap_err(),
            ScanError::BrokenFrame,
            "{frame:?} {stride}"
        );
    }
    let mut huge = frame(FrameFormat::Luma8, u32::MAX, Vec::new());
    huge.width = u32::MAX;
    huge.height = u32::MAX;
    assert_eq!(huge.to_luma().unwrap_err(), ScanError::TooManyPixels);
}

#[test]
fn a_truncated_jpeg_shows_no_code_and_does_no_harm() {
    let jpeg = encoded(&screen(), ImageFormat::Jpeg);
    for keep in [2, 20, 200, jpeg.len() / 4, jpeg.len() / 3] {
        let frame = frame(FrameFormat::Mjpeg, 0, jpeg[..keep].to_vec());
        if let Ok(luma) = frame.to_luma() {
            assert_eq!(decode_frame(&luma, 0), [], "{keep}");
        }
    }
}

#[test]
fn light_on_dark_is_found_within_four_frames() {
    let screen = screen();
    let inverted = frame(
        FrameFormat::Luma8,
        640,
        screen.as_raw().iter().map(|luma| !luma).collect(),
    );
    let luma = inverted.to_luma().unwrap();
    assert!((0..4).any(|number| !decode_frame(&luma, number).is_empty()));
}

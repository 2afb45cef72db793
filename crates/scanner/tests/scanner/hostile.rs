//! Pictures that nobody should send.

use image::ImageFormat;
use tessera_scanner::{
    LumaPicture, MAX_PICTURE_BYTES, ScanError, decode, decode_frame, qr_png, read_image_bytes,
    read_image_text, read_picture,
};

use crate::drawing::{REFERENCE, code, encoded, luma, page};

const FORMATS: [ImageFormat; 5] = [
    ImageFormat::Png,
    ImageFormat::Jpeg,
    ImageFormat::Gif,
    ImageFormat::Bmp,
    ImageFormat::WebP,
];

#[test]
fn what_is_no_picture_is_told() {
    for bytes in [
        &b""[..],
        b"x",
        b"nmshd://tr#abc",
        b"<html><body/></html>",
        &[0; 1000],
    ] {
        assert_eq!(read_image_bytes(bytes).unwrap_err(), ScanError::NotAPicture);
    }
    // Kinds that this program does not read.
    for bytes in [
        &b"II*\0\x08\0\0\0\0\0"[..],
        b"P5\n1 1\n255\n\0",
        b"qoif\0\0\0\x01\0\0\0\x01\x03\0",
    ] {
        assert_eq!(read_image_bytes(bytes).unwrap_err(), ScanError::NotAPicture);
    }
}

#[test]
fn truncated_pictures_are_damaged_or_without_a_code() {
    let picture = code(REFERENCE, 4);
    for format in FORMATS {
        let bytes = encoded(&picture, format);
        for keep in [bytes.len() / 2, bytes.len() / 4, 40, 20, 12] {
            match read_image_bytes(&bytes[..keep]) {
                Ok(codes) => assert_eq!(codes, [], "{format:?} {keep}"),
                Err(error) => assert!(
                    matches!(error, ScanError::BrokenPicture | ScanError::NotAPicture),
                    "{format:?} {keep} {error}"
                ),
            }
        }
    }
}

#[test]
fn pictures_with_wrong_bytes_do_not_end_the_program() {
    let picture = code("x", 2);
    for format in FORMATS {
        let bytes = encoded(&picture, format);
        let mut state = 7_usize;
        for _ in 0..200 {
            let mut damaged = bytes.clone();
            for _ in 0..4 {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % 2_147_483_648;
                let at = state % damaged.len();
                damaged[at] ^= 1 << (state / 7 % 8);
            }
            // Whatever comes of it is no false text.
            if let Ok(codes) = read_image_bytes(&damaged) {
                assert!(codes.iter().all(|code| code.text == "x"), "{format:?}");
            }
        }
    }
}

#[test]
fn sizes_are_bounded_before_anything_is_decoded() {
    let too_long = vec![0x89; MAX_PICTURE_BYTES + 1];
    assert_eq!(
        read_picture(&too_long).unwrap_err(),
        ScanError::TooManyBytes
    );

    // A small file that says it is 30,000 pixels wide and high.
    let mut bmp = encoded(&code("x", 1), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&30_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&30_000_u32.to_le_bytes());
    assert_eq!(read_picture(&bmp).unwrap_err(), ScanError::TooManyPixels);

    assert_eq!(
        LumaPicture::new(u32::MAX, u32::MAX, Vec::new()).unwrap_err(),
        ScanError::TooManyPixels
    );
    assert_eq!(
        LumaPicture::new(0, 5, Vec::new()).unwrap_err(),
        ScanError::BrokenFrame
    );
    assert_eq!(
        LumaPicture::new(2, 2, vec![0; 5]).unwrap_err(),
        ScanError::BrokenFrame
    );
}

#[test]
fn tiny_and_thin_pictures_are_no_problem() {
    for (width, height) in [(1, 1), (1, 5000), (5000, 1), (2, 3), (7, 7)] {
        for pixel in [0, 128, 255] {
            let picture = LumaPicture::new(width, height, vec![pixel; (width * height) as usize]);
            assert_eq!(decode(&picture.unwrap()), []);
        }
    }
}

/// The corner of a code, module by module.
fn is_dark_in_corner(x: usize, y: usize) -> bool {
    let is_ring = x == 0 || x == 6 || y == 0 || y == 6;
    let is_stone = (2..5).contains(&x) && (2..5).contains(&y);
    is_ring || is_stone
}

#[test]
fn a_picture_made_of_corners_is_not_looked_at() {
    // Thousands of them: every way to put three together would take hours.
    let (side, module) = (1800, 2);
    let step = 9 * module;
    let mut pixels = vec![255; side * side];
    for (at, pixel) in pixels.iter_mut().enumerate() {
        let (x, y) = (at % side % step / module, at / side % step / module);
        if x < 7 && y < 7 && is_dark_in_corner(x, y) {
            *pixel = 0;
        }
    }
    let side = u32::try_from(side).unwrap();
    assert_eq!(decode(&LumaPicture::new(side, side, pixels).unwrap()), []);
}

#[test]
fn corners_everywhere_end_in_time_in_every_way_of_looking() {
    // Sizes, gaps and colours that get through to different looks; noise hides nothing of them.
    for (module, gap, is_inverted) in [(1, 2, false), (2, 1, true), (3, 3, false), (6, 4, true)] {
        let (width, height, step) = (1280, 720, (7 + gap) * module);
        let mut pixels = vec![230; width * height];
        for (at, pixel) in pixels.iter_mut().enumerate() {
            let (x, y) = (at % width % step / module, at / width % step / module);
            let noise = (at * 7919 % 13) as u8;
            *pixel -= noise;
            if x < 7 && y < 7 && is_dark_in_corner(x, y) {
                *pixel = 20 + noise;
            }
        }
        let picture = LumaPicture::new(1280, 720, pixels).unwrap();
        let picture = if is_inverted {
            picture.inverted()
        } else {
            picture
        };
        assert_eq!(decode(&picture), []);
        for number in 0..3 {
            assert_eq!(decode_frame(&picture, number), []);
        }
    }
}

#[test]
fn fifty_codes_in_one_picture_are_fifty() {
    let text = |number: usize| format!("https://backbone.example/r/RLT{number:017}#abc");
    let codes: Vec<_> = (0..50).map(|number| code(&text(number), 3)).collect();
    let side = codes[0].width();
    let place = |at: usize| i64::from(side) * i64::try_from(at).unwrap();
    let parts: Vec<_> = codes
        .iter()
        .enumerate()
        .map(|(at, code)| (code, place(at % 10), place(at / 10)))
        .collect();
    let picture = luma(&page(side * 10, side * 5, &parts));
    let mut found: Vec<String> = decode(&picture).into_iter().map(|code| code.text).collect();
    found.sort();
    assert_eq!(found, (0..50).map(text).collect::<Vec<_>>());
    // A frame tells at least some of them.
    assert!(!decode_frame(&picture, 0).is_empty());
}

#[test]
fn the_fullest_codes_and_such_of_bytes_are_read() {
    let digits = "1234567890".repeat(400);
    let letters: String = REFERENCE.chars().cycle().take(2900).collect();
    for text in [digits, letters] {
        assert_eq!(read_image_text(&qr_png(&text, 4).unwrap()).unwrap(), text);
    }
    // Bytes that are no text still come as something that can be shown and refused.
    let bytes: Vec<u8> = (128..=255).chain(0..128).collect();
    let code = qrcode::QrCode::new(&bytes).unwrap();
    let (modules, colors) = (code.width(), code.to_colors());
    let side = u32::try_from(modules * 4 + 32).unwrap();
    let drawn = image::GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| usize::try_from(at / 4).unwrap().wrapping_sub(4);
        let (x, y) = (module(x), module(y));
        let is_dark = x < modules && y < modules && colors[y * modules + x] == qrcode::Color::Dark;
        image::Luma([if is_dark { 0 } else { 255 }])
    });
    let found = decode(&luma(&drawn));
    assert_eq!(found.len(), 1);
    assert!(found[0].text.chars().count() <= bytes.len());
}

#[test]
fn the_largest_pictures_are_read_in_bounded_memory() {
    let large = code(REFERENCE, 30);
    let picture = page(8_000, 8_000, &[(&large, 3_000, 4_000)]);
    let bytes = encoded(&picture, ImageFormat::Png);
    assert_eq!(read_image_text(&bytes).unwrap(), REFERENCE);
    let beyond = encoded(&page(10_000, 10_000, &[]), ImageFormat::Png);
    assert_eq!(read_picture(&beyond).unwrap_err(), ScanError::TooManyPixels);
}

#[test]
fn files_under_wrong_names_or_marks_are_what_they_are() {
    let png = encoded(&code(REFERENCE, 4), ImageFormat::Png);
    // The marks of other kinds, before and after.
    let disguised = [b"%PDF-1.7\n".as_slice(), &png].concat();
    assert_eq!(
        read_image_bytes(&disguised).unwrap_err(),
        ScanError::BrokenPicture
    );
    let with_tail = [png.as_slice(), b"%PDF-1.7<svg>"].concat();
    assert_eq!(read_image_text(&with_tail).unwrap(), REFERENCE);
    let in_svg = [b"<svg ".as_slice(), &png].concat();
    assert_eq!(
        read_image_bytes(&in_svg).unwrap_err(),
        ScanError::BrokenPicture
    );
}

#[test]
fn corners_without_a_code_between_them_are_no_code() {
    let mut state = 1_u64;
    let mut random = move |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((state >> 33) % below).unwrap()
    };
    for _ in 0..500 {
        let (width, height) = (30 + random(120), 30 + random(120));
        let mut pixels = vec![255; width * height];
        for _ in 0..3 + random(4) {
            let (module, left, top) = (1 + random(5), random(100), random(100));
            for at in 0..49 * module * module {
                let (x, y) = (at % (7 * module), at / (7 * module));
                let is_inside = left + x < width && top + y < height;
                if is_inside && is_dark_in_corner(x / module, y / module) {
                    pixels[(top + y) * width + left + x] = 0;
                }
            }
        }
        let size = (
            u32::try_from(width).unwrap(),
            u32::try_from(height).unwrap(),
        );
        assert_eq!(
            decode(&LumaPicture::new(size.0, size.1, pixels).unwrap()),
            []
        );
    }
}

//! Kinds of images, and what they show.

use image::{GrayImage, ImageFormat, Rgba, RgbaImage, imageops};
use tessera_scanner::{ScanError, decode, qr_png, read_image_bytes, read_image_text, read_picture};

use crate::drawing::{OTHER_REFERENCE, REFERENCE, code, encoded, luma, page};

#[test]
fn every_kind_of_image_is_read_whatever_its_name() {
    let picture = code(REFERENCE, 4);
    for format in [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::Gif,
        ImageFormat::Bmp,
        ImageFormat::WebP,
    ] {
        let bytes = encoded(&picture, format);
        assert_eq!(read_image_text(&bytes).unwrap(), REFERENCE, "{format:?}");
    }
}

#[test]
fn black_on_nothing_is_black_on_white() {
    let picture = code(REFERENCE, 4);
    let transparent = RgbaImage::from_fn(picture.width(), picture.height(), |x, y| {
        Rgba([0, 0, 0, 255 - picture.get_pixel(x, y)[0]])
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    transparent.write_to(&mut bytes, ImageFormat::Png).unwrap();
    assert_eq!(read_image_text(bytes.get_ref()).unwrap(), REFERENCE);
}

#[test]
fn a_code_on_a_large_page_is_found_where_it_is() {
    let small = code(REFERENCE, 3);
    let screen = page(1920, 1080, &[(&small, 1200, 600)]);
    let codes = read_image_bytes(&encoded(&screen, ImageFormat::Png)).unwrap();
    assert_eq!(codes.len(), 1);
    assert_eq!(codes[0].text, REFERENCE);
    let [left_top, _, right_bottom, _] = codes[0].corners;
    let end = i32::try_from(small.width()).unwrap() - 12;
    for (found, expected) in [
        (left_top.x, 1212),
        (left_top.y, 612),
        (right_bottom.x, 1200 + end),
        (right_bottom.y, 600 + end),
    ] {
        assert!(
            found.abs_diff(expected) <= 8,
            "{found} instead of {expected}"
        );
    }
}

#[test]
fn huge_pictures_are_made_smaller_first_and_corners_stay_right() {
    let large = code(REFERENCE, 20);
    let screen = page(6000, 4000, &[(&large, 3000, 2000)]);
    let codes = decode(&luma(&screen));
    assert_eq!(codes[0].text, REFERENCE);
    let corner = codes[0].corners[0];
    assert!(
        corner.x.abs_diff(3080) <= 40 && corner.y.abs_diff(2080) <= 40,
        "{corner:?}"
    );
}

#[test]
fn two_codes_are_two_and_the_same_twice_is_one() {
    let (one, other) = (code(REFERENCE, 4), code(OTHER_REFERENCE, 4));
    let both = page(900, 400, &[(&one, 20, 20), (&other, 480, 20)]);
    let bytes = encoded(&both, ImageFormat::Png);
    let mut texts: Vec<String> = read_image_bytes(&bytes)
        .unwrap()
        .into_iter()
        .map(|code| code.text)
        .collect();
    texts.sort();
    assert_eq!(texts, [OTHER_REFERENCE, REFERENCE]);
    assert_eq!(
        read_image_text(&bytes).unwrap_err(),
        ScanError::SeveralCodes
    );

    let twice = page(900, 400, &[(&one, 20, 20), (&one, 480, 20)]);
    let bytes = encoded(&twice, ImageFormat::Png);
    assert_eq!(read_image_text(&bytes).unwrap(), REFERENCE);
}

#[test]
fn light_on_dark_and_turned_codes_are_read() {
    let picture = code(REFERENCE, 4);
    let inverted = luma(&picture).inverted();
    assert_eq!(decode(&inverted)[0].text, REFERENCE);
    for turned in [
        imageops::rotate90(&picture),
        imageops::rotate180(&picture),
        imageops::rotate270(&picture),
        imageops::flip_horizontal(&picture),
    ] {
        assert_eq!(decode(&luma(&turned))[0].text, REFERENCE);
    }
}

#[test]
fn a_picture_without_a_code_has_none() {
    let gradient = GrayImage::from_fn(640, 480, |x, y| image::Luma([((x + y) % 256) as u8]));
    let bytes = encoded(&gradient, ImageFormat::Png);
    assert_eq!(read_image_bytes(&bytes).unwrap(), []);
    assert_eq!(read_image_text(&bytes).unwrap_err(), ScanError::NoCode);
}

#[test]
fn reducing_averages_squares() {
    let picture = luma(&GrayImage::from_fn(5, 4, |x, y| {
        image::Luma([(x * 10 + y) as u8])
    }));
    let half = picture.reduced(2);
    assert_eq!((half.width(), half.height()), (2, 2));
    assert_eq!(half.pixels(), [5, 25, 7, 27]);
    for factor in [0, 1, 5, 9] {
        assert_eq!(picture.reduced(factor), picture);
    }
    let png = qr_png("x", 1).unwrap();
    assert!(read_picture(&png).unwrap().width() > 20);
}

#[test]
fn parts_are_cut_at_the_edges_and_shown_as_png() {
    let picture = luma(&GrayImage::from_fn(5, 4, |x, y| {
        image::Luma([(x * 10 + y) as u8])
    }));
    let part = picture.part(3, 1, 9, 2).unwrap();
    assert_eq!((part.width(), part.height()), (2, 2));
    assert_eq!(part.pixels(), [31, 41, 32, 42]);
    for (left, top, width, height) in [
        (5, 0, 1, 1),
        (0, 4, 1, 1),
        (0, 0, 0, 1),
        (usize::MAX, 0, 2, 2),
    ] {
        assert_eq!(picture.part(left, top, width, height), None);
    }
    assert_eq!(read_picture(&picture.to_png().unwrap()).unwrap(), picture);
}

//! What is written here can be read again.

use tessera_scanner::{MAX_SCALE, ScanError, decode, qr_png, qr_svg, read_image_text};

use crate::drawing::{OTHER_REFERENCE, REFERENCE, code, luma};

#[test]
fn references_of_every_length_come_back() {
    for length in [1, 30, 150, 180, 200, 230, 260, 400, 1000, 2000] {
        let text: String = REFERENCE.chars().cycle().take(length).collect();
        let png = qr_png(&text, 4).unwrap();
        assert_eq!(read_image_text(&png).unwrap(), text, "{length} characters");
    }
}

#[test]
fn text_of_other_scripts_comes_back() {
    for text in ["Grüße, Ada", "契約 🗝️", "{\"a\": \"b\\n\"}"] {
        assert_eq!(read_image_text(&qr_png(text, 5).unwrap()).unwrap(), text);
    }
}

#[test]
fn codes_are_read_in_every_size() {
    for scale in [1, 2, 3, 5, 8, 13, 20] {
        let png = qr_png(REFERENCE, scale).unwrap();
        assert_eq!(
            read_image_text(&png).unwrap(),
            REFERENCE,
            "{scale} pixels per module"
        );
    }
    let largest = qr_png(REFERENCE, MAX_SCALE).unwrap();
    assert_eq!(qr_png(REFERENCE, u32::MAX).unwrap(), largest);
    assert_eq!(qr_png(REFERENCE, 0).unwrap(), qr_png(REFERENCE, 1).unwrap());
}

#[test]
fn codes_are_dark_on_white_with_a_quiet_zone() {
    let scale = 3;
    let picture = code(REFERENCE, scale);
    let side = picture.width();
    assert_eq!(side, picture.height());
    let zone = 4 * scale;
    for (x, y, pixel) in picture.enumerate_pixels() {
        let is_outside = x < zone || y < zone || x >= side - zone || y >= side - zone;
        assert!(matches!(pixel[0], 0 | 255) && (!is_outside || pixel[0] == 255));
    }
    assert_eq!(
        picture.get_pixel(zone, zone)[0],
        0,
        "the corner of the code"
    );
    let found = decode(&luma(&picture));
    let corner = found[0].corners[0];
    assert!(
        corner.x.abs_diff(12) <= 3 && corner.y.abs_diff(12) <= 3,
        "{corner:?}"
    );
}

#[test]
fn the_svg_has_the_modules_of_the_png() {
    let svg = qr_svg(OTHER_REFERENCE).unwrap();
    let png = code(OTHER_REFERENCE, 1);
    let side = png.width();
    assert!(svg.starts_with(&format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}""#
    )));
    let path = svg.split("fill=\"#000\" d=\"").nth(1).unwrap();
    let path = path.split('"').next().unwrap();
    let mut dark = vec![false; (side * side) as usize];
    for run in path.split('z').filter(|run| !run.is_empty()) {
        // M<x> <y>h<length>v1h-<length>
        let mut numbers = run
            .split(|c: char| !c.is_ascii_digit())
            .filter(|number| !number.is_empty())
            .map(|number| number.parse::<usize>().unwrap());
        let (x, y, length) = (
            numbers.next().unwrap(),
            numbers.next().unwrap(),
            numbers.next().unwrap(),
        );
        dark[y * side as usize + x..][..length].fill(true);
    }
    let drawn: Vec<bool> = png.pixels().map(|pixel| pixel[0] == 0).collect();
    assert_eq!(dark, drawn);
    assert!(!svg.contains("RLT"), "nothing but squares");
}

#[test]
fn too_much_text_is_refused() {
    let text = "x".repeat(3000);
    assert_eq!(qr_png(&text, 4).unwrap_err(), ScanError::TextTooLong);
    assert_eq!(qr_svg(&text).unwrap_err(), ScanError::TextTooLong);
}

#[test]
fn debug_does_not_show_the_text() {
    let codes = decode(&luma(&code(REFERENCE, 4)));
    assert!(!format!("{codes:?}").contains("nmshd"));
}

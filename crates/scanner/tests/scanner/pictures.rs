//! Pictures as people make them.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use tessera_scanner::{DecodedCode, LumaPicture, decode, decode_frame, read_picture};

/// What is known of a picture.
#[derive(Deserialize)]
struct Expected {
    category: String,
    text: Option<String>,
    #[serde(default)]
    corners: Vec<[f32; 2]>,
    #[serde(default)]
    module_px: f32,
}

fn pictures() -> impl Iterator<Item = (String, Expected, LumaPicture)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let expected = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&expected).unwrap();
    assert_eq!(expected.len(), 72);
    expected.into_iter().map(move |(file, expected)| {
        let bytes = fs::read(folder.join(&file)).unwrap();
        let picture = read_picture(&bytes).unwrap();
        (file, expected, picture)
    })
}

/// Whether the code was read. A false text is worse than none.
fn is_read(file: &str, expected: &Expected, found: &[DecodedCode]) -> bool {
    for code in found {
        assert_eq!(Some(&code.text), expected.text.as_ref(), "{file}");
    }
    !found.is_empty()
}

fn check_corners(file: &str, expected: &Expected, code: &DecodedCode) {
    for (found, wanted) in code.corners.iter().zip(&expected.corners) {
        #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
        let apart = (found.x as f32 - wanted[0]).hypot(found.y as f32 - wanted[1]);
        assert!(
            apart < expected.module_px * 3.0,
            "{file}: {found:?} instead of {wanted:?}"
        );
    }
}

#[test]
fn still_pictures_under_difficulties_are_read() {
    let mut read = 0;
    for (file, expected, picture) in pictures() {
        let found = decode(&picture);
        for code in &found {
            check_corners(&file, &expected, code);
        }
        if is_read(&file, &expected, &found) {
            read += 1;
        } else if expected.text.is_some() {
            println!("not read: {file}");
            let is_hard = ["glare", "motion"];
            assert!(is_hard.contains(&expected.category.as_str()), "{file}");
        }
    }
    println!("still pictures: {read} of 68 read");
    assert!(read >= 62);
}

#[test]
fn single_frames_under_difficulties_are_read() {
    for number in 0..3 {
        let mut read = 0;
        for (file, expected, picture) in pictures() {
            let found = decode_frame(&picture, number);
            read += usize::from(is_read(&file, &expected, &found));
        }
        println!("frames with the number {number}: {read} of 68 read");
        assert!(read >= 52);
    }
}

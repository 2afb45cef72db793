//! Pictures as people make them.

use std::{collections::BTreeMap, fs, path::Path};

use tessera_scanner::{decode_frame, read_image_text, read_picture};

fn pictures() -> BTreeMap<String, (Vec<u8>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let expected = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, String> = serde_json::from_str(&expected).unwrap();
    let picture = |(file, text): (String, String)| {
        let bytes = fs::read(folder.join(&file)).unwrap();
        (file, (bytes, text))
    };
    expected.into_iter().map(picture).collect()
}

#[test]
fn codes_under_difficulties_are_read() {
    let pictures = pictures();
    let mut read = 0;
    for (file, (bytes, text)) in &pictures {
        match read_image_text(bytes) {
            Ok(found) => {
                assert_eq!(&found, text, "{file}: a false text is worse than none");
                read += 1;
            }
            Err(error) => println!("{file}: {error}"),
        }
    }
    println!("still pictures: {read} of {} read", pictures.len());
    assert_eq!(read, pictures.len());
}

#[test]
fn most_of_them_also_in_a_sequence_of_frames() {
    let pictures = pictures();
    let mut read = 0;
    for (file, (bytes, text)) in &pictures {
        let picture = read_picture(bytes).unwrap();
        let found = (0..4).find_map(|number| decode_frame(&picture, number).pop());
        if let Some(code) = found {
            assert_eq!(&code.text, text, "{file}");
            read += 1;
        }
    }
    println!("frames: {read} of {} read", pictures.len());
    assert!(read >= 8);
}

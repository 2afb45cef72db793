//! Drawings and documents with codes.

use std::{fmt::Write as _, io::Write as _};

use base64::{Engine, engine::general_purpose::STANDARD};
use flate2::{Compression, write::ZlibEncoder};
use image::ImageFormat;
use tessera_scanner::{
    MAX_PAGES, Progress, ScanError, qr_svg, read_image_bytes, read_image_text, read_pages,
    read_picture,
};

use crate::drawing::{OTHER_REFERENCE, REFERENCE, code, encoded};

/// A PDF of A4 pages with these drawing instructions, and something more in the directory of each
/// page's instructions.
fn pdf(pages: &[Vec<u8>], more: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |out: &mut Vec<u8>, parts: &[&[u8]]| {
        places.push(out.len());
        writeln!(out, "{} 0 obj", places.len()).unwrap();
        parts.iter().for_each(|part| out.extend_from_slice(part));
        out.extend_from_slice(b"\nendobj\n");
    };
    object(&mut out, &[b"<</Type/Catalog/Pages 2 0 R>>"]);
    let kids: String = (0..pages.len())
        .map(|at| format!("{} 0 R ", at * 2 + 3))
        .collect();
    let tree = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", pages.len());
    object(&mut out, &[tree.as_bytes()]);
    for (at, page) in pages.iter().enumerate() {
        let contents = at * 2 + 4;
        let directory = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {contents} 0 R/Resources<<>>>>"
        );
        object(&mut out, &[directory.as_bytes()]);
        let directory = format!("<</Length {}{more}>>\nstream\n", page.len());
        object(&mut out, &[directory.as_bytes(), page, b"\nendstream"]);
    }
    let table = out.len();
    write!(out, "xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).unwrap();
    for place in &places {
        writeln!(out, "{place:010} 00000 n ").unwrap();
    }
    let size = places.len() + 1;
    write!(
        out,
        "trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n"
    )
    .unwrap();
    out
}

/// Instructions that draw a code of this size, in points, in the middle of a page.
fn drawn(text: &str, size: f32) -> Vec<u8> {
    let picture = code(text, 1);
    let module = size / picture.width() as f32;
    let mut page = String::new();
    for (x, y, pixel) in picture.enumerate_pixels() {
        if pixel[0] == 0 {
            let (x, y) = (200.0 + x as f32 * module, 600.0 - y as f32 * module);
            write!(page, "{x} {y} {module} {module} re ").unwrap();
        }
    }
    page.push_str("f\n");
    page.into_bytes()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_drawing_is_read() {
    let svg = qr_svg(REFERENCE).unwrap();
    assert_eq!(read_image_text(svg.as_bytes()).unwrap(), REFERENCE);
    let with_prologue = format!(
        "\u{feff}<?xml version=\"1.0\"?>\n<!-- a code -->\n<!DOCTYPE svg PUBLIC \
         \"-//W3C//DTD SVG 1.1//EN\" \"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">\n{svg}"
    );
    assert_eq!(
        read_image_text(with_prologue.as_bytes()).unwrap(),
        REFERENCE
    );
    let picture = read_picture(svg.as_bytes()).unwrap();
    assert_eq!(picture.width().max(picture.height()), 2000);
}

#[test]
fn a_picture_inside_a_drawing_is_read_but_no_file() {
    let png = encoded(&code(REFERENCE, 4), ImageFormat::Png);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("code.png");
    std::fs::write(&path, &png).unwrap();
    let drawing = |href: &str| {
        format!(
            "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' \
             width='300' height='300'><image width='300' height='300' xlink:href='{href}'/></svg>"
        )
    };
    let inside = format!("data:image/png;base64,{}", STANDARD.encode(&png));
    assert_eq!(
        read_image_text(drawing(&inside).as_bytes()).unwrap(),
        REFERENCE
    );
    for outside in [
        path.display().to_string(),
        format!("file://{}", path.display()),
        "http://127.0.0.1:9/code.png".to_owned(),
    ] {
        let error = read_image_text(drawing(&outside).as_bytes()).unwrap_err();
        assert_eq!(error, ScanError::NoCode, "{outside}");
    }
}

#[test]
fn drawings_that_say_more_than_they_have_are_refused() {
    let open = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>";
    // Each group draws the one before ten times.
    let mut uses = format!("{open}<g id='g0'><rect width='9' height='9'/></g>");
    for level in 1..=9 {
        write!(uses, "<g id='g{level}'>").unwrap();
        for _ in 0..10 {
            write!(uses, "<use href='#g{}'/>", level - 1).unwrap();
        }
        uses.push_str("</g>");
    }
    uses.push_str("</svg>");
    let chain: String = (0..40)
        .map(|at| format!("<g id='c{at}'><use href='#c{}'/></g>", at + 1))
        .collect();
    let deep = format!("{open}{}{}</svg>", "<g>".repeat(5000), "</g>".repeat(5000));
    let many = format!("{open}{}</svg>", "<rect/>".repeat(200_001));
    let rows: String = "<g/>".repeat(1000);
    let styled =
        format!("{open}<style>*{{mask:url(#m)}}</style><mask id='m'>{rows}</mask>{rows}</svg>");
    for (name, svg) in [
        ("uses", uses),
        ("a chain", format!("{open}{chain}</svg>")),
        ("depth", deep),
        ("elements", many),
        ("styles", styled),
    ] {
        let error = read_image_bytes(svg.as_bytes()).unwrap_err();
        assert_eq!(error, ScanError::TooMuchWork, "{name}");
    }
    // Entities that grow by themselves.
    let mut laughs = "<!DOCTYPE svg [<!ENTITY a0 'ha'>".to_owned();
    for level in 1..=9 {
        let inner = format!("&a{};", level - 1).repeat(10);
        write!(laughs, "<!ENTITY a{level} '{inner}'>").unwrap();
    }
    write!(laughs, "]>{open}<text>&a9;</text></svg>").unwrap();
    let error = read_image_bytes(laughs.as_bytes()).unwrap_err();
    assert_eq!(error, ScanError::BrokenPicture);
}

#[test]
fn drawings_that_are_none_are_damaged_or_empty() {
    for svg in [
        "<svg",
        "<svg xmlns='http://www.w3.org/2000/svg'",
        "<svg xmlns='http://www.w3.org/2000/svg' width='0' height='5'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='1e30' height='1e-30'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' width='5' height='5'><g id='a'><use href='#a'/></g></svg>",
        "<html><svg/></html>",
    ] {
        match read_image_bytes(svg.as_bytes()) {
            Ok(codes) => assert_eq!(codes, [], "{svg}"),
            Err(error) => assert_eq!(error, ScanError::BrokenPicture, "{svg}"),
        }
    }
}

#[test]
fn pages_are_read_one_by_one() {
    let pages = [
        drawn(REFERENCE, 120.0),
        b"0 0 50 50 re f\n".to_vec(),
        drawn(OTHER_REFERENCE, 100.0),
    ];
    let mut told = Vec::new();
    let found = read_pages(&pdf(&pages, ""), |progress| {
        told.push(progress);
        true
    })
    .unwrap();
    assert_eq!(told, [1, 2, 3].map(|page| Progress { page, of: 3 }));
    assert_eq!((found.looked_at, found.of), (3, 3));
    let texts: Vec<(usize, &str)> = found
        .pages
        .iter()
        .map(|page| (page.page, page.codes[0].text.as_str()))
        .collect();
    assert_eq!(texts, [(1, REFERENCE), (3, OTHER_REFERENCE)]);
    // The picture and the corners belong together: the code begins 200 points from the left.
    let first = &found.pages[0];
    let wanted = first.picture.width() as f32 * (200.0 + 120.0 * 4.0 / 57.0) / 595.0;
    assert!((first.codes[0].corners[0].x as f32 - wanted).abs() < 40.0);
}

#[test]
fn packed_pages_are_read() {
    let page = packed(&drawn(REFERENCE, 90.0));
    let bytes = pdf(&[page], "/Filter/FlateDecode");
    assert_eq!(read_image_text(&bytes).unwrap(), REFERENCE);
    let twice = packed(&packed(&drawn(REFERENCE, 90.0)));
    let bytes = pdf(&[twice], "/Filter[/FlateDecode/FlateDecode]");
    assert_eq!(read_image_text(&bytes).unwrap(), REFERENCE);
}

#[test]
fn looking_at_pages_can_be_stopped_and_has_an_end() {
    let pages = vec![b"0 0 9 9 re f\n".to_vec(); 1000];
    let bytes = pdf(&pages, "");
    let stopped = read_pages(&bytes, |progress| progress.page < 4).unwrap();
    assert_eq!((stopped.looked_at, stopped.of), (3, 1000));
    let all = read_pages(&bytes, |_| true).unwrap();
    assert_eq!((all.looked_at, all.of), (MAX_PAGES, 1000));
    assert_eq!(all.pages, []);
}

#[test]
fn documents_that_grow_are_refused() {
    // 130 megabytes of spaces, packed once and twice.
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let megabyte = vec![b' '; 1024 * 1024];
    for _ in 0..130 {
        encoder.write_all(&megabyte).unwrap();
    }
    let once = encoder.finish().unwrap();
    let twice = packed(&once);
    for (bytes, filter) in [
        (once, "/Filter/FlateDecode"),
        (twice.clone(), "/Filter[/FlateDecode/FlateDecode]"),
        (
            packed(&twice),
            "/Filter[/FlateDecode/FlateDecode/FlateDecode]",
        ),
        (vec![0; 100_000], "/Filter/LZWDecode"),
        (Vec::new(), "/Subtype/Image/Width 2000000/Height 2000000"),
    ] {
        let error = read_image_bytes(&pdf(&[bytes], filter)).unwrap_err();
        assert_eq!(error, ScanError::TooMuchWork, "{filter}");
    }
}

#[test]
fn protected_and_damaged_documents_are_told_apart() {
    let whole = pdf(&[drawn(REFERENCE, 90.0)], "");
    let protected = pdf(&[drawn(REFERENCE, 90.0)], "/Encrypt 9 0 R");
    assert_eq!(
        read_image_bytes(&protected).unwrap_err(),
        ScanError::ProtectedDocument
    );
    assert_eq!(
        read_image_bytes(b"%PDF-1.7").unwrap_err(),
        ScanError::BrokenPicture
    );
    for keep in [whole.len() / 8, whole.len() / 3, whole.len() / 2] {
        match read_image_bytes(&whole[..keep]) {
            Ok(codes) => assert!(codes.iter().all(|code| code.text == REFERENCE)),
            Err(error) => assert_eq!(error, ScanError::BrokenPicture),
        }
    }
}

#[test]
fn documents_with_wrong_bytes_do_not_end_the_program() {
    let svg = qr_svg("x").unwrap().into_bytes();
    let plain = pdf(&[drawn("x", 200.0)], "");
    let small = pdf(&[packed(&drawn("x", 200.0))], "/Filter/FlateDecode");
    let mut state = 3_usize;
    for whole in [svg, plain, small] {
        for _ in 0..20 {
            let mut damaged = whole.clone();
            for _ in 0..6 {
                state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345) % 2_147_483_648;
                let at = state % damaged.len();
                damaged[at] ^= 1 << (state / 7 % 8);
            }
            // Whatever comes of it is no false text.
            if let Ok(codes) = read_image_bytes(&damaged) {
                assert!(codes.iter().all(|code| code.text == "x"));
            }
        }
    }
}

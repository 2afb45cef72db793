//! What the targets begin with: what the tests of the crates read, so that nothing stands twice.

use std::{fs, io::Cursor, path::PathBuf};

use image::{DynamicImage, ImageFormat};
use serde_json::{Value, json};
use tessera_scanner::{qr_png, qr_svg, read_picture};

/// Inputs.
pub type Seeds = Vec<Vec<u8>>;

/// A page that draws a square, as small as a document can be.
const DOCUMENT: &str = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R/Resources<<>>>>endobj\n\
    4 0 obj<</Length 14>>\nstream\n0 0 50 50 re f\nendstream endobj\n\
    trailer<</Size 5/Root 1 0 R>>\n%%EOF\n";
/// A drawing with most of what a drawing can have.
const DRAWING: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='60' height='60'>\
    <style>rect{fill:black}</style><defs><linearGradient id='a'><stop offset='0' stop-color='red'/>\
    </linearGradient><clipPath id='c'><circle r='20'/></clipPath><filter id='f'><feGaussianBlur \
    stdDeviation='2'/></filter><pattern id='p' width='9' height='9'><path d='M0 0h5v5z'/></pattern>\
    <mask id='m'><rect width='9' height='9'/></mask></defs><rect id='r' width='30' height='30' \
    fill='url(#a)' clip-path='url(#c)'/><use href='#r' x='9' transform='rotate(9)'/><g filter='url(#f)' \
    mask='url(#m)'><path d='M1 1C2 2 3 3 4 4z' stroke='blue' fill='url(#p)'/></g></svg>";
/// How large a picture of the tests is at most to be a seed.
const LARGEST_PICTURE: usize = 40_000;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A file of recorded cases; nothing if it can't be read, which makes a test fail.
fn recorded(file: &str) -> Value {
    let text = fs::read_to_string(root().join("tests/vectors").join(file));
    serde_json::from_str(&text.unwrap_or_default()).unwrap_or_default()
}

fn cases(file: &str, list: &str) -> Vec<Value> {
    recorded(file)[list].as_array().cloned().unwrap_or_default()
}

/// Parts of a case under their names, without what is expected.
fn parts(case: &Value, names: &[&str]) -> Vec<u8> {
    let part = |name: &&str| Some(((*name).to_owned(), case.get(name)?.clone()));
    json!(
        names
            .iter()
            .filter_map(part)
            .collect::<serde_json::Map<_, _>>()
    )
    .to_string()
    .into_bytes()
}

fn written(value: &Value) -> Vec<u8> {
    value.to_string().into_bytes()
}

/// References as text.
#[must_use]
pub fn of_references() -> Seeds {
    let cases = ["cases", "typed"].map(|list| cases("references.json", list));
    let inputs = cases
        .iter()
        .flatten()
        .filter_map(|case| case["input"].as_str());
    inputs.map(|input| input.as_bytes().to_vec()).collect()
}

/// Requests with Decisions.
#[must_use]
pub fn of_requests() -> Seeds {
    let names = ["setup", "source", "request", "decide"];
    let cases = cases("requests.json", "cases");
    cases.iter().map(|case| parts(case, &names)).collect()
}

/// Decisions.
#[must_use]
pub fn of_decisions() -> Seeds {
    let cases = cases("requests.json", "cases");
    cases.iter().map(|case| written(&case["decide"])).collect()
}

/// Answers and Notifications.
#[must_use]
pub fn of_incoming() -> Seeds {
    let told = cases("requests-notifications.json", "cases");
    let told = told
        .iter()
        .map(|case| parts(case, &["setup", "notification"]));
    let asked = cases("requests.json", "cases");
    let answered = asked.iter().map(|case| {
        let answer = json!({ "response": case["expected"]["response"] });
        let mut whole = case.clone();
        whole["response"] = answer["response"].clone();
        parts(&whole, &["setup", "request", "response"])
    });
    told.chain(answered).collect()
}

/// What peers write.
#[must_use]
pub fn of_content() -> Seeds {
    let mut seeds = Seeds::new();
    for case in cases("requests.json", "cases") {
        let expected = &case["expected"];
        for one in [
            &case["request"],
            &expected["response"],
            &expected["sentMessageContent"],
        ] {
            seeds.extend((!one.is_null()).then(|| written(one)));
        }
    }
    let notifications = cases("requests-notifications.json", "cases");
    seeds.extend(
        notifications
            .iter()
            .map(|case| written(&case["notification"])),
    );
    for case in cases("requests-values.json", "cases") {
        let attribute =
            json!({ "@type": "IdentityAttribute", "owner": "", "value": case["value"] });
        seeds.push(written(&attribute));
    }
    let queries = cases("requests-iql.json", "cases");
    let queries = queries.iter().filter_map(|case| case["query"].as_str());
    seeds.extend(queries.map(|query| query.as_bytes().to_vec()));
    seeds.sort();
    seeds.dedup();
    seeds
}

/// What envelopes hold.
#[must_use]
pub fn of_envelopes() -> Seeds {
    let mut seeds = Seeds::new();
    let mut texts =
        |value: &Value| seeds.extend(value.as_str().map(|text| text.as_bytes().to_vec()));
    let recorded = &recorded("transport.json")["vectors"];
    collect(recorded, &mut texts);
    seeds.retain(|text| text.starts_with(b"{") && text.len() < 16 * 1024);
    seeds.sort();
    seeds.dedup();
    seeds
}

/// Every value inside of a value.
fn collect(value: &Value, found: &mut impl FnMut(&Value)) {
    found(value);
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, found)),
        _ => {}
    }
}

/// Files of every kind.
#[must_use]
pub fn of_pictures() -> Seeds {
    let mut seeds = vec![DOCUMENT.as_bytes().to_vec(), DRAWING.as_bytes().to_vec()];
    seeds.extend(qr_svg("x").ok().map(String::into_bytes));
    let code = qr_png("nmshd://tr#x", 2).unwrap_or_default();
    if let Ok(image) = image::load_from_memory(&code) {
        let small = DynamicImage::ImageRgba8(image.to_rgba8());
        for format in [
            ImageFormat::Png,
            ImageFormat::Gif,
            ImageFormat::Bmp,
            ImageFormat::WebP,
        ] {
            seeds.extend(encoded(&small, format));
        }
        seeds.extend(encoded(
            &DynamicImage::ImageLuma8(image.to_luma8()),
            ImageFormat::Jpeg,
        ));
    }
    seeds.push(code);
    let files = fs::read_dir(root().join("crates/scanner/tests/pictures"));
    let mut paths: Vec<PathBuf> = files
        .into_iter()
        .flatten()
        .flatten()
        .map(|file| file.path())
        .collect();
    paths.sort();
    let pictures = paths
        .iter()
        .filter(|path| path.extension().is_some_and(|kind| kind == "jpg"))
        .filter_map(|path| fs::read(path).ok());
    seeds.extend(pictures.filter(|bytes| bytes.len() <= LARGEST_PICTURE));
    seeds
}

fn encoded(image: &DynamicImage, format: ImageFormat) -> Option<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).ok()?;
    Some(bytes.into_inner())
}

/// Frames in every format.
#[must_use]
pub fn of_frames() -> Seeds {
    let code = qr_png("nmshd://tr#abc", 3).unwrap_or_default();
    let Ok(luma) = read_picture(&code) else {
        return Seeds::new();
    };
    let side = |length: usize| u16::try_from(length).unwrap_or(0).to_le_bytes();
    let (width, height) = (side(luma.width()), side(luma.height()));
    let jpeg = image::load_from_memory(&code).ok().and_then(|image| {
        encoded(
            &DynamicImage::ImageLuma8(image.to_luma8()),
            ImageFormat::Jpeg,
        )
    });
    let yuyv = luma
        .pixels()
        .iter()
        .flat_map(|pixel| [*pixel, 128])
        .collect();
    let rgb = luma.pixels().iter().flat_map(|pixel| [*pixel; 3]).collect();
    let light = luma.inverted().pixels().to_vec();
    let bodies: [(u8, Vec<u8>); 5] = [
        (0, luma.pixels().to_vec()),
        (0, light),
        (1, yuyv),
        (2, rgb),
        (3, jpeg.unwrap_or_default()),
    ];
    let frames = bodies.iter().flat_map(|(format, body)| {
        (0..3).map(move |number| {
            let head = [
                *format,
                2 * number,
                width[0],
                width[1],
                height[0],
                height[1],
            ];
            [head.as_slice(), body].concat()
        })
    });
    frames.collect()
}

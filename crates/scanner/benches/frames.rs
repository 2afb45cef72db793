//! From a camera's frame to the text of its code, and frames in which there is none.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{hint::black_box, time::Duration};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use tessera_scanner::{Frame, FrameFormat, decode_frame, qr_png, read_picture};

/// As long as the reference of a template with a PIN.
const TEXT: &str = "https://backbone.example.org/r/RLT8vnfXzDfPcyYA3jQW#M3xhYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODlBQkNERUZHSHx8cGluNCZBQUFBQUFBQUFBQUFBQUFBQUFBQUFBPT0mNA";

const SIZES: [(u32, u32); 3] = [(640, 480), (1280, 720), (1920, 1080)];

/// Numbers that look random and are always the same.
struct Noise(u32);

impl Noise {
    fn next(&mut self) -> u8 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        self.0.to_be_bytes()[0]
    }
}

/// A frame as cameras give it (YUYV): an unevenly lit wall, noise, and in the middle the code.
fn frame(width: u32, height: u32, with_code: bool) -> Frame {
    let modules = read_picture(&qr_png(TEXT, 1).unwrap()).unwrap().width();
    let scale = height * 6 / 10 / u32::try_from(modules).unwrap();
    let code = read_picture(&qr_png(TEXT, scale).unwrap()).unwrap();
    let (columns, rows) = (
        usize::try_from(width).unwrap(),
        usize::try_from(height).unwrap(),
    );
    let (left, top) = ((columns - code.width()) / 2, (rows - code.height()) / 2);
    let mut noise = Noise(1);
    let mut bytes = Vec::with_capacity(columns * rows * 2);
    for y in 0..rows {
        for x in 0..columns {
            let inside = x
                .checked_sub(left)
                .zip(y.checked_sub(top))
                .filter(|(x, y)| with_code && *x < code.width() && *y < code.height());
            let light = 130 + 80 * x / columns;
            let ink = inside.map_or(200, |(x, y)| {
                usize::from(code.pixels()[y * code.width() + x]).max(40)
            });
            let grain = usize::from(noise.next() % 16);
            let brightness = (light * ink / 255 + grain).min(255);
            bytes.extend([u8::try_from(brightness).unwrap(), 128]);
        }
    }
    Frame {
        width,
        height,
        stride: width * 2,
        format: FrameFormat::Yuyv,
        bytes,
        at: Duration::ZERO,
    }
}

fn frames(criterion: &mut Criterion) {
    for (name, with_code) in [("a frame with a code", true), ("a frame without", false)] {
        let mut group = criterion.benchmark_group(name);
        for (width, height) in SIZES {
            let frame = frame(width, height, with_code);
            let found = decode_frame(&frame.to_luma().unwrap(), 0);
            assert_eq!(
                found.first().map(|code| code.text.as_str()),
                with_code.then_some(TEXT)
            );
            group.bench_function(
                BenchmarkId::from_parameter(format!("{width}×{height}")),
                |bencher| {
                    bencher.iter(|| decode_frame(&black_box(&frame).to_luma().unwrap(), 0));
                },
            );
        }
        group.finish();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(50);
    targets = frames
}
criterion_main!(benches);

//! How many codes are read, and how fast: `cargo bench -p tessera-scanner --bench rates`.
//!
//! Prints a table for the pictures of `tests/pictures` and for each folder of the variable
//! `TESSERA_QR_SETS` (separated by colons), which has the same form: rqrr alone beside what this crate
//! does with still pictures and with single frames, in the same run.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{
    collections::BTreeMap,
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
    time::Instant,
};

use serde::Deserialize;
use tessera_scanner::{LumaPicture, decode, decode_frame, read_picture};

#[derive(Deserialize)]
struct Expected {
    category: String,
    text: Option<String>,
}

/// What a reader makes of a picture.
type Read = fn(&LumaPicture) -> Vec<String>;

/// What is compared.
const READERS: [(&str, Read); 3] = [
    ("rqrr alone", rqrr_alone),
    ("still picture", |picture| texts(decode(picture))),
    ("single frame", |picture| texts(decode_frame(picture, 0))),
];

fn texts(codes: Vec<tessera_scanner::DecodedCode>) -> Vec<String> {
    codes.into_iter().map(|code| code.text).collect()
}

fn rqrr_alone(picture: &LumaPicture) -> Vec<String> {
    let read = || {
        let (width, pixels) = (picture.width(), picture.pixels());
        let at = |x: usize, y: usize| pixels[y * width + x];
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, picture.height(), at);
        let grids = prepared.detect_grids();
        grids
            .iter()
            .filter_map(|grid| Some(grid.decode().ok()?.1))
            .collect()
    };
    catch_unwind(read).unwrap_or_default()
}

/// What one reader did with one set.
#[derive(Default)]
struct Score {
    /// Read and all of a category.
    rates: BTreeMap<String, (usize, usize)>,
    false_reads: usize,
    /// Milliseconds by the rows of a picture and whether it has a code.
    times: BTreeMap<(usize, bool), Vec<f64>>,
}

impl Score {
    fn add(&mut self, expected: &Expected, picture: &LumaPicture, found: &[String], time: f64) {
        let times = self
            .times
            .entry((picture.height(), expected.text.is_some()));
        times.or_default().push(time);
        let is_right = |text: &&String| Some(*text) == expected.text.as_ref();
        let right = found.iter().filter(is_right).count();
        self.false_reads += found.len() - right;
        if expected.text.is_some() {
            for row in [expected.category.as_str(), "all"] {
                let (read, all) = self.rates.entry(row.to_owned()).or_default();
                *read += usize::from(right > 0);
                *all += 1;
            }
        }
    }
}

fn measure(folder: &Path) {
    let expected = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&expected).unwrap();
    let mut scores: Vec<Score> = READERS.iter().map(|_| Score::default()).collect();
    for (file, expected) in &expected {
        let picture = read_picture(&fs::read(folder.join(file)).unwrap()).unwrap();
        for ((_, read), score) in READERS.iter().zip(&mut scores) {
            let began = Instant::now();
            let found = read(&picture);
            score.add(
                expected,
                &picture,
                &found,
                began.elapsed().as_secs_f64() * 1e3,
            );
        }
    }

    println!("\n{} pictures of {}", expected.len(), folder.display());
    let line = |name: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>18}")).collect();
        println!("{name:16}{}", cells.concat());
    };
    let each = |cell: &dyn Fn(&Score) -> String| scores.iter().map(cell).collect::<Vec<_>>();
    line("", READERS.map(|(name, _)| name.to_owned()).to_vec());
    for row in scores[0]
        .rates
        .keys()
        .filter(|row| *row != "all")
        .chain([&"all".to_owned()])
    {
        let rate = |score: &Score| {
            let (read, all) = score.rates.get(row).copied().unwrap_or_default();
            #[expect(clippy::cast_precision_loss, reason = "few pictures")]
            let percent = read as f64 * 100.0 / all.max(1) as f64;
            format!("{read}/{all} {percent:5.1} %")
        };
        line(row, each(&rate));
    }
    line("false reads", each(&|score| score.false_reads.to_string()));
    println!("milliseconds, median and 95th percentile");
    for key in scores[0].times.keys() {
        let sample = |score: &Score| {
            let mut times = score.times.get(key).cloned().unwrap_or_default();
            times.sort_by(f64::total_cmp);
            let at = |percent: usize| times[(times.len() - 1) * percent / 100];
            format!("{:.1} {:.1}", at(50), at(95))
        };
        let (rows, has_code) = key;
        let name = format!("{rows} rows, {}", if *has_code { "code" } else { "none" });
        // Sets have pictures of many sizes, most of them once.
        if scores[0].times[key].len() >= 3 {
            line(&name, each(&sample));
        }
    }
}

fn main() {
    // rqrr alone panics on some pictures; that is caught, and need not be seen each time.
    std::panic::set_hook(Box::new(|_| {}));
    measure(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures"));
    let more = std::env::var_os("TESSERA_QR_SETS").unwrap_or_default();
    let folders = std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty());
    folders
        .collect::<Vec<PathBuf>>()
        .iter()
        .for_each(|folder| measure(folder));
}

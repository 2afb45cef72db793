//! How many codes are read, and how fast: `cargo bench -p tessera-scanner --bench rates`.
//!
//! Prints a table for the pictures of `tests/pictures` and for each folder of the variable
//! `TESSERA_QR_SETS` (separated by colons), which has the same form: rqrr alone and ZXing's C++
//! decoder (where `./dev bench` could install it) beside what this crate does with still pictures and
//! with single frames, in the same run; then the pictures that the C++ decoder alone reads.
#![allow(clippy::unwrap_used, missing_docs)]

mod reference;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    panic::catch_unwind,
    path::Path,
    time::Instant,
};

use reference::Reference;
use serde::Deserialize;
use tessera_scanner::{LumaPicture, decode, decode_frame, read_picture};

#[derive(Deserialize)]
struct Expected {
    category: String,
    text: Option<String>,
}

/// What a reader makes of a picture: texts, and how many milliseconds that took.
type Read = Box<dyn FnMut(&LumaPicture) -> (Vec<String>, f64)>;

/// What is compared.
fn readers() -> Vec<(&'static str, Read)> {
    let mut readers: Vec<(&'static str, Read)> = vec![("rqrr alone", timed(rqrr_alone))];
    match Reference::start() {
        Some(mut reference) => {
            readers.push((CPP, Box::new(move |picture| reference.read(picture))));
        }
        None => println!("ZXing's C++ decoder is not here to be compared: ./dev bench installs it"),
    }
    readers.push((STILL, timed(|picture| texts(decode(picture)))));
    readers.push((
        "single frame",
        timed(|picture| texts(decode_frame(picture, 0))),
    ));
    readers
}

const CPP: &str = "ZXing C++";
const STILL: &str = "still picture";

fn timed(read: fn(&LumaPicture) -> Vec<String>) -> Read {
    Box::new(move |picture| {
        let began = Instant::now();
        let texts = read(picture);
        (texts, began.elapsed().as_secs_f64() * 1e3)
    })
}

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
    /// The files that were read.
    read: BTreeSet<String>,
    /// Milliseconds by the rows of a picture and whether it has a code.
    times: BTreeMap<(usize, bool), Vec<f64>>,
}

impl Score {
    fn add(&mut self, file: &str, expected: &Expected, rows: usize, found: &[String], time: f64) {
        let times = self.times.entry((rows, expected.text.is_some()));
        times.or_default().push(time);
        let is_right = |text: &&String| Some(*text) == expected.text.as_ref();
        let right = found.iter().filter(is_right).count();
        self.false_reads += found.len() - right;
        if right > 0 {
            self.read.insert(file.to_owned());
        }
        if expected.text.is_some() {
            for row in [expected.category.as_str(), "all"] {
                let (read, all) = self.rates.entry(row.to_owned()).or_default();
                *read += usize::from(right > 0);
                *all += 1;
            }
        }
    }
}

fn measure(folder: &Path, readers: &mut [(&'static str, Read)]) {
    let expected = fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: BTreeMap<String, Expected> = serde_json::from_str(&expected).unwrap();
    let mut scores: Vec<Score> = readers.iter().map(|_| Score::default()).collect();
    for (file, expected) in &expected {
        let picture = read_picture(&fs::read(folder.join(file)).unwrap()).unwrap();
        for ((_, read), score) in readers.iter_mut().zip(&mut scores) {
            let (found, time) = read(&picture);
            score.add(file, expected, picture.height(), &found, time);
        }
    }

    println!("\n{} pictures of {}", expected.len(), folder.display());
    let line = |name: &str, cells: Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|cell| format!("{cell:>18}")).collect();
        println!("{name:16}{}", cells.concat());
    };
    let each = |cell: &dyn Fn(&Score) -> String| scores.iter().map(cell).collect::<Vec<_>>();
    let names: Vec<String> = readers.iter().map(|(name, _)| (*name).to_owned()).collect();
    line("", names.clone());
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
    let of = |name: &str| {
        names
            .iter()
            .position(|other| other == name)
            .map(|at| &scores[at].read)
    };
    if let (Some(cpp), Some(still)) = (of(CPP), of(STILL)) {
        let missed: Vec<&str> = cpp.difference(still).map(String::as_str).collect();
        println!("read by the C++ decoder alone: {}", missed.join(" "));
    }
}

fn main() {
    // rqrr alone panics on some pictures; that is caught, and need not be seen each time.
    std::panic::set_hook(Box::new(|_| {}));
    let mut readers = readers();
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures");
    let more = std::env::var_os("TESSERA_QR_SETS").unwrap_or_default();
    let more = std::env::split_paths(&more).filter(|path| !path.as_os_str().is_empty());
    for folder in std::iter::once(own).chain(more) {
        measure(&folder, &mut readers);
    }
}

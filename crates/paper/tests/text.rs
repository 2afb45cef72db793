//! What was written on a document can be read from its PDF: as text, with its title and language.

#![allow(clippy::unwrap_used, missing_docs)]

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps,
        InterpreterCache, InterpreterSettings, SoftMask, font::GlyphRun, hayro_cmap::BfString,
        interpret_page,
    },
    hayro_syntax::{
        Pdf,
        object::{Name, Object},
    },
    kurbo::{Affine, BezPath, Rect},
};
use tessera_paper::{MAX_BLOCKS, Paper, PaperBlock, PaperError, pdf};

/// Writes down the letters that a page shows.
#[derive(Default)]
struct Reader(String);

impl<'a> Device<'a> for Reader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, _: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            match glyph.as_unicode() {
                Some(BfString::Char(one)) => self.0.push(one),
                Some(BfString::String(several)) => self.0.push_str(&several),
                None => self.0.push('?'),
            }
        }
        self.0.push('\n');
    }
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

/// The text of every page.
fn read(bytes: Vec<u8>) -> Vec<String> {
    let pdf = Pdf::new(bytes).unwrap();
    pdf.pages()
        .iter()
        .map(|page| {
            let cache = InterpreterCache::new();
            let area = Rect::new(0.0, 0.0, 1000.0, 1000.0);
            let settings = InterpreterSettings::default();
            let mut context = Context::new(Affine::IDENTITY, area, &cache, page.xref(), settings);
            let mut reader = Reader::default();
            interpret_page(page, &mut context, &mut reader);
            reader.0
        })
        .collect()
}

fn text(text: &str) -> PaperBlock {
    PaperBlock::Text {
        text: text.to_owned(),
    }
}

fn paper(blocks: Vec<PaperBlock>) -> Paper {
    Paper {
        language: "de".to_owned(),
        title: "Quittung über Größe und Maß".to_owned(),
        blocks,
    }
}

#[test]
fn a_document_is_text_with_a_title_and_a_language() {
    let bytes = pdf(&paper(vec![
        PaperBlock::Heading {
            text: "Wer gefragt hat".to_owned(),
        },
        PaperBlock::Line {
            label: "Name (ungeprüft)".to_owned(),
            text: "Stadtbücherei\nÖrtchen".to_owned(),
        },
        PaperBlock::Table {
            columns: vec!["Kontakt".to_owned(), "Wert".to_owned()],
            rows: vec![vec!["Schule".to_owned(), "Straße 1".to_owned()]],
        },
        text("Dies ist keine Unterschrift."),
    ]))
    .unwrap();
    let raw = String::from_utf8_lossy(&bytes).into_owned();
    assert!(raw.contains("/Lang"), "a language");
    let title = Pdf::new(bytes.clone()).unwrap().metadata().title.clone();
    assert!(title.is_some());
    let pages = read(bytes);
    assert_eq!(pages.len(), 1);
    for words in [
        "Quittung über Größe und Maß",
        "Wer gefragt hat",
        "Name (ungeprüft)",
        "Stadtbücherei\n",
        "Örtchen",
        "Kontakt",
        "Straße 1",
        "Dies ist keine Unterschrift.",
        "1 / 1",
    ] {
        assert!(pages[0].contains(words), "{words} in {}", pages[0]);
    }
}

/// How often a tag stands in the tree of a document. The tree is compressed with everything else, so
/// every object is read.
fn tags(bytes: &[u8], tag: &[u8]) -> usize {
    let pdf = Pdf::new(bytes.to_vec()).unwrap();
    let elements = pdf.objects().into_iter().filter_map(|object| match object {
        Object::Dict(dict) => dict.get::<Name<'_>>("S"),
        _ => None,
    });
    elements.filter(|name| name.as_ref() == tag).count()
}

#[test]
fn a_reader_is_told_what_is_a_heading_and_what_a_table() {
    let heading = |text: &str| PaperBlock::Heading {
        text: text.to_owned(),
    };
    let row = |text: &str| vec![text.to_owned(), text.repeat(300)];
    let bytes = pdf(&paper(vec![
        heading("One"),
        text("A paragraph."),
        heading("Two"),
        PaperBlock::Line {
            label: "Label".to_owned(),
            text: "Value".to_owned(),
        },
        PaperBlock::Table {
            columns: vec!["Name".to_owned(), "Text".to_owned()],
            rows: (0..20).map(|_| row("long ")).collect(),
        },
    ]))
    .unwrap();
    assert!(read(bytes.clone()).len() > 1, "the head is repeated");
    let expected: [(&[u8], usize); 7] = [
        (b"H1", 1),
        (b"H2", 2),
        (b"P", 2),
        (b"Table", 1),
        (b"TH", 2),
        (b"TR", 21),
        (b"TD", 40),
    ];
    for (tag, count) in expected {
        let name = String::from_utf8_lossy(tag);
        assert_eq!(tags(&bytes, tag), count, "{name}");
    }
}

#[test]
fn a_long_document_goes_on_on_the_next_page_and_repeats_the_head_of_its_table() {
    let rows = (0..200).map(|number| vec![format!("row {number}"), "x".repeat(200)]);
    let pages = read(
        pdf(&paper(vec![PaperBlock::Table {
            columns: vec!["Number".to_owned(), "Text".to_owned()],
            rows: rows.collect(),
        }]))
        .unwrap(),
    );
    assert!(pages.len() > 3, "{}", pages.len());
    for page in &pages {
        assert!(page.contains("Number\n"), "{page}");
    }
    let whole = pages.concat();
    for number in 0..200 {
        assert_eq!(whole.matches(&format!("row {number}\n")).count(), 1);
    }
}

#[test]
fn what_is_too_long_is_refused() {
    let blocks = vec![text("x"); MAX_BLOCKS + 1];
    assert_eq!(pdf(&paper(blocks)), Err(PaperError::TooLong));
    let blocks = vec![text(&"x".repeat(5 * 1024 * 1024))];
    assert_eq!(pdf(&paper(blocks)), Err(PaperError::TooLong));
    let ragged = PaperBlock::Table {
        columns: Vec::new(),
        rows: vec![vec!["x".to_owned()]],
    };
    assert!(pdf(&paper(vec![ragged])).is_ok());
}

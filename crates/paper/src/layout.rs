//! Setting a document: from the top of a page to its bottom, then the next.

use krilla::{
    Data, Document,
    color::rgb,
    geom::Point,
    metadata::Metadata,
    page::PageSettings,
    paint::Fill,
    tagging::{Artifact, ArtifactType, ContentTag, SpanTag},
    text::{Font, TextDirection},
};

use crate::{
    Paper, PaperBlock, PaperError,
    measure::{BOLD, FONT, Measure},
    tags::{Parts, Piece},
};

// Points, on A4.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const MARGIN: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 70.0;
const FOOTER: f32 = HEIGHT - 36.0;
const LABEL_WIDTH: f32 = 130.0;
const GAP: f32 = 10.0;

const TITLE: f32 = 18.0;
const HEADING: f32 = 12.5;
const TEXT: f32 = 9.5;
const SMALL: f32 = 8.0;
/// From one line to the next, in sizes of the text.
const LEADING: f32 = 1.4;

const BLACK: (u8, u8, u8) = (28, 27, 25);
const GREY: (u8, u8, u8) = (85, 82, 76);

/// How text looks.
#[derive(Clone, Copy)]
struct Style {
    size: f32,
    colour: (u8, u8, u8),
    is_bold: bool,
}

const fn plain(size: f32, colour: (u8, u8, u8)) -> Style {
    Style {
        size,
        colour,
        is_bold: false,
    }
}

const fn bold(size: f32) -> Style {
    Style {
        size,
        colour: BLACK,
        is_bold: true,
    }
}

/// A line of text at its place on a page.
struct Run {
    x: f32,
    y: f32,
    style: Style,
    text: String,
    /// What it is a line of; `None` for what is not read: page numbers, a head that is repeated.
    piece: Option<Piece>,
}

/// A cell: its text, its width, its look, and what it is.
type Cell<'a> = (&'a str, f32, Style, Option<Piece>);

/// The pages, while they fill.
struct Pages {
    measure: Measure,
    bold: Measure,
    parts: Parts,
    pages: Vec<Vec<Run>>,
    y: f32,
}

pub(crate) fn write(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let mut pages = Pages {
        measure: Measure::new(FONT)?,
        bold: Measure::new(BOLD)?,
        parts: Parts::default(),
        pages: vec![Vec::new()],
        y: MARGIN,
    };
    let whole = WIDTH - 2.0 * MARGIN;
    let title = pages.parts.heading(1, &paper.title);
    pages.paragraph(&paper.title, bold(TITLE), title);
    pages.y += GAP;
    for block in &paper.blocks {
        match block {
            PaperBlock::Heading { text } => {
                pages.y += GAP;
                // A heading does not stand alone at the end of a page.
                pages.room(HEADING * LEADING + 3.0 * TEXT * LEADING);
                let heading = pages.parts.heading(2, text);
                pages.paragraph(text, bold(HEADING), heading);
                pages.y += GAP / 3.0;
            }
            PaperBlock::Text { text } => {
                let [piece] = pages.parts.text();
                pages.paragraph(text, plain(TEXT, BLACK), piece);
                pages.y += GAP / 2.0;
            }
            PaperBlock::Line { label, text } => {
                let value = whole - LABEL_WIDTH - GAP;
                let [what, says] = pages.parts.text();
                pages.row(&[
                    (label, LABEL_WIDTH, plain(TEXT, GREY), Some(what)),
                    (text, value, plain(TEXT, BLACK), Some(says)),
                ]);
                pages.y += GAP / 3.0;
            }
            PaperBlock::Table { columns, rows } => pages.table(columns, rows, whole),
        }
    }
    pages.finish(paper)
}

impl Pages {
    /// Begins a new page if there is not so much room on this one; whether it did.
    fn room(&mut self, height: f32) -> bool {
        let is_full = self.y + height > BOTTOM;
        if is_full {
            self.pages.push(Vec::new());
            self.y = MARGIN;
        }
        is_full
    }

    fn put(&mut self, x: f32, style: Style, text: String, piece: Option<Piece>) {
        let y = self.y;
        if let Some(page) = self.pages.last_mut()
            && !text.is_empty()
        {
            let run = Run {
                x,
                y,
                style,
                text,
                piece,
            };
            page.push(run);
        }
    }

    /// A text as lines, see [`Measure::lines`].
    fn lines(&self, text: &str, style: Style, width: f32) -> Vec<String> {
        let measure = if style.is_bold {
            &self.bold
        } else {
            &self.measure
        };
        measure.lines(text, style.size, width)
    }

    fn paragraph(&mut self, text: &str, style: Style, piece: Piece) {
        for line in self.lines(text, style, WIDTH - 2.0 * MARGIN) {
            self.room(style.size * LEADING);
            self.y += style.size * LEADING;
            self.put(MARGIN, style, line, Some(piece));
        }
    }

    /// Cells side by side, all of one size. A row that does not fit any more goes on on the next
    /// page, line by line.
    fn row(&mut self, cells: &[Cell<'_>]) {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .map(|(text, width, style, _)| self.lines(text, *style, *width))
            .collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or_default();
        let size = cells.first().map_or(TEXT, |(_, _, style, _)| style.size);
        for at in 0..height {
            self.room(size * LEADING);
            self.y += size * LEADING;
            let mut x = MARGIN;
            for ((_, width, style, piece), lines) in cells.iter().zip(&lines) {
                if let Some(line) = lines.get(at) {
                    self.put(x, *style, line.clone(), *piece);
                }
                x += width + GAP;
            }
        }
    }

    /// How high such a row is.
    fn height(&self, cells: &[Cell<'_>]) -> f32 {
        let lines = cells
            .iter()
            .map(|(text, width, style, _)| self.lines(text, *style, *width).len());
        #[allow(clippy::cast_precision_loss, reason = "a page has few lines")]
        let lines = lines.max().unwrap_or_default() as f32;
        lines * cells.first().map_or(TEXT, |(_, _, style, _)| style.size) * LEADING
    }

    fn table(&mut self, columns: &[String], rows: &[Vec<String>], whole: f32) {
        if columns.is_empty() {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "a table has few columns")]
        let count = columns.len() as f32;
        let width = (whole - GAP * (count - 1.0)) / count;
        let mut header: Vec<Cell<'_>> = columns
            .iter()
            .zip(self.parts.table(columns.len()))
            .map(|(text, piece)| (text.as_str(), width, bold(SMALL), Some(piece)))
            .collect();
        self.room(3.0 * TEXT * LEADING);
        self.row(&header);
        self.y += GAP / 3.0;
        // Where it is repeated it is there for the eye alone.
        for (_, _, _, piece) in &mut header {
            *piece = None;
        }
        for row in rows {
            let row = row.get(..columns.len()).unwrap_or(row);
            let cells: Vec<Cell<'_>> = row
                .iter()
                .zip(self.parts.row(row.len()))
                .map(|(text, piece)| (text.as_str(), width, plain(SMALL, BLACK), Some(piece)))
                .collect();
            // Only a row that no page has room for is broken.
            if self.room(self.height(&cells).min(BOTTOM - 2.0 * MARGIN)) {
                self.row(&header);
                self.y += GAP / 3.0;
            }
            self.row(&cells);
            self.y += GAP / 3.0;
        }
    }

    fn finish(mut self, paper: &Paper) -> Result<Vec<u8>, PaperError> {
        let font = |bytes| Font::new(Data::from(bytes), 0).ok_or(PaperError::Failed);
        let (upright, bold) = (font(FONT)?, font(BOLD)?);
        let mut document = Document::new();
        let metadata = Metadata::new()
            .title(paper.title.clone())
            .language(paper.language.clone())
            .creator("Tessera".to_owned());
        document.set_metadata(metadata);
        let count = self.pages.len();
        for (number, runs) in (1..).zip(std::mem::take(&mut self.pages)) {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(PaperError::Failed)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            let footer = Run {
                x: MARGIN,
                y: FOOTER,
                style: plain(SMALL, GREY),
                text: format!("{number} / {count}"),
                piece: None,
            };
            for run in runs.into_iter().chain([footer]) {
                let (red, green, blue) = run.style.colour;
                surface.set_fill(Some(Fill {
                    paint: rgb::Color::new(red, green, blue).into(),
                    ..Fill::default()
                }));
                let tag = match run.piece {
                    Some(_) => ContentTag::Span(SpanTag::empty()),
                    None => {
                        ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther))
                    }
                };
                let line = surface.start_tagged(tag);
                let font = if run.style.is_bold { &bold } else { &upright };
                surface.draw_text(
                    Point::from_xy(run.x, run.y),
                    font.clone(),
                    run.style.size,
                    &run.text,
                    false,
                    TextDirection::Auto,
                );
                surface.end_tagged();
                if let Some(piece) = run.piece {
                    self.parts.line(piece, line);
                }
            }
            surface.finish();
            page.finish();
        }
        document.set_tag_tree(self.parts.tree(&paper.language));
        document.finish().map_err(|_| PaperError::Failed)
    }
}

//! Setting a document: from the top of a page to its bottom, then the next.

use krilla::{
    Data, Document,
    color::rgb,
    geom::Point,
    metadata::Metadata,
    page::PageSettings,
    paint::Fill,
    text::{Font, TextDirection},
};

use crate::{
    Paper, PaperBlock, PaperError,
    measure::{FONT, Measure},
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

/// A line of text at its place on a page.
struct Run {
    x: f32,
    y: f32,
    size: f32,
    colour: (u8, u8, u8),
    text: String,
}

/// The pages, while they fill.
struct Pages {
    measure: Measure,
    pages: Vec<Vec<Run>>,
    y: f32,
}

pub(crate) fn write(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let mut pages = Pages {
        measure: Measure::new()?,
        pages: vec![Vec::new()],
        y: MARGIN,
    };
    let whole = WIDTH - 2.0 * MARGIN;
    pages.paragraph(&paper.title, TITLE, BLACK);
    pages.y += GAP;
    for block in &paper.blocks {
        match block {
            PaperBlock::Heading { text } => {
                pages.y += GAP;
                // A heading does not stand alone at the end of a page.
                pages.room(HEADING * LEADING + 3.0 * TEXT * LEADING);
                pages.paragraph(text, HEADING, BLACK);
                pages.y += GAP / 3.0;
            }
            PaperBlock::Text { text } => {
                pages.paragraph(text, TEXT, BLACK);
                pages.y += GAP / 2.0;
            }
            PaperBlock::Line { label, text } => {
                let value = whole - LABEL_WIDTH - GAP;
                let cells = [(label, LABEL_WIDTH, GREY), (text, value, BLACK)];
                pages.row(&cells, TEXT);
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

    fn put(&mut self, x: f32, y: f32, size: f32, colour: (u8, u8, u8), text: String) {
        if let Some(page) = self.pages.last_mut()
            && !text.is_empty()
        {
            let run = Run {
                x,
                y,
                size,
                colour,
                text,
            };
            page.push(run);
        }
    }

    fn paragraph(&mut self, text: &str, size: f32, colour: (u8, u8, u8)) {
        for line in self.measure.lines(text, size, WIDTH - 2.0 * MARGIN) {
            self.room(size * LEADING);
            self.y += size * LEADING;
            self.put(MARGIN, self.y, size, colour, line);
        }
    }

    /// Cells side by side, each a text, its width and its colour. A row that does not fit any more
    /// goes on on the next page, line by line.
    fn row(&mut self, cells: &[(impl AsRef<str>, f32, (u8, u8, u8))], size: f32) {
        let lines: Vec<Vec<String>> = cells
            .iter()
            .map(|(text, width, _)| self.measure.lines(text.as_ref(), size, *width))
            .collect();
        let height = lines.iter().map(Vec::len).max().unwrap_or_default();
        for at in 0..height {
            self.room(size * LEADING);
            self.y += size * LEADING;
            let mut x = MARGIN;
            for ((_, width, colour), lines) in cells.iter().zip(&lines) {
                if let Some(line) = lines.get(at) {
                    self.put(x, self.y, size, *colour, line.clone());
                }
                x += width + GAP;
            }
        }
    }

    /// How high such a row is.
    fn height(&self, cells: &[(impl AsRef<str>, f32, (u8, u8, u8))], size: f32) -> f32 {
        let lines = cells
            .iter()
            .map(|(text, width, _)| self.measure.lines(text.as_ref(), size, *width).len());
        #[allow(clippy::cast_precision_loss, reason = "a page has few lines")]
        let lines = lines.max().unwrap_or_default() as f32;
        lines * size * LEADING
    }

    fn table(&mut self, columns: &[String], rows: &[Vec<String>], whole: f32) {
        if columns.is_empty() {
            return;
        }
        #[allow(clippy::cast_precision_loss, reason = "a table has few columns")]
        let count = columns.len() as f32;
        let width = (whole - GAP * (count - 1.0)) / count;
        let header: Vec<_> = columns.iter().map(|text| (text, width, GREY)).collect();
        self.room(3.0 * TEXT * LEADING);
        self.row(&header, SMALL);
        self.y += GAP / 3.0;
        for row in rows {
            let cells: Vec<_> = row
                .iter()
                .take(columns.len())
                .map(|text| (text, width, BLACK))
                .collect();
            // Only a row that no page has room for is broken.
            if self.room(self.height(&cells, SMALL).min(BOTTOM - 2.0 * MARGIN)) {
                self.row(&header, SMALL);
                self.y += GAP / 3.0;
            }
            self.row(&cells, SMALL);
            self.y += GAP / 3.0;
        }
    }

    fn finish(self, paper: &Paper) -> Result<Vec<u8>, PaperError> {
        let font = Font::new(Data::from(FONT), 0).ok_or(PaperError::Failed)?;
        let mut document = Document::new();
        let metadata = Metadata::new()
            .title(paper.title.clone())
            .language(paper.language.clone())
            .creator("Tessera".to_owned());
        document.set_metadata(metadata);
        let count = self.pages.len();
        for (number, runs) in (1..).zip(self.pages) {
            let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(PaperError::Failed)?;
            let mut page = document.start_page_with(settings);
            let mut surface = page.surface();
            let footer = Run {
                x: MARGIN,
                y: FOOTER,
                size: SMALL,
                colour: GREY,
                text: format!("{number} / {count}"),
            };
            for run in runs.into_iter().chain([footer]) {
                let (red, green, blue) = run.colour;
                surface.set_fill(Some(Fill {
                    paint: rgb::Color::new(red, green, blue).into(),
                    ..Fill::default()
                }));
                surface.draw_text(
                    Point::from_xy(run.x, run.y),
                    font.clone(),
                    run.size,
                    &run.text,
                    false,
                    TextDirection::Auto,
                );
            }
            surface.finish();
            page.finish();
        }
        document.finish().map_err(|_| PaperError::Failed)
    }
}

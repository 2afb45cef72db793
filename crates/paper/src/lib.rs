//! Documents to print and to keep: headings, labelled lines and tables in, a PDF out.
//!
//! The text stays text: it can be searched, copied and read aloud, and headings, paragraphs and tables
//! say that they are ones (tagged PDF). Whoever makes a [`Paper`] chooses the words, so this crate
//! speaks no language. Its font, DejaVu Sans, upright and bold (`fonts/`, with its licence), covers
//! Latin, Greek and Cyrillic; a letter that it lacks is shown as `�`.

mod layout;
mod measure;
mod tags;

use serde::Deserialize;
use ts_rs::TS;

/// Most blocks, lines of tables included, that one document has.
pub const MAX_BLOCKS: usize = 20_000;
/// Longest text of a document, in bytes.
pub const MAX_TEXT: usize = 4 * 1024 * 1024;

/// A document: what stands on it, from top to bottom.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct Paper {
    /// The language of the words, as a BCP 47 tag: `en`, `de`.
    pub language: String,
    /// The title: on the first page, and in the window of whoever opens it.
    pub title: String,
    /// What stands below.
    pub blocks: Vec<PaperBlock>,
}

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, TS)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum PaperBlock {
    /// A heading.
    Heading {
        /// Its words.
        text: String,
    },
    /// A paragraph. Line breaks stay.
    Text {
        /// Its words.
        text: String,
    },
    /// What something is, and what it says.
    Line {
        /// What it is.
        label: String,
        /// What it says. Line breaks stay.
        text: String,
    },
    /// A table.
    Table {
        /// What stands above the columns.
        columns: Vec<String>,
        /// The rows, with a cell for each column.
        rows: Vec<Vec<String>>,
    },
}

/// Why there is no PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// There is more on it than one document has.
    #[error("the document is too long")]
    TooLong,
    /// A mistake of this program.
    #[error("the document can't be made")]
    Failed,
}

impl PaperError {
    /// The code of the sentence a person reads.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "error.tessera.paper.tooLong",
            Self::Failed => "error.tessera.paper.failed",
        }
    }
}

/// The document as a PDF, on A4.
///
/// # Errors
///
/// [`PaperError::TooLong`] beyond [`MAX_BLOCKS`] or [`MAX_TEXT`].
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, PaperError> {
    let (mut blocks, mut bytes) = (0, paper.title.len());
    for block in &paper.blocks {
        blocks += 1;
        match block {
            PaperBlock::Heading { text } | PaperBlock::Text { text } => bytes += text.len(),
            PaperBlock::Line { label, text } => bytes += label.len() + text.len(),
            PaperBlock::Table { columns, rows } => {
                blocks += rows.len();
                let cells = rows.iter().flatten().chain(columns);
                bytes += cells.map(String::len).sum::<usize>();
            }
        }
    }
    if blocks > MAX_BLOCKS || bytes > MAX_TEXT {
        return Err(PaperError::TooLong);
    }
    layout::write(paper)
}

//! What a document's parts are: written beside its text, so that a reader for the blind says
//! “heading” and “table”, and reads cells in their order.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// A piece of text as it is read: a paragraph, a cell. The lines of one piece may stand on several
/// pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece(usize);

/// A part of the document, made of pieces.
enum Part {
    Heading(NonZeroU16, String, Piece),
    /// A paragraph; a labelled line is one, its label first.
    Text(Vec<Piece>),
    Table {
        head: Vec<Piece>,
        rows: Vec<Vec<Piece>>,
    },
}

/// The parts, in the order in which they are read.
#[derive(Default)]
pub(crate) struct Parts {
    parts: Vec<Part>,
    /// For each piece where its lines are.
    lines: Vec<Vec<Identifier>>,
}

impl Parts {
    /// A new piece.
    pub fn piece(&mut self) -> Piece {
        self.lines.push(Vec::new());
        Piece(self.lines.len() - 1)
    }

    /// A heading; the title has level 1.
    pub fn heading(&mut self, level: u16, text: &str) -> Piece {
        let piece = self.piece();
        let level = NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
        self.parts
            .push(Part::Heading(level, text.to_owned(), piece));
        piece
    }

    /// A paragraph of so many pieces.
    pub fn text<const COUNT: usize>(&mut self) -> [Piece; COUNT] {
        let pieces = std::array::from_fn(|_| self.piece());
        self.parts.push(Part::Text(pieces.to_vec()));
        pieces
    }

    /// A table; the pieces of its head.
    pub fn table(&mut self, columns: usize) -> Vec<Piece> {
        let head: Vec<Piece> = (0..columns).map(|_| self.piece()).collect();
        let rows = Vec::new();
        self.parts.push(Part::Table {
            head: head.clone(),
            rows,
        });
        head
    }

    /// One more row of the table that was begun last.
    pub fn row(&mut self, cells: usize) -> Vec<Piece> {
        let row: Vec<Piece> = (0..cells).map(|_| self.piece()).collect();
        if let Some(Part::Table { rows, .. }) = self.parts.last_mut() {
            rows.push(row.clone());
        }
        row
    }

    /// Remembers where a line of a piece is.
    pub fn line(&mut self, piece: Piece, line: Identifier) {
        if let Some(lines) = self.lines.get_mut(piece.0) {
            lines.push(line);
        }
    }

    /// The tree of all parts.
    pub fn tree(mut self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for part in std::mem::take(&mut self.parts) {
            tree.push(match part {
                Part::Heading(level, text, piece) => {
                    self.group(Tag::Hn(level, Some(text)), &[piece])
                }
                Part::Text(pieces) => self.group(Tag::P, &pieces),
                Part::Table { head, rows } => {
                    let mut cells = TagGroup::new(Tag::TR);
                    for piece in head {
                        cells.push(self.group(Tag::TH(TableHeaderScope::Column), &[piece]));
                    }
                    let mut above = TagGroup::new(Tag::THead);
                    above.push(cells);
                    let mut body = TagGroup::new(Tag::TBody);
                    for row in rows {
                        let mut cells = TagGroup::new(Tag::TR);
                        for piece in row {
                            cells.push(self.group(Tag::TD, &[piece]));
                        }
                        body.push(cells);
                    }
                    let mut table = TagGroup::new(Tag::Table);
                    table.push(above);
                    table.push(body);
                    table
                }
            });
        }
        tree
    }

    fn group(&mut self, tag: impl Into<TagKind>, pieces: &[Piece]) -> TagGroup {
        let mut group = TagGroup::new(tag);
        for piece in pieces {
            let lines = self.lines.get_mut(piece.0).map(std::mem::take);
            for line in lines.unwrap_or_default() {
                group.push(line);
            }
        }
        group
    }
}

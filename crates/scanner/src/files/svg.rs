//! SVG drawings. No text is drawn, no file and no address followed; pictures inside are bounded.

use std::{
    collections::HashMap,
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use image::ImageReader;
use resvg::{
    tiny_skia::{Color, Pixmap, Transform},
    usvg::{ImageHrefResolver, ImageKind, Options, Tree, roxmltree},
};
use roxmltree::{Document, Node, ParsingOptions};

use super::worker::Worker;
use crate::{LumaPicture, ScanError, frame::brightness};

/// How many elements a drawing may have, those that are drawn again counted again.
const MAX_ELEMENTS: usize = 200_000;
/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 200;
/// How long a chain of things drawn again may be.
const MAX_CHAIN: usize = 16;
/// The pixels of all the pictures inside a drawing.
const MAX_INNER_PIXELS: u64 = 16_000_000;
/// The longer side, in pixels, of what is painted.
const LONG_SIDE: f32 = 2000.0;

/// The drawing on white paper.
pub(super) fn paint(bytes: &[u8]) -> Result<LumaPicture, ScanError> {
    let text = std::str::from_utf8(bytes).map_err(|_| ScanError::BrokenPicture)?;
    let text = text.to_owned();
    Worker::start(move |desk| {
        desk.hand_out(painted(&text)?);
        Ok(())
    })?
    .next()
}

fn painted(text: &str) -> Result<LumaPicture, ScanError> {
    let limits = ParsingOptions {
        // Old drawings begin with a document type; how far entities go is bounded by the parser.
        allow_dtd: true,
        nodes_limit: u32::try_from(MAX_ELEMENTS).unwrap_or(u32::MAX),
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, limits).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => ScanError::TooMuchWork,
        _ => ScanError::BrokenPicture,
    })?;
    Weights::of(&document).ok_or(ScanError::TooMuchWork)?;
    let options = Options {
        image_href_resolver: inner_pictures(),
        ..Options::default()
    };
    let tree = Tree::from_xmltree(&document, &options).map_err(|_| ScanError::BrokenPicture)?;
    let size = tree.size();
    let scale = LONG_SIDE / size.width().max(size.height());
    let side = |length: f32| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most LONG_SIDE"
        )]
        let pixels = (length * scale).ceil() as u32;
        pixels.max(1)
    };
    let (width, height) = (side(size.width()), side(size.height()));
    let mut pixmap = Pixmap::new(width, height).ok_or(ScanError::BrokenPicture)?;
    pixmap.fill(Color::WHITE);
    let scaled = Transform::from_scale(scale, scale);
    resvg::render(&tree, scaled, &mut pixmap.as_mut());
    let luma = pixmap.pixels().iter();
    let luma = luma.map(|pixel| brightness([pixel.red(), pixel.green(), pixel.blue()]));
    LumaPicture::new(width, height, luma.collect()).map_err(|_| ScanError::BrokenPicture)
}

/// Pictures that a drawing holds itself, as long as they are not too large together. Drawings in
/// drawings are left out.
fn inner_pictures() -> ImageHrefResolver<'static> {
    let pixels = AtomicU64::new(0);
    ImageHrefResolver {
        resolve_data: Box::new(move |_, data: Arc<Vec<u8>>, _| {
            let reader = ImageReader::new(Cursor::new(data.as_slice()));
            let reader = reader.with_guessed_format().ok()?;
            let format = reader.format()?;
            let (width, height) = reader.into_dimensions().ok()?;
            let more = u64::from(width) * u64::from(height);
            if pixels.fetch_add(more, Ordering::Relaxed) + more > MAX_INNER_PIXELS {
                return None;
            }
            match format {
                image::ImageFormat::Gif => Some(ImageKind::GIF(data)),
                image::ImageFormat::Jpeg => Some(ImageKind::JPEG(data)),
                image::ImageFormat::Png => Some(ImageKind::PNG(data)),
                image::ImageFormat::WebP => Some(ImageKind::WEBP(data)),
                _ => None,
            }
        }),
        resolve_string: Box::new(|_, _| None),
    }
}

/// How many elements are drawn, where some are drawn again and again: a few lines can say a billion.
struct Weights<'a> {
    by_id: HashMap<&'a str, Node<'a, 'a>>,
    known: HashMap<&'a str, usize>,
}

impl<'a> Weights<'a> {
    /// `None` when it is more than may be.
    fn of(document: &'a Document<'a>) -> Option<()> {
        let elements = document.descendants().filter(Node::is_element);
        let mut weights = Self {
            by_id: HashMap::new(),
            known: HashMap::new(),
        };
        let mut depths: HashMap<roxmltree::NodeId, usize> = HashMap::new();
        for element in elements.clone() {
            let parent = element.parent().map(|parent| parent.id());
            let depth = parent
                .and_then(|id| depths.get(&id))
                .map_or(0, |depth| depth + 1);
            if depth > MAX_DEPTH {
                return None;
            }
            depths.insert(element.id(), depth);
            if let Some(id) = element.attribute("id") {
                weights.by_id.insert(id, element);
            }
        }
        let mut total = weights.below(document.root_element(), 0)?;
        // A style can hang something on every element.
        let styles = elements
            .clone()
            .filter(|element| element.has_tag_name("style"));
        for text in styles.filter_map(|element| element.text()) {
            for id in references(text) {
                let each = weights.target(id, 0)?;
                total = total.checked_add(each.checked_mul(depths.len())?)?;
            }
        }
        (total <= MAX_ELEMENTS).then_some(())
    }

    /// The elements drawn for a part of the document.
    fn below(&mut self, node: Node<'a, 'a>, chain: usize) -> Option<usize> {
        let mut total = 0_usize;
        for element in node.descendants().filter(Node::is_element) {
            total += 1;
            for attribute in element.attributes() {
                for id in references(attribute.value()) {
                    total = total.checked_add(self.target(id, chain)?)?;
                }
            }
            if total > MAX_ELEMENTS {
                return None;
            }
        }
        Some(total)
    }

    fn target(&mut self, id: &'a str, chain: usize) -> Option<usize> {
        if let Some(known) = self.known.get(id) {
            return Some(*known);
        }
        let Some(node) = self.by_id.get(id).copied() else {
            return Some(0);
        };
        if chain == MAX_CHAIN {
            return None;
        }
        // What refers to itself is not drawn.
        self.known.insert(id, 0);
        let weight = self.below(node, chain + 1)?;
        self.known.insert(id, weight);
        Some(weight)
    }
}

/// The ids in `#id` and `url(#id)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split('#').skip(1).map(|rest| {
        let ends = |c: char| matches!(c, ')' | '"' | '\'') || c.is_whitespace();
        rest.split(ends).next().unwrap_or(rest)
    })
}

//! One look at a picture in black and white: finder patterns, then the codes between three of them.

use rxing::{
    Point,
    common::{DetectorRXingResult, cpp_essentials::ConcentricPattern},
    qrcode::cpp_port::{
        decoder::Decode,
        detector::{FinderPatternSet, GenerateFinderPatternSets, SampleQR},
    },
};

use super::{DecodedCode, bits::Bits, finders};
use crate::guard::guarded;

/// How much is tried at most.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Every how many rows finder patterns are looked for.
    pub(super) step: usize,
    /// Places that are tried as one.
    pub(super) crossings: usize,
    /// Finder patterns.
    pub(super) finders: usize,
    /// Sets of three of them that are read.
    pub(super) tries: usize,
}

/// A place in a picture.
pub(super) type Spot = (f32, f32);

/// What was read.
pub(super) struct Read {
    pub(super) text: String,
    /// Top left, top right, bottom right, bottom left.
    pub(super) corners: [Spot; 4],
}

/// A place where there seems to be a code, which was not read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hint {
    /// Corners as those of a code.
    pub(super) corners: [Spot; 4],
    /// The side of a module in pixels.
    pub(super) module: f32,
}

/// What one look saw.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) codes: Vec<Read>,
    /// Most plausible first.
    pub(super) hints: Vec<Hint>,
    /// How many sets of finder patterns were tried.
    pub(super) tries: usize,
}

const MAX_HINTS: usize = 8;

impl Hint {
    /// Whether two hints mean the same place.
    pub(super) fn is_same_as(&self, other: &Self) -> bool {
        let apart = |at: usize| {
            let (a, b) = (self.corners[at], other.corners[at]);
            (a.0 - b.0).hypot(a.1 - b.1)
        };
        apart(0) + apart(2) < 8.0 * other.module
    }

    /// Whether a code that was read lies there.
    pub(super) fn is_around(&self, code: &DecodedCode) -> bool {
        let middle = |values: [f32; 4]| values.iter().sum::<f32>() / 4.0;
        #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
        let code = (
            middle(code.corners.map(|corner| corner.x as f32)),
            middle(code.corners.map(|corner| corner.y as f32)),
        );
        let here = (
            middle(self.corners.map(|spot| spot.0)),
            middle(self.corners.map(|spot| spot.1)),
        );
        let (a, c) = (self.corners[0], self.corners[2]);
        (code.0 - here.0).hypot(code.1 - here.1) < (a.0 - c.0).hypot(a.1 - c.1) / 2.0
    }
}

/// Looks once.
pub(super) fn look(bits: &Bits, bounds: Bounds) -> Seen {
    guarded(|| look_unguarded(bits, bounds)).unwrap_or_default()
}

fn look_unguarded(bits: &Bits, bounds: Bounds) -> Seen {
    let mut seen = Seen::default();
    let Some(matrix) = bits.to_matrix() else {
        return seen;
    };
    let mut patterns = finders::find(bits, &matrix, bounds);
    let mut used: Vec<ConcentricPattern> = Vec::new();
    for set in GenerateFinderPatternSets(&mut patterns) {
        if [set.tl, set.tr, set.bl]
            .iter()
            .any(|one| used.contains(one))
        {
            continue;
        }
        if seen.tries == bounds.tries {
            break;
        }
        seen.tries += 1;
        if let Some(code) = guarded(|| read_between(&matrix, &set)).flatten() {
            used.extend([set.tl, set.tr, set.bl]);
            seen.codes.push(code);
        } else {
            add_hint(&mut seen.hints, &set);
        }
    }
    seen
}

fn read_between(matrix: &rxing::common::BitMatrix, set: &FinderPatternSet) -> Option<Read> {
    let sampled = SampleQR(matrix, set).ok()?;
    let decoded = Decode(sampled.getBits()).ok()?;
    if !decoded.isValid() {
        return None;
    }
    let bytes = decoded.content().bytes();
    let text = match std::str::from_utf8(bytes) {
        Ok(text) if !decoded.content().has_eci => text.to_owned(),
        _ => decoded.text(),
    };
    let [tl, tr, bl, br] = *sampled.getPoints() else {
        return None;
    };
    Some(Read {
        text,
        corners: [tl, tr, br, bl].map(|point| (point.x, point.y)),
    })
}

fn add_hint(hints: &mut Vec<Hint>, set: &FinderPatternSet) {
    if hints.len() == MAX_HINTS {
        return;
    }
    let (tl, tr, bl) = (set.tl.p, set.tr.p, set.bl.p);
    #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
    let size = (set.tl.size + set.tr.size + set.bl.size) as f32 / 3.0;
    let module = (size / 7.0).max(0.5);
    let middle = (tr + bl) / 2.0;
    let is_known = hints.iter().any(|hint| {
        let [a, _, c, _] = hint.corners;
        let other = Point::new((a.0 + c.0) / 2.0, (a.1 + c.1) / 2.0);
        Point::distance(other, middle) < size
    });
    if is_known {
        return;
    }
    // From the middles of the finder patterns to the corners.
    let modules = (Point::distance(tl, tr) + Point::distance(tl, bl)) / 2.0 / module;
    let out = 3.5 / modules.max(7.0);
    let (right, down) = ((tr - tl) * out, (bl - tl) * out);
    let br = tr + bl - tl;
    let corners = [
        tl - right - down,
        tr + right - down,
        br + right + down,
        bl - right + down,
    ];
    hints.push(Hint {
        corners: corners.map(|point| (point.x, point.y)),
        module,
    });
}

//! Where the corners of QR codes seem to be.
//!
//! A picture can consist of corners: what is found is bounded, and what is tried on the way too.

use rxing::{
    Point,
    common::{
        BitMatrix,
        cpp_essentials::{ConcentricPattern, LocateConcentricPattern},
    },
};

use super::{bits::Bits, look::Bounds};

/// The finder patterns of a picture, as many as `bounds` allow.
pub(super) fn find(bits: &Bits, matrix: &BitMatrix, bounds: Bounds) -> Vec<ConcentricPattern> {
    let mut found: Vec<ConcentricPattern> = Vec::new();
    let mut tried = 0;
    let mut ends = Vec::new();
    // Every other row first: what is large is found also where there is too much to try.
    let step = bounds.step;
    let rows = |first: usize| (first..bits.height()).step_by(2 * step);
    for y in rows(step - 1).chain(rows(2 * step - 1)) {
        bits.ends(y, &mut ends);
        // Black runs are those from an even end to the next odd one.
        for at in (0..ends.len().saturating_sub(5)).step_by(2) {
            let run = |number: usize| ends[at + number + 1] - ends[at + number];
            let runs = [run(0), run(1), run(2), run(3), run(4)];
            if !is_crossed(runs) {
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "below 2^17")]
            let middle = Point::new(ends[at + 2] as f32 + runs[2] as f32 / 2.0, y as f32 + 0.5);
            let is_known = found.iter().any(|old| {
                #[expect(clippy::cast_precision_loss, reason = "below 2^17")]
                let radius = old.size as f32 / 2.0;
                Point::distance(middle, old.p) < radius
            });
            if is_known {
                continue;
            }
            tried += 1;
            if tried > bounds.crossings {
                return found;
            }
            // Three times the width: a slanted code is higher than wide.
            let range = i32::try_from(runs.iter().sum::<u32>() * 3).unwrap_or(i32::MAX);
            if let Some(finder) =
                LocateConcentricPattern::<true, 5, 7>(matrix, &[1, 1, 3, 1, 1], middle, range)
            {
                found.push(finder);
                if found.len() == bounds.finders {
                    return found;
                }
            }
        }
    }
    found
}

/// Whether runs of black, white, black, white, black have about the proportions 1:1:3:1:1. Black and
/// white are measured apart, because ink and light spread.
fn is_crossed(runs: [u32; 5]) -> bool {
    let [a, b, c, d, e] = runs;
    if c < 3 || c < 2 * a.max(e) || c < b.max(d) {
        return false;
    }
    // A module in 60ths: of black a fifth of the three runs, of white half of the two.
    let (black, white) = ((a + c + e) * 12, (b + d) * 30);
    if black.max(white) > 4 * black.min(white) {
        return false;
    }
    let (black_room, white_room) = (black * 3 / 4 + 30, white / 3 + 30);
    let is_near = |run: u32, wanted: u32, room: u32| (run * 60).abs_diff(wanted) <= room;
    is_near(a, black, black_room)
        && is_near(c, black * 3, black_room)
        && is_near(e, black, black_room)
        && is_near(b, white, white_room)
        && is_near(d, white, white_room)
}

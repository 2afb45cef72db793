//! Another decoder, rqrr: it fits its grid to the modules it sees, and reads some codes that the
//! first one misses.

use rqrr::PreparedImage;

use super::{
    bits::Bits,
    look::{Read, Seen, Spot},
    rings,
};
use crate::guard::guarded;

/// A picture with more corners than this is not looked at.
const MAX_CORNERS: usize = 12;

/// Looks once.
pub(super) fn look(bits: &Bits) -> Seen {
    guarded(|| look_unguarded(bits)).unwrap_or_default()
}

fn look_unguarded(bits: &Bits) -> Seen {
    let corners = rings::count(bits);
    let mut seen = Seen::default();
    if !(3..=MAX_CORNERS).contains(&corners) {
        return seen;
    }
    let (width, luma) = (bits.width(), bits.to_luma());
    let mut prepared =
        PreparedImage::prepare_from_bitmap(width, bits.height(), |x, y| luma[y * width + x] == 0);
    for grid in prepared.detect_grids() {
        let Ok((_, text)) = grid.decode() else {
            continue;
        };
        #[expect(clippy::cast_precision_loss, reason = "pixels of a picture")]
        let spot = |at: rqrr::Point| -> Spot { (at.x as f32, at.y as f32) };
        let corners = grid.bounds.map(spot);
        seen.codes.push(Read { text, corners });
    }
    seen
}

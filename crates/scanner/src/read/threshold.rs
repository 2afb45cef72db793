//! Which pixels are black.

use super::bits::Bits;
use crate::LumaPicture;

/// The side of a block whose brightnesses are looked at together.
const BLOCK: usize = 8;
/// A block whose brightnesses differ by less has no edge in it.
const FLAT: u8 = 24;

/// Black is what is darker than the blocks around, as ZXing decides it: fast, good at uneven light.
pub(super) fn by_blocks(picture: &LumaPicture) -> Bits {
    let (width, height) = (picture.width(), picture.height());
    let (columns, rows) = (width.div_ceil(BLOCK), height.div_ceil(BLOCK));
    let points = black_points(picture, columns, rows);
    let mut thresholds = vec![0_u8; columns];
    let mut limits = vec![0_u8; columns * BLOCK];
    let mut below = vec![0_u8; width];
    let mut last_block = usize::MAX;
    Bits::build(width, height, |y, words| {
        if y / BLOCK != last_block {
            last_block = y / BLOCK;
            smooth_points(&points, columns, rows, last_block, &mut thresholds);
            for (limits, threshold) in limits.chunks_exact_mut(BLOCK).zip(&thresholds) {
                limits.fill(*threshold);
            }
        }
        let row = &picture.pixels()[y * width..][..width];
        pack_below(row, &limits, &mut below, words);
    })
}

/// Sets the bits of the pixels that are not brighter than their limits.
fn pack_below(row: &[u8], limits: &[u8], below: &mut [u8], words: &mut [usize]) {
    for ((below, pixel), limit) in below.iter_mut().zip(row).zip(limits) {
        *below = u8::from(pixel <= limit);
    }
    Bits::pack(below, words);
}

/// The limit between black and white that each block would choose for itself.
fn black_points(picture: &LumaPicture, columns: usize, rows: usize) -> Vec<u8> {
    let (width, height) = (picture.width(), picture.height());
    let mut points = vec![0_u8; columns * rows];
    // Column by column first, which is done for many columns at once.
    let mut sums = vec![0_u16; width];
    let mut lows = vec![0_u8; width];
    let mut highs = vec![0_u8; width];
    let lines = BLOCK.min(height);
    for block_row in 0..rows {
        // The last blocks reach back into their neighbours rather than being smaller.
        let top = (block_row * BLOCK).min(height - lines);
        sums.fill(0);
        lows.fill(u8::MAX);
        highs.fill(0);
        for row in picture.pixels()[top * width..]
            .chunks_exact(width)
            .take(lines)
        {
            for (sum, pixel) in sums.iter_mut().zip(row) {
                *sum += u16::from(*pixel);
            }
            for (low, pixel) in lows.iter_mut().zip(row) {
                *low = (*low).min(*pixel);
            }
            for (high, pixel) in highs.iter_mut().zip(row) {
                *high = (*high).max(*pixel);
            }
        }
        let area = u32::try_from(lines * BLOCK.min(width)).unwrap_or(1);
        for column in 0..columns {
            let left = (column * BLOCK).min(width.saturating_sub(BLOCK));
            let block = left..(left + BLOCK).min(width);
            let low = lows[block.clone()].iter().fold(u8::MAX, |a, b| a.min(*b));
            let high = highs[block.clone()].iter().fold(0, |a, b| a.max(*b));
            let sum: u32 = sums[block].iter().map(|sum| u32::from(*sum)).sum();
            let mut point = (sum / area).to_le_bytes()[0];
            if high - low <= FLAT {
                // One colour only: white, unless the neighbours say that this were black there.
                point = low / 2;
                if block_row > 0 && column > 0 {
                    let at = |row: usize, column: usize| u16::from(points[row * columns + column]);
                    let around = (at(block_row - 1, column)
                        + 2 * at(block_row, column - 1)
                        + at(block_row - 1, column - 1))
                        / 4;
                    if u16::from(low) < around {
                        point = around.to_le_bytes()[0];
                    }
                }
            }
            points[block_row * columns + column] = point;
        }
    }
    points
}

/// The mean of the five times five blocks around each block of a row.
fn smooth_points(points: &[u8], columns: usize, rows: usize, row: usize, out: &mut [u8]) {
    let window = |at: usize, count: usize| {
        let first = at.saturating_sub(2).min(count.saturating_sub(5));
        first..(first + 5).min(count)
    };
    let (above, mut sums) = (window(row, rows), vec![0_u32; columns]);
    for row in above.clone() {
        for (sum, point) in sums.iter_mut().zip(&points[row * columns..][..columns]) {
            *sum += u32::from(*point);
        }
    }
    for (column, out) in out.iter_mut().enumerate() {
        let beside = window(column, columns);
        let count = u32::try_from(above.len() * beside.len()).unwrap_or(1);
        *out = (sums[beside].iter().sum::<u32>() / count).to_le_bytes()[0];
    }
}

/// Black is what is darker by `offset` than the mean of the square around, `radius` pixels to each
/// side.
pub(super) fn by_means(picture: &LumaPicture, radius: usize, offset: u8) -> Bits {
    let (width, height) = (picture.width(), picture.height());
    let means = picture.blurred(radius);
    let mut below = vec![0_u8; width];
    Bits::build(width, height, |y, words| {
        let at = y * width;
        let means = &means.pixels()[at..][..width];
        let row = &picture.pixels()[at..][..width];
        for ((below, pixel), mean) in below.iter_mut().zip(row).zip(means) {
            *below = u8::from(pixel.saturating_add(offset) < *mean);
        }
        Bits::pack(&below, words);
    })
}

//! Counting what looks like the corner of a QR code, before somebody takes it for one.
//!
//! rqrr tries all ways to put three corners together, with a copy of the picture for each. A picture
//! that consists of corners would keep it busy for minutes, so it does not get such ones.

use super::bits::Bits;

/// A horizontal run of pixels of one colour.
#[derive(Clone, Copy)]
struct Run {
    start: u32,
    end: u32,
    is_black: bool,
}

/// How many corners of codes there may be: areas of black that have another one inside of them,
/// somewhere crossed in the proportions 1:1:3:1:1. At least as many as the decoder finds.
pub(super) fn count(bits: &Bits) -> usize {
    let mut ends = Vec::new();
    let rows: Vec<Vec<Run>> = (0..bits.height())
        .map(|y| {
            bits.ends(y, &mut ends);
            runs(&ends)
        })
        .collect();
    let areas = Areas::of(&rows);
    let mut rings: Vec<usize> = Vec::new();
    for (y, row) in rows.iter().enumerate() {
        for (at, window) in row.windows(5).enumerate() {
            if !window[0].is_black || !is_crossed_corner(window) {
                continue;
            }
            let area = |offset: usize| areas.parent[areas.first_of_row[y] + at + offset];
            let (left, stone, right) = (area(0), area(2), area(4));
            if left == right && left != stone {
                rings.push(left);
            }
        }
    }
    rings.sort_unstable();
    rings.dedup();
    rings.len()
}

/// The runs between the places where the colour changes, the first of which is white.
fn runs(ends: &[u32]) -> Vec<Run> {
    let mut start = 0;
    let runs = ends.iter().enumerate().map(|(at, end)| Run {
        start: std::mem::replace(&mut start, *end),
        end: *end,
        is_black: at % 2 == 1,
    });
    runs.filter(|run| run.start < run.end).collect()
}

/// More generous than any decoder.
fn is_crossed_corner(runs: &[Run]) -> bool {
    let length = |at: usize| runs[at].end - runs[at].start;
    let unit = length(0) + length(1) + length(3) + length(4);
    // In quarters of a module: 0 to 2 modules for one, 2 to 4 for three.
    let is_one = |at: usize| length(at) * 4 <= unit * 2 + 4;
    let is_three = length(2) * 4 + 4 >= unit * 2 && length(2) * 4 <= unit * 4 + 4;
    is_three && [0, 1, 3, 4].into_iter().all(is_one)
}

/// Which runs belong together: the connected areas of black.
struct Areas {
    /// For each run another one of its area; in the end the same one for all of them.
    parent: Vec<usize>,
    /// The number of the first run of each row.
    first_of_row: Vec<usize>,
}

impl Areas {
    fn of(rows: &[Vec<Run>]) -> Self {
        let mut first_of_row = Vec::with_capacity(rows.len());
        let mut total = 0;
        for row in rows {
            first_of_row.push(total);
            total += row.len();
        }
        let mut areas = Self {
            parent: (0..total).collect(),
            first_of_row,
        };
        for (y, pair) in rows.windows(2).enumerate() {
            areas.join(y, &pair[0], &pair[1]);
        }
        // A parent comes before its children, so one pass brings everybody to the root.
        for at in 0..total {
            areas.parent[at] = areas.parent[areas.parent[at]];
        }
        areas
    }

    /// Joins the black runs of two rows that touch.
    fn join(&mut self, y: usize, upper: &[Run], lower: &[Run]) {
        let (mut a, mut b) = (0, 0);
        while let (Some(up), Some(low)) = (upper.get(a), lower.get(b)) {
            if up.is_black && low.is_black && up.start < low.end && low.start < up.end {
                let one = self.find(self.first_of_row[y] + a);
                let other = self.find(self.first_of_row[y + 1] + b);
                self.parent[one.max(other)] = one.min(other);
            }
            if up.end <= low.end {
                a += 1;
            } else {
                b += 1;
            }
        }
    }

    /// The root of an area, while areas are still joined. Shortens the way for the next one.
    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNER: [&str; 9] = [
        "         ",
        " ####### ",
        " #     # ",
        " # ### # ",
        " # ### # ",
        " # ### # ",
        " #     # ",
        " ####### ",
        "         ",
    ];

    fn bits(rows: &[String]) -> Bits {
        Bits::build(rows[0].len(), rows.len(), |y, words| {
            let row: Vec<u8> = rows[y].bytes().map(|byte| u8::from(byte == b'#')).collect();
            Bits::pack(&row, words);
        })
    }

    #[test]
    fn corners_are_counted() {
        for (across, down) in [(1, 1), (3, 1), (2, 5), (7, 4)] {
            let wide: Vec<String> = CORNER.iter().map(|row| row.repeat(across)).collect();
            let rows: Vec<String> = (0..down).flat_map(|_| wide.clone()).collect();
            assert_eq!(count(&bits(&rows)), across * down);
        }
    }

    #[test]
    fn what_is_not_a_ring_around_a_stone_is_no_corner() {
        // Bars in the right proportions, not connected; and one ring that is open to its stone.
        let bars = vec![" # # ### # # ".to_owned(); 9];
        assert_eq!(count(&bits(&bars)), 0);
        let mut open: Vec<String> = CORNER.iter().map(|row| (*row).to_owned()).collect();
        open[6] = " #  #  # ".to_owned();
        assert_eq!(count(&bits(&open)), 0);
    }
}

//! Pictures made easier to read.

use crate::LumaPicture;

/// The largest radius of a mean; larger sums would not fit.
const MAX_RADIUS: usize = 64;

/// A rectangle of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Area {
    pub(super) fn whole(picture: &LumaPicture) -> Self {
        Self {
            left: 0,
            top: 0,
            width: picture.width(),
            height: picture.height(),
        }
    }

    /// The middle, one `part`th of the picture's sides.
    pub(super) fn middle_of(picture: &LumaPicture, part: usize) -> Self {
        let (width, height) = (picture.width() / part, picture.height() / part);
        Self {
            left: (picture.width() - width) / 2,
            top: (picture.height() - height) / 2,
            width: width.max(1),
            height: height.max(1),
        }
    }

    pub(super) fn pixels(self) -> usize {
        self.width * self.height
    }
}

/// The Catmull-Rom weights, in 128ths, of the four pixels around a place that lies `part` of `of`
/// between the middle two.
fn weights(part: usize, of: usize) -> [i32; 4] {
    #[expect(clippy::cast_precision_loss, reason = "both are small")]
    let t = part as f32 / of as f32;
    let (t2, t3) = (t * t, t * t * t);
    let exact = [
        -0.5 * t3 + t2 - 0.5 * t,
        1.5 * t3 - 2.5 * t2 + 1.0,
        -1.5 * t3 + 2.0 * t2 + 0.5 * t,
        0.5 * t3 - 0.5 * t2,
    ];
    #[expect(clippy::cast_possible_truncation, reason = "between -128 and 128")]
    let mut whole = exact.map(|weight| (weight * 128.0).round() as i32);
    whole[1] += 128 - whole.iter().sum::<i32>();
    whole
}

/// The four source pixels and their weights for each pixel of an enlarged line. The line begins at
/// `first` of the source's `total` pixels, beyond which the outermost ones go on.
fn taps(
    first: usize,
    length: usize,
    total: usize,
    factor: usize,
) -> impl Iterator<Item = ([usize; 4], [i32; 4])> {
    // The middle of the new pixel `at` lies at (2 at + 1 - factor) / (2 factor) of the source.
    let phases: Vec<[i32; 4]> = (0..factor)
        .map(|at| weights((2 * at + 1 + factor) % (2 * factor), 2 * factor))
        .collect();
    (0..length * factor).map(move |at| {
        let after = first + (2 * at + 1 + factor) / (2 * factor);
        let places = [0, 1, 2, 3].map(|tap| (after + tap).saturating_sub(2).min(total - 1));
        (places, phases[at % factor])
    })
}

impl LumaPicture {
    /// A part of the picture, `factor` times as large, by cubic interpolation. The area must lie
    /// inside of the picture.
    pub(super) fn enlarged(&self, area: Area, factor: usize) -> Self {
        let factor = factor.max(1);
        let source = self.pixels();
        if factor == 1 {
            let rows = (area.top..area.top + area.height)
                .map(|y| &source[y * self.width() + area.left..][..area.width]);
            return Self::from_parts(area.width, area.height, rows.flatten().copied().collect());
        }
        let columns: Vec<_> = taps(area.left, area.width, self.width(), factor).collect();
        let width = columns.len();
        let rows = area.top.saturating_sub(2)..(area.top + area.height + 2).min(self.height());
        let mut wide = Vec::with_capacity(width * rows.len());
        for row in rows.clone() {
            let row = &source[row * self.width()..][..self.width()];
            wide.extend(columns.iter().map(|(at, weights)| {
                let pixel = |tap: usize| i32::from(row[at[tap]]) * weights[tap];
                rounded(pixel(0) + pixel(1) + pixel(2) + pixel(3))
            }));
        }
        let mut pixels = Vec::with_capacity(width * area.height * factor);
        for (at, weights) in taps(area.top, area.height, self.height(), factor) {
            let line = |tap: usize| &wide[(at[tap] - rows.start) * width..][..width];
            let (a, b, c, d) = (line(0), line(1), line(2), line(3));
            pixels.extend((0..width).map(|x| {
                rounded(
                    i32::from(a[x]) * weights[0]
                        + i32::from(b[x]) * weights[1]
                        + i32::from(c[x]) * weights[2]
                        + i32::from(d[x]) * weights[3],
                )
            }));
        }
        Self::from_parts(width, area.height * factor, pixels)
    }

    /// Each pixel the mean of itself twice and its neighbours, in both directions. Against noise.
    pub(super) fn softened(&self) -> Self {
        let (width, height) = (self.width(), self.height());
        let row = |y: usize| &self.pixels()[y * width..][..width];
        let mut sums = vec![0_u16; width];
        let mut pixels = vec![0; width * height];
        for (y, out) in pixels.chunks_exact_mut(width).enumerate() {
            let above = row(y.saturating_sub(1));
            let below = row((y + 1).min(height - 1));
            for (((sum, a), b), c) in sums.iter_mut().zip(above).zip(row(y)).zip(below) {
                *sum = u16::from(*a) + 2 * u16::from(*b) + u16::from(*c);
            }
            let mean = |a: u16, b: u16, c: u16| ((a + 2 * b + c) / 16).to_le_bytes()[0];
            if let [first, second, ..] = sums[..] {
                out[0] = mean(first, first, second);
                out[width - 1] = mean(sums[width - 2], sums[width - 1], sums[width - 1]);
                for (out, three) in out[1..].iter_mut().zip(sums.windows(3)) {
                    *out = mean(three[0], three[1], three[2]);
                }
            } else {
                out[0] = (sums[0] / 4).to_le_bytes()[0];
            }
        }
        Self::from_parts(width, height, pixels)
    }

    /// Each pixel the mean of the square around it, `radius` pixels to each side, at most
    /// [`MAX_RADIUS`].
    pub(super) fn blurred(&self, radius: usize) -> Self {
        let radius = radius.min(MAX_RADIUS);
        if radius == 0 {
            return self.clone();
        }
        let (width, height) = (self.width(), self.height());
        let span = u32::try_from(2 * radius + 1).unwrap_or(1);
        // Products in place of quotients, which take several times as long; rounded up, so that what
        // has one colour keeps it. The means of rows are in 16ths, so that little is lost to rounding.
        let sixteenths = |sum: u32| u16::try_from((sum * (1_u32 << 20).div_ceil(span)) >> 16);
        let mean = |sum: u32| ((sum * (1_u32 << 18).div_ceil(span)) >> 22).to_le_bytes()[0];
        let mut wide = vec![0; width + 2 * radius];
        let mut rows = vec![0_u16; width * height];
        for (row, out) in self
            .pixels()
            .chunks_exact(width)
            .zip(rows.chunks_exact_mut(width))
        {
            // With the outermost pixels again, beyond the ends.
            wide[..radius].fill(row[0]);
            wide[radius..][..width].copy_from_slice(row);
            wide[radius + width..].fill(row[width - 1]);
            let mut sum: u32 = wide[..2 * radius]
                .iter()
                .map(|pixel| u32::from(*pixel))
                .sum();
            for ((out, leave), enter) in out.iter_mut().zip(&wide).zip(&wide[2 * radius..]) {
                sum += u32::from(*enter);
                *out = sixteenths(sum).unwrap_or(u16::MAX);
                sum -= u32::from(*leave);
            }
        }
        let mut sums = vec![0_u32; width];
        let row_at = |y: usize| {
            let y = y.saturating_sub(radius).min(height - 1);
            &rows[y * width..][..width]
        };
        for y in 0..2 * radius + 1 {
            for (sum, value) in sums.iter_mut().zip(row_at(y)) {
                *sum += u32::from(*value);
            }
        }
        let mut pixels = Vec::with_capacity(width * height);
        for y in 0..height {
            pixels.extend(sums.iter().map(|sum| mean(*sum)));
            let (enter, leave) = (row_at(y + 2 * radius + 1), row_at(y));
            for ((sum, enter), leave) in sums.iter_mut().zip(enter).zip(leave) {
                *sum = *sum + u32::from(*enter) - u32::from(*leave);
            }
        }
        Self::from_parts(width, height, pixels)
    }

    /// What differs from the surroundings within `radius` differs more, by `quarters` of itself.
    pub(super) fn sharpened(&self, radius: usize, quarters: i32) -> Self {
        let soft = self.blurred(radius).blurred(radius);
        let pixels = self
            .pixels()
            .iter()
            .zip(soft.pixels())
            .map(|(pixel, soft)| {
                let (pixel, soft) = (i32::from(*pixel), i32::from(*soft));
                byte(pixel + (pixel - soft) * quarters / 4)
            })
            .collect();
        Self::from_parts(self.width(), self.height(), pixels)
    }

    /// What the picture would have been before it was blurred by so much, found step by step: what a
    /// guess, blurred in the same way, lacks is added to it.
    pub(super) fn restored(&self, radius: usize, steps: usize) -> Self {
        let mut guess = self.clone();
        for _ in 0..steps {
            let again = guess.blurred(radius).blurred(radius.div_ceil(2));
            let pixels = self.pixels().iter().zip(again.pixels()).zip(guess.pixels());
            let pixels = pixels.map(|((seen, again), guess)| {
                byte(i32::from(*guess) + i32::from(*seen) - i32::from(*again))
            });
            guess = Self::from_parts(self.width(), self.height(), pixels.collect());
        }
        guess
    }

    /// The darkest and the brightest of the surroundings become black and white; where they differ
    /// by less than `least`, they count as differing by so much. For faint codes.
    pub(super) fn stretched(&self, block: usize, least: u8) -> Self {
        let (width, height) = (self.width(), self.height());
        let (columns, rows) = (width.div_ceil(block), height.div_ceil(block));
        let mut low = vec![u8::MAX; columns * rows];
        let mut high = vec![0_u8; columns * rows];
        for (y, row) in self.pixels().chunks_exact(width).enumerate() {
            let first = y / block * columns;
            for (at, pixels) in row.chunks(block).enumerate() {
                let (mut darkest, mut brightest) = (low[first + at], high[first + at]);
                for pixel in pixels {
                    darkest = darkest.min(*pixel);
                    brightest = brightest.max(*pixel);
                }
                (low[first + at], high[first + at]) = (darkest, brightest);
            }
        }
        // The extremes of the neighbours, then their mean, so that blocks do not show.
        let around = |values: &[u8], pick: fn(u8, u8) -> u8| -> Vec<u8> {
            let mut out = Vec::with_capacity(values.len());
            for y in 0..rows {
                for x in 0..columns {
                    let mut best = values[y * columns + x];
                    for near in y.saturating_sub(1)..(y + 2).min(rows) {
                        for beside in x.saturating_sub(1)..(x + 2).min(columns) {
                            best = pick(best, values[near * columns + beside]);
                        }
                    }
                    out.push(best);
                }
            }
            out
        };
        let low = Self::from_parts(columns, rows, around(&low, u8::min)).blurred(1);
        let high = Self::from_parts(columns, rows, around(&high, u8::max)).blurred(1);
        let mut pixels = Vec::with_capacity(width * height);
        for (y, row) in self.pixels().chunks_exact(width).enumerate() {
            let first = y / block * columns;
            for (at, part) in row.chunks(block).enumerate() {
                let floor = i32::from(low.pixels()[first + at]);
                let range = (i32::from(high.pixels()[first + at]) - floor).max(i32::from(least));
                let scale = 255 * 256 / range.max(1);
                pixels.extend(
                    part.iter()
                        .map(|pixel| byte((i32::from(*pixel) - floor) * scale / 256)),
                );
            }
        }
        Self::from_parts(width, height, pixels)
    }
}

fn rounded(sum: i32) -> u8 {
    byte((sum + 64) >> 7)
}

fn byte(value: i32) -> u8 {
    u8::try_from(value.clamp(0, 255)).unwrap_or(0)
}

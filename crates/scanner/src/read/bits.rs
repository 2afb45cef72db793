//! A picture in black and white, a bit for each pixel.

use rxing::common::{BitArray, BitMatrix};

const WORD: usize = usize::BITS as usize;

/// A picture in black and white.
pub(super) struct Bits {
    width: usize,
    height: usize,
    /// Words in a row.
    stride: usize,
    /// Row by row; the lowest bit of a word is its leftmost pixel, and a set bit is black.
    words: Vec<usize>,
}

impl Bits {
    /// A picture whose rows are filled by `row(y, row)`. Bits beyond the width must stay clear.
    pub(super) fn build(
        width: usize,
        height: usize,
        mut row: impl FnMut(usize, &mut [usize]),
    ) -> Self {
        let stride = width.div_ceil(WORD).max(1);
        let mut words = vec![0; stride * height];
        for (y, words) in words.chunks_exact_mut(stride).enumerate() {
            row(y, words);
        }
        Self {
            width,
            height,
            stride,
            words,
        }
    }

    /// The bits of a row of bytes, each of them 0 or 1.
    pub(super) fn pack(bytes: &[u8], row: &mut [usize]) {
        for (word, bytes) in row.iter_mut().zip(bytes.chunks(WORD)) {
            *word = 0;
            for (at, eight) in bytes.chunks(8).enumerate() {
                let mut padded = [0; 8];
                padded[..eight.len()].copy_from_slice(eight);
                // Each byte is moved to the bit of the highest byte that has its number.
                let moved = u64::from_le_bytes(padded).wrapping_mul(0x0102_0408_1020_4080);
                *word |= usize::from(moved.to_be_bytes()[0]) << (at * 8);
            }
        }
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    pub(super) fn height(&self) -> usize {
        self.height
    }

    /// White for black.
    pub(super) fn inverted(&self) -> Self {
        let last = self.width % WORD;
        let mut words: Vec<usize> = self.words.iter().map(|word| !word).collect();
        if last != 0 {
            for row in words.chunks_exact_mut(self.stride) {
                row[self.stride - 1] &= (1 << last) - 1;
            }
        }
        Self { words, ..*self }
    }

    /// Where the colour changes in a row: the ends of its runs, the first of which is white and may
    /// be empty. The last end is the width.
    pub(super) fn ends(&self, y: usize, ends: &mut Vec<u32>) {
        ends.clear();
        let mut before = 0;
        for (at, word) in self.words[y * self.stride..][..self.stride]
            .iter()
            .enumerate()
        {
            let mut changes = word ^ (word << 1 | before);
            before = word >> (WORD - 1);
            while changes != 0 {
                let bit = changes.trailing_zeros();
                // A picture has at most 2^16 pixels in a row.
                ends.push(u32::try_from(at * WORD).unwrap_or(0) + bit);
                changes &= changes - 1;
            }
        }
        let width = u32::try_from(self.width).unwrap_or(0);
        if ends.last() != Some(&width) {
            ends.push(width);
        }
    }

    /// The same picture as rxing's code wants it.
    pub(super) fn to_matrix(&self) -> Option<BitMatrix> {
        let side = |length| u32::try_from(length).ok();
        let mut matrix = BitMatrix::new(side(self.width)?, side(self.height)?).ok()?;
        let mut line = BitArray::with_size(self.width);
        for (y, row) in self.words.chunks_exact(self.stride).enumerate() {
            for (at, word) in row.iter().enumerate() {
                line.setBulk(at * WORD, *word);
            }
            matrix.setRow(side(y)?, &line);
        }
        Some(matrix)
    }

    /// The same picture as brightnesses, 0 and 255.
    pub(super) fn to_luma(&self) -> Vec<u8> {
        let mut pixels = Vec::with_capacity(self.width * self.height);
        for row in self.words.chunks_exact(self.stride) {
            let luma = |x: usize| {
                if row[x / WORD] >> (x % WORD) & 1 == 1 {
                    0
                } else {
                    255
                }
            };
            pixels.extend((0..self.width).map(luma));
        }
        pixels
    }
}

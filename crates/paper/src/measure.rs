//! How much room text takes, and where it is broken.

use ttf_parser::Face;

use crate::PaperError;

/// DejaVu Sans.
pub(crate) const FONT: &[u8] = include_bytes!("../fonts/DejaVuSans.ttf");

/// DejaVu Sans Bold.
pub(crate) const BOLD: &[u8] = include_bytes!("../fonts/DejaVuSans-Bold.ttf");

/// What stands for a letter that the font lacks.
const MISSING: char = '\u{fffd}';

/// The font's letters and how wide they are.
pub(crate) struct Measure {
    face: Face<'static>,
    per_em: f32,
}

impl Measure {
    pub(crate) fn new(font: &'static [u8]) -> Result<Self, PaperError> {
        let face = Face::parse(font, 0).map_err(|_| PaperError::Failed)?;
        let per_em = f32::from(face.units_per_em());
        Ok(Self { face, per_em })
    }

    /// The text as lines that are at most so wide, in points. Every line break of the text stays,
    /// lines are broken between words, and a word that is too long wherever it must be.
    pub(crate) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        for paragraph in text.lines() {
            let (mut line, mut used) = (String::new(), 0.0);
            let paragraph = self.printable(paragraph);
            for word in paragraph.split_inclusive(' ') {
                let needed = self.width(word.trim_end(), size);
                if used + needed > width && !line.is_empty() {
                    lines.push(std::mem::take(&mut line).trim_end().to_owned());
                    used = 0.0;
                }
                for letter in word.chars() {
                    let advance = self.advance(letter, size);
                    if used + advance > width && letter != ' ' && !line.is_empty() {
                        lines.push(std::mem::take(&mut line));
                        used = 0.0;
                    }
                    line.push(letter);
                    used += advance;
                }
            }
            lines.push(line.trim_end().to_owned());
        }
        if lines.is_empty() {
            lines.push(String::new());
        }
        lines
    }

    /// Text from elsewhere, without what turns it around or controls anything.
    fn printable(&self, text: &str) -> String {
        text.chars()
            .filter(|one| {
                !matches!(one, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
            })
            .map(|one| match one {
                one if one.is_control() || one.is_whitespace() => ' ',
                one if self.face.glyph_index(one).is_some() => one,
                _ => MISSING,
            })
            .collect()
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|one| self.advance(one, size)).sum()
    }

    fn advance(&self, letter: char, size: f32) -> f32 {
        let glyph = self.face.glyph_index(letter).unwrap_or_default();
        let units = self.face.glyph_hor_advance(glyph).unwrap_or_default();
        f32::from(units) * size / self.per_em
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{FONT, Measure};

    #[test]
    fn lines_break_between_words_and_long_words_where_they_must() {
        let measure = Measure::new(FONT).unwrap();
        let text = "Größe und Straße\n\nDonaudampfschifffahrtsgesellschaft";
        let lines = measure.lines(text, 10.0, 60.0);
        assert_eq!(lines[..3], ["Größe und", "Straße", ""]);
        assert!(lines.len() > 4, "{lines:?}");
        assert_eq!(lines[3..].concat(), "Donaudampfschifffahrtsgesellschaft");
        for line in &lines {
            assert!(measure.width(line, 10.0) <= 60.0, "{line}");
        }
        assert_eq!(measure.lines("", 10.0, 60.0), [""]);
    }

    #[test]
    fn what_the_font_lacks_is_marked_and_nothing_turns_the_text_around() {
        let measure = Measure::new(FONT).unwrap();
        let lines = measure.lines("a\u{202e}b\t漢 Ωж", 10.0, 500.0);
        assert_eq!(lines, ["ab \u{fffd} Ωж"]);
    }
}

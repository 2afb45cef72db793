//! Names that look alike. Anybody can call themselves anything: a name that can be taken for
//! another's is worth a warning.

use unicode_normalization::UnicodeNormalization;
use unicode_security::skeleton;

/// More of a name than this is not compared.
const LONGEST: usize = 300;

/// What a name looks like: two names that may be taken for each other have a part in common.
///
/// By the skeletons of Unicode's Technical Standard 39, once as the name is written (so that a
/// capital I is a small l) and once in small letters (so that it does not matter how it is spelled).
/// What nobody sees is left out, and white space is one space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look([String; 2]);

impl Look {
    /// The look of a name; `None` when there is nothing to see.
    pub fn of(name: &str) -> Option<Self> {
        let visible: String = name
            .chars()
            .take(LONGEST)
            .filter(|character| !is_ignorable(*character))
            // Letters of another width or style are the letters that they stand for.
            .nfkc()
            .collect();
        let words: Vec<&str> = visible.split_whitespace().collect();
        let written = words.join(" ");
        let small: String = written.to_lowercase();
        (!written.is_empty()).then(|| Self([written, small].map(|text| skeleton(&text).collect())))
    }

    /// Whether somebody may take one for the other.
    pub fn is_like(&self, other: &Self) -> bool {
        let ([written, small], [other_written, other_small]) = (&self.0, &other.0);
        written == other_written || small == other_small
    }
}

/// What is not seen (Unicode's Default_Ignorable_Code_Point), and control characters.
fn is_ignorable(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || (character.is_control() && !character.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> bool {
        match (Look::of(one), Look::of(other)) {
            (Some(one), Some(other)) => one.is_like(&other) && other.is_like(&one),
            _ => false,
        }
    }

    #[test]
    fn a_name_that_can_be_taken_for_another_is_like_it() {
        for (imitation, what) in [
            ("City library", "the same name"),
            ("CITY LIBRARY", "in capital letters"),
            ("  City \u{a0} library ", "with more white space"),
            ("City Iibrary", "with a capital I for an l"),
            ("City 1ibrary", "with a digit"),
            ("City librаry", "with a Cyrillic a"),
            ("Сity library", "with a Cyrillic S"),
            ("City librαry", "with a Greek alpha"),
            ("City lib\u{200b}rary", "with a space of no width"),
            ("City\u{2060} lib\u{ad}rary", "with a soft hyphen"),
            ("\u{202e}City library", "with a change of direction"),
            ("Ｃｉｔｙ ｌｉｂｒａｒｙ", "in wide letters"),
            ("𝐂𝐢𝐭𝐲 𝐥𝐢𝐛𝐫𝐚𝐫𝐲", "in mathematical letters"),
        ] {
            assert!(alike(imitation, "City library"), "{what}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for name in ["City libraries", "Town library", "Library", "Stadtbücherei"] {
            assert!(!alike(name, "City library"), "{name}");
        }
        assert!(!alike("Müller", "Muller"), "a mark is seen");
    }

    #[test]
    fn nothing_is_like_nothing() {
        for name in ["", "  ", "\u{200b}\u{feff}"] {
            assert_eq!(Look::of(name), None);
        }
    }

    #[test]
    fn an_endless_name_is_compared_by_its_beginning() {
        let endless = "a".repeat(1_000_000);
        assert!(alike(&endless, &"a".repeat(LONGEST)));
    }
}

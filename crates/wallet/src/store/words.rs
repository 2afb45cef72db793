//! What a person types into a search, as a question of SQLite's full-text search.

use unicode_normalization::UnicodeNormalization;

/// More of a text than this is not looked at.
const LONGEST: usize = 200;
/// More words than these are not looked for.
const MOST: usize = 12;
/// The full-text indexes have an index of beginnings of up to so many characters.
const INDEXED: usize = 3;

/// Every word of a text, as the beginning of a word; `None` without any letter or digit.
///
/// Of a long text only the first 200 characters count, and of many words the first twelve: what is
/// typed costs a bounded search.
pub(super) fn words(text: &str) -> Option<String> {
    let words = split(text);
    let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"*")).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Whether the indexes of beginnings answer for every word. What is found can be read from its end
/// then; else SQLite puts all of it together first, and to read that from its end takes seconds where
/// there is much.
pub(super) fn are_indexed(text: &str) -> bool {
    let words = split(text);
    words.iter().all(|word| word.chars().count() <= INDEXED)
}

fn split(text: &str) -> Vec<String> {
    // A letter and its mark are one character in what is stored, too: a mark alone ends a word.
    let text: String = text.nfc().take(LONGEST).collect();
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{are_indexed, words};

    #[test]
    fn a_word_of_four_letters_is_beyond_the_index_of_beginnings() {
        assert!(are_indexed("änn lov"));
        assert!(!are_indexed("ä love"));
    }

    #[test]
    fn every_word_is_the_beginning_of_a_word_and_nothing_typed_is_an_operator() {
        assert_eq!(words("  Ada OR\"x*"), Some(r#""Ada"* "OR"* "x"*"#.into()));
        assert_eq!(words("… \" * ( ^"), None);
    }

    #[test]
    fn a_letter_written_with_its_mark_apart_is_one_letter() {
        assert_eq!(words("Mu\u{308}ller"), Some("\"Müller\"*".into()));
    }

    #[test]
    fn a_long_text_asks_a_bounded_question() {
        let asked = words(&"a ".repeat(10_000)).unwrap_or_default();
        assert_eq!(asked.matches('*').count(), 12);
        let asked = words(&"a".repeat(10_000)).unwrap_or_default();
        assert_eq!(asked.matches('a').count(), 200);
    }
}

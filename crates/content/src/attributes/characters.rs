//! The characters that Attributes may consist of, and trimming as JavaScript does it.

use std::{collections::HashSet, sync::LazyLock};

use unicode_normalization::UnicodeNormalization;

use super::table::TABLE;

/// A character outside of the allowed set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForbiddenCharacter {
    /// The character.
    pub character: char,
    /// Its position, counted from 0 in characters.
    pub position: usize,
}

struct CharacterSet {
    ranges: Vec<(u32, u32)>,
    sequences: HashSet<Vec<char>>,
    longest: usize,
}

static CHARACTERS: LazyLock<CharacterSet> = LazyLock::new(|| {
    let code = |text: &str| u32::from_str_radix(text, 16).unwrap_or_default();
    let set = &TABLE.character_set;
    let sequences: HashSet<Vec<char>> = set
        .sequences
        .iter()
        .map(|text| {
            text.split(' ')
                .filter_map(|one| char::from_u32(code(one)))
                .collect()
        })
        .collect();
    CharacterSet {
        ranges: set
            .ranges
            .iter()
            .map(|(first, last)| (code(first), code(last)))
            .collect(),
        longest: sequences.iter().map(Vec::len).max().unwrap_or(1),
        sequences,
    }
});

/// The first character that is neither in a range of data type C of DIN 91379 (plus tab, line
/// feed and carriage return) nor part of one of its sequences. Nothing is normalised before.
#[must_use]
pub fn find_forbidden_character(text: &str) -> Option<ForbiddenCharacter> {
    let set = &*CHARACTERS;
    let characters: Vec<char> = text.chars().collect();
    let mut position = 0;
    while let Some(&character) = characters.get(position) {
        let sequence = (2..=set.longest).rev().find(|length| {
            characters
                .get(position..position + length)
                .is_some_and(|part| set.sequences.contains(part))
        });
        let single = || {
            set.ranges
                .iter()
                .any(|(first, last)| (*first..=*last).contains(&u32::from(character)))
        };
        position += match sequence {
            Some(length) => length,
            None if single() => 1,
            None => {
                return Some(ForbiddenCharacter {
                    character,
                    position,
                });
            }
        };
    }
    None
}

/// What a person typed, in Unicode NFC: some keyboards write `ü` as two characters, which would
/// be refused. What a peer sent is never changed.
#[must_use]
pub fn normalize_input(text: &str) -> String {
    text.nfc().collect()
}

/// `trim` of JavaScript. Rust's differs: it takes U+0085 away and leaves U+FEFF.
#[must_use]
pub fn js_trim(text: &str) -> &str {
    text.trim_matches(|character: char| {
        matches!(
            character,
            '\t' | '\n' | '\u{0B}' | '\u{0C}' | '\r' | ' ' | '\u{A0}' | '\u{1680}' | '\u{2000}'
                ..='\u{200A}'
                    | '\u{2028}'
                    | '\u{2029}'
                    | '\u{202F}'
                    | '\u{205F}'
                    | '\u{3000}'
                    | '\u{FEFF}'
        )
    })
}

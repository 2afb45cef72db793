//! Finding by words: contacts, values of others, Mails, receipts and Files. The triggers of the database keep the
//! entries; the own values have a list of their own ([`super::own_attributes`]).

use rusqlite::{Connection, params};

use super::{StoreError, query::all, words::words};
use crate::views::SnippetPart;

/// A kind of entry, by its word in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A contact; the target is its address.
    Contact,
    /// A value of somebody else in its newest version; the target is the Attribute's id.
    Value,
    /// A Mail; the target is its number.
    Message,
    /// A consent receipt; the target is its number.
    Receipt,
    /// A File; the target is its id, or of an attached one the Message's number, `/` and its id.
    File,
}

impl EntryKind {
    fn word(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Value => "value",
            Self::Message => "message",
            Self::Receipt => "receipt",
            Self::File => "file",
        }
    }
}

/// An entry that fits.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it stands for, see [`EntryKind`].
    pub target: String,
    /// Where the words stand in its text; empty when they stand only in its title.
    pub snippet: Vec<SnippetPart>,
}

/// Prints nothing that was found.
impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entry")
            .field("target", &self.target)
            .finish_non_exhaustive()
    }
}

// Around what fits. Neither stands in a text that a person sees.
const BEGIN: char = '\u{2}';
const END: char = '\u{3}';

// Walked backwards: the newest come first, and the walk ends when there are enough.
const FIND: &str = "SELECT entry.target,
        snippet(search_index, 2, char(2), char(3), '…', 12) AS snippet
    FROM search_index JOIN search_entry AS entry ON entry.id = search_index.rowid
    WHERE search_index MATCH ?1
    ORDER BY search_index.rowid DESC LIMIT ?2";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[FIND];

/// At most `limit` entries of a kind in which every word of a text is the beginning of a word: first
/// those whose title has all of them, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn find(
    connection: &Connection,
    kind: EntryKind,
    text: &str,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let Some(words) = words(text) else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Entry> = Vec::new();
    for columns in ["title", "{title body}"] {
        let question = format!("kind : {} AND {columns} : ({words})", kind.word());
        let entries = all(connection, FIND, params![question, limit], |row| {
            Ok(Entry {
                target: row.get("target")?,
                snippet: parts(&row.get::<_, String>("snippet")?),
            })
        })?;
        for entry in entries {
            if found.len() < limit as usize && !found.iter().any(|one| one.target == entry.target) {
                found.push(entry);
            }
        }
    }
    Ok(found)
}

/// The condition that a contact's address (in `column`) is among those that a text finds, and what
/// stands for `?1` in it; `None` when the text asks for nothing.
pub(super) fn contacts_with(text: &str) -> Option<String> {
    words(text).map(|words| format!("kind : contact AND {{title body}} : ({words})"))
}

/// A text with marks around what fits, as parts; empty when nothing is marked. Other control
/// characters are left out.
fn parts(marked: &str) -> Vec<SnippetPart> {
    let mut parts: Vec<SnippetPart> = Vec::new();
    let mut text = String::new();
    let mut is_hit = false;
    let mut push = |text: &mut String, is_hit: bool| {
        if !text.is_empty() {
            let text = std::mem::take(text);
            parts.push(SnippetPart { text, is_hit });
        }
    };
    for character in marked.chars() {
        match character {
            BEGIN | END => {
                push(&mut text, is_hit);
                is_hit = character == BEGIN;
            }
            '\n' | '\t' => text.push(' '),
            other if other.is_control() => {}
            other => text.push(other),
        }
    }
    push(&mut text, is_hit);
    if parts.iter().any(|part| part.is_hit) {
        parts
    } else {
        Vec::new()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::store::migrations;

    /// How often the index has this word anywhere.
    fn traces(connection: &Connection, word: &str) -> usize {
        let mut statement = connection
            .prepare("SELECT block FROM search_index_data")
            .unwrap();
        let blocks = statement.query_map([], |row| row.get::<_, Vec<u8>>(0));
        blocks
            .unwrap()
            .map(|block| {
                let block = block.unwrap();
                let parts = block.windows(word.len());
                parts.filter(|part| *part == word.as_bytes()).count()
            })
            .sum()
    }

    #[test]
    fn what_is_deleted_leaves_no_words_behind() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrations::initialise(&mut connection, migrations::latest()).unwrap();
        let write = |number: u32, body: &str| {
            connection
                .execute(
                    "INSERT INTO search_entry (kind, target, title, body)
                        VALUES ('message', ?1, '', ?2)",
                    rusqlite::params![number, body],
                )
                .unwrap();
        };
        write(1, "zebrafinch");
        write(2, "lighthouse");
        assert!(traces(&connection, "zebrafinch") > 0);
        connection
            .execute("DELETE FROM search_entry WHERE target = '1'", [])
            .unwrap();
        assert_eq!(traces(&connection, "zebra"), 0);
        assert!(traces(&connection, "lighthouse") > 0);
    }

    #[test]
    fn a_snippet_says_what_fits_and_holds_no_control_characters() {
        let part = |text: &str, is_hit| SnippetPart {
            text: text.to_owned(),
            is_hit,
        };
        assert_eq!(
            parts("to\u{7} \u{2}Ada\u{3},\nbest"),
            [part("to ", false), part("Ada", true), part(", best", false)]
        );
        assert_eq!(parts("nothing fits"), []);
        assert_eq!(parts("\u{3}\u{2}\u{2}x"), [part("x", true)]);
    }
}

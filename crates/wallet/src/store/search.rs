//! Finding by words: contacts, values of others, Mails, receipts and Files. The triggers of the database keep the
//! entries; the own values have a list of their own ([`super::own_attributes`]).

use rusqlite::{Connection, Row, params};

use super::{
    StoreError,
    columns::Json,
    hits::Hits,
    query::all,
    words::{are_indexed, words},
};
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

const ENTRY: &str = "SELECT entry.id, entry.target,
        snippet(search_index, 2, char(2), char(3), '…', 12) AS snippet
    FROM search_index JOIN search_entry AS entry ON entry.id = search_index.rowid
    WHERE search_index MATCH ?1";
const HITS: &str = "SELECT rowid FROM search_index WHERE search_index MATCH ?1";
const OF_KIND: &str = "SELECT entry.id FROM json_each(?1) AS hit
    CROSS JOIN search_entry AS entry ON entry.id = hit.value WHERE entry.kind = ?2";

/// Walked backwards: the newest come first, and the walk ends when there are enough.
fn newest() -> String {
    format!("{ENTRY} ORDER BY search_index.rowid DESC LIMIT ?2")
}

/// Only those with certain numbers, the least and the greatest of which are said, too.
fn of_numbers() -> String {
    // The sign keeps SQLite from asking the index anew for each number.
    format!(
        "{ENTRY} AND search_index.rowid BETWEEN ?2 AND ?3
            AND +search_index.rowid IN (SELECT value FROM json_each(?4))"
    )
}

#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    vec![newest(), of_numbers(), HITS.to_owned(), OF_KIND.to_owned()]
}

/// What a text asks for. What is found is read once for all kinds where it can't be read from its
/// end (`are_indexed`).
pub struct Search<'a> {
    connection: &'a Connection,
    words: Option<String>,
    found: Option<Found>,
}

/// Everything that is found, whatever its kind.
struct Found {
    in_title: Hits,
    anywhere: Hits,
}

impl<'a> Search<'a> {
    /// What a text asks for: that each of its words is the beginning of a word.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn of(connection: &'a Connection, text: &str) -> Result<Self, StoreError> {
        let words = words(text);
        let found = match &words {
            Some(words) if !are_indexed(text) => {
                let hits = |columns| Hits::of(connection, HITS, [format!("{columns} : ({words})")]);
                Some(Found {
                    in_title: hits("title")?,
                    anywhere: hits("{title body}")?,
                })
            }
            _ => None,
        };
        Ok(Self {
            connection,
            words,
            found,
        })
    }

    /// At most `limit` entries of a kind: first those whose title has all the words, the newest
    /// first.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn find(&self, kind: EntryKind, limit: u32) -> Result<Vec<Entry>, StoreError> {
        let Some(words) = &self.words else {
            return Ok(Vec::new());
        };
        let question = |columns: &str| format!("kind : {} AND {columns} : ({words})", kind.word());
        if let Some(found) = &self.found {
            return self.read(found, kind, &question("{title body}"), limit);
        }
        let mut entries: Vec<Entry> = Vec::new();
        for columns in ["title", "{title body}"] {
            let params = params![question(columns), limit];
            for (_, entry) in all(self.connection, &newest(), params, read)? {
                let is_new = entries.iter().all(|one| one.target != entry.target);
                if is_new && entries.len() < limit as usize {
                    entries.push(entry);
                }
            }
            if entries.len() == limit as usize {
                break;
            }
        }
        Ok(entries)
    }

    fn read(
        &self,
        found: &Found,
        kind: EntryKind,
        question: &str,
        limit: u32,
    ) -> Result<Vec<Entry>, StoreError> {
        let anywhere = self.of_kind(&found.anywhere, kind)?;
        let in_title = found.in_title.among(&anywhere);
        let mut numbers: Vec<i64> = in_title.newest(limit).collect();
        for number in anywhere.newest(limit) {
            if numbers.len() < limit as usize && !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        let (Some(least), Some(greatest)) = (numbers.iter().min(), numbers.iter().max()) else {
            return Ok(Vec::new());
        };
        let params = params![question, least, greatest, Json(&numbers)];
        let mut entries = all(self.connection, &of_numbers(), params, read)?;
        entries.sort_by_key(|(number, _)| numbers.iter().position(|one| one == number));
        Ok(entries.into_iter().map(|(_, entry)| entry).collect())
    }

    fn of_kind(&self, hits: &Hits, kind: EntryKind) -> Result<Hits, StoreError> {
        if hits.are_few() {
            return Hits::of(self.connection, OF_KIND, params![hits.json(), kind.word()]);
        }
        let of_kind = Hits::of(self.connection, HITS, [format!("kind : {}", kind.word())])?;
        Ok(hits.among(&of_kind))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(i64, Entry)> {
    Ok((
        row.get("id")?,
        Entry {
            target: row.get("target")?,
            snippet: parts(&row.get::<_, String>("snippet")?),
        },
    ))
}

/// The same for one kind alone.
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
    Search::of(connection, text)?.find(kind, limit)
}

/// The question for the contacts that a text finds; `None` when it asks for nothing.
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
    use crate::store::{indexing, migrations};

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
        indexing::catch_up_afterwards(&mut connection).unwrap();
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

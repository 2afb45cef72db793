//! The key that access tokens are signed with.

use rusqlite::{Connection, OptionalExtension};
use tessera_core_types::Randomness;
use zeroize::Zeroizing;

use crate::rules::access_tokens::SigningKey;

/// The key of this data file; made when there is none yet, which is at the first start.
pub fn load_or_make(
    connection: &Connection,
    randomness: &dyn Randomness,
) -> rusqlite::Result<SigningKey> {
    let read = || -> rusqlite::Result<Option<SigningKey>> {
        connection
            .query_row("SELECT key FROM access_token_key", [], |row| {
                Ok(Zeroizing::new(row.get(0)?))
            })
            .optional()
    };
    if let Some(key) = read()? {
        return Ok(key);
    }
    let mut key = SigningKey::default();
    randomness.fill(&mut *key);
    connection.execute(
        "INSERT INTO access_token_key (id, key) VALUES (1, ?1)",
        [*key],
    )?;
    Ok(key)
}

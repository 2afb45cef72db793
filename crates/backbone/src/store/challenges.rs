//! Challenges.

use chrono::TimeDelta;
use rusqlite::{Connection, OptionalExtension, named_params};
use tessera_backbone_api::{challenges::Challenge, error_codes, limits};
use tessera_core_types::{ChallengeId, CoreDate};

use super::{Change, columns::Columns};
use crate::http::{caller::Caller, error::ApiError};

/// Makes one, and forgets those that nobody can read any more.
pub fn create(change: &Change<'_>, caller: Option<Caller>) -> Result<Challenge, ApiError> {
    let unreadable = oldest_readable(change.now);
    change
        .prepare_cached("DELETE FROM challenges WHERE expires_at < ?1")?
        .execute([unreadable.millis()])?;
    let (created_by, created_by_device) = match caller {
        Some(caller) => (Some(caller.address), Some(caller.device)),
        None => (None, None),
    };
    let challenge = Challenge {
        id: ChallengeId::generate(change.randomness),
        expires_at: change
            .now
            .plus(TimeDelta::seconds(limits::CHALLENGE_SECONDS)),
        created_by,
        created_by_device,
    };
    change
        .prepare_cached(
            "INSERT INTO challenges (id, expires_at, created_by, created_by_device)
             VALUES (:id, :expires_at, :created_by, :device)",
        )?
        .execute(named_params! {
            ":id": challenge.id.as_str(),
            ":expires_at": challenge.expires_at.millis(),
            ":created_by": challenge.created_by.as_ref().map(|address| address.as_str()),
            ":device": challenge.created_by_device.as_ref().map(|device| device.as_str()),
        })?;
    Ok(challenge)
}

/// Reads one; also an expired one, for an hour.
pub fn get(connection: &Connection, id: &str, now: CoreDate) -> Result<Challenge, ApiError> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM challenges WHERE id = ?1 AND expires_at >= ?2")?;
    let challenge = statement
        .query_row((id, oldest_readable(now).millis()), |row| {
            Ok(Challenge {
                id: row.text("id")?,
                expires_at: row.date("expires_at")?,
                created_by: row.optional_text("created_by")?,
                created_by_device: row.optional_text("created_by_device")?,
            })
        })
        .optional()?;
    challenge.ok_or_else(|| ApiError::not_found("Challenge"))
}

/// Checks that a challenge exists and has not expired. It is not used up by that.
pub fn check(connection: &Connection, id: &str, now: CoreDate) -> Result<(), ApiError> {
    if get(connection, id, now)?.expires_at > now {
        return Ok(());
    }
    Err(ApiError::rule(
        error_codes::CHALLENGE_HAS_EXPIRED,
        "The given challenge is expired.",
    ))
}

fn oldest_readable(now: CoreDate) -> CoreDate {
    now.plus(TimeDelta::seconds(-limits::CHALLENGE_READABLE_SECONDS))
}

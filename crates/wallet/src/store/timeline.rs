//! What happened with a peer, as one list, the newest first: made of what is stored about
//! Relationships, Requests, Messages and Attributes, and of the history where that is gone.

use rusqlite::{Connection, named_params};
use tessera_core_types::{Address, AttributeId, CoreDate, RelationshipId, RequestId};

use super::{
    StoreError,
    columns::{Columns, Text, unreadable_row},
    query::{all, first},
};
use crate::{
    model::{DeletionStatus, ShareDirection},
    views::{TimelineKind, TimelinePlace},
};

/// One thing that happened, and where what is known of it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// When.
    pub at: CoreDate,
    /// Where it stands in the list.
    pub place: TimelinePlace,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// An entry of a Relationship's audit log: its Relationship and its place in the log.
    Log(RelationshipId, i64),
    /// A Request was stored.
    RequestCame(RequestId),
    /// A Request was answered.
    RequestAnswered(RequestId),
    /// A Request expired; the place in its log.
    RequestExpired(RequestId, i64),
    /// A Message, by its number.
    Message(i64),
    /// An Attribute was shared; the number of the act.
    Shared(AttributeId, i64),
    /// What became of an Attribute that was shared; the number of the act.
    Deletion(AttributeId, i64),
    /// A record of the history, by its number.
    Recorded(i64),
}

// Every part gives the same columns. The parts are numbered in the order in which things follow from
// each other, for those that happened at the same time.

const LOG: &str = "SELECT log.created_at AS at, 7 AS part, log.relationship_id AS subject,
        log.position AS number
    FROM relationship
    JOIN relationship_audit_log AS log ON log.relationship_id = relationship.id
    WHERE relationship.peer = :peer";
const CAME: &str = "SELECT created_at AS at, 2 AS part, id AS subject, 0 AS number
    FROM request WHERE peer = :peer AND status <> 'Draft'";
const ANSWERED: &str = "SELECT
        CAST(round(unixepoch(json_extract(response, '$.createdAt'), 'subsec') * 1000) AS INTEGER) AS at,
        3 AS part, id AS subject, 0 AS number
    FROM request WHERE peer = :peer AND response IS NOT NULL";
const EXPIRED: &str = "SELECT log.created_at AS at, 4 AS part, request.id AS subject,
        log.position AS number
    FROM request JOIN request_status_log AS log ON log.request_id = request.id
    WHERE request.peer = :peer AND log.new_status = 'Expired'";
const RECEIVED: &str = "SELECT created_at AS at, 8 AS part, '' AS subject, number
    FROM message
    WHERE created_by = :peer AND kind IN ('mail', 'other', 'closed')
      AND created_at <= :at AND (created_at, 8, '', number) < (:at, :part, :subject, :number)";
const SENT: &str = "SELECT recipient.created_at AS at, 8 AS part, '' AS subject,
        recipient.message AS number
    FROM message_recipient AS recipient INDEXED BY message_recipient_by_date
    CROSS JOIN message ON message.number = recipient.message
    WHERE recipient.address = :peer AND message.state <> 'received'
      AND message.kind IN ('mail', 'other') AND recipient.created_at <= :at
      AND (recipient.created_at, 8, '', recipient.message) < (:at, :part, :subject, :number)";
const SHARED: &str = "SELECT coalesce(share.shared_at, attribute.created_at) AS at, 5 AS part,
        attribute.id AS subject, share.id AS number
    FROM local_attribute_share_info AS share
    JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
    WHERE share.peer = :peer";
const DELETION: &str = "SELECT share.deletion_date AS at, 6 AS part, attribute.id AS subject,
        share.id AS number
    FROM local_attribute_share_info AS share
    JOIN local_attribute AS attribute ON attribute.id = share.attribute_id
    WHERE share.peer = :peer AND share.deletion_status IS NOT NULL";
/// What the history alone knows: what failed or was refused, and what belongs to Relationships and
/// Requests that were deleted with their contact.
const RECORDED: &str = "SELECT at, 1 AS part, '' AS subject, id AS number
    FROM history INDEXED BY history_told
    WHERE peer = :peer AND event IN (
        'templateLoaded', 'deliveryFailed', 'suspiciousRefused', 'relationshipDecomposed',
        'relationshipSent', 'relationshipReceived', 'relationshipActivated',
        'relationshipRejected', 'relationshipRevoked', 'relationshipChanged', 'requestReceived',
        'requestAccepted', 'requestRejected', 'requestExpired', 'requestSent')
    AND CASE
        WHEN event IN ('templateLoaded', 'deliveryFailed', 'suspiciousRefused',
                       'relationshipDecomposed') THEN true
        WHEN event LIKE 'relationship%' THEN NOT EXISTS (
            SELECT 1 FROM relationship WHERE relationship.id = history.relationship_id)
        ELSE NOT EXISTS (SELECT 1 FROM request WHERE request.id = history.request_id)
    END
    AND at <= :at AND (at, 1, '', id) < (:at, :part, :subject, :number)";
const WITH_FILES: &str = "json_array_length(attachments) > 0";
const OF_FILES: &str =
    "attribute.value_type IN ('IdentityFileReference', 'ProprietaryFileReference')";
const OF_RELATIONSHIPS: &str = "event LIKE 'relationship%'";
const OF_REQUESTS: &str = "(event LIKE 'request%' OR event = 'templateLoaded')";

/// The parts of the list. There may be much of Messages and of the history: they are read in their
/// order, and no more of them than the page can show.
fn parts(kind: Option<TimelineKind>) -> Vec<String> {
    let and = |part: &str, condition: &str| format!("{part} AND {condition}");
    let newest =
        |part: &str| format!("SELECT * FROM ({part} ORDER BY at DESC, number DESC LIMIT :limit)");
    let whole =
        |parts: &[&str]| -> Vec<String> { parts.iter().copied().map(str::to_owned).collect() };
    match kind {
        None => {
            let mut parts = whole(&[LOG, CAME, ANSWERED, EXPIRED, SHARED, DELETION]);
            parts.extend([RECEIVED, SENT, RECORDED].map(newest));
            parts
        }
        Some(TimelineKind::Relationships) => {
            vec![LOG.to_owned(), newest(&and(RECORDED, OF_RELATIONSHIPS))]
        }
        Some(TimelineKind::Requests) => {
            let mut parts = whole(&[CAME, ANSWERED, EXPIRED]);
            parts.push(newest(&and(RECORDED, OF_REQUESTS)));
            parts
        }
        Some(TimelineKind::Messages) => [RECEIVED, SENT].map(newest).into(),
        Some(TimelineKind::Files) => vec![
            newest(&and(RECEIVED, WITH_FILES)),
            newest(&and(SENT, WITH_FILES)),
            and(SHARED, OF_FILES),
            and(DELETION, OF_FILES),
        ],
        Some(TimelineKind::Data) => whole(&[SHARED, DELETION]),
    }
}

fn page_of(kind: Option<TimelineKind>) -> String {
    format!(
        "SELECT at, part, subject, number FROM ({}) AS happened
            WHERE at IS NOT NULL AND (at, part, subject, number) < (:at, :part, :subject, :number)
            ORDER BY at DESC, part DESC, subject DESC, number DESC LIMIT :limit",
        parts(kind).join("\nUNION ALL ")
    )
}

/// What there may be much of.
#[cfg(test)]
pub(super) fn long_parts() -> Vec<String> {
    let end = "ORDER BY at DESC, number DESC LIMIT :limit";
    let parts = [RECEIVED, SENT, RECORDED];
    parts.map(|part| format!("{part} {end}")).into()
}

#[cfg(test)]
pub(super) fn queries() -> Vec<String> {
    let kinds = [
        None,
        Some(TimelineKind::Relationships),
        Some(TimelineKind::Requests),
        Some(TimelineKind::Messages),
        Some(TimelineKind::Files),
        Some(TimelineKind::Data),
    ];
    kinds.into_iter().map(page_of).collect()
}

/// At most `limit` things that happened with a peer, of one kind or all, the newest first; with
/// `after` only those that come after it in this order.
///
/// # Errors
///
/// When the database fails.
pub fn page(
    connection: &Connection,
    peer: &Address,
    kind: Option<TimelineKind>,
    after: Option<&TimelinePlace>,
    limit: u32,
) -> Result<Vec<Happened>, StoreError> {
    let first = TimelinePlace::before_all();
    let after = after.unwrap_or(&first);
    let params = named_params! {
        ":peer": Text(peer),
        ":at": after.at.map_or(i64::MAX, CoreDate::millis),
        ":part": after.part,
        ":subject": after.subject,
        ":number": after.number,
        ":limit": limit,
    };
    all(connection, &page_of(kind), params, |row| {
        let (part, number): (u8, i64) = (row.get("part")?, row.get("number")?);
        let at = row.date("at")?;
        let what = match part {
            7 => What::Log(row.text("subject")?, number),
            2 => What::RequestCame(row.text("subject")?),
            3 => What::RequestAnswered(row.text("subject")?),
            4 => What::RequestExpired(row.text("subject")?, number),
            8 => What::Message(number),
            5 => What::Shared(row.text("subject")?, number),
            6 => What::Deletion(row.text("subject")?, number),
            1 => What::Recorded(number),
            _ => return Err(unreadable_row()),
        };
        let place = TimelinePlace {
            at: Some(at),
            part,
            subject: row.get("subject")?,
            number,
        };
        Ok(Happened { at, place, what })
    })
}

/// A Relationship with a peer that is deleted here: what the history knows of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Its id.
    pub id: RelationshipId,
    /// When the history first speaks of it.
    pub began_at: CoreDate,
    /// When it was deleted.
    pub ended_at: CoreDate,
    /// Whether this side asked for it.
    pub is_own: bool,
}

const FORGOTTEN: &str = "SELECT ended.relationship_id, ended.at AS ended_at,
        (SELECT min(began.at) FROM history AS began
            WHERE began.peer = :peer AND began.relationship_id = ended.relationship_id) AS began_at,
        EXISTS (SELECT 1 FROM history AS sent
            WHERE sent.peer = :peer AND sent.relationship_id = ended.relationship_id
              AND sent.event = 'relationshipSent') AS is_own
    FROM history AS ended
    WHERE ended.peer = :peer AND ended.event = 'relationshipDecomposed'
      AND ended.relationship_id IS NOT NULL
    ORDER BY ended.id DESC";

#[cfg(test)]
pub(super) const QUERIES: &[&str] = &[FORGOTTEN, SHARE];

/// The Relationships with a peer that were deleted here, the newest first.
///
/// # Errors
///
/// When the database fails.
pub fn forgotten(connection: &Connection, peer: &Address) -> Result<Vec<Forgotten>, StoreError> {
    all(
        connection,
        FORGOTTEN,
        named_params! { ":peer": Text(peer) },
        |row| {
            Ok(Forgotten {
                id: row.text("relationship_id")?,
                began_at: row.date("began_at")?,
                ended_at: row.date("ended_at")?,
                is_own: row.get("is_own")?,
            })
        },
    )
}

/// What an act of sharing was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which way it went.
    pub direction: ShareDirection,
    /// Whether a Notification told it: a new version of what was known.
    pub is_new_version: bool,
    /// What became of it.
    pub deletion: Option<DeletionStatus>,
}

const SHARE: &str = "SELECT direction, notification_reference IS NOT NULL AS is_new_version,
        deletion_status
    FROM local_attribute_share_info WHERE id = ?1";

/// The act of sharing with this number.
///
/// # Errors
///
/// When the database fails.
pub fn share(connection: &Connection, number: i64) -> Result<Option<Share>, StoreError> {
    first(connection, SHARE, [number], |row| {
        Ok(Share {
            direction: row.name("direction")?,
            is_new_version: row.get("is_new_version")?,
            deletion: row.optional_name("deletion_status")?,
        })
    })
}

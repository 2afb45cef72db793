//! Quotas: those that this Backbone's configuration sets for everybody, and those of an identity
//! that is to be deleted, which may not have more of anything.

use chrono::{DateTime, Datelike, Days, Months, NaiveTime, SecondsFormat, TimeDelta, Utc};
use rusqlite::{Connection, named_params};
use tessera_backbone_api::{
    identities::IdentityStatus,
    quotas::{Quota, QuotaGroup},
};
use tessera_core_types::{Address, CoreDate};

use super::{Change, identities};
use crate::{QuotaSetting, http::error::ApiError, settings::QuotaPeriod};

/// What is counted, and how, of one identity since a time.
const METRICS: &[(&str, &str)] = &[
    (
        "NumberOfSentMessages",
        "SELECT count(*) FROM messages WHERE created_by = :me AND created_at >= :since",
    ),
    (
        "NumberOfRelationships",
        // Who was asked has it once it accepted.
        "SELECT count(*) FROM relationships WHERE created_at >= :since AND (from_address = :me
             OR (to_address = :me AND status NOT IN ('Pending', 'Rejected', 'Revoked')))",
    ),
    (
        "NumberOfRelationshipTemplates",
        "SELECT count(*) FROM relationship_templates WHERE created_by = :me AND created_at >= :since",
    ),
    (
        "NumberOfFiles",
        "SELECT count(*) FROM files WHERE created_by = :me AND created_at >= :since",
    ),
    (
        "NumberOfTokens",
        "SELECT count(*) FROM tokens WHERE created_by = :me AND created_at >= :since",
    ),
    (
        "UsedFileStorageSpace",
        "SELECT coalesce(sum(cipher_size), 0) FROM files
         WHERE created_by = :me AND created_at >= :since",
    ),
];
/// When a quota that never renews itself is over, as the real Backbone writes it.
const NEVER: &str = "9999-12-31T23:59:59.9999999Z";

/// Whether that is something that can be counted.
pub fn is_metric(name: &str) -> bool {
    METRICS.iter().any(|(metric, _)| *metric == name)
}

fn usage(
    connection: &Connection,
    address: &Address,
    metric: &str,
    since: i64,
) -> Result<u64, ApiError> {
    let Some((_, sql)) = METRICS.iter().find(|(name, _)| *name == metric) else {
        return Ok(0);
    };
    let usage: i64 = connection.prepare_cached(sql)?.query_row(
        named_params! { ":me": address.as_str(), ":since": since },
        |row| row.get(0),
    )?;
    Ok(u64::try_from(usage).unwrap_or_default())
}

fn is_active(connection: &Connection, address: &Address) -> Result<bool, ApiError> {
    Ok(identities::status(connection, address)? == Some(IdentityStatus::Active))
}

/// Checks that an identity may have more of something.
pub fn check(change: &Change<'_>, address: &Address, metric: &'static str) -> Result<(), ApiError> {
    if !is_active(change, address)? {
        return Err(ApiError::quota_exhausted(metric, NEVER));
    }
    for quota in change.quotas {
        if quota.metric_key != metric {
            continue;
        }
        let (since, until) = period(quota.period, change.now);
        if usage(change, address, metric, since)? >= quota.max {
            return Err(ApiError::quota_exhausted(metric, &until));
        }
    }
    Ok(())
}

/// The quotas of an identity.
pub fn list(
    connection: &Connection,
    address: &Address,
    settings: &[QuotaSetting],
    now: CoreDate,
) -> Result<Vec<QuotaGroup>, ApiError> {
    let quota = |metric: &str, max: u64, period_of: QuotaPeriod| -> Result<Quota, ApiError> {
        Ok(Quota {
            source: "Tier".to_owned(),
            metric_key: metric.to_owned(),
            max,
            usage: usage(connection, address, metric, period(period_of, now).0)?,
            period: period_of.name().to_owned(),
        })
    };
    let is_active = is_active(connection, address)?;
    let mut groups = Vec::new();
    for (metric, _) in METRICS {
        let quotas = if is_active {
            let own = settings.iter().filter(|quota| quota.metric_key == *metric);
            own.map(|setting| quota(metric, setting.max, setting.period))
                .collect::<Result<Vec<_>, _>>()?
        } else {
            vec![quota(metric, 0, QuotaPeriod::Total)?]
        };
        if !quotas.is_empty() {
            groups.push(QuotaGroup {
                metric_key: (*metric).to_owned(),
                quotas,
            });
        }
    }
    Ok(groups)
}

/// Since when (milliseconds) the period of now counts, and until when, in the words of an error.
fn period(period: QuotaPeriod, now: CoreDate) -> (i64, String) {
    let now = now.to_utc();
    let day = now.with_time(NaiveTime::MIN).single().unwrap_or(now);
    let hour = now - TimeDelta::milliseconds(now.timestamp_millis().rem_euclid(3_600_000));
    let month = day - Days::new(day.day0().into());
    let bounds: Option<(DateTime<Utc>, DateTime<Utc>)> = match period {
        QuotaPeriod::Hour => Some((hour, hour + TimeDelta::hours(1))),
        QuotaPeriod::Day => Some((day, day + Days::new(1))),
        QuotaPeriod::Week => {
            let monday = day - Days::new(day.weekday().num_days_from_monday().into());
            Some((monday, monday + Days::new(7)))
        }
        QuotaPeriod::Month => Some((month, month + Months::new(1))),
        QuotaPeriod::Year => {
            let year = month - Months::new(month.month0());
            Some((year, year + Months::new(12)))
        }
        QuotaPeriod::Total => None,
    };
    match bounds {
        Some((since, until)) => (
            since.timestamp_millis(),
            until.to_rfc3339_opts(SecondsFormat::Secs, true),
        ),
        None => (i64::MIN, NEVER.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn periods_are_those_of_the_calendar() {
        // A Thursday.
        let now = CoreDate::parse("2026-08-20T09:17:03.250Z").unwrap();
        for (of, since, until) in [
            (
                QuotaPeriod::Hour,
                "2026-08-20T09:00:00.000Z",
                "2026-08-20T10:00:00Z",
            ),
            (
                QuotaPeriod::Day,
                "2026-08-20T00:00:00.000Z",
                "2026-08-21T00:00:00Z",
            ),
            (
                QuotaPeriod::Week,
                "2026-08-17T00:00:00.000Z",
                "2026-08-24T00:00:00Z",
            ),
            (
                QuotaPeriod::Month,
                "2026-08-01T00:00:00.000Z",
                "2026-09-01T00:00:00Z",
            ),
            (
                QuotaPeriod::Year,
                "2026-01-01T00:00:00.000Z",
                "2027-01-01T00:00:00Z",
            ),
        ] {
            let since = CoreDate::parse(since).unwrap().millis();
            assert_eq!(period(of, now), (since, until.to_owned()), "{of:?}");
        }
        assert_eq!(
            period(QuotaPeriod::Total, now),
            (i64::MIN, NEVER.to_owned())
        );
    }
}

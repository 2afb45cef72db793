//! Dates as they travel: ISO 8601 in, `YYYY-MM-DDTHH:MM:SS.sssZ` out.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, exact to the millisecond.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, ts_rs::TS)]
#[ts(type = "string")]
pub struct CoreDate(DateTime<Utc>);

/// Text that is not a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an ISO 8601 date")]
pub struct DateError;

impl CoreDate {
    /// Reads an ISO 8601 date: offsets are converted, no offset means UTC, a date alone is
    /// midnight UTC, more than three decimals are cut, and 24:00:00 is the next midnight.
    ///
    /// # Errors
    ///
    /// [`DateError`] for everything else, a space instead of `T` included.
    pub fn parse(text: &str) -> Result<Self, DateError> {
        let (date, time) = match text.split_once('T') {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let day = parse_day(date)?;
        let (next_day, time, offset) =
            time.map_or(Ok((false, NaiveTime::MIN, utc())), parse_time)?;
        let day = if next_day {
            day.checked_add_days(Days::new(1)).ok_or(DateError)?
        } else {
            day
        };
        let moment = NaiveDateTime::new(day, time)
            .checked_sub_offset(offset)
            .ok_or(DateError)?;
        Ok(Self::from(moment.and_utc()))
    }

    /// From milliseconds since 1970, UTC; `None` outside of the years that can be written.
    #[must_use]
    pub fn from_millis(millis: i64) -> Option<Self> {
        DateTime::from_timestamp_millis(millis).map(Self)
    }

    /// Milliseconds since 1970, UTC.
    #[must_use]
    pub fn millis(self) -> i64 {
        self.0.timestamp_millis()
    }

    /// The moment for calculations.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        self.0
    }

    /// This much later (or earlier, for a negative difference); the farthest writable moment
    /// instead of an overflow.
    #[must_use]
    pub fn plus(self, difference: TimeDelta) -> Self {
        Self(
            self.0
                .checked_add_signed(difference)
                .unwrap_or(DateTime::<Utc>::MAX_UTC),
        )
    }
}

impl From<DateTime<Utc>> for CoreDate {
    /// Cuts to milliseconds.
    fn from(moment: DateTime<Utc>) -> Self {
        Self(DateTime::from_timestamp_millis(moment.timestamp_millis()).unwrap_or(moment))
    }
}

impl fmt::Display for CoreDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use chrono::Datelike;
        // Years of more than four digits have a sign and six digits, as in ECMAScript.
        if (0..=9999).contains(&self.0.year()) {
            write!(f, "{}", self.0.format("%Y-%m-%dT%H:%M:%S%.3fZ"))
        } else {
            write!(
                f,
                "{:+07}{}",
                self.0.year(),
                self.0.format("-%m-%dT%H:%M:%S%.3fZ")
            )
        }
    }
}

impl fmt::Debug for CoreDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for CoreDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for CoreDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CoreDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

fn utc() -> FixedOffset {
    chrono::Offset::fix(&Utc)
}

/// Calendar, basic, week and ordinal dates.
fn parse_day(text: &str) -> Result<NaiveDate, DateError> {
    // chrono's %Y takes years of any length, so the shape is checked first.
    let shape: String = text
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    let format = match shape.as_str() {
        "0000-00-00" | "+000000-00-00" | "-000000-00-00" => "%Y-%m-%d",
        "00000000" => "%Y%m%d",
        "0000-W00-0" => "%G-W%V-%u",
        "0000-000" => "%Y-%j",
        _ => return Err(DateError),
    };
    NaiveDate::parse_from_str(text, format).map_err(|_| DateError)
}

/// Time of day and offset; the flag says that it is 24:00 of that day.
fn parse_time(text: &str) -> Result<(bool, NaiveTime, FixedOffset), DateError> {
    let at = text.find(['Z', 'z', '+', '-']).unwrap_or(text.len());
    let (time, zone) = text.split_at(at);
    let offset = parse_offset(zone)?;
    let (clock, fraction) = match time.split_once(['.', ',']) {
        Some((clock, fraction)) => (clock, fraction),
        None => (time, "0"),
    };
    let digits: String = clock.chars().filter(|c| *c != ':').collect();
    let is_form = matches!(clock.len(), 2 | 5 | 8) == (clock.contains(':') || clock.len() == 2)
        && matches!(digits.len(), 2 | 4 | 6)
        && digits
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
        && !fraction.is_empty();
    if !is_form {
        return Err(DateError);
    }
    let part = |from: usize| {
        digits
            .get(from..from + 2)
            .map_or(Ok(0), |two| two.parse::<u32>())
    };
    let (hour, minute, second) = (
        part(0).map_err(|_| DateError)?,
        part(2).map_err(|_| DateError)?,
        part(4).map_err(|_| DateError)?,
    );
    let millis: u32 = format!("{fraction:0<3}")[..3]
        .parse()
        .map_err(|_| DateError)?;
    if (hour, minute, second, millis) == (24, 0, 0, 0) {
        return Ok((true, NaiveTime::MIN, offset));
    }
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second, millis).ok_or(DateError)?;
    Ok((false, time, offset))
}

fn parse_offset(text: &str) -> Result<FixedOffset, DateError> {
    if matches!(text, "" | "Z" | "z") {
        return Ok(utc());
    }
    let (sign, digits) = match text.split_at(1) {
        ("+", digits) => (1, digits.replace(':', "")),
        (_, digits) => (-1, digits.replace(':', "")),
    };
    let is_form = matches!(digits.len(), 2 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_form {
        return Err(DateError);
    }
    let hours: i32 = digits[..2].parse().map_err(|_| DateError)?;
    let minutes: i32 = digits
        .get(2..)
        .map_or(
            Ok(0),
            |rest| if rest.is_empty() { Ok(0) } else { rest.parse() },
        )
        .map_err(|_| DateError)?;
    if hours > 23 || minutes > 59 {
        return Err(DateError);
    }
    FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60)).ok_or(DateError)
}

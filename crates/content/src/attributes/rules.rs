//! The named rules of the value table.

use chrono::NaiveDate;
use serde_json::{Map, Value};

use super::table::countries;
use crate::json::utf16_length;

/// A check of one property beyond type, length and pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PropertyRule {
    /// An international bank account number.
    Iban,
    /// A bank identifier code.
    Bic,
    /// JSON whose compact serialisation has at most this many code units.
    Json(usize),
}

/// A check over several properties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TypeRule {
    /// `day`, `month` and `year` form a date.
    ValidCalendarDate,
    /// That date is not later than today.
    NotInTheFuture,
    /// `linkDisplayText` only with `link`.
    LinkDisplayTextNeedsLink,
}

impl PropertyRule {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "iban" => Some(Self::Iban),
            "bic" => Some(Self::Bic),
            _ => name
                .strip_prefix("json")
                .and_then(|size| size.parse().ok())
                .map(Self::Json),
        }
    }

    pub(crate) fn holds(self, value: &Value) -> bool {
        match self {
            Self::Iban => value.as_str().is_some_and(is_iban),
            Self::Bic => value.as_str().is_some_and(is_bic),
            Self::Json(limit) => !value.is_null() && utf16_length(&value.to_string()) <= limit,
        }
    }
}

impl TypeRule {
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "validCalendarDate" => Some(Self::ValidCalendarDate),
            "notInTheFuture" => Some(Self::NotInTheFuture),
            "linkDisplayTextNeedsLink" => Some(Self::LinkDisplayTextNeedsLink),
            _ => None,
        }
    }

    /// Whether it holds for these properties. What depends on the day is not asked here.
    pub(crate) fn holds(self, properties: &Map<String, Value>) -> bool {
        match self {
            Self::ValidCalendarDate => calendar_date(properties).is_some(),
            Self::NotInTheFuture => true,
            Self::LinkDisplayTextNeedsLink => {
                !properties.contains_key("linkDisplayText") || properties.contains_key("link")
            }
        }
    }
}

/// The date that `day`, `month` and `year` name, in the proleptic Gregorian calendar.
pub(crate) fn calendar_date(properties: &Map<String, Value>) -> Option<NaiveDate> {
    let number = |name: &str| properties.get(name).and_then(Value::as_i64);
    NaiveDate::from_ymd_opt(
        i32::try_from(number("year")?).ok()?,
        u32::try_from(number("month")?).ok()?,
        u32::try_from(number("day")?).ok()?,
    )
}

fn is_country_of_a_bank(code: &str) -> bool {
    // Kosovo has banks, but no code in ISO 3166.
    code == "XK" || countries().iter().any(|country| country == code)
}

fn is_bic(text: &str) -> bool {
    let text = text.to_ascii_uppercase();
    matches!(text.len(), 8 | 11)
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text[..6].bytes().all(|byte| byte.is_ascii_alphabetic())
        && is_country_of_a_bank(&text[4..6])
}

fn is_iban(text: &str) -> bool {
    let known = |text: &str| {
        let (country, rest) = text.split_at_checked(2)?;
        let (check, account) = rest.split_at_checked(2)?;
        let structure = IBAN_STRUCTURES
            .iter()
            .find_map(|(code, structure)| (*code == country).then_some(*structure))?;
        let fits = check.bytes().all(|byte| byte.is_ascii_digit())
            && has_structure(account.as_bytes(), structure);
        fits.then(|| remainder_97(account.bytes().chain(text.bytes().take(4))))
    };
    known(text) == Some(1)
}

/// Whether the account number consists of runs such as `18n` (18 digits) or `4a14n`.
fn has_structure(mut account: &[u8], structure: &str) -> bool {
    let mut count = 0;
    for byte in structure.bytes() {
        if byte.is_ascii_digit() {
            count = count * 10 + usize::from(byte - b'0');
            continue;
        }
        let Some((run, rest)) = account.split_at_checked(count) else {
            return false;
        };
        let fits = run.iter().all(|character| match byte {
            b'n' => character.is_ascii_digit(),
            b'a' => character.is_ascii_uppercase(),
            _ => character.is_ascii_digit() || character.is_ascii_uppercase(),
        });
        if !fits {
            return false;
        }
        account = rest;
        count = 0;
    }
    account.is_empty()
}

/// ISO 7064 mod 97-10: letters count as 10 to 35. Only digits and capital letters come in.
fn remainder_97(characters: impl Iterator<Item = u8>) -> u32 {
    characters.fold(0, |sum, byte| {
        if byte.is_ascii_digit() {
            (sum * 10 + u32::from(byte - b'0')) % 97
        } else {
            (sum * 100 + u32::from(byte.saturating_sub(b'A')) + 10) % 97
        }
    })
}

/// Account numbers of the countries in the IBAN registry of SWIFT, without country and check
/// digits: `n` digits, `a` capital letters, `c` either. The last group is not in the registry,
/// but in use.
const IBAN_STRUCTURES: &[(&str, &str)] = &[
    ("AD", "8n12c"),
    ("AE", "19n"),
    ("AL", "8n16c"),
    ("AT", "16n"),
    ("AZ", "4a20c"),
    ("BA", "16n"),
    ("BE", "12n"),
    ("BG", "4a6n8c"),
    ("BH", "4a14c"),
    ("BI", "23n"),
    ("BR", "23n1a1c"),
    ("BY", "4c4n16c"),
    ("CH", "5n12c"),
    ("CR", "18n"),
    ("CY", "8n16c"),
    ("CZ", "20n"),
    ("DE", "18n"),
    ("DJ", "23n"),
    ("DK", "14n"),
    ("DO", "4c20n"),
    ("EE", "16n"),
    ("EG", "25n"),
    ("ES", "20n"),
    ("FI", "14n"),
    ("FK", "2a12n"),
    ("FO", "14n"),
    ("FR", "10n11c2n"),
    ("GB", "4a14n"),
    ("GE", "2a16n"),
    ("GI", "4a15c"),
    ("GL", "14n"),
    ("GR", "7n16c"),
    ("GT", "4c20c"),
    ("HR", "17n"),
    ("HU", "24n"),
    ("IE", "4a14n"),
    ("IL", "19n"),
    ("IQ", "4a15n"),
    ("IS", "22n"),
    ("IT", "1a10n12c"),
    ("JO", "4a4n18c"),
    ("KW", "4a22c"),
    ("KZ", "3n13c"),
    ("LB", "4n20c"),
    ("LC", "4a24c"),
    ("LI", "5n12c"),
    ("LT", "16n"),
    ("LU", "3n13c"),
    ("LV", "4a13c"),
    ("LY", "21n"),
    ("MC", "10n11c2n"),
    ("MD", "2c18c"),
    ("ME", "18n"),
    ("MK", "3n10c2n"),
    ("MN", "16n"),
    ("MR", "23n"),
    ("MT", "4a5n18c"),
    ("MU", "4a19n3a"),
    ("NI", "4a20n"),
    ("NL", "4a10n"),
    ("NO", "11n"),
    ("OM", "3n16c"),
    ("PK", "4a16c"),
    ("PL", "24n"),
    ("PS", "4a21c"),
    ("PT", "21n"),
    ("QA", "4a21c"),
    ("RO", "4a16c"),
    ("RS", "18n"),
    ("RU", "14n15c"),
    ("SA", "2n18c"),
    ("SC", "4a20n3a"),
    ("SD", "14n"),
    ("SE", "20n"),
    ("SI", "15n"),
    ("SK", "20n"),
    ("SM", "1a10n12c"),
    ("SO", "19n"),
    ("ST", "21n"),
    ("SV", "4a20n"),
    ("TL", "19n"),
    ("TN", "20n"),
    ("TR", "6n16c"),
    ("UA", "6n19c"),
    ("VA", "18n"),
    ("VG", "4a16n"),
    ("XK", "16n"),
    ("YE", "4a4n18c"),
    // Published by their central banks only.
    ("AO", "21n"),
    ("BF", "2c22n"),
    ("BJ", "2c22n"),
    ("CF", "23n"),
    ("CG", "23n"),
    ("CI", "2c22n"),
    ("CM", "23n"),
    ("CV", "21n"),
    ("DZ", "22n"),
    ("GA", "23n"),
    ("GQ", "23n"),
    ("GW", "2c19n"),
    ("HN", "4a20n"),
    ("IR", "22n"),
    ("KM", "23n"),
    ("MA", "24n"),
    ("MG", "23n"),
    ("ML", "2c22n"),
    ("MZ", "21n"),
    ("NE", "2a22n"),
    ("SN", "2c22n"),
    ("TD", "23n"),
    ("TG", "2a22n"),
];

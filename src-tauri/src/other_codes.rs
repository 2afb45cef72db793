//! Codes that are nothing for this program: what they are, so that a person learns it without
//! opening them. Nothing in them is ever followed, called or joined by itself.

use crate::views::{OtherCode, OtherKind};

/// How many characters of a code are shown.
const SHOWN: usize = 2_000;

/// Beginnings of texts by which they are known, in lower case.
const BEGINNINGS: [(&str, OtherKind); 22] = [
    ("http://", OtherKind::Web),
    ("https://", OtherKind::Web),
    ("www.", OtherKind::Web),
    ("urlto:", OtherKind::Web),
    ("wifi:", OtherKind::Wifi),
    ("bcd\n", OtherKind::Payment),
    ("bcd\r", OtherKind::Payment),
    ("spc\n", OtherKind::Payment),
    ("spc\r", OtherKind::Payment),
    ("spd*", OtherKind::Payment),
    ("bitcoin:", OtherKind::Payment),
    ("ethereum:", OtherKind::Payment),
    ("begin:vcard", OtherKind::Contact),
    ("mecard:", OtherKind::Contact),
    ("begin:vevent", OtherKind::Event),
    ("begin:vcalendar", OtherKind::Event),
    ("mailto:", OtherKind::Email),
    ("matmsg:", OtherKind::Email),
    ("tel:", OtherKind::Phone),
    ("smsto:", OtherKind::Phone),
    ("sms:", OtherKind::Phone),
    ("geo:", OtherKind::Place),
];
/// The same for what holds a secret of another program: it is named, but not shown.
const SECRETS: [(&str, OtherKind); 4] = [
    ("otpauth://", OtherKind::OneTimePasswords),
    ("otpauth-migration://", OtherKind::OneTimePasswords),
    ("openid4vp:", OtherKind::OtherWallet),
    ("openid-credential-offer:", OtherKind::OtherWallet),
];

/// What a code of another kind is; `None` if only its being a code says something. Then it is
/// [`plain`].
pub fn known(text: &str) -> Option<OtherCode> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let start: String = text.chars().take(24).collect::<String>().to_lowercase();
    let of = |list: &[(&str, OtherKind)]| {
        let found = list
            .iter()
            .find(|(start_of, _)| start.starts_with(start_of));
        found.map(|(_, kind)| *kind)
    };
    if let Some(kind) = of(&SECRETS) {
        return Some(OtherCode {
            kind,
            name: None,
            text: None,
        });
    }
    let kind = of(&BEGINNINGS)?;
    if kind == OtherKind::Web && is_like_a_reference(text) {
        // It is one that is damaged, and the reader of references says how.
        return None;
    }
    let name = match kind {
        OtherKind::Web => host(text),
        OtherKind::Wifi => field(text, &["S:"], ';', ':'),
        OtherKind::Payment => payee(text),
        OtherKind::Contact => line(text, "FN").or_else(|| field(text, &["N:"], ';', ':')),
        OtherKind::Event => line(text, "SUMMARY"),
        _ => None,
    };
    Some(OtherCode {
        kind,
        name,
        // A Wi-Fi's password is not for everybody who looks at this screen.
        text: (kind != OtherKind::Wifi).then(|| beginning(text)),
    })
}

/// A code of which only its text can be said, or that it is none.
pub fn plain(text: &str) -> OtherCode {
    let is_text = !text
        .chars()
        .any(|c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace()));
    OtherCode {
        kind: if is_text {
            OtherKind::Text
        } else {
            OtherKind::Bytes
        },
        name: None,
        text: is_text.then(|| beginning(text)),
    }
}

/// Whether a link has what a reference has: `/r/` and something like an id.
fn is_like_a_reference(text: &str) -> bool {
    text.split("/r/").skip(1).any(|rest| {
        let id = rest.chars().take_while(char::is_ascii_alphanumeric);
        let kind: String = rest.chars().take(3).collect();
        id.count() >= 4 && kind.chars().all(|c| c.is_ascii_uppercase())
    })
}

/// The host of a web address, as it is written.
fn host(text: &str) -> Option<String> {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    // What stands before an @ is there to mislead.
    let host = authority.rsplit('@').next()?;
    (!host.is_empty()).then(|| beginning(host))
}

/// The payee of a bank transfer: the sixth line of the European form, the sixth of the Swiss one.
fn payee(text: &str) -> Option<String> {
    let is_lines = ["BCD", "SPC"].iter().any(|start| {
        text.get(..3)
            .is_some_and(|three| three.eq_ignore_ascii_case(start))
    });
    let name = text.lines().nth(5).filter(|_| is_lines)?.trim();
    (!name.is_empty()).then(|| beginning(name))
}

/// The value behind a line's name, such as `FN:` or `FN;CHARSET=…:`.
fn line(text: &str, name: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        let is_it = key.split(';').next()?.eq_ignore_ascii_case(name);
        (is_it && !value.trim().is_empty()).then(|| beginning(value.trim()))
    })
}

/// The value of a field in a text of fields, such as `WIFI:T:WPA;S:name;;`, without its escapes.
fn field(text: &str, names: &[&str], end: char, after_kind: char) -> Option<String> {
    let mut rest = text.split_once(after_kind)?.1;
    loop {
        let mut value = String::new();
        let mut escaped = false;
        let mut used = rest.len();
        for (at, c) in rest.char_indices() {
            match c {
                '\\' if !escaped => escaped = true,
                c if c == end && !escaped => {
                    used = at + c.len_utf8();
                    break;
                }
                c => {
                    value.push(c);
                    escaped = false;
                }
            }
        }
        let is_it = |name: &&&str| {
            value
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name))
        };
        if let Some(name) = names.iter().find(is_it) {
            let found = value.get(name.len()..)?.trim();
            return (!found.is_empty()).then(|| beginning(found));
        }
        rest = rest.get(used..).filter(|rest| !rest.is_empty())?;
    }
}

fn beginning(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_daily_life_are_named() {
        for (text, kind, name) in [
            (
                "https://example.org/menu",
                OtherKind::Web,
                Some("example.org"),
            ),
            ("HTTP://EXAMPLE.ORG", OtherKind::Web, Some("EXAMPLE.ORG")),
            (
                "https://bank.example@evil.example/x",
                OtherKind::Web,
                Some("evil.example"),
            ),
            (
                "WIFI:T:WPA;S:Caf\\;e;P:secret;;",
                OtherKind::Wifi,
                Some("Caf;e"),
            ),
            ("wifi:P:S\\:x;S:Home;;", OtherKind::Wifi, Some("Home")),
            ("WIFI:;", OtherKind::Wifi, None),
            (
                "BCD\n002\n1\nSCT\nBIC\nFranz Mustermann\nDE71110220330123456789\nEUR12.3",
                OtherKind::Payment,
                Some("Franz Mustermann"),
            ),
            (
                "SPC\r\n0200\r\n1\r\nCH44\r\nS\r\nRobert Schneider AG",
                OtherKind::Payment,
                Some("Robert Schneider AG"),
            ),
            ("SPD*1.0*ACC:CZ28*", OtherKind::Payment, None),
            (
                "BEGIN:VCARD\nVERSION:3.0\nN:Doe;Jo\nFN;CHARSET=UTF-8:Jo Doe\nEND:VCARD",
                OtherKind::Contact,
                Some("Jo Doe"),
            ),
            (
                "MECARD:N:Doe,Jo;TEL:1;;",
                OtherKind::Contact,
                Some("Doe,Jo"),
            ),
            (
                "BEGIN:VEVENT\nSUMMARY:Regatta\nEND:VEVENT",
                OtherKind::Event,
                Some("Regatta"),
            ),
            ("mailto:jo@example.org", OtherKind::Email, None),
            ("tel:+491234", OtherKind::Phone, None),
            ("geo:52.5,13.4", OtherKind::Place, None),
            (
                "otpauth://totp/x?secret=y",
                OtherKind::OneTimePasswords,
                None,
            ),
            (
                "openid-credential-offer://?x=y",
                OtherKind::OtherWallet,
                None,
            ),
        ] {
            let found = known(text).expect(text);
            assert_eq!((found.kind, found.name.as_deref()), (kind, name), "{text}");
        }
    }

    #[test]
    fn secrets_of_others_are_not_shown() {
        for text in [
            "WIFI:T:WPA;S:Home;P:secret;;",
            "otpauth://totp/x?secret=secret",
            "openid4vp://?request=secret",
        ] {
            assert!(!format!("{:?}", known(text)).contains("secret"), "{text}");
        }
    }

    #[test]
    fn a_damaged_reference_is_no_web_address() {
        for text in [
            "https://backbone.example/r/RLT00000000000000001#broken",
            "http://localhost:1/r/XYZ00000000000000001",
            "https://backbone.example/path/r/TOK123#",
        ] {
            assert_eq!(known(text), None, "{text}");
        }
        assert!(known("https://example.org/r/questions").is_some());
        assert!(known("https://example.org/articles").is_some());
    }

    #[test]
    fn other_text_is_shown_and_bytes_are_not() {
        assert_eq!(known("Come to the town hall"), None);
        assert_eq!(known("javascript:alert(1)"), None);
        assert_eq!(plain("Grüße\nan alle").kind, OtherKind::Text);
        assert_eq!(plain("\u{1}\u{2}PNG").kind, OtherKind::Bytes);
        assert_eq!(plain("\u{1}\u{2}PNG").text, None);
        let long = "9".repeat(4_000);
        assert_eq!(plain(&long).text.map(|text| text.len()), Some(SHOWN));
    }

    #[test]
    fn any_text_can_be_asked_about() {
        for text in [
            "",
            ":",
            "WIFI:",
            "WIFI:\\",
            "MECARD:N:",
            "BCD\n",
            "https://",
            "WIFI:S:ß\\",
        ] {
            drop((known(text), plain(text)));
        }
    }
}

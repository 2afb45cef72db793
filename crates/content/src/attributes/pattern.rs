//! Patterns of the value table: ECMAScript without the `u` flag, run by the `regex` crate.

use std::sync::LazyLock;

use regex::Regex;

/// A pattern that a text matches or not.
#[derive(Debug)]
pub(crate) struct Pattern {
    expression: Regex,
    /// A web address: the scheme and a leading `www.` are cut off before. Upstream says so with a
    /// negative look-ahead, which `regex` does not have.
    is_web_address: bool,
}

/// What upstream's pattern of web addresses starts with.
const WEB_ADDRESS: &str = r"^([A-Za-z]+:\/\/)?((www\.)|(?!www\.))";

impl Pattern {
    /// Takes over a pattern of the table.
    pub(crate) fn new(source: &str, ignore_case: bool) -> Result<Self, regex::Error> {
        let (body, is_web_address) = match source.strip_prefix(WEB_ADDRESS) {
            Some(rest) => (format!("^{}", translate(rest)), true),
            None => (translate(source), false),
        };
        // Without Unicode, as ECMAScript does not fold ſ and K to s and k either.
        let expression = if ignore_case {
            format!("(?i-u:{body})")
        } else {
            body
        };
        Ok(Self {
            expression: Regex::new(&expression)?,
            is_web_address,
        })
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        if !self.is_web_address {
            return self.expression.is_match(text);
        }
        let rest = match text.split_once("://") {
            Some((scheme, rest))
                if !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) =>
            {
                rest
            }
            _ => text,
        };
        self.expression
            .is_match(rest.strip_prefix("www.").unwrap_or(rest))
    }

    /// The type of a `mimetype:` tag. Digits and dots are not foreseen.
    pub(crate) fn mime_type() -> &'static Self {
        static PATTERN: LazyLock<Pattern> = LazyLock::new(|| {
            Pattern::new(r"^[a-z-*]+/[a-z-*]+$", false).expect("the pattern is ours and valid")
        });
        &PATTERN
    }
}

/// The same expression in the words of `regex`: `\d` and `\w` are ASCII, and what would be a
/// nested class or a set operation inside of a class is escaped.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len() + 16);
    let mut in_class = false;
    let mut characters = source.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('d') if in_class => out.push_str("0-9"),
                Some('w') if in_class => out.push_str("A-Za-z0-9_"),
                Some('d') => out.push_str("[0-9]"),
                Some('w') => out.push_str("[A-Za-z0-9_]"),
                Some('/') => out.push('/'),
                Some(other) => out.extend(['\\', other]),
                None => out.push('\\'),
            },
            '[' | '&' | '~' if in_class => out.extend(['\\', character]),
            '[' => {
                in_class = true;
                out.push('[');
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            other => out.push(other),
        }
    }
    out
}

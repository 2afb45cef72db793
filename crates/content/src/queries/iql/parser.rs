//! The grammar of IQL. The first alternative that fits counts; blanks stand only where they must:
//!
//! ```text
//! query    = or
//! or       = and ( ws "||" ws and )*
//! and      = not ( ws "&&" ws not )*
//! not      = "!" not / group
//! group    = "(" ws or ws ")" / term
//! term     = Type ( "." segment )+ pred / Type pred / Type / segment ( "." segment )* pred / "#" text
//! pred     = ( "=" / ">" / "<" / "~" ) text / "?"
//! text     = "'" ( "\\" / "\'" / [^'\] )* "'" / ( "\\" / "\'" / [^ '\] )*
//! Type     = [A-Z] [A-Za-z0-9]*
//! segment  = [a-z] [A-Za-z0-9]+
//! ws       = [ \t\r\n]+
//! ```

use super::{IqlCondition, IqlTest};
use crate::{ContentError, Result, limits};

pub(super) fn parse(text: &str) -> Result<IqlCondition> {
    let mut parser = Parser {
        text,
        farthest: 0,
        depth: 0,
    };
    match parser.any(0) {
        Some((node, end)) if end == text.len() => Ok(node),
        Some((_, end)) => Err(parser.error(end)),
        None => Err(parser.error(0)),
    }
}

/// Positions are bytes. Each rule answers what it read and where it ended, or nothing.
struct Parser<'a> {
    text: &'a str,
    /// The farthest position at which something was expected and not found.
    farthest: usize,
    depth: usize,
}

type Read<T> = Option<(T, usize)>;

impl Parser<'_> {
    fn error(&self, end: usize) -> ContentError {
        let farthest = self.farthest.max(end);
        let before = self.text.get(..farthest).unwrap_or(self.text);
        ContentError::InvalidIql {
            path: String::new(),
            column: before.encode_utf16().count() + 1,
        }
    }

    fn rest(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    fn fail<T>(&mut self, at: usize) -> Option<T> {
        self.farthest = self.farthest.max(at);
        None
    }

    fn token(&mut self, token: &str, at: usize) -> Option<usize> {
        if self.rest(at).starts_with(token) {
            Some(at + token.len())
        } else {
            self.fail(at)
        }
    }

    fn blanks(&mut self, at: usize) -> Option<usize> {
        let rest = self.rest(at);
        let length = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        if length == 0 {
            self.fail(at)
        } else {
            Some(at + length)
        }
    }

    fn any(&mut self, at: usize) -> Read<IqlCondition> {
        self.chain(at, "||", Self::all, |of| IqlCondition::Any { of })
    }

    fn all(&mut self, at: usize) -> Read<IqlCondition> {
        self.chain(at, "&&", Self::not, |of| IqlCondition::All { of })
    }

    fn chain(
        &mut self,
        at: usize,
        operator: &str,
        operand: fn(&mut Self, usize) -> Read<IqlCondition>,
        join: fn(Vec<IqlCondition>) -> IqlCondition,
    ) -> Read<IqlCondition> {
        let (first, mut end) = operand(self, at)?;
        let mut nodes = vec![first];
        while let Some((node, next)) = self.next_operand(end, operator, operand) {
            nodes.push(node);
            end = next;
        }
        let node = match nodes.len() {
            1 => nodes.pop()?,
            _ => join(nodes),
        };
        Some((node, end))
    }

    fn next_operand(
        &mut self,
        at: usize,
        operator: &str,
        operand: fn(&mut Self, usize) -> Read<IqlCondition>,
    ) -> Read<IqlCondition> {
        let at = self.blanks(at)?;
        let at = self.token(operator, at)?;
        let at = self.blanks(at)?;
        operand(self, at)
    }

    fn not(&mut self, at: usize) -> Read<IqlCondition> {
        // Deeper than anybody writes: refused like a character that does not fit.
        if self.depth >= limits::IQL_DEPTH {
            return self.fail(at);
        }
        self.depth += 1;
        let read = if self.rest(at).starts_with('!') {
            self.not(at + 1)
                .map(|(condition, end)| (not(condition), end))
        } else if self.rest(at).starts_with('(') {
            self.group(at)
        } else {
            self.term(at)
        };
        self.depth -= 1;
        read
    }

    fn group(&mut self, at: usize) -> Read<IqlCondition> {
        let at = self.blanks(at + 1)?;
        let (node, end) = self.any(at)?;
        let end = self.blanks(end)?;
        let end = self.token(")", end)?;
        Some((node, end))
    }

    /// What goes wrong inside of a term is told at its beginning.
    fn term(&mut self, at: usize) -> Read<IqlCondition> {
        let read = if let Some((name, end)) = type_name(self.text, at) {
            Some(self.typed(name, end))
        } else if let Some(text) = self.rest(at).strip_prefix('#') {
            let (tag, length) = text_of(text);
            Some((IqlCondition::Tag { tag }, at + 1 + length))
        } else {
            segment(self.text, at).and_then(|(first, end)| {
                let (further, end) = segments(self.text, end);
                let path = [vec![first], further].concat();
                let (test, end) = test(self.text, end)?;
                Some((IqlCondition::Attribute { path, test }, end))
            })
        };
        if read.is_none() {
            return self.fail(at);
        }
        read
    }

    fn typed(&self, value_type: String, end: usize) -> (IqlCondition, usize) {
        let (path, path_end) = segments(self.text, end);
        let (path, read) = match test(self.text, path_end) {
            Some(read) if !path.is_empty() => (path, Some(read)),
            _ => (vec!["value".to_owned()], test(self.text, end)),
        };
        match read {
            Some((test, end)) => {
                let condition = IqlCondition::Value {
                    value_type,
                    path,
                    test,
                };
                (condition, end)
            }
            None => (IqlCondition::ValueType { value_type }, end),
        }
    }
}

fn not(condition: IqlCondition) -> IqlCondition {
    IqlCondition::Not {
        condition: Box::new(condition),
    }
}

fn type_name(text: &str, at: usize) -> Read<String> {
    let rest = text.get(at..)?;
    rest.starts_with(|first: char| first.is_ascii_uppercase())
        .then(|| word(rest, at))
}

/// At least two characters.
fn segment(text: &str, at: usize) -> Read<String> {
    let rest = text.get(at..)?;
    if !rest.starts_with(|first: char| first.is_ascii_lowercase()) {
        return None;
    }
    let (word, end) = word(rest, at);
    (word.len() > 1).then_some((word, end))
}

fn segments(text: &str, mut at: usize) -> (Vec<String>, usize) {
    let mut path = Vec::new();
    while text.get(at..).is_some_and(|rest| rest.starts_with('.')) {
        let Some((name, end)) = segment(text, at + 1) else {
            break;
        };
        path.push(name);
        at = end;
    }
    (path, at)
}

/// Letters and digits from the beginning of `rest`, which stands at `at`.
fn word(rest: &str, at: usize) -> (String, usize) {
    let length = rest
        .find(|character: char| !character.is_ascii_alphanumeric())
        .unwrap_or(rest.len());
    (rest[..length].to_owned(), at + length)
}

fn test(text: &str, at: usize) -> Read<IqlTest> {
    let rest = text.get(at..)?;
    let make: fn(String) -> IqlTest = match rest.bytes().next()? {
        b'?' => return Some((IqlTest::IsFilled, at + 1)),
        b'=' => |text| IqlTest::Equals { text },
        b'>' => |text| IqlTest::NotBefore { text },
        b'<' => |text| IqlTest::NotAfter { text },
        b'~' => |text| IqlTest::Contains { text },
        _ => return None,
    };
    let (text, length) = text_of(&rest[1..]);
    Some((make(text), at + 1 + length))
}

/// A text in quotes or a bare one, which ends at a blank or a quote and may be empty; and how
/// many bytes it takes.
fn text_of(rest: &str) -> (String, usize) {
    if let Some(inner) = rest.strip_prefix('\'') {
        let (text, length) = characters(inner, &['\'']);
        if inner[length..].starts_with('\'') {
            return (text, length + 2);
        }
    }
    characters(rest, &['\'', ' '])
}

/// Characters up to one of `ends`, with `\\` and `\'` standing for `\` and `'`; any other
/// backslash ends the text, too.
fn characters(rest: &str, ends: &[char]) -> (String, usize) {
    let mut text = String::new();
    let mut length = 0;
    let mut left = rest.chars();
    while let Some(character) = left.next() {
        if ends.contains(&character) {
            break;
        }
        let character = if character == '\\' {
            match left.next() {
                Some(escaped @ ('\\' | '\'')) => {
                    length += 1;
                    escaped
                }
                _ => break,
            }
        } else {
            character
        };
        length += character.len_utf8();
        text.push(character);
    }
    (text, length)
}

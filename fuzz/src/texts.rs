//! JSON of the enmeshed language.

use std::fmt::Debug;

use serde_json::Value;
use tessera_content::{
    Attribute, AttributeQuery, ContentError, CreationContent, Decision, IqlExpression,
    MessageContent, Notification, Request, RequestItem, Response, ResponseItem, TemplateContent,
    parse_json,
};

/// A type that is read from JSON and written as JSON.
macro_rules! read_and_write {
    ($json:expr, $($type:ty),+ $(,)?) => {
        $(again::<$type>($json, <$type>::parse, <$type>::to_json);)+
    };
}

/// What was read is the same after it was written and read again.
fn again<T: PartialEq + Debug>(
    json: &Value,
    parse: fn(&Value) -> Result<T, ContentError>,
    write: fn(&T) -> Value,
) {
    if let Ok(read) = parse(json) {
        let written = write(&read);
        assert_eq!(parse(&written).as_ref(), Ok(&read), "{written}");
    }
}

/// JSON as everything that peers write, and text as a query.
pub fn content(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(query) = IqlExpression::parse(text) {
        let _ = format!("{query:?}");
    }
    let Ok(json) = parse_json(text) else {
        return;
    };
    read_and_write!(
        &json,
        Attribute,
        AttributeQuery,
        CreationContent,
        MessageContent,
        Notification,
        Request,
        RequestItem,
        Response,
        ResponseItem,
        TemplateContent,
    );
}

/// JSON as what a person or a program decides.
pub fn decision(data: &[u8]) {
    let Ok(json) = parse_json(&String::from_utf8_lossy(data)) else {
        return;
    };
    read_and_write!(&json, Decision);
}

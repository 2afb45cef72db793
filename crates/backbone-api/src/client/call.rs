//! One call: what is sent, and what may be done when it fails.

use reqwest::Method;
use serde::Serialize;
use zeroize::Zeroizing;

use super::endpoints::Upload;
use crate::PasswordBytes;

/// Whether a call may be made twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Doing it twice is as good as doing it once.
    Harmless,
    /// It changes something each time: only while it surely did not reach the server.
    OnlyUnsent,
}

/// The body of a call.
#[derive(Debug)]
pub(super) enum Body {
    None,
    Json(Zeroizing<Vec<u8>>),
    Form(Zeroizing<String>),
    Upload(Upload),
}

/// A call that is not sent yet.
pub(super) struct Call {
    pub(super) method: Method,
    /// The path in segments, not encoded.
    pub(super) path: Vec<String>,
    /// How the path appears in logs: without ids.
    pub(super) name: &'static str,
    pub(super) query: Vec<(String, Zeroizing<String>)>,
    pub(super) body: Body,
    pub(super) repeat: Repeat,
    /// Whether the call carries the datawallet version that this client understands.
    pub(super) tells_datawallet_version: bool,
    /// Which version of the answer the caller has already.
    pub(super) if_none_match: Option<String>,
    /// Whether many bytes travel, which takes its time.
    pub(super) is_transfer: bool,
    /// Whether the body of a success is left to whoever made the call.
    pub(super) is_streaming: bool,
    /// Whether the answer is events that come as long as somebody listens.
    pub(super) is_listening: bool,
    secrets: Vec<Zeroizing<String>>,
}

impl Call {
    /// Below `/api/v2`. `path` may have `{}` where the `ids` go, in order.
    pub(super) fn new(method: Method, path: &'static str, ids: &[&str]) -> Self {
        let mut ids = ids.iter();
        let mut segments = vec!["api".to_owned(), "v2".to_owned()];
        segments.extend(path.split('/').map(|segment| match segment {
            "{}" => ids.next().copied().unwrap_or_default().to_owned(),
            fixed => fixed.to_owned(),
        }));
        let repeat = if method == Method::GET {
            Repeat::Harmless
        } else {
            Repeat::OnlyUnsent
        };
        Self {
            method,
            path: segments,
            name: path,
            query: Vec::new(),
            body: Body::None,
            repeat,
            tells_datawallet_version: false,
            if_none_match: None,
            is_transfer: false,
            is_streaming: false,
            is_listening: false,
            secrets: Vec::new(),
        }
    }

    /// A `GET` below `/api/v2`.
    pub(super) fn get(path: &'static str, ids: &[&str]) -> Self {
        Self::new(Method::GET, path, ids)
    }

    /// A `POST` below `/api/v2`.
    pub(super) fn post(path: &'static str, ids: &[&str]) -> Self {
        Self::new(Method::POST, path, ids)
    }

    /// A `PUT` below `/api/v2`.
    pub(super) fn put(path: &'static str, ids: &[&str]) -> Self {
        Self::new(Method::PUT, path, ids)
    }

    /// A `DELETE` below `/api/v2`.
    pub(super) fn delete(path: &'static str, ids: &[&str]) -> Self {
        Self::new(Method::DELETE, path, ids)
    }

    /// A `GET` of a path that is not below a version.
    pub(super) fn get_unversioned(path: &'static str) -> Self {
        Self {
            path: path.split('/').map(str::to_owned).collect(),
            ..Self::get(path, &[])
        }
    }

    /// A login with these fields. Logging in twice is as good as once; what counts wrong
    /// passwords gives an answer, and no answer is repeated for that.
    pub(super) fn log_in(fields: &[(&str, &str)]) -> Self {
        let mut form = Zeroizing::new(String::with_capacity(512));
        for (name, value) in fields {
            if !form.is_empty() {
                form.push('&');
            }
            push_encoded(&mut form, name);
            form.push('=');
            push_encoded(&mut form, value);
        }
        Self {
            method: Method::POST,
            body: Body::Form(form),
            ..Self::get_unversioned("connect/token")
        }
    }

    /// Adds segments to the path.
    pub(super) fn below(mut self, path: &'static str) -> Self {
        self.path.extend(path.split('/').map(str::to_owned));
        self
    }

    /// Adds a query parameter.
    pub(super) fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.query
            .push((name.into(), Zeroizing::new(value.to_string())));
        self
    }

    /// Adds the password of a template or token, if there is one. In a query the Backbone reads
    /// standard base64 only.
    pub(super) fn password(self, name: &str, password: Option<&PasswordBytes>) -> Self {
        let Some(password) = password else {
            return self;
        };
        let text = password.to_text();
        let mut call = self.hiding(&text);
        call.query.push((name.to_owned(), text));
        call
    }

    /// Sets a JSON body. What can't be written as JSON becomes an empty object, which the
    /// server refuses; no wire type is such.
    pub(super) fn json(mut self, body: &impl Serialize) -> Self {
        let bytes = serde_json::to_vec(body).unwrap_or_else(|_| b"{}".to_vec());
        self.body = Body::Json(Zeroizing::new(bytes));
        self
    }

    /// Says that making the call twice does no harm.
    pub(super) fn harmless(mut self) -> Self {
        self.repeat = Repeat::Harmless;
        self
    }

    /// Adds the header that asks for an answer only if it changed.
    pub(super) fn if_none_match(mut self, etag: Option<&str>) -> Self {
        self.if_none_match = etag.map(str::to_owned);
        self
    }

    /// Gives the call the time that many bytes need.
    pub(super) fn transfer(mut self) -> Self {
        self.is_transfer = true;
        self
    }

    /// Leaves the body of a success to whoever made the call.
    pub(super) fn streaming(mut self) -> Self {
        self.is_streaming = true;
        self
    }

    /// Asks for events that come as long as somebody listens.
    pub(super) fn listening(mut self) -> Self {
        self.is_listening = true;
        self.streaming()
    }

    /// Adds the header with the datawallet version.
    pub(super) fn with_datawallet_version(mut self) -> Self {
        self.tells_datawallet_version = true;
        self
    }

    /// Remembers a text that no error may show.
    pub(super) fn hiding(mut self, secret: &str) -> Self {
        // Shorter ones would be found in harmless text.
        if secret.len() >= 4 {
            self.secrets.push(Zeroizing::new(secret.to_owned()));
        }
        self
    }

    /// Whether `text` repeats a secret of this call.
    pub(super) fn repeats_secret(&self, text: &str) -> bool {
        self.secrets
            .iter()
            .any(|secret| text.contains(secret.as_str()))
    }
}

/// `application/x-www-form-urlencoded`: everything but letters, digits and `-._` is encoded,
/// which every reader of such forms understands.
fn push_encoded(form: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            form.push(char::from(byte));
        } else {
            form.push('%');
            form.push(char::from(DIGITS[usize::from(byte >> 4)]));
            form.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_take_their_places() {
        let call = Call::put("Relationships/{}", &["REL1"]).below("Reactivate/Accept");
        assert_eq!(
            call.path,
            ["api", "v2", "Relationships", "REL1", "Reactivate", "Accept"]
        );
        assert_eq!(call.repeat, Repeat::OnlyUnsent);
        assert_eq!(Call::get("Version", &[]).repeat, Repeat::Harmless);
    }

    #[test]
    fn forms_are_encoded() {
        let call = Call::log_in(&[("a", "ä &=+%"), ("b", "x-._~")]);
        let Body::Form(form) = call.body else {
            unreachable!("a login has a form");
        };
        assert_eq!(form.as_str(), "a=%C3%A4%20%26%3D%2B%25&b=x-._%7E");
    }
}

//! What can go wrong between here and the Backbone.

use std::time::Duration;

use serde::Deserialize;

use crate::{DISK_FULL_CODE, ErrorEnvelope, error_codes};

/// How many characters of a server's message are kept.
const MAX_MESSAGE_CHARACTERS: usize = 500;
/// How many bytes an error code may have.
const MAX_CODE_BYTES: usize = 200;

/// Why a call to the Backbone failed.
///
/// No text of it holds a password, an access token or a query string.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The Backbone answered with an error.
    #[error("the Backbone answered {status}: {message}")]
    Backbone {
        /// The HTTP status.
        status: u16,
        /// The server's code, or the one that enmeshed's own client makes of a status without
        /// error body.
        code: String,
        /// The server's message without control characters, at most 500 characters.
        message: String,
        /// The server's name for this one error (`ERR…`), for a report to its operator.
        id: Option<String>,
    },
    /// 401, also with a fresh access token.
    #[error("the Backbone does not accept the access token, not even a new one")]
    Unauthorized,
    /// The device is locked for some minutes after wrong passwords.
    #[error("the device is locked for some minutes because of wrong passwords")]
    Locked,
    /// User name and password of the device are not (or no longer) right. Also the answer for
    /// an identity whose deletion is through.
    #[error("the Backbone refuses user name and password of this device")]
    NotAuthorizedGrant,
    /// Logging in is not possible for another reason, e.g. a wrong client id or secret (401).
    #[error("logging in is not possible, the Backbone answered {status}")]
    NoAuthPossible {
        /// The HTTP status of the token endpoint.
        status: u16,
    },
    /// No answer.
    #[error("{kind}")]
    Network {
        /// What happened.
        kind: NetworkFailure,
    },
    /// An answer came but makes no sense.
    #[error("{what}")]
    UnexpectedAnswer {
        /// What is wrong with it.
        what: AnswerFault,
    },
    /// The Backbone is of a generation that this client can't talk to.
    #[error("{generation}")]
    WrongGeneration {
        /// In which direction.
        generation: Generation,
    },
    /// 429: a quota is used up, or calls come too fast.
    #[error("the Backbone takes no more calls of this kind for now")]
    TooManyRequests {
        /// The code: `error.platform.quotaExhausted`, or `error.platform.unexpected` where the
        /// answer has no error body.
        code: String,
        /// The quotas that are used up. All of them are when the identity is to be deleted.
        quotas: Vec<ExhaustedQuota>,
        /// After what time the server wants to be asked again, if it said so.
        retry_after: Option<Duration>,
    },
    /// The base URL can't be one.
    #[error("the address of the Backbone is not usable: {what}")]
    InvalidBaseUrl {
        /// What is wrong with it.
        what: &'static str,
    },
    /// What was to be uploaded can't be; nothing was sent.
    #[error("{what}")]
    File {
        /// What is wrong with it.
        what: FileFault,
    },
    /// The parts for encrypted connections could not be set up.
    #[error("encrypted connections can't be set up on this computer")]
    NoTls,
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NetworkFailure {
    /// No connection.
    #[error("no connection to the Backbone")]
    Connect,
    /// The time is up.
    #[error("the Backbone did not answer in time")]
    Timeout,
    /// The host name has no address.
    #[error("the host name of the Backbone is not known")]
    Dns,
    /// The encrypted connection failed, e.g. because of a certificate.
    #[error("no trustworthy connection to the Backbone: its certificate or encryption is refused")]
    Tls,
    /// The connection broke before there was an answer.
    #[error("the connection to the Backbone broke")]
    Aborted,
}

/// What is wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnswerFault {
    /// It is not JSON.
    #[error("the answer of the Backbone is not JSON")]
    NotJson,
    /// It has no `result`.
    #[error("the answer of the Backbone has no result")]
    NoResult,
    /// It does not have the form of this call's answers.
    #[error("the answer of the Backbone does not have the form it should have")]
    Form,
    /// It ended early.
    #[error("the answer of the Backbone ended too early")]
    CutOff,
    /// It is larger than allowed.
    #[error("the answer of the Backbone is too large")]
    TooLarge,
    /// It is not HTTP.
    #[error("what answers there does not speak HTTP")]
    NotHttp,
    /// It leads elsewhere: to another host, to an unencrypted page, or round in circles.
    #[error("the Backbone redirects to where this client does not follow")]
    Redirect,
    /// A list changed at each attempt to read all its pages.
    #[error("the list keeps changing while it is read")]
    KeepsChanging,
}

/// Why a file can't be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// The file of this computer can't be read.
    #[error("the file can't be read: {0}")]
    NotReadable(std::io::ErrorKind),
    /// It has more than [`MAX_FILE_BYTES`](crate::limits::MAX_FILE_BYTES) bytes.
    #[error("the file is larger than a Backbone takes")]
    TooLarge,
}

/// Which way a Backbone is out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Generation {
    /// It does not know API version 2, or what answers there is no Backbone at all.
    #[error("this Backbone is too old for this program, or there is no Backbone at this address")]
    TooOld,
    /// It is newer than what this client was made for.
    #[error("this Backbone is too new for this program")]
    TooNew,
}

/// A quota that is used up.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExhaustedQuota {
    /// What is counted, e.g. `NumberOfTokens`.
    pub metric_key: String,
    /// Until when, as the server writes it (up to seven decimals).
    #[serde(default)]
    pub is_exhausted_until: Option<String>,
}

impl ClientError {
    /// enmeshed's code of this error where it has one.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Backbone { code, .. } | Self::TooManyRequests { code, .. } => code,
            Self::Unauthorized => error_codes::UNAUTHORIZED,
            Self::Locked => "error.tessera.backbone.deviceLocked",
            Self::NotAuthorizedGrant => "error.transport.request.noAuthGrant",
            Self::NoAuthPossible { .. } => "error.transport.request.noAuthPossible",
            Self::Network { kind } => match kind {
                NetworkFailure::Connect | NetworkFailure::Tls => "error.transport.request.network",
                NetworkFailure::Dns => "error.transport.request.addressNotFound",
                NetworkFailure::Timeout | NetworkFailure::Aborted => {
                    "error.transport.request.aborted"
                }
            },
            Self::UnexpectedAnswer { what } => match what {
                AnswerFault::NoResult => "error.transport.request.resultUndefined",
                AnswerFault::TooLarge => "error.transport.request.bodyLengthExceeded",
                AnswerFault::Redirect => error_codes::UNEXPECTED,
                _ => "error.transport.request.unknown",
            },
            Self::WrongGeneration { generation } => match generation {
                Generation::TooOld => "error.tessera.backbone.tooOld",
                Generation::TooNew => "error.tessera.backbone.tooNew",
            },
            Self::InvalidBaseUrl { .. } => "error.tessera.backbone.invalidBaseUrl",
            Self::File { what } => match what {
                FileFault::NotReadable(_) => "error.tessera.backbone.fileNotReadable",
                FileFault::TooLarge => "error.transport.files.maxFileSizeExceeded",
            },
            Self::NoTls => "error.tessera.backbone.noTls",
        }
    }

    /// The HTTP status of an error answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Backbone { status, .. } | Self::NoAuthPossible { status } => Some(*status),
            Self::Unauthorized => Some(401),
            Self::TooManyRequests { .. } => Some(429),
            _ => None,
        }
    }

    /// Whether the Backbone says that there is no such record *for this identity*: unknown,
    /// expired, meant for somebody else, or the password is wrong.
    #[must_use]
    pub fn is_record_not_found(&self) -> bool {
        self.code() == error_codes::RECORD_NOT_FOUND
    }

    /// Whether the call may or may not have taken effect: it may have reached the server, and
    /// no answer says what came of it.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        match self {
            Self::Network { kind } => {
                matches!(kind, NetworkFailure::Timeout | NetworkFailure::Aborted)
            }
            Self::UnexpectedAnswer { .. } => true,
            Self::Backbone { status, code, .. } => *status >= 500 && code != DISK_FULL_CODE,
            _ => false,
        }
    }
}

/// Makes an error of an answer whose status is not 2xx.
///
/// `is_secret` says whether a text repeats something that must not be shown.
pub(super) fn from_answer(
    status: u16,
    body: &[u8],
    retry_after: Option<Duration>,
    is_secret: impl Fn(&str) -> bool,
) -> ClientError {
    if status == 401 {
        return ClientError::Unauthorized;
    }
    let body = serde_json::from_slice::<ErrorEnvelope>(body)
        .ok()
        .map(|envelope| envelope.error)
        .filter(|error| is_code(&error.code) && !is_secret(&error.code));
    let client_made = match status {
        403 => error_codes::FORBIDDEN,
        404 => "error.transport.request.notFound",
        405 | 429 => error_codes::UNEXPECTED,
        400..500 => "error.transport.request.badRequest",
        _ => error_codes::UNEXPECTED,
    };
    let code = body
        .as_ref()
        .map_or(client_made, |body| &body.code)
        .to_owned();
    if status == 429 {
        let quotas = body.map(|body| exhausted_quotas(body.data));
        return ClientError::TooManyRequests {
            code,
            quotas: quotas.unwrap_or_default(),
            retry_after,
        };
    }
    let message = body
        .as_ref()
        .map(|body| body.message.as_str())
        .filter(|message| !message.is_empty())
        .map_or_else(
            || "no explanation".to_owned(),
            |message| {
                if is_secret(message) {
                    "(its text repeats a secret and is left out)".to_owned()
                } else {
                    shown(message)
                }
            },
        );
    let is_id = |id: &String| {
        (1..=40).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    ClientError::Backbone {
        status,
        code,
        message,
        id: body.map(|body| body.id).filter(is_id),
    }
}

fn exhausted_quotas(data: serde_json::Value) -> Vec<ExhaustedQuota> {
    let serde_json::Value::Array(entries) = data else {
        return Vec::new();
    };
    entries
        .into_iter()
        .take(20)
        .filter_map(|entry| serde_json::from_value::<ExhaustedQuota>(entry).ok())
        .map(|quota| ExhaustedQuota {
            metric_key: shown(&quota.metric_key),
            is_exhausted_until: quota.is_exhausted_until.as_deref().map(shown),
        })
        .collect()
}

fn is_code(text: &str) -> bool {
    (1..=MAX_CODE_BYTES).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

/// Text of a server as it may be shown and logged: one line, nothing that changes how other
/// text is shown, bounded.
fn shown(text: &str) -> String {
    let kept = text.chars().map(|c| if c == '\n' { ' ' } else { c });
    kept.filter(|c| !c.is_control() && !is_direction_mark(*c))
        .take(MAX_MESSAGE_CHARACTERS)
        .collect()
}

/// Characters that turn the direction of text or are invisible.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(status: u16, body: &str) -> ClientError {
        from_answer(status, body.as_bytes(), None, |text| {
            text.contains("hunter2")
        })
    }

    #[test]
    fn a_status_without_error_body_gets_the_code_that_enmeshed_gives_it() {
        for (status, code) in [
            (304, "error.platform.unexpected"),
            (400, "error.transport.request.badRequest"),
            (401, "error.platform.unauthorized"),
            (403, "error.platform.forbidden"),
            (404, "error.transport.request.notFound"),
            (405, "error.platform.unexpected"),
            (418, "error.transport.request.badRequest"),
            (429, "error.platform.unexpected"),
            (500, "error.platform.unexpected"),
            (502, "error.platform.unexpected"),
        ] {
            for body in [
                "",
                "<html>",
                "{}",
                r#"{"error":"x"}"#,
                r#"{"error":{"code":"a b"}}"#,
            ] {
                assert_eq!(error(status, body).code(), code, "{status} {body}");
            }
        }
    }

    #[test]
    fn code_message_and_id_of_the_server_are_kept_and_made_harmless() {
        let long = "x".repeat(10_000);
        let body = format!(
            r#"{{"error":{{"id":"ERR7QK2MVX9T4B1HJ8CN","code":"error.platform.recordNotFound","message":"Token\u001b[31m not\nfound\u202e. {long}"}}}}"#
        );
        let error = error(404, &body);
        assert!(error.is_record_not_found());
        let ClientError::Backbone {
            status,
            message,
            id,
            ..
        } = error
        else {
            unreachable!("a 404 is an answer of the Backbone");
        };
        assert_eq!(status, 404);
        assert!(message.starts_with("Token[31m not found. xxx"));
        assert_eq!(message.chars().count(), 500);
        assert_eq!(id.as_deref(), Some("ERR7QK2MVX9T4B1HJ8CN"));
    }

    #[test]
    fn a_message_that_repeats_a_secret_is_left_out() {
        let error = error(
            400,
            r#"{"error":{"code":"error.platform.inputCannotBeParsed","message":"'password': hunter2","id":"<script>"}}"#,
        );
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert!(!format!("{error:?}").contains("script"));
    }

    #[test]
    fn exhausted_quotas_are_told() {
        let error = error(
            429,
            r#"{"error":{"code":"error.platform.quotaExhausted","data":[{"metricKey":"NumberOfTokens","isExhaustedUntil":"9999-12-31T23:59:59.9999999Z"},7]}}"#,
        );
        assert_eq!(error.code(), "error.platform.quotaExhausted");
        let ClientError::TooManyRequests { quotas, .. } = error else {
            unreachable!("429");
        };
        assert_eq!(quotas.len(), 1);
        assert_eq!(quotas[0].metric_key, "NumberOfTokens");
    }
}

//! What the endpoints are written with: calls that end in a value.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::{
    AnswerFault, ClientError,
    call::Call,
    connection::{Answer, Connection},
    session::Session,
};
use crate::{Envelope, limits::MAX_PAGE_SIZE};

/// How many pages a list may have.
const MAX_PAGES: u64 = 5_000;
/// How many times a list is read from its beginning because it changed meanwhile.
const MAX_READINGS: u32 = 5;
/// How many ids go into one question for a list: query strings have to stay short.
const IDS_PER_QUESTION: usize = 50;

/// A connection, and who talks.
#[derive(Clone, Debug)]
pub(super) struct Channel {
    pub(super) connection: Arc<Connection>,
    pub(super) session: Option<Arc<Session>>,
}

impl Channel {
    /// Makes a call whose answer may be any status.
    pub(super) async fn any(&self, call: &Call) -> Result<Answer, ClientError> {
        self.connection.run(self.session.as_deref(), call).await
    }

    /// Makes a call and reads the `result` of its answer.
    pub(super) async fn result<T: DeserializeOwned>(&self, call: Call) -> Result<T, ClientError> {
        Ok(self.page(&call).await?.result)
    }

    /// Makes a call whose answer has nothing to say.
    pub(super) async fn done(&self, call: Call) -> Result<(), ClientError> {
        self.succeed(&call).await.map(|_| ())
    }

    /// Reads all pages of a list, anew when it changed between two of them: the pages are
    /// computed for each question, so an entry could have slipped from one to the other.
    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        call: impl Fn() -> Call,
    ) -> Result<Vec<T>, ClientError> {
        for _ in 0..MAX_READINGS {
            if let Some(list) = self.list_once(&call).await? {
                return Ok(list);
            }
        }
        Err(ClientError::UnexpectedAnswer {
            what: AnswerFault::KeepsChanging,
        })
    }

    /// Reads the entries of a list with these ids, some at a time. `call` gets each part.
    pub(super) async fn list_by_ids<I, T: DeserializeOwned>(
        &self,
        ids: &[I],
        call: impl Fn(&[I]) -> Call,
    ) -> Result<Vec<T>, ClientError> {
        let mut list = Vec::new();
        for part in ids.chunks(IDS_PER_QUESTION) {
            list.append(&mut self.list(|| call(part)).await?);
        }
        Ok(list)
    }

    /// Looks through a list from its newest entries to its oldest, page by page, until `wanted`
    /// takes one. Entries that are added or removed meanwhile hide none of the others.
    pub(super) async fn find_newest<T: DeserializeOwned>(
        &self,
        call: impl Fn() -> Call,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Option<T>, ClientError> {
        let first: Envelope<Vec<T>> = self.page(&sized(call(), 1)).await?;
        let pages = first
            .pagination
            .map_or(1, |pagination| pagination.total_pages);
        for number in (2..=pages).rev() {
            let page: Envelope<Vec<T>> = self.page(&sized(call(), number)).await?;
            if let Some(found) = page.result.into_iter().rfind(&wanted) {
                return Ok(Some(found));
            }
        }
        // Anew if there were others: what was removed meanwhile has moved the rest up.
        let first = if pages > 1 {
            self.page(&sized(call(), 1)).await?
        } else {
            first
        };
        Ok(first.result.into_iter().rfind(wanted))
    }

    async fn list_once<T: DeserializeOwned>(
        &self,
        call: impl Fn() -> Call,
    ) -> Result<Option<Vec<T>>, ClientError> {
        let first: Envelope<Vec<T>> = self.page(&sized(call(), 1)).await?;
        let mut list = first.result;
        let Some(pagination) = first.pagination else {
            return Ok(Some(list));
        };
        if pagination.total_pages > MAX_PAGES {
            return Err(ClientError::UnexpectedAnswer {
                what: AnswerFault::TooLarge,
            });
        }
        for number in 2..=pagination.total_pages {
            let mut page: Envelope<Vec<T>> = self.page(&sized(call(), number)).await?;
            let records = page.pagination.map(|pagination| pagination.total_records);
            if records != Some(pagination.total_records) {
                return Ok(None);
            }
            list.append(&mut page.result);
        }
        Ok(Some(list))
    }

    async fn page<T: DeserializeOwned>(&self, call: &Call) -> Result<Envelope<T>, ClientError> {
        let answer = self.succeed(call).await?;
        read_envelope(&answer.body)
    }

    async fn succeed(&self, call: &Call) -> Result<Answer, ClientError> {
        let session = self.session.as_deref();
        self.connection.succeed(session, call).await
    }
}

fn sized(call: Call, page_number: u64) -> Call {
    let call = call.query("pageSize", MAX_PAGE_SIZE);
    if page_number == 1 {
        call
    } else {
        call.query("pageNumber", page_number)
    }
}

/// Reads the envelope of a success.
pub(super) fn read_envelope<T: DeserializeOwned>(body: &[u8]) -> Result<Envelope<T>, ClientError> {
    serde_json::from_slice(body).map_err(|error| {
        // The text of `error` may quote the answer.
        let what = if !error.is_data() {
            AnswerFault::NotJson
        } else if has_result(body) {
            AnswerFault::Form
        } else {
            AnswerFault::NoResult
        };
        ClientError::UnexpectedAnswer { what }
    })
}

fn has_result(body: &[u8]) -> bool {
    serde_json::from_slice::<Envelope<serde_json::Value>>(body)
        .is_ok_and(|envelope| !envelope.result.is_null())
}

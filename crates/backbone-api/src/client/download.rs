//! A download, as it arrives.

use std::fmt;

use reqwest::Response;

use super::{AnswerFault, ClientError, call::Call, channel::Channel, connection::reading_failed};

/// The bytes of a file on their way here. Dropping it ends the download.
pub struct FileDownload {
    response: Response,
    /// How many more bytes are taken.
    left: usize,
}

impl FileDownload {
    /// Makes a call and leaves the reading of its answer to the caller.
    pub(super) async fn begin(channel: &Channel, call: Call) -> Result<Self, ClientError> {
        let connection = &channel.connection;
        let call = call.streaming();
        let answer = connection
            .succeed(channel.session.as_deref(), &call)
            .await?;
        let response = answer.unread.ok_or(ClientError::UnexpectedAnswer {
            what: AnswerFault::Form,
        })?;
        Ok(Self {
            response,
            left: connection.settings().max_answer_bytes,
        })
    }

    /// How many bytes the server says that there are; what it says need not be true.
    #[must_use]
    pub fn announced_bytes(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next bytes, `None` at the end.
    ///
    /// # Errors
    ///
    /// [`ClientError`]: the connection broke, the time is up, or there are more bytes than
    /// [`max_answer_bytes`](super::ClientSettings::max_answer_bytes).
    pub async fn chunk(&mut self) -> Result<Option<Vec<u8>>, ClientError> {
        let chunk = self.response.chunk().await;
        let Some(chunk) = chunk.map_err(|error| reading_failed(&error))? else {
            return Ok(None);
        };
        self.left = self
            .left
            .checked_sub(chunk.len())
            .ok_or(ClientError::UnexpectedAnswer {
                what: AnswerFault::TooLarge,
            })?;
        Ok(Some(chunk.into()))
    }

    /// All bytes.
    ///
    /// # Errors
    ///
    /// As [`chunk`](Self::chunk).
    pub async fn read(mut self) -> Result<Vec<u8>, ClientError> {
        let mut bytes = Vec::new();
        while let Some(mut chunk) = self.chunk().await? {
            bytes.append(&mut chunk);
        }
        Ok(bytes)
    }
}

impl fmt::Debug for FileDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDownload")
            .field("announced_bytes", &self.announced_bytes())
            .finish_non_exhaustive()
    }
}

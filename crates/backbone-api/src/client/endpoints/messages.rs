//! Messages.

use tessera_core_types::MessageId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::messages::{Message, SendMessageRequest, SentMessage};

impl AuthenticatedClient {
    /// `POST Messages`. Not repeated when it may have reached the server.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn send_message(
        &self,
        request: &SendMessageRequest,
    ) -> Result<SentMessage, ClientError> {
        let call = Call::post("Messages", &[]).json(request);
        self.channel.result(call).await
    }

    /// `GET Messages/{id}`. For a recipient this marks it as received.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn message(&self, id: &MessageId) -> Result<Message, ClientError> {
        let call = Call::get("Messages/{}", &[id.as_str()]);
        self.channel.result(call).await
    }

    /// `GET Messages`: those of the given ones that are visible; for a recipient this marks them
    /// as received.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn messages(&self, ids: &[MessageId]) -> Result<Vec<Message>, ClientError> {
        let call = |part: &[MessageId]| {
            part.iter()
                .fold(Call::get("Messages", &[]), |call, id| call.query("ids", id))
        };
        self.channel.list_by_ids(ids, call).await
    }
}

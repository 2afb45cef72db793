//! Messages.

use tessera_core_types::MessageId;

use super::super::{AuthenticatedClient, ClientError, call::Call};
use crate::{
    Bytes,
    messages::{Message, SendMessageRequest, SentMessage},
};

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

    /// Looks for a Message that this identity may have sent: the one with this body. Tells whether
    /// a `POST` whose answer got lost has arrived.
    ///
    /// `GET Messages`, all that are visible, from the newest on.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn find_sent_message(
        &self,
        body: &Bytes,
    ) -> Result<Option<SentMessage>, ClientError> {
        let found: Option<Message> = self
            .channel
            .find_newest(
                || Call::get("Messages", &[]),
                |message: &Message| message.body == *body,
            )
            .await?;
        Ok(found.map(|message| SentMessage {
            id: message.id,
            created_at: message.created_at,
        }))
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

    /// `GET Messages` without ids: all that are visible; for a recipient this marks them as
    /// received.
    ///
    /// # Errors
    ///
    /// [`ClientError`].
    pub async fn all_messages(&self) -> Result<Vec<Message>, ClientError> {
        self.channel.list(|| Call::get("Messages", &[])).await
    }
}

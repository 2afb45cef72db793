//! The Backbone's list of tags: fetched when it is needed, kept for when there is no connection.

use tessera_content::TagCollection;
use tessera_core_types::CoreDate;

use crate::{
    Result, Wallet,
    store::{self, Transaction},
};

/// Where the Backbone's tags are kept.
const TAGS: &str = "backbone.tags";
/// When they were asked for last, and with which ETag.
const TAGS_STATE: &str = "backbone.tagsState";
/// They are asked for at most so often.
const TAGS_SECONDS: i64 = 300;

impl Wallet {
    /// Fetches the Backbone's tags when they are not fresh. Without a connection those that are
    /// stored stay in use.
    pub(crate) async fn refresh_tags(&self) {
        if let Err(error) = self.try_refresh_tags().await {
            tracing::debug!(code = %error.code(), "the tags could not be fetched");
        }
    }

    async fn try_refresh_tags(&self) -> Result<()> {
        let now = self.now();
        let state: Option<(CoreDate, Option<String>)> = self
            .inner
            .store
            .read(|transaction| store::settings::get(transaction, TAGS_STATE))
            .await?;
        let (asked_at, etag) = state.map_or((None, None), |(at, etag)| (Some(at), etag));
        let is_fresh = asked_at
            .is_some_and(|at| (0..TAGS_SECONDS * 1000).contains(&(now.millis() - at.millis())));
        if is_fresh {
            return Ok(());
        }
        let answer = self.client().anonymous().tags(etag.as_deref()).await?;
        self.inner
            .store
            .write(move |transaction| {
                let etag = match answer {
                    Some((tags, new_etag)) => {
                        store::settings::set(transaction, TAGS, &tags)?;
                        new_etag
                    }
                    None => etag,
                };
                store::settings::set(transaction, TAGS_STATE, &(now, etag))
            })
            .await?;
        Ok(())
    }
}

/// The Backbone's tags, as they were fetched last.
pub(crate) fn stored_tags(transaction: &Transaction<'_>) -> Result<Option<TagCollection>> {
    Ok(store::settings::get(transaction, TAGS)?)
}

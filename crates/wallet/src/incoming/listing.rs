//! Received Requests as a list.

use super::{load_request, summary};
use crate::{
    Result, Wallet,
    store::{
        self,
        request_lists::{RequestList, Wanted},
        window::Window,
    },
    views::{RequestPage, RequestSearch},
};

/// How many a page has at most.
pub(crate) const LARGEST_PAGE: u32 = 500;

impl Wallet {
    /// Those of the received Requests that are looked for, the newest first, at most 500 at a time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn search_requests(&self, mut search: RequestSearch) -> Result<RequestPage> {
        search.limit = search.limit.min(LARGEST_PAGE);
        self.expire_due().await?;
        self.inner
            .store
            .read(move |transaction| {
                let wanted = Wanted {
                    list: if search.is_closed {
                        RequestList::Closed
                    } else {
                        RequestList::Open
                    },
                    peer: search.peer.as_ref(),
                };
                let total = store::request_lists::count(transaction, wanted)?;
                let window = Window::new(search.offset, search.limit, total);
                let found = store::request_lists::page(transaction, wanted, window)?;
                let requests = found
                    .iter()
                    .map(|id| summary(transaction, &load_request(transaction, id)?));
                Ok(RequestPage {
                    requests: requests.collect::<Result<_>>()?,
                    total,
                    waiting: store::request_lists::waiting(transaction)?,
                })
            })
            .await
    }
}

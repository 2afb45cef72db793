//! Consent receipts: the person's own record of every decision.
//!
//! A receipt is written in the transaction of its decision, so there is neither one without the
//! other. It belongs to nothing that can be deleted, and holds everything that it takes to show it
//! again: what was asked, what was answered, and how who asked was shown then.

mod showing;
mod writing;

use tessera_core_types::RequestId;

pub(crate) use writing::write;

use crate::{
    Result, Wallet, WalletError, store,
    views::{Receipt, ReceiptPage, ReceiptSearch, ReceiptView},
};

/// How many a page has at most.
const LARGEST_PAGE: u32 = 500;

impl Wallet {
    /// The receipts that are looked for, the newest first, at most 500 at a time. Decisions that
    /// were made before there were receipts have none.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn receipts(&self, search: &ReceiptSearch) -> Result<ReceiptPage> {
        let search = ReceiptSearch {
            limit: search.limit.min(LARGEST_PAGE),
            ..search.clone()
        };
        self.inner
            .store
            .read(move |transaction| {
                let total = store::receipts::count(transaction, &search)?;
                let found = store::receipts::page(transaction, &search, total)?;
                Ok(ReceiptPage {
                    receipts: found.into_iter().map(showing::summary).collect(),
                    total,
                })
            })
            .await
    }

    /// The receipt with this number: the document that is exported.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn receipt(&self, number: i64) -> Result<Receipt> {
        self.inner
            .store
            .read(move |transaction| {
                store::receipts::by_number(transaction, number)?
                    .ok_or(WalletError::NotFound("receipt"))
            })
            .await
    }

    /// A receipt with what it takes to draw it.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`].
    pub async fn receipt_view(&self, number: i64) -> Result<ReceiptView> {
        let receipt = self.receipt(number).await?;
        let form = showing::form(&receipt)?;
        let id = receipt.content.request.id.clone();
        let (message, received_at) = self
            .inner
            .store
            .read(move |transaction| {
                let number = store::messages::number_of_request(transaction, &id)?;
                let fetched = match number {
                    Some(number) => store::deliveries::fetched(transaction, number)?,
                    None => Vec::new(),
                };
                Ok::<_, WalletError>((number, fetched.first().map(|(_, at)| *at)))
            })
            .await?;
        Ok(ReceiptView {
            receipt,
            message,
            received_at,
            form,
        })
    }

    /// The number of the newest receipt of a Request; `None` when it was not decided, or before
    /// there were receipts.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn receipt_of(&self, request: &RequestId) -> Result<Option<i64>> {
        let request = request.clone();
        Ok(self
            .inner
            .store
            .read(move |transaction| store::receipts::number_of(transaction, &request))
            .await?)
    }
}

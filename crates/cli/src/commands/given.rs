//! Who has what of the person's.

use serde_json::{Value, json};
use tessera_wallet::{Wallet, given_as_csv, views::GivenSearch};

use super::document;
use crate::{arguments::Given, failure::Failure, files::NewFile};

pub async fn run(wallet: &Wallet, given: Given) -> Result<Value, Failure> {
    let search = GivenSearch {
        text: given.text,
        peer: given.with,
        attribute: given.attribute,
        stale_only: given.stale,
        asked_back_only: given.asked_back,
        ..GivenSearch::default()
    };
    let Some(file) = given.csv else {
        return document(wallet.all_given(search).await?);
    };
    let target = NewFile::prepare_new(&file)?;
    let entries = wallet.all_given(search).await?;
    target.write(given_as_csv(&entries).as_bytes())?;
    Ok(json!({ "rows": entries.len(), "file": file }))
}

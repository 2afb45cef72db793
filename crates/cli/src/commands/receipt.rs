//! Consent receipts.

use serde_json::{Value, json};
use tessera_wallet::{Wallet, views::ReceiptSearch};

use super::document;
use crate::{arguments::ReceiptCommand, failure::Failure, files::NewFile};

pub async fn run(wallet: &Wallet, command: ReceiptCommand) -> Result<Value, Failure> {
    match command {
        ReceiptCommand::List {
            with,
            before,
            limit,
        } => {
            let search = ReceiptSearch {
                peer: with,
                before,
                limit,
                ..ReceiptSearch::default()
            };
            document(wallet.receipts(&search).await?)
        }
        ReceiptCommand::Show { number } => Ok(wallet.receipt(number).await?.document()),
        ReceiptCommand::Export { number, out } => {
            let target = NewFile::prepare_new(&out)?;
            let receipt = wallet.receipt(number).await?.document();
            target.write(format!("{receipt:#}\n").as_bytes())?;
            Ok(json!({ "number": number, "file": out }))
        }
    }
}

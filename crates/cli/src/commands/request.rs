//! Requests, received and own.

use std::path::PathBuf;

use serde_json::Value;
use tessera_content::{Decision, RejectParameters, Request};
use tessera_core_types::RequestId;
use tessera_wallet::{Wallet, WalletError};

use super::{document, with};
use crate::{
    arguments::{DecisionFile, RequestCommand},
    failure::Failure,
    files,
};

pub async fn run(wallet: &Wallet, command: RequestCommand) -> Result<Value, Failure> {
    match command {
        RequestCommand::List => document(wallet.requests().await?),
        RequestCommand::Show { id } => {
            let request = document(wallet.request(&id).await?)?;
            let form = document(wallet.form(&id).await?)?;
            Ok(with(request, [("form".to_owned(), form)]))
        }
        RequestCommand::Check { id, decision } => {
            let decision = decide(wallet, &id, decision).await?;
            document(wallet.check(&id, &decision).await?)
        }
        RequestCommand::Accept { id, decision } => {
            let decision = decide(wallet, &id, decision).await?;
            accept(wallet, &id, &decision).await
        }
        RequestCommand::Reject {
            id,
            decision: Some(file),
            ..
        } => {
            let decision = read_decision(file)?;
            document(wallet.reject_with(&id, &decision).await?)
        }
        RequestCommand::Reject {
            id, code, message, ..
        } => {
            let reason = RejectParameters { code, message };
            document(wallet.reject_because(&id, reason).await?)
        }
        RequestCommand::Send { to, content } => {
            let json = files::read_json(&content)?;
            let request = Request::parse(&json).map_err(|source| Failure::Content {
                file: content,
                source,
            })?;
            document(wallet.send_request(&to, request).await?)
        }
        RequestCommand::Dismiss { id, undo } => {
            wallet.dismiss_request(&id, !undo).await?;
            document(wallet.form(&id).await?.summary)
        }
    }
}

/// The Decision in the file; without one, what the form would show at first.
async fn decide(wallet: &Wallet, id: &RequestId, given: DecisionFile) -> Result<Decision, Failure> {
    let Some(file) = given.decision else {
        return Ok(wallet.default_decision(id).await?);
    };
    read_decision(file)
}

fn read_decision(file: PathBuf) -> Result<Decision, Failure> {
    let json = files::read_json(&file)?;
    Decision::parse(&json).map_err(|source| Failure::Content { file, source })
}

async fn accept(wallet: &Wallet, id: &RequestId, decision: &Decision) -> Result<Value, Failure> {
    match wallet.accept(id, decision).await {
        Ok(request) => document(request),
        Err(source @ WalletError::Decision(_)) => {
            let check = Box::new(wallet.check(id, decision).await?);
            Err(Failure::Decision { source, check })
        }
        Err(error) => Err(error.into()),
    }
}

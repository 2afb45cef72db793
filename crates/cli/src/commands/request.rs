//! Requests, received and own.

use std::{path::PathBuf, time::Duration};

use serde_json::{Value, json};
use tessera_content::{Decision, RejectParameters, Request};
use tessera_core_types::RequestId;
use tessera_wallet::{
    Wallet, WalletError, model::LocalRequest, requests::Verdict, views::HeldView,
};

use super::{document, with};
use crate::{
    arguments::{DecisionFile, RequestCommand},
    failure::Failure,
    files,
};

pub async fn run(wallet: &Wallet, command: RequestCommand) -> Result<Value, Failure> {
    match command {
        RequestCommand::List => list(wallet).await,
        RequestCommand::Show { id } => {
            let request = document(wallet.request(&id).await?)?;
            let form = document(wallet.form(&id).await?)?;
            Ok(with(request, [("form".to_owned(), form)]))
        }
        RequestCommand::Check { id, decision } => {
            let decision = decide(wallet, &id, decision).await?;
            document(wallet.check(&id, &decision).await?)
        }
        RequestCommand::Accept { id, decision, hold } => {
            let decision = decide(wallet, &id, decision).await?;
            accept(wallet, &id, &decision, hold.time()).await
        }
        RequestCommand::Reject {
            id,
            decision: Some(file),
            hold,
            ..
        } => {
            let decision = read_decision(file)?;
            wallet
                .hold(&id, Verdict::Reject, &decision, hold.time())
                .await?;
            one(wallet, &id).await
        }
        RequestCommand::Reject {
            id,
            code,
            message,
            hold,
            ..
        } => {
            let reason = RejectParameters { code, message };
            wallet.hold_rejection(&id, &reason, hold.time()).await?;
            one(wallet, &id).await
        }
        RequestCommand::TakeBack { id } => {
            let (verdict, decision) = wallet.take_back(&id).await?;
            let decision = document(decision)?;
            Ok(with(decision, [("verdict".to_owned(), json!(verdict))]))
        }
        RequestCommand::Obstacles { id } => document(wallet.check_relationship_of(&id).await?),
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

async fn accept(
    wallet: &Wallet,
    id: &RequestId,
    decision: &Decision,
    time: Duration,
) -> Result<Value, Failure> {
    match wallet.hold(id, Verdict::Accept, decision, time).await {
        Ok(_) => one(wallet, id).await,
        Err(source @ WalletError::Decision(_)) => {
            let check = Box::new(wallet.check(id, decision).await?);
            Err(Failure::Decision { source, check })
        }
        Err(error) => Err(error.into()),
    }
}

/// A Request as it is stored, with the decision that is held.
async fn one(wallet: &Wallet, id: &RequestId) -> Result<Value, Failure> {
    let held = wallet.held_decisions().await?.remove(id);
    shown(wallet.request(id).await?, held)
}

/// All of them, the same way.
async fn list(wallet: &Wallet) -> Result<Value, Failure> {
    let requests = wallet.requests().await?;
    let mut held = wallet.held_decisions().await?;
    requests
        .into_iter()
        .map(|request| {
            let held = held.remove(&request.id);
            shown(request, held)
        })
        .collect()
}

fn shown(request: LocalRequest, held: Option<HeldView>) -> Result<Value, Failure> {
    let held = held.map(|held| ("held".to_owned(), json!(held)));
    Ok(with(document(request)?, held))
}

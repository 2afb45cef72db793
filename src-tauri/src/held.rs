//! Decisions that are held: carried out when their time is over.

use std::{sync::Arc, time::Duration};

use tessera_wallet::Wallet;

use crate::app::App;

/// How long closing waits for what is held to be sent. What is not sent then waits in the database.
const CLOSING: Duration = Duration::from_secs(3);

/// The wait after a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(2);

/// Carries out what is held, each when its time is over. Looks again whenever something was held or
/// taken back.
pub async fn carry_out(app: Arc<App>, wallet: Wallet) {
    loop {
        let next = match wallet.next_held_in().await {
            Ok(next) => next,
            Err(_) => Some(AFTER_FAILURE),
        };
        let over = async {
            match next {
                Some(time) => tokio::time::sleep(time).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = app.held.notified() => continue,
            () = over => {}
        }
        if let Err(error) = wallet.carry_out_due().await {
            tracing::warn!(code = %error.code(), "a held decision waits for the next synchronisation");
            tokio::time::sleep(AFTER_FAILURE).await;
        }
        app.sync_soon();
    }
}

/// Carries out all that is held before the program ends: closing it takes nothing back.
pub async fn carry_out_before_closing(wallet: &Wallet) {
    match tokio::time::timeout(CLOSING, wallet.carry_out_all()).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => {
            tracing::warn!(code = %error.code(), "a held decision waits for the next start");
        }
        Err(_) => tracing::info!("what was held is sent at the next start"),
    }
}

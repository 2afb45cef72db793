//! The embedded Backbone as a program.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::Parser;
use tessera_backbone::{Backbone, PasswordHashCost, PasswordRule, Settings};
use tessera_backbone_api::SecretText;
use tracing_subscriber::EnvFilter;

/// A Backbone for enmeshed wallets on this computer: identities, relationships, messages and
/// devices meet here. Everything is kept in one file. Prints its base URL when it is ready; ends
/// at SIGTERM or Ctrl-C.
#[derive(Parser)]
#[command(name = "tessera-backbone", version)]
struct Arguments {
    /// The port on localhost; 0 for any that is free
    #[arg(long, default_value_t = 8090)]
    port: u16,
    /// The data file; made when it does not exist
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// An app that may connect, as its id and secret; may be given several times [default: test:test]
    #[arg(long = "client", value_name = "ID:SECRET", value_parser = parse_client)]
    clients: Vec<(String, SecretText)>,
    /// The host name in the base URL; part of all addresses, so it must stay the same for a file
    #[arg(long, default_value = "localhost", value_name = "NAME")]
    host_name: String,
    /// Take weak device passwords, check them cheaply, lock devices for one minute only: for
    /// running test suites, not for people's data
    #[arg(long)]
    development: bool,
    /// Log as JSON, one document a line
    #[arg(long)]
    log_json: bool,
}

fn parse_client(text: &str) -> Result<(String, SecretText), String> {
    match text.split_once(':') {
        Some((id, secret)) if !id.is_empty() => Ok((id.to_owned(), SecretText::from(secret))),
        _ => Err("expected ID:SECRET".to_owned()),
    }
}

impl Arguments {
    fn into_settings(self) -> Settings {
        let mut settings = Settings::new(self.data);
        settings.port = Some(self.port);
        settings.host_name = self.host_name;
        if !self.clients.is_empty() {
            settings.clients = self.clients;
        }
        if self.development {
            settings.password_rule = PasswordRule::NotEmpty;
            settings.password_hash_cost = PasswordHashCost::LOWEST;
            settings.login_lock_seconds = 60;
        }
        settings
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log_json);
    match run(arguments.into_settings()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(std::io::stderr(), "tessera-backbone: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Logs to standard error; `RUST_LOG` says how much.
fn start_log(is_json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if is_json {
        log.json().init();
    } else {
        log.init();
    }
}

async fn run(settings: Settings) -> Result<(), String> {
    let end = end_signal().map_err(|error| format!("cannot listen for signals: {error}"))?;
    let backbone = Backbone::start(settings)
        .await
        .map_err(|error| format!("{error} ({})", error.code()))?;
    let mut out = std::io::stdout();
    // Whoever started this may have closed its end; the server is useful all the same.
    let _ = writeln!(out, "{}", backbone.base_url()).and_then(|()| out.flush());
    tracing::info!(base_url = backbone.base_url(), "ready");
    end.await;
    tracing::info!("stopping");
    backbone.stop().await;
    Ok(())
}

#[cfg(unix)]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

#[cfg(not(unix))]
fn end_signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

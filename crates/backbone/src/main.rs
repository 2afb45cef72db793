//! The embedded Backbone as a program.

use std::{
    io::Write,
    net::IpAddr,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use tessera_backbone::{
    AdminSettings, Backbone, Configuration, PasswordHashCost, PasswordRule, Settings, TlsSettings,
};
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
    /// Where to listen instead of loopback, e.g. 0.0.0.0. Everybody who reaches this address is
    /// served. Without --tls-cert nothing is encrypted, and passwords can be read on the way: put
    /// a proxy with TLS in front
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<IpAddr>,
    /// A certificate (PEM, with its chain) for the host name: connections are encrypted with it,
    /// and the base URL begins with https
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The private key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// The data file; made when it does not exist
    #[arg(long, value_name = "FILE")]
    data: PathBuf,
    /// An app that may connect, as its id and secret; may be given several times [default: test:test]
    #[arg(long = "client", value_name = "ID:SECRET", value_parser = parse_client)]
    clients: Vec<(String, SecretText)>,
    /// The host name in the base URL; part of all addresses, so it must stay the same for a file
    #[arg(long, default_value = "localhost", value_name = "NAME")]
    host_name: String,
    /// How many recipients a message may have
    #[arg(long, default_value_t = 100, value_name = "NUMBER")]
    max_message_recipients: usize,
    /// A notification that identities may send to each other; may be given several times
    #[arg(long = "notification-code", value_name = "CODE")]
    notification_codes: Vec<String>,
    /// How large the data file may grow, in MiB; then nothing more is stored
    #[arg(long, value_name = "MIB")]
    max_data: Option<u64>,
    /// A JSON file with tags, quotas, app links and the like
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The port of the Admin API on localhost, which is off without this; needs --admin-key
    #[arg(long, value_name = "PORT", requires = "admin_key")]
    admin_port: Option<u16>,
    /// The key of the Admin API
    #[arg(
        long,
        value_name = "KEY",
        env = "TESSERA_BACKBONE_ADMIN_KEY",
        hide_env_values = true,
        value_parser = parse_key
    )]
    admin_key: Option<SecretText>,
    /// Delete identities whose grace period is over at once when anybody calls
    /// POST /__test/runDeletionJob: for running test suites
    #[arg(long)]
    test_hooks: bool,
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

fn parse_key(text: &str) -> Result<SecretText, String> {
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    Ok(SecretText::from(text))
}

impl Arguments {
    fn into_settings(self) -> Result<Settings, String> {
        let mut settings = Settings::new(self.data);
        settings.port = Some(self.port);
        settings.listen = self.listen;
        settings.tls = self
            .tls_cert
            .zip(self.tls_key)
            .map(|(certificate, key)| TlsSettings { certificate, key });
        settings.max_data_bytes = self.max_data.map(|mib| mib.saturating_mul(1024 * 1024));
        if let Some(file) = self.config {
            settings.configuration = read_configuration(&file)?;
        }
        settings.host_name = self.host_name;
        if !self.clients.is_empty() {
            settings.clients = self.clients;
        }
        settings.max_message_recipients = self.max_message_recipients;
        settings.notification_codes = self.notification_codes;
        settings.has_test_hooks = self.test_hooks;
        settings.admin = self
            .admin_port
            .zip(self.admin_key)
            .map(|(port, api_key)| AdminSettings {
                port: Some(port),
                api_key,
            });
        if self.development {
            settings.password_rule = PasswordRule::NotEmpty;
            settings.password_hash_cost = PasswordHashCost::LOWEST;
            settings.login_lock_seconds = 60;
        }
        Ok(settings)
    }
}

fn read_configuration(file: &Path) -> Result<Configuration, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot read {}: {error}", file.display());
    let text = std::fs::read(file).map_err(|error| failed(&error))?;
    serde_json::from_slice(&text).map_err(|error| failed(&error))
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log(arguments.log_json);
    match run(arguments).await {
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

async fn run(arguments: Arguments) -> Result<(), String> {
    let settings = arguments.into_settings()?;
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

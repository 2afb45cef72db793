//! Starting and stopping.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, ServiceExt, extract::Request};
use tokio::{
    net::TcpListener,
    sync::{broadcast, watch},
    task::JoinHandle,
};
use tower::{Layer, util::MapRequestLayer};

use crate::{
    BackboneError, Settings,
    app::{App, Shared},
    http::{
        connections::{Connections, CountedListener},
        layers, tls,
    },
    maintenance, routes,
    rules::{access_tokens::AccessTokens, passwords::PasswordHasher},
    store::{Database, quotas},
};

/// How long calls may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// Hints that a slow listener may lag behind.
const HINTS: usize = 1024;
/// How often a free port of 127.0.0.1 is looked for that is free on `::1`, too.
const PORT_TRIES: usize = 16;
/// The shortest lifetime of an access token: wallets renew theirs ten seconds before it ends.
const MIN_ACCESS_TOKEN_SECONDS: i64 = 60;

/// A running Backbone. Dropping it stops it, without waiting; [`Backbone::stop`] waits.
pub struct Backbone {
    base_url: String,
    admin_url: Option<String>,
    app: Shared,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Backbone {
    /// Opens the data file and listens on 127.0.0.1 and, where there is one, `::1`, unless the
    /// settings name another address. Must be called
    /// inside a tokio runtime; calls are served there.
    ///
    /// # Errors
    ///
    /// [`BackboneError`]: the port or the file is in use, the file is another program's or newer
    /// than this one, the disk is full, a setting is impossible. Nothing is left running then.
    pub async fn start(settings: Settings) -> Result<Self, BackboneError> {
        check(&settings)?;
        let tls = settings.tls.as_ref().map(tls::acceptor).transpose()?;
        let port = settings.port.unwrap_or_default();
        let listeners = match settings.listen {
            Some(address) => {
                if tls.is_none() {
                    warn_of(address);
                }
                vec![listen_on(address, port).await?]
            }
            None => listen(port).await?,
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        let base_url = url(scheme, &settings.host_name, &listeners);
        let admin_listeners = match &settings.admin {
            Some(admin) => listen(admin.port.unwrap_or_default()).await?,
            None => Vec::new(),
        };
        let admin_url = (!admin_listeners.is_empty())
            .then(|| url("http", &settings.host_name, &admin_listeners));
        let (hints, _) = broadcast::channel(HINTS);
        let (stop, stopping) = watch::channel(false);
        let app = tokio::task::spawn_blocking(move || -> Result<Shared, BackboneError> {
            let (database, key) = Database::open(&settings, hints.clone())?;
            Ok(Arc::new(App {
                database,
                access_tokens: AccessTokens::new(key),
                hasher: PasswordHasher::new(
                    settings.password_hash_cost,
                    Arc::clone(&settings.randomness),
                )?,
                hints,
                stopping,
                settings,
            }))
        })
        .await
        .map_err(|error| BackboneError::Listen(io::Error::other(error)))??;
        let connections = Arc::new(Connections::new(app.settings.max_connections));
        let api = listeners
            .into_iter()
            .map(|listener| (listener, tls.clone(), routes::router(Arc::clone(&app))));
        let admin = admin_listeners
            .into_iter()
            .map(|listener| (listener, None, routes::admin::router(Arc::clone(&app))));
        let mut tasks: Vec<_> = api
            .chain(admin)
            .map(|(listener, tls, router)| {
                let listener = CountedListener {
                    listener,
                    tls,
                    connections: Arc::clone(&connections),
                };
                tokio::spawn(serve(listener, router, app.stopping.clone()))
            })
            .collect();
        tasks.push(tokio::spawn(maintenance::run_regularly(Arc::clone(&app))));
        Ok(Self {
            base_url,
            admin_url,
            app,
            stop,
            tasks,
        })
    }

    /// Where clients find it: `http://<host name>:<port>` (`https` with a certificate), without a
    /// slash at the end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Where the Admin API is, if there is one.
    #[must_use]
    pub fn admin_url(&self) -> Option<&str> {
        self.admin_url.as_deref()
    }

    /// Lets running calls end (for some seconds at most), then closes the data file. After this
    /// another Backbone can open it.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for task in self.tasks.drain(..) {
            let abort = task.abort_handle();
            if tokio::time::timeout(GRACE, task).await.is_err() {
                abort.abort();
            }
        }
        self.app.database.close().await;
    }
}

impl Drop for Backbone {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
    }
}

fn check(settings: &Settings) -> Result<(), BackboneError> {
    if !settings.has_valid_host_name() {
        return Err(BackboneError::Setting(
            "the host name must have 3 to 45 lower-case letters, digits, dots and hyphens and end \
             with letters; an IP address cannot be part of addresses",
        ));
    }
    if settings.clients.is_empty() || settings.clients.iter().any(|(id, _)| id.is_empty()) {
        return Err(BackboneError::Setting(
            "at least one client with an id is needed",
        ));
    }
    if settings
        .admin
        .as_ref()
        .is_some_and(|admin| admin.api_key.expose().is_empty())
    {
        return Err(BackboneError::Setting("the Admin API needs a key"));
    }
    let quotas = &settings.configuration.quotas;
    if !quotas
        .iter()
        .all(|quota| quotas::is_metric(&quota.metric_key))
    {
        return Err(BackboneError::Setting(
            "a quota counts something that this Backbone does not count",
        ));
    }
    if settings.access_token_seconds < MIN_ACCESS_TOKEN_SECONDS {
        return Err(BackboneError::Setting(
            "access tokens must last at least 60 seconds",
        ));
    }
    Ok(())
}

fn url(scheme: &str, host_name: &str, listeners: &[TcpListener]) -> String {
    let port = listeners
        .first()
        .and_then(|listener| listener.local_addr().ok())
        .map_or(0, |address| address.port());
    format!("{scheme}://{host_name}:{port}")
}

/// Listens on both addresses that `localhost` can mean: a client may try either first.
async fn listen(port: u16) -> Result<Vec<TcpListener>, BackboneError> {
    let in_use = |error: &io::Error| error.kind() == io::ErrorKind::AddrInUse;
    let mut tries = if port == 0 { PORT_TRIES } else { 1 };
    loop {
        tries -= 1;
        let v4 = match bind(Ipv4Addr::LOCALHOST.into(), port).await {
            Ok(listener) => listener,
            Err(error) if in_use(&error) => return Err(BackboneError::PortInUse { port }),
            Err(error) => return Err(BackboneError::Listen(error)),
        };
        let chosen = v4.local_addr().map_err(BackboneError::Listen)?.port();
        match bind(Ipv6Addr::LOCALHOST.into(), chosen).await {
            Ok(v6) => return Ok(vec![v4, v6]),
            Err(error) if in_use(&error) && tries > 0 => {}
            Err(error) if in_use(&error) => {
                return Err(BackboneError::PortInUse { port: chosen });
            }
            // This computer has no IPv6.
            Err(_) => return Ok(vec![v4]),
        }
    }
}

/// Whoever reaches an address beyond this computer can listen in, so that is said.
fn warn_of(address: IpAddr) {
    if !address.is_loopback() {
        tracing::warn!(
            %address,
            "everybody who reaches this address is served, and nothing is encrypted: passwords and \
             access tokens can be read on the way. Give a certificate (--tls-cert, --tls-key), put a \
             proxy with TLS in front, or listen on loopback only"
        );
    }
}

/// Listens where it was told to.
async fn listen_on(address: IpAddr, port: u16) -> Result<TcpListener, BackboneError> {
    match bind(address, port).await {
        Ok(listener) => Ok(listener),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
            Err(BackboneError::PortInUse { port })
        }
        Err(error) => Err(BackboneError::Listen(error)),
    }
}

async fn bind(address: IpAddr, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(address, port)).await
}

async fn serve(listener: CountedListener, router: Router, mut stopping: watch::Receiver<bool>) {
    let service = MapRequestLayer::new(layers::in_lower_case).layer(router);
    let make_service = ServiceExt::<Request>::into_make_service(service);
    let served = axum::serve(listener, make_service)
        .with_graceful_shutdown(async move {
            // An error means that the Backbone is gone, which is the same.
            let _ = stopping.wait_for(|is_stopping| *is_stopping).await;
        })
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the server ended");
    }
}

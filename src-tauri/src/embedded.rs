//! The Backbone inside this program, always on the same port if it can be had.

use std::{
    fs,
    path::{Path, PathBuf},
};

use tessera_backbone::{Backbone, BackboneError, Settings};

/// The client of the embedded Backbone; it is reached from this computer alone.
pub const CLIENT: (&str, &str) = ("test", "test");

/// The embedded Backbone of one data folder.
pub struct Embedded {
    folder: PathBuf,
    running: Option<Backbone>,
}

impl Embedded {
    /// The Backbone of this data folder, not started.
    pub fn new(data: &Path) -> Self {
        Self {
            folder: data.join("backbone"),
            running: None,
        }
    }

    /// Whether it was ever started here: then a profile may live at it.
    pub fn exists(&self) -> bool {
        self.folder.exists()
    }

    /// Its base URL while it runs.
    pub fn url(&self) -> Option<String> {
        self.running
            .as_ref()
            .map(|backbone| backbone.base_url().to_owned())
    }

    /// Starts it, if it does not run yet, and says where.
    ///
    /// The port is remembered, because references and profiles name it. When somebody else has
    /// taken it meanwhile, another one is chosen: identities stay, since an address holds the host
    /// name only; codes that were shown before name the old port and are no longer read.
    ///
    /// # Errors
    ///
    /// What the Backbone says: most of all that another program has its file.
    pub async fn start(&mut self) -> Result<String, BackboneError> {
        if let Some(url) = self.url() {
            return Ok(url);
        }
        let remembered = self.folder.join("port");
        let port = fs::read_to_string(&remembered)
            .ok()
            .and_then(|text| text.trim().parse().ok());
        let mut settings = Settings::new(self.folder.join("backbone.sqlite"));
        settings.port = port;
        let backbone = match Backbone::start(settings.clone()).await {
            Err(BackboneError::PortInUse { .. }) if port.is_some() => {
                settings.port = None;
                Backbone::start(settings).await?
            }
            other => other?,
        };
        let url = backbone.base_url().to_owned();
        if let Some(port) = url.rsplit(':').next()
            && let Err(error) = fs::write(&remembered, port)
        {
            tracing::warn!(%error, "the embedded Backbone's port can't be remembered");
        }
        self.running = Some(backbone);
        Ok(url)
    }

    /// Ends it; what was acknowledged is stored.
    pub async fn stop(&mut self) {
        if let Some(backbone) = self.running.take() {
            backbone.stop().await;
        }
    }
}

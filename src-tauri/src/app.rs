//! The program behind the window: which profile is open, the Backbone inside, who is told of changes.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tessera_wallet::{
    Changed, Environment, NewProfile, Wallet, WalletEvent,
    keys::{self, KeyProtection, Keyring, SecretText, SystemKeyring, Unlock},
    model::BackboneSettings,
};
use tokio::{
    sync::{Notify, OnceCell, RwLock, broadcast::error::RecvError},
    task::JoinHandle,
};

use crate::{
    captures::Captures,
    codes::Codes,
    embedded::{self, Embedded},
    error::ErrorView,
    held,
    links::Links,
    operations::Operations,
    organisations::Organisations,
    page_files::PageFiles,
    settings,
    views::{AppState, BackboneChoice, EmbeddedView, KeyringView, Phase, Settings, Topic},
};

/// How long the sample organisations wait before they ask the Backbone inside again.
const EMBEDDED_PAUSE: Duration = Duration::from_secs(2);

/// The program behind the window.
pub struct App {
    folder: PathBuf,
    keyring: Arc<dyn Keyring>,
    settings: Mutex<Settings>,
    tell: Box<dyn Fn(Topic) + Send + Sync>,
    session: RwLock<Session>,
    started: OnceCell<()>,
    sync_now: Notify,
    /// Notified when a decision is held or taken back.
    pub held: Notify,
    work: Mutex<Vec<JoinHandle<()>>>,
    /// Codes that were read.
    pub codes: Codes,
    /// Files that the page names by their ids.
    pub files: PageFiles,
    /// Pictures in which a person points at a code.
    pub captures: Captures,
    /// Links that came from other programs.
    pub links: Links,
    /// Long work that can be cancelled.
    pub operations: Operations,
}

/// What is open.
struct Session {
    embedded: Embedded,
    embedded_error: Option<ErrorView>,
    wallet: Option<Wallet>,
    organisations: Option<Arc<Organisations>>,
    error: Option<ErrorView>,
}

impl App {
    /// The program with its data in `folder`; `tell` brings changes to the page.
    pub fn new(folder: PathBuf, tell: impl Fn(Topic) + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self {
            keyring: Arc::new(SystemKeyring::default()),
            settings: Mutex::new(settings::read(&folder)),
            tell: Box::new(tell),
            session: RwLock::new(Session {
                embedded: Embedded::new(&folder),
                embedded_error: None,
                wallet: None,
                organisations: None,
                error: None,
            }),
            started: OnceCell::new(),
            sync_now: Notify::new(),
            held: Notify::new(),
            work: Mutex::default(),
            codes: Codes::default(),
            files: PageFiles::default(),
            captures: Captures::default(),
            links: Links::default(),
            operations: Operations::default(),
            folder,
        })
    }

    fn profile_folder(&self) -> PathBuf {
        self.folder.join("profile")
    }

    /// Opens what can be opened without asking the person; the second call finds it done.
    pub async fn start(self: &Arc<Self>) {
        self.started.get_or_init(|| self.open_what_is_there()).await;
    }

    async fn open_what_is_there(self: &Arc<Self>) {
        let mut session = self.session.write().await;
        if session.embedded.exists() {
            session.start_embedded().await;
        }
        let protection = keys::protection(&self.profile_folder());
        match protection {
            Ok(Some(KeyProtection::Keyring)) => {
                let unlock = Unlock::Keyring(Arc::clone(&self.keyring));
                self.open_profile(&mut session, unlock).await;
            }
            Ok(_) => {}
            Err(error) => session.error = Some(error.into()),
        }
    }

    /// Where the program stands, once it has started.
    pub async fn state(self: &Arc<Self>) -> AppState {
        self.start().await;
        let session = self.session.read().await;
        let protection = keys::protection(&self.profile_folder()).ok().flatten();
        let exists = Wallet::exists(&self.profile_folder()).unwrap_or(true);
        let needs_app_password = exists
            && matches!(
                protection,
                Some(KeyProtection::KeyringAndPassword | KeyProtection::Password)
            );
        let phase = match (&session.wallet, &session.error) {
            (Some(_), _) => Phase::Ready,
            (None, Some(error)) if !can_be_tried_again(&error.code) => Phase::Failed,
            (None, _) if exists => Phase::Locked,
            (None, _) => Phase::FirstStart,
        };
        let profile = match &session.wallet {
            Some(wallet) => wallet.profile().await.ok(),
            None => None,
        };
        let keyring = Arc::clone(&self.keyring);
        let keyring = tokio::task::spawn_blocking(move || keyring.state())
            .await
            .unwrap_or(Err(keys::KeyError::Timeout));
        AppState {
            phase,
            profile,
            needs_app_password,
            keyring: KeyringView {
                available: keyring.is_ok(),
                code: keyring.err().map(|error| error.code().to_owned()),
            },
            error: session.error.clone(),
            embedded: EmbeddedView {
                running: session.embedded.url().is_some(),
                url: session.embedded.url(),
                error: session.embedded_error.clone(),
            },
            settings: self.settings(),
        }
    }

    /// Makes a profile and opens it.
    ///
    /// # Errors
    ///
    /// When the keyring, the Backbone or the disk does not take part. Trying again goes on where it
    /// stopped; nothing is made twice.
    pub async fn create_profile(
        self: &Arc<Self>,
        name: String,
        app_password: Option<SecretText>,
        choice: BackboneChoice,
    ) -> Result<(), ErrorView> {
        let mut session = self.session.write().await;
        if session.wallet.is_some() {
            return Err(ErrorView::new(
                "error.tessera.shell.profileExists",
                "a profile is open already",
            ));
        }
        let keyring_is_there = {
            let keyring = Arc::clone(&self.keyring);
            tokio::task::spawn_blocking(move || keyring.state())
                .await
                .is_ok_and(|state| state.is_ok())
        };
        let unlock = self.unlock(keyring_is_there, app_password)?;
        let backbone = match choice {
            BackboneChoice::Embedded => BackboneSettings {
                base_url: session.embedded.start().await?,
                client_id: embedded::CLIENT.0.to_owned(),
                client_secret: SecretText::from(embedded::CLIENT.1.to_owned()),
            },
            BackboneChoice::Remote {
                url,
                client_id,
                client_secret,
            } => BackboneSettings {
                base_url: url,
                client_id,
                client_secret: SecretText::from(client_secret),
            },
        };
        let profile = NewProfile { name, backbone };
        let wallet = Wallet::create(
            &self.profile_folder(),
            profile,
            unlock,
            Environment::system(),
        )
        .await?;
        self.use_wallet(&mut session, wallet).await;
        Ok(())
    }

    /// Opens the profile with the app password, or with the keyring once more.
    ///
    /// # Errors
    ///
    /// When the password is wrong, or the keyring locked or gone.
    pub async fn unlock_profile(
        self: &Arc<Self>,
        app_password: Option<SecretText>,
    ) -> Result<(), ErrorView> {
        let mut session = self.session.write().await;
        if session.wallet.is_some() {
            return Ok(());
        }
        // It may be that another program had it before.
        if session.embedded.exists() {
            session.start_embedded().await;
        }
        let with_keyring = !matches!(
            keys::protection(&self.profile_folder())?,
            Some(KeyProtection::Password)
        );
        let unlock = self.unlock(with_keyring, app_password)?;
        self.open_profile(&mut session, unlock).await;
        session.error.clone().map_or(Ok(()), Err)
    }

    fn unlock(
        &self,
        with_keyring: bool,
        app_password: Option<SecretText>,
    ) -> Result<Unlock, ErrorView> {
        let keyring = || Arc::clone(&self.keyring);
        match (
            with_keyring,
            app_password.filter(|password| !password.is_empty()),
        ) {
            (true, Some(password)) => Ok(Unlock::KeyringAndPassword(keyring(), password)),
            (true, None) => Ok(Unlock::Keyring(keyring())),
            (false, Some(password)) => Ok(Unlock::Passphrase(password)),
            (false, None) => Err(ErrorView::new(
                "error.tessera.shell.appPasswordNeeded",
                "without a keyring an app password is needed",
            )),
        }
    }

    async fn open_profile(self: &Arc<Self>, session: &mut Session, unlock: Unlock) {
        match Wallet::open(&self.profile_folder(), unlock, Environment::system()).await {
            Ok(wallet) => self.use_wallet(session, wallet).await,
            Err(error) => {
                tracing::warn!(code = %error.code(), "the profile can't be opened");
                session.error = Some(error.into());
            }
        }
    }

    /// Takes an open wallet into use: where it connects, who is told, what runs beside it.
    async fn use_wallet(self: &Arc<Self>, session: &mut Session, wallet: Wallet) {
        session.error = None;
        let embedded = session.embedded.url();
        if let Some(url) = &embedded
            && let Err(error) = wallet.set_backbone_url(url).await
        {
            tracing::warn!(code = %error.code(), "the profile does not follow the embedded Backbone");
        }
        session.wallet = Some(wallet.clone());
        let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        work.push(tokio::spawn(Arc::clone(self).tell_of(wallet.clone())));
        work.push(tokio::spawn(held::carry_out(
            Arc::clone(self),
            wallet.clone(),
        )));
        let (app, synced) = (Arc::clone(self), wallet.clone());
        work.push(tokio::spawn(async move {
            synced.keep_in_sync(&app.sync_now).await;
        }));
        if let Some(url) = embedded {
            work.push(tokio::spawn(
                Arc::clone(self).run_organisations(wallet, url),
            ));
        }
    }

    /// Brings the wallet's events to the page.
    async fn tell_of(self: Arc<Self>, wallet: Wallet) {
        let mut events = wallet.subscribe();
        loop {
            match events.recv().await {
                Ok(WalletEvent::Changed { what }) => {
                    if let Some(topic) = topic_of(what) {
                        (self.tell)(topic);
                    }
                }
                // Too many at once: everything may have changed.
                Err(RecvError::Lagged(_)) => [
                    Topic::Requests,
                    Topic::Contacts,
                    Topic::Messages,
                    Topic::Attributes,
                    Topic::Sync,
                ]
                .into_iter()
                .for_each(&self.tell),
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Opens the sample organisations and lets them work.
    async fn run_organisations(self: Arc<Self>, wallet: Wallet, url: String) {
        let organisations = match Organisations::open(
            &self.folder.join("organisations"),
            &wallet,
            &url,
        )
        .await
        {
            Ok(organisations) => Arc::new(organisations),
            Err(error) => {
                tracing::warn!(code = %error.code(), "the sample organisations can't be opened");
                return;
            }
        };
        self.session.write().await.organisations = Some(Arc::clone(&organisations));
        (self.tell)(Topic::Organisations);
        loop {
            if organisations.attend().await {
                (self.tell)(Topic::Organisations);
                self.sync_now.notify_one();
            }
            tokio::time::sleep(EMBEDDED_PAUSE).await;
        }
    }

    /// The open wallet.
    ///
    /// # Errors
    ///
    /// When none is open.
    pub async fn wallet(&self) -> Result<Wallet, ErrorView> {
        self.session
            .read()
            .await
            .wallet
            .clone()
            .ok_or_else(ErrorView::no_profile)
    }

    /// The sample organisations; `None` while they are being made, or at another Backbone.
    pub async fn organisations(&self) -> Option<Arc<Organisations>> {
        self.session.read().await.organisations.clone()
    }

    /// Synchronises as soon as possible.
    pub fn sync_soon(&self) {
        self.sync_now.notify_one();
    }

    /// Says that something has changed.
    pub fn changed(&self, what: Topic) {
        (self.tell)(what);
    }

    /// What the person set.
    pub fn settings(&self) -> Settings {
        self.settings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// How long a decision can be taken back.
    pub fn undo_window(&self) -> Duration {
        Duration::from_secs(self.settings().undo_seconds.into())
    }

    /// Keeps what the person set.
    ///
    /// # Errors
    ///
    /// When it can't be written.
    pub fn set_settings(&self, new: Settings) -> Result<(), ErrorView> {
        settings::write(&self.folder, &new)
            .map_err(|error| ErrorView::new("error.tessera.shell.settingsNotWritten", error))?;
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Ends everything in order, so that no file is left open.
    pub async fn stop(&self) {
        for work in self
            .work
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .drain(..)
        {
            work.abort();
        }
        let mut session = self.session.write().await;
        if let Some(organisations) = session.organisations.take() {
            organisations.close().await;
        }
        if let Some(wallet) = session.wallet.take() {
            held::carry_out_before_closing(&wallet).await;
            if let Err(error) = wallet.close().await {
                tracing::warn!(code = %error.code(), "the profile is not closed in order");
            }
        }
        session.embedded.stop().await;
    }
}

impl Session {
    async fn start_embedded(&mut self) {
        self.embedded_error = match self.embedded.start().await {
            Ok(_) => None,
            Err(error) => {
                tracing::error!(code = error.code(), "the embedded Backbone does not start");
                Some(error.into())
            }
        };
    }
}

/// What the page looks at when this changes; `None` for what it does not show.
fn topic_of(what: Changed) -> Option<Topic> {
    match what {
        Changed::Requests => Some(Topic::Requests),
        Changed::Relationships => Some(Topic::Contacts),
        Changed::Messages => Some(Topic::Messages),
        Changed::Attributes => Some(Topic::Attributes),
        Changed::Profile | Changed::Sync => Some(Topic::Sync),
        Changed::Settings => None,
        Changed::Templates => Some(Topic::Invitations),
    }
}

/// Whether the person can do something about it and try again, in the same window.
fn can_be_tried_again(code: &str) -> bool {
    code.starts_with("error.tessera.keyring.")
        || matches!(
            code,
            "error.tessera.keys.wrongPassword" | "error.tessera.keys.passwordNeeded"
        )
}

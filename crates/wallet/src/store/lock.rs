//! One program at a time in a wallet's folder.

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, Instant},
};

use super::StoreError;
use crate::files;

/// The name of the file that is locked.
const LOCK_FILE: &str = "wallet.lock";

/// How long a folder is waited for: a wallet that was let go a moment ago may still be indexing what it
/// wrote last.
const PATIENCE: Duration = Duration::from_millis(300);
const PAUSE: Duration = Duration::from_millis(10);

/// The right to work in a wallet's folder. The operating system takes it back when the program
/// ends, in whatever way.
#[derive(Debug)]
pub struct FolderLock {
    folder: PathBuf,
    _file: File,
}

impl FolderLock {
    /// Takes the right to work in `folder`, which is made (private to the person) if need be. Blocks, for at
    /// most a moment.
    ///
    /// # Errors
    ///
    /// [`StoreError::InUse`] when another program (or another wallet in this one) has it;
    /// [`StoreError::ReadOnly`], [`StoreError::Full`], [`StoreError::Io`].
    pub fn acquire(folder: &Path) -> Result<Self, StoreError> {
        files::create_private_folder(folder)?;
        let file = files::private()
            .create(true)
            .truncate(false)
            .open(folder.join(LOCK_FILE))?;
        let since = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if since.elapsed() < PATIENCE => sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
                Err(TryLockError::Error(error)) => return Err(error.into()),
            }
        }
        Ok(Self {
            folder: folder.to_owned(),
            _file: file,
        })
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

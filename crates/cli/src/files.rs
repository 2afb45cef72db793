//! Reading and writing the files that arguments name. Every size is bounded.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use serde_json::Value;
use tessera_content::limits;
use tessera_scanner::{MAX_PICTURE_BYTES, read_image_text};
use tessera_wallet::{
    MAX_FILE_BYTES,
    keys::{KeyError, SecretText},
};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// How many bytes an app password may have.
const MAX_PASSPHRASE_BYTES: usize = 4096;

/// The JSON in a file.
pub fn read_json(file: &Path) -> Result<Value, Failure> {
    let bytes = read(file, limits::CONTENT_BYTES)?;
    serde_json::from_slice(&bytes).map_err(|error| Failure::NotJson {
        file: file.to_owned(),
        line: error.line(),
        column: error.column(),
    })
}

/// The app password in a file: all of it but one line break at the end.
pub fn read_passphrase(file: &Path) -> Result<SecretText, Failure> {
    let bytes = read(file, MAX_PASSPHRASE_BYTES)?;
    let text = str::from_utf8(&bytes).map_err(|_| Failure::NotText {
        file: file.to_owned(),
    })?;
    let line = text.strip_suffix('\n').unwrap_or(text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.is_empty() {
        return Err(KeyError::PasswordEmpty.into());
    }
    Ok(SecretText::from(line))
}

/// A file that is given to the Backbone.
pub fn read_file(file: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    read(file, MAX_FILE_BYTES)
}

/// What the one QR code of a picture says.
pub fn read_qr(file: &Path) -> Result<SecretText, Failure> {
    let bytes = read(file, MAX_PICTURE_BYTES)?;
    let text = read_image_text(&bytes).map_err(|source| Failure::Picture {
        file: file.to_owned(),
        source,
    })?;
    Ok(SecretText::from(text))
}

/// At most `limit` bytes, in one piece of memory that is wiped: some of these files are secret.
fn read(file: &Path, limit: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let unreadable = |error: io::Error| Failure::Unreadable {
        file: file.to_owned(),
        kind: error.kind(),
    };
    let opened = File::open(file).map_err(unreadable)?;
    let length = opened.metadata().map_err(unreadable)?.len();
    let expected = usize::try_from(length).unwrap_or(limit).min(limit);
    // One byte more shows the end of the file without growing.
    let mut bytes = Zeroizing::new(Vec::with_capacity(expected + 1));
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    opened
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() > limit {
        return Err(Failure::TooLarge {
            file: file.to_owned(),
            limit,
        });
    }
    Ok(bytes)
}

/// A file that is going to be written: whether that is possible is known before the work whose
/// result it takes. It is whole at any instant, and gone if it is never written.
pub struct NewFile {
    file: PathBuf,
    draft: PathBuf,
    opened: File,
    is_written: bool,
}

impl NewFile {
    /// As [`NewFile::prepare`], for a file that may not be there yet.
    pub fn prepare_new(file: &Path) -> Result<Self, Failure> {
        if file.exists() {
            return Err(Failure::Unwritable {
                file: file.to_owned(),
                kind: io::ErrorKind::AlreadyExists,
            });
        }
        Self::prepare(file)
    }

    /// Makes the draft beside the file.
    pub fn prepare(file: &Path) -> Result<Self, Failure> {
        let unwritable = |kind| Failure::Unwritable {
            file: file.to_owned(),
            kind,
        };
        let Some(name) = file.file_name() else {
            return Err(unwritable(io::ErrorKind::IsADirectory));
        };
        if file.is_dir() {
            return Err(unwritable(io::ErrorKind::IsADirectory));
        }
        let mut draft = name.to_owned();
        draft.push(format!(".{}.new", std::process::id()));
        let draft = file.with_file_name(draft);
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&draft)
            .map_err(|error| unwritable(error.kind()))?;
        Ok(Self {
            file: file.to_owned(),
            draft,
            opened,
            is_written: false,
        })
    }

    /// Writes the content and gives the file its name, in place of one that had it.
    pub fn write(mut self, content: &[u8]) -> Result<(), Failure> {
        let written = self
            .opened
            .write_all(content)
            .and_then(|()| self.opened.sync_all())
            .and_then(|()| fs::rename(&self.draft, &self.file));
        self.is_written = written.is_ok();
        written.map_err(|error| Failure::Unwritable {
            file: self.file.clone(),
            kind: error.kind(),
        })
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_written {
            let _ = fs::remove_file(&self.draft);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_app_password_is_all_of_the_file_but_one_line_break() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("passphrase");
        for (content, password) in [
            ("secret", "secret"),
            ("secret\n", "secret"),
            ("secret\r\n", "secret"),
            ("secret\n\n", "secret\n"),
            (" se cret ", " se cret "),
        ] {
            fs::write(&file, content).unwrap();
            assert_eq!(read_passphrase(&file).unwrap().expose(), password);
        }
        for content in ["", "\n", "\r\n"] {
            fs::write(&file, content).unwrap();
            let code = read_passphrase(&file).unwrap_err().code().into_owned();
            assert_eq!(code, "error.tessera.keys.passwordEmpty");
        }
        fs::write(&file, [0xff, 0xfe]).unwrap();
        let code = read_passphrase(&file).unwrap_err().code().into_owned();
        assert_eq!(code, "error.tessera.cli.notText");
        fs::write(&file, "x".repeat(MAX_PASSPHRASE_BYTES + 1)).unwrap();
        let code = read_passphrase(&file).unwrap_err().code().into_owned();
        assert_eq!(code, "error.tessera.cli.fileTooLarge");
    }

    #[test]
    fn a_file_that_is_never_written_leaves_nothing_and_the_old_one_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("code.png");
        fs::write(&file, "old").unwrap();
        drop(NewFile::prepare(&file).unwrap());
        assert_eq!(fs::read_to_string(&file).unwrap(), "old");
        NewFile::prepare(&file).unwrap().write(b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

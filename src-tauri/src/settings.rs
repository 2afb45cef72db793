//! The settings file beside the profile: language, theme and which camera, nothing secret.

use std::{fs, io, path::Path};

use crate::views::Settings;

const FILE: &str = "settings.json";

/// Reads the settings; what is missing or unreadable is the default, since nothing depends on it.
pub fn read(folder: &Path) -> Settings {
    fs::read(folder.join(FILE))
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .unwrap_or_default()
}

/// Writes the settings whole or not at all.
///
/// # Errors
///
/// What the file system says.
pub fn write(folder: &Path, settings: &Settings) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let unfinished = folder.join("settings.json.new");
    fs::write(&unfinished, serde_json::to_vec_pretty(settings)?)?;
    fs::rename(unfinished, folder.join(FILE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::{Language, Theme};

    #[test]
    fn what_was_written_is_read_and_rubbish_is_the_default() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(folder.path()), Settings::default());

        let settings = Settings {
            language: Language::De,
            theme: Theme::Dark,
            camera: Some("Front camera".to_owned()),
            notifications: false,
            background: true,
            undo_seconds: 20,
        };
        write(folder.path(), &settings).expect("it can be written");
        assert_eq!(read(folder.path()), settings);

        fs::write(folder.path().join(FILE), b"{\"language\":\"xx\"").expect("it can be written");
        assert_eq!(read(folder.path()), Settings::default());
    }
}

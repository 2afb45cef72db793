//! Links from other programs: a click on `nmshd:` or `enmeshed:` in the browser starts this program
//! with the link, or hands it to the one that runs.
//!
//! A link carries a secret key. It is kept in memory only and never logged; whoever restarts the
//! program before it was opened clicks it again.

use std::{
    ffi::OsStr,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
    sync::{Mutex, PoisonError},
};

use tauri::{AppHandle, Emitter, Manager, Runtime};
use tessera_wallet::keys::SecretText;

/// What the page is told when there is a link to take.
const ARRIVED: &str = "link-arrived";
/// How many links wait at most; the oldest is forgotten.
const WAITING: usize = 8;
/// How long a link is at most. References have a few hundred characters.
const LENGTH: usize = 8 * 1024;
/// What a link begins with, in lower case.
const SCHEMES: [&str; 5] = ["nmshd:", "nmshd-dev:", "enmeshed:", "https:", "http:"];
/// What a reference without a link begins with: RLT, TOK and FIL in base64.
const REFERENCES: [&str; 3] = ["UkxU", "VE9L", "RklM"];

/// The links that the page has not taken yet.
#[derive(Default)]
pub struct Links(Mutex<Vec<SecretText>>);

impl Links {
    /// Keeps the links among the arguments of a program. Says whether there was one.
    pub fn take_arguments<'a>(&self, arguments: impl Iterator<Item = &'a str>) -> bool {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = waiting.len();
        let links = arguments.skip(1).filter(|argument| is_link(argument));
        waiting.extend(
            links
                .take(WAITING)
                .map(|it| SecretText::from(it.to_owned())),
        );
        let has_new = waiting.len() > before;
        let too_many = waiting.len().saturating_sub(WAITING);
        waiting.drain(..too_many);
        has_new
    }

    /// The links, oldest first; afterwards there are none.
    pub fn take(&self) -> Vec<SecretText> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn is_link(argument: &str) -> bool {
    let start: String = argument.chars().take(12).collect();
    argument.len() <= LENGTH
        && (SCHEMES
            .iter()
            .any(|scheme| start.to_lowercase().starts_with(scheme))
            || REFERENCES.iter().any(|known| start.starts_with(known)))
}

/// Says the page that there is a link, and brings the window to the front.
pub fn announce<R: Runtime>(handle: &AppHandle<R>, has_new: bool) {
    for window in handle.webview_windows().values() {
        let raised = window
            .unminimize()
            .and_then(|()| window.show())
            .and_then(|()| window.set_focus());
        if let Err(error) = raised {
            tracing::debug!(%error, "the window stays where it is");
        }
    }
    if has_new && let Err(error) = handle.emit(ARRIVED, ()) {
        tracing::warn!(%error, "the page can't be told of a link");
    }
}

/// The name under which programs with the same data find each other on the session's bus. Another
/// folder of data is another program.
pub fn instance_name(identifier: &str, data: Option<&OsStr>) -> String {
    let Some(data) = data else {
        return identifier.to_owned();
    };
    let data = Path::new(data);
    let mut hasher = DefaultHasher::new();
    std::path::absolute(data)
        .unwrap_or_else(|_| data.to_owned())
        .hash(&mut hasher);
    format!("{identifier}.at{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(arguments: &[&str]) -> Vec<String> {
        let links = Links::default();
        links.take_arguments(arguments.iter().copied());
        let taken = links.take().into_iter();
        taken.map(|link| link.expose().to_owned()).collect()
    }

    #[test]
    fn links_are_told_from_other_arguments() {
        let link = "nmshd://tr#UkxU";
        assert_eq!(taken(&["program", link]), [link]);
        assert_eq!(taken(&[link]), Vec::<String>::new(), "the program itself");
        assert_eq!(
            taken(&["program", "--verbose", "/tmp/picture.png", ""]),
            Vec::<String>::new()
        );
        for link in [
            "ENMESHED://host/r/RLT#x",
            "https://host/r/RLT#x",
            "UkxUN0JlT3Nu",
        ] {
            assert_eq!(taken(&["program", link]), [link]);
        }
        let long = format!("nmshd://tr#{}", "x".repeat(LENGTH));
        assert_eq!(taken(&["program", &long]), Vec::<String>::new());
    }

    #[test]
    fn only_so_many_wait_and_each_is_taken_once() {
        let links = Links::default();
        for number in 0..20 {
            let link = format!("nmshd://tr#{number}");
            assert!(links.take_arguments(["program", &link].into_iter()));
        }
        let taken = links.take();
        assert_eq!(taken.len(), WAITING);
        assert_eq!(
            taken.last().map(|link| link.expose().to_owned()),
            Some("nmshd://tr#19".to_owned())
        );
        assert!(links.take().is_empty());
    }

    #[test]
    fn another_folder_is_another_program() {
        let name = |data: Option<&str>| instance_name("org.tessera.wallet", data.map(OsStr::new));
        assert_eq!(name(None), "org.tessera.wallet");
        assert_eq!(name(Some("/a")), name(Some("/a")));
        assert_ne!(name(Some("/a")), name(Some("/b")));
        assert_ne!(name(Some("/a")), name(None));
    }
}

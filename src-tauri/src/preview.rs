//! What the page gets of a file to look at: a picture written anew, or the beginning of a text. The page
//! decodes nothing that came from a stranger.

use tauri::ipc::Response;
use tessera_scanner::small_png;

use crate::{error::ErrorView, reading, views::ShownText};

/// Files up to this size are shown without being saved.
const LARGEST_SHOWN: u64 = 5 * 1024 * 1024;
/// How wide and high a picture is at most that the page gets.
const SHOWN_SIDE: u32 = 1200;
/// How many bytes of a text are shown.
const SHOWN_TEXT: usize = 64 * 1024;

/// Whether a file of so many bytes is small enough to be shown.
///
/// # Errors
///
/// When it is not.
pub fn can_be_shown(size: u64) -> Result<(), ErrorView> {
    if size <= LARGEST_SHOWN {
        return Ok(());
    }
    Err(ErrorView::new(
        "error.tessera.shell.fileNotShown",
        "the file is too large to be shown",
    ))
}

/// The content of a file that was fetched. What it said about its size was its owner's word.
///
/// # Errors
///
/// When it is too large.
pub fn content(fetched: &[u8]) -> Result<Vec<u8>, ErrorView> {
    can_be_shown(fetched.len() as u64)?;
    Ok(fetched.to_vec())
}

/// A picture, written anew as PNG and not larger than it needs to be.
///
/// # Errors
///
/// When it is no picture of a kind that is read here.
pub async fn picture(content: Vec<u8>) -> Result<Response, ErrorView> {
    let png = reading::blocking(move || small_png(&content, SHOWN_SIDE)).await?;
    Ok(Response::new(png))
}

/// How a text begins. What is no text looks like none.
pub fn text(content: &[u8]) -> ShownText {
    let beginning = content.get(..SHOWN_TEXT).unwrap_or(content);
    ShownText {
        text: String::from_utf8_lossy(beginning).into_owned(),
        is_whole: beginning.len() == content.len(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_long_text_is_shown_as_far_as_it_may_and_says_so() {
        let long = vec![b'x'; SHOWN_TEXT + 1];
        assert_eq!(text(&long).text.len(), SHOWN_TEXT);
        assert!(!text(&long).is_whole);
        assert!(text(&long[..SHOWN_TEXT]).is_whole);
        assert_eq!(text(b"\xff").text, "\u{fffd}");
    }

    #[test]
    fn what_a_file_really_holds_decides_whether_it_is_shown() {
        let largest = usize::try_from(LARGEST_SHOWN).unwrap();
        assert!(can_be_shown(LARGEST_SHOWN).is_ok());
        assert!(content(&vec![0; largest + 1]).is_err());
    }
}

//! From pictures to codes as the page shows them.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use tessera_scanner::{Corner, DecodedCode, LumaPicture, MAX_CODES, ScanError, decode};
use tessera_wallet::views::CodeOrigin;

use crate::{
    app::App,
    commands::codes::scanned,
    error::ErrorView,
    views::{CaptureView, FoundCode, PageView, ScannedCode},
};

/// A picture that was looked at.
pub struct Page {
    /// The number of the page or screen, from 1.
    pub number: usize,
    /// What it looks like.
    pub picture: Arc<LumaPicture>,
    /// The codes in it.
    pub codes: Vec<DecodedCode>,
}

/// When the pictures stay in memory.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Never.
    Nothing,
    /// When there are several codes to choose from.
    ToChoose,
    /// In any case, to draw a frame on them; then it is no failure to have found nothing yet.
    ToFrame,
}

/// Runs work that takes its time beside everything else.
///
/// # Errors
///
/// Those of `work`; `error.tessera.scanner.failed` if it panics.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ScanError> + Send + 'static,
) -> Result<T, ErrorView> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => Ok(result?),
        Err(_) => Err(ErrorView::new(
            "error.tessera.scanner.failed",
            "the picture can't be read",
        )),
    }
}

/// Looks for codes in pictures, one after the other.
///
/// # Errors
///
/// As [`found`].
pub async fn of_pictures(
    app: &App,
    pictures: Vec<LumaPicture>,
    keep: Keep,
    origin: CodeOrigin,
) -> Result<CaptureView, ErrorView> {
    let of = pictures.len();
    let mut pages = Vec::with_capacity(of);
    for (index, picture) in pictures.into_iter().enumerate() {
        let picture = Arc::new(picture);
        let looked_at = Arc::clone(&picture);
        let codes = blocking(move || Ok(decode(&looked_at))).await?;
        pages.push(Page {
            number: index + 1,
            picture,
            codes,
        });
    }
    found(app, pages, (of, of), keep, origin).await
}

/// What was found in pages: codes that say the same are one. `(looked_at, of)` counts the pages.
///
/// # Errors
///
/// `error.tessera.scanner.noCode`, unless the pictures are kept to draw a frame on them.
pub async fn found(
    app: &App,
    pages: Vec<Page>,
    counted: (usize, usize),
    keep: Keep,
    origin: CodeOrigin,
) -> Result<CaptureView, ErrorView> {
    found_again(app, pages, counted, keep, origin, &mut HashMap::new()).await
}

/// As [`found`], for one picture of many: `seen` knows the codes of those before by their texts.
///
/// # Errors
///
/// As [`found`].
pub async fn found_again(
    app: &App,
    pages: Vec<Page>,
    (looked_at, of): (usize, usize),
    keep: Keep,
    origin: CodeOrigin,
    seen: &mut HashMap<String, ScannedCode>,
) -> Result<CaptureView, ErrorView> {
    let mut known = HashSet::new();
    let mut codes = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        for code in in_reading_order(&page.codes) {
            if codes.len() < MAX_CODES && known.insert(&code.text) {
                let what = match seen.get(&code.text) {
                    Some(what) => what.clone(),
                    None => scanned(app, &code.text, origin).await,
                };
                seen.insert(code.text.clone(), what.clone());
                codes.push(FoundCode {
                    page: small(index),
                    corners: code.corners.map(|corner| part(&page.picture, corner)),
                    what,
                });
            }
        }
    }
    if codes.is_empty() && keep != Keep::ToFrame {
        return Err(ScanError::NoCode.into());
    }
    let is_kept = match keep {
        Keep::Nothing => false,
        Keep::ToChoose => codes.len() > 1,
        Keep::ToFrame => true,
    };
    let view = |page: &Page| PageView {
        number: small(page.number),
        width: small(page.picture.width()),
        height: small(page.picture.height()),
    };
    Ok(CaptureView {
        pages: pages.iter().map(view).collect(),
        codes,
        looked_at: small(looked_at),
        of: small(of),
        capture_id: is_kept.then(|| {
            let pictures = pages.into_iter().map(|page| page.picture);
            app.captures.keep(pictures.collect(), origin)
        }),
    })
}

/// Codes are numbered as one reads: row by row, each from the left. What begins above the middle of a
/// row's highest code is in that row.
fn in_reading_order(codes: &[DecodedCode]) -> Vec<&DecodedCode> {
    let ys = |code: &DecodedCode| code.corners.map(|corner| corner.y);
    let top = |code: &DecodedCode| ys(code).into_iter().min().unwrap_or(0);
    let bottom = |code: &DecodedCode| ys(code).into_iter().max().unwrap_or(0);
    let left = |code: &DecodedCode| code.corners.map(|corner| corner.x).into_iter().min();
    let mut there: Vec<&DecodedCode> = codes.iter().collect();
    there.sort_by_key(|code| top(code));
    let mut ordered = Vec::with_capacity(there.len());
    let mut rest = there.as_slice();
    while let Some(highest) = rest.first() {
        let middle = top(highest).midpoint(bottom(highest));
        let row = rest.partition_point(|code| top(code) <= middle);
        let mut row_of = rest[..row.max(1)].to_vec();
        row_of.sort_by_key(|code| left(code));
        rest = &rest[row_of.len()..];
        ordered.extend(row_of);
    }
    ordered
}

/// A place in a picture as parts of its width and height.
#[allow(
    clippy::cast_precision_loss,
    reason = "a picture has far fewer pixels than a float has numbers"
)]
fn part(picture: &LumaPicture, corner: Corner) -> [f64; 2] {
    [
        f64::from(corner.x) / picture.width() as f64,
        f64::from(corner.y) / picture.height() as f64,
    ]
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_numbered_as_one_reads() {
        let code = |text: &str, x: i32, y: i32, side: i32| DecodedCode {
            text: text.to_owned(),
            corners: [(x, y), (x + side, y), (x + side, y + side), (x, y + side)]
                .map(|(x, y)| Corner { x, y }),
        };
        let codes = [
            code("d", 0, 700, 100),
            code("c", 900, 10, 200),
            code("b", 400, 60, 500),
            code("a", 0, 80, 500),
            code("e", 300, 690, 100),
        ];
        let order: String = in_reading_order(&codes)
            .iter()
            .map(|code| code.text.as_str())
            .collect();
        assert_eq!(order, "abcde");
        assert!(in_reading_order(&[]).is_empty());
    }
}

//! Pictures in which a person points at a code or draws a frame: those of the newest capture, in
//! memory only, until the page says that it is done.

use std::sync::{Arc, Mutex, PoisonError};

use tessera_core_types::{GenericId, SystemRandomness};
use tessera_scanner::LumaPicture;
use tessera_wallet::views::CodeOrigin;

/// How wide a picture is at most that the page gets.
const SHOWN_WIDTH: usize = 1920;

/// The pictures of the newest capture.
#[derive(Default)]
pub struct Captures(Mutex<Option<Capture>>);

struct Capture {
    id: String,
    pictures: Vec<Arc<LumaPicture>>,
    origin: CodeOrigin,
}

impl Captures {
    /// Keeps pictures instead of those before, and says under which number.
    pub fn keep(&self, pictures: Vec<Arc<LumaPicture>>, origin: CodeOrigin) -> String {
        let id = GenericId::generate(&SystemRandomness).to_string();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Capture {
            id: id.clone(),
            pictures,
            origin,
        });
        id
    }

    /// A picture of the capture with this number and how it came in, unless another one came since.
    pub fn picture(&self, id: &str, index: usize) -> Option<(Arc<LumaPicture>, CodeOrigin)> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let capture = kept.as_ref().filter(|capture| capture.id == id)?;
        let picture = capture.pictures.get(index)?;
        Some((Arc::clone(picture), capture.origin))
    }

    /// Forgets the pictures.
    pub fn forget(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A picture as the page shows it: not larger than it needs to be to point at something.
pub fn shown(picture: &LumaPicture) -> LumaPicture {
    picture.reduced(picture.width().div_ceil(SHOWN_WIDTH))
}

/// The part of a picture inside of a frame, given in parts (0 to 1) of its width and height.
/// `None` if nothing of it is inside.
pub fn part(picture: &LumaPicture, frame: [f64; 4]) -> Option<LumaPicture> {
    if frame.iter().any(|part| !part.is_finite()) {
        return None;
    }
    let [left, top, width, height] = frame;
    let (right, bottom) = ((left + width).min(1.0), (top + height).min(1.0));
    let (left, top) = (left.max(0.0), top.max(0.0));
    let across = |part: f64| pixels(part, picture.width());
    let down = |part: f64| pixels(part, picture.height());
    let (x, y) = (across(left), down(top));
    picture.part(
        x,
        y,
        across(right).saturating_sub(x),
        down(bottom).saturating_sub(y),
    )
}

/// A part (0 to 1) of a length in pixels.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "pictures have fewer pixels than these types have numbers, and a cast of a float saturates"
)]
fn pixels(part: f64, length: usize) -> usize {
    ((part * length as f64).round() as usize).min(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32) -> LumaPicture {
        let pixels = vec![0; (width * height) as usize];
        LumaPicture::new(width, height, pixels).expect("a picture")
    }

    #[test]
    fn only_the_newest_pictures_are_kept() {
        let captures = Captures::default();
        let first = captures.keep(vec![Arc::new(picture(2, 2))], CodeOrigin::Screen);
        assert!(captures.picture(&first, 0).is_some());
        assert!(captures.picture(&first, 1).is_none());

        let second = captures.keep(vec![Arc::new(picture(3, 3))], CodeOrigin::Screen);
        assert!(captures.picture(&first, 0).is_none());
        assert!(captures.picture(&second, 0).is_some());

        captures.forget();
        assert!(captures.picture(&second, 0).is_none());
    }

    #[test]
    fn a_frame_is_cut_to_the_picture() {
        let picture = picture(200, 100);
        let size = |frame| part(&picture, frame).map(|part| (part.width(), part.height()));
        assert_eq!(size([0.25, 0.5, 0.5, 0.25]), Some((100, 25)));
        assert_eq!(size([-1.0, -1.0, 9.0, 9.0]), Some((200, 100)));
        assert_eq!(size([0.5, 0.5, 0.0, 0.5]), None);
        assert_eq!(size([2.0, 0.0, 1.0, 1.0]), None);
        assert_eq!(size([f64::NAN, 0.0, 1.0, 1.0]), None);
        assert_eq!(size([0.0, 0.0, f64::INFINITY, 1.0]), None);
    }

    #[test]
    fn a_large_picture_is_shown_smaller() {
        assert_eq!(shown(&picture(1920, 10)).width(), 1920);
        assert_eq!(shown(&picture(4000, 10)).width(), 1333);
    }
}

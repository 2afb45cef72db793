//! Scanning: pulls frames, shows previews, reads codes, on threads of its own.
//!
//! One thread takes frames as they come, so that none grows old inside of the camera; another one
//! reads codes from the newest: reading can take longer than taking.

use std::{
    fmt,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use crate::{DecodedCode, FrameSource, LumaPicture, ScanError, decode, decode_frame};

/// After so many damaged frames in a row a camera counts as broken.
const MAX_BROKEN_FRAMES: u32 = 100;
/// How long [`Scanner::stop`] waits for a camera to give its last frame.
const LONGEST_GOODBYE: Duration = Duration::from_secs(1);

/// What a scanner tells.
#[derive(Clone, Debug)]
pub enum ScanEvent {
    /// What the source sees.
    Preview(Preview),
    /// The codes of one picture, at least one. Told for each picture that shows them.
    Found {
        /// The codes, with corners in pixels of `picture`.
        codes: Vec<DecodedCode>,
        /// What they were seen in, so that a person can point at one of several.
        picture: LumaPicture,
    },
    /// There will be no more events: the source has ended (`None`) or failed. Not told after
    /// [`Scanner::stop`].
    Ended(Option<ScanError>),
}

/// A small grey picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Preview {
    /// Pixels in a row, at most [`ScannerSettings::preview_width`].
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Brightnesses, row by row without gaps.
    pub luma: Vec<u8>,
}

/// The brightness that the brightest parts of a picture should have.
const ENOUGH_LIGHT: u8 = 80;

impl Preview {
    /// Whether there is so little light that a code on paper can hardly be read: not even the
    /// brightest fiftieth of the picture is of a middling grey. A bright screen in a dark room is
    /// fine.
    #[must_use]
    pub fn is_dark(&self) -> bool {
        let bright = self.luma.iter().filter(|luma| **luma >= ENOUGH_LIGHT);
        bright.count() * 50 < self.luma.len()
    }
}

impl fmt::Debug for Preview {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Preview({}×{})", self.width, self.height)
    }
}

/// How a scanner works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScannerSettings {
    /// The width of previews at most.
    pub preview_width: usize,
    /// The time between two previews at least.
    pub preview_interval: Duration,
    /// The time from the beginning of one reading to that of the next at least, for sources whose
    /// frames come by themselves.
    pub decode_interval: Duration,
}

impl Default for ScannerSettings {
    /// 320 pixels, 15 previews and 30 readings a second.
    fn default() -> Self {
        Self {
            preview_width: 320,
            preview_interval: Duration::from_millis(66),
            decode_interval: Duration::from_millis(33),
        }
    }
}

/// A scanner at work. Dropping it stops it.
pub struct Scanner {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    newest: Option<Picture>,
    /// Set when the source is closed.
    end: Option<Option<ScanError>>,
    is_stopped: bool,
}

struct Picture {
    luma: LumaPicture,
    /// Whether there will be another one soon.
    is_live: bool,
}

/// Tells that the source is closed, also when its thread panics.
struct Goodbye {
    shared: Arc<Shared>,
    end: Option<ScanError>,
}

impl Drop for Goodbye {
    fn drop(&mut self) {
        let end = self.end.take();
        drop(self.shared.change(|state| state.end = Some(end)));
    }
}

type Callback = Arc<dyn Fn(ScanEvent) + Send + Sync>;

impl Scanner {
    /// Starts scanning. `open` opens the source on the thread that uses it; if that fails, the
    /// failure is told as the end. `tell` is called from the scanner's threads and must not block
    /// for long.
    pub fn start<S: FrameSource>(
        open: impl FnOnce() -> Result<S, ScanError> + Send + 'static,
        settings: ScannerSettings,
        tell: impl Fn(ScanEvent) + Send + Sync + 'static,
    ) -> Self {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            changed: Condvar::new(),
        });
        let tell: Callback = Arc::new(tell);
        let (taker, reader) = (Arc::clone(&shared), Arc::clone(&shared));
        let preview = Arc::clone(&tell);
        thread::spawn(move || {
            let mut goodbye = Goodbye {
                shared: taker,
                end: None,
            };
            goodbye.end = match open() {
                Ok(mut source) => take(&goodbye.shared, &mut source, settings, &preview),
                Err(error) => Some(error),
            };
        });
        thread::spawn(move || read(&reader, settings, &tell));
        Self { shared }
    }

    /// Stops. Afterwards nothing begins to be told any more, and the source is closed unless it
    /// hangs.
    pub fn stop(self) {
        let state = self.shared.change(|state| state.is_stopped = true);
        drop(
            self.shared
                .changed
                .wait_timeout_while(state, LONGEST_GOODBYE, |state| state.end.is_none()),
        );
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        drop(self.shared.change(|state| state.is_stopped = true));
    }
}

impl fmt::Debug for Scanner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scanner").finish_non_exhaustive()
    }
}

impl Shared {
    /// A panic of a callback must not become a panic of everybody who looks.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut State)) -> MutexGuard<'_, State> {
        let mut state = self.lock();
        change(&mut state);
        self.changed.notify_all();
        state
    }

    fn wait_while(&self, mut condition: impl FnMut(&mut State) -> bool) -> MutexGuard<'_, State> {
        self.changed
            .wait_while(self.lock(), |state| condition(state))
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }
}

/// The thread that takes frames. Returns why it ended.
fn take(
    shared: &Shared,
    source: &mut impl FrameSource,
    settings: ScannerSettings,
    tell: &Callback,
) -> Option<ScanError> {
    let mut broken = 0;
    let mut next_preview = Instant::now();
    loop {
        if shared.is_stopped() {
            return None;
        }
        let frame = match source.next_frame() {
            Ok(Some(frame)) => frame,
            Ok(None) => return None,
            Err(error) => return Some(error),
        };
        let picture = match frame.to_luma() {
            Ok(picture) => picture,
            Err(error) => {
                broken += 1;
                if broken == MAX_BROKEN_FRAMES || !source.is_live() {
                    return Some(error);
                }
                continue;
            }
        };
        broken = 0;
        if shared.is_stopped() {
            return None;
        }
        if Instant::now() >= next_preview {
            next_preview = Instant::now() + settings.preview_interval;
            if let Some(preview) = preview(&picture, settings.preview_width) {
                tell(ScanEvent::Preview(preview));
            }
        }
        let is_live = source.is_live();
        let luma = picture;
        drop(shared.change(|state| state.newest = Some(Picture { luma, is_live })));
        if !is_live {
            drop(shared.wait_while(|state| state.newest.is_some() && !state.is_stopped));
        }
    }
}

/// The thread that reads codes.
fn read(shared: &Shared, settings: ScannerSettings, tell: &Callback) {
    let mut number = 0;
    loop {
        let mut state = shared
            .wait_while(|state| state.newest.is_none() && state.end.is_none() && !state.is_stopped);
        if state.is_stopped {
            return;
        }
        let Some(picture) = state.newest.take() else {
            let end = state.end.clone().flatten();
            drop(state);
            tell(ScanEvent::Ended(end));
            return;
        };
        shared.changed.notify_all();
        drop(state);
        let began = Instant::now();
        let is_live = picture.is_live;
        let codes = if is_live {
            number += 1;
            decode_frame(&picture.luma, number)
        } else {
            decode(&picture.luma)
        };
        if shared.is_stopped() {
            return;
        }
        if !codes.is_empty() {
            let picture = picture.luma;
            tell(ScanEvent::Found { codes, picture });
        }
        if is_live {
            let pause = settings.decode_interval.saturating_sub(began.elapsed());
            let state = shared.lock();
            let goes_on = |state: &mut State| state.end.is_none() && !state.is_stopped;
            drop(shared.changed.wait_timeout_while(state, pause, goes_on));
        }
    }
}

/// A smaller picture; none of one that is far wider than high.
fn preview(picture: &LumaPicture, width: usize) -> Option<Preview> {
    let small = picture.reduced(picture.width().div_ceil(width.max(1)));
    (small.width() <= width).then(|| Preview {
        width: small.width(),
        height: small.height(),
        luma: small.into_pixels(),
    })
}

//! Painting takes as long as a file wants. It is done on a thread of its own, and given up when it
//! takes too long; what goes on then ends by itself, and no more than a few such threads can be.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use crate::{ScanError, guard::guarded};

/// How long the next result may take.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How many of these threads there may be.
const MAX_WORKERS: usize = 4;
/// Files nest things, and libraries follow them by calling themselves.
const STACK_BYTES: usize = 64 * 1024 * 1024;

static WORKERS: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// Counts a thread as long as it runs.
struct Place;

impl Place {
    /// Waits for one.
    fn take() -> Option<Self> {
        let workers = WORKERS.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |workers: &mut usize| *workers == MAX_WORKERS;
        let (mut workers, _) = FREED
            .wait_timeout_while(workers, LONGEST_WAIT, is_full)
            .unwrap_or_else(PoisonError::into_inner);
        (*workers < MAX_WORKERS).then(|| {
            *workers += 1;
            Self
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        *WORKERS.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}

/// What a thread hands out, one after the other.
pub(super) struct Worker<T>(Receiver<Result<T, ScanError>>);

/// To whom the thread hands it. Waits until it is taken; an error says that nobody wants it any more.
pub(super) struct Desk<T>(SyncSender<Result<T, ScanError>>);

impl<T> Desk<T> {
    /// Whether more is wanted.
    pub(super) fn hand_out(&self, result: T) -> bool {
        self.0.send(Ok(result)).is_ok()
    }
}

impl<T: Send + 'static> Worker<T> {
    /// Begins. A panic counts as a damaged file.
    pub(super) fn start(
        work: impl FnOnce(&Desk<T>) -> Result<(), ScanError> + Send + 'static,
    ) -> Result<Self, ScanError> {
        let place = Place::take().ok_or(ScanError::TooMuchWork)?;
        let (sender, receiver) = sync_channel(0);
        let run = move || {
            let _place = place;
            let desk = Desk(sender);
            let done = guarded(|| work(&desk)).unwrap_or(Err(ScanError::BrokenPicture));
            if let Err(error) = done {
                // Nobody may be there any more.
                let _ = desk.0.send(Err(error));
            }
        };
        thread::Builder::new()
            .name("painter".to_owned())
            .stack_size(STACK_BYTES)
            .spawn(run)
            .map_err(|_| ScanError::TooMuchWork)?;
        Ok(Self(receiver))
    }

    /// The next result.
    pub(super) fn next(&self) -> Result<T, ScanError> {
        self.0
            .recv_timeout(LONGEST_WAIT)
            .unwrap_or_else(|error| match error {
                RecvTimeoutError::Timeout => Err(ScanError::TooMuchWork),
                RecvTimeoutError::Disconnected => Err(ScanError::BrokenPicture),
            })
    }
}

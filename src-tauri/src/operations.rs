//! Long work that the page can cancel.

use std::{
    collections::HashMap,
    future::Future,
    sync::{Mutex, PoisonError},
};

use tokio::sync::oneshot;

use crate::views::ErrorView;

/// What runs now, by the name the page gave it.
#[derive(Default)]
pub struct Operations(Mutex<HashMap<String, oneshot::Sender<()>>>);

impl Operations {
    /// Runs `work` until it ends or is cancelled. Cancelling drops it: what it had committed stays,
    /// what it had not is undone.
    ///
    /// # Errors
    ///
    /// Those of `work`, or `error.tessera.shell.cancelled`.
    pub async fn run<T>(
        &self,
        name: String,
        work: impl Future<Output = Result<T, ErrorView>>,
    ) -> Result<T, ErrorView> {
        let (cancel, cancelled) = oneshot::channel();
        self.locked().insert(name.clone(), cancel);
        let result = tokio::select! {
            result = work => result,
            Ok(()) = cancelled => Err(ErrorView::new("error.tessera.shell.cancelled", "cancelled")),
        };
        self.locked().remove(&name);
        result
    }

    /// Cancels the work of this name, if it still runs.
    pub fn cancel(&self, name: &str) {
        if let Some(cancel) = self.locked().remove(name) {
            // The receiver is gone when the work ended in this instant: nothing to cancel then.
            let _ = cancel.send(());
        }
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_is_cancelled_ends_at_once_and_says_so() {
        let operations = Operations::default();
        let work = operations.run(
            "a".to_owned(),
            std::future::pending::<Result<(), ErrorView>>(),
        );
        let (result, ()) = tokio::join!(work, async { operations.cancel("a") });
        assert_eq!(
            result.map_err(|error| error.code),
            Err("error.tessera.shell.cancelled".to_owned())
        );
    }

    #[tokio::test]
    async fn work_that_ends_by_itself_gives_its_result() {
        let operations = Operations::default();
        assert_eq!(operations.run("a".to_owned(), async { Ok(1) }).await, Ok(1));
        operations.cancel("a");
    }
}

//! One change of the data: everything that a call changes, or nothing of it.

use std::{cell::RefCell, ops::Deref, sync::Arc};

use rusqlite::{Connection, Savepoint};
use tessera_core_types::{Address, Clock, CoreDate, DeviceId, Randomness};

use crate::{QuotaSetting, app::Hint};

/// A change that is being made: what every change needs, in one hand.
pub struct Change<'a> {
    savepoint: Savepoint<'a>,
    /// The time of the change; no other change has the same.
    pub now: CoreDate,
    /// For ids and salts.
    pub randomness: &'a dyn Randomness,
    /// How much every identity may have of what.
    pub quotas: &'a [QuotaSetting],
    hints: RefCell<Vec<Hint>>,
}

impl<'a> Change<'a> {
    pub(super) fn new(
        savepoint: Savepoint<'a>,
        now: CoreDate,
        randomness: &'a dyn Randomness,
        quotas: &'a [QuotaSetting],
    ) -> Self {
        Self {
            savepoint,
            now,
            randomness,
            quotas,
            hints: RefCell::default(),
        }
    }

    /// Tells the devices of an identity, once the change is committed, that there is something
    /// to fetch.
    pub fn hint(&self, address: &Address, event: &'static str, except: Option<&DeviceId>) {
        self.hints.borrow_mut().push(Hint {
            address: address.clone(),
            event,
            except: except.cloned(),
        });
    }

    /// Keeps it for the commit that follows; a change that is dropped leaves nothing.
    pub(super) fn keep(self) -> rusqlite::Result<Vec<Hint>> {
        self.savepoint.commit()?;
        Ok(self.hints.into_inner())
    }
}

impl Deref for Change<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.savepoint
    }
}

/// A clock on which no two changes have the same time: clients order what happened by it, and
/// three decimals collide easily.
pub(super) struct ServerTime {
    clock: Arc<dyn Clock>,
    last: Option<CoreDate>,
}

/// A clock that was set back by more than this is believed.
const SET_BACK: chrono::TimeDelta = chrono::TimeDelta::seconds(10);

impl ServerTime {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, last: None }
    }

    pub fn next(&mut self) -> CoreDate {
        let now = self.clock.now();
        let time = match self.last {
            Some(last) if last >= now && last < now.plus(SET_BACK) => {
                last.plus(chrono::TimeDelta::milliseconds(1))
            }
            _ => now,
        };
        self.last = Some(time);
        time
    }
}

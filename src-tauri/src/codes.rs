//! Codes that were read: the page holds their numbers, the secrets in them stay here.

use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

use tessera_content::Reference;
use tessera_core_types::{GenericId, SystemRandomness};
use tessera_wallet::views::CodeOrigin;

/// How many codes are kept; the oldest is forgotten. More than one picture can have.
const KEPT: usize = 128;

/// The codes that were read since the program started.
#[derive(Default)]
pub struct Codes(Mutex<VecDeque<(String, Code)>>);

/// A code that was read.
#[derive(Clone)]
pub struct Code {
    /// What it says.
    pub reference: Reference,
    /// How it came in.
    pub origin: CodeOrigin,
}

impl Codes {
    /// Keeps a code and says under which number.
    pub fn keep(&self, code: Code) -> String {
        let id = GenericId::generate(&SystemRandomness).to_string();
        let mut codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if codes.len() == KEPT {
            codes.pop_front();
        }
        codes.push_back((id.clone(), code));
        id
    }

    /// The code with this number, unless it was forgotten.
    pub fn get(&self, id: &str) -> Option<Code> {
        let codes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        codes
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, code)| code.clone())
    }
}

//! See [`tessera_fuzz::content`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tessera_fuzz::content(data));

//! See [`tessera_fuzz::decision`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tessera_fuzz::decision(data));

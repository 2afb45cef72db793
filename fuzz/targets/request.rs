//! See [`tessera_fuzz::request`].
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| tessera_fuzz::request(data));

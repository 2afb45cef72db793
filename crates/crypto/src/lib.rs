//! enmeshed's cryptography over kept libraries, without I/O.

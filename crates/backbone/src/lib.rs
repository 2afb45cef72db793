//! The embedded Backbone: a server of enmeshed's Consumer API on one SQLite file.

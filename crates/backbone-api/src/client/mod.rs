//! A typed HTTP client of the Consumer API.

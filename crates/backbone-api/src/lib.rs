//! The wire types of the Backbone's Consumer API, with a typed HTTP client behind the feature `client`.

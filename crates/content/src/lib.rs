//! The language of enmeshed: references, attributes, queries, Requests and Responses, without I/O.

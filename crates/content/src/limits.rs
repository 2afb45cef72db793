//! How large content may be. Lengths count UTF-16 code units, as every enmeshed runtime does.
//!
//! Those of enmeshed are what a peer refuses as well; those of Tessera keep hostile content from
//! costing more than it is worth, and are far above anything that is really sent.

/// Title of a Request, group, item or RelationshipTemplateContent (enmeshed).
pub const TITLE: usize = 200;
/// Description of a Request, group or item (enmeshed).
pub const DESCRIPTION: usize = 500;
/// Text of a ConsentRequestItem or a Consent (enmeshed).
pub const CONSENT: usize = 10_000;
/// Link of a ConsentRequestItem (enmeshed).
pub const LINK: usize = 1024;
/// `code` of a RejectResponseItem or ErrorResponseItem (enmeshed).
pub const REJECT_CODE: usize = 200;
/// `message` of a RejectResponseItem or ErrorResponseItem (enmeshed).
pub const REJECT_MESSAGE: usize = 1000;
/// An answer in text to a form field; at least one character (enmeshed).
pub const FORM_FIELD_RESPONSE: usize = 4096;
/// `key` of a RelationshipAttribute and of the queries for one (enmeshed).
pub const ATTRIBUTE_KEY: usize = 100;
/// Tags of one Attribute or query (enmeshed).
pub const TAGS: usize = 20;
/// One tag (enmeshed).
pub const TAG: usize = 250;
/// `queryString` of an IQLQuery (enmeshed).
pub const QUERY_STRING: usize = 4096;
/// Subject of a Mail (enmeshed).
pub const MAIL_SUBJECT: usize = 300;
/// Body of a Mail (enmeshed).
pub const MAIL_BODY: usize = 50_000;

/// Items of one Request or Response, those in groups included (Tessera).
pub const ITEMS: usize = 1000;
/// Addresses in one list: third parties of a query, recipients of a Mail (Tessera).
pub const ADDRESSES: usize = 1000;
/// Options of a selection, values offered by hints (Tessera).
pub const OPTIONS: usize = 1000;
/// Metadata of one Request, group or item, as compact JSON (Tessera).
pub const METADATA: usize = 1_000_000;
/// A text for which enmeshed has no limit: a free text, a file reference, a URL (Tessera).
pub const TEXT: usize = 100_000;
/// Bytes of a text that is read as JSON content (Tessera).
pub const CONTENT_BYTES: usize = 64 * 1024 * 1024;
/// Nesting of an IQL query in brackets and negations (Tessera).
pub const IQL_DEPTH: usize = 100;
/// Groups inside groups in a Decision: one is meant, more are answers that fit nothing (Tessera).
pub const DECISION_DEPTH: usize = 8;

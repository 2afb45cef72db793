//! The content types that the model carries, named in one place.

pub use serde_json::Value as Attribute;
pub use serde_json::Value as RelationshipCreationContent;
pub use serde_json::Value as RelationshipTemplateContent;
pub use serde_json::Value as Request;
pub use serde_json::Value as Response;

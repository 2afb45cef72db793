//! Requests and what answers them, and what carries both.

mod carriers;
mod decision;
mod form_field;
mod item;
mod item_kinds;
mod notification;
mod request;
mod response;
mod response_item;
mod v6;

pub use carriers::{
    CreationContent, Mail, MailBodyFormat, MessageContent, RelationshipCreationContent,
    RelationshipTemplateContent, RequestSourceType, ResponseWrapper, TemplateContent,
};
pub use decision::{AcceptParameters, Decision, DecisionNode, RejectParameters};
pub use form_field::{FormFieldResponse, FormFieldSettings};
pub use item::{ItemFrame, RequestItem, UnknownRequestItem};
pub use item_kinds::{
    AuthenticationRequestItem, ConsentRequestItem, CreateAttributeRequestItem,
    DeleteAttributeRequestItem, FormFieldRequestItem, FreeTextRequestItem,
    ProposeAttributeRequestItem, ReadAttributeRequestItem, RegisterAttributeListenerRequestItem,
    ShareAttributeRequestItem, ShareAuthorizationRequestRequestItem,
    ShareCredentialOfferRequestItem, TransferFileOwnershipRequestItem,
};
pub use notification::{Notification, NotificationItem, UnknownNotificationItem};
pub use request::{Request, RequestItemGroup, RequestNode};
pub use response::{Response, ResponseNode, ResponseResult};
pub use response_item::{ResponseItem, ResponseItemResult, UnknownResponseItem};
pub use v6::{ProtocolVersion, sign_of_version, with_v6_names};

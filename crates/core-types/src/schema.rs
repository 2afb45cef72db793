//! How the types that the Backbone knows are described in JSON Schema: all of them travel as text.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{Address, CoreDate, SecretText, ids};

macro_rules! texts {
    ($($type:ty, $name:literal, $schema:tt;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }

            fn inline_schema() -> bool {
                false
            }
        }
    )*};
}

texts! {
    Address, "Address", {"type": "string", "maxLength": 80,
        "pattern": "^did:e:([a-z0-9-]+\\.)*[a-z]{2,}:dids:[0-9a-f]{22}$"};
    CoreDate, "Date", {"type": "string", "format": "date-time"};
    SecretText, "Secret", {"type": "string"};
}

macro_rules! ids {
    ($($name:ident)*) => {$(
        impl JsonSchema for ids::$name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": format!("^{}[A-Za-z0-9]{{17}}$", Self::PREFIX),
                })
            }
        }
    )*};
}

ids! {
    RelationshipTemplateId
    TokenId
    FileId
    RelationshipId
    MessageId
    DeviceId
    Username
    ChallengeId
    SyncRunId
    ExternalEventId
    DatawalletModificationId
    IdentityDeletionProcessId
}

//! The OpenAPI document of the Consumer API, made from the wire types.

use schemars::{
    JsonSchema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value, json};

use crate::{
    ErrorEnvelope, announcements, authentication, challenges, datawallet, deletion_processes,
    devices, external_events, feature_flags, files, identities, messages, notifications, quotas,
    relationship_templates, relationships, sync_runs, tags, tokens, version,
};

/// Whether a call needs a login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Login {
    Needed,
    Possible,
    None,
}

/// Makes the document. What an answer may lack and what a request must have are told apart: a
/// property of an answer is always there, also when it is `null`.
#[must_use]
pub fn document() -> Value {
    let mut document = Document::default();
    describe(&mut document);
    let mut schemas = document.answers.take_definitions(true);
    schemas.append(&mut document.requests.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Backbone Consumer API",
            "version": "2.0.0",
            "description": "Made from the wire types. Version 1 of the API (`/api/v1`) has the same calls. \
                Every call may also fail with an error body as in `ErrorEnvelope`.",
        },
        "paths": document.paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    })
}

struct Document {
    paths: Map<String, Value>,
    answers: SchemaGenerator,
    requests: SchemaGenerator,
}

impl Default for Document {
    fn default() -> Self {
        let generator = |contract, definitions: &str| {
            let mut settings = SchemaSettings::draft2020_12();
            settings.contract = contract;
            settings.definitions_path = definitions.to_owned().into();
            settings.into_generator()
        };
        Self {
            paths: Map::new(),
            answers: generator(Contract::Serialize, "/components/schemas"),
            requests: generator(Contract::Deserialize, "/components/schemas"),
        }
    }
}

/// What is sent or answered.
enum Content {
    Nothing,
    Json(Value),
    /// Any type of content.
    Other(&'static str, Value),
}

impl Document {
    /// A JSON body of a request.
    fn body<T: JsonSchema>(&mut self) -> Content {
        Content::Json(self.requests.subschema_for::<T>().to_value())
    }

    /// An answer in the envelope.
    fn result<T: JsonSchema>(&mut self) -> Content {
        let result = self.answers.subschema_for::<T>().to_value();
        Content::Json(json!({
            "type": "object",
            "properties": {"result": result},
            "required": ["result"],
        }))
    }

    /// A page of a list.
    fn page<T: JsonSchema>(&mut self) -> Content {
        let item = self.answers.subschema_for::<T>().to_value();
        let pagination = self.answers.subschema_for::<crate::Pagination>().to_value();
        Content::Json(json!({
            "type": "object",
            "properties": {
                "result": {"type": "array", "items": item},
                "pagination": pagination,
            },
            "required": ["result"],
        }))
    }

    fn add(
        &mut self,
        (method, path): (&str, &str),
        login: Login,
        body: Content,
        answers: impl IntoIterator<Item = (u16, Content)>,
    ) {
        let mut operation = Map::new();
        let security = match login {
            Login::Needed => json!([{"bearer": []}]),
            Login::Possible => json!([{}, {"bearer": []}]),
            Login::None => json!([]),
        };
        operation.insert("security".to_owned(), security);
        if let Some(content) = content(body) {
            operation.insert("requestBody".to_owned(), json!({"content": content}));
        }
        let answers = answers.into_iter().map(|(status, body)| {
            let answer = match content(body) {
                Some(content) => json!({"description": "", "content": content}),
                None => json!({"description": ""}),
            };
            (status.to_string(), answer)
        });
        operation.insert("responses".to_owned(), Value::Object(answers.collect()));
        let operations = self.paths.entry(path).or_insert_with(|| json!({}));
        operations[method.to_ascii_lowercase()] = Value::Object(operation);
    }
}

fn content(body: Content) -> Option<Value> {
    match body {
        Content::Nothing => None,
        Content::Json(schema) => Some(json!({"application/json": {"schema": schema}})),
        Content::Other(kind, schema) => Some(json!({kind: {"schema": schema}})),
    }
}

/// `call!(document, "METHOD" "path", login, request => status: answer, …)`.
macro_rules! calls {
    ($document:ident; $($method:ident $path:literal $login:ident ($($request:tt)*) => $($status:literal ($($answer:tt)*)),+;)*) => {$(
        let request = content!($document; $($request)*);
        let answers = [$(($status, content!($document; $($answer)*))),+];
        $document.add((stringify!($method), $path), Login::$login, request, answers);
    )*};
}

macro_rules! content {
    ($document:ident;) => {
        Content::Nothing
    };
    ($document:ident; body $type:ty) => {
        $document.body::<$type>()
    };
    ($document:ident; result $type:ty) => {
        $document.result::<$type>()
    };
    ($document:ident; page $type:ty) => {
        $document.page::<$type>()
    };
    ($document:ident; other $kind:literal $type:ty) => {
        Content::Other($kind, $document.answers.subschema_for::<$type>().to_value())
    };
    ($document:ident; form $type:ty) => {
        Content::Other(
            "application/x-www-form-urlencoded",
            $document.requests.subschema_for::<$type>().to_value(),
        )
    };
}

/// The form of an upload.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code, reason = "only described")]
struct UploadForm {
    /// The cipher, as a file.
    content: String,
    cipher_hash: crate::Bytes,
    owner_signature: crate::Bytes,
    expires_at: tessera_core_types::CoreDate,
    encrypted_properties: crate::Bytes,
    /// Ignored.
    owner: Option<tessera_core_types::Address>,
}

fn describe(document: &mut Document) {
    describe_identities(document);
    describe_relationships(document);
    describe_contents(document);
    describe_synchronisation(document);
    // For whoever reads the document: the form of every error.
    let _ = document.answers.subschema_for::<ErrorEnvelope>();
}

fn describe_identities(document: &mut Document) {
    calls! { document;
        GET "/api/v2/Version" None () => 200 (result version::Version);
        GET "/health" None () => 200 (other "text/plain" String);
        POST "/connect/token" None (form authentication::TokenRequest) =>
            200 (other "application/json" authentication::AccessToken),
            400 (other "application/json" authentication::OAuthError),
            401 (other "application/json" authentication::OAuthError);
        POST "/api/v2/Challenges" Possible () => 201 (result challenges::Challenge);
        GET "/api/v2/Challenges/{id}" Needed () => 200 (result challenges::Challenge);
        POST "/api/v2/Identities" None (body identities::CreateIdentityRequest) =>
            201 (result identities::CreateIdentityResponse);
        GET "/api/v2/Identities/IsDeleted" None () => 200 (result identities::IsDeletedResponse);
        GET "/api/v2/Identities/Self" Needed () => 200 (result identities::Identity);
        PATCH "/api/v2/Identities/Self/FeatureFlags" Needed (body feature_flags::FeatureFlags) => 204 ();
        GET "/api/v2/Identities/{address}/FeatureFlags" Needed () =>
            200 (result feature_flags::FeatureFlags);
        POST "/api/v2/Identities/Self/DeletionProcesses" Needed
            (body deletion_processes::StartDeletionProcessRequest) =>
            201 (result deletion_processes::DeletionProcess);
        GET "/api/v2/Identities/Self/DeletionProcesses" Needed () =>
            200 (result Vec<deletion_processes::DeletionProcess>);
        GET "/api/v2/Identities/Self/DeletionProcesses/{id}" Needed () =>
            200 (result deletion_processes::DeletionProcess);
        PUT "/api/v2/Identities/Self/DeletionProcesses/{id}/Cancel" Needed () =>
            200 (result deletion_processes::DeletionProcess);
        POST "/api/v2/Devices" Needed (body devices::CreateDeviceRequest) =>
            201 (result devices::CreatedDevice);
        GET "/api/v2/Devices" Needed () => 200 (page devices::Device);
        GET "/api/v2/Devices/Self" Needed () => 200 (result devices::Device);
        PUT "/api/v2/Devices/Self" Needed (body devices::UpdateDeviceRequest) => 204 ();
        PUT "/api/v2/Devices/Self/Password" Needed (body devices::ChangePasswordRequest) => 204 ();
        DELETE "/api/v2/Devices/{id}" Needed () => 204 ();
        PUT "/api/v2/Devices/Self/PushNotifications" Needed (body devices::RegisterPushRequest) =>
            200 (result devices::RegisterPushResponse);
        DELETE "/api/v2/Devices/Self/PushNotifications" Needed () => 204 ();
        POST "/api/v2/Devices/Self/PushNotifications/SendTestNotification" Needed (body Value) => 204 ();
    }
}

fn describe_relationships(document: &mut Document) {
    calls! { document;
        POST "/api/v2/RelationshipTemplates" Needed
            (body relationship_templates::CreateRelationshipTemplateRequest) =>
            201 (result relationship_templates::CreatedRelationshipTemplate);
        GET "/api/v2/RelationshipTemplates" Needed () =>
            200 (page relationship_templates::RelationshipTemplate);
        GET "/api/v2/RelationshipTemplates/{id}" Needed () =>
            200 (result relationship_templates::RelationshipTemplate);
        DELETE "/api/v2/RelationshipTemplates/{id}" Needed () => 204 ();
        GET "/api/v2/Relationships/CanCreate" Needed () =>
            200 (result relationships::CanCreateRelationshipResponse);
        POST "/api/v2/Relationships" Needed (body relationships::CreateRelationshipRequest) =>
            201 (result relationships::RelationshipMetadata);
        GET "/api/v2/Relationships" Needed () => 200 (page relationships::Relationship);
        GET "/api/v2/Relationships/{id}" Needed () => 200 (result relationships::Relationship);
    }
    for action in relationships::RelationshipAction::ALL {
        let body = if action.has_body() {
            document.body::<relationships::CreationResponseRequest>()
        } else {
            Content::Nothing
        };
        let answer = document.result::<relationships::RelationshipMetadata>();
        let path = format!("/api/v2/Relationships/{{id}}/{}", action.path());
        document.add(("PUT", &path), Login::Needed, body, [(200, answer)]);
    }
}

fn describe_contents(document: &mut Document) {
    calls! { document;
        POST "/api/v2/Messages" Needed (body messages::SendMessageRequest) =>
            201 (result messages::SentMessage);
        GET "/api/v2/Messages" Needed () => 200 (page messages::Message);
        GET "/api/v2/Messages/{id}" Needed () => 200 (result messages::Message);
        POST "/api/v2/Tokens" Possible (body tokens::CreateTokenRequest) =>
            201 (result tokens::CreatedToken);
        GET "/api/v2/Tokens" Needed () => 200 (page tokens::Token);
        GET "/api/v2/Tokens/{id}" Possible () => 200 (result tokens::Token);
        DELETE "/api/v2/Tokens/{id}" Needed () => 204 ();
        POST "/api/v2/Tokens/{id}/UpdateContent" Needed (body tokens::UpdateTokenContentRequest) =>
            200 (result tokens::TokenMetadata);
        GET "/api/v2/Files" Needed () => 200 (page files::FileMetadata);
        GET "/api/v2/Files/{id}" Needed () => 200 (other "application/octet-stream" String);
        DELETE "/api/v2/Files/{id}" Needed () => 204 ();
        GET "/api/v2/Files/{id}/Metadata" Needed () => 200 (result files::FileMetadata);
        PATCH "/api/v2/Files/{id}/RegenerateOwnershipToken" Needed () =>
            200 (result files::NewOwnershipToken);
        PATCH "/api/v2/Files/{id}/ClaimOwnership" Needed (body files::OwnershipTokenRequest) =>
            200 (result files::NewOwnershipToken);
        POST "/api/v2/Files/{id}/ValidateOwnershipToken" Needed (body files::OwnershipTokenRequest) =>
            200 (result files::ValidateOwnershipTokenResponse);
    }
    let form = document.requests.subschema_for::<UploadForm>().to_value();
    let answer = document.result::<files::UploadedFile>();
    let form = Content::Other("multipart/form-data", form);
    document.add(
        ("POST", "/api/v2/Files"),
        Login::Needed,
        form,
        [(201, answer)],
    );
}

fn describe_synchronisation(document: &mut Document) {
    calls! { document;
        GET "/api/v2/Datawallet" Needed () => 200 (result datawallet::Datawallet);
        GET "/api/v2/Datawallet/Modifications" Needed () => 200 (page datawallet::DatawalletModification);
        POST "/api/v2/Datawallet/Modifications" Needed
            (body datawallet::PushDatawalletModificationsRequest) =>
            201 (result datawallet::PushDatawalletModificationsResponse);
        POST "/api/v2/SyncRuns" Needed (body sync_runs::StartSyncRunRequest) =>
            200 (result sync_runs::StartSyncRunResponse),
            201 (result sync_runs::StartSyncRunResponse);
        GET "/api/v2/SyncRuns/{id}" Needed () => 200 (result sync_runs::SyncRun);
        GET "/api/v2/SyncRuns/{id}/ExternalEvents" Needed () => 200 (page external_events::ExternalEvent);
        PUT "/api/v2/SyncRuns/{id}/FinalizeExternalEventSync" Needed
            (body sync_runs::FinalizeExternalEventSyncRequest) =>
            200 (result sync_runs::FinalizeExternalEventSyncResponse);
        PUT "/api/v2/SyncRuns/{id}/FinalizeDatawalletVersionUpgrade" Needed
            (body sync_runs::FinalizeDatawalletVersionUpgradeRequest) =>
            200 (result sync_runs::FinalizeDatawalletVersionUpgradeResponse);
        PUT "/api/v2/SyncRuns/{id}/RefreshExpirationTime" Needed () =>
            200 (result sync_runs::RefreshExpirationTimeResponse);
        GET "/api/v2/sse" Needed () => 200 (other "text/event-stream" String);
        POST "/api/v2/Notifications" Needed (body notifications::SendNotificationRequest) => 204 ();
        GET "/api/v2/Announcements" Needed () => 200 (result Vec<announcements::Announcement>);
        GET "/api/v2/Tags" Possible () => 200 (result tags::TagCollection), 304 ();
        GET "/api/v2/Quotas" Needed () => 200 (result Vec<quotas::QuotaGroup>);
        GET "/api/poc/PublicRelationshipTemplateReferences" Needed () =>
            200 (result Vec<announcements::PublicRelationshipTemplateReference>);
    }
}

//! Own Requests as they are shown, and checked before they are sent.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tessera_content::{Request, RequestItem, Response, ResponseItem, ResponseNode, ResponseResult};
use tessera_core_types::{Address, AttributeId, RequestId};

use super::tried;
use crate::{
    Result, Wallet, WalletError,
    answers::shared_id,
    attributes::{AttributeError, attribute_view},
    contacts::peer_view,
    incoming::{LARGEST_PAGE, load_request},
    model::{LocalRequest, LocalRequestStatus, OutboxKind, OutboxState},
    store::{
        self, Transaction,
        request_lists::{RequestList, Wanted},
        window::Window,
    },
    views::{DecisionCheck, SentPage, SentRequest, SentSearch, SentState, SentSummary},
};

impl Wallet {
    /// Whether a Request could be sent to a contact now: a tree of its shape. `request` is as for
    /// [`Wallet::read_own_request`].
    ///
    /// # Errors
    ///
    /// When the database fails. What is wrong with the Request is in the result, also when it can't
    /// be read.
    pub async fn check_request(&self, peer: &Address, request: &Value) -> Result<DecisionCheck> {
        let request = match self.read_own_request(request).await {
            Ok(request) => request,
            Err(error) => return self.unreadable(request, &error).await,
        };
        let (me, now) = (self.inner.me.address.clone(), self.now());
        let peer = peer.clone();
        self.inner
            .store
            .read(move |transaction| tried(transaction, &me, Some(&peer), &request, now))
            .await
    }

    /// Reads a Request that is going to be sent. A ShareAttributeRequestItem may name what it
    /// shares by its `attributeId` alone: the rest is put in from what is stored.
    ///
    /// # Errors
    ///
    /// [`WalletError::Content`] when it can't be read, [`AttributeError::NotFound`] when there is
    /// no Attribute of this id.
    pub async fn read_own_request(&self, request: &Value) -> Result<Request> {
        let mut request = request.clone();
        for item in items_of(&mut request) {
            let is_bare = item.get("@type").and_then(Value::as_str)
                == Some("ShareAttributeRequestItem")
                && item.get("attribute").is_none();
            let id = item.get("attributeId").and_then(Value::as_str);
            let Some(id) = id.filter(|_| is_bare) else {
                continue;
            };
            let id = AttributeId::parse(id).map_err(|_| AttributeError::NotFound)?;
            let stored = self
                .inner
                .store
                .read(move |transaction| store::attributes::by_id(transaction, &id))
                .await?
                .ok_or(AttributeError::NotFound)?;
            item.insert("attribute".to_owned(), stored.content.to_json());
            if let Some(origin) = stored.origin() {
                item.insert("initialAttributePeer".to_owned(), json!(origin.peer));
            }
        }
        Ok(Request::parse(&request)?)
    }

    /// Where a Request can't be read: at the items that can't be read alone, else as a whole.
    async fn unreadable(&self, request: &Value, error: &WalletError) -> Result<DecisionCheck> {
        let nodes = request.get("items").and_then(Value::as_array);
        let mut checks = Vec::new();
        for node in nodes.into_iter().flatten() {
            let alone = json!({ "items": [node] });
            checks.push(match self.read_own_request(&alone).await {
                Ok(_) => found_wrong(None),
                Err(error) => found_wrong(Some(&error)),
            });
        }
        if checks.iter().all(|check| check.is_success) {
            return Ok(found_wrong(Some(error)));
        }
        Ok(DecisionCheck {
            is_success: false,
            code: Some(crate::requests::code::INHERITED.to_owned()),
            root_code: None,
            message: Some("something inside is wrong".to_owned()),
            items: Some(checks),
        })
    }

    /// Those of the own Requests that are looked for, the newest first, at most 500 at a time.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn search_sent_requests(&self, mut search: SentSearch) -> Result<SentPage> {
        search.limit = search.limit.min(LARGEST_PAGE);
        self.expire_due().await?;
        self.inner
            .store
            .read(move |transaction| {
                let wanted = Wanted {
                    list: RequestList::Own,
                    peer: search.peer.as_ref(),
                };
                let total = store::request_lists::count(transaction, wanted)?;
                let window = Window::new(search.offset, search.limit, total);
                let found = store::request_lists::page(transaction, wanted, window)?;
                let requests = found
                    .iter()
                    .map(|id| summary(transaction, &load_request(transaction, id)?));
                Ok(SentPage {
                    requests: requests.collect::<Result<_>>()?,
                    total,
                })
            })
            .await
    }

    /// An own Request and what was answered.
    ///
    /// # Errors
    ///
    /// [`WalletError::NotFound`], also for a received one.
    pub async fn sent_request(&self, id: &RequestId) -> Result<SentRequest> {
        self.expire_due().await?;
        let (id, now) = (id.clone(), self.now());
        self.inner
            .store
            .read(move |transaction| {
                let request = store::requests::by_id(transaction, &id)?
                    .filter(|request| request.is_own)
                    .ok_or(WalletError::NotFound("Request"))?;
                let response = request.response.as_ref().map(|response| &response.content);
                let mut attributes = Vec::new();
                for id in named(&request.content, response) {
                    let known = store::attributes::by_wire_id(transaction, &id, &request.peer)?;
                    let known = match known {
                        Some(known) => Some(known),
                        None => store::attributes::by_id(transaction, &id)?,
                    };
                    if let Some(known) = known {
                        let mut view = attribute_view(transaction, &known, now)?;
                        // Under the id that is looked for.
                        view.id = id;
                        attributes.push(view);
                    }
                }
                let mut content = request.content.to_json();
                for item in items_of(&mut content) {
                    item.remove("ownershipToken");
                }
                Ok(SentRequest {
                    summary: summary(transaction, &request)?,
                    request: content,
                    response: response.map(Response::to_json),
                    attributes,
                })
            })
            .await
    }
}

/// The items of a Request as JSON, those in groups included.
fn items_of(request: &mut Value) -> Vec<&mut Map<String, Value>> {
    let nodes = request.get_mut("items").and_then(Value::as_array_mut);
    let mut items = Vec::new();
    for node in nodes.into_iter().flatten().filter_map(Value::as_object_mut) {
        if node.get("items").is_none_or(|inner| !inner.is_array()) {
            items.push(node);
        } else if let Some(inner) = node.get_mut("items").and_then(Value::as_array_mut) {
            items.extend(inner.iter_mut().filter_map(Value::as_object_mut));
        }
    }
    items
}

fn found_wrong(error: Option<&WalletError>) -> DecisionCheck {
    DecisionCheck {
        is_success: error.is_none(),
        code: error.map(|error| error.code().into_owned()),
        root_code: None,
        message: error.map(ToString::to_string),
        items: None,
    }
}

/// The ids of Attributes that stand in place of their content.
fn named(request: &Request, response: Option<&Response>) -> BTreeSet<AttributeId> {
    let mut ids = BTreeSet::new();
    for item in request.all_items() {
        match item {
            RequestItem::DeleteAttribute(item) => {
                ids.insert(item.attribute_id.clone());
            }
            RequestItem::ShareAttribute(item) => ids.extend(shared_id(item).cloned()),
            _ => {}
        }
    }
    let nodes = response.map(|response| response.items.as_slice());
    for node in nodes.unwrap_or_default() {
        let items = match node {
            ResponseNode::Item(item) => std::slice::from_ref(item),
            ResponseNode::Group(items) => items.as_slice(),
        };
        ids.extend(items.iter().filter_map(|item| match item {
            ResponseItem::AttributeAlreadySharedAccept { attribute_id } => {
                Some(attribute_id.clone())
            }
            _ => None,
        }));
    }
    ids
}

fn summary(transaction: &Transaction<'_>, request: &LocalRequest) -> Result<SentSummary> {
    let operations = store::outbox::by_subject(transaction, request.id.as_str())?;
    let sending = operations
        .iter()
        .rfind(|operation| operation.kind == OutboxKind::SendMessage);
    let response = request.response.as_ref();
    let state = match (request.status, sending.map(|operation| operation.state)) {
        (LocalRequestStatus::Completed, _) => SentState::Answered,
        (LocalRequestStatus::Expired, _) => SentState::Expired,
        (_, Some(OutboxState::Failed)) => SentState::Failed,
        (_, Some(OutboxState::Queued | OutboxState::Sending)) => SentState::ToBeSent,
        _ => SentState::Waiting,
    };
    let mut items = request.content.all_items();
    let item_type = match (items.next(), items.next()) {
        (Some(only), None) => Some(only.type_name().to_owned()),
        _ => None,
    };
    Ok(SentSummary {
        id: request.id.clone(),
        peer: peer_view(transaction, &request.peer, request.created_at)?,
        title: request.content.title.clone(),
        item_type,
        state,
        failure_code: match state {
            SentState::Failed => sending.and_then(|operation| operation.last_error_code.clone()),
            _ => None,
        },
        accepted: response.map(|response| response.content.result == ResponseResult::Accepted),
        created_at: request.created_at,
        answered_at: response.map(|response| response.created_at),
        expires_at: request.content.expires_at,
        item_count: u32::try_from(request.content.all_items().count()).unwrap_or(u32::MAX),
    })
}

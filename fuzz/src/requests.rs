//! Requests and what is decided on them; what peers answer and tell.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicU8, Ordering},
};

use serde_json::Value;
use tessera_content::{
    Decision, Notification, Request, RequestNode, Response, ResponseNode, parse_json,
};
use tessera_core_types::{Randomness, RequestId};
use tessera_wallet::{
    answers::{self, Answer},
    model::{LocalRequest, LocalRequestSource},
    notifications::{self, Received},
    requests::{
        Arrival, FileFact, FileOffer, RandomIds, ReceivedRequest, Situation, Verdict, check,
        decide, default_decision, delivery, file_offers, form, needed, receive, rejection,
    },
    views::{FormNode, PeerView, RequestSummary},
};

use crate::world::{World, holdings, relationship};

/// Ids are as good when they are the same each time, and one after the other.
#[derive(Default)]
struct Counting(AtomicU8);

impl Randomness for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed);
        bytes.fill(next);
    }
}

/// A Request that arrives, and a Decision on it: JSON of the form of the recorded cases, with
/// `request`, `decide`, `source` and `setup`. What is decided has the shape of what was asked, can be
/// read by whoever gets it, and is what was said before it was decided.
pub fn request(data: &[u8]) {
    let Some((situation, case)) = arrived(data) else {
        return;
    };
    let form = form(&situation, summary(&situation.request));
    assert_eq!(form.nodes.len(), situation.request.content.items.len());
    for (shown, asked) in form.nodes.iter().zip(&situation.request.content.items) {
        match (shown, asked) {
            (FormNode::Item(_), RequestNode::Item(_)) => {}
            (FormNode::Group { items, .. }, RequestNode::Group(group)) => {
                assert_eq!(items.len(), group.items.len());
            }
            _ => unreachable!("an item is shown as a group, or a group as an item"),
        }
    }
    decided(&situation, Verdict::Accept, &default_decision(&situation));
    decided(&situation, Verdict::Reject, &rejection(&situation));
    if let Ok(decision) = Decision::parse(&case["decide"]) {
        for verdict in [Verdict::Accept, Verdict::Reject] {
            decided(&situation, verdict, &decision);
        }
    }
}

/// The Request of a case in its situation, and the case.
fn arrived(data: &[u8]) -> Option<(Situation, Value)> {
    let case = parse_json(&String::from_utf8_lossy(data)).ok()?;
    let world = World::new()?;
    let setup = &case["setup"];
    let relationship = relationship(setup);
    let content = Request::parse(&case["request"]).ok()?;
    assert_eq!(Request::parse(&content.to_json()).as_ref(), Ok(&content));
    let source = match case["source"]["type"].as_str() {
        Some("RelationshipTemplate") => LocalRequestSource::RelationshipTemplate {
            reference: "RLTtessera0000000001".parse().ok()?,
        },
        _ => LocalRequestSource::Message {
            reference: "MSGtessera0000000001".parse().ok()?,
        },
    };
    let received = ReceivedRequest {
        peer: world.peer.clone(),
        content,
        source,
        template_expires_at: None,
    };
    let arrival = Arrival {
        me: &world.me,
        now: world.now,
        relationship,
        is_id_taken: false,
        new_id: RequestId::parse("REQmadeHere000000001").ok()?,
    };
    let request = receive(received, &arrival).ok()?;
    let all = holdings(setup);
    // As a store does it: no more at hand than is asked for.
    let decision = Decision::parse(&case["decide"]).ok();
    let lookups = needed(&request.content, &request.peer, decision.as_ref());
    let at_hand = all
        .iter()
        .filter(|attribute| lookups.iter().any(|lookup| lookup.finds(attribute)));
    let files = file_offers(&request.content).into_iter().map(file);
    let situation = Situation {
        today: world.now.to_utc().date_naive(),
        me: world.me,
        now: world.now,
        relationship,
        peer_deletion: None,
        established: BTreeSet::from([world.peer]),
        holdings: at_hand.cloned().collect(),
        files: files.collect::<BTreeMap<FileOffer, FileFact>>(),
        tags: None,
        sets_defaults: setup["setDefaultOwnIdentityAttributes"] == true,
        request,
    };
    Some((situation, case))
}

fn file(offer: FileOffer) -> (FileOffer, FileFact) {
    let code = "error.platform.recordNotFound".into();
    (offer, FileFact::NotLoaded { code })
}

fn decided(situation: &Situation, verdict: Verdict, decision: &Decision) {
    let found = check(situation, verdict, decision);
    let mut ids = RandomIds(&Counting::default());
    match decide(situation, verdict, decision, &mut ids) {
        Ok(decided) => {
            assert!(found.is_success, "decided what the check refuses");
            assert_shape(&situation.request.content, decision, &decided.response);
            let written = decided.response.to_json();
            assert_eq!(
                Response::parse(&written).as_ref(),
                Ok(&decided.response),
                "{written}"
            );
            assert!(verdict == Verdict::Accept || decided.changes.is_empty());
            let _ = delivery(
                &situation.request,
                situation.relationship,
                &decided.response,
            );
        }
        Err(error) => {
            assert!(!found.is_success, "the check finds nothing: {error:?}");
            assert!(!error.code().is_empty());
        }
    }
}

fn assert_shape(request: &Request, decision: &Decision, response: &Response) {
    assert_eq!(response.items.len(), request.items.len());
    assert_eq!(decision.items.len(), request.items.len());
    for (asked, answered) in request.items.iter().zip(&response.items) {
        match (asked, answered) {
            (RequestNode::Item(_), ResponseNode::Item(_)) => {}
            (RequestNode::Group(group), ResponseNode::Group(items)) => {
                assert_eq!(items.len(), group.items.len());
            }
            _ => unreachable!("an item is answered as a group, or a group as an item"),
        }
    }
}

fn summary(request: &LocalRequest) -> RequestSummary {
    RequestSummary {
        id: request.id.clone(),
        peer: PeerView {
            address: request.peer.clone(),
            name: None,
            title: None,
            first_seen_at: request.created_at,
            relationship_id: None,
        },
        title: request.content.title.clone(),
        status: request.status,
        accepted: None,
        held: None,
        created_at: request.created_at,
        expires_at: request.content.expires_at,
        is_dismissible: false,
        is_dismissed: false,
        item_count: 0,
    }
}

/// What a peer answers to an own Request (`request` and `response`) or tells (`notification`), with
/// what is stored in `setup`.
pub fn incoming(data: &[u8]) {
    let Ok(case) = parse_json(&String::from_utf8_lossy(data)) else {
        return;
    };
    let Some(world) = World::new() else {
        return;
    };
    let holdings = holdings(&case["setup"]);
    if let Ok(notification) = Notification::parse(&case["notification"]) {
        let named = notifications::named_attributes(&notification);
        let processed = notifications::process(Received {
            peer: &world.peer,
            notification: &notification,
            holdings: &holdings,
            now: world.now,
        });
        if let Ok(processed) = processed {
            assert!(processed.changes.is_empty() || !named.is_empty());
        }
    }
    let asked = Request::parse(&case["request"]);
    if let (Ok(request), Ok(response)) = (asked, Response::parse(&case["response"])) {
        let named = answers::named_attributes(&request, &response);
        let known = holdings.iter().filter(|stored| named.contains(&stored.id));
        let answer = Answer {
            me: &world.me,
            peer: &world.peer,
            request: &request,
            response: &response,
            known: &known
                .map(|stored| (stored.id.clone(), stored.clone()))
                .collect(),
            now: world.now,
        };
        let _ = answers::changes(answer, &mut RandomIds(&Counting::default()));
    }
}

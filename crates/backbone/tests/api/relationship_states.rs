//! Every action on a relationship in every state, by either side.

use serde_json::json;

use crate::common::{Identity, Server};

/// The states as a wallet can bring them about, each with the actions that lead there:
/// `f` stands for who created the relationship, `t` for the template's creator.
const STATES: [(&str, &[&str]); 11] = [
    ("Pending", &[]),
    ("Active", &["t Accept"]),
    ("Rejected", &["t Reject"]),
    ("Revoked", &["f Revoke"]),
    ("Terminated", &["t Accept", "f Terminate"]),
    (
        "Terminated, f asks",
        &["t Accept", "f Terminate", "f Reactivate"],
    ),
    (
        "Terminated, t asks",
        &["t Accept", "t Terminate", "t Reactivate"],
    ),
    (
        "Terminated, f asked, t declined",
        &[
            "t Accept",
            "f Terminate",
            "f Reactivate",
            "t Reactivate/Reject",
        ],
    ),
    ("DeletionProposed by f", &["t Reject", "f Decompose"]),
    ("DeletionProposed by t", &["f Revoke", "t Decompose"]),
    (
        "ReadyForDeletion",
        &["f Revoke", "t Decompose", "f Decompose"],
    ),
];

const ACTIONS: [&str; 9] = [
    "Accept",
    "Reject",
    "Revoke",
    "Terminate",
    "Reactivate",
    "Reactivate/Accept",
    "Reactivate/Reject",
    "Reactivate/Revoke",
    "Decompose",
];

const STATUS: &str = "400 relationshipIsNotInCorrectStatus";
const NOT_ADDRESSED: &str = "400 cannotAcceptOrRejectRelationshipAddressedToSomeoneElse";
const NOT_CREATED: &str = "400 cannotRevokeRelationshipNotCreatedByYourself";
const OPEN_REQUEST: &str = "400 cannotRequestReactivationWhenThereIsAnOpenReactivationRequest";
const NO_ACCEPTABLE: &str = "400 noAcceptableRelationshipReactivationRequestExists";
const NO_REJECTABLE: &str = "400 noRejectableReactivationRequestExists";
const NO_REVOCABLE: &str = "400 noRevocableReactivationRequestExists";
const DECOMPOSED: &str = "400 relationshipAlreadyDecomposed";

/// What the table of the protocol says.
fn expected(state: &str, action: &str, who: &str) -> &'static str {
    let is_terminated = state.starts_with("Terminated");
    let asks = state
        .strip_prefix("Terminated, ")
        .and_then(|rest| rest.strip_suffix(" asks"));
    let is_asked_by_peer = asks.is_some_and(|by| by != who);
    match (action, state) {
        ("Accept", "Pending") if who == "t" => "Active",
        ("Reject", "Pending") if who == "t" => "Rejected",
        ("Accept" | "Reject", "Pending") => NOT_ADDRESSED,
        ("Revoke", "Pending") if who == "f" => "Revoked",
        ("Revoke", "Pending") => NOT_CREATED,
        ("Terminate", "Active") => "Terminated",
        ("Reactivate", _) if asks.is_some() => OPEN_REQUEST,
        ("Reactivate", _) if is_terminated => "Terminated",
        ("Reactivate/Accept", _) if is_terminated && is_asked_by_peer => "Active",
        ("Reactivate/Accept", _) if is_terminated => NO_ACCEPTABLE,
        ("Reactivate/Reject", _) if is_terminated && is_asked_by_peer => "Terminated",
        ("Reactivate/Reject", _) if is_terminated => NO_REJECTABLE,
        ("Reactivate/Revoke", _) if is_terminated && asks == Some(who) => "Terminated",
        ("Reactivate/Revoke", _) if is_terminated => NO_REVOCABLE,
        ("Decompose", "Rejected" | "Revoked") => "DeletionProposed",
        ("Decompose", _) if is_terminated => "DeletionProposed",
        ("Decompose", "ReadyForDeletion") => DECOMPOSED,
        ("Decompose", _) if state == format!("DeletionProposed by {who}") => DECOMPOSED,
        ("Decompose", _) if state.starts_with("DeletionProposed") => "ReadyForDeletion",
        _ => STATUS,
    }
}

async fn act(who: &Identity, id: &str, action: &str) -> String {
    let reply = who
        .put(&format!("Relationships/{id}/{action}"), json!({}))
        .await;
    match reply.result["status"].as_str() {
        Some(status) => status.to_owned(),
        None => reply.summary(),
    }
}

#[tokio::test]
async fn every_action_in_every_state_by_either_side_follows_the_table() {
    let server = Server::start().await;
    let (from, to) = (server.identity().await, server.identity().await);
    let side = |who: &str| if who == "f" { &from } else { &to };
    let (mut cases, mut succeeded) = (0, 0);
    for (state, way) in STATES {
        for action in ACTIONS {
            for who in ["f", "t"] {
                let id = from.request_relationship(&to).await;
                for step in way {
                    let (who, step) = step.split_once(' ').unwrap();
                    let reached = act(side(who), &id, step).await;
                    assert!(!reached.starts_with('4'), "{state}: {step}: {reached}");
                }
                let reached = act(side(who), &id, action).await;
                assert_eq!(
                    reached,
                    expected(state, action, who),
                    "{state}: {who} {action}"
                );
                cases += 1;
                succeeded += usize::from(!reached.starts_with('4'));
                clear(&from, &to, &id).await;
            }
        }
    }
    assert_eq!((cases, succeeded), (198, 29));
}

/// Brings a relationship to its end, so that the next one can be created.
async fn clear(from: &Identity, to: &Identity, id: &str) {
    for (who, action) in [
        (from, "Revoke"),
        (to, "Terminate"),
        (from, "Decompose"),
        (to, "Decompose"),
    ] {
        act(who, id, action).await;
    }
}

#[tokio::test]
async fn the_audit_log_tells_the_whole_story_in_order() {
    let server = Server::start().await;
    let (from, to) = (server.identity().await, server.identity().await);
    let id = from.connect(&to).await;
    for (who, action) in [
        (&from, "Terminate"),
        (&to, "Reactivate"),
        (&to, "Reactivate/Revoke"),
        (&from, "Reactivate"),
        (&to, "Reactivate/Accept"),
        (&to, "Terminate"),
    ] {
        act(who, &id, action).await;
    }
    let seen = from.get(&format!("Relationships/{id}")).await.ok();
    let log = seen["auditLog"].as_array().unwrap();
    let story: Vec<(&str, &str)> = log
        .iter()
        .map(|entry| {
            (
                entry["reason"].as_str().unwrap(),
                entry["newStatus"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        story,
        [
            ("Creation", "Pending"),
            ("AcceptanceOfCreation", "Active"),
            ("Termination", "Terminated"),
            ("ReactivationRequested", "Terminated"),
            ("RevocationOfReactivation", "Terminated"),
            ("ReactivationRequested", "Terminated"),
            ("AcceptanceOfReactivation", "Active"),
            ("Termination", "Terminated"),
        ]
    );
    // Strictly later, though the clock stood still.
    let times: Vec<&str> = log
        .iter()
        .map(|entry| entry["createdAt"].as_str().unwrap())
        .collect();
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    let old: Vec<&str> = log[1..]
        .iter()
        .map(|entry| entry["oldStatus"].as_str().unwrap())
        .collect();
    let new: Vec<&str> = story.iter().map(|(_, status)| *status).collect();
    assert_eq!(old, new[..new.len() - 1]);
}

#[tokio::test]
async fn each_action_tells_the_other_side_with_its_event() {
    let server = Server::start().await;
    let from = server.identity_with_datawallet().await;
    let to = server.identity_with_datawallet().await;
    let changed = "RelationshipStatusChanged";
    let completed = "RelationshipReactivationCompleted";
    let id = from.request_relationship(&to).await;
    assert_eq!(to.new_events().await, [changed]);
    for (who, action, event) in [
        (&to, "Accept", changed),
        (&from, "Terminate", changed),
        (&from, "Reactivate", "RelationshipReactivationRequested"),
        (&to, "Reactivate/Reject", completed),
        (&to, "Reactivate", "RelationshipReactivationRequested"),
        (&to, "Reactivate/Revoke", completed),
        (&from, "Reactivate", "RelationshipReactivationRequested"),
        (&to, "Reactivate/Accept", completed),
        (&to, "Terminate", changed),
        (&to, "Decompose", changed),
    ] {
        act(who, &id, action).await;
        let other = if who.address == from.address {
            &to
        } else {
            &from
        };
        assert_eq!(other.new_events().await, [event], "{action}");
        assert!(who.new_events().await.is_empty(), "{action}");
    }
}

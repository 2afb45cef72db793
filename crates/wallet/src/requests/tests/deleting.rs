//! What the energy company wants deleted again.

use super::*;
use crate::{
    requests::{Change, check, code, default_decision, form, rejection},
    views::{Ask, FormNode, HeldAttribute},
};

fn delete(n: u32) -> Value {
    json!({
        "@type": "DeleteAttributeRequestItem", "mustBeAccepted": true,
        "attributeId": attribute_id(n),
    })
}

fn on(day: &str) -> Value {
    json!([{ "accept": true, "deletionDate": day }])
}

fn shown(situation: &Situation) -> (Option<HeldAttribute>, bool) {
    let shown = form(situation, summary(situation));
    let FormNode::Item(item) = &shown.nodes[0] else {
        panic!("{shown:?}");
    };
    let Ask::DeleteAttribute { attribute } = &item.ask else {
        panic!("{item:?}");
    };
    (attribute.clone(), item.can_be_accepted)
}

#[test]
fn a_promise_covers_the_older_versions_but_not_the_newer_ones() {
    let [oldest, middle] = versions(received(1, &energy(), "E"), received(2, &energy(), "EC"));
    let [middle, newest] = versions(middle, received(3, &energy(), "Energy"));
    let situation = asked(json!([delete(2)])).holding([oldest, middle, newest]);
    let (held, can_be_accepted) = shown(&situation);
    assert_eq!(held.unwrap().value["value"], "EC");
    assert!(can_be_accepted);
    let decided = accept(&situation, on("2026-06-15T00:00:00+02:00")).unwrap();
    let promised: Vec<(&AttributeId, String)> = decided
        .changes
        .iter()
        .map(|change| match change {
            Change::UpdateShareInfo(share) => {
                let info = share.deletion_info.unwrap();
                assert_eq!(info.deletion_status, DeletionStatus::ToBeDeleted);
                (&share.attribute_id, info.deletion_date.to_string())
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let day = "2026-06-14T22:00:00.000Z".to_owned();
    assert_eq!(
        promised,
        [
            (&attribute_id(2), day.clone()),
            (&attribute_id(1), day.clone())
        ]
    );
    let answer = &decided.response.to_json()["items"][0];
    assert_eq!(answer["deletionDate"], json!(day));
}

#[test]
fn a_promise_that_was_given_stays_and_is_shown() {
    let mut held = received(1, &energy(), "E");
    let promised = date("2026-07-01T00:00:00.000Z");
    held.share_info[0].deletion_info = Some(DeletionInfo {
        deletion_status: DeletionStatus::ToBeDeleted,
        deletion_date: promised,
    });
    let situation = asked(json!([delete(1)])).holding([held]);
    let (held, _) = shown(&situation);
    assert_eq!(held.unwrap().deletion_date, Some(promised));
    let decided = accept(&situation, on("2026-06-15")).unwrap();
    assert_eq!(decided.changes, []);
}

#[test]
fn the_person_says_the_date_unless_there_is_nothing_to_delete() {
    let situation = asked(json!([delete(1)])).holding([received(1, &energy(), "E")]);
    assert_eq!(
        default_decision(&situation).to_json()["items"],
        json!([{ "accept": false }])
    );
    let gone = asked(json!([delete(1)]));
    assert_eq!(shown(&gone), (None, true));
    let decided = accept(&gone, default_decision(&gone).to_json()["items"].clone()).unwrap();
    assert_eq!(decided.changes, []);
    assert_eq!(
        decided.response.to_json()["items"][0]["@type"],
        "AcceptResponseItem"
    );
}

#[test]
fn only_what_the_sender_gave_is_its_to_take_back() {
    for held in [
        own(1, given_name("Ada")),
        received(1, &library(), "Library"),
        own_with(1, &energy(), "number", "public"),
    ] {
        let situation = asked(json!([delete(1)])).holding([held]);
        assert_eq!(
            shown(&situation),
            (None, false),
            "and nothing of it is told"
        );
        let error = accept(&situation, on("2026-06-15")).unwrap_err();
        assert_eq!(error.code(), code::BAD_ITEM);
        assert!(check(&situation, Verdict::Reject, &rejection(&situation)).is_success);
    }
}

#[test]
fn a_date_is_needed_and_may_be_now_but_not_before() {
    let situation = asked(json!([delete(1)])).holding([received(1, &energy(), "E")]);
    assert!(accept(&situation, on(&now().to_string())).is_ok());
    for (answer, wanted) in [
        (on("2026-06-01T11:59:59.999Z"), code::BAD_PARAMETERS),
        (on("soon"), code::BAD_PARAMETERS),
        (json!([{ "accept": true }]), code::UNREADABLE),
        (
            json!([{ "accept": true, "deletionDate": 7 }]),
            code::UNREADABLE,
        ),
    ] {
        assert_eq!(accept(&situation, answer).unwrap_err().code(), wanted);
    }
}

#[test]
fn what_the_same_request_gives_and_takes_back_is_promised_with_a_real_date() {
    let share = json!({
        "@type": "ShareAttributeRequestItem", "mustBeAccepted": true,
        "attributeId": attribute_id(1), "attribute": {
            "@type": "IdentityAttribute", "owner": energy(), "value": given_name("E") } });
    let situation = asked(json!([share, delete(1)]));
    let answers = |day: &str| json!([{ "accept": true }, { "accept": true, "deletionDate": day }]);
    assert_eq!(
        accept(&situation, answers("2026-06-15"))
            .unwrap()
            .changes
            .len(),
        2
    );
    let error = accept(&situation, answers("soon")).unwrap_err();
    assert_eq!(
        (error.code().as_ref(), error.path),
        (code::BAD_PARAMETERS, vec![1])
    );
}

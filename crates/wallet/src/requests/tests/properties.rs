//! What always holds, whatever is asked and however it is answered.

use std::collections::HashSet;

use proptest::{collection::vec, prelude::*};
use serde_json::json;
use tessera_content::{DecisionNode, RequestNode, ResponseItem, ResponseItemResult, ResponseNode};

use super::{
    arbitrary::{answer, answers, of_one_item, situation},
    *,
};
use crate::{
    requests::{
        Change, Lookup, changes::Counter, check, default_decision, form, needed, rejection,
    },
    views::{Ask, Candidate, FieldSettings, FormItem, FormNode, NewAttribute},
};

/// A Decision like those that persons make with the form, with a slip here and there.
fn plausible(situation: &Situation, choices: &[u8]) -> Decision {
    let mut choices = choices.iter().cycle();
    let mut answer = |item: &FormItem| {
        let choice = choices.next().copied().unwrap_or_default();
        let accepted = match choice {
            0..230 => accepted(item, choice),
            _ => Some(json!({ "existingAttributeId": attribute_id(u32::from(choice) % 6) })),
        };
        let mut answer = accepted.unwrap_or(json!({}));
        answer["accept"] = json!(item.can_be_accepted && answer != json!({}));
        answer
    };
    let nodes = form(situation, summary(situation)).nodes;
    let items: Vec<Value> = nodes
        .iter()
        .map(|node| match node {
            FormNode::Item(item) => answer(item),
            FormNode::Group { items, .. } => {
                json!({ "items": items.iter().map(&mut answer).collect::<Vec<_>>() })
            }
        })
        .collect();
    Decision::parse(&json!({ "items": items })).unwrap()
}

/// Parameters that fit what is asked; `None` if the person leaves it out.
fn accepted(item: &FormItem, choice: u8) -> Option<Value> {
    let name = if choice.is_multiple_of(2) {
        "Ada"
    } else {
        " Augusta"
    };
    let new = |new: &NewAttribute| match &new.relationship_attribute {
        Some(attribute) => {
            let mut attribute = attribute.clone();
            attribute["value"]["value"] = json!(name);
            attribute
        }
        None => json!({
            "@type": "IdentityAttribute", "owner": "", "tags": ["x:a"],
            "value": { "@type": new.value_type, "value": name },
        }),
    };
    let chosen = |id: &str, candidates: &[Candidate]| {
        let candidate = candidates.get(usize::from(choice) % candidates.len().max(1))?;
        let mut answer = json!({});
        answer[id] = json!(candidate.attribute_id);
        if let Some(tags) = &candidate.add_tags {
            answer["tags"] = json!(tags);
        }
        Some(answer)
    };
    match &item.ask {
        Ask::ReadAttribute {
            candidates,
            new_attribute,
            ..
        } => {
            let existing = chosen("existingAttributeId", candidates);
            let new = new_attribute
                .as_ref()
                .map(|it| json!({ "newAttribute": new(it) }));
            if choice < 120 {
                existing.or(new)
            } else {
                new.or(existing)
            }
        }
        Ask::ProposeAttribute {
            proposal,
            candidates,
            new_attribute,
            ..
        } => {
            let existing = chosen("attributeId", candidates);
            let new = new_attribute
                .as_ref()
                .map(|it| json!({ "attribute": new(it) }));
            match choice {
                0..80 => Some(json!({ "attribute": proposal.attribute })),
                80..160 => existing.or(new),
                _ => new.or(existing),
            }
        }
        Ask::DeleteAttribute { .. } => Some(json!({ "deletionDate": "2026-06-15T00:00:00.000Z" })),
        Ask::FormField { settings } => Some(json!({ "response": match settings {
            FieldSettings::String { min, max, .. } => {
                json!("a".repeat(min.or(*max).unwrap_or(3).max(1) as usize))
            }
            FieldSettings::Integer { min, max, .. } => json!(min.or(*max).unwrap_or(3)),
            FieldSettings::Double { min, max, .. } => json!(min.or(*max).unwrap_or(2.5)),
            FieldSettings::Boolean => json!(true),
            FieldSettings::Date => json!("2026-06-15"),
            FieldSettings::Selection { options, allow_multiple_selection: false } => {
                json!(options.first())
            }
            FieldSettings::Selection { options, .. } => json!([options.first()]),
            FieldSettings::Rating { max_rating } => json!(max_rating),
        } })),
        Ask::FreeText { .. } => Some(json!({ "freeText": "Because." })),
        _ => (choice < 200).then(|| json!({ "response": null })),
    }
}

/// The same with nothing at hand but what is asked for, in the versions that are asked for.
fn looked_up(situation: &Situation, decision: Option<&Decision>) -> Situation {
    let all = &situation.holdings;
    let mut found: Vec<LocalAttribute> = Vec::new();
    for lookup in needed(&situation.request.content, &energy(), decision) {
        for attribute in all.iter().filter(|attribute| lookup.finds(attribute)) {
            found.push(attribute.clone());
            if matches!(lookup, Lookup::Attribute(_) | Lookup::OwnOfValue(_)) {
                found.extend(all.older_versions(&attribute.id).into_iter().cloned());
                found.extend(all.newer_versions(&attribute.id).into_iter().cloned());
            }
        }
    }
    Situation {
        holdings: found.into_iter().collect(),
        ..situation.clone()
    }
}

fn assert_sound(situation: &Situation, decided: &Decided) {
    let request = &situation.request.content;
    assert_eq!(decided.response.items.len(), request.items.len());
    for (asked, answered) in request.items.iter().zip(&decided.response.items) {
        let same_shape = matches!(
            (asked, answered),
            (RequestNode::Item(_), ResponseNode::Item(_))
                | (RequestNode::Group(_), ResponseNode::Group(_))
        );
        assert!(same_shape);
        assert_eq!(asked.items().count(), answered.items().count());
    }
    let mut after = situation.holdings.clone();
    decided
        .changes
        .iter()
        .for_each(|change| after.apply(change));
    for (asked, answered) in request.all_items().zip(decided.response.all_items()) {
        if asked.must_be_accepted() {
            assert_eq!(answered.result(), Some(ResponseItemResult::Accepted));
        }
        if let ResponseItem::DeleteAttributeAccept { .. } = answered {
            let json = asked.to_json();
            let id = AttributeId::parse(json["attributeId"].as_str().unwrap()).unwrap();
            let held = after.get(&id).unwrap();
            // Unless a later item of the Request gave it anew.
            let origin = held.origin().unwrap();
            assert_eq!(origin.peer, energy());
        }
        let (ResponseItem::ReadAttributeAccept {
            attribute_id: id, ..
        }
        | ResponseItem::ProposeAttributeAccept {
            attribute_id: id, ..
        }
        | ResponseItem::CreateAttributeAccept { attribute_id: id }
        | ResponseItem::TransferFileOwnershipAccept {
            attribute_id: id, ..
        }
        | ResponseItem::AttributeAlreadySharedAccept { attribute_id: id }
        | ResponseItem::AttributeSuccessionAccept {
            successor_id: id, ..
        }) = answered
        else {
            continue;
        };
        let attribute = after.get(id).unwrap();
        let is_of_the_peer = attribute
            .origin()
            .is_some_and(|origin| origin.peer == energy());
        assert!(is_of_the_peer || attribute.living_forward_to(&energy()).is_some());
        let json = asked.to_json();
        if json["query"]["@type"] == "ThirdPartyRelationshipAttributeQuery" {
            assert_ne!(attribute.content.to_json()["confidentiality"], "private");
            assert!(!is_of_the_peer);
        }
    }
    let claims: HashSet<&str> = decided
        .claims
        .iter()
        .map(|claim| claim.file_id.as_str())
        .collect();
    assert_eq!(claims.len(), decided.claims.len(), "a File is claimed once");
    for attribute in after.iter() {
        let living = attribute.share_info.iter().filter(|share| {
            share.direction == ShareDirection::Forwarded
                && share.peer == energy()
                && !share.is_deleted_by_recipient()
        });
        assert!(living.count() <= 1);
        if let Some(newer) = attribute.succeeded_by.as_ref().and_then(|id| after.get(id)) {
            assert_eq!(
                newer.succeeds.as_ref(),
                Some(&attribute.id),
                "chains have no branches"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn whatever_is_decided_is_sound(situation in situation(), choices in vec(any::<u8>(), 8)) {
        let decision = plausible(&situation, &choices);
        let found = check(&situation, Verdict::Accept, &decision);
        let mut ids = RandomIds(&SystemRandomness);
        let decided = decide(&situation, Verdict::Accept, &decision, &mut ids);
        prop_assert_eq!(found.is_success, decided.is_ok());
        if let Ok(decided) = decided {
            assert_sound(&situation, &decided);
        }
        // The same again leads to the same.
        let again = || {
            let counter = Counter::default();
            decide(&situation, Verdict::Accept, &decision, &mut RandomIds(&counter))
        };
        prop_assert_eq!(again(), again());
    }

    #[test]
    fn what_the_form_says_of_an_item_is_true((situation, given) in (of_one_item(), answer())) {
        let shown = form(&situation, summary(&situation));
        let FormNode::Item(item) = &shown.nodes[0] else { unreachable!() };
        let started = default_decision(&situation);
        let is_preselected = matches!(started.items[0], DecisionNode::Accept(_));
        prop_assert!(item.can_be_accepted || !is_preselected);
        let is_accepted = |decision: &Decision| {
            matches!(decision.items[0], DecisionNode::Accept(_))
                && check(&situation, Verdict::Accept, decision).is_success
        };
        prop_assert_eq!(is_accepted(&started), is_preselected);
        // Older versions and what a condition does not find may be given, but are not offered.
        let offers_some = matches!(&item.ask, Ask::ReadAttribute { .. } | Ask::ProposeAttribute { .. });
        let decision = Decision::parse(&json!({ "items": [given] })).unwrap();
        prop_assert!(item.can_be_accepted || offers_some || !is_accepted(&decision));
    }

    #[test]
    fn what_is_looked_up_is_enough(situation in situation(), choices in vec(any::<u8>(), 8)) {
        let of_form = looked_up(&situation, None);
        prop_assert_eq!(
            form(&of_form, summary(&of_form)),
            form(&situation, summary(&situation))
        );
        let decision = plausible(&situation, &choices);
        let made = |situation: &Situation| {
            let counter = Counter::default();
            decide(situation, Verdict::Accept, &decision, &mut RandomIds(&counter))
        };
        let of_decision = looked_up(&situation, Some(&decision));
        prop_assert_eq!(made(&of_decision), made(&situation));
    }

    #[test]
    fn no_decision_of_whatever_shape_does_harm((situation, given) in (situation(), answers())) {
        let decision = Decision::parse(&json!({ "items": given })).unwrap();
        for verdict in [Verdict::Accept, Verdict::Reject] {
            let found = check(&situation, verdict, &decision);
            let mut ids = RandomIds(&SystemRandomness);
            let decided = decide(&situation, verdict, &decision, &mut ids);
            prop_assert_eq!(found.is_success, decided.is_ok());
        }
    }

    #[test]
    fn a_rejection_is_always_possible_and_changes_nothing(situation in situation()) {
        let mut ids = RandomIds(&SystemRandomness);
        let decided = decide(&situation, Verdict::Reject, &rejection(&situation), &mut ids).unwrap();
        prop_assert_eq!(decided.changes, Vec::<Change>::new());
        let mut results = decided.response.all_items().map(ResponseItem::result);
        prop_assert!(results.all(|result| result == Some(ResponseItemResult::Rejected)));
    }

    #[test]
    fn what_the_form_starts_with_fails_only_for_what_the_person_must_do(situation in situation()) {
        let decision = default_decision(&situation);
        let shown = form(&situation, summary(&situation));
        prop_assert_eq!(&shown.default_decision, &decision.to_json());
        if let Err(error) = decide(&situation, Verdict::Accept, &decision, &mut RandomIds(&SystemRandomness)) {
            // Something must be entered or ticked, or items get into each other's way.
            let expected = [
                crate::requests::code::REQUIRED_NOT_ACCEPTED,
                crate::requests::code::KEY_TAKEN,
                crate::requests::code::BAD_PARAMETERS,
                crate::requests::code::MISMATCH,
                crate::requests::code::BAD_ITEM,
                crate::requests::code::UNREADABLE,
            ];
            prop_assert!(expected.contains(&error.code().as_ref()), "{}", error);
        }
    }
}

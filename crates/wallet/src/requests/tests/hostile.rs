//! Requests that somebody made to cost much: they are refused, or lead to a form of bounded size.

use tessera_content::{ContentError, limits};

use super::*;
use crate::{
    requests::{check, default_decision, form, needed, rejection},
    views::{Ask, FormItem, FormNode},
};

fn condition(query: &str) -> Value {
    json!({ "@type": "ReadAttributeRequestItem", "mustBeAccepted": false,
        "query": { "@type": "IQLQuery", "queryString": query } })
}

/// Ada has more names than anybody reads.
fn with_many_names(items: Value) -> Situation {
    asked(items).holding((0..300).map(|n| own(n, given_name(&format!("Name {n}")))))
}

fn items(nodes: &[FormNode]) -> Vec<&FormItem> {
    nodes
        .iter()
        .flat_map(|node| match node {
            FormNode::Item(item) => std::slice::from_ref(item),
            FormNode::Group { items, .. } => items.as_slice(),
        })
        .collect()
}

/// Shown, checked, accepted as it starts, and rejected; how many Attributes the form lists.
fn handled(situation: &Situation) -> usize {
    let shown = form(situation, summary(situation));
    let shown = items(&shown.nodes);
    assert_eq!(shown.len(), situation.request.content.all_items().count());
    let started = default_decision(situation);
    let found = check(situation, Verdict::Accept, &started);
    let mut ids = RandomIds(&SystemRandomness);
    let decided = decide(situation, Verdict::Accept, &started, &mut ids);
    assert_eq!(found.is_success, decided.is_ok());
    let rejection = rejection(situation);
    assert!(decide(situation, Verdict::Reject, &rejection, &mut ids).is_ok());
    let listed = shown.iter().map(|item| match &item.ask {
        Ask::ReadAttribute { candidates, .. } => candidates.len(),
        _ => 0,
    });
    listed.sum()
}

#[test]
fn a_thousand_items_make_a_bounded_form_and_more_are_refused() {
    let flat = json!(vec![condition("GivenName"); limits::ITEMS]);
    assert!(handled(&with_many_names(flat)) <= 10_000 + limits::ITEMS);
    let group = |count: usize| {
        json!({ "@type": "RequestItemGroup", "mustBeAccepted": false,
            "items": vec![condition("GivenName"); count] })
    };
    let grouped = json!(vec![group(100); 10]);
    assert!(handled(&with_many_names(grouped)) <= 10_000 + limits::ITEMS);

    let refused = Request::parse(&json!({ "items": vec![group(100); 11] })).unwrap_err();
    assert_eq!(refused.code(), "error.tessera.content.tooLarge");
    assert_eq!(refused.path(), Some("items"));
}

#[test]
fn a_query_with_a_thousand_conditions_makes_a_bounded_form_and_a_longer_one_is_refused() {
    let tags: Vec<String> = (0..1000_u32)
        .map(|n| char::from_u32(0x4E00 + n).unwrap())
        .map(|tag| format!("#{tag}"))
        .collect();
    for between in ["||", "&&"] {
        let query = tags.join(between);
        assert!(query.encode_utf16().count() <= limits::QUERY_STRING);
        let situation = with_many_names(json!([condition(&query)]));
        assert_eq!(handled(&situation), 0);
        let lookups = needed(&situation.request.content, &energy(), None);
        assert!(lookups.len() <= 1000, "one for each condition at most");
    }
    // The same, for which everything fits.
    let query = vec!["!#x"; 800].join("&&");
    let situation = with_many_names(json!([condition(&query)]));
    assert!((1..=200).contains(&handled(&situation)));

    let too_long = json!({ "items": [condition(&vec!["#x"; 1200].join("||"))] });
    let refused = Request::parse(&too_long).unwrap_err();
    assert_eq!(refused.code(), "error.tessera.content.tooLarge");
    assert_eq!(refused.path(), Some("items[0].query.queryString"));
}

#[test]
fn deep_nesting_is_refused_or_not_understood() {
    // In a query.
    for query in [
        format!("{}GivenName", "!".repeat(4000)),
        format!("{}GivenName{}", "( ".repeat(900), " )".repeat(900)),
    ] {
        let refused = Request::parse(&json!({ "items": [condition(&query)] })).unwrap_err();
        assert_eq!(refused.path(), Some("items[0].query.queryString"));
        assert!(
            matches!(refused, ContentError::InvalidIql { .. }),
            "{refused}"
        );
    }
    // In groups: what stands in a group within a group is never answered.
    let mut nested = condition("GivenName");
    for _ in 0..100 {
        nested = json!({ "@type": "RequestItemGroup", "items": [nested] });
    }
    let request = Request::parse(&json!({ "items": [nested] })).unwrap();
    assert!(!request.is_understood());
    let situation = asked(request.to_json()["items"].clone());
    assert_eq!(situation.request.status, LocalRequestStatus::Open);
    let found = check(&situation, Verdict::Accept, &default_decision(&situation));
    assert!(!found.is_success);
    let shown = form(&situation, summary(&situation));
    assert_eq!(items(&shown.nodes).len(), 1);
    // In JSON, before anything is understood of it.
    let deep = format!(
        "{{\"items\":{}1{}}}",
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    assert_eq!(
        tessera_content::parse_json(&deep),
        Err(ContentError::NotJson)
    );
}

//! From a Request to its form, and from a Decision to the answer, for a person with 1,000
//! attributes. Without a database: what the rules cost.
#![allow(clippy::unwrap_used, missing_docs)]

use std::{collections::BTreeMap, hint::black_box};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};
use tessera_content::{Attribute, Request};
use tessera_core_types::{Address, AttributeId, CoreDate, RequestId, SystemRandomness};
use tessera_wallet::{
    model::{AttributeKind, LocalAttribute, LocalRequest, LocalRequestSource, LocalRequestStatus},
    requests::{
        RandomIds, Situation, Verdict, check, decide, default_decision, form, require_decision,
    },
    views::{PeerView, RequestSummary},
};

const ATTRIBUTES: usize = 1_000;
const ITEMS: [usize; 3] = [10, 100, 1_000];

/// What is asked for, and what the person knows of each: the same number.
const TYPES: [&str; 5] = [
    "GivenName",
    "Surname",
    "DisplayName",
    "EMailAddress",
    "JobTitle",
];

fn value(number: usize) -> Value {
    let value_type = TYPES[number % TYPES.len()];
    let value = match value_type {
        "EMailAddress" => format!("ada{number}@example.org"),
        _ => format!("Ada {number}"),
    };
    json!({ "@type": value_type, "value": value })
}

fn attribute(number: usize, owner: &Address, now: CoreDate) -> LocalAttribute {
    let content = json!({ "@type": "IdentityAttribute", "owner": owner, "value": value(number) });
    LocalAttribute {
        id: AttributeId::generate(&SystemRandomness),
        kind: AttributeKind::OwnIdentityAttribute,
        content: Attribute::parse(&content).unwrap(),
        created_at: now,
        succeeds: None,
        succeeded_by: None,
        is_default: number < TYPES.len(),
        was_viewed_at: None,
        share_info: Vec::new(),
    }
}

fn item(number: usize) -> Value {
    json!({
        "@type": "ReadAttributeRequestItem",
        "mustBeAccepted": true,
        "query": { "@type": "IdentityAttributeQuery", "valueType": TYPES[number % TYPES.len()] }
    })
}

/// Groups of up to 100 items.
fn asked(items: usize) -> Request {
    let numbers: Vec<usize> = (0..items).collect();
    let groups = numbers.chunks(100).map(|numbers| {
        let items: Vec<Value> = numbers.iter().map(|number| item(*number)).collect();
        json!({ "@type": "RequestItemGroup", "items": items })
    });
    Request::parse(&json!({ "items": groups.collect::<Vec<_>>() })).unwrap()
}

fn situation(items: usize) -> Situation {
    let now = CoreDate::parse("2026-06-01T12:00:00.000Z").unwrap();
    let me = Address::of_key(b"Ada", "tessera.example");
    let mut request = LocalRequest {
        id: RequestId::generate(&SystemRandomness),
        is_own: false,
        peer: Address::of_key(b"Library", "tessera.example"),
        created_at: now,
        content: asked(items),
        source: Some(LocalRequestSource::RelationshipTemplate {
            reference: "RLTexample0000000001".parse().unwrap(),
        }),
        response: None,
        status: LocalRequestStatus::Open,
        status_log: Vec::new(),
        was_automatically_decided: false,
    };
    require_decision(&mut request, now);
    Situation {
        now,
        today: now.to_utc().date_naive(),
        request,
        relationship: None,
        peer_deletion: None,
        established: std::collections::BTreeSet::new(),
        holdings: (0..ATTRIBUTES)
            .map(|number| attribute(number, &me, now))
            .collect(),
        files: BTreeMap::new(),
        tags: None,
        sets_defaults: true,
        me,
    }
}

fn summary(situation: &Situation) -> RequestSummary {
    RequestSummary {
        id: situation.request.id.clone(),
        peer: PeerView {
            address: situation.request.peer.clone(),
            name: None,
            title: None,
            first_seen_at: situation.now,
            relationship_id: None,
        },
        title: None,
        status: situation.request.status,
        accepted: None,
        held: None,
        created_at: situation.now,
        expires_at: None,
        is_dismissible: false,
        is_dismissed: false,
        item_count: 0,
    }
}

fn decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("a Request with items");
    for items in ITEMS {
        let situation = situation(items);
        let summary = summary(&situation);
        let decision = default_decision(&situation);
        assert!(check(&situation, Verdict::Accept, &decision).is_success);
        group.bench_function(BenchmarkId::new("form", items), |bencher| {
            bencher.iter(|| form(black_box(&situation), summary.clone()));
        });
        group.bench_function(BenchmarkId::new("check", items), |bencher| {
            bencher.iter(|| check(black_box(&situation), Verdict::Accept, &decision));
        });
        group.bench_function(BenchmarkId::new("decide", items), |bencher| {
            let mut ids = RandomIds(&SystemRandomness);
            bencher.iter(|| {
                decide(black_box(&situation), Verdict::Accept, &decision, &mut ids).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = decisions
}
criterion_main!(benches);

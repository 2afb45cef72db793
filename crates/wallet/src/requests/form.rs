//! The consent form of a Request, and the Decision it starts with.

use tessera_content::{
    Decision, DecisionNode, RejectParameters, Request, RequestItem, RequestNode,
};

use super::{
    Situation,
    items::{self, Asked},
    life::problem_before_deciding,
};
use crate::views::{Ask, ConsentForm, FormItem, FormNode, RequestSummary, without_keys};

/// Most candidates that one form lists, over all of its items: a Request with many items must not
/// make a form that is many times as large as what the person owns.
const MAX_CANDIDATES: usize = 10_000;

/// A Request as a form. `summary` is its line in the list of Requests. What was answered by naming
/// an Attribute only is for the caller to add.
#[must_use]
pub fn form(situation: &Situation, summary: RequestSummary) -> ConsentForm {
    let request = &situation.request.content;
    let problem = problem_before_deciding(
        &situation.request,
        situation.relationship,
        situation.peer_deletion,
        situation.now,
    );
    let mut form = Builder {
        situation,
        room: MAX_CANDIDATES,
    };
    let (nodes, decision) = (0_u32..)
        .zip(&request.items)
        .map(|(at, node)| match node {
            RequestNode::Item(item) => {
                let (item, answer) = form.item(vec![at], item);
                (FormNode::Item(item), answer)
            }
            RequestNode::Group(group) => {
                let (items, answers) = (0_u32..)
                    .zip(&group.items)
                    .map(|(inner, item)| form.item(vec![at, inner], item))
                    .unzip();
                let node = FormNode::Group {
                    title: group.title.clone(),
                    description: group.description.clone(),
                    items,
                };
                (node, DecisionNode::Group(answers))
            }
        })
        .unzip();
    ConsentForm {
        summary,
        description: request.description.clone(),
        creates_relationship: situation.creates_relationship(),
        is_decidable: problem.is_none(),
        not_decidable_code: problem.map(|problem| problem.code.to_owned()),
        nodes,
        default_decision: Decision { items: decision }.to_json(),
        response: situation
            .request
            .response
            .as_ref()
            .map(|response| without_keys(response.content.to_json())),
        answered: Vec::new(),
    }
}

/// The Decision that a form starts with: required items are accepted with their first candidate;
/// optional ones, those that the person has to tick themselves, and those for which they have to
/// enter something, are not.
#[must_use]
pub fn default_decision(situation: &Situation) -> Decision {
    let answer = |item: &RequestItem| default_answer(item, items::of(item).ask(situation, 1));
    let nodes = situation.request.content.items.iter();
    Decision {
        items: nodes
            .map(|node| match node {
                RequestNode::Item(item) => answer(item),
                RequestNode::Group(group) => {
                    DecisionNode::Group(group.items.iter().map(answer).collect())
                }
            })
            .collect(),
    }
}

/// The Decision that rejects every item, for rejecting the Request.
#[must_use]
pub fn rejection(situation: &Situation) -> Decision {
    rejection_because(&situation.request.content, &RejectParameters::default())
}

/// The same with a reason. There is none for a Request as a whole: every item gets it.
#[must_use]
pub fn rejection_because(request: &Request, reason: &RejectParameters) -> Decision {
    let rejected = || DecisionNode::Reject(reason.clone());
    Decision {
        items: request
            .items
            .iter()
            .map(|node| match node {
                RequestNode::Item(_) => rejected(),
                RequestNode::Group(group) => {
                    DecisionNode::Group(group.items.iter().map(|_| rejected()).collect())
                }
            })
            .collect(),
    }
}

fn default_answer(item: &RequestItem, asked: Asked) -> DecisionNode {
    let is_preselected = item.must_be_accepted() && !item.frame().needs_interaction();
    match asked.first_choice {
        Some(parameters) if is_preselected => DecisionNode::Accept(parameters),
        _ => DecisionNode::reject(),
    }
}

struct Builder<'a> {
    situation: &'a Situation,
    /// How many candidates may still be listed.
    room: usize,
}

impl Builder<'_> {
    fn item(&mut self, path: Vec<u32>, item: &RequestItem) -> (FormItem, DecisionNode) {
        let asked = items::of(item).ask(self.situation, self.room.max(1));
        if let Ask::ReadAttribute { candidates, .. } | Ask::ProposeAttribute { candidates, .. } =
            &asked.ask
        {
            self.room = self.room.saturating_sub(candidates.len());
        }
        let frame = item.frame();
        let shown = FormItem {
            path,
            item_type: item.type_name().to_owned(),
            title: frame.title.clone(),
            description: frame.description.clone(),
            must_be_accepted: frame.must_be_accepted,
            requires_interaction: frame.needs_interaction(),
            ask: asked.ask.clone(),
            can_be_accepted: asked.can_be_accepted,
        };
        (shown, default_answer(item, asked))
    }
}

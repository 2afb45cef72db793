//! The frame of a Decision: what is checked around the items, and performing all of them.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use tessera_content::{
    Decision, DecisionNode, RejectParameters, Request, RequestItem, RequestNode, Response,
    ResponseItem, ResponseNode, ResponseResult, limits, utf16_length,
};
use ts_rs::TS;

use super::{
    Change, FileClaim, IdSource, RandomIds, Situation,
    changes::Counter,
    error::{DecisionError, Problem, code},
    items,
    ledger::Ledger,
    life::problem_before_deciding,
};
use crate::views::DecisionCheck;

/// Whether the Request as a whole is accepted or rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub enum Verdict {
    /// It is accepted: every required item has to be.
    Accept,
    /// It is rejected: every item has to be.
    Reject,
}

/// What a Decision leads to.
#[derive(Debug, Clone, PartialEq)]
pub struct Decided {
    /// What the peer gets to know. It has the shape of the Request.
    pub response: Response,
    /// What changes here, in this order. Empty when the Request is rejected.
    pub changes: Vec<Change>,
    /// Files that have to be claimed at the Backbone before that is stored.
    pub claims: Vec<FileClaim>,
}

/// Whether a Decision could be made now: a tree of the Request's shape. Nothing that passes this
/// check fails in [`decide`] in the same situation.
#[must_use]
pub fn check(situation: &Situation, verdict: Verdict, decision: &Decision) -> DecisionCheck {
    examine(situation, verdict, decision).into_view()
}

/// Makes a Decision: what to answer and what changes.
///
/// # Errors
///
/// [`DecisionError`] with the first problem that [`check`] would find.
pub fn decide(
    situation: &Situation,
    verdict: Verdict,
    decision: &Decision,
    ids: &mut dyn IdSource,
) -> Result<Decided, DecisionError> {
    if let Some(error) = examine(situation, verdict, decision).first_error(&mut Vec::new()) {
        return Err(error);
    }
    perform(situation, verdict, decision, ids)
        .map_err(|(path, problem)| DecisionError::at(path, problem))
}

/// A problem, or none, and the same for what is inside.
#[derive(Debug, Default)]
struct Finding {
    problem: Option<Problem>,
    items: Option<Vec<Finding>>,
}

impl Finding {
    fn of(problem: Option<Problem>) -> Self {
        Self {
            problem,
            items: None,
        }
    }

    /// The finding on something with these findings inside: it fails with any of them.
    fn around(items: Vec<Self>) -> Self {
        let fails = items.iter().any(|item| item.problem.is_some());
        Self {
            problem: fails.then(|| Problem::new(code::INHERITED, "something inside is wrong")),
            items: Some(items),
        }
    }

    /// Puts a problem to the item at this path, and lets what is around it fail.
    fn put(&mut self, path: &[u32], problem: Problem) {
        let Some((first, rest)) = path.split_first() else {
            self.problem = Some(problem);
            return;
        };
        self.problem = Some(Problem::new(code::INHERITED, "something inside is wrong"));
        let inner = usize::try_from(*first)
            .ok()
            .and_then(|index| self.items.as_mut()?.get_mut(index));
        if let Some(inner) = inner {
            inner.put(rest, problem);
        }
    }

    fn first_error(&self, path: &mut Vec<u32>) -> Option<DecisionError> {
        let problem = self.problem.as_ref()?;
        for (index, item) in (0_u32..).zip(self.items.iter().flatten()) {
            path.push(index);
            if let Some(error) = item.first_error(path) {
                return Some(error);
            }
            path.pop();
        }
        Some(DecisionError::at(path.clone(), problem.clone()))
    }

    fn into_view(self) -> DecisionCheck {
        let (code, root_code, message) = match self.problem {
            None => (None, None, None),
            Some(problem) => (
                Some(problem.code.to_owned()),
                problem.root.map(str::to_owned),
                Some(problem.message.into_owned()),
            ),
        };
        DecisionCheck {
            is_success: code.is_none(),
            code,
            root_code,
            message,
            items: self
                .items
                .map(|items| items.into_iter().map(Self::into_view).collect()),
        }
    }
}

fn examine(situation: &Situation, verdict: Verdict, decision: &Decision) -> Finding {
    let request = &situation.request.content;
    let before = problem_before_deciding(
        &situation.request,
        situation.relationship,
        situation.peer_deletion,
        situation.now,
    );
    if before.is_some() {
        return Finding::of(before);
    }
    if decision.items.len() != request.items.len() {
        return Finding::of(Some(wrong_number()));
    }
    let nodes = request.items.iter().zip(&decision.items);
    let mut finding = Finding::around(
        nodes
            .map(|(node, answer)| match node {
                RequestNode::Item(item) => examine_item(situation, verdict, item, answer),
                RequestNode::Group(group) => {
                    examine_group(situation, verdict, &group.items, answer)
                }
            })
            .collect(),
    );
    if finding.problem.is_some() || verdict == Verdict::Reject {
        return finding;
    }
    if let Some(problem) = key_used_twice(situation, request, decision) {
        return Finding::of(Some(problem));
    }
    // Items of one Request can get into each other's way.
    let counter = Counter::default();
    let trial = perform(situation, verdict, decision, &mut RandomIds(&counter));
    if let Err((path, problem)) = trial {
        finding.put(&path, problem);
    }
    finding
}

fn examine_group(
    situation: &Situation,
    verdict: Verdict,
    items: &[RequestItem],
    answer: &DecisionNode,
) -> Finding {
    match answer {
        DecisionNode::Group(answers) if answers.len() == items.len() => Finding::around(
            items
                .iter()
                .zip(answers)
                .map(|(item, answer)| examine_item(situation, verdict, item, answer))
                .collect(),
        ),
        DecisionNode::Group(_) => Finding::of(Some(wrong_number())),
        _ => Finding::of(Some(Problem::new(
            code::GROUP_ANSWERED_AS_ITEM,
            "a group needs an answer for each of its items",
        ))),
    }
}

/// The frame's errors win over the item's own.
fn examine_item(
    situation: &Situation,
    verdict: Verdict,
    item: &RequestItem,
    answer: &DecisionNode,
) -> Finding {
    Finding::of(match (answer, verdict) {
        (DecisionNode::Group(_), _) => Some(Problem::new(
            code::ITEM_ANSWERED_AS_GROUP,
            "a single item is answered as a group",
        )),
        (DecisionNode::Accept(_), Verdict::Reject) => Some(Problem::new(
            code::ITEM_ACCEPTED,
            "the Request is rejected, so this can't be accepted",
        )),
        (DecisionNode::Reject(_), Verdict::Accept) if item.must_be_accepted() => {
            Some(Problem::new(
                code::REQUIRED_NOT_ACCEPTED,
                "the Request can only be accepted with this",
            ))
        }
        (DecisionNode::Accept(parameters), Verdict::Accept) => {
            items::of(item).check(situation, parameters).err()
        }
        (DecisionNode::Reject(reasons), _) => check_reasons(reasons).err(),
    })
}

fn check_reasons(reasons: &RejectParameters) -> Result<(), Problem> {
    let fits =
        |text: &Option<String>, most| text.as_ref().is_none_or(|text| utf16_length(text) <= most);
    if fits(&reasons.code, limits::REJECT_CODE) && fits(&reasons.message, limits::REJECT_MESSAGE) {
        Ok(())
    } else {
        Err(Problem::unreadable("the reason is too long to be sent"))
    }
}

fn wrong_number() -> Problem {
    Problem::new(
        code::NUMBER_OF_ITEMS,
        "there are more or fewer answers than items",
    )
}

/// Whether the Request, or what is accepted of it, would use a key twice in the Relationship.
/// (Upstream overlooks among optional items that an empty owner means the recipient.)
fn key_used_twice(
    situation: &Situation,
    request: &Request,
    decision: &Decision,
) -> Option<Problem> {
    let is_twice = |wanted: &dyn Fn(&RequestItem, &DecisionNode) -> bool| {
        let mut keys = HashSet::new();
        pairs(request, decision)
            .filter(|(item, answer)| wanted(item, answer))
            .filter_map(|(item, _)| items::of(item).key(&situation.me))
            .any(|key| !keys.insert(key))
    };
    if is_twice(&|item, _| item.must_be_accepted()) {
        return Some(Problem::new(
            code::KEY_TAKEN,
            "the Request can never be accepted: it requires the same key twice",
        ));
    }
    is_twice(&|_, answer| matches!(answer, DecisionNode::Accept(_)))
        .then(|| Problem::bad_parameters("the same key can't be accepted twice"))
}

/// Every item with its answer. Of a Decision of the Request's shape.
fn pairs<'a>(
    request: &'a Request,
    decision: &'a Decision,
) -> impl Iterator<Item = (&'a RequestItem, &'a DecisionNode)> {
    let nodes = request.items.iter().zip(&decision.items);
    nodes.flat_map(|(node, answer)| {
        let answers = match (node, answer) {
            (RequestNode::Group(_), DecisionNode::Group(answers)) => answers.as_slice(),
            _ => std::slice::from_ref(answer),
        };
        node.items().zip(answers)
    })
}

/// What is wrong with which item.
type Failure = (Vec<u32>, Problem);

fn perform(
    situation: &Situation,
    verdict: Verdict,
    decision: &Decision,
    ids: &mut dyn IdSource,
) -> Result<Decided, Failure> {
    let request = &situation.request.content;
    let mut ledger = Ledger::open(situation, ids);
    let mut items = Vec::with_capacity(request.items.len());
    for (at, (node, answer)) in (0_u32..).zip(request.items.iter().zip(&decision.items)) {
        items.push(match (node, answer) {
            (RequestNode::Item(item), answer) => ResponseNode::Item(
                answer_to(&mut ledger, item, answer).map_err(|problem| (vec![at], problem))?,
            ),
            (RequestNode::Group(group), DecisionNode::Group(answers)) => {
                let pairs = group.items.iter().zip(answers);
                let answers = (0_u32..).zip(pairs).map(|(inner, (item, answer))| {
                    answer_to(&mut ledger, item, answer)
                        .map_err(|problem| (vec![at, inner], problem))
                });
                ResponseNode::Group(answers.collect::<Result<_, _>>()?)
            }
            (RequestNode::Group(_), _) => return Err((vec![at], wrong_number())),
        });
    }
    let (changes, claims) = ledger.close();
    Ok(Decided {
        response: Response {
            result: match verdict {
                Verdict::Accept => ResponseResult::Accepted,
                Verdict::Reject => ResponseResult::Rejected,
            },
            request_id: situation.request.id.clone(),
            items,
        },
        changes,
        claims,
    })
}

fn answer_to(
    ledger: &mut Ledger<'_>,
    item: &RequestItem,
    answer: &DecisionNode,
) -> Result<ResponseItem, Problem> {
    match answer {
        DecisionNode::Accept(parameters) => items::of(item).perform(ledger, parameters),
        DecisionNode::Reject(reasons) => Ok(ResponseItem::Reject {
            code: reasons.code.clone(),
            message: reasons.message.clone(),
        }),
        DecisionNode::Group(_) => Err(wrong_number()),
    }
}

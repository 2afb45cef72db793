//! TransferFileOwnershipRequestItem: the peer hands over a File. It becomes the person's own, and
//! an IdentityFileReference says where it is.

use serde_json::json;
use tessera_content::{
    AcceptParameters, Attribute, IdentityAttribute, ReferenceId, ResponseItem,
    TransferFileOwnershipRequestItem,
};
use tessera_core_types::Address;

use super::{Asked, Item};
use crate::{
    requests::{
        FileClaim, FileFact, FileOffer, Lookup, Situation,
        error::{Problem, code},
        files::{LoadedFile, own_reference},
        ledger::Ledger,
        lookup::Lookups,
    },
    views::Ask,
};

const VALUE_TYPE: &str = "IdentityFileReference";

impl Item for TransferFileOwnershipRequestItem {
    fn ask(&self, situation: &Situation, _: usize) -> Asked {
        let outcome = examine(self, situation);
        let file = match fact(self, situation) {
            Some(FileFact::Loaded(file)) => Some(file.shown()),
            _ => None,
        };
        Asked {
            can_be_accepted: outcome.is_ok(),
            first_choice: outcome.is_ok().then(AcceptParameters::none),
            ask: Ask::TransferFileOwnership {
                file,
                problem_code: match outcome {
                    Ok(_) | Err(Obstacle::NotAskedYet) => None,
                    Err(Obstacle::Code { code, .. }) => Some(code),
                },
            },
        }
    }

    fn check(&self, situation: &Situation, _: &AcceptParameters) -> Result<(), Problem> {
        examine(self, situation).map(|_| ()).map_err(Problem::from)
    }

    fn perform(
        &self,
        ledger: &mut Ledger<'_>,
        _: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let taken = examine(self, ledger.situation)?;
        ledger.claim(taken.claim)?;
        let attribute = taken.attribute;
        // No own Attribute says the same: the File was not the person's until now.
        let id = ledger.create_own_identity(attribute.clone());
        ledger.give(&id, |attribute_id, _, _| {
            ResponseItem::TransferFileOwnershipAccept {
                attribute_id,
                attribute,
            }
        })
    }

    fn lookups(&self, _: &Address, lookups: &mut Lookups) {
        lookups.push(Lookup::Default {
            value_type: VALUE_TYPE.to_owned(),
        });
    }
}

/// What accepting leads to.
struct Taken {
    claim: FileClaim,
    attribute: IdentityAttribute,
}

/// Why a File can't be taken over. For the peer all of it is the same: the item is wrong.
enum Obstacle {
    /// The Backbone was not asked about it.
    NotAskedYet,
    Code {
        code: String,
        what: &'static str,
    },
}

impl Obstacle {
    fn new(code: &str, what: &'static str) -> Self {
        let code = code.to_owned();
        Self::Code { code, what }
    }
}

impl From<Obstacle> for Problem {
    fn from(obstacle: Obstacle) -> Self {
        Self::bad_item(match obstacle {
            Obstacle::NotAskedYet => "the File was not loaded",
            Obstacle::Code { what, .. } => what,
        })
    }
}

fn fact<'a>(
    item: &TransferFileOwnershipRequestItem,
    situation: &'a Situation,
) -> Option<&'a FileFact> {
    situation.files.get(&FileOffer {
        file_reference: item.file_reference.clone(),
        ownership_token: item.ownership_token.clone(),
    })
}

fn examine(
    item: &TransferFileOwnershipRequestItem,
    situation: &Situation,
) -> Result<Taken, Obstacle> {
    let Some(token) = &item.ownership_token else {
        return Err(Obstacle::new(
            code::FILE_TOKEN_NOT_VALID,
            "an older version's way of handing over Files is not supported",
        ));
    };
    let file = match fact(item, situation) {
        None => return Err(Obstacle::NotAskedYet),
        Some(FileFact::NotLoaded { code }) => {
            return Err(Obstacle::new(code, "the File can't be loaded"));
        }
        Some(FileFact::Loaded(file)) => file,
    };
    if situation.now > file.expires_at {
        return Err(Obstacle::new(code::FILE_EXPIRED, "the File is expired"));
    }
    if file.owner == situation.me {
        return Err(Obstacle::new(code::FILE_IS_OWN, "the File is already own"));
    }
    if file.owner != *situation.peer() {
        return Err(Obstacle::new(
            code::FILE_OF_SOMEBODY_ELSE,
            "the File is not the sender's",
        ));
    }
    if !file.is_token_valid {
        return Err(Obstacle::new(
            code::FILE_TOKEN_NOT_VALID,
            "the token is not the File's",
        ));
    }
    taken(item, token, file, situation).ok_or_else(|| {
        Obstacle::new(
            code::FILE_NOT_USABLE,
            "the File's reference or one of its tags is not valid",
        )
    })
}

/// The Attribute that refers to the File at the own Backbone. A reference of more than 150
/// characters, as a long address of a Backbone makes it, fits into none.
fn taken(
    item: &TransferFileOwnershipRequestItem,
    token: &str,
    file: &LoadedFile,
    situation: &Situation,
) -> Option<Taken> {
    let reference = own_reference(&item.file_reference, file)?;
    let ReferenceId::File(file_id) = &reference.id else {
        return None;
    };
    let file_id = file_id.clone();
    let mut attribute = json!({
        "owner": situation.me,
        "value": { "@type": VALUE_TYPE, "value": *reference.truncated() },
    });
    if let Some(tags) = &file.tags {
        attribute["tags"] = json!(tags);
    }
    let attribute = IdentityAttribute::parse(&attribute).ok()?;
    Attribute::Identity(attribute.clone())
        .check_tags(situation.tags.as_deref())
        .ok()?;
    Some(Taken {
        claim: FileClaim {
            file_id,
            ownership_token: token.to_owned(),
        },
        attribute,
    })
}

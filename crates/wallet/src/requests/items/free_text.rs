//! FreeTextRequestItem of enmeshed v6: the person answers in words of their own, as to a form
//! field for a text without limits of its own.

use tessera_content::{
    AcceptParameters, FormFieldResponse, FormFieldSettings, FreeTextRequestItem, ResponseItem,
};

use super::{Asked, Item, unreadable};
use crate::{
    requests::{Situation, error::Problem, ledger::Ledger},
    views::Ask,
};

const ANY_TEXT: FormFieldSettings = FormFieldSettings::String {
    allow_newlines: true,
    min: None,
    max: None,
};

impl Item for FreeTextRequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            can_be_accepted: true,
            first_choice: None,
            ask: Ask::FreeText {
                free_text: self.free_text.clone(),
            },
        }
    }

    fn check(&self, _: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        answer(parameters).map(|_| ())
    }

    fn perform(
        &self,
        _: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let free_text = answer(parameters)?;
        Ok(ResponseItem::FreeTextAccept { free_text })
    }
}

fn answer(parameters: &AcceptParameters) -> Result<String, Problem> {
    let text = parameters
        .free_text()
        .map_err(|error| unreadable(&error))?
        .ok_or_else(|| Problem::unreadable("the text is missing"))?;
    if ANY_TEXT.accepts(&FormFieldResponse::Text(text.clone())) {
        Ok(text)
    } else {
        Err(Problem::bad_parameters(
            "the text is empty or has more than 4096 characters",
        ))
    }
}

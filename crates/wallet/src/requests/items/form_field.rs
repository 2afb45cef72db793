//! FormFieldRequestItem: the person answers a question. Nothing is stored but the Response.

use tessera_content::{
    AcceptParameters, FormFieldRequestItem, FormFieldResponse, FormFieldSettings, ResponseItem,
};

use super::{Asked, Item, unreadable};
use crate::{
    requests::{Situation, error::Problem, ledger::Ledger},
    views::{Ask, FieldSettings},
};

impl Item for FormFieldRequestItem {
    fn ask(&self, _: &Situation, _: usize) -> Asked {
        Asked {
            can_be_accepted: self.settings.can_be_answered(),
            first_choice: None,
            ask: Ask::FormField {
                settings: shown(&self.settings),
            },
        }
    }

    fn check(&self, _: &Situation, parameters: &AcceptParameters) -> Result<(), Problem> {
        response(self, parameters).map(|_| ())
    }

    fn perform(
        &self,
        _: &mut Ledger<'_>,
        parameters: &AcceptParameters,
    ) -> Result<ResponseItem, Problem> {
        let response = response(self, parameters)?;
        Ok(ResponseItem::FormFieldAccept { response })
    }
}

fn response(
    item: &FormFieldRequestItem,
    parameters: &AcceptParameters,
) -> Result<FormFieldResponse, Problem> {
    let response = parameters
        .response()
        .map_err(|error| unreadable(&error))?
        .ok_or_else(|| Problem::unreadable("the response is missing"))?;
    if item.settings.accepts(&response) {
        Ok(response)
    } else {
        Err(Problem::bad_parameters(
            "this is not the kind of answer that is wanted",
        ))
    }
}

fn shown(settings: &FormFieldSettings) -> FieldSettings {
    match settings.clone() {
        FormFieldSettings::String {
            allow_newlines,
            min,
            max,
        } => FieldSettings::String {
            allow_newlines,
            min,
            max,
        },
        FormFieldSettings::Integer { unit, min, max } => FieldSettings::Integer { unit, min, max },
        FormFieldSettings::Double { unit, min, max } => FieldSettings::Double { unit, min, max },
        FormFieldSettings::Boolean => FieldSettings::Boolean,
        FormFieldSettings::Date => FieldSettings::Date,
        FormFieldSettings::Selection {
            options,
            allow_multiple_selection,
        } => FieldSettings::Selection {
            options,
            allow_multiple_selection,
        },
        FormFieldSettings::Rating { max_rating } => FieldSettings::Rating { max_rating },
    }
}

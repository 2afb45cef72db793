//! What peers are called. Nobody vouches for it: only an address is certain.

use tessera_content::Attribute;
use tessera_core_types::Address;

/// The value types that say what somebody is called.
pub(crate) const NAMES: [&str; 3] = ["DisplayName", "GivenName", "Surname"];

/// What somebody calls itself in IdentityAttributes: its DisplayName, else what there is of given
/// name and surname. Of several of one type the first counts; what is about others does not.
pub(crate) fn name_among<'a>(
    attributes: impl Iterator<Item = &'a Attribute>,
    owner: &Address,
) -> Option<String> {
    let mut found: [Option<String>; 3] = [None, None, None];
    for attribute in attributes {
        let is_about_owner = attribute.as_identity().is_some() && attribute.owner() == Some(owner);
        let place = NAMES
            .iter()
            .position(|name| is_about_owner && *name == attribute.value_type());
        if let Some(place) = place.and_then(|place| found.get_mut(place)) {
            *place = place.take().or_else(|| text(attribute));
        }
    }
    let [display_name, given_name, surname] = found;
    display_name.or_else(|| {
        let parts: Vec<String> = given_name.into_iter().chain(surname).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}

fn text(attribute: &Attribute) -> Option<String> {
    let json = attribute.value().to_json();
    let text = json.get("value")?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

//! Two-letter language codes.

use tessera_backbone_api::error_codes;

use crate::http::error::ApiError;

/// The codes of ISO 639-1.
const ISO_639_1: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv \
    cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id \
    ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh \
    mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa \
    sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve \
    vi vo wa wo xh yi yo za zh zu";

/// The language that a device has when it names none.
pub const DEFAULT: &str = "en";

/// Whether that is a language.
pub fn is_language(code: &str) -> bool {
    code.len() == 2 && ISO_639_1.split_whitespace().any(|known| known == code)
}

/// Checks the language of a device.
pub fn check(code: &str) -> Result<(), ApiError> {
    if is_language(code) {
        Ok(())
    } else {
        Err(ApiError::rule(
            error_codes::INVALID_DEVICE_COMMUNICATION_LANGUAGE,
            "This language is not a valid two letter ISO language name.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_of_iso_639_1_are_languages() {
        for code in ["en", "de", "zu", "aa"] {
            assert!(is_language(code), "{code}");
        }
        for code in ["", "e", "EN", "xx", "eng", "a ", "  "] {
            assert!(!is_language(code), "{code}");
        }
    }
}

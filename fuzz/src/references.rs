//! What a code says, or what somebody pasted.

use tessera_content::{BackboneUrl, Reference, ReferenceKind};

/// Text as a reference in every form. What is read says the same when it is written and read again.
pub fn reference(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for kind in [
        ReferenceKind::RelationshipTemplate,
        ReferenceKind::Token,
        ReferenceKind::File,
    ] {
        if let Ok(found) = Reference::parse_as(kind, &text) {
            assert_eq!(found.kind(), kind);
        }
    }
    let Ok(found) = Reference::parse(&text) else {
        return;
    };
    assert_same(&found, &found.truncated());
    for app in [None, Some("an app & more")] {
        if let Ok(link) = found.url(app) {
            assert_same(&found, &link);
        }
    }
    if let Ok(own) = BackboneUrl::parse("https://backbone.example") {
        let _ = found.foreign_backbone(&own);
    }
}

fn assert_same(found: &Reference, written: &str) {
    let Ok(again) = Reference::parse(written) else {
        // The text would show the key.
        unreachable!("a written reference can't be read");
    };
    assert_eq!(again.id, found.id);
    assert_eq!(again.key.as_bytes(), found.key.as_bytes());
    assert_eq!(again.for_identity_truncated, found.for_identity_truncated);
    assert_eq!(
        again.password_protection.is_some(),
        found.password_protection.is_some()
    );
    assert_eq!(
        again.backbone_base_url.is_some(),
        found.backbone_base_url.is_some()
    );
}

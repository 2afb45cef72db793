//! Who the sample organisations are and what they ask.

use tessera_content::PasswordLocation;

use crate::views::Answers;

/// A sample organisation.
pub struct Sample {
    /// Its folder and its name in commands.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
    /// How it answers.
    pub answers: Answers,
    /// What opens its template.
    pub password: Option<SamplePassword>,
    /// Its RelationshipTemplateContent.
    pub content: &'static str,
    /// What it gives about itself, besides its name: a list of values.
    pub data: &'static str,
    /// What it says when it has nothing to answer with.
    pub declines: &'static str,
}

const DECLINES: &str = "We have nothing to answer this with. This is a sample organisation.";

/// What opens a sample template.
pub enum SamplePassword {
    /// A PIN.
    Pin {
        /// The digits.
        digits: &'static str,
        /// How many.
        length: u8,
        /// Where a person would find it.
        location: PasswordLocation,
    },
    /// Any text.
    Password {
        /// The text.
        text: &'static str,
        /// Where a person would find it.
        location: PasswordLocation,
    },
}

/// All of them: with PINs of two lengths, without, and with a password that happens to be digits.
pub const SAMPLES: &[Sample] = &[
    Sample {
        id: "library",
        name: "Riverside Library",
        answers: Answers::Automatically,
        password: Some(SamplePassword::Pin {
            digits: "4711",
            length: 4,
            location: PasswordLocation::Letter,
        }),
        content: include_str!("samples/library.json"),
        data: include_str!("samples/library-data.json"),
        declines: DECLINES,
    },
    Sample {
        id: "townhall",
        name: "Bürgeramt Musterstadt",
        answers: Answers::ByHand,
        password: Some(SamplePassword::Pin {
            digits: "135790",
            length: 6,
            location: PasswordLocation::Sms,
        }),
        content: include_str!("samples/townhall.json"),
        data: include_str!("samples/townhall-data.json"),
        declines: "Dazu liegt uns nichts vor. Dies ist eine Beispielorganisation.",
    },
    Sample {
        id: "rowing",
        name: "Harbour Rowing Club",
        answers: Answers::ByHand,
        password: None,
        content: include_str!("samples/rowing.json"),
        data: include_str!("samples/rowing-data.json"),
        declines: DECLINES,
    },
    Sample {
        id: "health",
        name: "Health Centre at the Park",
        answers: Answers::ByHand,
        password: Some(SamplePassword::Password {
            text: "20262027",
            location: PasswordLocation::Email,
        }),
        content: include_str!("samples/health.json"),
        data: include_str!("samples/health-data.json"),
        declines: DECLINES,
    },
];

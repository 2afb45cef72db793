//! What can be typed about contacts.

use clap::{Subcommand, ValueEnum};
use tessera_core_types::Address;
use tessera_wallet::views::{TimelineKind, TimelinePlace};

/// See [`super::Command::Contact`].
#[derive(Debug, Subcommand)]
pub enum ContactCommand {
    /// All of them that are not archived, by name.
    List {
        /// Only those with all these words in a name, a tag, the notes or the address.
        #[arg(long, value_name = "WORDS", default_value = "")]
        find: String,
        /// Only the archived ones.
        #[arg(long)]
        archived: bool,
        /// Only those with this tag.
        #[arg(long)]
        tag: Option<String>,
    },
    /// One, with everything known about it.
    Show {
        /// Its address.
        address: Address,
    },
    /// Write down something about one; it is never sent. What is not named stays, an empty text
    /// takes it away.
    Note {
        /// Its address.
        address: Address,
        /// One's own name for it.
        #[arg(long)]
        title: Option<String>,
        /// Notes.
        #[arg(long)]
        notes: Option<String>,
        /// A tag, in place of all there were; more than once for several.
        #[arg(long)]
        tag: Option<Vec<String>>,
    },
    /// Put one into the archive: it is left out of lists.
    Archive {
        /// Its address.
        address: Address,
        /// Take it out again.
        #[arg(long)]
        undo: bool,
    },
    /// What happened with somebody, the newest first: a page of it.
    Timeline {
        /// The address.
        address: Address,
        /// Only this.
        #[arg(long, value_enum)]
        kind: Option<KindOfEvent>,
        /// Go on after a page: its `next`, as JSON.
        #[arg(long, value_name = "NEXT", value_parser = place)]
        after: Option<TimelinePlace>,
        /// How many at most, up to 200.
        #[arg(long, value_name = "N", default_value_t = 50)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..=200))]
        limit: u32,
    },
    /// Every Relationship that there was or is with somebody, the newest first, and how each ended.
    Relationships {
        /// The address.
        address: Address,
    },
    /// Whether a Relationship with somebody can be created, and everything that is in the way.
    Check {
        /// The address.
        address: Address,
    },
}

/// What happens with a contact.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum KindOfEvent {
    /// The life of the Relationships.
    Relationships,
    /// Requests both ways, and their answers.
    Requests,
    /// Messages both ways.
    Messages,
    /// Attached Files, and Attributes that refer to one.
    Files,
    /// What was given and received, and what became of it.
    Data,
}

impl From<KindOfEvent> for TimelineKind {
    fn from(kind: KindOfEvent) -> Self {
        match kind {
            KindOfEvent::Relationships => Self::Relationships,
            KindOfEvent::Requests => Self::Requests,
            KindOfEvent::Messages => Self::Messages,
            KindOfEvent::Files => Self::Files,
            KindOfEvent::Data => Self::Data,
        }
    }
}

fn place(text: &str) -> Result<TimelinePlace, &'static str> {
    serde_json::from_str(text).map_err(|_| "not the `next` of a page")
}

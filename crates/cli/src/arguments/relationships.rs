//! What can be typed about Relationships.

use clap::{Subcommand, ValueEnum};
use tessera_core_types::RelationshipId;

/// See [`super::Command::Relationship`].
#[derive(Debug, Subcommand)]
pub enum RelationshipCommand {
    /// All of them, the oldest first.
    List,
    /// One.
    Show {
        /// Its id.
        id: RelationshipId,
    },
    /// Accept one that somebody else asked for.
    Accept {
        /// Its id.
        id: RelationshipId,
    },
    /// Reject one that somebody else asked for.
    Reject {
        /// Its id.
        id: RelationshipId,
    },
    /// Take back one's own question while it is not answered.
    Revoke {
        /// Its id.
        id: RelationshipId,
    },
    /// End one.
    Terminate {
        /// Its id.
        id: RelationshipId,
    },
    /// Ask to take an ended one up again, or decide about that.
    Reactivate {
        /// Its id.
        id: RelationshipId,
        /// What to do about it.
        #[arg(value_enum, default_value_t)]
        step: Reactivation,
    },
    /// Delete an ended one, with everything that belongs to it.
    Decompose {
        /// Its id.
        id: RelationshipId,
    },
}

/// See [`RelationshipCommand::Reactivate`].
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum Reactivation {
    /// Ask for it.
    #[default]
    Request,
    /// Agree to what the other side asked.
    Accept,
    /// Refuse what the other side asked.
    Reject,
    /// Take back what one asked oneself.
    Revoke,
}

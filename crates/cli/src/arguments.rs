//! What can be typed.

mod contacts;
mod relationships;
mod templates;

use std::{path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, builder::NonEmptyStringValueParser};
use tessera_core_types::{Address, AttributeId, CoreDate, FileId, MessageId, RequestId};
use tessera_wallet::{LONGEST_HOLD, keys::SecretText};

pub use self::{
    contacts::ContactCommand,
    relationships::{Reactivation, RelationshipCommand},
    templates::{CreateTemplate, LoadTemplate, TemplateCommand},
};

/// The Backbone that a profile is made at when none is named: a `tessera-backbone` on this machine.
pub const DEFAULT_BACKBONE: &str = "http://localhost:8090";

/// The client that every `tessera-backbone` knows.
pub const DEFAULT_CLIENT: &str = "test:test";

/// Tessera, the wallet for the enmeshed network, without a window.
///
/// Prints one JSON document. A failure is `{"error":{"code":…,"message":…}}` on standard error, with
/// exit code 1.
#[derive(Debug, Parser)]
#[command(name = "tessera", version, max_term_width = 100)]
pub struct Arguments {
    /// The folder of the wallet; it is made with the profile.
    #[arg(long, value_name = "DIR", env = "TESSERA_WALLET")]
    pub data: PathBuf,

    /// Open the wallet by the app password in this file, for where there is no keyring. A line break
    /// at the end is not part of it.
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,

    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// The identity and where it lives.
    #[command(subcommand)]
    Profile(ProfileCommand),
    /// RelationshipTemplates: what stands behind a QR code.
    #[command(subcommand)]
    Template(TemplateCommand),
    /// Requests, received and own.
    #[command(subcommand)]
    Request(RequestCommand),
    /// Messages.
    #[command(subcommand)]
    Message(MessageCommand),
    /// Files.
    #[command(subcommand)]
    File(FileCommand),
    /// Relationships.
    #[command(subcommand)]
    Relationship(RelationshipCommand),
    /// Attributes.
    #[command(subcommand)]
    Attribute(AttributeCommand),
    /// Consent receipts: what was decided about received Requests.
    #[command(subcommand)]
    Receipt(ReceiptCommand),
    /// Who has what of the person's, what was given last first.
    Given(Given),
    /// Contacts, and what the person wrote about them.
    #[command(subcommand)]
    Contact(ContactCommand),
    /// Find contacts, values and Mails by the beginnings of words.
    Find {
        /// The words.
        #[arg(required = true)]
        words: Vec<String>,
        /// How many of each kind at most.
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: u32,
    },
    /// What waits to be sent, what was sent, and what could not be.
    #[command(subcommand)]
    Outbox(OutboxCommand),
    /// What happened, the newest first.
    History,
    /// Fetch what is new and deliver what waits.
    Sync,
}

/// See [`Command::Profile`].
#[derive(Debug, Subcommand)]
pub enum ProfileCommand {
    /// Make an identity and the wallet that keeps it.
    Create(CreateProfile),
    /// Show it.
    Show,
}

/// See [`ProfileCommand::Create`].
#[derive(Debug, Args)]
pub struct CreateProfile {
    /// What to call the profile; never sent.
    #[arg(long, value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// The Backbone's base URL.
    #[arg(long, value_name = "URL", default_value = DEFAULT_BACKBONE)]
    pub backbone: String,
    /// The client that is registered there.
    #[arg(long, value_name = "ID:SECRET", default_value = DEFAULT_CLIENT, hide_default_value = true)]
    #[arg(value_parser = client, allow_hyphen_values = true)]
    pub client: Client,
}

/// A client of a Backbone.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: SecretText,
}

fn client(text: &str) -> Result<Client, &'static str> {
    match text.split_once(':') {
        Some((id, secret)) if !id.is_empty() && !secret.is_empty() => Ok(Client {
            id: id.to_owned(),
            secret: SecretText::from(secret),
        }),
        _ => Err("not of the form ID:SECRET"),
    }
}

/// See [`Command::Request`].
#[derive(Debug, Subcommand)]
pub enum RequestCommand {
    /// All of them.
    List,
    /// One, with the form it makes.
    Show {
        /// Its id.
        id: RequestId,
    },
    /// Say what is missing or wrong in a decision, without deciding.
    Check {
        /// Its id.
        id: RequestId,
        #[command(flatten)]
        decision: DecisionFile,
    },
    /// Accept it and send the answer.
    Accept {
        /// Its id.
        id: RequestId,
        #[command(flatten)]
        decision: DecisionFile,
        #[command(flatten)]
        hold: Hold,
    },
    /// Reject it.
    Reject {
        /// Its id.
        id: RequestId,
        /// A decision that rejects every item, with a reason for each:
        /// `{"items":[{"accept":false,"code":"…","message":"…"}]}`.
        #[arg(long, value_name = "FILE.json", conflicts_with_all = ["code", "message"])]
        decision: Option<PathBuf>,
        /// Why, for programs: up to 200 characters, told with every item.
        #[arg(long)]
        code: Option<String>,
        /// Why, for persons: up to 1000 characters, told with every item.
        #[arg(long, value_name = "TEXT")]
        message: Option<String>,
        #[command(flatten)]
        hold: Hold,
    },
    /// Take back a decision that is held, and print it.
    TakeBack {
        /// The id of the request.
        id: RequestId,
    },
    /// What is in the way of the Relationship that accepting one starts.
    Obstacles {
        /// Its id.
        id: RequestId,
    },
    /// Ask a contact for something, in a Message.
    Send {
        /// Whom.
        #[arg(long, value_name = "ADDRESS")]
        to: Address,
        /// A Request: `{"items":[…]}`.
        #[arg(long, value_name = "FILE.json")]
        content: PathBuf,
    },
    /// Put one away that can't be answered.
    Dismiss {
        /// Its id.
        id: RequestId,
        /// Take it up again.
        #[arg(long)]
        undo: bool,
    },
}

/// See [`Command::Message`].
#[derive(Debug, Subcommand)]
pub enum MessageCommand {
    /// All of them, the newest first.
    List {
        /// Only those from and to this contact.
        #[arg(long, value_name = "ADDRESS")]
        with: Option<Address>,
    },
    /// One.
    Show {
        /// Its id.
        id: MessageId,
    },
    /// Send a Mail or content of one's own making.
    Send {
        /// To whom; more than once for several.
        #[arg(long, value_name = "ADDRESS", required = true)]
        to: Vec<Address>,
        /// A Mail, or an ArbitraryMessageContent.
        #[arg(long, value_name = "FILE.json")]
        content: PathBuf,
        /// A File that was uploaded here, by its id; more than once for several.
        #[arg(long, value_name = "FILE-ID")]
        attach: Vec<FileId>,
    },
    /// Send a Mail again that could finally not be sent, once.
    Again {
        /// Its number.
        number: i64,
    },
    /// Who has fetched one of one's own by now; asks the Backbone.
    Deliveries {
        /// Its number.
        number: i64,
    },
    /// Mark a received one as read.
    Read {
        /// Its id.
        id: MessageId,
        /// Mark it as unread.
        #[arg(long)]
        undo: bool,
    },
    /// What an attached File says about itself.
    Attachment {
        /// The Message's id.
        id: MessageId,
        /// The File's id.
        file: FileId,
    },
    /// Fetch an attached File.
    Save {
        /// The Message's id.
        id: MessageId,
        /// The File's id.
        file: FileId,
        /// Where to; nothing there is overwritten.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// See [`Command::File`].
#[derive(Debug, Subcommand)]
pub enum FileCommand {
    /// Encrypt a file and give it to the Backbone. What opens it and what hands it over are printed;
    /// its id is enough to attach it to a Message.
    Upload {
        /// The file.
        file: PathBuf,
        /// Its media type.
        #[arg(long, default_value = "application/octet-stream")]
        mimetype: String,
        /// A title.
        #[arg(long)]
        title: Option<String>,
        /// A description.
        #[arg(long)]
        description: Option<String>,
        /// A tag; more than once for several.
        #[arg(long)]
        tag: Vec<String>,
        /// When the Backbone deletes it; never if nothing is said.
        #[arg(long, value_name = "T")]
        expires_at: Option<CoreDate>,
    },
    /// Those that were given to the Backbone here, or are passed on, the newest first.
    List,
    /// The link of one that was given to the Backbone here. Whoever has it can read the file.
    Link {
        /// Its id.
        id: FileId,
    },
    /// Fetch a file.
    Download {
        /// Its reference.
        #[arg(value_parser = templates::secret)]
        reference: SecretText,
        /// Where to; nothing there is overwritten.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// A decision.
#[derive(Debug, Args)]
pub struct DecisionFile {
    /// `{"items":[{"accept":true,"existingAttributeId":"…"}]}`, in the shape of the Request; without
    /// it, what the form would show at first.
    #[arg(long, value_name = "FILE")]
    pub decision: Option<PathBuf>,
}

/// How long a decision can be taken back.
#[derive(Debug, Args)]
pub struct Hold {
    /// Send nothing for so many seconds, and let it be taken back until then; up to 3600. The first
    /// `sync` after that sends it. A request that would soon expire is answered at once.
    #[arg(
        long = "hold",
        value_name = "SECONDS",
        default_value_t = 0,
        hide_default_value = true
    )]
    #[arg(value_parser = clap::value_parser!(u64).range(..=LONGEST_HOLD.as_secs()))]
    pub seconds: u64,
}

impl Hold {
    /// As a time.
    pub fn time(self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// See [`Command::Outbox`].
#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// What is held, waits or is being sent, the oldest first; then the newest of what failed and of
    /// what was sent.
    List,
    /// Try to send one now, with all that has to go out before it; then list.
    Retry {
        /// Its number.
        number: i64,
    },
}

/// See [`Command::Attribute`].
#[derive(Debug, Subcommand)]
pub enum AttributeCommand {
    /// The own attributes.
    List {
        /// Those of others, too.
        #[arg(long)]
        all: bool,
    },
    /// Keep a new one.
    Add {
        /// An attribute value, `{"@type":"GivenName","value":"Ada"}`, or a list of several: then
        /// all of them are kept or none.
        file: PathBuf,
    },
    /// Make a new version of an own one. Whoever it belongs to a relationship with is told; of an
    /// attribute of the own identity nobody is, see `notify`.
    Succeed {
        /// Its id.
        id: AttributeId,
        /// The attribute value of the new version.
        file: PathBuf,
    },
    /// Tell contacts that have an older version about this one.
    Notify {
        /// Its id.
        id: AttributeId,
        /// Whom; can be given more than once.
        #[arg(long, value_name = "ADDRESS", required = true)]
        to: Vec<Address>,
    },
    /// Delete one, own or received, with its older versions, and tell whoever has to know.
    Delete {
        /// Its id.
        id: AttributeId,
    },
    /// All versions of one, the oldest first.
    Versions {
        /// The id of any of them.
        id: AttributeId,
    },
    /// What an own one was made of, and what was made of it: contacts that speak an older version ask
    /// for the city of an address, or for names put together.
    Derivation {
        /// The id of any of its versions.
        id: AttributeId,
    },
}

/// See [`Command::Receipt`].
#[derive(Debug, Subcommand)]
pub enum ReceiptCommand {
    /// Some of them, the newest first, and how many there are.
    List {
        /// Only those of this contact.
        #[arg(long, value_name = "ADDRESS")]
        with: Option<Address>,
        /// Only those with a smaller number: the last one of the list before.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
        /// How many at most, up to 500.
        #[arg(long, value_name = "N", default_value_t = 100)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..=500))]
        limit: u32,
    },
    /// One, as it is exported.
    Show {
        /// Its number.
        number: i64,
    },
    /// Write one into a file, as JSON. It is no signature, and says so.
    Export {
        /// Its number.
        number: i64,
        /// Where to; nothing there is overwritten.
        #[arg(long, value_name = "FILE.json")]
        out: PathBuf,
    },
}

/// See [`Command::Given`].
#[derive(Debug, Args)]
pub struct Given {
    /// Only what this contact has.
    #[arg(long, value_name = "ADDRESS")]
    pub with: Option<Address>,
    /// Only who has this attribute, whatever its version.
    #[arg(long, value_name = "ID")]
    pub attribute: Option<AttributeId>,
    /// Only where there is a newer version that the contact does not have.
    #[arg(long)]
    pub stale: bool,
    /// Only where the contact was asked to delete it.
    #[arg(long)]
    pub asked_back: bool,
    /// Words of the value, a tag or the label.
    #[arg(long, default_value = "")]
    pub text: String,
    /// Write it into a file instead, as a table (CSV, UTF-8); nothing there is overwritten.
    #[arg(long, value_name = "FILE.csv")]
    pub csv: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        super::Arguments::command().debug_assert();
    }
}

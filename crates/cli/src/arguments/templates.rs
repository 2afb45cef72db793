//! What can be typed about templates.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use tessera_content::PasswordType;
use tessera_core_types::{Address, CoreDate};
use tessera_wallet::keys::SecretText;

/// See [`super::Command::Template`].
#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    /// Make a template that others can load.
    Create(CreateTemplate),
    /// Load a template of somebody else.
    Load(LoadTemplate),
    /// The own templates, the newest first.
    List,
}

/// See [`TemplateCommand::Create`].
#[derive(Debug, Args)]
pub struct CreateTemplate {
    /// A RelationshipTemplateContent or ArbitraryRelationshipTemplateContent.
    #[arg(long, value_name = "FILE.json")]
    pub content: PathBuf,
    #[command(flatten)]
    pub protection: Protection,
    /// Only this identity may load it.
    #[arg(long = "for", value_name = "ADDRESS")]
    pub for_identity: Option<Address>,
    /// How many identities may load it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_allocations: Option<u32>,
    /// When it ends; in 30 days if nothing is said.
    #[arg(long, value_name = "T")]
    pub expires_at: Option<CoreDate>,
    /// Write its QR code here.
    #[arg(long, value_name = "FILE.png")]
    pub qr: Option<PathBuf>,
}

/// See [`TemplateCommand::Load`].
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("code").required(true))]
pub struct LoadTemplate {
    /// What the QR code holds, in any form.
    #[arg(group = "code", value_parser = secret)]
    pub reference: Option<SecretText>,
    /// A picture with the QR code.
    #[arg(long, value_name = "FILE", group = "code")]
    pub qr: Option<PathBuf>,
    #[command(flatten)]
    pub protection: Protection,
}

/// A PIN or a password.
#[derive(Debug, Args)]
pub struct Protection {
    /// The PIN, 4 to 16 digits.
    #[arg(long, value_name = "N", conflicts_with = "password")]
    #[arg(value_parser = pin, allow_hyphen_values = true)]
    pub pin: Option<SecretText>,
    /// The password.
    #[arg(long, value_name = "P", value_parser = password, allow_hyphen_values = true)]
    pub password: Option<SecretText>,
}

impl Protection {
    /// What was typed, and of which kind it is.
    pub fn typed(self) -> Option<(PasswordType, SecretText)> {
        let pin = self.pin.and_then(|pin| Some((pin_of(pin.expose())?, pin)));
        pin.or_else(|| Some((PasswordType::Password, self.password?)))
    }
}

/// The kind of PIN that this text is.
fn pin_of(text: &str) -> Option<PasswordType> {
    let digits = u8::try_from(text.len()).ok()?;
    PasswordType::pin(digits).filter(|kind| kind.accepts(text))
}

// Secrets are wrapped as soon as they are read. No error of these repeats what was typed.

fn pin(text: &str) -> Result<SecretText, &'static str> {
    match pin_of(text) {
        Some(_) => Ok(SecretText::from(text)),
        None => Err("a PIN has 4 to 16 digits"),
    }
}

fn password(text: &str) -> Result<SecretText, &'static str> {
    if text.is_empty() {
        Err("a password has at least one character")
    } else {
        Ok(SecretText::from(text))
    }
}

pub(super) fn secret(text: &str) -> Result<SecretText, std::convert::Infallible> {
    Ok(SecretText::from(text))
}

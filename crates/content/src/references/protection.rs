//! Whom a reference is for, and which password protects it.

use std::fmt;

use tessera_core_types::Address;
use zeroize::Zeroizing;

use super::InvalidReference;

/// The last four characters of the address that a reference is meant for.
#[derive(Clone, PartialEq, Eq, Hash, Debug, serde::Serialize, ts_rs::TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct ForIdentityTruncated(String);

impl ForIdentityTruncated {
    /// Reads four of `0-9a-f`.
    ///
    /// # Errors
    ///
    /// [`InvalidReference::ForIdentityTruncated`].
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        let is_hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == 4 && text.bytes().all(is_hex) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidReference::ForIdentityTruncated)
        }
    }

    /// What stands for this address.
    #[must_use]
    pub fn of(address: &Address) -> Self {
        Self(address.truncated().to_owned())
    }

    /// Whether it can be meant for this address.
    #[must_use]
    pub fn fits(&self, address: &Address) -> bool {
        address.truncated() == self.0
    }

    /// The four characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What kind of password protects an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordType {
    /// Any text.
    Password,
    /// So many digits, 4 to 16. Make one with [`PasswordType::pin`].
    Pin(u8),
}

impl PasswordType {
    /// The fewest and the most digits of a PIN.
    pub const PIN_DIGITS: std::ops::RangeInclusive<u8> = 4..=16;

    /// A PIN of so many digits, if that is 4 to 16.
    #[must_use]
    pub fn pin(digits: u8) -> Option<Self> {
        Self::PIN_DIGITS
            .contains(&digits)
            .then_some(Self::Pin(digits))
    }

    /// Reads `pw` or `pin4` to `pin16`.
    ///
    /// # Errors
    ///
    /// [`InvalidReference::PasswordType`].
    pub fn parse(text: &str) -> Result<Self, InvalidReference> {
        if text == "pw" {
            return Ok(Self::Password);
        }
        Self::PIN_DIGITS
            .map(Self::Pin)
            .find(|pin| pin.to_string() == text)
            .ok_or(InvalidReference::PasswordType)
    }

    /// Whether this text can be the password: of a PIN so many digits, else anything not empty.
    #[must_use]
    pub fn accepts(self, password: &str) -> bool {
        match self {
            Self::Password => !password.is_empty(),
            Self::Pin(digits) => {
                password.len() == usize::from(digits)
                    && password.bytes().all(|byte| byte.is_ascii_digit())
            }
        }
    }
}

impl fmt::Display for PasswordType {
    /// `pw` or `pinN`, as in references.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Password => f.write_str("pw"),
            Self::Pin(digits) => write!(f, "pin{digits}"),
        }
    }
}

/// Where a person finds the password, by its indicator 0 to 99.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PasswordLocation {
    /// 0: on the recovery kit; only the making of one sets it.
    RecoveryKit,
    /// 1: it is one's own.
    Own,
    /// 2: in a letter.
    Letter,
    /// 3: in the letter of registration.
    RegistrationLetter,
    /// 4: in an e-mail.
    Email,
    /// 5: in a text message.
    Sms,
    /// 6: on a web site.
    Website,
    /// 7 to 99: without a meaning yet, or freely agreed (from 50).
    Other(u8),
}

impl PasswordLocation {
    /// The location with this indicator, 0 to 99.
    #[must_use]
    pub fn of(indicator: u8) -> Option<Self> {
        Some(match indicator {
            0 => Self::RecoveryKit,
            1 => Self::Own,
            2 => Self::Letter,
            3 => Self::RegistrationLetter,
            4 => Self::Email,
            5 => Self::Sms,
            6 => Self::Website,
            7..=99 => Self::Other(indicator),
            _ => return None,
        })
    }

    /// Its indicator.
    #[must_use]
    pub fn indicator(self) -> u8 {
        match self {
            Self::RecoveryKit => 0,
            Self::Own => 1,
            Self::Letter => 2,
            Self::RegistrationLetter => 3,
            Self::Email => 4,
            Self::Sms => 5,
            Self::Website => 6,
            Self::Other(indicator) => indicator,
        }
    }

    fn parse(text: &str) -> Result<Self, InvalidReference> {
        let is_form = matches!(text.len(), 1 | 2)
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && (text == "0" || !text.starts_with('0'));
        text.parse()
            .ok()
            .filter(|_| is_form)
            .and_then(Self::of)
            .ok_or(InvalidReference::PasswordLocation)
    }
}

/// A password in clear text, from references of empty tokens of 6.62 to 7.2: offered as the
/// answer to the password question, never written again. Wiped when dropped.
#[derive(Clone)]
pub struct ClearPassword(Zeroizing<String>);

impl ClearPassword {
    /// The password.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ClearPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClearPassword(…)")
    }
}

/// What a reference says about the password of an object.
#[derive(Debug, Clone)]
pub struct SharedPasswordProtection {
    password_type: PasswordType,
    salt: [u8; 16],
    location: Option<PasswordLocation>,
    clear_password: Option<ClearPassword>,
}

impl SharedPasswordProtection {
    /// A protection with this salt.
    ///
    /// # Errors
    ///
    /// [`InvalidReference::PasswordType`] for a PIN that has not 4 to 16 digits,
    /// [`InvalidReference::PasswordLocation`] for one that is not 0 to 99.
    pub fn new(
        password_type: PasswordType,
        salt: [u8; 16],
        location: Option<PasswordLocation>,
    ) -> Result<Self, InvalidReference> {
        if let PasswordType::Pin(digits) = password_type
            && !PasswordType::PIN_DIGITS.contains(&digits)
        {
            return Err(InvalidReference::PasswordType);
        }
        if location.is_some_and(|location| location.indicator() > 99) {
            return Err(InvalidReference::PasswordLocation);
        }
        Ok(Self {
            password_type,
            salt,
            location,
            clear_password: None,
        })
    }

    /// Reads `type&salt[&location[&password]]`.
    pub(super) fn parse(text: &str) -> Result<Self, InvalidReference> {
        let pieces: Vec<&str> = text.split('&').collect();
        let (password_type, salt, further) = match pieces.as_slice() {
            [password_type, salt, further @ ..] if further.len() <= 2 => {
                (password_type, salt, further)
            }
            _ => return Err(InvalidReference::ProtectionPieces),
        };
        let filled = |at: usize| further.get(at).filter(|piece| !piece.is_empty());
        Ok(Self {
            password_type: PasswordType::parse(password_type)?,
            salt: tessera_crypto::encoding::from_b64(salt)
                .ok()
                .and_then(|salt| salt.try_into().ok())
                .ok_or(InvalidReference::Salt)?,
            location: filled(0)
                .map(|location| PasswordLocation::parse(location))
                .transpose()?,
            clear_password: filled(1)
                .map(|password| ClearPassword(Zeroizing::new((*password).to_owned()))),
        })
    }

    /// What kind of password.
    #[must_use]
    pub fn password_type(&self) -> PasswordType {
        self.password_type
    }

    /// The salt of its hash.
    #[must_use]
    pub fn salt(&self) -> &[u8; 16] {
        &self.salt
    }

    /// Where the person finds it, if that is said.
    #[must_use]
    pub fn location(&self) -> Option<PasswordLocation> {
        self.location
    }

    /// The password itself, in some references of empty tokens.
    #[must_use]
    pub fn clear_password(&self) -> Option<&ClearPassword> {
        self.clear_password.as_ref()
    }
}

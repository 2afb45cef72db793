//! What two parties show each other to open a Relationship.

use super::{
    ExchangePublicKey, SignaturePublicKey, algorithm, check_encryption_algorithm, read_nonce,
};
use crate::{
    CryptoError, Nonce,
    json::{Object, Out, Written, json_forms},
};

/// Which end of a channel a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateType {
    /// The end that opens.
    Receive = 1,
    /// The end that seals.
    Transmit = 2,
}

impl StateType {
    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        match object.number("typ") {
            Some(1) => Ok(Self::Receive),
            Some(2) => Ok(Self::Transmit),
            _ => Err(CryptoError::WrongStateType),
        }
    }
}

/// The base nonce of a channel: `{"nnc","alg":3,"typ":2}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublicState {
    /// The base nonce, 24 bytes.
    pub nonce: Nonce,
    /// Which end its sender has.
    pub state_type: StateType,
}

json_forms!(PublicState, "CryptoPublicState", First, String);

impl PublicState {
    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        check_encryption_algorithm(object)?;
        Ok(Self {
            nonce: read_nonce(object)?,
            state_type: StateType::read(object)?,
        })
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![
            ("nnc", Out::bytes(&self.nonce)),
            algorithm(),
            ("typ", Out::Number(self.state_type as u32)),
        ])
    }
}

/// What the requestor shows when asking for a Relationship:
/// `{"exc":{…},"sig":{…},"eph":{…},"nnc"}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipPublicRequest {
    /// For the keys of the two channels.
    pub exchange: ExchangePublicKey,
    /// With which the requestor signs in this Relationship.
    pub signature: SignaturePublicKey,
    /// For the key of the request's content, together with the template's key.
    pub ephemeral: ExchangePublicKey,
    /// The base nonce of the channel from requestor to templator.
    pub nonce: Nonce,
}

json_forms!(
    RelationshipPublicRequest,
    "CryptoRelationshipPublicRequest",
    Last,
    String
);

impl RelationshipPublicRequest {
    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        Ok(Self {
            exchange: object.nested("exc", ExchangePublicKey::read)?,
            signature: object.nested("sig", SignaturePublicKey::read)?,
            ephemeral: object.nested("eph", ExchangePublicKey::read)?,
            nonce: read_nonce(object)?,
        })
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![
            ("exc", Out::Object(self.exchange.written())),
            ("sig", Out::Object(self.signature.written())),
            ("eph", Out::Object(self.ephemeral.written())),
            ("nnc", Out::bytes(&self.nonce)),
        ])
    }
}

/// What the templator shows when accepting a Relationship: `{"exc":{…},"sig":{…},"sta":{…}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RelationshipPublicResponse {
    /// For the keys of the two channels.
    pub exchange: ExchangePublicKey,
    /// With which the templator signs in this Relationship.
    pub signature: SignaturePublicKey,
    /// The channel from templator to requestor.
    pub state: PublicState,
}

json_forms!(
    RelationshipPublicResponse,
    "CryptoRelationshipPublicResponse",
    Last,
    String
);

impl RelationshipPublicResponse {
    pub(crate) fn read(object: &Object) -> Result<Self, CryptoError> {
        Ok(Self {
            exchange: object.nested("exc", ExchangePublicKey::read)?,
            signature: object.nested("sig", SignaturePublicKey::read)?,
            state: object.nested("sta", PublicState::read)?,
        })
    }

    pub(crate) fn written(&self) -> Written {
        Written(vec![
            ("exc", Out::Object(self.exchange.written())),
            ("sig", Out::Object(self.signature.written())),
            ("sta", Out::Object(self.state.written())),
        ])
    }
}

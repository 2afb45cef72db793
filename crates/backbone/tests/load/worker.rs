//! Two people who do everything one after the other, and remember what the Backbone acknowledged.

use std::collections::HashSet;

use rusqlite::Connection;
use tessera_backbone_api::{
    Bytes,
    client::{BackboneClient, ClientError, NewFile},
    datawallet::{
        DatawalletModificationType, NewDatawalletModification, PushDatawalletModificationsRequest,
    },
    error_codes,
    external_events::ExternalEventContent,
    relationship_templates::CreateRelationshipTemplateRequest,
    relationships::{CreateRelationshipRequest, RelationshipAction as Do, RelationshipStatus},
    sync_runs::{ExternalEventResult, FinalizeExternalEventSyncRequest, StartSyncRunRequest},
    tokens::CreateTokenRequest,
};
use tessera_core_types::{
    Address, CoreDate, ExternalEventId, FileId, MessageId, RelationshipId, RelationshipTemplateId,
    TokenId,
};

use crate::{dice::Dice, person::Person};

/// Which of the two.
const ADA: usize = 0;
const BOB: usize = 1;

/// Lives of a relationship that Ada asks for, after its creation.
const LIVES: [&[(usize, Do)]; 3] = [
    &[
        (BOB, Do::Accept),
        (ADA, Do::Terminate),
        (BOB, Do::RequestReactivation),
        (ADA, Do::RejectReactivation),
        (ADA, Do::RequestReactivation),
        (ADA, Do::RevokeReactivation),
        (ADA, Do::RequestReactivation),
        (BOB, Do::AcceptReactivation),
        (BOB, Do::Terminate),
        (ADA, Do::Decompose),
        (BOB, Do::Decompose),
    ],
    &[
        (BOB, Do::Reject),
        (BOB, Do::Decompose),
        (ADA, Do::Decompose),
    ],
    &[
        (ADA, Do::Revoke),
        (ADA, Do::Decompose),
        (BOB, Do::Decompose),
    ],
];

/// A relationship, and how much of its life is acknowledged.
struct Bond {
    id: RelationshipId,
    life: &'static [(usize, Do)],
    done: usize,
}

/// One of the two, with what is acknowledged of the datawallet.
struct Member {
    person: Person,
    /// Index and payload.
    pushed: Vec<(i64, Bytes)>,
    next_index: i64,
    /// Events that a finalized sync run processed.
    processed: HashSet<ExternalEventId>,
}

pub struct Worker {
    at: BackboneClient,
    dice: Dice,
    members: [Member; 2],
    bond: Option<Bond>,
    /// Sent over the present relationship: by whom, and the body.
    messages: Vec<(MessageId, usize, Vec<u8>)>,
    tokens: Vec<(TokenId, Vec<u8>)>,
    templates: Vec<RelationshipTemplateId>,
    /// By whom, the cipher, and whether the other one took it over.
    files: Vec<(FileId, usize, Vec<u8>, bool)>,
    newcomers: Vec<(Person, Address)>,
    /// Whether a sync run of before may be in the way.
    may_be_running: [bool; 2],
    /// How many calls that change something were acknowledged.
    pub acknowledged: u64,
    /// How many of each list [`Worker::check`] has seen.
    checked: [usize; 5],
}

/// Why a worker stops: the connection is gone, or the Backbone did what it must not.
pub enum Stop {
    Gone,
    Wrong(String),
}

impl From<ClientError> for Stop {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Network { .. } | ClientError::UnexpectedAnswer { .. } => Self::Gone,
            other => Self::Wrong(format!("{other:?}")),
        }
    }
}

impl Worker {
    pub async fn new(at: BackboneClient, seed: u64) -> Self {
        let mut members = Vec::new();
        for _ in 0..2 {
            members.push(Member {
                person: Person::with_datawallet(&at).await.unwrap(),
                pushed: Vec::new(),
                next_index: 0,
                processed: HashSet::new(),
            });
        }
        Self {
            at,
            dice: Dice::new(seed),
            members: members.try_into().ok().unwrap(),
            bond: None,
            messages: Vec::new(),
            tokens: Vec::new(),
            templates: Vec::new(),
            files: Vec::new(),
            newcomers: Vec::new(),
            may_be_running: [false; 2],
            acknowledged: 0,
            checked: [0; 5],
        }
    }

    /// Does something.
    pub async fn step(&mut self) -> Result<(), Stop> {
        let who = usize::try_from(self.dice.below(2)).unwrap();
        match self.dice.below(20) {
            0 => self.newcomer().await?,
            1 => self.token(who).await?,
            2 => self.file(who).await?,
            3 => self.limited_template(who).await?,
            4..=7 => self.push(who).await?,
            8..=11 => self.sync(who).await?,
            12..=15 => self.message(who).await?,
            _ => self.live_on().await?,
        }
        self.acknowledged += 1;
        Ok(())
    }

    fn far(&self) -> CoreDate {
        CoreDate::parse("9999-12-31T00:00:00.000Z").unwrap()
    }

    async fn newcomer(&mut self) -> Result<(), Stop> {
        let person = Person::new(&self.at).await?;
        let address = person.address.clone();
        self.newcomers.push((person, address));
        Ok(())
    }

    async fn token(&mut self, who: usize) -> Result<(), Stop> {
        let content = self.dice.bytes(200);
        let request = CreateTokenRequest {
            content: Some(Bytes(content.clone())),
            expires_at: self.far(),
            for_identity: None,
            password: None,
        };
        let token = self.members[who].person.client.create_token(&request);
        self.tokens.push((token.await?.id, content));
        Ok(())
    }

    /// Uploads a file, or takes one over.
    async fn file(&mut self, who: usize) -> Result<(), Stop> {
        let length = 1 + self.dice.below(60_000);
        let cipher = self.dice.bytes(usize::try_from(length).unwrap());
        let new = NewFile {
            cipher_hash: Bytes(vec![1]),
            owner_signature: Bytes(vec![2]),
            expires_at: self.far(),
            encrypted_properties: Bytes(vec![3]),
        };
        let client = &self.members[who].person.client;
        let file = client.upload_file(&new, cipher.clone()).await?;
        self.files.push((file.id.clone(), who, cipher, false));
        if self.dice.below(2) == 0 {
            let other = &self.members[1 - who].person.client;
            other
                .claim_file_ownership(&file.id, &file.ownership_token)
                .await?;
            let last = self.files.last_mut().unwrap();
            last.3 = true;
        }
        Ok(())
    }

    /// A template that the other one uses up.
    async fn limited_template(&mut self, who: usize) -> Result<(), Stop> {
        let request = CreateRelationshipTemplateRequest {
            content: Bytes(self.dice.bytes(100)),
            expires_at: None,
            max_number_of_allocations: Some(1),
            for_identity: None,
            password: None,
        };
        let [client, other] = [who, 1 - who].map(|index| self.members[index].person.client.clone());
        let created = client.create_relationship_template(&request).await?;
        self.templates.push(created.id.clone());
        other.relationship_template(&created.id, None).await?;
        Ok(())
    }

    fn modifications(&mut self) -> Vec<NewDatawalletModification> {
        let batch: String = Bytes(self.dice.bytes(12)).to_text();
        (0..3)
            .map(|number| NewDatawalletModification {
                r#type: DatawalletModificationType::Create,
                object_identifier: format!("{batch}-{number}"),
                collection: batch.clone(),
                payload_category: None,
                encrypted_payload: Some(Bytes(self.dice.bytes(100))),
                datawallet_version: 1,
            })
            .collect()
    }

    fn pushed(&mut self, who: usize, modifications: Vec<NewDatawalletModification>) {
        let member = &mut self.members[who];
        for modification in modifications {
            let payload = modification.encrypted_payload.unwrap();
            member.pushed.push((member.next_index, payload));
            member.next_index += 1;
        }
    }

    async fn push(&mut self, who: usize) -> Result<(), Stop> {
        let modifications = self.modifications();
        let member = &self.members[who];
        let request = PushDatawalletModificationsRequest {
            local_index: (member.next_index > 0).then(|| member.next_index - 1),
            modifications: modifications.clone(),
        };
        let client = &member.person.client;
        match client.push_datawallet_modifications(&request).await {
            Ok(_) => self.pushed(who, modifications),
            Err(error)
                if self.may_be_running[who]
                    && error.code()
                        == error_codes::CANNOT_PUSH_DATAWALLET_MODIFICATIONS_DURING_ACTIVE_SYNC_RUN => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    async fn sync(&mut self, who: usize) -> Result<(), Stop> {
        let modifications = self.modifications();
        let client = self.members[who].person.client.clone();
        let request = StartSyncRunRequest {
            r#type: None,
            // What a kill interrupts must not be in the way for long.
            duration: Some(1),
        };
        let started = match client.start_sync_run(&request).await {
            Ok(started) => started,
            Err(error)
                if self.may_be_running[who]
                    && error.code()
                        == error_codes::CANNOT_START_SYNC_RUN_WHEN_ANOTHER_SYNC_RUN_IS_RUNNING =>
            {
                return Ok(());
            }
            Err(error) => {
                self.may_be_running[who] = true;
                return Err(error.into());
            }
        };
        let Some(run) = started.sync_run else {
            return Ok(());
        };
        self.may_be_running[who] = true;
        let events = client.external_events(&run.id).await?;
        let member = &self.members[who];
        for event in &events {
            if member.processed.contains(&event.id) {
                return Err(Stop::Wrong(format!("{event:?} came twice")));
            }
            if let ExternalEventContent::MessageReceived { id } = &event.content {
                match client.message(id).await {
                    // Of a relationship that was decomposed meanwhile.
                    Err(error) if error.is_record_not_found() => {}
                    answer => drop(answer?),
                }
            }
        }
        let results = events.iter().map(|event| ExternalEventResult {
            external_event_id: event.id.clone(),
            error_code: None,
        });
        let request = FinalizeExternalEventSyncRequest {
            external_event_results: results.collect(),
            datawallet_modifications: modifications.clone(),
        };
        client
            .finalize_external_event_sync(&run.id, &request)
            .await?;
        self.may_be_running[who] = false;
        self.pushed(who, modifications);
        let ids = events.into_iter().map(|event| event.id);
        self.members[who].processed.extend(ids);
        Ok(())
    }

    async fn message(&mut self, who: usize) -> Result<(), Stop> {
        let over = |bond: &Bond| bond.life[..bond.done].iter().any(|(_, step)| ends(*step));
        if self.bond.as_ref().is_none_or(over) {
            return Ok(());
        }
        let body = self.dice.bytes(300);
        let to = self.members[1 - who].person.address.clone();
        match self.members[who].person.send(&to, body.clone()).await {
            Ok(sent) => self.messages.push((sent.id, who, body)),
            // The other one will fetch some.
            Err(error)
                if error.code() == error_codes::MAX_NUMBER_OF_UNRECEIVED_MESSAGES_REACHED => {}
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }

    /// Creates a relationship, or does the next step of its life.
    async fn live_on(&mut self) -> Result<(), Stop> {
        let Some(bond) = &mut self.bond else {
            let [ada, bob] = [ADA, BOB].map(|who| self.members[who].person.clone());
            let template = bob.template(100).await?;
            let request = CreateRelationshipRequest {
                relationship_template_id: template,
                creation_content: Some(Bytes(self.dice.bytes(100))),
            };
            let created = ada.client.create_relationship(&request).await?;
            self.begin(created.id, 0);
            return Ok(());
        };
        let (who, action) = bond.life[bond.done];
        let client = &self.members[who].person.client;
        client.change_relationship(&bond.id, action).await?;
        bond.done += 1;
        self.end_if_over();
        Ok(())
    }

    fn begin(&mut self, id: RelationshipId, done: usize) {
        let life = usize::try_from(self.dice.below(LIVES.len() as u64)).unwrap();
        self.messages.clear();
        self.checked[0] = 0;
        self.bond = Some(Bond {
            id,
            life: LIVES[life],
            done,
        });
    }

    fn end_if_over(&mut self) {
        let over = |bond: &Bond| bond.done == bond.life.len();
        if self.bond.as_ref().is_some_and(over) {
            self.bond = None;
        }
        let decomposed = |bond: &Bond| {
            let done = &bond.life[..bond.done];
            done.iter().any(|(_, step)| *step == Do::Decompose)
        };
        if self.bond.as_ref().is_none_or(decomposed) {
            self.messages.clear();
            self.checked[0] = 0;
        }
    }

    /// After a kill: finds out what came of the call that was under way, in the data file. Whatever
    /// was acknowledged must be there.
    pub fn look_up(&mut self, data: &Connection) {
        match &mut self.bond {
            Some(bond) => {
                let entries: u32 = data
                    .query_row(
                        "SELECT count(*) FROM relationship_audit_log WHERE relationship_id = ?1",
                        [bond.id.as_str()],
                        |row| row.get(0),
                    )
                    .unwrap();
                let entries = entries as usize;
                let acknowledged = bond.done + 1;
                assert!(
                    (acknowledged..=acknowledged + 1).contains(&entries),
                    "{}: {acknowledged} steps were acknowledged, there are {entries}",
                    bond.id
                );
                bond.done = entries - 1;
                self.end_if_over();
            }
            None => {
                let id: Option<String> = data
                    .query_row(
                        "SELECT id FROM relationships WHERE from_address = ?1 AND status = 'Pending'",
                        [self.members[ADA].person.address.as_str()],
                        |row| row.get(0),
                    )
                    .ok();
                if let Some(id) = id {
                    self.begin(RelationshipId::parse(&id).unwrap(), 0);
                }
            }
        }
        for member in &mut self.members {
            let next: i64 = data
                .query_row(
                    "SELECT next_index FROM datawallets WHERE address = ?1",
                    [member.person.address.as_str()],
                    |row| row.get(0),
                )
                .unwrap();
            let acknowledged = member.next_index;
            assert!(
                next == acknowledged || next == acknowledged + 3,
                "{}: acknowledged up to {acknowledged}, there are {next}",
                member.person.address
            );
            member.next_index = next;
        }
        let last = self.files.last_mut();
        if let Some((id, who, _, is_claimed @ false)) = last {
            let owner: String = data
                .query_row(
                    "SELECT owner FROM files WHERE id = ?1",
                    [id.as_str()],
                    |row| row.get(0),
                )
                .unwrap();
            *is_claimed = owner != self.members[*who].person.address.as_str();
        }
        self.may_be_running = [true; 2];
    }

    /// Asks the Backbone for what it acknowledged since the last check, or for all there ever was.
    pub async fn check(&mut self, is_all: bool) -> usize {
        if is_all {
            self.checked = [0; 5];
        }
        let [ada, bob] = [ADA, BOB].map(|who| self.members[who].person.client.clone());
        let clients = [&ada, &bob];
        let mut count = 0;
        if let Some(bond) = &self.bond {
            let decomposed = |who| {
                let done = &bond.life[..bond.done];
                done.contains(&(who, Do::Decompose))
            };
            for (who, client) in clients.into_iter().enumerate() {
                let answer = client.relationship(&bond.id).await;
                if decomposed(who) {
                    let error = answer.unwrap_err();
                    assert_eq!(error.code(), error_codes::RELATIONSHIP_ALREADY_DECOMPOSED);
                } else {
                    let log = answer.unwrap().audit_log;
                    assert_eq!(log.len(), bond.done + 1, "{}", bond.id);
                    assert_eq!(log[0].new_status, RelationshipStatus::Pending);
                }
                count += 1;
            }
        }
        for (id, by, body) in &self.messages[self.checked[0]..] {
            let message = clients[*by].message(id).await.unwrap();
            assert_eq!(message.body.as_slice(), body, "{id}");
            count += 1;
        }
        for (id, content) in &self.tokens[self.checked[1]..] {
            let token = ada.token(id, None).await.unwrap();
            assert_eq!(token.content.unwrap().as_slice(), content, "{id}");
            count += 1;
        }
        for id in &self.templates[self.checked[2]..] {
            let found = futures_util::future::join(
                ada.relationship_template(id, None),
                bob.relationship_template(id, None),
            );
            let (first, second) = found.await;
            // The creator sees it, and the other one unless the kill came before the loading.
            assert!(first.is_ok() || second.is_ok(), "{id}");
            count += 1;
        }
        for (id, by, cipher, is_claimed) in &self.files[self.checked[3]..] {
            let owner = if *is_claimed { 1 - *by } else { *by };
            let metadata = bob.file_metadata(id).await.unwrap();
            assert_eq!(metadata.owner, self.members[owner].person.address, "{id}");
            let download = ada.download_file(id).await.unwrap();
            assert_eq!(download.read().await.unwrap(), *cipher, "{id}");
            count += 1;
        }
        for (person, address) in &self.newcomers[self.checked[4]..] {
            assert_eq!(person.client.identity().await.unwrap().address, *address);
            count += 1;
        }
        for member in &self.members {
            let from = if is_all {
                None
            } else {
                member
                    .pushed
                    .len()
                    .checked_sub(100)
                    .map(|at| member.pushed[at].0 - 1)
            };
            let there = member.person.client.datawallet_modifications(from);
            let there = there.await.unwrap();
            for (index, payload) in &member.pushed {
                if from.is_some_and(|from| *index <= from) {
                    continue;
                }
                let found = there.iter().find(|found| found.index == *index);
                let found = found.and_then(|found| found.encrypted_payload.as_ref());
                assert_eq!(found, Some(payload), "{index}");
                count += 1;
            }
        }
        self.checked = [
            self.messages.len(),
            self.tokens.len(),
            self.templates.len(),
            self.files.len(),
            self.newcomers.len(),
        ];
        count
    }
}

/// Whether no message can be sent any more after this.
fn ends(step: Do) -> bool {
    matches!(step, Do::Reject | Do::Revoke | Do::Decompose)
}

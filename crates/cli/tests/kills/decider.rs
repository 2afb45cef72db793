//! Ada, who decides, takes back, writes and synchronises, while the program is killed under her.

use std::{
    collections::{BTreeMap, BTreeSet},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tessera_core_types::RequestId;
use tessera_wallet::store::{StoreError, Transaction};

use crate::{
    dice::Dice,
    people::Scene,
    proxy::{Action, Seen},
};

/// A new organisation invites Ada after so many kills, in the mean.
const KILLS_PER_INVITATION: u64 = 12;

/// What the run has met.
#[derive(Debug, Default)]
pub struct Figures {
    pub kills: u64,
    /// Kills that left something marked as being sent: whether it arrived was not known.
    pub killed_while_sending: u64,
    /// Kills after which a decision was committed that nobody had been told of.
    pub killed_after_commit: u64,
    /// Commands that found the disk full before they had come to their end.
    pub full_disks: u64,
    pub decided: usize,
    pub acknowledged_decisions: usize,
    pub of_them_held: u64,
    pub taken_back: u64,
    pub acknowledged_mails: usize,
    pub answers_delivered: usize,
    pub relationships_asked_for: usize,
    pub mails_delivered: usize,
}

/// What a command came to.
enum Ended {
    /// The document that it printed.
    Well(Value),
    /// The code of the failure that it told.
    Failed(String),
    /// It was killed, or could write no more: perhaps after what it was to do.
    Unknown,
}

/// What is open in Ada's database.
struct Open {
    undecided: Vec<RequestId>,
    held: Vec<RequestId>,
    waiting: i64,
    sending: i64,
}

pub struct Decider {
    pub scene: Scene,
    pub figures: Figures,
    dice: Dice,
    /// What the program said is decided, and nobody tried to take back since.
    acknowledged: BTreeSet<RequestId>,
    /// Mails that the program said are stored, and those of which it said nothing.
    mails: BTreeMap<u64, bool>,
    next_mail: u64,
    contacts: Vec<String>,
    /// How long the commands take.
    typical: BTreeMap<&'static str, Duration>,
}

impl Decider {
    pub async fn new(scene: Scene, dice: Dice) -> Self {
        let contacts = scene.contacts();
        let contacts = contacts
            .map(|one| one.wallet.address().to_string())
            .collect();
        Self {
            scene,
            figures: Figures::default(),
            dice,
            acknowledged: BTreeSet::new(),
            mails: BTreeMap::new(),
            next_mail: 1,
            contacts,
            typical: BTreeMap::new(),
        }
    }

    /// Does something, and is perhaps killed while doing it.
    pub async fn act(&mut self) {
        let mut open = self.scene.look(what_is_open).await;
        if open.undecided.is_empty() {
            self.scene.proxy.online();
            self.scene.let_runs_end();
            // What was asked before is fetched first: the Backbone takes only so many Messages unread.
            let fetched = self.run("sync", &["sync".to_owned()], false).await;
            assert!(matches!(fetched, Ended::Well(_)));
            self.scene.ask(4).await;
            self.run("sync", &["sync".to_owned()], true).await;
            open = self.scene.look(what_is_open).await;
        }
        if self.dice.below(KILLS_PER_INVITATION) == 0 {
            self.scene.proxy.online();
            let request = self.scene.invites().await;
            open.undecided.push(request);
        }
        self.trouble();
        let kills = self.figures.kills;
        match self.dice.below(20) {
            0..=11 if !open.undecided.is_empty() => {
                let chosen = self.dice.below(open.undecided.len() as u64) as usize;
                let request = open.undecided.swap_remove(chosen);
                let hold = self.dice.below(3) == 0;
                self.decide(request, hold).await;
            }
            12 if !open.held.is_empty() => self.take_back(open.held.swap_remove(0)).await,
            13..=14 => self.write().await,
            _ => {
                let ended = self.run("sync", &["sync".to_owned()], true).await;
                if let Ended::Failed(code) = ended {
                    assert!(is_of_the_network(&code), "{code}");
                }
            }
        }
        if self.figures.kills > kills {
            let now = self.scene.look(what_is_open).await;
            self.figures.killed_while_sending += u64::from(now.sending > open.sending);
        }
    }

    /// The network is well, gone, or loses the answers to what is sent.
    fn trouble(&mut self) {
        match self.dice.below(10) {
            0 | 1 => self.scene.proxy.offline(),
            2 | 3 => self.scene.proxy.rule(|seen: &Seen| {
                if seen.is("POST", "/api/v2/Messages") || seen.is("POST", "/api/v2/Relationships") {
                    Action::LoseAnswer
                } else {
                    Action::Pass
                }
            }),
            _ => self.scene.proxy.online(),
        }
    }

    async fn decide(&mut self, request: RequestId, hold: bool) {
        let accepts = accepts(&request);
        let decision = self.scene.ada.json(&self.scene.decision(accepts));
        let verdict = if accepts { "accept" } else { "reject" };
        let mut arguments = vec![
            "request".to_owned(),
            verdict.to_owned(),
            request.to_string(),
            "--decision".to_owned(),
            decision,
        ];
        if hold {
            arguments.extend(["--hold".to_owned(), "1".to_owned()]);
        }
        let what = if hold { "hold" } else { "decide" };
        match self.run(what, &arguments, true).await {
            Ended::Well(_) => {
                self.figures.of_them_held += u64::from(hold);
                self.acknowledged.insert(request);
            }
            Ended::Failed(code) => panic!("{request} can't be decided: {code}"),
            Ended::Unknown => {
                let decided = self.scene.look(move |tx| is_decided(tx, &request)).await;
                self.figures.killed_after_commit += u64::from(decided);
            }
        }
    }

    async fn take_back(&mut self, request: RequestId) {
        let arguments = ["request", "take-back", request.as_str()].map(str::to_owned);
        let ended = self.run("take back", &arguments, true).await;
        // Killed, nobody knows; it is decided again later.
        self.acknowledged.remove(&request);
        match ended {
            Ended::Well(_) => self.figures.taken_back += 1,
            Ended::Failed(code) => panic!("{request} can't be taken back: {code}"),
            Ended::Unknown => {}
        }
    }

    /// Writes to one or several contacts.
    async fn write(&mut self) {
        let number = self.next_mail;
        self.next_mail += 1;
        let chosen = 1 + self.dice.below(7);
        let to: Vec<&String> = (0..3)
            .filter(|bit| chosen & (1 << bit) != 0)
            .map(|bit| &self.contacts[bit])
            .collect();
        let mail = json!({ "@type": "Mail", "to": to, "subject": number.to_string(), "body": "…" });
        let mut arguments = ["message", "send", "--content", &self.scene.ada.json(&mail)]
            .map(str::to_owned)
            .to_vec();
        for address in to {
            arguments.extend(["--to".to_owned(), address.clone()]);
        }
        match self.run("write", &arguments, true).await {
            Ended::Well(_) => self.mails.insert(number, true),
            Ended::Failed(code) => panic!("a Mail can't be sent: {code}"),
            Ended::Unknown => self.mails.insert(number, false),
        };
    }

    /// Runs the program, and kills it some time between its start and its usual end, or lets the
    /// disk be full at some point.
    async fn run(&mut self, what: &'static str, arguments: &[String], kill: bool) -> Ended {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        // One in four comes to its end, so that there is always something new to lose; the first of a
        // kind shows how long it takes.
        let is_full = kill && self.dice.below(6) == 0;
        let typical = self.typical.get(what).copied();
        let typical = typical.filter(|_| kill && !is_full && self.dice.below(4) > 0);
        let after = typical.map(|typical| {
            let most = u64::try_from(typical.as_micros()).unwrap() * 5 / 4;
            Duration::from_micros(self.dice.below(most))
        });
        let mut command = self.scene.ada.command(&arguments);
        if is_full {
            command = with_full_disk(&command, self.dice.below(400));
        }
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let began = Instant::now();
        let child = command.spawn().unwrap();
        let id = child.id();
        let ending = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
        let output = if let Some(after) = after {
            tokio::pin!(ending);
            match tokio::time::timeout(after, &mut ending).await {
                Ok(output) => output.unwrap(),
                Err(_) => {
                    kill_process(id);
                    ending.await.unwrap()
                }
            }
        } else {
            ending.await.unwrap()
        };
        let took = began.elapsed();
        if output.status.success() {
            let known = self.typical.entry(what).or_insert(took);
            *known = (*known * 3 + took) / 4;
            return Ended::Well(serde_json::from_slice(&output.stdout).unwrap());
        }
        if output.status.code().is_none() {
            self.figures.kills += 1;
            self.scene.let_runs_end();
            // It may have said all before it was killed.
            return match serde_json::from_slice(&output.stdout) {
                Ok(document) => Ended::Well(document),
                Err(_) => Ended::Unknown,
            };
        }
        let said: Value = serde_json::from_slice(&output.stderr).unwrap();
        let code = said["error"]["code"].as_str().unwrap();
        if is_full && code.starts_with("error.tessera.store.") {
            self.figures.full_disks += 1;
            self.scene.let_runs_end();
            return Ended::Unknown;
        }
        Ended::Failed(code.to_owned())
    }

    /// Nothing goes wrong any more: everything that is held or waits is sent, and the organisations
    /// accept whom they were asked by. A Relationship whose asking was not answered is known by that.
    pub async fn come_to_rest(&mut self) {
        self.scene.proxy.online();
        for _ in 0..50 {
            self.scene.let_runs_end();
            self.scene.accept_who_asks().await;
            let ended = self.run("rest", &["sync".to_owned()], false).await;
            assert!(matches!(ended, Ended::Well(_)));
            let open = self.scene.look(what_is_open).await;
            if open.waiting == 0 && open.held.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("it does not come to rest");
    }

    /// Everything was delivered exactly once, seen from the other side.
    pub async fn check_everything(&mut self) {
        let (mut answers, mut mails) = (BTreeMap::new(), BTreeMap::<u64, Vec<usize>>::new());
        let mut templates = BTreeMap::new();
        for (at, organisation) in self.scene.organisations.iter().enumerate() {
            organisation.wallet.sync().await.unwrap();
            for (request, accepted) in organisation.answers().await {
                assert_eq!(accepted, accepts(&request), "{request}: another answer");
                let again = answers.insert(request.clone(), accepted);
                assert_eq!(again, None, "{request} was answered twice");
            }
            let got = organisation.mails().await;
            let mut in_order = got.clone();
            in_order.sort_unstable();
            assert_eq!(got, in_order, "Mails to {at} came out of order");
            in_order.dedup();
            assert_eq!(got, in_order, "a Mail to {at} came twice");
            for number in got {
                mails.entry(number).or_default().push(at);
            }
            for template in organisation.asked_for().await {
                let again = templates.insert(template.to_string(), at);
                assert_eq!(again, None, "a Relationship was asked for twice");
            }
        }
        let requests: Value = self.scene.ada.succeeds(&["request", "list"]);
        let mut expected = BTreeSet::new();
        let mut decided = 0;
        for request in requests.as_array().unwrap() {
            let id = RequestId::parse(request["id"].as_str().unwrap()).unwrap();
            let is_decided = request["status"] == "Completed";
            assert!(
                is_decided || request["status"] == "ManualDecisionRequired",
                "{request}"
            );
            assert!(
                is_decided || !self.acknowledged.contains(&id),
                "{id} is lost"
            );
            decided += usize::from(is_decided);
            if request["source"]["type"] == "Message" {
                assert_eq!(answers.remove(&id).is_some(), is_decided, "{id}");
                self.figures.answers_delivered += usize::from(is_decided);
            } else if is_decided && request["response"]["content"]["result"] == "Accepted" {
                expected.insert(request["source"]["reference"].as_str().unwrap().to_owned());
            }
        }
        assert!(answers.is_empty(), "answers to nothing: {answers:?}");
        let asked_for: BTreeSet<String> = templates.into_keys().collect();
        assert_eq!(asked_for, expected, "Relationships");
        self.figures.relationships_asked_for = asked_for.len();
        let sent = self.scene.look(sent_mails).await;
        for (number, acknowledged) in &self.mails {
            let wanted = sent.get(number).copied().unwrap_or(0);
            let got = mails.remove(number).map_or(0, |to| to.len());
            assert_eq!(got, wanted, "Mail {number}");
            assert!(got > 0 || !acknowledged, "Mail {number} is lost");
            self.figures.mails_delivered += usize::from(got > 0);
        }
        assert!(mails.is_empty(), "Mails that nobody wrote: {mails:?}");
        self.figures.acknowledged_decisions = self.acknowledged.len();
        self.figures.acknowledged_mails = self.mails.values().filter(|told| **told).count();
        self.figures.decided = decided;
    }
}

/// What Ada answers to a Request: always the same, whenever she is asked.
fn accepts(request: &RequestId) -> bool {
    let sum: u32 = request.as_str().bytes().map(u32::from).sum();
    !sum.is_multiple_of(3)
}

fn is_of_the_network(code: &str) -> bool {
    code.starts_with("error.transport.request.")
}

/// The same command, which can't write to a file behind so many pieces of 512 bytes: as where the
/// disk is full, some of what it writes finds room and the rest does not.
fn with_full_disk(command: &Command, pieces: u64) -> Command {
    let mut limited = Command::new("sh");
    limited
        .arg("-c")
        .arg(format!(
            "trap '' XFSZ; ulimit -f {pieces}; exec \"$0\" \"$@\""
        ))
        .arg(command.get_program())
        .args(command.get_args());
    limited
}

fn kill_process(id: u32) {
    // It may have come to its end in this very moment.
    let _ = Command::new("kill")
        .args(["-KILL", &id.to_string()])
        .stderr(Stdio::null())
        .status();
}

fn what_is_open(transaction: &Transaction<'_>) -> Result<Open, StoreError> {
    let ids = |query: &str| -> Result<Vec<RequestId>, StoreError> {
        let mut statement = transaction.prepare(query)?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut ids = Vec::new();
        for row in rows {
            ids.push(RequestId::parse(&row?).unwrap());
        }
        Ok(ids)
    };
    let count = |query: &str| -> Result<i64, StoreError> {
        Ok(transaction.query_row(query, [], |row| row.get(0))?)
    };
    Ok(Open {
        undecided: ids("SELECT id FROM request
            WHERE is_own = 0 AND status = 'ManualDecisionRequired'
              AND id NOT IN (SELECT request_id FROM held_decision) ORDER BY id")?,
        held: ids("SELECT request_id FROM held_decision ORDER BY request_id")?,
        waiting: count("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")?,
        sending: count("SELECT count(*) FROM outbox WHERE state = 'sending'")?,
    })
}

fn is_decided(transaction: &Transaction<'_>, request: &RequestId) -> Result<bool, StoreError> {
    Ok(transaction.query_row(
        "SELECT status IN ('Decided', 'Completed') FROM request WHERE id = ?1",
        [request.as_str()],
        |row| row.get(0),
    )?)
}

/// The Mails in Ada's own list, and to how many they went.
fn sent_mails(transaction: &Transaction<'_>) -> Result<BTreeMap<u64, usize>, StoreError> {
    let mut statement = transaction.prepare(
        "SELECT json_extract(content, '$.subject'), (
                SELECT count(*) FROM message_recipient WHERE message = message.number)
            FROM message WHERE state = 'sent' AND json_extract(content, '$.@type') = 'Mail'",
    )?;
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
    })?;
    let mut sent = BTreeMap::new();
    for row in rows {
        let (subject, to) = row?;
        let again = sent.insert(subject.parse().unwrap(), usize::try_from(to).unwrap());
        assert_eq!(again, None, "Mail {subject} is there twice");
    }
    Ok(sent)
}

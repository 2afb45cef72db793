//! A proxy before the Backbone that can lose answers, refuse connections, and answer nonsense.

use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A call that came by.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub body: Vec<u8>,
}

impl Seen {
    /// Whether it is this method on a path with this beginning.
    pub fn is(&self, method: &str, path: &str) -> bool {
        self.method == method && self.path.starts_with(path)
    }
}

/// What to do with a call.
pub enum Action {
    /// Hand it on, and the answer back.
    Pass,
    /// Hand it on, and lose the answer.
    LoseAnswer,
    /// Hand it on, and never say anything.
    Hang,
    /// Don't hand it on; close the connection.
    Refuse,
    /// Don't hand it on; answer this status and body.
    Answer(u16, String),
    /// Don't hand it on; answer these bytes and close.
    Raw(&'static [u8]),
    /// Hand it on, and change the JSON of the answer.
    Change(Box<dyn FnOnce(&mut Value) + Send>),
}

type Rule = Box<dyn FnMut(&Seen) -> Action + Send>;

#[derive(Default)]
struct State {
    rule: Option<Rule>,
    seen: Vec<Seen>,
}

pub struct Proxy {
    port: u16,
    state: Arc<Mutex<State>>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    pub async fn start(backbone: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let backbone: u16 = backbone.rsplit(':').next().unwrap().parse().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    let _ = serve(client, backbone, &state).await;
                });
            }
        });
        Self { port, state, task }
    }

    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// From now on, every call goes by this rule.
    pub fn rule(&self, rule: impl FnMut(&Seen) -> Action + Send + 'static) {
        self.state.lock().unwrap().rule = Some(Box::new(rule));
    }

    /// Nobody can be reached.
    pub fn offline(&self) {
        self.rule(|_| Action::Refuse);
    }

    /// All is well again.
    pub fn online(&self) {
        self.state.lock().unwrap().rule = None;
    }

    /// How often such a call reached the Backbone or would have.
    pub fn count(&self, method: &str, path: &str) -> usize {
        let state = self.state.lock().unwrap();
        state
            .seen
            .iter()
            .filter(|seen| seen.is(method, path))
            .count()
    }

    /// The bodies of such calls.
    pub fn bodies(&self, method: &str, path: &str) -> Vec<Vec<u8>> {
        let state = self.state.lock().unwrap();
        let calls = state.seen.iter().filter(|seen| seen.is(method, path));
        calls.map(|seen| seen.body.clone()).collect()
    }
}

async fn serve(mut client: TcpStream, backbone: u16, state: &Mutex<State>) -> std::io::Result<()> {
    let Some((head, seen)) = read_call(&mut client).await? else {
        return Ok(());
    };
    let action = {
        let mut state = state.lock().unwrap();
        state.seen.push(seen.clone());
        state.rule.as_mut().map_or(Action::Pass, |rule| rule(&seen))
    };
    match action {
        Action::Refuse => Ok(()),
        Action::Raw(bytes) => client.write_all(bytes).await,
        Action::Answer(status, body) => client.write_all(&answer(status, &body)).await,
        Action::Pass => {
            // As it comes: some answers never end.
            let mut server = ask(&head, &seen.body, backbone).await?;
            tokio::io::copy(&mut server, &mut client).await.map(|_| ())
        }
        Action::LoseAnswer => {
            hand_on(&head, &seen.body, backbone).await?;
            Ok(())
        }
        Action::Hang => {
            hand_on(&head, &seen.body, backbone).await?;
            std::future::pending().await
        }
        Action::Change(change) => {
            let bytes = hand_on(&head, &seen.body, backbone).await?;
            let end = find(&bytes, b"\r\n\r\n").unwrap() + 4;
            let mut json: Value = serde_json::from_slice(&bytes[end..]).unwrap();
            change(&mut json);
            let status: u16 = std::str::from_utf8(&bytes[9..12]).unwrap().parse().unwrap();
            client.write_all(&answer(status, &json.to_string())).await
        }
    }
}

fn answer(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json; charset=utf-8\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

async fn hand_on(head: &str, body: &[u8], backbone: u16) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    let mut server = ask(head, body, backbone).await?;
    server.read_to_end(&mut answer).await?;
    Ok(answer)
}

async fn ask(head: &str, body: &[u8], backbone: u16) -> std::io::Result<TcpStream> {
    let mut server = TcpStream::connect(("127.0.0.1", backbone)).await?;
    server.write_all(head.as_bytes()).await?;
    server.write_all(body).await?;
    Ok(server)
}

/// One call; its head asks the server to close the connection after the answer.
async fn read_call(client: &mut TcpStream) -> std::io::Result<Option<(String, Seen)>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end + 4;
        }
        let mut part = [0; 8192];
        match client.read(&mut part).await? {
            0 => return Ok(None),
            length => bytes.extend_from_slice(&part[..length]),
        }
    };
    let text = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut lines: Vec<&str> = text.trim_end().split("\r\n").collect();
    let length: usize = lines
        .iter()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        })
        .unwrap_or(0);
    let mut body = bytes[end..].to_vec();
    while body.len() < length {
        let mut part = [0; 8192];
        match client.read(&mut part).await? {
            0 => return Ok(None),
            read => body.extend_from_slice(&part[..read]),
        }
    }
    lines.retain(|line| !line.to_ascii_lowercase().starts_with("connection:"));
    let mut words = lines[0].split(' ');
    let seen = Seen {
        method: words.next().unwrap().to_owned(),
        path: words.next().unwrap().to_owned(),
        body,
    };
    let head = format!("{}\r\nConnection: close\r\n\r\n", lines.join("\r\n"));
    Ok(Some((head, seen)))
}

fn find(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}

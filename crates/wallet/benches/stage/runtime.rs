//! enmeshed's TypeScript runtime, to measure against.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};
use tessera_content::Reference;

/// The runtime in a process of its own.
pub struct Peer {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    /// Its profile and so many own Attributes, with its database in `folder`.
    pub fn start(base_url: &str, attributes: usize, folder: &Path) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/runtime.cjs");
        let mut child = Command::new("node")
            .arg(script)
            .args([base_url, &attributes.to_string()])
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut peer = Self {
            child,
            input,
            output,
        };
        assert_eq!(peer.line(), json!({ "ready": true }));
        peer
    }

    fn line(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        let answer: Value = serde_json::from_str(&line).unwrap();
        assert!(answer.get("failed").is_none(), "{answer}");
        answer
    }

    /// How many milliseconds each step takes to answer the Request of a template.
    pub fn decide(&mut self, reference: &Reference) -> Value {
        self.ask(&json!({ "reference": *reference.url(None).unwrap() }))
    }

    /// How many milliseconds it takes to fetch what happened.
    pub fn sync(&mut self) -> Value {
        self.ask(&json!({ "sync": true }))
    }

    fn ask(&mut self, what: &Value) -> Value {
        writeln!(self.input, "{what}").unwrap();
        self.line()
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! The program `tessera-backbone`, to be started, killed and started again.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Where a Backbone keeps its data and listens, also after it was killed.
pub struct Place {
    pub data: PathBuf,
    port: u16,
}

impl Place {
    pub fn new(folder: &Path) -> Self {
        // Free now, and nobody else will be given it so soon.
        let port = TcpListener::bind("127.0.0.1:0").unwrap();
        Self {
            data: folder.join("backbone.sqlite"),
            port: port.local_addr().unwrap().port(),
        }
    }

    pub fn base_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Starts it, and waits until it listens.
    pub fn start(&self, arguments: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tessera-backbone"))
            .args(["--port", &self.port.to_string(), "--data"])
            .arg(&self.data)
            .args(arguments)
            .stdout(Stdio::piped())
            .env("RUST_LOG", "warn")
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        assert_eq!(line.trim_end(), self.base_url(), "it did not start");
        Program(child)
    }
}

/// A running Backbone; killed when dropped.
pub struct Program(Child);

impl Program {
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Ends it at once, whatever it is doing.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

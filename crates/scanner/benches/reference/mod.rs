//! The decoder that others are measured by: ZXing's C++ library, in a process of its own. Nothing of it
//! becomes a part of the programs. `./dev bench` installs it as a Python package, in an environment
//! apart, and says where in the variable `TESSERA_REFERENCE_PYTHON`.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use serde::Deserialize;
use tessera_scanner::LumaPicture;

/// The process.
pub struct Reference {
    child: Child,
    pictures: ChildStdin,
    answers: BufReader<ChildStdout>,
}

#[derive(Deserialize)]
struct Answer {
    texts: Vec<String>,
    milliseconds: f64,
}

impl Reference {
    /// Starts it; `None` where it is not installed.
    pub fn start() -> Option<Self> {
        let python = std::env::var_os("TESSERA_REFERENCE_PYTHON")?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/reference/read.py");
        let mut child = Command::new(python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let (pictures, answers) = (child.stdin.take()?, child.stdout.take()?);
        let mut reference = Self {
            child,
            pictures,
            answers: BufReader::new(answers),
        };
        let nothing = LumaPicture::new(1, 1, vec![255]).ok()?;
        reference.ask(&nothing)?;
        Some(reference)
    }

    /// The texts in a picture, and how many milliseconds reading them took over there.
    pub fn read(&mut self, picture: &LumaPicture) -> (Vec<String>, f64) {
        self.ask(picture).expect("the reference decoder answers")
    }

    fn ask(&mut self, picture: &LumaPicture) -> Option<(Vec<String>, f64)> {
        for side in [picture.width(), picture.height()] {
            let side = u32::try_from(side).ok()?;
            self.pictures.write_all(&side.to_le_bytes()).ok()?;
        }
        self.pictures.write_all(picture.pixels()).ok()?;
        self.pictures.flush().ok()?;
        let mut line = String::new();
        self.answers.read_line(&mut line).ok()?;
        let answer: Answer = serde_json::from_str(&line).ok()?;
        Some((answer.texts, answer.milliseconds))
    }
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

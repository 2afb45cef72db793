//! Reads the QR codes of files: `cargo run -p tessera-scanner --example decode -- FILES…`
//!
//! Prints a line for each file: its path, then after a tab the text of its code, or nothing. A file
//! with several codes has several texts, each after a tab. Line breaks and tabs of a text are
//! printed as in source code. Why a file could not be read at all is said on the error output.

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use tessera_scanner::read_file;

fn main() -> ExitCode {
    let mut out = std::io::stdout().lock();
    for path in std::env::args_os().skip(1).map(PathBuf::from) {
        let codes = read_file(&path).unwrap_or_else(|error| {
            eprintln!("{}: {error}", path.display());
            Vec::new()
        });
        let mut line = format!("{}\t", path.display());
        let texts: Vec<String> = codes.iter().map(|code| one_line(&code.text)).collect();
        line.push_str(&texts.join("\t"));
        if writeln!(out, "{line}").is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn one_line(text: &str) -> String {
    let escaped = |c: char| {
        if c.is_control() {
            c.escape_default().to_string()
        } else {
            c.to_string()
        }
    };
    text.chars().map(escaped).collect()
}

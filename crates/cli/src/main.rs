//! `tessera`: the wallet without a window, for scripts, organisations and tests.
//!
//! One JSON document on standard output; a failure is one line of JSON on standard error, with exit
//! code 1. [`arguments`] says what can be typed, [`commands`] does it, [`failure`] says what went
//! wrong.

mod arguments;
mod commands;
mod failure;
mod files;

use std::{
    io::{self, IsTerminal, Write},
    process::ExitCode,
};

use clap::Parser;
use serde_json::Value;

use crate::{arguments::Arguments, failure::Failure};

fn main() -> ExitCode {
    start_log();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) if !error.use_stderr() => {
            // Help and version. Nobody can be told when they can't be printed.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => return fail(&Failure::usage(&error)),
    };
    match run(arguments).and_then(|document| print(&document)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => fail(&failure),
    }
}

/// Does what was asked for. A panic, which is a mistake of this program, ends as a failure like
/// every other.
fn run(arguments: Arguments) -> Result<Value, Failure> {
    std::panic::set_hook(Box::new(|panic| {
        // Without the message: nobody knows what is in it.
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panic");
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|_| Failure::Unexpected)?;
    runtime.block_on(async {
        tokio::spawn(commands::run(arguments))
            .await
            .unwrap_or(Err(Failure::Unexpected))
    })
}

/// Writes what happens to standard error, if `RUST_LOG` says what of it.
fn start_log() {
    if std::env::var_os("RUST_LOG").is_none_or(|filter| filter.is_empty()) {
        return;
    }
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
}

fn print(document: &Value) -> Result<(), Failure> {
    let mut output = io::stdout().lock();
    writeln!(output, "{document:#}")
        .and_then(|()| output.flush())
        .map_err(|error| Failure::Output(error.kind()))
}

fn fail(failure: &Failure) -> ExitCode {
    // The exit code remains when standard error is closed.
    let _ = writeln!(io::stderr(), "{}", failure.to_json());
    ExitCode::FAILURE
}
